"""Avito's own numbers of each listing, day by day: Avito forgets them after 270 days, the log does not."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from bot.bootstrap import Bot
from bot.errors import BotError
from bot.model import DayStats
from bot.store import accounts, journal, kept, listings
from pipeline.events import StatsRecorded

log = structlog.get_logger()

T = TypeVar("T")

AVITO_ZONE = ZoneInfo("Europe/Moscow")
"""The zone of Avito's days."""

COUNTED_BY = 4
"""The hour at which the day before is counted to its end."""

DEPTH = timedelta(days=270)
"""How far back from today Avito remembers."""

ASK_DAYS = timedelta(days=30)
ASK_LISTINGS = 200
WRITE = 300
"""Events in one transaction, so that a webhook does not wait behind a year of numbers."""


async def catch_up(bot: Bot) -> str:
    """Every usable account, from the last day that the log has; what was recorded, in a sentence.

    One that fails does not keep the others waiting. Raises the last BotError.
    """
    recorded, failure = 0, None
    for row in await bot.store.read(accounts.present):
        if row.state in ("connected", "no_messenger"):
            try:
                recorded += await record(bot, row.id)
            except BotError as error:
                failure = error
                log.warning("statistics not read", account_id=row.id, error=error.kind)
    if failure:
        raise failure
    return f"{recorded} rows"


async def record(bot: Bot, account_id: int) -> int:
    """Reads what is missing of one account and records it; how many rows. Raises BotError.

    The mark moves with each stretch of days whose rows are all recorded. The last recorded day is read again, since
    Avito may have corrected it; the later row replaces the earlier one.
    """
    mark, last = f"stats:{account_id}", _last_counted(bot)
    known = await bot.store.read(lambda tx: kept.read(tx, mark))
    if known and date.fromisoformat(known) >= last:
        return 0
    oldest = _today(bot) - DEPTH
    start = max(date.fromisoformat(known), oldest) if known else oldest
    ids = await bot.store.read(lambda tx: listings.ids_at_avito(tx, account_id))
    recorded = 0
    while start <= last:
        end = min(start + ASK_DAYS - timedelta(days=1), last)
        recorded += await _stretch(bot, account_id, ids, start, end)
        await _move(bot, mark, end)
        start = end + timedelta(days=1)
    return recorded


async def _stretch(bot: Bot, account_id: int, ids: Sequence[int], start: date, end: date) -> int:
    rows: list[DayStats] = []
    for some in _by(ids, ASK_LISTINGS):
        rows += await bot.avito(account_id).stats(some, start, end)
    for few in _by(rows, WRITE):
        await _tell(bot, account_id, few)
    return len(rows)


async def _move(bot: Bot, mark: str, day: date) -> None:
    await bot.store.write(lambda tx: kept.mark(tx, mark, day.isoformat(), bot.now()))


async def _tell(bot: Bot, account_id: int, rows: Sequence[DayStats]) -> None:
    await bot.store.write(lambda tx: _record(tx, bot, account_id, rows))
    bot.bells.events.ring()


def _record(tx: Connection, bot: Bot, account_id: int, rows: Sequence[DayStats]) -> None:
    for row in rows:
        news = StatsRecorded(
            account_id=account_id,
            listing_id=row.listing_id,
            day=row.day.isoformat(),
            views=row.views,
            contacts=row.contacts,
            favorites=row.favorites,
        )
        journal.record(tx, news, at=bot.now())


def _today(bot: Bot) -> date:
    return bot.now().astimezone(AVITO_ZONE).date()


def _last_counted(bot: Bot) -> date:
    """Yesterday; in the first hours of a day the day before."""
    return (bot.now().astimezone(AVITO_ZONE) - timedelta(hours=COUNTED_BY, days=1)).date()


def _by(rows: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    return (rows[start : start + most] for start in range(0, len(rows), most))
