"""Puts the voice messages of a burst into words before it is answered; they are part of the talk from then on."""

from collections.abc import Sequence
from typing import Any

import httpx
import structlog
from sqlalchemy import Row

from bot.assistant.masking import mask
from bot.bootstrap import Bot
from bot.errors import BotError
from bot.store import messages

log = structlog.get_logger()

AT_MOST = 5
"""Voice messages of one burst that are listened to."""

LARGEST = 20 * 2**20
"""Bytes of a recording; Avito's links to one live for an hour, so it is heard at once or not at all."""


def unheard(burst: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The voice messages that nobody has put into words."""
    return [row for row in burst if row.kind == "voice" and row.text is None and _voice(row)]


async def listen(bot: Bot, burst: Sequence[Row[Any]]) -> bool:
    """Whether anything was put into words. What cannot be heard now stays as it is, and is told of in the log."""
    rows = unheard(burst)[:AT_MOST] if bot.ear else []
    if not rows:
        return False
    try:
        links = await bot.avito(rows[0].account_id).voices([_voice(row) for row in rows])
    except BotError as error:
        log.info("voice messages could not be fetched", error=error.kind)
        return False
    heard = [(row, await _hear(bot, links.get(_voice(row)))) for row in rows]
    told = [(row, text) for row, text in heard if text]
    for row, text in told:
        await bot.store.write(
            lambda tx, row=row, text=text: messages.transcribed(
                tx, row, text, mask(text), bot.now()
            )  # type: ignore[misc]
        )
    return bool(told)


async def _hear(bot: Bot, link: str | None) -> str:
    if link is None or bot.ear is None:
        return ""
    try:
        answer = await bot.http.get(link, timeout=15.0)
        if not answer.is_success or len(answer.content) > LARGEST:
            return ""
        return await bot.ear.hear(answer.content)
    except (httpx.HTTPError, httpx.InvalidURL, BotError) as error:
        log.info("a voice message could not be heard", error=type(error).__name__)
        return ""


def _voice(row: Row[Any]) -> str:
    return str(((row.content or {}).get("voice") or {}).get("voice_id") or "")
