"""What Avito told us, kept raw until it was understood."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from itertools import chain

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects import postgresql

from bot.store.engine import Store
from bot.store.tables import account, inbox

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
    heard = {row.id: row.webhook_heard_at for row in tx.execute(_CONNECTED)}
    if wanted := [call for call in calls if call.account_id in heard]:
        _keep(tx, wanted)
        _heard(tx, {call.account_id: heard[call.account_id] for call in wanted}, calls[-1])
    return {call.account_id for call in calls} - heard.keys()


_CONNECTED = select(account.c.id, account.c.webhook_heard_at).where(account.c.state != "removed")


def _keep(tx: Connection, calls: Sequence[Call]) -> None:
    if tx.dialect.name == "postgresql":
        tx.execute(_ONE_BY_ONE, [vars(call) for call in calls])
        return
    rows = [(c.account_id, c.message_id, c.body, _as_kept(c.received_at)) for c in calls]
    tx.exec_driver_sql(_all_at_once(len(rows)), tuple(chain.from_iterable(rows)))


_ONE_BY_ONE = postgresql.insert(inbox).on_conflict_do_nothing()


@lru_cache(AT_ONCE)
def _all_at_once(rows: int) -> str:
    """One step of SQLite: with each it lets go of Python's lock, and the loop that hears new calls may keep it long."""
    places = ", ".join(["(?, ?, ?, ?)"] * rows)
    names = "account_id, message_id, body, received_at"
    return f"INSERT INTO inbox ({names}) VALUES {places} ON CONFLICT DO NOTHING"  # noqa: S608 - names and places only


def _as_kept(at: datetime) -> str:
    """As SQLAlchemy writes a moment into SQLite."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _heard(tx: Connection, before: Mapping[int, datetime | None], last: Call) -> None:
    """Notes when accounts were heard of, not with every call."""
    now = last.received_at
    if due := [id for id, at in before.items() if at is None or at < now - HEARD_EVERY]:
        tx.execute(update(account).where(account.c.id.in_(due)).values(webhook_heard_at=now))


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
                calls = [call for call, _ in letters]
                unknown = await self._store.write(partial(receive, calls=calls), urgent=True)
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
