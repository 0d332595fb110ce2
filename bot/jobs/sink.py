"""Carries events to the log: each is there exactly once, after any crash.

1. Events without a place in the log get the next places, in a transaction of their own.
2. What has a place after the log's last one is appended, in one transaction of the log.
3. Then it is marked as published.

Dying between any two steps repeats only what the log, by its last place, knows to be there already. Of several processes
one carries; another that takes over reads the log's last place anew.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import structlog

from bot.bootstrap import Bot
from bot.jobs.auditing import Audit
from bot.store import journal
from bot.store.engine import StoreUnavailable
from bot.store.leader import Leads, alone
from pipeline.lake import LakeBroken
from pipeline.writer import LakeWriter

log = structlog.get_logger()

BATCH = 1000
GATHER = 0.25
"""Seconds between batches: a commit of one row costs as much as one of a hundred."""

MAINTAIN = timedelta(minutes=10)
COMMITS = 25
"""So many commits make so many small files, which are merged sooner than the clock says."""


class Sink:
    """The one writer of the log, in a thread of its own; it writes only while `leads` says so."""

    def __init__(self, bot: Bot, leads: Leads = alone) -> None:
        self._bot = bot
        self._leads = leads
        self._leading = True
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sink")
        self._writer: LakeWriter | None = None
        self._audit = Audit(bot)
        self._maintained_at = bot.now()
        self._commits = 0

    async def run(self) -> None:
        while True:
            wait = 15.0 if self._bot.store.is_sqlite else 1.0
            try:
                while await self.publish() == BATCH:
                    pass
                await self._maintain()
                elsewhere = "" if self._leading else "another process writes the log"
                self._bot.pulse.beat("sink", self._bot.now(), detail=elsewhere)
            except (LakeBroken, StoreUnavailable) as error:
                log.warning(
                    "the log cannot be written", error=type(error).__name__, detail=str(error)[:200]
                )
                self._bot.pulse.beat(
                    "sink", self._bot.now(), ok=False, detail=str(error).splitlines()[0][:200]
                )
                wait = 5.0
            await self._bot.bells.events.wait(wait)
            await asyncio.sleep(GATHER)

    async def publish(self) -> int:
        """Appends one batch of events that wait; how many that were."""
        if not await self._may():
            return 0
        if not (await self._bot.store.read(journal.waiting))[0]:
            return 0
        last = await self._in_thread(lambda writer: writer.position())
        await self._bot.store.write(lambda tx: journal.number(tx, after=last, limit=BATCH))
        rows = await self._bot.store.read(lambda tx: journal.numbered(tx, after=last, limit=BATCH))
        if rows:
            if not await self._may():  # the last look: what follows cannot be taken back
                return 0
            await self._in_thread(lambda writer: writer.append(rows))
            self._commits += 1
            last = rows[-1].seq
        await self._bot.store.write(lambda tx: journal.published(tx, up_to=last))
        return len(rows)

    async def close(self) -> None:
        """Publishes what waits, then lets go of the log."""
        await self._audit.close()
        try:
            while await self.publish():
                pass
        except (LakeBroken, StoreUnavailable) as error:
            log.warning("events wait for the next start", error=type(error).__name__)
        await self._let_go()
        self._thread.shutdown()

    async def _may(self) -> bool:
        self._leading = await self._leads()
        if not self._leading:
            await self._let_go()
        return self._leading

    async def _let_go(self) -> None:
        """Forgets what is known of the log: whoever leads may write to it."""
        if self._writer:
            await self._in_thread(lambda writer: writer.close())
            self._writer = None

    async def _maintain(self) -> None:
        """Merges small files and lets old snapshots go, on the same connection: a second writer would disturb it. What
        happens meanwhile is published between the pieces of it."""
        now = self._bot.now()
        late = self._commits and now - self._maintained_at >= MAINTAIN
        if self._writer and (late or self._commits >= COMMITS):
            self._maintained_at, self._commits = now, 0
            for step in await self._in_thread(lambda writer: writer.maintenance()):
                await self._in_thread(lambda _, step=step: step())
                await self.publish()
                if not self._leading:
                    return
            self._audit.begin()

    async def _in_thread(self, work: Any) -> Any:
        def working() -> Any:
            if self._writer is None:
                silence = timedelta(hours=self._bot.settings.dialog_silence_hours)
                self._writer = LakeWriter(self._bot.lake, silence)
            return work(self._writer)

        return await asyncio.get_running_loop().run_in_executor(self._thread, working)
