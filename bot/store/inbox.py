"""What Avito told us, kept raw until it was understood."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, func, or_, select, update

from bot.store.engine import Store
from bot.store.tables import account, inbox
from bot.store.upsert import insert_into

AT_ONCE = 500
"""Calls that one transaction takes at most."""


HEARD_EVERY = timedelta(seconds=5)
"""How exactly we want to know when an account was last heard of."""


class UnknownAccount(Exception):
    """No such account is connected."""


@dataclass(frozen=True)
class Raw:
    """One call of the webhook as it came."""

    no: int
    account_id: int
    body: str
    received_at: datetime


@dataclass(frozen=True)
class Call:
    """One call of the webhook, about to be written down."""

    account_id: int
    message_id: str
    body: str
    received_at: datetime


def receive(tx: Connection, calls: Sequence[Call]) -> set[int]:
    """Keeps calls that were not told before, all with one statement; the accounts that are not connected."""
    asked = {call.account_id for call in calls}
    connected = select(account.c.id).where(account.c.id.in_(asked), account.c.state != "removed")
    known = set(tx.scalars(connected))
    if rows := [vars(call) for call in calls if call.account_id in known]:
        tx.execute(insert_into(tx, inbox).on_conflict_do_nothing(), rows)
        _heard(tx, known, calls[-1].received_at)
    return asked - known


def _heard(tx: Connection, accounts: set[int], now: datetime) -> None:
    long_ago = or_(
        account.c.webhook_heard_at.is_(None), account.c.webhook_heard_at < now - HEARD_EVERY
    )
    tx.execute(
        update(account).where(account.c.id.in_(accounts), long_ago).values(webhook_heard_at=now)
    )


_Letters = list[tuple[Call, "asyncio.Future[None]"]]


class Letterbox:
    """Where calls of the webhook are dropped in: those that come while others are written go together after them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: _Letters = []
        self._emptying: asyncio.Task[None] | None = None

    async def drop(self, call: Call) -> None:
        """Returns once the call is on disk. Raises UnknownAccount, StoreUnavailable."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((call, written))
        if self._emptying is None or self._emptying.done():
            self._emptying = asyncio.create_task(self._empty())
        await written

    async def _empty(self) -> None:
        while self._waiting:
            letters, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            try:
                unknown = await self._store.write(partial(receive, calls=[c for c, _ in letters]))
            except Exception as error:  # whatever it is, it belongs to those who wait
                _tell(letters, partial(_same, error))
            else:
                _tell(letters, partial(_refusal, unknown))


def _refusal(unknown: set[int], call: Call) -> Exception | None:
    return UnknownAccount(call.account_id) if call.account_id in unknown else None


def _same(error: Exception, call: Call) -> Exception:
    return error


def _tell(letters: _Letters, trouble: Callable[[Call], Exception | None]) -> None:
    """Tells those who still wait what came of their call."""
    for call, written in letters:
        if written.done():
            continue
        if (error := trouble(call)) is not None:
            written.set_exception(error)
        else:
            written.set_result(None)


def waiting(tx: Connection, limit: int) -> Sequence[Raw]:
    """Calls that nobody has understood yet, in the order in which they came."""
    rows = tx.execute(
        select(inbox.c.no, inbox.c.account_id, inbox.c.body, inbox.c.received_at)
        .where(inbox.c.done_at.is_(None))
        .order_by(inbox.c.no)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Raw(**row._mapping) for row in rows]


def done(tx: Connection, numbers: Sequence[int], now: datetime) -> None:
    tx.execute(update(inbox).where(inbox.c.no.in_(numbers)).values(done_at=now))


def size(tx: Connection) -> int:
    return tx.scalar(select(func.count()).where(inbox.c.done_at.is_(None))) or 0


def forget(tx: Connection, *, before: datetime) -> int:
    """Removes what was understood before a moment; the messages themselves stay."""
    return tx.execute(inbox.delete().where(inbox.c.done_at < before)).rowcount
