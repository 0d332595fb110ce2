"""Streamlit's empty page, with our looks and scripts in it and told which scripts and fonts the pages will want.

Without the looks everything is drawn twice, and jumps: Streamlit's own, and then ours. Without the
names the browser learns of each script and font only when the element that needs it has come.
"""

import functools
import re
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages._ui import drawing, i18n, scripts, style

FONTS = {
    "en": ("inter-latin", "manrope-latin"),
    "ru": ("inter-latin", "inter-cyrillic", "manrope-latin", "manrope-cyrillic"),
}
"""What every page of a language is written in; the first words wait for it."""

_OURS = ("opening.js", "links.js")
_HERE = Path(__file__).parent
_ASKED = (b"accept-encoding", b"if-none-match", b"if-modified-since")
"""What would bring a body that cannot be changed, or none: Streamlit's page may be as it was while
our looks are not."""

_CONNECT = (
    "<script>window.__streamlit = { BACKEND_BASE_URL: location.origin + '/',"
    " HOST_CONFIG: { allowedOrigins: [location.origin], useExternalAuthToken: false } }</script>"
)
"""Told where the server is, Streamlit opens its websocket at once: else it first asks whether the
server is well and who may embed it. Nobody may."""

_OTHER_FONT = re.compile(rb'<link\s+rel="preload"\s+href="[^"]*"\s+as="font"[^>]*>')
"""Streamlit's own, which no page of ours is written in."""

_ROOT = b'<div id="root"></div>'
_SIDEBAR = (
    "@media (min-width: 768px) { [data-testid=stAppViewContainer]:not(:has([data-testid=stSidebar]))"
    " { padding-left: 281px; } }"
)
"""The room of the sidebar before it has come."""


class Shell:
    """Plain ASGI; looks only at what a browser opens as a page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_a_page(scope):
            await self._app(scope, receive, send)
            return
        said: list[Message] = []

        async def listen(message: Message) -> None:
            said.append(message)

        plain = [(k, v) for k, v in scope["headers"] if k.lower() not in _ASKED]
        await self._app({**scope, "headers": plain}, receive, listen)
        start, *rest = said
        body = b"".join(m.get("body", b"") for m in rest if m["type"] == "http.response.body")
        if _ROOT in body:
            # Below the head, where Streamlit puts its own styles: of equals the last one counts.
            language = i18n.known(HTTPConnection(scope).cookies.get(i18n.COOKIE))
            body = _OTHER_FONT.sub(b"", body, count=1)
            body = body.replace(
                b"</head>", _soon(language, scope["path"].strip("/")) + b"</head>", 1
            )
            body = body.replace(_ROOT, _looks() + _ROOT, 1)
            headers = MutableHeaders(raw=start["headers"])
            headers["content-length"] = str(len(body))
            del headers["etag"], headers["last-modified"]
        await send(start)
        await send({"type": "http.response.body", "body": body})


def _is_a_page(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    return "text/html" in Headers(scope=scope).get("accept", "")


@functools.cache
def _looks() -> bytes:
    ours = "".join(
        f"<script>{(_HERE / name).read_text(encoding='utf-8')}</script>" for name in _OURS
    )
    return f"<style>{_SIDEBAR}</style>{style.sheet()}{ours}{drawing.script()}".encode()


def _soon(language: str, page: str) -> bytes:
    fonts = (
        f'<link rel="preload" as="font" type="font/woff2" crossorigin href="/app/static/fonts/{name}.woff2">'
        for name in FONTS[language]
    )
    return "".join(
        [_CONNECT, *fonts, scripts.tags(page if page in scripts.ON_PAGE else "")]
    ).encode()
