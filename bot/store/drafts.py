"""Drafts: what the assistant would say, for a manager to decide on. A draft's id is that of the reply it may become.

    waiting ──send────────▶ sent         the reply of the same id is intended, and covers its messages
       ├─────throw away───▶ thrown_away  its messages are left to a person
       └─────outdate──────▶ stale        newer words of the client or a person's: it cannot be sent any more

As long as `due_at` is set, messages wait with the draft: covered, without a verdict. They are left to a person when it is
over (the draft still waits, and can be sent), and wait by themselves again when a stale draft lets them go.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, bindparam, case, insert, null, select, update

from bot.model import Draft
from bot.store import journal, messages
from bot.store.tables import draft
from pipeline.events import DraftDiscarded, DraftThrownAway, DraftWritten

_HOLDING = select(draft).where(draft.c.chat_id == bindparam("chat"), draft.c.due_at.is_not(None))
_WAITING = draft.c.state == "waiting"
_IDLE = select(draft.c.id).where(draft.c.chat_id == bindparam("chat"), _WAITING)


class Decided(Exception):
    """The draft does not wait any more; its state is in `args`."""


def write(
    tx: Connection,
    where: Row[Any],
    made: Draft,
    covers: Sequence[Row[Any]],
    prompt_version: str,
    now: datetime,
    *,
    until: datetime,
) -> str:
    """Keeps a draft of an answer to these messages, which wait with it `until` then; its id."""
    row = {
        "id": str(uuid4()),
        "account_id": where.account_id,
        "chat_id": where.id,
        "listing_id": where.listing_id,
        "state": "waiting",
        "text": made.reply,
        "covers": len(covers),
        "due_at": until,
        "created_at": now,
        **columns(made, prompt_version),
    }
    outdate(tx, where.id, "superseded", now)  # one waits in a chat at most
    tx.execute(insert(draft).values(row))
    messages.cover(tx, [message.no for message in covers], str(row["id"]))
    news = DraftWritten(
        **_head(where, where.id),
        draft_id=str(row["id"]),
        covers=len(covers),
        prompt_version=prompt_version,
        model=made.model,
        intent=made.intent,
    )
    journal.record(tx, news, at=now)
    return str(row["id"])


def columns(made: Draft, prompt_version: str) -> dict[str, Any]:
    """What a row keeps of how the model made a text."""
    return {
        "hand_off": (made.hand_off_reason or "model_hand_off") if made.hand_off else None,
        "intent": made.intent,
        "prompt_version": prompt_version,
        "model": made.model,
        "tokens_in": made.tokens_in,
        "tokens_out": made.tokens_out,
        "cost_rub": made.cost_rub,
        "latency_ms": made.latency_ms,
    }


# --- looking ----------------------------------------------------------------------------------------------------------


def one(tx: Connection, draft_id: str) -> Row[Any] | None:
    return tx.execute(select(draft).where(draft.c.id == draft_id)).one_or_none()


def holding(tx: Connection, chat_id: str) -> Row[Any] | None:
    """The draft that messages of this chat wait with."""
    return tx.execute(_HOLDING, {"chat": chat_id}).one_or_none()


def waiting_in(tx: Connection, chat_ids: Sequence[str]) -> dict[str, Row[Any]]:
    """Drafts that wait for a manager, by chat."""
    rows = tx.execute(select(draft).where(draft.c.chat_id.in_(chat_ids), _WAITING))
    return {row.chat_id: row for row in rows}


# --- what becomes of it -----------------------------------------------------------------------------------------------


def outdate(tx: Connection, chat_id: str, reason: str, now: datetime) -> None:
    """The chat moved on: a draft that waits there cannot be sent any more. Its messages stay with it until `let_go`."""
    if tx.execute(_IDLE, {"chat": chat_id}).first() is None:  # nearly always, and quickly told
        return
    rows = tx.execute(
        update(draft)
        .where(draft.c.chat_id == chat_id, _WAITING)
        .values(
            state="stale",
            reason=reason,
            decided_at=now,
            due_at=case((draft.c.due_at.is_(None), null()), else_=now),
        )
        .returning(draft)
    )
    for row in rows.all():
        news = DraftDiscarded(
            **_head(row, chat_id),
            reason=reason,
            prompt_version=row.prompt_version,
            draft_id=row.id,
        )
        journal.record(tx, news, at=now)


def let_go(tx: Connection, row: Row[Any]) -> None:
    """The messages of a stale draft wait by themselves again."""
    messages.cover(tx, [held.no for held in messages.covered_by(tx, row.id)], None)
    tx.execute(update(draft).where(draft.c.id == row.id).values(due_at=None))


def expire(tx: Connection, row: Row[Any], now: datetime) -> None:
    """Nobody decided in time: the messages are left to a person, the draft goes on waiting."""
    messages.judge(tx, messages.covered_by(tx, row.id), "left_to_human", "draft", now)
    tx.execute(update(draft).where(draft.c.id == row.id).values(due_at=None))


def decide(tx: Connection, draft_id: str, state: str, actor: str, now: datetime) -> Row[Any]:
    """waiting → sent or thrown_away, by a manager; the draft as it was. Raises KeyError, Decided."""
    row = one(tx, draft_id)
    if row is None:
        raise KeyError(draft_id)
    changed = tx.execute(
        update(draft)
        .where(draft.c.id == draft_id, _WAITING)
        .values(state=state, decided_at=now, decided_by=actor, due_at=None)
    )
    if not changed.rowcount:
        raise Decided(row.state)
    return row


def throw_away(tx: Connection, draft_id: str, actor: str, now: datetime) -> Row[Any]:
    """A manager does not want it: its messages are left to a person. Raises KeyError, Decided."""
    row = decide(tx, draft_id, "thrown_away", actor, now)
    messages.judge(tx, messages.covered_by(tx, row.id), "left_to_human", "draft_thrown_away", now)
    news = DraftThrownAway(
        **_head(row, row.chat_id),
        draft_id=draft_id,
        prompt_version=row.prompt_version,
        actor=actor,
    )
    journal.record(tx, news, at=now)
    return row


def _head(row: Row[Any], chat_id: str) -> dict[str, Any]:
    return {"account_id": row.account_id, "listing_id": row.listing_id, "chat_id": chat_id}
