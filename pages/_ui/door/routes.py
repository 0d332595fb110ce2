"""Logging in with a password, and out."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from pages._ui import drawing, i18n
from pages._ui.door import login_page, openid, passwords, session, welcome
from pages._ui.door.attempts import Attempts
from pages._ui.door.methods import Methods
from pages._ui.settings import Settings

STATIC = Path(__file__).parent.parent / "static"
LONGEST_PASSWORD = 1024
LONGEST_BODY = 16_384


def routes(settings: Settings, methods: Methods) -> Sequence[BaseRoute]:
    door = Door(settings, methods)
    ways: list[BaseRoute] = [
        Route("/login", door.show, methods=["GET"]),
        Route("/login", door.enter, methods=["POST"]),
        Route("/login/icon.svg", lambda _: FileResponse(STATIC / "icon.svg")),
        Mount("/login/fonts", StaticFiles(directory=STATIC / "fonts")),
        Route("/logout", door.leave, methods=["GET"]),
        drawing.route(),
        Route("/overview", lambda _: RedirectResponse("/", 303), methods=["GET"]),
    ]
    if methods.openid:
        ways += openid.routes(settings, methods.openid)
    return ways


class Door:
    def __init__(self, settings: Settings, methods: Methods) -> None:
        self._settings, self._methods = settings, methods
        self._attempts = Attempts()
        self._hands = asyncio.Semaphore(2)
        """Argon2 takes 64 MiB a time: a crowd at the door must not take all memory."""

    async def show(self, request: Request) -> Response:
        return self._page(request)

    async def enter(self, request: Request) -> Response:
        """The password decides the role; a wrong one costs the address one of its tries."""
        now = datetime.now(UTC)
        address = request.client.host if request.client else "?"
        if not self._may_enter():
            return self._page(request, status=503)
        if not self._attempts.may_try(address, now):
            return self._page(request, "too_many", status=429)
        self._attempts.count(address, now)
        password = await _password(request)
        async with self._hands:
            role = await asyncio.to_thread(passwords.role_of, password, self._methods.hashes)
        if role is None:
            return self._page(request, "wrong", status=401)
        self._attempts.clear(address)
        who = session.begin(role, role, now)
        return welcome.welcome(self._settings, who, welcome.next_of(request))

    async def leave(self, request: Request) -> Response:
        cookie = request.cookies.get(session.COOKIE, "")
        if self._may_enter() and (who := session.unseal(cookie, self._settings.jwt_secret)):
            session.end(who, datetime.now(UTC))
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(session.COOKIE)
        return answer

    def _may_enter(self) -> bool:
        return self._methods.any and not self._settings.problems

    def _page(self, request: Request, trouble: str = "", status: int = 200) -> Response:
        trouble = trouble or request.query_params.get("trouble", "")
        chosen = request.query_params.get("lang")
        language = i18n.known(chosen or request.cookies.get(i18n.COOKIE))
        if not self._may_enter():
            html = login_page.not_ready(language, self._settings, self._methods)
            return HTMLResponse(html, 503, headers={"Cache-Control": "no-store"})
        html = login_page.form(
            language, welcome.next_of(request), trouble, with_openid=self._openid
        )
        answer = HTMLResponse(html, status, headers={"Cache-Control": "no-store"})
        if chosen:
            answer.set_cookie(i18n.COOKIE, language, max_age=31_536_000, samesite="lax")
        return answer

    @property
    def _openid(self) -> bool:
        return self._methods.openid is not None


async def _password(request: Request) -> str:
    if int(request.headers.get("content-length") or LONGEST_BODY + 1) > LONGEST_BODY:
        return ""
    form = await request.form(max_files=0, max_fields=4)
    return str(form.get("password", ""))[:LONGEST_PASSWORD]
