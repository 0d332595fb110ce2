"""The dashboard, visited as people visit it."""
