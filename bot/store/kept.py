"""Marks that jobs keep between their runs, and how their last run went."""

from datetime import datetime

from sqlalchemy import Connection, select

from bot.store.tables import job
from bot.store.upsert import insert_into


def read(tx: Connection, name: str) -> str | None:
    return tx.scalar(select(job.c.cursor).where(job.c.name == name))


def mark(tx: Connection, name: str, cursor: str, now: datetime) -> None:
    row = {"name": name, "cursor": cursor, "last_run_at": now, "ok": True}
    _keep(tx, row)


def ran(tx: Connection, name: str, now: datetime, *, ok: bool, detail: str) -> None:
    """How a job's run went."""
    _keep(tx, {"name": name, "last_run_at": now, "ok": ok, "detail": detail})


def _keep(tx: Connection, row: dict[str, object]) -> None:
    changes = {key: value for key, value in row.items() if key != "name"}
    tx.execute(
        insert_into(tx, job)
        .values(row)
        .on_conflict_do_update(index_elements=["name"], set_=changes)
    )
