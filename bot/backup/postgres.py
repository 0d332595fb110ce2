"""Copies of a PostgreSQL database by COPY, which the server both writes and reads.

Not by `pg_dump`: that is a program of the server's version or newer, which the machine of the bot need not have. COPY
comes with the connection, in the server's own exact text form, and one repeatable-read transaction over all tables is
the same snapshot that `pg_dump` takes. Each table is a file, so nothing is ever whole in memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from psycopg import sql
from sqlalchemy import Connection, Engine, func, inspect, select, text

from bot.backup import places
from bot.backup.manifest import to_disk
from bot.store.migrate import config
from bot.store.tables import metadata

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Copied:
    """The columns of each table, the shape of the database, and the last place that it knows."""

    columns: dict[str, Sequence[str]]
    revision: str
    place: int


def copy_out(engine: Engine, folder: Path) -> Copied:
    """Every table into a file of its own, all as of one moment."""
    folder.mkdir(parents=True)
    columns: dict[str, Sequence[str]] = {
        str(table.name): [str(c.name) for c in table.columns] for table in metadata.sorted_tables
    }
    with engine.connect().execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    ) as tx:
        revision, place = places.shape(tx), places.last(tx)
        for name, names in columns.items():
            statement = sql.SQL("COPY {} ({}) TO STDOUT").format(*_identifiers(name, names))
            with _cursor(tx).copy(statement) as rows, (folder / f"{name}.copy").open("wb") as file:
                for block in rows:
                    file.write(block)
            to_disk(folder / f"{name}.copy")
    return Copied(columns, revision, place)


def copy_in(
    engine: Engine, folder: Path, tables: Mapping[str, Sequence[str]], revision: str
) -> None:
    """The tables in the shape that they had, filled; all or nothing. What was there before is dropped."""
    with engine.begin() as tx:
        metadata.drop_all(tx)
        tx.execute(text("DROP TABLE IF EXISTS alembic_version"))
        command.upgrade(config(tx), revision)
        for name, names in tables.items():
            statement = sql.SQL("COPY {} ({}) FROM STDIN").format(*_identifiers(name, names))
            with _cursor(tx).copy(statement) as rows, (folder / f"{name}.copy").open("rb") as file:
                while block := file.read(_BLOCK):
                    rows.write(block)
        _count_on(tx)


def is_used(engine: Engine) -> bool:
    """Whether the database holds tables of ours."""
    names = set(inspect(engine).get_table_names())
    return bool(names & {"alembic_version", *metadata.tables})


def _count_on(tx: Connection) -> None:
    """COPY leaves the counters of growing numbers where they were."""
    for table in metadata.sorted_tables:
        for column in table.primary_key.columns:
            counter = tx.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            last = tx.scalar(select(func.max(column))) if counter else None
            if last is not None:
                tx.execute(select(func.setval(counter, last)))


def _identifiers(name: str, names: Sequence[str]) -> tuple[sql.Composable, sql.Composable]:
    return sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, names))


def _cursor(tx: Connection) -> Any:
    """The driver's own cursor, in the transaction of the connection."""
    driver: Any = tx.connection.driver_connection
    return driver.cursor()
