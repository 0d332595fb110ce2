"""Keeps request bodies small, and gives every request a name under which the log can be searched."""

import re
from uuid import uuid4

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 256 * 1024
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class Limits:
    """Wraps the app. A body that is too long ends in 413 wherever it is read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = _given_name(scope) or uuid4().hex
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST_BODY and not scope["path"].startswith("/api/avito/webhook/"):
                raise HTTPException(413)
            return message

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = name
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=name):
            await self._app(scope, counted, named)


def _given_name(scope: Scope) -> str | None:
    """The caller's own name for the request, if it is harmless."""
    given = next((value for key, value in scope["headers"] if key == b"x-request-id"), b"").decode(
        "latin-1"
    )
    return given if _NAME.fullmatch(given) else None
