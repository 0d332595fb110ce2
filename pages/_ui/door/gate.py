"""Stands in front of everything: nobody gets past it without a session, by HTTP or by websocket."""

from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages._ui.door import session
from pages._ui.door.methods import Methods
from pages._ui.door.session import Session
from pages._ui.settings import Settings

OPEN = ("/login", "/login/icon.svg", "/login/openid", "/logout", "/_stcore/health")
FONTS = "/login/fonts/"
"""Paths for everybody. Each has a route of ours: what has none would fall through to Streamlit."""

SAFE = ("GET", "HEAD", "OPTIONS")
_SHIELD = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"frame-ancestors 'none'; base-uri 'self'; object-src 'none'"),
)


class Gate:
    """A plain ASGI middleware, because Starlette's own base class never sees a websocket.

    1. Take away every x-auth-* header: only the gate may write them.
    2. Refuse websockets and changes that come from a foreign origin.
    3. Let the open paths through; for the rest ask for a session, and name its person in x-auth-*.
    """

    def __init__(self, app: ASGIApp, settings: Settings, methods: Methods) -> None:
        self._app = app
        self._settings = settings
        callback = urlsplit(methods.openid.redirect_uri).path if methods.openid else "/login"
        self._open = {*OPEN, callback} - (set() if methods.openid else {"/login/openid"})
        self._is_ready = not settings.problems and methods.any

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        scope = _with_headers(scope, _without_auth(scope["headers"]))
        visitor = HTTPConnection(scope)
        if self._is_foreign(visitor):
            await _refuse(PlainTextResponse("foreign origin", 403), scope, receive, send)
        elif self._is_open(visitor):
            await self._app(scope, receive, _shielded(send))
        elif (who := self._session(visitor)) is None:
            await _refuse(self._go_and_log_in(visitor), scope, receive, send)
        else:
            await self._app(_named(scope, who), receive, _shielded(send))

    def _session(self, visitor: HTTPConnection) -> Session | None:
        cookie = visitor.cookies.get(session.COOKIE)
        if not cookie or not self._is_ready:
            return None
        return session.unseal(cookie, self._settings.jwt_secret)

    def _is_open(self, visitor: HTTPConnection) -> bool:
        path = visitor.scope["path"]
        is_font = path.startswith(FONTS) and ".." not in path
        return visitor.scope["type"] == "http" and (path in self._open or is_font)

    def _is_foreign(self, visitor: HTTPConnection) -> bool:
        origin = visitor.headers.get("origin")
        matters = visitor.scope["type"] == "websocket" or visitor.scope["method"] not in SAFE
        ours = {visitor.headers.get("host"), self._settings.host}
        return bool(matters and origin and urlsplit(origin).netloc not in ours)

    def _go_and_log_in(self, visitor: HTTPConnection) -> Response:
        """A person is shown the way to the login page, a program is told 401."""
        if "text/html" not in visitor.headers.get("accept", "") or visitor.scope["path"].startswith(
            "/_stcore"
        ):
            return PlainTextResponse("log in first", 401)
        wanted = visitor.url.path + (f"?{visitor.url.query}" if visitor.url.query else "")
        way = "/login" if wanted == "/" else f"/login?next={quote(wanted)}"
        return RedirectResponse(way, 303, headers={"Cache-Control": "no-store"})


async def _refuse(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await answer(scope, receive, send)
        return
    await receive()
    await send({"type": "websocket.close", "code": 1008, "reason": "log in first"})


def _without_auth(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(k, v) for k, v in headers if not k.lower().replace(b"_", b"-").startswith(b"x-auth-")]


def _named(scope: Scope, who: Session) -> Scope:
    told = {
        "x-auth-user": who.user,
        "x-auth-role": who.role,
        "x-auth-until": str(int(who.until.timestamp())),
        "x-auth-session": who.id,
    }
    extra = [(k.encode(), v.encode("utf-8", "replace")) for k, v in told.items()]
    return _with_headers(scope, [*scope["headers"], *extra])


def _with_headers(scope: Scope, headers: list[tuple[bytes, bytes]]) -> Scope:
    return {**scope, "headers": headers}


def _shielded(send: Send) -> Send:
    """Adds the headers that tell a browser what it must not do with our pages."""

    async def shielded(message: Message) -> None:
        if message["type"] == "http.response.start":
            known = Headers(raw=message.get("headers", []))
            extra = [(k, v) for k, v in _SHIELD if k.decode() not in known]
            message = {**message, "headers": [*message.get("headers", []), *extra]}
        await send(message)

    return shielded
