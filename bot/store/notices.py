"""What a manager should hear about, until they have seen it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.store import journal
from bot.store.tables import chat, notice
from pipeline.events import NoticeGiven

NEEDS_PERSON = "hand_off"
"""The kind of a notice about a chat that needs a person."""


def add(tx: Connection, kind: str, account_id: int | None, detail: str, now: datetime) -> None:
    """Tells managers something; what they have not seen yet is not told again."""
    same = select(notice.c.id).where(
        notice.c.kind == kind,
        notice.c.account_id.is_not_distinct_from(account_id),
        notice.c.detail == detail,
        notice.c.seen_at.is_(None),
    )
    if tx.scalar(same) is None:
        _insert(tx, now, kind=kind, account_id=account_id, detail=detail)


def call_person(tx: Connection, chat_id: str, reason: str, now: datetime) -> None:
    """Tells managers that a chat needs a person, once until one of them has looked or come. Not if one is there."""
    where = tx.execute(select(chat).where(chat.c.id == chat_id)).one()
    in_hand = where.owner == "human" and where.handed_off_at is None
    if in_hand and (where.owner_until is None or where.owner_until > now):
        return
    told = select(notice.c.id).where(notice.c.chat_id == chat_id, notice.c.seen_at.is_(None))
    if tx.scalar(told.limit(1)) is None:
        row = {"account_id": where.account_id, "chat_id": chat_id, "reason": reason, "detail": ""}
        _insert(tx, now, kind=NEEDS_PERSON, **row)


def _insert(tx: Connection, now: datetime, **row: Any) -> None:
    tx.execute(insert(notice).values(at=now, **row))
    news = NoticeGiven(
        account_id=row["account_id"],
        chat_id=row.get("chat_id"),
        notice=row["kind"],
        reason=row.get("reason"),
    )
    journal.record(tx, news, at=now)


def newest(tx: Connection, limit: int = 50) -> Sequence[Row[Any]]:
    return list(tx.execute(select(notice).order_by(notice.c.id.desc()).limit(limit)))


def page(
    tx: Connection, *, unseen: bool, offset: int, limit: int
) -> tuple[Sequence[Row[Any]], int, int]:
    """Notices with the title of the chat's listing, the newest first; how many of them there are, and how many are unseen."""
    only = [notice.c.seen_at.is_(None)] if unseen else []
    total = tx.scalar(select(func.count()).select_from(notice).where(*only)) or 0
    asked = (
        select(notice, chat.c.listing_title, chat.c.client_name)
        .outerjoin(chat, chat.c.id == notice.c.chat_id)
        .where(*only)
        .order_by(notice.c.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return list(tx.execute(asked)), total, unseen_count(tx)


def unseen_count(tx: Connection) -> int:
    return (
        tx.scalar(select(func.count()).select_from(notice).where(notice.c.seen_at.is_(None))) or 0
    )


def seen(tx: Connection, notice_id: int, now: datetime) -> bool:
    """False if there is no such notice."""
    done = tx.execute(update(notice).where(notice.c.id == notice_id).values(seen_at=now))
    return done.rowcount == 1


def all_seen(tx: Connection, up_to: int, now: datetime) -> int:
    """Those up to this number, so that what came meanwhile is not passed over; how many that were."""
    done = tx.execute(
        update(notice).where(notice.c.id <= up_to, notice.c.seen_at.is_(None)).values(seen_at=now)
    )
    return done.rowcount


def chat_seen(tx: Connection, chat_id: str, now: datetime) -> None:
    """A person is in the chat: nobody need be called there any more."""
    tx.execute(
        update(notice)
        .where(notice.c.chat_id == chat_id, notice.c.seen_at.is_(None))
        .values(seen_at=now)
    )
