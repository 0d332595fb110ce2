"""Chats as people look at them: pages of chats, and one chat whole. A page costs the same few questions always."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from bot.store import awaiting, drafts
from bot.store.chats import OPEN_REPLY
from bot.store.messages import WAITS
from bot.store.search import contains
from bot.store.tables import account, chat, draft, lead, listing, message, reply

MOST_LINES = 1000
"""Lines of one chat that are shown, the newest."""


_WAITED = func.coalesce(chat.c.awaited_since, chat.c.waiting_since)
"""Since when anybody waits."""


@dataclass(frozen=True)
class Wanted:
    """Which chats to show; `q` is looked for in the client's name, the listing's title and the chat's id.

    `waiting`: `person` for those where a person is awaited, `any` for those too in which the assistant has to answer.
    """

    account_id: int | None = None
    listing_id: int | None = None
    owner: str | None = None
    q: str | None = None
    waiting: str | None = None

    def conditions(self, now: datetime) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.account_id is not None:
            found.append(chat.c.account_id == self.account_id)
        if self.listing_id is not None:
            found.append(chat.c.listing_id == self.listing_id)
        if self.owner is not None:
            found.append(_humans(now) if self.owner == "human" else ~_humans(now))
        if self.waiting == "person":
            found.append(chat.c.awaited_since.is_not(None))
        elif self.waiting == "any":
            found.append(_WAITED.is_not(None))
        return found + contains(chat.c.search, self.q)


@dataclass(frozen=True)
class Shown:
    """One chat of a list, with what belongs to it."""

    chat: Row[Any]  # with ai_enabled, title_of_listing, price_of_listing
    last: Row[Any] | None
    unanswered: int
    under_way: bool  # a reply is on its way
    draft: Row[Any] | None  # that waits for a manager
    lead_id: str | None


@dataclass(frozen=True)
class Whole:
    """One chat with all that happened in it, oldest first."""

    shown: Shown
    messages: Sequence[Row[Any]]
    replies: Sequence[Row[Any]]
    covers: dict[str, list[str]]


def page(
    tx: Connection, wanted: Wanted, now: datetime, *, offset: int, limit: int
) -> tuple[list[Shown], int]:
    """Chats, the newest first or who waits longest first, and how many there are in all."""
    conditions = wanted.conditions(now)
    total = tx.scalar(select(func.count()).select_from(chat).where(*conditions)) or 0
    order = (_WAITED if wanted.waiting else chat.c.updated_at.desc(), chat.c.id)
    rows = list(
        tx.execute(_chats().where(*conditions).order_by(*order).offset(offset).limit(limit))
    )
    return _shown(tx, rows), total


def backlog(tx: Connection, limit: int = 200) -> list[Shown]:
    """Chats with messages that were too old to be answered by themselves, and where a person is awaited."""
    old = select(message.c.chat_id).where(
        message.c.verdict == "left_to_human", message.c.verdict_reason == "too_old"
    )
    unanswered = _chats().where(chat.c.id.in_(old), chat.c.awaited_since.is_not(None))
    rows = list(tx.execute(unanswered.order_by(chat.c.updated_at.desc()).limit(limit)))
    return _shown(tx, rows)


def with_drafts(tx: Connection, account_id: int | None = None, *, limit: int = 200) -> list[Shown]:
    """Chats where a draft waits for a manager, who waits longest first."""
    oldest = select(draft.c.chat_id).where(draft.c.state == "waiting")
    if account_id is not None:
        oldest = oldest.where(draft.c.account_id == account_id)
    oldest = oldest.order_by(draft.c.created_at, draft.c.id).limit(limit)
    shown = _shown(tx, list(tx.execute(_chats().where(chat.c.id.in_(oldest)))))
    return sorted(shown, key=lambda one: one.draft.created_at if one.draft else one.chat.updated_at)


def whole(tx: Connection, chat_id: str) -> Whole | None:
    found = list(tx.execute(_chats().where(chat.c.id == chat_id)))
    if not found:
        return None
    newest = (
        select(message)
        .where(message.c.chat_id == chat_id)
        .order_by(message.c.created_at.desc(), message.c.no.desc())
    )
    lines = list(tx.execute(newest.limit(MOST_LINES)))[::-1]
    said = list(
        tx.execute(select(reply).where(reply.c.chat_id == chat_id).order_by(reply.c.created_at))
    )
    covers: dict[str, list[str]] = {}
    for line in lines:
        if line.author == "client" and line.reply_id:
            covers.setdefault(line.reply_id, []).append(line.id)
    return Whole(_shown(tx, found)[0], lines, said, covers)


def _chats() -> Any:
    about = (
        listing.c.ai_enabled,
        listing.c.title.label("title_of_listing"),
        listing.c.price.label("price_of_listing"),
    )
    return (
        select(chat, *about)
        .outerjoin(listing, listing.c.id == chat.c.listing_id)
        .where(chat.c.account_id.in_(select(account.c.id)))
    )


def _humans(now: datetime) -> ColumnElement[bool]:
    return and_(
        chat.c.owner == "human", or_(chat.c.owner_until.is_(None), chat.c.owner_until > now)
    )


def _shown(tx: Connection, rows: Sequence[Row[Any]]) -> list[Shown]:
    ids = [row.id for row in rows]
    last, waiting = _last(tx, ids), _unanswered(tx, ids)
    under_way = set(tx.scalars(select(reply.c.chat_id).where(reply.c.chat_id.in_(ids), OPEN_REPLY)))
    leads, waits = _leads(tx, ids), drafts.waiting_in(tx, ids)
    return [
        Shown(
            row,
            last.get(row.id),
            waiting.get(row.id, 0),
            row.id in under_way,
            waits.get(row.id),
            leads.get(row.id),
        )
        for row in rows
    ]


def _last(tx: Connection, ids: Sequence[str]) -> dict[str, Row[Any]]:
    order = func.row_number().over(
        partition_by=message.c.chat_id, order_by=(message.c.created_at.desc(), message.c.no.desc())
    )
    ranked = select(message.c.no, order.label("rank")).where(message.c.chat_id.in_(ids)).subquery()
    newest = select(message).join(ranked, and_(ranked.c.no == message.c.no, ranked.c.rank == 1))
    return {row.chat_id: row for row in tx.execute(newest)}


def _unanswered(tx: Connection, ids: Sequence[str]) -> dict[str, int]:
    """How many words of the client's have no answer: open, or left to a person who has not answered."""
    left = and_(
        message.c.author == "client",
        message.c.verdict.in_(awaiting.LEFT),
        message.c.created_at >= chat.c.awaited_since,
    )
    counted = (
        select(message.c.chat_id, func.count())
        .join(chat, chat.c.id == message.c.chat_id)
        .where(message.c.chat_id.in_(ids), or_(WAITS, left))
        .group_by(message.c.chat_id)
    )
    return dict(tx.execute(counted).all())


def _leads(tx: Connection, ids: Sequence[str]) -> dict[str, str]:
    rows = tx.execute(
        select(lead.c.chat_id, lead.c.id).where(lead.c.chat_id.in_(ids)).order_by(lead.c.dialog_no)
    )
    return dict(rows.all())
