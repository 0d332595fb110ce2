"""INSERT … ON CONFLICT for both databases."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(tx: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update` in the dialect of this database."""
    return postgresql.insert(table) if tx.dialect.name == "postgresql" else sqlite.insert(table)


def insert_new(tx: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Inserts a row unless a unique key says that it is there; whether it was inserted."""
    key = next(iter(table.primary_key))
    # RETURNING, because a driver need not know how many rows an INSERT with a generated key touched.
    return (
        tx.execute(
            insert_into(tx, table).values(row).on_conflict_do_nothing().returning(key)
        ).first()
        is not None
    )
