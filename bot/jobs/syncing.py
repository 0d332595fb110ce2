"""Reads an account's listings from Avito, one sync of an account at a time, whoever asks for it."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from bot.bootstrap import Bot
from bot.errors import BotError, NotFound
from bot.model import ListingRow
from bot.store import accounts, listings
from bot.store.engine import StoreUnavailable

log = structlog.get_logger()

PAGE = 99
"""Listings of a full page; a shorter one is the last."""

PEEK = 0.2
"""Seconds between looks at a sync that somebody else runs."""


@dataclass(frozen=True)
class Synced:
    """How many listings were read, and how many Avito lists."""

    synced: int
    total: int


@dataclass
class Progress:
    """What a sync has read so far."""

    found: set[int] = field(default_factory=set)
    changed: int = 0
    pages: int = 0
    first_page: asyncio.Event = field(default_factory=asyncio.Event)


async def sync(bot: Bot, account_id: int) -> Synced:
    """Reads all listings of an account, or waits for the sync that does. Raises BotError, StoreUnavailable."""
    progress = Progress()
    if await _begin(bot, account_id):
        return await _run(bot, account_id, progress)
    return await _others(bot, account_id)


async def sync_first_page(bot: Bot, account_id: int) -> None:
    """Reads the first page of listings before it returns; the rest goes on behind it. Raises as `sync`."""
    if not await _begin(bot, account_id):
        return
    progress = Progress()
    task = asyncio.create_task(_run(bot, account_id, progress))
    _behind.add(task)
    task.add_done_callback(_ended)
    first = asyncio.create_task(progress.first_page.wait())
    await asyncio.wait({task, first}, return_when=asyncio.FIRST_COMPLETED)
    first.cancel()
    if task.done():
        task.result()


async def sync_all(bot: Bot) -> Synced:
    """Reads the listings of every account; raises the first error if no account could be read."""
    rows = await bot.store.read(accounts.present)
    usable = [row.id for row in rows if row.state in ("connected", "no_messenger")]
    done = await asyncio.gather(*(sync(bot, id) for id in usable), return_exceptions=True)
    good = [one for one in done if isinstance(one, Synced)]
    bad = [one for one in done if isinstance(one, BaseException)]
    if bad and (not good or not all(isinstance(one, BotError) for one in bad)):
        raise bad[0]
    failed = [
        row.sync_total or 0
        for row, one in zip([r for r in rows if r.id in usable], done, strict=True)
        if not isinstance(one, Synced)
    ]
    return Synced(sum(one.synced for one in good), sum(one.total for one in good) + sum(failed))


async def _begin(bot: Bot, account_id: int) -> bool:
    return await bot.store.write(lambda tx: listings.begin_sync(tx, account_id, bot.now()))


async def _run(bot: Bot, account_id: int, progress: Progress) -> Synced:
    try:
        while True:
            rows = await bot.avito(account_id).listings(progress.pages + 1)
            await _keep(bot, account_id, progress, rows)
            if len(rows) < PAGE:
                break
        found = sorted(progress.found)
        await bot.store.write(
            lambda tx: listings.end_sync(tx, account_id, found, progress.changed, bot.now())
        )
    except BaseException:
        await _break_off(bot, account_id)
        raise
    bot.bells.events.ring()
    return Synced(len(found), len(found))


async def _keep(bot: Bot, account_id: int, progress: Progress, rows: Sequence[ListingRow]) -> None:
    """A listing may move between pages while they are read: it counts once."""
    fresh = list({row.id: row for row in rows if row.id not in progress.found}.values())
    progress.found |= {row.id for row in fresh}
    progress.pages += 1
    done = len(progress.found)
    progress.changed += await bot.store.write(
        lambda tx: listings.put(tx, account_id, fresh, done, bot.now())
    )
    bot.bells.events.ring()
    progress.first_page.set()


async def _break_off(bot: Bot, account_id: int) -> None:
    with contextlib.suppress(StoreUnavailable):  # then its lease will run out
        await bot.store.write(lambda tx: listings.break_off_sync(tx, account_id))


async def _others(bot: Bot, account_id: int) -> Synced:
    """Waits for the sync that somebody else runs, and tells what it found."""
    while True:
        row = await bot.store.read(lambda tx: accounts.one(tx, account_id))
        if row is None or row.state == "removed":
            raise NotFound("the account is not connected", status=404)
        if row.sync_until is None or row.sync_until <= bot.now():
            return Synced(row.sync_done, row.sync_total or row.sync_done)
        await asyncio.sleep(PEEK)


_behind: set["asyncio.Task[Synced]"] = set()


def _ended(task: "asyncio.Task[Synced]") -> None:
    _behind.discard(task)
    if not task.cancelled() and (error := task.exception()):
        log.warning("listings not synced to the end", error=type(error).__name__)
