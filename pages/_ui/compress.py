"""Sends Streamlit's scripts and styles compressed: the first visit carries 2.8 MB instead of 9.8."""

import asyncio
import gzip
from collections.abc import MutableMapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TYPES = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")
OURS = ("/static/", "/charts/")
SMALLEST = 1024
KEPT = 400
"""Files whose compressed form is kept; Streamlit has about two hundred."""


class Compress:
    """Plain ASGI; looks only at files whose names change with their content."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._ready: MutableMapping[str, tuple[list[tuple[bytes, bytes]], bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_for_us(scope):
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path not in self._ready:
            headers, body, status = await self._ask(scope, receive)
            if not _is_worth_it(headers, body, status):
                await _answer(send, status, headers, body)
                return
            packed = await asyncio.to_thread(gzip.compress, body, 6)
            self._keep(path, headers, packed)
        await _answer(send, 200, *self._ready[path])

    async def _ask(self, scope: Scope, receive: Receive) -> tuple[Headers, bytes, int]:
        """Plain: Streamlit would pack a file of ours anew for everybody."""
        said: list[Message] = []
        plain = [(k, v) for k, v in scope["headers"] if k.lower() != b"accept-encoding"]

        async def listen(message: Message) -> None:
            said.append(message)

        await self._app({**scope, "headers": plain}, receive, listen)
        start, *rest = said
        body = b"".join(m.get("body", b"") for m in rest if m["type"] == "http.response.body")
        return Headers(raw=start["headers"]), body, start["status"]

    def _keep(self, path: str, headers: Headers, packed: bytes) -> None:
        if len(self._ready) >= KEPT:
            self._ready.clear()
        told = MutableHeaders(raw=list(headers.raw))
        told["content-encoding"] = "gzip"
        told["content-length"] = str(len(packed))
        told.add_vary_header("Accept-Encoding")
        self._ready[path] = (told.raw, packed)


def _is_for_us(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    headers = Headers(scope=scope)
    conditional = {"range", "if-none-match", "if-modified-since"} & set(headers)
    accepts = "gzip" in headers.get("accept-encoding", "")
    return scope["path"].startswith(OURS) and accepts and not conditional


def _is_worth_it(headers: Headers, body: bytes, status: int) -> bool:
    kind = headers.get("content-type", "").partition(";")[0]
    return (
        status == 200
        and kind in TYPES
        and "content-encoding" not in headers
        and len(body) >= SMALLEST
    )


async def _answer(
    send: Send, status: int, headers: Headers | list[tuple[bytes, bytes]], body: bytes
) -> None:
    raw = headers.raw if isinstance(headers, Headers) else headers
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
