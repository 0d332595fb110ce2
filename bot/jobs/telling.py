"""Tells managers what they should hear about, by every channel that is set up; `bot.store.tellings` has the states."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Row

from bot.bootstrap import Bot
from bot.errors import NoticeError
from bot.jobs.letters import Desk, letter
from bot.model import Channel
from bot.store import messages, tellings
from bot.store.engine import StoreUnavailable

log = structlog.get_logger()

EVERY = 2.0
"""Seconds between looks: what comes together is told together."""

AT_ONCE = 10
"""Notices in one letter at most."""

LONGEST_WAIT = 600.0
"""Seconds between attempts at most; also when the settings are wrong, for somebody may be mending them at Telegram."""


class Telling:
    """The worker. Several processes may run it: each notice is claimed by one."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._desk = Desk(bot.settings.dashboard_url)

    async def run(self) -> None:
        while True:
            try:
                await self.tell()
            except StoreUnavailable as error:
                self._bot.pulse.beat("telling", self._bot.now(), ok=False, detail=str(error))
            await asyncio.sleep(EVERY)

    async def tell(self) -> None:
        """Tells all that is due now."""
        now, channels = self._bot.now(), self._bot.channels
        if not await self._bot.store.read(lambda tx: tellings.anything(tx, now)):
            return
        names = [channel.name for channel in channels]
        await self._bot.store.write(lambda tx: tellings.queue(tx, names, now))
        await asyncio.gather(*(self._by(channel) for channel in channels))

    async def _by(self, channel: Channel) -> None:
        """1. Claim what is due. 2. Send one letter, outside any transaction. 3. Write down what came of it."""
        store, now = self._bot.store, self._bot.now
        rows = await store.write(lambda tx: tellings.claim(tx, channel.name, now(), AT_ONCE))
        if not rows:
            return
        told = letter(rows, await self._words(rows), self._desk)
        try:
            await channel.tell(told)
        except NoticeError as error:
            said, again = str(error), now() + _backoff(rows[0].attempts, error)
            log.warning("notice not told", channel=channel.name, kind=error.kind, detail=said)
            self._bot.pulse.beat(channel.name, now(), ok=False, detail=said)
            await store.write(lambda tx: tellings.not_sent(tx, rows, said, again, now()))
        else:
            self._bot.pulse.beat(channel.name, now())
            await store.write(lambda tx: tellings.sent(tx, rows, now()))
        self._bot.bells.events.ring()

    async def _words(self, rows: Sequence[Row[Any]]) -> Mapping[str, str]:
        """The client's last words in each chat, where the settings let managers see them."""
        if self._bot.settings.notice_words == "none":
            return {}
        chats = {row.chat_id for row in rows if row.chat_id}
        return await self._bot.store.read(partial(messages.last_words, chat_ids=chats))


def _backoff(attempts: int, error: NoticeError) -> timedelta:
    """5, 20, 80, 320, then 600 s, with jitter; at least as long as the channel asks for, and long if it refuses."""
    wait = LONGEST_WAIT if error.permanent else min(5.0 * 4.0 ** min(attempts, 6), LONGEST_WAIT)
    return timedelta(seconds=max(wait * random.uniform(0.8, 1.0), error.retry_after or 0.0))
