"""Telegram's Bot API, as far as one bot and one chat go: who it is, where it writes, and what it wrote."""

from typing import Any

import msgspec

from bot.sandbox.answers import Answer, Refused
from bot.sandbox.faults import Fate
from bot.sandbox.records import TelegramMessage
from bot.sandbox.world import World

LONGEST = 4096
KEEP = 500

WORDS = {
    400: "Bad Request: chat not found",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


def answer(world: World, bot: str, method: str, raw: bytes, fate: Fate) -> Answer:
    """What Telegram says; a message is kept unless the fault says that it never came to that."""
    if bot != f"bot{world.config.telegram_token}":
        raise refused(401)
    if fate.word.isdigit():
        raise refused(int(fate.word), retry_after=fate.number)
    asked = _asked(raw)
    match method:
        case "getMe":
            return _good({"id": 7001, "is_bot": True, "username": "sandbox_bot"})
        case "getChat":
            _chat(world, asked)
            return _good({"id": world.config.telegram_chat, "type": "group", "title": "Менеджеры"})
        case "sendMessage":
            return _good(_send(world, asked, kept=fate.word not in ("timeout", "reset")))
    raise refused(404)


def _send(world: World, asked: dict[str, Any], *, kept: bool) -> dict[str, Any]:
    _chat(world, asked)
    text = asked.get("text")
    if not isinstance(text, str) or not text.strip():
        raise refused(400, "Bad Request: message text is empty")
    if len(text) > LONGEST:
        raise refused(400, "Bad Request: message is too long")
    said = world.state.telegram
    if kept:
        said.append(TelegramMessage(len(said) + 1, world.now(), text))
        del said[:-KEEP]
        world.changed()
    return {"message_id": len(said), "date": int(world.now()), "text": text}


def _chat(world: World, asked: dict[str, Any]) -> None:
    if str(asked.get("chat_id")) != world.config.telegram_chat:
        raise refused(400)


def _asked(raw: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(raw or b"{}", type=dict[str, Any])
    except msgspec.DecodeError:
        raise refused(400, "Bad Request: can't parse JSON") from None


def _good(result: dict[str, Any]) -> Answer:
    return Answer(body={"ok": True, "result": result})


def refused(status: int, words: str | None = None, retry_after: float | None = None) -> Refused:
    """`{"ok":false,"error_code":…,"description":…}`, with how long to wait when it is too much."""
    body: dict[str, Any] = {"ok": False, "error_code": status}
    body["description"] = words or WORDS.get(status, "Error")
    if status == 429:
        wait = int(retry_after or 1)
        body["description"] = f"Too Many Requests: retry after {wait}"
        body["parameters"] = {"retry_after": wait}
    return Refused(Answer(status, body))
