"""Keeps each account's webhook ours: Avito has one subscription for each account, and the newest wins without a word."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import structlog

from bot.bootstrap import Bot
from bot.errors import BotError, Forbidden, NoMessengerAccess
from bot.store import accounts, notices

log = structlog.get_logger()

NO_MESSENGER = "Тариф аккаунта на Авито не даёт доступа к API мессенджера"
"""What an owner reads who must raise the subscription level."""


async def probe(bot: Bot, account_id: int) -> bool:
    """Whether Avito gives the account a messenger; remembers and tells what it learned. Raises other BotErrors."""
    try:
        await bot.avito(account_id).chats(limit=1)
    except (NoMessengerAccess, Forbidden):
        if await bot.store.write(lambda tx: accounts.no_messenger(tx, account_id, NO_MESSENGER)):
            await bot.store.write(
                lambda tx: notices.add(tx, "no_messenger", account_id, NO_MESSENGER, bot.now())
            )
        return False
    await bot.store.write(lambda tx: accounts.has_messenger(tx, account_id))
    return True


async def subscribe(bot: Bot, account_id: int) -> None:
    """Asks Avito to call us about this account. Raises BotError."""
    await bot.avito(account_id).subscribe(bot.webhook_url(account_id))
    await bot.store.write(lambda tx: accounts.subscribed(tx, account_id, bot.now()))
    bot.bells.events.ring()


async def check(bot: Bot, account_id: int) -> str:
    """Looks whom Avito calls, and takes the webhook back if that is not us; what was found. Raises BotError."""
    urls = await bot.avito(account_id).subscriptions()
    if bot.webhook_url(account_id) in urls:
        await bot.store.write(
            lambda tx: accounts.webhook_is(tx, account_id, "subscribed", bot.now())
        )
        return "subscribed"
    found = "taken" if _strangers(bot, account_id, urls) else "missing"
    await bot.store.write(lambda tx: accounts.webhook_is(tx, account_id, found, bot.now()))
    await subscribe(bot, account_id)
    if found == "taken":
        await _tell(bot, account_id, urls)
    return found


async def _tell(bot: Bot, account_id: int, urls: Sequence[str]) -> None:
    hosts = ", ".join(
        sorted({urlsplit(url).hostname or "?" for url in _strangers(bot, account_id, urls)})
    )
    said = f"Другой сервис ({hosts}) забирал сообщения этого аккаунта; подписка возвращена"

    log.warning("webhook was taken", account_id=account_id, hosts=hosts)
    await bot.store.write(lambda tx: accounts.webhook_was_taken(tx, account_id, bot.now()))
    await bot.store.write(lambda tx: notices.add(tx, "webhook_taken", account_id, said, bot.now()))
    bot.bells.events.ring()


def _strangers(bot: Bot, account_id: int, urls: Sequence[str]) -> list[str]:
    """Addresses that are not ours, be it under an older secret."""
    ours = f"{bot.settings.public_url}/api/avito/webhook/{account_id}."
    return [url for url in urls if not url.startswith(ours)]


async def check_all(bot: Bot) -> str:
    """Every usable account; one that fails does not keep the others waiting. A sentence about what was found."""
    found: dict[str, int] = {}
    for row in await bot.store.read(accounts.present):
        if row.state in ("connected", "no_messenger"):
            word = await _checked(bot, row.id, row.state)
            found[word] = found.get(word, 0) + 1
    return ", ".join(f"{word}: {count}" for word, count in sorted(found.items())) or "no accounts"


async def _checked(bot: Bot, account_id: int, state: str) -> str:
    try:
        if state == "no_messenger" and not await probe(bot, account_id):
            return "no_messenger"
        return await check(bot, account_id)
    except BotError as error:
        log.warning("webhook not checked", account_id=account_id, error=error.kind)
        return error.kind
