"""The reply ledger: what was intended, what was tried, what is known to be in the chat.

Avito takes no idempotency key, so a send whose outcome is unknown is never repeated blindly:

    intended ──attempt──▶ sending ──sent──▶ sent
       ▲  ▲                  │                ▲
       │  └─────refused──────┤                │ seen in the history, or its echo came
       │                     └──doubted──▶ unknown
       └────three clean reads────────────────┘      and from anywhere but sent: ──drop──▶ dropped

Every arrow is one conditional statement, and its event is recorded in the same transaction.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from bot.model import Draft
from bot.store import chats, drafts, journal, messages
from bot.store.tables import chat, message, reply
from pipeline.events import (
    Author,
    MessageAttributed,
    ReplyAttempted,
    ReplyDoubted,
    ReplyDropped,
    ReplyIntended,
    ReplyRefused,
    ReplySent,
)

OPEN = ("intended", "sending", "unknown")

_OF_THE_MODEL = (
    "hand_off",
    "intent",
    "model",
    "tokens_in",
    "tokens_out",
    "cost_rub",
    "latency_ms",
)

AUDITS = (timedelta(seconds=60), timedelta(minutes=10), timedelta(minutes=50))
"""When to look for a late twin of a reply that was tried more than once; Avito lets us delete for an hour."""

LATE = timedelta(hours=2)
"""How long after its last attempt a message at Avito may still turn out to be a reply of ours."""

HOUR = timedelta(hours=1)

SKEW = timedelta(seconds=30)
"""How far Avito's clock and ours may be apart; its moments have no fractions of a second."""


_ONE = select(reply).where(reply.c.id == bindparam("reply"))
_BY_MESSAGE = select(reply).where(
    reply.c.chat_id == bindparam("chat"), reply.c.sent_message_id == bindparam("message")
)
_OPEN_IN = (
    select(reply)
    .where(reply.c.chat_id == bindparam("chat"), chats.OPEN_REPLY)
    .order_by(reply.c.created_at)
)
_TO_AUDIT = (
    select(reply)
    .where(reply.c.chat_id == bindparam("chat"), reply.c.audit_at <= bindparam("now"))
    .order_by(reply.c.audit_at)
    .limit(1)
)
_INSERT = insert(reply)
_ASKED = (
    select(message.c.created_at, message.c.no)
    .where(message.c.reply_id == bindparam("reply"), message.c.author == literal_column("'client'"))
    .order_by(message.c.created_at.desc(), message.c.no.desc())
    .limit(1)
)
_FASTER = select(
    or_(
        select(message.c.no)
        .where(
            message.c.chat_id == bindparam("chat"),
            message.c.author == literal_column("'human_app'"),
            messages.SPEAKS,
            or_(
                message.c.created_at > bindparam("since"),
                and_(message.c.created_at == bindparam("since"), message.c.no > bindparam("after")),
            ),
        )
        .exists(),
        select(reply.c.id)
        .where(
            reply.c.chat_id == bindparam("chat"),
            reply.c.author == literal_column("'human_dashboard'"),
            reply.c.created_at > bindparam("since"),
        )
        .exists(),
    )
)


def normal(text: str) -> str:
    """Avito may return a text with other line ends or another composition of the same letters."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


# --- intending --------------------------------------------------------------------------------------------------------


def intend(
    tx: Connection,
    where: Row[Any],
    draft: Draft,
    covers: Sequence[Row[Any]],
    prompt_version: str,
    now: datetime,
) -> str:
    """Fixes the text that the assistant will send in answer to these messages; the reply's id."""
    made = drafts.columns(draft, prompt_version)
    reply_id = _insert(tx, where, "assistant", draft.reply, now, made, covers=len(covers))
    messages.cover(tx, [row.no for row in covers], reply_id)
    return reply_id


def too_many(
    tx: Connection, chat_id: str, most: int, now: datetime, *, beside: str | None = None
) -> bool:
    """Whether the assistant has spoken so often in this chat within the hour that a person must look.

    What may be in the chat counts: sent, or tried. `beside`: a reply that is not counted, because it is asked for.
    """
    said = select(func.count()).where(
        reply.c.chat_id == chat_id,
        reply.c.author == "assistant",
        reply.c.id != (beside or ""),
        or_(reply.c.started_at > now - HOUR, reply.c.sent_at > now - HOUR),
        or_(reply.c.state != "dropped", reply.c.attempts > 0),
    )
    return (tx.scalar(said) or 0) >= most


def intend_draft(
    tx: Connection, row: Row[Any], text: str, actor: str, now: datetime, *, edited: bool
) -> str:
    """A manager sends a draft: it becomes a reply of the same id, to the same messages.

    The assistant's, if it goes out as it was written; a person's, if it was changed: then the words are theirs.
    """
    made = {"id": row.id, "created_by": actor, "prompt_version": row.prompt_version}
    if not edited:
        made |= {name: row._mapping[name] for name in _OF_THE_MODEL}
    author: Author = "human_dashboard" if edited else "assistant"
    where = chats.get(tx, row.chat_id)
    assert where is not None, "a draft has a chat"
    covers = len(messages.covered_by(tx, row.id))
    return _insert(tx, where, author, text, now, made, covers=covers)


def intend_by_person(
    tx: Connection,
    chat_id: str,
    text: str,
    actor: str,
    now: datetime,
    *,
    pause_hours: float,
    takes: bool = True,
) -> str:
    """A person answers through the dashboard; the reply's id. With `takes` the chat becomes theirs. Raises KeyError."""
    where = chats.get(tx, chat_id)
    if where is None:
        raise KeyError(chat_id)
    if takes:
        chats.take(tx, chat_id, "human_dashboard", pause_hours, actor, now, reason="human_wrote")
    else:
        chats.came(tx, where, "human_dashboard", now)
    step_aside(tx, chat_id, "human_wrote", now)
    return _insert(tx, where, "human_dashboard", text, now, {"created_by": actor}, covers=0)


def intend_follow_up(
    tx: Connection, where: Row[Any], text: str, prompt_version: str, now: datetime
) -> str:
    """Fixes what is written first to a silent client; it answers no message, so no verdict hangs on it. The reply's id."""
    made = {"kind": "follow_up", "prompt_version": prompt_version}
    return _insert(tx, where, "assistant", text, now, made, covers=0)


def no_answer_needed(tx: Connection, chat_id: str, actor: str, now: datetime) -> None:
    """A person looked and says that nothing need be said: what waits is judged, what was not sent yet is not sent.

    Verdicts that were given stay; the chat leaves the list of those that wait all the same. Raises KeyError.
    """
    chats.settle(tx, chat_id, actor, now)
    step_aside(tx, chat_id, "no_answer_needed", now)


def _insert(
    tx: Connection,
    where: Row[Any],
    author: Author,
    text: str,
    now: datetime,
    made: dict[str, Any],
    *,
    covers: int,
) -> str:
    row = {
        "id": str(uuid4()),
        "account_id": where.account_id,
        "chat_id": where.id,
        "listing_id": where.listing_id,
        "author": author,
        "text": text,
        "state": "intended",
        "next_at": now,
        "created_at": now,
        **made,
    }
    tx.execute(_INSERT, row)
    told = {
        name: row.get(name)
        for name in (
            "account_id",
            "chat_id",
            "listing_id",
            "prompt_version",
            "model",
            "tokens_in",
            "tokens_out",
            "cost_rub",
            "latency_ms",
            "intent",
        )
    }
    journal.record(
        tx,
        ReplyIntended(
            reply_id=row["id"],
            author=author,
            covers=covers,
            purpose=str(row.get("kind", "reply")),
            **told,
        ),
        at=now,
    )
    tx.execute(update(chat).where(chat.c.id == where.id).values(due_at=now))
    return str(row["id"])


# --- the arrows -------------------------------------------------------------------------------------------------------


def attempt(tx: Connection, row: Row[Any], baseline: str, now: datetime) -> bool:
    """intended → sending, durable before any byte leaves; False if it is not intended any more.

    `baseline` is the newest message of the chat before the first attempt, and is kept for ever after.
    """
    moved = _move(
        tx,
        row,
        ("intended",),
        "sending",
        attempts=reply.c.attempts + 1,
        clean_reads=0,
        started_at=now,
        next_at=now,
        baseline=func.coalesce(reply.c.baseline, baseline),
        error=None,
    )
    if moved:
        journal.record(
            tx, ReplyAttempted(**_head(row), reply_id=row.id, attempt=row.attempts + 1), at=now
        )
    return moved


def sent(
    tx: Connection, row: Row[Any], message_id: str, how: str, pause_hours: float, now: datetime
) -> bool:
    """Any open state → sent: its messages are answered, and the chat goes to a person if the reply promised one.

    False if it is not open any more.
    """
    again = now + AUDITS[0] if row.attempts > 1 else None
    moved = _move(
        tx,
        row,
        OPEN,
        "sent",
        sent_message_id=message_id,
        sent_at=now,
        next_at=None,
        error=None,
        audit_at=again,
    )
    if moved:
        news = ReplySent(
            **_head(row),
            reply_id=row.id,
            sent_message_id=message_id,
            how=how,  # type: ignore[arg-type]
            attempts=row.attempts,
            prompt_version=row.prompt_version,
        )
        journal.record(tx, news, at=now)
        messages.answered(tx, row.id, now)
        if row.hand_off:
            chats.hand_off(tx, row.chat_id, row.hand_off, pause_hours, now)
    return moved


def refused(tx: Connection, row: Row[Any], error: str, next_at: datetime, now: datetime) -> bool:
    """sending → intended: the request certainly was not carried out, so the attempt does not count."""
    moved = _move(
        tx,
        row,
        ("sending",),
        "intended",
        attempts=reply.c.attempts - 1,
        refusals=reply.c.refusals + 1,
        next_at=next_at,
        error=error,
    )
    if moved:
        journal.record(
            tx,
            ReplyRefused(**_head(row), reply_id=row.id, attempt=row.attempts, error=error),
            at=now,
        )
    return moved


def put_off(tx: Connection, row: Row[Any], error: str, next_at: datetime) -> bool:
    """intended → intended: nothing was tried, because the chat could not even be read."""
    return _move(
        tx,
        row,
        ("intended",),
        "intended",
        refusals=reply.c.refusals + 1,
        next_at=next_at,
        error=error,
    )


def doubted(tx: Connection, row: Row[Any], error: str, next_at: datetime, now: datetime) -> bool:
    """sending → unknown: the history of the chat will tell."""
    moved = _move(tx, row, ("sending",), "unknown", clean_reads=0, next_at=next_at, error=error)
    if moved:
        journal.record(tx, ReplyDoubted(**_head(row), reply_id=row.id, error=error), at=now)
    return moved


def correct(tx: Connection, row: Row[Any], message_id: str, now: datetime) -> None:
    """Avito's answer names another message than the one taken for the reply: that one was a person's, word for word."""
    mistaken = str(row.sent_message_id)
    tx.execute(update(reply).where(reply.c.id == row.id).values(sent_message_id=message_id))
    messages.attribute(tx, row.account_id, mistaken, "human_app", None)
    news = MessageAttributed(**_head(row), message_id=mistaken, author="human_app", reply_id=None)
    journal.record(tx, news, at=now)


def not_seen(tx: Connection, row: Row[Any], next_at: datetime, *, clean: bool) -> bool:
    """unknown → unknown: the history was read without finding it; a read that failed does not count."""
    return _move(
        tx,
        row,
        ("unknown",),
        "unknown",
        clean_reads=reply.c.clean_reads + int(clean),
        next_at=next_at,
    )


def intend_again(tx: Connection, row: Row[Any], now: datetime) -> bool:
    """unknown → intended, after enough clean reads."""
    return _move(tx, row, ("unknown",), "intended", next_at=now)


def drop(tx: Connection, row: Row[Any], reason: str, now: datetime) -> bool:
    """Not to be sent any more. Its messages are open again: whoever drops it says what becomes of them."""
    audit = now + AUDITS[0] if row.attempts else None
    moved = _move(tx, row, OPEN, "dropped", next_at=None, error=reason, audit_at=audit)
    if moved:
        journal.record(tx, ReplyDropped(**_head(row), reply_id=row.id, reason=reason), at=now)
        messages.cover(tx, [m.no for m in messages.covered_by(tx, row.id)], None)
        if row.kind == "follow_up" and reason != "asleep":  # by night it may be put off
            tx.execute(
                update(chat).where(chat.c.id == row.chat_id).values(follow_up_decided_at=now)
            )
    return moved


def step_aside(tx: Connection, chat_id: str, reason: str, now: datetime) -> None:
    """A person is in the chat: drops what was not sent yet, and leaves all that waits to the person.

    A reply whose request may have left stays with the ledger, and so do the messages that it answers.
    """
    drafts.outdate(tx, chat_id, reason, now)
    if (held := drafts.holding(tx, chat_id)) is not None:
        drafts.let_go(tx, held)
    for row in open_in(tx, chat_id):
        if row.author == "assistant" and row.state == "intended" and row.attempts == 0:
            drop(tx, row, reason, now)
    uncovered = [m for m in messages.open_in(tx, chat_id) if m.reply_id is None]
    messages.judge(tx, uncovered, "left_to_human", reason, now)


def person_was_faster(tx: Connection, row: Row[Any]) -> bool:
    """Whether a person wrote after the newest message that a reply answers, though they gave the chat back since.

    Avito dates to the second; within one second the order of arrival counts.
    """
    asked = tx.execute(_ASKED, {"reply": row.id}).one_or_none()
    since, after = asked or (row.created_at, 0)
    return bool(tx.scalar(_FASTER, {"chat": row.chat_id, "since": since, "after": after}))


def _move(
    tx: Connection, row: Row[Any], origins: Sequence[str], state: str, **changes: Any
) -> bool:
    done = tx.execute(
        update(reply)
        .where(reply.c.id == row.id, reply.c.state.in_(origins))
        .values(state=state, **changes)
    )
    return done.rowcount == 1


def _head(row: Row[Any]) -> dict[str, Any]:
    return {"account_id": row.account_id, "chat_id": row.chat_id, "listing_id": row.listing_id}


# --- recognising our own words ----------------------------------------------------------------------------------------


def recognise(
    tx: Connection,
    chat_id: str,
    message_id: str,
    text: str | None,
    said_at: datetime,
    how: str,
    pause_hours: float,
    now: datetime,
) -> Row[Any] | None:
    """The reply that an own message at Avito is, or None: then a person wrote it.

    By its id where we know it. By its text only while we do not know what became of a reply that was tried: then the
    message is that reply, which is thereby sent; or it is a late twin, which the audit will delete. When we hear of the
    message does not count, only when Avito says that it was written: we may have been away for hours.
    """
    if (mine := by_message(tx, chat_id, message_id)) is not None:
        return mine
    tried = tx.execute(
        select(reply)
        .where(
            reply.c.chat_id == chat_id,
            reply.c.started_at >= said_at - LATE,
            reply.c.created_at <= said_at + SKEW,
        )
        .order_by(reply.c.created_at)
    )
    same = [row for row in tried if text is not None and normal(row.text) == normal(text)]
    for row in same:
        if row.state in OPEN and row.sent_message_id is None:
            sent(tx, row, message_id, how, pause_hours, now)
            return one(tx, row.id)
    for row in same:
        if row.state == "dropped" or (row.state == "sent" and row.attempts > 1):
            tx.execute(update(reply).where(reply.c.id == row.id).values(audit_at=now))
            return row
    return None


def by_message(tx: Connection, chat_id: str, message_id: str) -> Row[Any] | None:
    return tx.execute(_BY_MESSAGE, {"chat": chat_id, "message": message_id}).one_or_none()


def one(tx: Connection, reply_id: str) -> Row[Any]:
    return tx.execute(_ONE, {"reply": reply_id}).one()


def open_in(tx: Connection, chat_id: str) -> list[Row[Any]]:
    """Replies under way in a chat, oldest first."""
    return list(tx.execute(_OPEN_IN, {"chat": chat_id}))


def to_audit(tx: Connection, chat_id: str, now: datetime) -> Row[Any] | None:
    """A reply whose late twin must be looked for now."""
    return tx.execute(_TO_AUDIT, {"chat": chat_id, "now": now}).one_or_none()


def audited(tx: Connection, row: Row[Any], now: datetime) -> None:
    """One look for twins is done; says when the next one is due."""
    done = row.audits + 1
    again = now + AUDITS[done] - AUDITS[done - 1] if done < len(AUDITS) else None
    tx.execute(update(reply).where(reply.c.id == row.id).values(audits=done, audit_at=again))


def audit_again(tx: Connection, row: Row[Any], at: datetime) -> None:
    """The look for twins could not be done; it is due again."""
    tx.execute(update(reply).where(reply.c.id == row.id).values(audit_at=at))


def states(tx: Connection) -> dict[str, int]:
    """How many replies are in each state."""
    counted = tx.execute(select(reply.c.state, func.count()).group_by(reply.c.state))
    return dict(counted.tuples().all())
