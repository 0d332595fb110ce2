"""INSERT … ON CONFLICT for both databases."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(tx: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update` in the dialect of this database."""
    return postgresql.insert(table) if tx.dialect.name == "postgresql" else sqlite.insert(table)
