"""The background service: it hears clients at Avito, answers them, makes leads, and records what happened."""
