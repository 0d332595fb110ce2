"""Connects an account to the bot, and lets go of it."""

from collections.abc import Awaitable

import structlog

from bot.avito.client import read_profile
from bot.bootstrap import Bot
from bot.errors import (
    AvitoBusy,
    AvitoError,
    AvitoUnreachable,
    BotError,
    Forbidden,
    OutcomeUnknown,
    TokenRejected,
)
from bot.jobs import hooking, syncing
from bot.model import Profile, Tokens
from bot.store import accounts
from bot.store.engine import StoreUnavailable

log = structlog.get_logger()


class NotConnected(Exception):
    """`code` is one of the words of the connection page; `account_id` if the account is kept all the same."""

    def __init__(self, code: str, account_id: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.account_id = account_id


async def connect(bot: Bot, code: str, by: str) -> int:
    """Trades the code that Avito gave to the owner for tokens, and makes the account ready; its id.

    1. Exchange the code, and read whose account it is.
    2. Keep both, sealed, and say so in an event. From here on the account is connected, whatever else fails.
    3. Read the listings: the first page now, the rest behind.
    4. See whether Avito gives the account a messenger, and ask to be called about messages. What fails here is
       tried again by the clock, except for a messenger that the account does not have: NotConnected says so.

    Raises NotConnected, StoreUnavailable.
    """
    tokens = await _exchange(bot, code)
    profile = await _profile(bot, tokens)
    await _keep(bot, profile, tokens, by)
    await _attempt("listings", profile.id, syncing.sync_first_page(bot, profile.id))
    try:
        heard = await hooking.probe(bot, profile.id)
    except BotError as error:
        log.warning("messenger not probed yet", account_id=profile.id, error=error.kind)
        heard = True
    if not heard:
        raise NotConnected("no_messenger", profile.id)
    await _attempt("webhook", profile.id, hooking.subscribe(bot, profile.id))
    return profile.id


async def disconnect(bot: Bot, account_id: int) -> bool:
    """Tells Avito to call no more, if it listens, and forgets the tokens; False if there is no such account."""
    row = await bot.store.read(lambda tx: accounts.one(tx, account_id))
    if row is None or row.state == "removed":
        return False
    if row.state != "needs_reconnect":
        unsubscribe = bot.avito(account_id).unsubscribe(bot.webhook_url(account_id))
        await _attempt("unsubscribe", account_id, unsubscribe)
    removed = await bot.store.write(lambda tx: accounts.remove(tx, account_id, bot.now()))
    bot.tokens.forget(account_id)
    bot.bells.events.ring()
    return removed


async def _exchange(bot: Bot, code: str) -> Tokens:
    try:
        return await bot.auth.exchange(code)
    except TokenRejected as error:
        raise NotConnected("code_rejected") from error
    except Forbidden as error:
        raise NotConnected("wrong_app") from error
    except (AvitoBusy, AvitoUnreachable, OutcomeUnknown) as error:
        raise NotConnected("avito_down") from error
    except AvitoError as error:
        raise NotConnected("failed") from error


async def _profile(bot: Bot, tokens: Tokens) -> Profile:
    """The owner just said yes, so a short trouble is waited out once: the code is used up."""
    try:
        try:
            return await read_profile(bot.http, tokens.access)
        except (AvitoBusy, AvitoUnreachable):
            return await read_profile(bot.http, tokens.access)
    except BotError as error:
        log.warning("profile not readable", error=error.kind)
        raise NotConnected("account_unreadable") from error


async def _keep(bot: Bot, profile: Profile, tokens: Tokens, by: str) -> None:
    now = bot.now()
    sealed = {
        **bot.tokens.sealed(profile.id, tokens),
        "token_expires_at": tokens.expires_at,
        "token_renewed_at": now,
        "scope": tokens.scope,
    }
    zone = bot.settings.default_timezone
    await bot.store.write(
        lambda tx: accounts.connect(tx, profile, sealed=sealed, zone=zone, by=by, now=now)
    )
    bot.tokens.forget(profile.id)
    bot.bells.events.ring()


async def _attempt(what: str, account_id: int, work: Awaitable[None]) -> None:
    """For what the clock will do again if it fails now."""
    try:
        await work
    except (BotError, StoreUnavailable) as error:
        log.warning(
            "left to the clock", what=what, account_id=account_id, error=type(error).__name__
        )
