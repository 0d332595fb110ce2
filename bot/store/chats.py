"""Chats: whose they are, when somebody must look at them, and who is looking."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, literal_column, or_, select, update

from bot.model import WireChat, WireMessage
from bot.store import awaiting, journal, notices
from bot.store.messages import WAITS
from bot.store.tables import chat, draft, listing, message, reply
from bot.store.upsert import insert_new
from pipeline.events import (
    Author,
    ChatGivenBack,
    ChatHandedOff,
    ChatOpened,
    ChatSettled,
    ChatTaken,
    HandoffTaken,
)

LEASE = timedelta(seconds=60)
"""How long a worker holds a chat without saying that it is alive."""

OPEN_REPLY = reply.c.state.in_(
    [literal_column(f"'{state}'") for state in ("intended", "sending", "unknown")]
)

_GET = select(chat).where(chat.c.id == bindparam("chat"))
_ALONE = WAITS & message.c.reply_id.is_(None)
_WAITING = select(
    select(func.min(message.c.received_at))
    .where(message.c.chat_id == bindparam("chat"), WAITS)
    .scalar_subquery()
    .label("oldest"),
    select(func.min(message.c.received_at))
    .where(message.c.chat_id == bindparam("chat"), _ALONE)
    .scalar_subquery()
    .label("first"),
    select(func.max(message.c.received_at))
    .where(message.c.chat_id == bindparam("chat"), _ALONE)
    .scalar_subquery()
    .label("last"),
    select(listing.c.mode_minutes)
    .where(
        listing.c.id == chat.c.listing_id,
        chat.c.id == bindparam("chat"),
        listing.c.mode == literal_column("'unanswered'"),
        listing.c.ai_enabled,
    )
    .scalar_subquery()
    .label("minutes"),
    select(func.min(draft.c.due_at))
    .where(draft.c.chat_id == bindparam("chat"), draft.c.due_at.is_not(None))
    .scalar_subquery()
    .label("draft"),
    select(chat.c.follow_up_at)
    .where(chat.c.id == bindparam("chat"))
    .scalar_subquery()
    .label("follow_up"),
    select(func.min(reply.c.next_at))
    .where(reply.c.chat_id == bindparam("chat"), OPEN_REPLY)
    .scalar_subquery()
    .label("under_way"),
    select(func.min(reply.c.audit_at))
    .where(reply.c.chat_id == bindparam("chat"), reply.c.audit_at.is_not(None))
    .scalar_subquery()
    .label("audit"),
)
_DUE = (
    update(chat)
    .where(chat.c.id == bindparam("chat"))
    .values(waiting_since=bindparam("oldest"), due_at=bindparam("due"))
)
_EPOCH = select(chat.c.epoch).where(chat.c.id == bindparam("chat")).with_for_update()
_HELD = (chat.c.id == bindparam("chat")) & (chat.c.epoch == bindparam("held"))
_WORKING = update(chat).where(_HELD).values(working=bindparam("what"))
_ALIVE = update(chat).where(_HELD).values(lease_until=bindparam("until"))
_RELEASE = update(chat).where(_HELD).values(lease_by=None, lease_until=None, working=None)
_TOUCH = (
    update(chat)
    .where(chat.c.id == bindparam("chat"), chat.c.updated_at < bindparam("now"))
    .values(updated_at=bindparam("now"))
)


@dataclass(frozen=True)
class Pace:
    """When a burst is over: after so much quiet, or after so much waiting since its first message."""

    quiet: timedelta
    longest: timedelta

    def over(self, first: datetime, last: datetime, wait: timedelta) -> datetime:
        """When a burst is over, whose first word a person has for as long as `wait`."""
        return max(min(last + self.quiet, first + self.longest), first + wait)


@dataclass(frozen=True)
class Hold:
    """A chat in a worker's hands. Whoever holds a newer epoch has taken it over."""

    chat_id: str
    account_id: int
    epoch: int


def see(tx: Connection, news: WireMessage, *, silence: timedelta, now: datetime) -> Row[Any] | None:
    """The chat of a message, made when it is new; None if the chat is another account's.

    A message after more than `silence` begins a new dialog.
    """
    known = get(tx, news.chat_id)
    if known is None:
        return _open(tx, news, now)
    if known.account_id != news.account_id:
        return None
    changes: dict[str, Any] = {"updated_at": max(known.updated_at, news.created_at)}
    if news.created_at - known.updated_at > silence:
        changes["dialog_no"] = known.dialog_no + 1
    if known.listing_id is None and news.listing_id is not None:
        changes["listing_id"] = news.listing_id
    tx.execute(update(chat).where(chat.c.id == known.id).values(changes))
    return get(tx, news.chat_id)


def _open(tx: Connection, news: WireMessage, now: datetime) -> Row[Any] | None:
    row = {
        "id": news.chat_id,
        "account_id": news.account_id,
        "listing_id": news.listing_id,
        "chat_type": news.chat_type,
        "created_at": news.created_at,
        "updated_at": news.created_at,
        "search": news.chat_id.casefold(),
    }
    if insert_new(tx, chat, row):
        opened = ChatOpened(
            account_id=news.account_id,
            listing_id=news.listing_id,
            chat_id=news.chat_id,
            chat_type=news.chat_type,
        )
        journal.record(tx, opened, at=news.created_at, now=now)
    return get(tx, news.chat_id)


def get(tx: Connection, chat_id: str) -> Row[Any] | None:
    return tx.execute(_GET, {"chat": chat_id}).one_or_none()


def touch(tx: Connection, chat_id: str, at: datetime) -> None:
    """Something was said in the chat at that moment."""
    tx.execute(_TOUCH, {"chat": chat_id, "now": at})


def describe(tx: Connection, told: WireChat, now: datetime) -> None:
    """Keeps what Avito says about a chat: the client's name and the listing."""
    words = (told.client_name, told.listing_title, told.id)
    tx.execute(
        update(chat)
        .where(chat.c.id == told.id)
        .values(
            client_name=told.client_name,
            listing_title=told.listing_title,
            listing_price=told.listing_price,
            listing_id=func.coalesce(chat.c.listing_id, told.listing_id),
            search=" ".join(word for word in words if word).casefold(),
            described_at=now,
        )
    )


def undescribed(tx: Connection, limit: int) -> list[Row[Any]]:
    """Chats of which we do not know yet who writes in them, newest first; a chat in work is described there."""
    return list(
        tx.execute(
            select(chat.c.id, chat.c.account_id)
            .where(chat.c.described_at.is_(None), chat.c.lease_until.is_(None))
            .order_by(chat.c.updated_at.desc())
            .limit(limit)
        )
    )


# --- whose a chat is --------------------------------------------------------------------------------------------------


def is_humans(row: Row[Any], now: datetime) -> bool:
    """Whether a person answers here and the assistant is silent."""
    return row.owner == "human" and (row.owner_until is None or row.owner_until > now)


def take(
    tx: Connection,
    chat_id: str,
    by: Author,
    hours: float | None,
    actor: str | None,
    now: datetime,
    *,
    reason: str = "taken",
) -> None:
    """A person answers in this chat for so many hours, or until they give it back. Raises KeyError."""
    row = _must(tx, chat_id)
    until = None if hours is None else now + timedelta(hours=hours)
    there = is_humans(row, now)
    changes: dict[str, Any] = {"owner": "human", "owner_until": until}
    if not there:
        changes |= {"owner_since": now, "owner_reason": reason}
    tx.execute(update(chat).where(chat.c.id == chat_id).values(changes))
    came(tx, row, by, now)
    if not there or row.handed_off_at:
        news = ChatTaken(**_head(row), by=by, until=until)
        journal.record(tx, news, at=now)


def came(tx: Connection, row: Row[Any], by: Author, now: datetime) -> None:
    """A person has come to the chat: nobody need be called any more, and a hand-off is taken."""
    notices.chat_seen(tx, row.id, now)
    if row.handed_off_at is None:
        return
    tx.execute(update(chat).where(chat.c.id == row.id).values(handed_off_at=None))
    awaiting.recount(tx, row.id)
    waited = max((now - row.handed_off_at).total_seconds(), 0.0)
    news = HandoffTaken(**_head(row), by=by, reason=row.owner_reason, seconds=round(waited, 3))
    journal.record(tx, news, at=now)


def hand_off(tx: Connection, chat_id: str, reason: str, hours: float, now: datetime) -> None:
    """The assistant steps aside: a person must answer here."""
    row = _must(tx, chat_id)
    if is_humans(row, now):
        return
    until = now + timedelta(hours=hours)
    tx.execute(
        update(chat)
        .where(chat.c.id == chat_id)
        .values(
            owner="human",
            owner_until=until,
            owner_since=now,
            owner_reason=reason,
            handed_off_at=now,
        )
    )
    journal.record(tx, ChatHandedOff(**_head(row), reason=reason), at=now)
    awaiting.recount(tx, chat_id)
    notices.call_person(tx, chat_id, reason, now)


def give_back(tx: Connection, chat_id: str, actor: str, now: datetime) -> None:
    """The assistant answers here again, from the next message on. Raises KeyError."""
    row = _must(tx, chat_id)
    if row.owner == "assistant":
        return
    tx.execute(
        update(chat)
        .where(chat.c.id == chat_id)
        .values(owner="assistant", owner_until=None, owner_since=now, owner_reason="given_back")
    )
    came(tx, row, "human_dashboard", now)
    journal.record(tx, ChatGivenBack(**_head(row), by=actor), at=now)


def settle(tx: Connection, chat_id: str, actor: str, now: datetime) -> None:
    """A person says that no answer is needed, until the client writes again. Raises KeyError."""
    row = _must(tx, chat_id)
    tx.execute(update(chat).where(chat.c.id == chat_id).values(settled_at=now))
    came(tx, row, "human_dashboard", now)
    awaiting.recount(tx, chat_id)
    journal.record(tx, ChatSettled(**_head(row), by=actor), at=now)


def _head(row: Row[Any]) -> dict[str, Any]:
    return {"account_id": row.account_id, "listing_id": row.listing_id, "chat_id": row.id}


def _must(tx: Connection, chat_id: str) -> Row[Any]:
    row = get(tx, chat_id)
    if row is None:
        raise KeyError(chat_id)
    return row


# --- when somebody must look at it ------------------------------------------------------------------------------------


def reschedule(tx: Connection, chat_id: str, pace: Pace) -> None:
    """Works out anew what waits in a chat and when somebody must look at it.

    An open reply comes first: while it is under way nothing else is said in the chat. Then the burst of client
    messages, or the draft that they wait with. Then the audit of a reply that was sent more than once, and a follow-up.
    """
    found = tx.execute(_WAITING, {"chat": chat_id}).one()
    wait = timedelta(minutes=found.minutes or 0)
    burst = pace.over(found.first, found.last, wait) if found.first else found.draft
    later = (burst, found.audit, found.follow_up)
    due = found.under_way or min((one for one in later if one), default=None)
    tx.execute(_DUE, {"chat": chat_id, "oldest": found.oldest, "due": due})


def reschedule_about(tx: Connection, listing_id: int, pace: Pace) -> None:
    """What waits in the chats about a listing may be due at another time, because its mode changed."""
    waiting = select(chat.c.id).where(
        chat.c.listing_id == listing_id, chat.c.waiting_since.is_not(None)
    )
    for chat_id in tx.scalars(waiting).all():
        reschedule(tx, chat_id, pace)


def next_unheld(tx: Connection, now: datetime) -> datetime | None:
    """When the next chat is due that nobody holds."""
    free = or_(chat.c.lease_until.is_(None), chat.c.lease_until <= now)
    due: datetime | None = tx.scalar(select(func.min(chat.c.due_at)).where(free))
    return due


def claim(tx: Connection, worker: str, now: datetime, limit: int) -> list[Hold]:
    """Takes chats that are due and that nobody holds, longest due first."""
    free = or_(chat.c.lease_until.is_(None), chat.c.lease_until <= now)
    due = (
        select(chat.c.id)
        .where(chat.c.due_at <= now, free)
        .order_by(chat.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = tx.execute(
        update(chat)
        .where(chat.c.id.in_(due), free)
        .values(lease_by=worker, lease_until=now + LEASE, epoch=chat.c.epoch + 1)
        .returning(chat.c.id, chat.c.account_id, chat.c.epoch)
    )
    return [Hold(*row) for row in taken]


def still_held(tx: Connection, hold: Hold) -> bool:
    """Whether nobody has taken the chat over. On PostgreSQL the row stays locked until the transaction ends."""
    return bool(tx.scalar(_EPOCH, {"chat": hold.chat_id}) == hold.epoch)


def alive(tx: Connection, hold: Hold, now: datetime) -> bool:
    """Prolongs the lease; False if the chat was taken over."""
    return tx.execute(_ALIVE, {**_of(hold), "until": now + LEASE}).rowcount == 1


def working(tx: Connection, hold: Hold, what: str | None) -> None:
    """Says what is being done in the chat, for people who look."""
    tx.execute(_WORKING, {**_of(hold), "what": what})


def release(tx: Connection, hold: Hold, *, again_at: datetime | None = None) -> None:
    """Lets go of the chat; `again_at` puts off the next look at it."""
    if again_at:
        tx.execute(update(chat).where(_HELD).values(due_at=again_at), _of(hold))
    tx.execute(_RELEASE, _of(hold))


def _of(hold: Hold) -> dict[str, Any]:
    return {"chat": hold.chat_id, "held": hold.epoch}


def free_all(tx: Connection) -> None:
    """On SQLite one process holds the database, so at its start every lease is of a process that is gone."""
    tx.execute(update(chat).values(lease_by=None, lease_until=None, working=None))
