"""Makes a restored database and the log agree about which events the log has.

A database that is newer than the log needs nothing: the sink appends what is placed behind the log's end. A database
that is older, because the log was kept or is backed up by other tools, has events without a place that the log has got
meanwhile: they would go in twice. They are recognised by what they say, and get the place that they have.
"""

from collections import defaultdict
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, func, select, text, update

from bot.store.tables import event
from pipeline.lake import Lake, connect

_ASKED = (
    'SELECT seq, "at", kind, account_id, listing_id, chat_id, message_id, body '
    "FROM lake.main.event_log WHERE seq > $after ORDER BY seq"
)
_SAID = (event.c.at, event.c.kind, event.c.account_id, event.c.listing_id, event.c.chat_id)


def last(tx: Connection) -> int:
    """The last place in the log that the database knows."""
    return tx.scalar(select(func.max(event.c.seq))) or 0


def shape(tx: Connection) -> str:
    """The revision of the database's shape."""
    return str(tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def recognise(tx: Connection, lake: Lake) -> int:
    """Gives events without a place the one that they have in the log; how many that were. Raises LakeMissing, LakeBroken."""
    unplaced = tx.execute(
        select(event.c.no, *_SAID, event.c.message_id, event.c.body)
        .where(event.c.seq.is_(None), ~event.c.published)
        .order_by(event.c.no)
    ).all()
    told = _told(lake, last(tx)) if unplaced else {}
    known = 0
    for row in unplaced:
        if waiting := told.get((row.at.astimezone(UTC).replace(tzinfo=None), *row[2:])):
            known += 1
            values = {"seq": waiting.pop(0), "published": True}
            tx.execute(update(event).where(event.c.no == row.no).values(values))
    return known


def missing(tx: Connection, position: int) -> int:
    """How many places right behind the log's end the database does not have any more."""
    after = tx.scalar(select(func.min(event.c.seq)).where(event.c.seq > position))
    return 0 if after is None else int(after) - position - 1


def _told(lake: Lake, after: int) -> dict[tuple[Any, ...], list[int]]:
    """The places of what the log has behind a place, by what it says."""
    found = defaultdict(list)
    with connect(lake) as con:
        for seq, at, *rest in con.execute(_ASKED, {"after": after}).fetchall():
            found[(at, *rest)].append(seq)
    return found
