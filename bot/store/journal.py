"""Events that wait for the log: recorded in the transaction of the change that they tell of."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from bot.store.tables import event
from pipeline.events import Event, EventRow, body_json

_RECORD = insert(event)


def record(tx: Connection, news: Event, *, at: datetime, now: datetime | None = None) -> None:
    """Records that something happened `at` that moment; `now` is when we learned of it."""
    tx.execute(_RECORD, _row(news, at, now or at))


def record_all(tx: Connection, news: Sequence[Event], *, at: datetime) -> None:
    """Records many at once."""
    if news:
        tx.execute(_RECORD, [_row(one, at, at) for one in news])


def _row(news: Event, at: datetime, recorded_at: datetime) -> dict[str, Any]:
    return {
        "at": at,
        "recorded_at": recorded_at,
        "kind": news.kind,
        "account_id": news.account_id,
        "listing_id": news.listing_id,
        "chat_id": news.chat_id,
        "message_id": news.message_id,
        "body": body_json(news),
    }


def number(tx: Connection, *, after: int, limit: int) -> int:
    """Gives the next places in the log to at most `limit` events that have none; how many it gave.

    Places are given in a transaction of their own, by one process: an event that commits late gets a later place, and
    none is skipped. `after` is the log's own last place, for a database that was set back by a restore.
    """
    last = max(after, tx.scalar(_LAST_PLACE) or 0)
    return tx.execute(_GIVE_PLACES, {"last": last, "most": limit}).rowcount


_LAST_PLACE = select(func.max(event.c.seq))
_FRESH = (
    select(event.c.no, func.row_number().over(order_by=event.c.no).label("place"))
    .where(event.c.seq.is_(None), ~event.c.published)
    .order_by(event.c.no)
    .limit(bindparam("most"))
    .subquery("fresh")
)
_GIVE_PLACES = (
    update(event).where(event.c.no == _FRESH.c.no).values(seq=bindparam("last") + _FRESH.c.place)
)


def numbered(tx: Connection, *, after: int, limit: int) -> list[EventRow]:
    """Events with a place after `after`, in order."""
    rows = tx.execute(
        select(
            event.c.seq,
            event.c.at,
            event.c.kind,
            event.c.account_id,
            event.c.listing_id,
            event.c.chat_id,
            event.c.message_id,
            event.c.body,
        )
        .where(event.c.seq > after)
        .order_by(event.c.seq)
        .limit(limit)
    )
    return [EventRow(**row._mapping) for row in rows]


def published(tx: Connection, *, up_to: int) -> None:
    """Marks the events that the log has."""
    tx.execute(update(event).where(~event.c.published, event.c.seq <= up_to).values(published=True))


def waiting(tx: Connection) -> tuple[int, datetime | None]:
    """How many events the log does not have yet, and when the oldest of them was recorded."""
    count, oldest = tx.execute(
        select(func.count(), func.min(event.c.recorded_at)).where(~event.c.published)
    ).one()
    return count, oldest


def forget(tx: Connection, *, before: datetime, limit: int = 10_000) -> int:
    """Removes published events recorded before a moment: the log has them. Keeps the newest place as the counter."""
    last = tx.scalar(select(func.max(event.c.seq))) or 0
    old = (
        select(event.c.no)
        .where(event.c.published, event.c.recorded_at < before.astimezone(UTC), event.c.seq < last)
        .limit(limit)
    )
    return tx.execute(event.delete().where(event.c.no.in_(old))).rowcount
