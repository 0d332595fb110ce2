"""Parts of the bench at size: a log of millions of events, and the same questions in PostgreSQL. Not yet put together."""
