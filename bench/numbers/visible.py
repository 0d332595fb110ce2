"""How soon a reader sees an event: from its commit in the bot's database until a reader elsewhere finds it in the log."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import duckdb

from bot.bootstrap import Bot, build
from bot.jobs.sink import Sink
from bot.store import journal
from pipeline import Lake, connect
from pipeline.events import MessageReceived
from tests.bot.town import settings_for

EVENTS, PAUSE = 200, 0.1
"""So many events, so many seconds apart on the average: a lively seller, and a commit of the log with every second gather."""

LOOK = 0.02
PATIENCE = 60.0


def spans(lake: Lake, home: Path) -> list[float]:
    """Seconds for each event."""
    return asyncio.run(_spans(lake, home))


async def _spans(lake: Lake, home: Path) -> list[float]:
    bot = replace(build(settings_for(f"sqlite:///{home}/bot.sqlite3", home)), lake=lake)
    reader = connect(lake)
    sink = Sink(bot)
    running = asyncio.create_task(sink.run())
    try:
        await _warm(bot, reader)
        return await _watched(bot, reader)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await sink.close()
        await bot.close()


async def _warm(bot: Bot, reader: duckdb.DuckDBPyConnection) -> None:
    """The first commit opens the log."""
    await _happens(bot, "warm")
    with ThreadPoolExecutor(1) as eyes:
        await asyncio.get_running_loop().run_in_executor(eyes, _until_seen, reader, {"warm"})


async def _watched(bot: Bot, reader: duckdb.DuckDBPyConnection) -> list[float]:
    names = {f"seen-{number}" for number in range(EVENTS)}
    committed: dict[str, float] = {}
    random = Random(1)
    with ThreadPoolExecutor(1) as eyes:
        watching = asyncio.get_running_loop().run_in_executor(eyes, _until_seen, reader, names)
        for name in sorted(names):
            await asyncio.sleep(random.expovariate(1 / PAUSE))
            await _happens(bot, name)
            committed[name] = time.monotonic()
        seen = await watching
    return [seen[name] - moment for name, moment in committed.items()]


async def _happens(bot: Bot, name: str) -> None:
    now = datetime.now(UTC)
    event = MessageReceived(
        account_id=1, listing_id=7, chat_id=f"chat-{name[-1]}", message_id=name, author="client", type="text",
        text="Ещё актуально?", found_by="webhook", received_at=now,
    )  # fmt: skip
    await bot.store.write(lambda tx: journal.record(tx, event, at=now))
    bot.bells.events.ring()


def _until_seen(reader: duckdb.DuckDBPyConnection, names: set[str]) -> dict[str, float]:
    seen: dict[str, float] = {}
    [(after,)] = reader.execute("SELECT coalesce(max(seq), 0) FROM lake.main.event_log").fetchall()
    deadline = time.monotonic() + EVENTS * PAUSE + PATIENCE
    while len(seen) < len(names) and time.monotonic() < deadline:
        found = reader.execute(
            "SELECT seq, message_id FROM lake.main.event_log WHERE seq > ?", [after]
        )
        now = time.monotonic()
        for seq, name in found.fetchall():
            after = max(after, seq)
            if name in names:
                seen.setdefault(name, now)
        time.sleep(LOOK)
    return seen
