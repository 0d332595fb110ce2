"""The accounts' purses: many calls of the model reserve and settle in one transaction, together."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic, TypeVar

from bot.model import Clock, Cost, Grant
from bot.store import budgets
from bot.store.budgets import Want
from bot.store.engine import Store, StoreUnavailable

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE = 1000
"""Wishes that one transaction takes at most."""


class Together(Generic[T, R]):
    """Hands in one after the other what comes while the last transaction runs: a crowd costs a few transactions.

    Work goes on in a task of its own, so that a caller who gives up stops nobody else.
    """

    def __init__(self, work: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        self._work = work
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, wish: T) -> R:
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((wish, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            try:
                answers = await self._work([wish for wish, _ in taken])
            except BaseException as error:
                for _, future in taken:
                    if not future.done():
                        future.set_exception(error) if isinstance(
                            error, Exception
                        ) else future.cancel()
                if not isinstance(error, Exception):
                    raise
                continue
            for (_, future), answer in zip(taken, answers, strict=True):
                if not future.done():
                    future.set_result(answer)


class Purses:
    """One for each process; what the accounts may spend is in the database, for all of them."""

    def __init__(self, store: Store, clock: Clock, ring: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._ring = ring
        self._hold: Together[Want, Grant | None] = Together(self._holding)
        self._settle: Together[tuple[Grant, Cost | None], None] = Together(self._settling)

    def of(
        self,
        account_id: int,
        *,
        purpose: str = "reply",
        listing_id: int | None = None,
        chat_id: str | None = None,
    ) -> "AccountPurse":
        """The purse of an account, for calls with this purpose: events tell of it."""
        want = Want(account_id, (), purpose, listing_id, chat_id)
        return AccountPurse(want, self._hold, self._settle)

    async def _holding(self, wants: Sequence[Want]) -> Sequence[Grant | None]:
        held = await self._store.write(partial(budgets.hold, wants=wants, now=self._clock()))
        if None in held:
            self._ring()
        return held

    async def _settling(self, done: Sequence[tuple[Grant, Cost | None]]) -> Sequence[None]:
        await self._store.write(lambda tx: budgets.settle(tx, done))
        return [None] * len(done)


@dataclass(frozen=True)
class AccountPurse:
    """A Purse. Raises StoreUnavailable when nothing can be reserved now."""

    want: Want
    hold: Callable[[Want], Awaitable[Grant | None]]
    put_back: Callable[[tuple[Grant, Cost | None]], Awaitable[None]]

    async def reserve(self, offers: Sequence[Cost]) -> Grant | None:
        return await self.hold(replace(self.want, offers=offers))

    async def settle(self, grant: Grant, cost: Cost | None) -> None:
        """Never fails: what cannot be settled now counts in full when its time is over."""
        with contextlib.suppress(StoreUnavailable):
            await self.put_back((grant, cost))
