"""A store with the same promises as the real one and no threads, for virtual time.

The writer's thread and its group commit have tests of their own.
"""

import asyncio
import random
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event

from bot.store.engine import StoreUnavailable
from bot.store.tables import metadata
from tests.reliability.power import Power

T = TypeVar("T")
Work = Callable[[Connection], T]


def database() -> Engine:
    """A database of its own, in memory; it outlives the processes that use it."""
    engine = _empty()
    engine.raw_connection().driver_connection.deserialize(_template())  # type: ignore[union-attr]
    return engine


def _empty() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


@cache
def _template() -> bytes:
    engine = _empty()
    metadata.create_all(engine)
    bytes_: bytes = engine.raw_connection().driver_connection.serialize()  # type: ignore[union-attr]
    return bytes_


class MemoryStore:
    """`write` and `read` of one process. The power may go before a commit and after it.

    `failing` is the share of calls that end in StoreUnavailable; of writes, half were done all the same.
    """

    def __init__(
        self,
        engine: Engine,
        power: Power,
        chance: random.Random,
        failing: Callable[[], float],
        *,
        alone: bool = True,
    ) -> None:
        self.is_sqlite = alone
        self.engine = engine
        self._power = power
        self._chance = chance
        self._failing = failing

    async def write(self, work: Work[T], *, urgent: bool = False) -> T:
        await self._delay()
        await self._power.rest()
        fails = self._chance.random() < self._failing()
        if fails and self._chance.random() < 0.5:
            raise StoreUnavailable("disk full")
        self._power.point("before a commit")
        with self.engine.begin() as tx:
            result = work(tx)
        self._power.point("after a commit")
        await self._delay()
        await self._power.rest()
        if fails:
            raise StoreUnavailable("the connection broke after the commit")
        return result

    async def read(self, work: Work[T]) -> T:
        await self._delay()
        self._power.point("read of the database")
        with self.engine.connect() as tx:
            return work(tx)

    async def _delay(self) -> None:
        await asyncio.sleep(self._chance.choice((0.0, 0.001, 0.004, 0.02)))
