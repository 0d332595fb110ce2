"""The adapter to Avito: everything that knows its addresses, its JSON and its moods."""
