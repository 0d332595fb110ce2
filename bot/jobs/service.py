"""Everything that works behind the routes, started and stopped together."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

import structlog

from bot.bootstrap import Bot
from bot.jobs.answering import Answering
from bot.jobs.describing import Describing
from bot.jobs.hearing import Hearing
from bot.jobs.lead_delivery import LeadDelivery
from bot.jobs.sink import Sink
from bot.jobs.sweep import Sweep
from bot.jobs.telling import Telling
from bot.store import chats, journal
from bot.store.leader import Leadership
from pipeline.events import BotStarted, BotStopped

log = structlog.get_logger()

DRAIN = 7.0
"""Seconds that turns in hand have to end; what does not is found in the database by the next start."""


@asynccontextmanager
async def running(bot: Bot) -> AsyncIterator[None]:
    """Runs the workers while the body runs; then puts down what is in hand and publishes the last events."""
    if bot.store.is_sqlite:
        await bot.store.write(chats.free_all)
    await bot.store.write(
        lambda tx: journal.record(tx, BotStarted(version=_version()), at=bot.now())
    )
    writes, sweeps = Leadership(bot.store, "log"), Leadership(bot.store, "sweep")
    answering, sink = Answering(bot), Sink(bot, writes.held)
    runs = {
        "hearing": Hearing(bot).run,
        "answering": answering.run,
        "sink": sink.run,
        "sweep": Sweep(bot, sweeps.held).run,
        "describing": Describing(bot).run,
        "telling": Telling(bot).run,
    }
    if bot.crm:
        runs["leads"] = LeadDelivery(bot, bot.crm).run
    tasks = [
        asyncio.create_task(_unfailing(bot, name, run), name=name) for name, run in runs.items()
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            async with asyncio.timeout(DRAIN):
                await answering.drain()
                await bot.store.write(lambda tx: journal.record(tx, BotStopped(), at=bot.now()))
                await sink.close()
        except TimeoutError:
            log.warning("not everything was put down in time; the next start goes on with it")
        finally:
            await asyncio.gather(writes.close(), sweeps.close())


async def _unfailing(bot: Bot, name: str, run: Callable[[], Awaitable[None]]) -> None:
    """A fault of ours in one worker must not stop the service: it is told, and the worker starts again."""
    while True:
        try:
            await run()
        except Exception as error:
            log.exception("worker fell", worker=name)
            bot.pulse.beat(name, bot.now(), ok=False, detail=type(error).__name__)
            await asyncio.sleep(2.0)


def _version() -> str:
    try:
        return version("avito-assistant")
    except PackageNotFoundError:
        return "0.1.0"
