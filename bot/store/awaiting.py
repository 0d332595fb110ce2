"""Which chats wait for a person, and since when: unanswered is not the same as unread.

A person is awaited while the client's words were left to a person and the seller's side has said nothing since, and
while a hand-off has not been taken. It ends when somebody answers, takes the chat or says that no answer is needed.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from bot.model import SILENT
from bot.store.tables import chat, message

LEFT = frozenset({"left_to_human", "failed", "not_text", "budget", "off_hours"})
"""Verdicts after which a person should look, as long as nobody has written since."""

SECOND = timedelta(seconds=1)
"""Avito's moments have no fractions, ours have."""

LOOKS_BACK = 60
"""Messages from the end of a chat that may wait for a person."""

_NEWEST = (
    select(message)
    .where(message.c.chat_id == bindparam("chat"), message.c.deleted_at.is_(None))
    .order_by(message.c.created_at.desc(), message.c.no.desc())
    .limit(LOOKS_BACK)
)


def recount(tx: Connection, chat_id: str) -> None:
    """Works out anew since when a person is awaited in a chat."""
    where = tx.execute(select(chat).where(chat.c.id == chat_id)).one_or_none()
    if where is None:
        return
    left = _left(list(tx.execute(_NEWEST, {"chat": chat_id})), where.settled_at)
    since = min((at for at in (left, where.handed_off_at) if at), default=None)
    if since != where.awaited_since:
        tx.execute(update(chat).where(chat.c.id == chat_id).values(awaited_since=since))


def answered(tx: Connection, where: Row[Any]) -> None:
    """Something was said by the seller's side in this chat."""
    if where.awaited_since is not None:
        recount(tx, where.id)


def _left(newest: list[Row[Any]], settled_at: datetime | None) -> datetime | None:
    """When the first message was written that was left to a person and has no answer."""
    said = [
        row for row in newest if row.author not in ("client", "avito") and row.kind not in SILENT
    ]
    left = [
        row.created_at
        for row in newest
        if row.author == "client"
        and row.verdict in LEFT
        and (settled_at is None or row.received_at > settled_at)
        and not any(_after(other, row) for other in said)
    ]
    return min(left, default=None)


def _after(said: Row[Any], asked: Row[Any]) -> bool:
    """Whether the seller's words came after the client's; within one second the order of arrival counts."""
    if said.created_at >= asked.created_at + SECOND:
        return True
    return bool(said.created_at >= asked.created_at and said.no > asked.no)
