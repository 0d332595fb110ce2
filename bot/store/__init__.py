"""The operational state: what should be, what waits, what was done; in SQLite or PostgreSQL."""
