"""Finds what no webhook told: Avito does not repeat a call that was lost, so changed chats are read."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection, select

from bot.bootstrap import Bot
from bot.errors import BotError
from bot.jobs.intake import Heard, Rules, absorb, oldest_first
from bot.model import WireChat, WireMessage
from bot.store import chats, journal, kept, messages
from bot.store.engine import StoreUnavailable
from bot.store.leader import Leads, alone
from bot.store.tables import account
from pipeline.events import SweepFinished

log = structlog.get_logger()

EVERY = 40.0
FIRST, SECOND = 3.0, 12.0
"""Seconds after the start, and after the first sweep: what was too fresh for the first need not wait for the third."""

FRESH = timedelta(seconds=8)
"""A message younger than this may still be on its way to us by webhook."""

OVERLAP = timedelta(minutes=5)
LATELY = timedelta(seconds=30)
"""Before the last sweep: what it passed over as too fresh is looked at by this one."""

PAGES = 11
"""Pages of chats that Avito lets us turn: its offset ends at 1000."""


class Sweep:
    """Looks at each account in turn, while `leads` says so: of several processes one is enough."""

    def __init__(self, bot: Bot, leads: Leads = alone) -> None:
        self._bot = bot
        self._leads = leads
        self._rules = Rules.of(bot.settings)

    async def run(self) -> None:
        await asyncio.sleep(FIRST)
        wait = SECOND
        while True:
            try:
                if await self._leads():
                    for account_id in await self._bot.store.read(_usable):
                        await self._account(account_id)
                else:
                    self._bot.pulse.beat("sweep", self._bot.now(), detail="another process sweeps")
                    wait = FIRST
            except StoreUnavailable as error:
                self._bot.pulse.beat("sweep", self._bot.now(), ok=False, detail=str(error))
            await asyncio.sleep(wait)
            wait = EVERY

    async def _account(self, account_id: int) -> None:
        try:
            found = await self.sweep(account_id)
            self._bot.pulse.beat("sweep", self._bot.now(), detail=f"{found}")
        except BotError as error:
            log.info("sweep broken off", account_id=account_id, error=error.kind)
            self._bot.pulse.beat("sweep", self._bot.now(), ok=False, detail=error.kind)

    async def sweep(self, account_id: int) -> int:
        """Reads the chats that changed since the last sweep; how many messages were found.

        The mark moves only when all of them were read, so that a sweep that fails half-way is done again.
        """
        started, mark = self._bot.now(), f"sweep:{account_id}"
        since = await self._bot.store.read(lambda tx: _since(tx, mark, account_id))
        changed = await self._changed(account_id, since - OVERLAP)
        found = 0
        for told in changed:
            found += await self._read(account_id, told, since)
        await self._bot.store.write(
            lambda tx: self._finished(tx, account_id, mark, started, len(changed), found)
        )
        if found:
            self._bot.bells.chats.ring()
            self._bot.bells.events.ring()
        return found

    async def _changed(self, account_id: int, since: datetime) -> list[WireChat]:
        """Chats where we may lack something, newest first as Avito lists them.

        Those whose newest message we do not have; and all in which something was said since the last sweep, because the
        call that told of the newest message may have overtaken one that was lost.
        """
        changed: list[WireChat] = []
        for page in range(PAGES):
            told = await self._bot.avito(account_id).chats(limit=100, offset=min(100 * page, 1000))
            recent = [one for one in told if one.updated_at >= since]
            ids = [one.last_message_id for one in recent if one.last_message_id]
            known = await self._bot.store.read(
                partial(messages.known, account_id=account_id, ids=ids)
            )
            changed += [
                one
                for one in recent
                if one.updated_at >= since - LATELY or one.last_message_id not in known
            ]
            if len(recent) < len(told) or len(told) < 100:
                break
        return changed

    async def _read(self, account_id: int, told: WireChat, since: datetime) -> int:
        """Takes in what we do not have of one chat, back to the last sweep."""
        history: list[WireMessage] = []
        for page in range(PAGES):
            lines = await self._bot.avito(account_id).messages(
                told.id, limit=100, offset=min(100 * page, 1000), swept=True
            )
            history += lines
            if len(lines) < 100 or lines[-1].created_at < since - OVERLAP:
                break
        return await self._bot.store.write(lambda tx: self._take_in(tx, account_id, told, history))

    def _take_in(
        self, tx: Connection, account_id: int, told: WireChat, history: list[WireMessage]
    ) -> int:
        now, found = self._bot.now(), 0
        connected_at = _connected_at(tx, account_id)
        known = messages.known(tx, account_id, [line.id for line in history])
        for line in oldest_first(history):
            ripe = connected_at.replace(microsecond=0) <= line.created_at <= now - FRESH
            if ripe and line.id not in known:
                # A history tells neither the listing nor the kind of chat; the list of chats does.
                line = replace(line, listing_id=told.listing_id, chat_type=told.chat_type)
                found += absorb(tx, Heard(line, "sweep", now), self._rules, now)
        if chats.get(tx, told.id):
            chats.describe(tx, told, now)
        return found

    def _finished(
        self, tx: Connection, account_id: int, mark: str, started: datetime, read: int, found: int
    ) -> None:
        kept.mark(tx, mark, started.isoformat(), started)
        if found:
            journal.record(
                tx,
                SweepFinished(account_id=account_id, chats=read, found=found),
                at=self._bot.now(),
            )


def _usable(tx: Connection) -> list[int]:
    return list(tx.scalars(select(account.c.id).where(account.c.state == "connected")))


def _since(tx: Connection, mark: str, account_id: int) -> datetime:
    """Where the last sweep began, or when the account was connected."""
    kept_at = kept.read(tx, mark)
    if kept_at:
        return datetime.fromisoformat(kept_at)
    return _connected_at(tx, account_id)


def _connected_at(tx: Connection, account_id: int) -> datetime:
    at = tx.execute(select(account.c.connected_at).where(account.c.id == account_id))
    moment: datetime = at.scalar_one()
    return moment
