"""What follows a login: the cookie, and the page that was wanted."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pages._ui.door import session
from pages._ui.settings import Settings


def welcome(settings: Settings, who: session.Session, wanted: str) -> Response:
    """Into the page that was wanted, with the cookie that opens it."""
    answer = RedirectResponse(wanted, 303, headers={"Cache-Control": "no-store"})
    answer.set_cookie(
        session.COOKIE,
        session.seal(who, settings.jwt_secret),
        max_age=int(session.LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.is_https,
    )
    return answer


def next_of(request: Request) -> str:
    """The page that was wanted: a path of ours, never another site."""
    wanted = request.query_params.get("next", "/")
    is_ours = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if is_ours and wanted.isprintable() else "/"
