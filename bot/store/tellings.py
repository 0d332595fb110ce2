"""Notices on their way to managers, by each channel: at least once.

    waiting ──claim──▶ sending ──sent──▶ sent
       ▲  │               │
       │  │ seen before   └──not_sent──▶ waiting, or failed after a day
       │  └─▶ unneeded
       └── the lease of a process that died is over

Neither Telegram nor e-mail takes an idempotency key. A notice that comes twice does no harm, one that is lost may cost
a client: so what may not have arrived is told again. Whatever becomes of it, the dashboard has the notice.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.store import journal
from bot.store.tables import account, chat, listing, notice, telling
from pipeline.events import NoticeSent

LEASE = timedelta(seconds=60)
"""How long a telling that is under way stays out of other workers' hands."""

KEEPS_TRYING = timedelta(hours=24)
"""After so long a notice is old news: it stays in the dashboard."""


def queue(tx: Connection, channels: Sequence[str], now: datetime, limit: int = 200) -> int:
    """Puts new notices before the channels; how many. Those given while there was no channel are not told later."""
    fresh = list(
        tx.scalars(
            select(notice.c.id)
            .where(notice.c.queued_at.is_(None))
            .order_by(notice.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    if fresh and channels:
        rows = [
            {"notice_id": id_, "channel": name, "state": "waiting", "next_at": now}
            for id_ in fresh
            for name in channels
        ]
        tx.execute(insert(telling), rows)
    if fresh:
        tx.execute(update(notice).where(notice.c.id.in_(fresh)).values(queued_at=now))
    return len(fresh)


def anything(tx: Connection, now: datetime) -> bool:
    """Whether there is anything to do."""
    new = select(notice.c.id).where(notice.c.queued_at.is_(None)).limit(1)
    due = select(telling.c.id).where(telling.c.next_at <= now).limit(1)
    return tx.scalar(new) is not None or tx.scalar(due) is not None


def claim(tx: Connection, channel: str, now: datetime, limit: int) -> list[Row[Any]]:
    """Takes what is due by a channel, the oldest first, and says so before any byte leaves.

    What somebody has seen meanwhile is not told any more. The rows know their notice, listing and account.
    """
    due = (telling.c.channel == channel, telling.c.next_at <= now)
    seen = select(notice.c.id).where(notice.c.seen_at.is_not(None))
    tx.execute(
        update(telling)
        .where(*due, telling.c.notice_id.in_(seen))
        .values(state="unneeded", next_at=None)
    )
    about = (notice.c.at, notice.c.kind, notice.c.account_id, notice.c.chat_id, notice.c.reason)
    titles = func.coalesce(listing.c.title, chat.c.listing_title).label("listing_title")
    rows = list(
        tx.execute(
            select(telling, *about, notice.c.detail, titles, account.c.name.label("account_name"))
            .join(notice, notice.c.id == telling.c.notice_id)
            .outerjoin(account, account.c.id == notice.c.account_id)
            .outerjoin(chat, chat.c.id == notice.c.chat_id)
            .outerjoin(listing, listing.c.id == chat.c.listing_id)
            .where(*due)
            .order_by(telling.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=telling)
        )
    )
    _move(tx, rows, state="sending", attempts=telling.c.attempts + 1, next_at=now + LEASE)
    return rows


def sent(tx: Connection, rows: Sequence[Row[Any]], now: datetime) -> None:
    _move(tx, rows, state="sent", next_at=None, sent_at=now, error=None)
    news = [
        NoticeSent(
            account_id=row.account_id,
            chat_id=row.chat_id,
            notice=row.kind,
            channel=row.channel,
            attempts=row.attempts + 1,
            seconds=round(max((now - row.at).total_seconds(), 0.0), 3),
        )
        for row in rows
    ]
    journal.record_all(tx, news, at=now)


def not_sent(
    tx: Connection, rows: Sequence[Row[Any]], error: str, next_at: datetime, now: datetime
) -> None:
    """They wait for another attempt; what is older than a day is given up."""
    old = [row for row in rows if now - row.at > KEEPS_TRYING]
    young = [row for row in rows if row not in old]
    _move(tx, old, state="failed", next_at=None, error=error)
    _move(tx, young, state="waiting", next_at=next_at, error=error)


def of(tx: Connection, notices: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """How each of these notices goes out."""
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in tx.execute(
        select(telling).where(telling.c.notice_id.in_(notices)).order_by(telling.c.channel)
    ):
        found[row.notice_id].append(row)
    return found


def _move(tx: Connection, rows: Sequence[Row[Any]], **changes: Any) -> None:
    if rows:
        ids = [row.id for row in rows]
        tx.execute(update(telling).where(telling.c.id.in_(ids)).values(**changes))
