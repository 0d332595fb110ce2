"""Puts the voice messages of a burst into words before it is answered; they are part of the talk from then on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import httpx
import structlog
from sqlalchemy import Connection, Row

from bot.assistant.ear import Heard
from bot.assistant.masking import mask
from bot.bootstrap import Bot
from bot.errors import BotError, BudgetSpent
from bot.jobs import calls
from bot.store import messages

log = structlog.get_logger()

AT_MOST = 5
"""Voice messages of one burst that are listened to."""

LARGEST = 20 * 2**20
"""Bytes of a recording; Avito's links to one live for an hour, so it is heard at once or not at all."""


PURPOSE = "voice"

Listened = Literal["words", "unpaid", "nothing"]
"""Something was put into words; nothing was, and the budget is why; nothing was."""


def unheard(burst: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The voice messages that nobody has listened to: one in which nothing is said has the text ""."""
    return [row for row in burst if row.kind == "voice" and row.text is None and _voice(row)]


async def listen(bot: Bot, burst: Sequence[Row[Any]]) -> Listened:
    """Puts into words what can be heard and paid now. What cannot stays as it is, and is told of in the log."""
    rows = unheard(burst)[:AT_MOST] if bot.ear else []
    if not rows:
        return "nothing"
    try:
        links = await bot.avito(rows[0].account_id).voices([_voice(row) for row in rows])
    except BotError as error:
        log.info("voice messages could not be fetched", error=error.kind)
        return "nothing"
    heard = [await _hear(bot, row, links.get(_voice(row))) for row in rows]
    await bot.store.write(lambda tx: _keep(tx, rows, heard, bot.now()))
    if any(one.text for one in heard):
        return "words"
    unpaid = any(isinstance(one.error, BudgetSpent) for one in heard)
    return "unpaid" if unpaid else "nothing"


async def _hear(bot: Bot, row: Row[Any], link: str | None) -> Heard:
    if link is None or bot.ear is None:
        return Heard()
    try:
        answer = await bot.http.get(link, timeout=15.0)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.info("a voice message could not be fetched", error=type(error).__name__)
        return Heard()
    if not answer.is_success or len(answer.content) > LARGEST:
        return Heard()
    heard = await bot.ear.hear(answer.content, bot.purses.of(purpose=PURPOSE, **_head(row)))
    if heard.error:
        log.info("a voice message could not be heard", error=heard.error.kind)
    return heard


def _keep(tx: Connection, rows: Sequence[Row[Any]], heard: Sequence[Heard], now: datetime) -> None:
    for row, one in zip(rows, heard, strict=True):
        calls.record(tx, one.calls, now, purpose=PURPOSE, **_head(row))
        if one.text:
            messages.transcribed(tx, row, one.text, mask(one.text), now)
        elif one.is_silence:
            messages.said_nothing(tx, row)


def _head(row: Row[Any]) -> dict[str, Any]:
    return {
        "account_id": row.account_id,
        "listing_id": row.listing_id,
        "chat_id": row.chat_id,
    }


def _voice(row: Row[Any]) -> str:
    return str(((row.content or {}).get("voice") or {}).get("voice_id") or "")
