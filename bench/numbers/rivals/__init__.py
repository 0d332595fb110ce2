"""The same questions elsewhere: in PostgreSQL, in SQLite and in pandas."""
