"""The playground: what the assistant would say, by the same function as in production. Nothing is sent or kept but the cost."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from bot.assistant.composing import Brief, Composed, compose
from bot.assistant.prompt import Line
from bot.bootstrap import Bot
from bot.jobs import briefs, calls, instructing
from bot.store import accounts, instructions, listings

PURPOSE = "playground"


class NotThere(Exception):
    """There is no such account, listing in it, or version of its instructions; which, is in `args`."""


async def rehearse(
    bot: Bot, account_id: int, listing_id: int | None, version: int | None, lines: Sequence[Line]
) -> Composed:
    """One reply to a talk that was made up, with a version in the place of the one that holds. Raises NotThere."""
    brief = await bot.store.read(lambda tx: _brief(tx, bot, account_id, listing_id, version, lines))
    purse = bot.purses.of(account_id, purpose=PURPOSE, listing_id=listing_id)
    composed = await compose(bot.writer, brief, purse)
    about = {"account_id": account_id, "listing_id": listing_id}
    await bot.store.write(
        lambda tx: calls.record(tx, composed.calls, bot.now(), purpose=PURPOSE, **about)
    )
    bot.bells.events.ring()
    return composed


def _brief(
    tx: Connection,
    bot: Bot,
    account_id: int,
    listing_id: int | None,
    version: int | None,
    lines: Sequence[Line],
) -> Brief:
    account = accounts.one(tx, account_id)
    if account is None or account.state == "removed":
        raise NotThere("account")
    about = listings.one(tx, listing_id) if listing_id is not None else None
    if listing_id is not None and (about is None or about.account_id != account_id):
        raise NotThere("listing in this account")
    if version is None:
        used = instructing.used(tx, account_id, listing_id)
    else:
        row = instructions.one(tx, version)
        its_own = row is not None and row.listing_id in (None, listing_id)
        if row is None or row.account_id != account_id or not its_own:
            raise NotThere("version for this account and listing")
        used = instructing.trial(tx, account_id, listing_id, row)
    made = briefs.brief(account, about, lines, used, bot.now())
    policy = instructing.haggling(tx, listing_id)
    return replace(made.by(bot.settings), haggling=policy)
