"""Asks after each maintenance whether the log is sound, beside the sink and without holding it up."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import duckdb
import structlog

from bot.bootstrap import Bot
from bot.store import kept
from bot.store.engine import StoreUnavailable
from pipeline import checks, connect
from pipeline.checks import Finding
from pipeline.lake import LakeBroken, LakeMissing

log = structlog.get_logger()

JOB = "data_checks"
RECENT = timedelta(days=3)
"""What is older was looked at before; `python -m pipeline checks` looks at all of it."""

MEMORY = "512MB"


class Audit:
    """At most one round at a time."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._round: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Starts a round, unless one is under way."""
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._look())

    async def close(self) -> None:
        """Ends a round that is under way."""
        if self._round:
            self._round.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._round

    async def _look(self) -> None:
        """The result is kept as that of a job, and told by the health route."""
        try:
            found = await self._ask()
        except (LakeMissing, LakeBroken, duckdb.Error) as error:
            log.warning(
                "the log was not checked", error=type(error).__name__, detail=str(error)[:200]
            )
            return
        ok, detail = checks.worst(found) != "stop", in_words(found)
        if detail != ALL_WELL:
            log.warning("the log is not as it should be", detail=detail)
        now = self._bot.now()
        with contextlib.suppress(StoreUnavailable):
            await self._bot.store.write(lambda tx: kept.ran(tx, JOB, now, ok=ok, detail=detail))
        self._bot.pulse.beat(JOB, now, ok=ok, detail=detail)

    async def _ask(self) -> list[Finding]:
        """In a thread and with a connection of its own; cancelled, the questions end."""
        con = await asyncio.to_thread(connect, self._bot.lake)
        try:
            return await asyncio.to_thread(_ask, con, self._bot.now())
        except asyncio.CancelledError:
            con.interrupt()
            raise


def _ask(con: duckdb.DuckDBPyConnection, now: datetime) -> list[Finding]:
    with con:
        con.execute("SET threads = 1")
        con.execute(f"SET memory_limit = '{MEMORY}'")
        return checks.run(con, now=now, recent=RECENT)


ALL_WELL = "nothing wrong"


def in_words(findings: Sequence[Finding]) -> str:
    """One line for people: what was found, the gravest first."""
    wrong = [
        f"{each.check.severity}: {each.check.title('en')} ({each.count})"
        for each in findings
        if not each.ok
    ]
    return "; ".join(wrong) or ALL_WELL
