"""The one switch that silences the assistant everywhere."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.store import journal
from bot.store.tables import silence
from bot.store.upsert import insert_into
from pipeline.events import AssistantSilenced

_NO = 1


def read(tx: Connection) -> Row[Any] | None:
    """Since when, null if it may speak, and who said so; None if nobody ever touched the switch."""
    return tx.execute(select(silence).where(silence.c.no == _NO)).one_or_none()


def turn(tx: Connection, silenced: bool, *, actor: str, now: datetime) -> None:
    """Says what should be; saying what is so already changes and records nothing."""
    known = read(tx)
    if (known is not None and known.since is not None) == silenced:
        return
    changes = {"since": now if silenced else None, "by": actor, "at": now}
    keep = insert_into(tx, silence).values(no=_NO, **changes)
    tx.execute(keep.on_conflict_do_update(index_elements=["no"], set_=changes))
    journal.record(tx, AssistantSilenced(silenced=silenced, actor=actor), at=now)
