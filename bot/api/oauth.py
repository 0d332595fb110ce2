"""Connecting an account: to Avito's consent page, and back."""

import secrets
from typing import Annotated, Any
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Query, Request, Response
from starlette.responses import JSONResponse, RedirectResponse

from bot.api import shapes
from bot.api.accounts import shown
from bot.api.callers import Bearer, Owner, caller_of
from bot.api.deps import TheBot
from bot.api.problems import Problem
from bot.avito.oauth import SCOPE, consent_url
from bot.bootstrap import Bot
from bot.jobs import connecting
from bot.jobs.connecting import NotConnected
from bot.store import accounts, oauth_states
from bot.store.engine import StoreUnavailable
from bot.store.oauth_states import LIFE, StateRefused

log = structlog.get_logger()
router = APIRouter(prefix="/api/avito/oauth", tags=["connecting"])

CALLBACK = "/callback"

WORDS: dict[str, tuple[int, str]] = {
    "denied": (403, "Access was not given on Avito's page. Begin again, and agree there."),
    "state_unknown": (
        400,
        "This connection was not begun here. Begin it with the button in the dashboard.",
    ),
    "state_used": (409, "This connection was finished already. To connect once more, begin anew."),
    "state_expired": (410, "More than ten minutes went by. Begin the connection anew."),
    "other_caller": (
        403,
        "The connection was begun by somebody else or in another browser. Begin it here.",
    ),
    "code_rejected": (
        400,
        "Avito does not take its code any more: it works once and for a few minutes. Begin anew.",
    ),
    "wrong_app": (
        502,
        "Avito does not know this application. Check AVITO_CLIENT_ID and AVITO_CLIENT_SECRET.",
    ),
    "no_messenger": (
        403,
        "The account is connected, but its subscription level at Avito gives no access to the messenger API. "
        "Raise it at Avito; the bot notices by itself.",
    ),
    "avito_down": (503, "Avito does not answer now. Begin anew in a few minutes."),
    "account_unreadable": (
        502,
        "Avito gave access, but not the account's profile. Begin anew, and agree to all scopes.",
    ),
    "failed": (502, "The connection failed. Begin anew; the log has the details."),
}

Word = Annotated[str | None, Query(max_length=2000)]


@router.get("/url")
async def url(bot: TheBot, caller: Owner) -> shapes.OAuthUrl:
    """Begins a connection. The state works once, for ten minutes, for this caller."""
    state = oauth_states.fresh()
    await bot.store.write(lambda tx: oauth_states.begin(tx, state, caller.subject, bot.now()))
    return shapes.OAuthUrl(url=_consent(bot, state), state=state, start_url=_start(bot, state))


@router.get("/start", status_code=303, response_class=RedirectResponse)
async def start(request: Request, bot: TheBot, state: Word = None) -> Response:
    """Binds a state to this browser by a cookie, and goes on to Avito's consent page."""
    name = _cookie_name(state or "")
    try:
        cookie = await bot.store.write(
            lambda tx: oauth_states.bind(
                tx, state or "", secrets.token_urlsafe(32), request.cookies.get(name), bot.now()
            )
        )
    except StateRefused as refused:
        return _refuse(request, bot, NotConnected(refused.code))
    answer = RedirectResponse(
        _consent(bot, state or ""),
        303,
        {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
    )
    secure = bot.settings.redirect_uri.startswith("https://")
    answer.set_cookie(
        name,
        cookie,
        max_age=int(LIFE.total_seconds()),
        httponly=True,
        secure=secure,
        samesite="lax",
        path="/",
    )
    return answer


@router.get(
    "/callback",
    response_model=shapes.Connected,
    responses={303: {"description": "To the dashboard"}},
)
async def callback(
    request: Request,
    bot: TheBot,
    given: Bearer,
    code: Word = None,
    state: Word = None,
    error: Word = None,
    error_description: Word = None,
) -> Response:
    """Where Avito sends the owner back to: connects the account, reads its listings and registers the webhook."""
    subject = caller_of(request, bot, given).subject if given else None
    try:
        account_id = await _connect(request, bot, subject, code=code, state=state, error=error)
    except NotConnected as failure:
        return _refuse(request, bot, failure)
    except StoreUnavailable:
        if _wants_json(request):
            raise
        return _to_dashboard(bot, error="failed")
    if not _wants_json(request):
        return _to_dashboard(bot, connected=str(account_id))
    [row] = await bot.store.read(lambda tx: accounts.listed(tx, account_id))
    return JSONResponse(shapes.Connected(account=shown(row, bot.now())).model_dump(mode="json"))


async def _connect(
    request: Request,
    bot: Bot,
    subject: str | None,
    *,
    code: str | None,
    state: str | None,
    error: str | None,
) -> int:
    """Uses the state up first, whatever Avito said: a state that came back is spent."""
    word = state or ""
    cookie = request.cookies.get(_cookie_name(word))
    try:
        by = await bot.store.write(
            lambda tx: oauth_states.use(tx, word, cookie=cookie, subject=subject, now=bot.now())
        )
    except StateRefused as refused:
        raise NotConnected(refused.code) from None
    if error or not code:
        raise NotConnected(
            "denied" if error == "access_denied" else "failed" if error else "code_rejected"
        )
    return await connecting.connect(bot, code, by)


def _refuse(request: Request, bot: Bot, failure: NotConnected) -> Response:
    log.warning("account not connected", code=failure.code)
    if not _wants_json(request):
        return _to_dashboard(bot, error=failure.code)
    status, detail = WORDS[failure.code]
    title = "The account was not connected"
    about: dict[str, Any] = {"account_id": failure.account_id} if failure.account_id else {}
    return Problem(status, failure.code, detail, title=title, **about).response()


def _to_dashboard(bot: Bot, **query: str) -> Response:
    address = f"{bot.settings.dashboard_url}/connection?{urlencode(query)}"
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})


def _wants_json(request: Request) -> bool:
    accepted = request.headers.get("accept", "")
    return "json" in accepted and "text/html" not in accepted


def _consent(bot: Bot, state: str) -> str:
    settings = bot.settings
    return consent_url(settings.avito_oauth_url, settings.avito_client_id, state, SCOPE)


def _start(bot: Bot, state: str) -> str:
    """Beside the callback, so that the cookie comes back to it."""
    beside = bot.settings.redirect_uri.removesuffix(CALLBACK)
    return f"{beside}/start?{urlencode({'state': state})}"


def _cookie_name(state: str) -> str:
    """One for each state, so that two tabs do not disturb each other."""
    plain = "".join(letter for letter in state[:12] if letter.isascii() and letter.isalnum())
    return f"avito_connect_{plain}"
