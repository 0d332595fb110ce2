"""Lets go of what nobody needs any more, and keeps secrets under the newest key."""

from datetime import timedelta

from sqlalchemy import Connection

from bot.bootstrap import Bot
from bot.store import budgets, inbox, journal, oauth_states

KEEP = timedelta(days=7)
"""For how long what the log and the chats have is kept a second time."""

AT_ONCE = 2000
"""Events that one transaction removes, so that a webhook does not wait behind it."""


async def forget(bot: Bot) -> str:
    """Removes published events, understood webhook calls and old states; a sentence about how many."""
    before = bot.now() - KEEP
    events = 0
    while (gone := await bot.store.write(lambda tx: _events(tx, bot, AT_ONCE))) > 0:
        events += gone
    calls = await bot.store.write(lambda tx: inbox.forget(tx, before=before))
    await bot.store.write(lambda tx: oauth_states.forget(tx, before=before))
    return f"{events} events, {calls} webhook calls"


def _events(tx: Connection, bot: Bot, limit: int) -> int:
    return journal.forget(tx, before=bot.now() - KEEP, limit=limit)


async def reseal(bot: Bot) -> str:
    return f"{await bot.tokens.reseal()} accounts"


async def settle_budgets(bot: Bot) -> str:
    """Counts as spent what was held for calls of the model that nobody settled."""
    late = await bot.store.write(lambda tx: budgets.expire(tx, bot.now()))
    return f"{late} calls without an end"
