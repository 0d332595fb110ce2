"""One life of the service: the real workers over fake ports, until it is stopped or its power goes."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Engine

from bot.bells import Bells
from bot.bootstrap import Bot
from bot.jobs.answering import Answering
from bot.jobs.describing import Describing
from bot.jobs.hearing import Hearing
from bot.jobs.lead_delivery import LeadDelivery
from bot.jobs.service import DRAIN, _unfailing
from bot.jobs.sweep import Sweep
from bot.pulse import Pulse
from bot.purses import Purses
from bot.settings import Settings
from bot.store import chats
from bot.store.engine import Store, StoreUnavailable
from tests.reliability.fake_avito import BEGIN, Door, FakeAvito
from tests.reliability.fake_others import CrmDoor, FakeCrm, FakeModel, Pen
from tests.reliability.memory_store import MemoryStore
from tests.reliability.power import Cut, Power

_mine: ContextVar[list[asyncio.Task[Any]] | None] = ContextVar("_mine", default=None)


def remember_tasks(loop: asyncio.AbstractEventLoop, work: Any, **more: Any) -> "asyncio.Task[Any]":
    """A task factory: every task that a process starts is known to it, so that all end with it."""
    task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **more)
    if (tasks := _mine.get()) is not None:
        tasks.append(task)
    return task


def now() -> datetime:
    """The virtual moment."""
    seconds = BEGIN + asyncio.get_running_loop().time()
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=round(seconds * 1e6))


class Process:
    """Built on what outlives it: the database, and the world outside."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        avito: FakeAvito,
        model: FakeModel,
        crm: FakeCrm,
        chance: random.Random,
        cut: Cut,
        *,
        pauses: Callable[[], float] = lambda: 0.0,
        alone: bool = True,
        hears_every: float = 0.0,
        name: str = "process",
    ) -> None:
        self.power = Power(cut, pauses)
        self._hears_every = hears_every
        self._tasks: list[asyncio.Task[Any]] = []
        self.store = MemoryStore(
            engine, self.power, chance, lambda: avito.weather.store_fails, alone=alone
        )
        door, nothing = Door(avito, self.power), cast(Any, None)
        bells = Bells()
        self.bot = Bot(
            settings=settings,
            store=cast(Store, self.store),
            sealer=nothing,
            http=nothing,
            auth=nothing,
            tokens=nothing,
            avito=lambda _account_id: door,
            writer=Pen(model, self.power),
            ear=None,
            purses=Purses(cast(Store, self.store), now, bells.events.ring),
            crm=CrmDoor(crm, self.power),
            crm_http=nothing,
            channels=(),
            lake=nothing,
            bells=bells,
            pulse=Pulse(started_at=now()),
            now=now,
            name=name,
        )

    async def live(self, stop: asyncio.Event) -> None:
        """Works until it is told to stop, and then drains; or until its power goes."""
        life = self.start(self._work(stop))
        gone = asyncio.create_task(self.power.gone.wait())
        await asyncio.wait((life, gone), return_when=asyncio.FIRST_COMPLETED)
        self.power.off()
        gone.cancel()
        while waits := [task for task in self._tasks if not task.done()]:
            for task in waits:
                task.cancel()
            await asyncio.wait(waits)

    def start(self, work: Any) -> "asyncio.Task[Any]":
        """Runs something inside this process: it ends with it."""
        token = _mine.set(self._tasks)
        try:
            return asyncio.create_task(work)
        finally:
            _mine.reset(token)

    async def _hear_late(self) -> None:
        """As if a backlog stood before each call."""
        hearing = Hearing(self.bot)
        while True:
            await asyncio.sleep(self._hears_every)
            with contextlib.suppress(StoreUnavailable):
                await self.store.write(hearing.take_in)
            self.bot.bells.chats.ring()

    async def _work(self, stop: asyncio.Event) -> None:
        while True:
            try:
                if self.store.is_sqlite:
                    await self.store.write(chats.free_all)
                break
            except Exception:
                await asyncio.sleep(1)
        answering = Answering(self.bot)
        assert self.bot.crm
        runs: dict[str, Callable[[], Awaitable[None]]] = {
            "hearing": self._hear_late if self._hears_every else Hearing(self.bot).run,
            "answering": answering.run,
            "sweep": Sweep(self.bot).run,
            "describing": Describing(self.bot).run,
            "leads": LeadDelivery(self.bot, self.bot.crm).run,
        }
        tasks = [asyncio.create_task(_unfailing(self.bot, name, run)) for name, run in runs.items()]
        await stop.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            async with asyncio.timeout(DRAIN):
                await answering.drain()
        except TimeoutError:
            pass
