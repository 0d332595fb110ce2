"""What a manager should hear about, until they have seen it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.store.tables import notice


def add(tx: Connection, kind: str, account_id: int | None, detail: str, now: datetime) -> None:
    """Tells managers something; what they have not seen yet is not told again."""
    same = select(notice.c.id).where(
        notice.c.kind == kind,
        notice.c.account_id.is_not_distinct_from(account_id),
        notice.c.detail == detail,
        notice.c.seen_at.is_(None),
    )
    if tx.scalar(same) is None:
        tx.execute(insert(notice).values(kind=kind, account_id=account_id, detail=detail, at=now))


def newest(tx: Connection, limit: int = 50) -> Sequence[Row[Any]]:
    return list(tx.execute(select(notice).order_by(notice.c.id.desc()).limit(limit)))


def seen(tx: Connection, notice_id: int, now: datetime) -> bool:
    """False if there is no such notice."""
    done = tx.execute(update(notice).where(notice.c.id == notice_id).values(seen_at=now))
    return done.rowcount == 1
