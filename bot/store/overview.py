"""How much waits, and for how long: what people and machines that watch the service want to know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, func, select

from bot.store import inbox, journal, replies
from bot.store.tables import account, chat, event, job, lead, message, reply

OPEN_LEADS = ("new", "sending", "unknown")
PROBE = "probe"
"""The row that the health check writes, to see that the database can be written."""


@dataclass(frozen=True)
class Queue:
    """How many wait, and since when the oldest does."""

    size: int
    oldest: datetime | None

    def age(self, now: datetime) -> float | None:
        """Seconds that the oldest has waited."""
        return None if self.oldest is None else max((now - self.oldest).total_seconds(), 0.0)


@dataclass(frozen=True)
class Run:
    """How a scheduled job last went."""

    name: str
    at: datetime | None
    ok: bool | None
    detail: str | None


@dataclass(frozen=True)
class Overview:
    """Every queue of the service."""

    inbox: int
    chats: Queue
    replies: Queue
    leads: int
    events: Queue
    reply_states: dict[str, int]
    accounts: dict[str, int]
    position: int | None  # the newest place in the log that was given


def take(tx: Connection) -> Overview:
    open_replies = reply.c.state.in_(replies.OPEN)
    return Overview(
        inbox=inbox.size(tx),
        chats=_queue(tx, chat.c.waiting_since, chat.c.waiting_since.is_not(None)),
        replies=_queue(tx, reply.c.created_at, open_replies),
        leads=tx.scalar(
            select(func.count()).where(lead.c.state.in_(OPEN_LEADS), lead.c.next_at.is_not(None))
        )
        or 0,
        events=Queue(*journal.waiting(tx)),
        reply_states=_by(tx, reply.c.state),
        position=tx.scalar(select(func.max(event.c.seq))),
        accounts=_by(tx, account.c.state),
    )


def found_by(tx: Connection, since: datetime) -> dict[str, int]:
    """How client messages reached us since a moment: by webhook, sweep or reading."""
    rows = select(message.c.found_by, func.count()).where(
        message.c.author == "client", message.c.received_at >= since
    )
    return dict(tx.execute(rows.group_by(message.c.found_by)).all())


def tokens(tx: Connection, now: datetime) -> dict[str, float]:
    """Seconds for which each connected account's access token is still good, by account."""
    rows = tx.execute(
        select(account.c.id, account.c.token_expires_at).where(
            account.c.state == "connected", account.c.token_expires_at.is_not(None)
        )
    )
    return {str(account_id): (expires_at - now).total_seconds() for account_id, expires_at in rows}


def verdicts(tx: Connection) -> dict[str, int]:
    """How many client messages ended with each verdict."""
    counted = select(message.c.verdict, func.count()).where(message.c.verdict.is_not(None))
    return dict(tx.execute(counted.group_by(message.c.verdict)).all())


def jobs(tx: Connection) -> list[Run]:
    """The last run of each scheduled job; marks that jobs keep for themselves are not among them."""
    rows = select(job.c.name, job.c.last_run_at, job.c.ok, job.c.detail).where(
        job.c.cursor.is_(None), job.c.name != PROBE
    )
    return [Run(*row) for row in tx.execute(rows.order_by(job.c.name))]


def _queue(tx: Connection, since: Column[Any], condition: ColumnElement[bool]) -> Queue:
    return Queue(*tx.execute(select(func.count(), func.min(since)).where(condition)).one())


def _by(tx: Connection, column: Column[Any]) -> dict[str, int]:
    """How many rows have each value of a column."""
    rows = tx.execute(select(column, func.count()).group_by(column))
    return dict(rows.all())
