"""What is done by the clock and may be missed: each job finds by itself what there is to do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.bootstrap import Bot
from bot.errors import BotError, TokenRejected
from bot.jobs import hooking, statistics, syncing, tidying, watching
from bot.jobs.timetable import EVERY
from bot.store import kept, token_pairs
from bot.store.engine import StoreUnavailable
from bot.store.leader import Leadership
from bot.tokens import AHEAD

log = structlog.get_logger()

FIRST = {
    "token_renewal": 1,
    "webhook_check": 2,
    "listing_sync": 20,
    "resealing": 30,
    "statistics": 45,
    "budget_settling": 60,
    "watching": 75,
    "forgetting": 120,
}
"""Seconds after the start: what messages depend on comes first."""

JITTER = 20
"""Seconds by which runs vary, so that many bots do not ask Avito in the same second."""

DRAIN = 1.0
"""Seconds that a run has to end when the service stops; every job goes on where it was, at its next run."""


async def renew_tokens(bot: Bot) -> str:
    """Renews what ends soon, before anybody waits for it."""
    soon = await bot.store.read(lambda tx: token_pairs.run_out(tx, bot.now() + AHEAD))
    for account_id in soon:
        try:
            await bot.tokens.renew_ahead(account_id)
        except TokenRejected:
            log.warning("account must be connected again", account_id=account_id)
    return f"{len(soon)} accounts"


async def sync_listings(bot: Bot) -> str:
    """Reads the listings of every account; those of one account may fail alone."""
    done = await syncing.sync_all(bot)
    return f"{done.synced} of {done.total} listings"


JOBS: dict[str, Callable[[Bot], Awaitable[str]]] = {
    "token_renewal": renew_tokens,
    "listing_sync": sync_listings,
    "webhook_check": hooking.check_all,
    "statistics": statistics.catch_up,
    "forgetting": tidying.forget,
    "resealing": tidying.reseal,
    "budget_settling": tidying.settle_budgets,
    "watching": watching.watch,
}


async def run_job(bot: Bot, name: str) -> bool:
    """Runs a job and keeps how it went; whether it went well."""
    try:
        ok, detail = True, await JOBS[name](bot)
    except (BotError, StoreUnavailable) as error:
        ok, detail = False, f"{type(error).__name__}: {error}"[:300]
    except Exception as error:  # a fault of ours in one job must not stop the clock
        log.exception("job fell", job=name)
        ok, detail = False, type(error).__name__
    (log.info if ok else log.warning)("job ran", job=name, ok=ok, detail=detail)
    bot.pulse.beat(name, bot.now(), ok=ok, detail=detail)
    try:
        await bot.store.write(lambda tx: kept.ran(tx, name, bot.now(), ok=ok, detail=detail))
    except StoreUnavailable as error:
        log.warning("job not kept", job=name, error=str(error))
    return ok


@asynccontextmanager
async def scheduled(bot: Bot) -> AsyncIterator[None]:
    """Runs the clock while the body runs; of several processes one does what it says."""
    under_way: set[asyncio.Task[bool]] = set()
    leadership = Leadership(bot.store, "clock")

    async def run(name: str) -> None:
        if not await leadership.held():
            bot.pulse.beat(name, bot.now(), detail="another process does this")
            return
        task = asyncio.create_task(run_job(bot, name))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        await asyncio.shield(task)

    clock = AsyncIOScheduler(timezone="UTC")
    for name, every in EVERY.items():
        first = bot.now() + timedelta(seconds=FIRST[name])
        clock.add_job(
            run,
            IntervalTrigger(seconds=int(every.total_seconds()), jitter=JITTER, timezone="UTC"),
            args=(name,),
            id=name,
            next_run_time=first,
            misfire_grace_time=None,  # a run that is late is done all the same, once
            coalesce=True,
            max_instances=1,
        )
    clock.start()
    try:
        yield
    finally:
        clock.shutdown(wait=False)
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=DRAIN)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await leadership.close()
