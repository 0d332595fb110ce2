"""A Telegram bot that tells one chat."""

from typing import Any

import httpx

from bot.errors import NoticeBusy, NoticeError, NoticeRefused
from bot.model import Letter

SECONDS = 15.0

LONGEST = 4000
"""Characters of one message; Telegram takes 4096."""


class Telegram:
    """A Channel. Plain text without markup, so that nothing a client wrote can be read as any."""

    name = "telegram"

    def __init__(self, http: httpx.AsyncClient, base: str, token: str, chat_id: str) -> None:
        self._http = http
        self._address = f"{base}/bot{token}"
        self._chat_id = chat_id

    async def tell(self, letter: Letter) -> None:
        text = f"{letter.subject}\n\n{letter.text}".strip()
        body = {
            "chat_id": self._chat_id,
            "text": text if len(text) <= LONGEST else text[: LONGEST - 1] + "…",
            "link_preview_options": {"is_disabled": True},
        }
        await self._ask("sendMessage", body)

    async def look(self) -> str:
        bot = await self._ask("getMe", {})
        chat = await self._ask("getChat", {"chat_id": self._chat_id})
        return f"@{bot.get('username')} writes to «{chat.get('title') or chat.get('first_name')}»"

    async def _ask(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        """What Telegram answers. The address holds the token: no error of the library's leaves this room."""
        try:
            answer = await self._http.post(f"{self._address}/{method}", json=body, timeout=SECONDS)
        except httpx.HTTPError as error:
            raise NoticeBusy(f"Telegram does not answer ({type(error).__name__})") from None
        try:
            told = answer.json()
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise NoticeBusy(f"Telegram answers {answer.status_code} and nothing readable")
        if told.get("ok") is True:
            result = told.get("result")
            return result if isinstance(result, dict) else {}
        raise refusal(answer.status_code, told)


def refusal(status: int, told: dict[str, Any]) -> NoticeError:
    """What a refusal means, in words that say what to do; Telegram's own description beside it."""
    said = str(told.get("description") or f"status {status}")[:200]
    more = told.get("parameters") or {}
    if status == 429 or status >= 500:
        busy = NoticeBusy(f"Telegram is busy: {said}")
        busy.retry_after = float(more.get("retry_after") or 0) or None
        return busy
    if moved := more.get("migrate_to_chat_id"):
        return NoticeRefused(f"The group has a new number: set TELEGRAM_CHAT_ID={moved}")
    todo = {
        401: "TELEGRAM_BOT_TOKEN is wrong: ask @BotFather for it",
        404: "TELEGRAM_BOT_TOKEN is wrong: ask @BotFather for it",
        403: "the bot was blocked or removed from the chat: let it in again, or write /start to it",
        400: "TELEGRAM_CHAT_ID is wrong, or nobody has written /start to the bot there",
    }.get(status, "look at TELEGRAM_BOT_TOKEN and TELEGRAM_CHAT_ID")
    return NoticeRefused(f"Telegram refuses ({said}): {todo}")
