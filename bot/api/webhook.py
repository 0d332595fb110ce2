"""Where Avito tells us of messages: written down, and said yes to. The answering happens behind it.

Avito waits two seconds and repeats nothing, so these calls pass before the framework, whose routing and validation
cost more than the work itself.
"""

import asyncio
import time
from collections.abc import Iterable

import structlog
from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.api.problems import Problem, fault, store_unavailable
from bot.avito.wire import Envelope, read_webhook
from bot.bootstrap import Bot
from bot.hook_key import account_of
from bot.store import inbox
from bot.store.engine import StoreUnavailable

log = structlog.get_logger()

PATH = "/api/avito/webhook/"
LARGEST_BODY = 256 * 1024
DEADLINE = 1.5
"""Seconds until we say that we could not: Avito's patience ends at two."""


class Hook:
    """Answers the calls."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._secret = bot.settings.webhook_signature_secret.get_secret_value()
        self._letterbox = inbox.Letterbox(bot.store)
        self._genuine: dict[str, int] = {}

    async def answer(self, scope: Scope, receive: Receive, key: str) -> Response | None:
        """None once the message is on disk, or a problem document."""
        started = time.perf_counter()
        try:
            async with asyncio.timeout(DEADLINE):
                await self._receive(scope, receive, key)
        except Problem as problem:
            return problem.response()
        except (TimeoutError, StoreUnavailable) as error:
            log.error("webhook not written down", error=type(error).__name__)
            return store_unavailable(
                StoreUnavailable(str(error) or "the database is too slow")
            ).response()
        self._bot.pulse.acknowledged((time.perf_counter() - started) * 1000)
        return None

    async def _receive(self, scope: Scope, receive: Receive, key: str) -> None:
        account_id = self._account_of(key)
        body = await _limited(scope, receive)
        try:
            call, text = read_webhook(body), body.decode()
        except UnicodeDecodeError:
            raise Problem(400, "not_avitos", "The body is not readable JSON in UTF-8.") from None
        except ValueError as error:
            raise Problem(400, "not_avitos", str(error)) from None
        if call is None:
            return
        if call.account_id != account_id:
            raise Problem(
                400, "other_account", "The call tells of another account than this address is for."
            )
        await self._write_down(call, text)

    def _account_of(self, key: str) -> int:
        """Whose address it is; one that proved genuine once is known by heart."""
        if (known := self._genuine.get(key)) is not None:
            return known
        if (account_id := account_of(self._secret, key)) is None:
            raise Problem(
                404, "wrong_key", "This webhook address is not one that the bot has given out."
            )
        return self._genuine.setdefault(key, account_id)

    async def _write_down(self, call: Envelope, body: str) -> None:
        letter = inbox.Call(call.account_id, call.message_id, body, self._bot.now())
        try:
            # Should the deadline pass, the message is better kept than lost: it stays in the letterbox.
            await self._letterbox.drop(letter)
        except inbox.UnknownAccount:
            raise Problem(
                404, "not_connected", "This account is not connected to the bot."
            ) from None
        self._bot.bells.inbox.ring()


class Front:
    """Stands before the app and takes the webhook's calls out of its way."""

    def __init__(self, app: FastAPI, hook: Hook) -> None:
        self.app = app
        self._hook = hook

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith(PATH):
            answer = await self._answer(scope, receive)
            await (answer or _yes)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response | None:
        try:
            return await self._hook.answer(scope, receive, scope["path"][len(PATH) :])
        except Exception:  # the framework that would do this stands behind us
            log.exception("webhook fell")
            return fault().response()


_SAID = b'{"ok":true}'
_YES = [
    (b"content-length", str(len(_SAID)).encode()),
    (b"content-type", b"application/json"),
]


async def _yes(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _YES})
    await send({"type": "http.response.body", "body": _SAID})


async def _limited(scope: Scope, receive: Receive) -> bytes:
    """The body; one that is too long is not read to its end."""
    if _announced(scope["headers"]) > LARGEST_BODY:
        raise _too_large()
    body, more = bytearray(), True
    while more:
        part = await receive()
        if part["type"] != "http.request":
            raise Problem(400, "cut_off", "The body ended before its end.")
        body += part.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise _too_large()
        more = part.get("more_body", False)
    return bytes(body)


def _announced(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """Bytes that the body is to have, 0 if it is not told."""
    declared = next((value for name, value in headers if name == b"content-length"), b"")
    return int(declared[:10]) if declared.isdigit() else 0


def _too_large() -> Problem:
    detail = f"A webhook call has at most {LARGEST_BODY} bytes."
    return Problem(413, "too_large", detail, headers={"Connection": "close"})
