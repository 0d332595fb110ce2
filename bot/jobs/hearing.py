"""Understands what the webhook wrote down."""

from sqlalchemy import Connection

from bot.avito.wire import read_webhook
from bot.bootstrap import Bot
from bot.jobs.intake import Heard, Rules, absorb
from bot.store import inbox
from bot.store.engine import StoreUnavailable

AT_ONCE = 200


class Hearing:
    """Takes raw calls of the webhook in, in the order in which they came."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._rules = Rules.of(bot.settings)

    async def run(self) -> None:
        while True:
            wait = 15.0 if self._bot.store.is_sqlite else 1.0
            try:
                while await self._bot.store.write(self.take_in) == AT_ONCE:
                    self._ring()
                self._bot.pulse.beat("hearing", self._bot.now())
            except StoreUnavailable as error:
                self._bot.pulse.beat("hearing", self._bot.now(), ok=False, detail=str(error))
                wait = 1.0
            self._ring()
            await self._bot.bells.inbox.wait(wait)

    def _ring(self) -> None:
        self._bot.bells.chats.ring()
        self._bot.bells.events.ring()

    def take_in(self, tx: Connection) -> int:
        """Takes in what waits, a batch in one transaction; how many calls that were."""
        now, calls = self._bot.now(), inbox.waiting(tx, AT_ONCE)
        for call in calls:
            told = read_webhook(call.body.encode())
            if told is not None:
                absorb(tx, Heard(told.message, "webhook", call.received_at), self._rules, now)
        if calls:
            inbox.done(tx, [call.no for call in calls], now)
        return len(calls)
