"""INSERT … ON CONFLICT for both databases."""

import functools
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(tx: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update` in the dialect of this database."""
    return postgresql.insert(table) if tx.dialect.name == "postgresql" else sqlite.insert(table)


def insert_new(tx: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Inserts a row unless a unique key says that it is there; whether it was inserted."""
    return tx.execute(_insert_new(tx.dialect.name, table), row).first() is not None


@functools.cache
def _insert_new(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Built once for each table. RETURNING, because a driver need not know how many rows an INSERT touched."""
    made = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return made.on_conflict_do_nothing().returning(next(iter(table.primary_key)))  # type: ignore[return-value]
