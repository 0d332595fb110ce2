"""Brings the database to the newest shape."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from bot.store.engine import Store

_ONE_AT_A_TIME = 0x61766974  # any number, the same in every process


def migrate(store: Store) -> None:
    """Upgrades to the newest revision; of several processes that start at once, one does it and the others wait."""
    store.write_now(_upgrade)


def config(connection: Connection) -> Config:
    """Alembic's configuration over an open connection."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    found.attributes["connection"] = connection
    return found


def _upgrade(tx: Connection) -> None:
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
    command.upgrade(config(tx), "head")
