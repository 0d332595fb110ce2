"""Learns who writes in new chats, for people who look at them; the webhook tells neither name nor listing."""

import asyncio

import structlog

from bot.bootstrap import Bot
from bot.errors import BotError
from bot.model import WireChat
from bot.store import chats
from bot.store.engine import StoreUnavailable

log = structlog.get_logger()

EVERY = 5.0
AT_ONCE = 20


class Describing:
    """Asks Avito about chats that nobody has described yet."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def run(self) -> None:
        while True:
            try:
                for row in await self._bot.store.read(lambda tx: chats.undescribed(tx, AT_ONCE)):
                    await self._one(row.account_id, row.id)
            except StoreUnavailable as error:
                log.info("describing waits", error=str(error))
            await asyncio.sleep(EVERY)

    async def _one(self, account_id: int, chat_id: str) -> None:
        """A chat that Avito does not tell of is left as it is; it is not asked for again and again."""
        now = self._bot.now()
        try:
            told = await self._bot.avito(account_id).chat(chat_id)
        except BotError as error:
            if not error.permanent:
                return
            told = WireChat(
                id=chat_id,
                account_id=account_id,
                listing_id=None,
                listing_title=None,
                listing_price=None,
                client_name=None,
                chat_type="u2i",
                created_at=now,
                updated_at=now,
                last_message_id=None,
            )
        await self._bot.store.write(lambda tx: chats.describe(tx, told, now))
