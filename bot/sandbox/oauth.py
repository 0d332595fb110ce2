"""Avito's consent page and its token route."""

from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.sandbox.answers import Answer, oauth_error
from bot.sandbox.door import form
from bot.sandbox.pages import consent_page, error_page
from bot.sandbox.records import Code
from bot.sandbox.world import World

SCOPES = frozenset(
    [
        "messenger:read",
        "messenger:write",
        "user:read",
        "user_balance:read",
        "user_operations:read",
        "items:info",
        "items:apply_vas",
        "stats:read",
        "autoload:reports",
        "job:write",
        "job:cv",
        "job:vacancy",
        "job:applications",
        "short_term_rent:read",
        "short_term_rent:write",
        "ratings:read",
        "ratings:write",
    ]
)
USED_UP = "Can't get auth data. Try request later"


class OAuth:
    """Gives out codes to people who agree, and tokens for codes."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def page(self, request: Request) -> Response:
        """GET: show the page, or answer for the owner (`auto=allow|deny`, `account=<id>`).

        POST: the form's `decision` (allow or deny) and `account_id`.
        """
        asked = dict(request.query_params)
        if request.method == "POST":
            asked |= form(await request.body())
        if wrong := self._wrong(asked):
            return HTMLResponse(error_page(escape(wrong)), 400)
        decision = asked.get("decision") or asked.get("auto")
        if decision is None and self._world.config.auto_consent:
            decision = "allow"
        if decision is None:
            return HTMLResponse(consent_page(asked, list(self._world.state.accounts.values())))
        return self._decided(asked, decision)

    def _wrong(self, asked: dict[str, str]) -> str | None:
        config = self._world.config
        unknown = set(_scopes(asked)) - SCOPES
        if asked.get("response_type") != "code":
            return "Параметр response_type должен быть равен code."
        if asked.get("client_id") != config.client_id:
            return "Приложение с таким client_id не зарегистрировано."
        if asked.get("redirect_uri", config.redirect_uri) != config.redirect_uri:
            return "Redirect URI не совпадает с указанным при регистрации приложения."
        if unknown or not _scopes(asked):
            return f"Неизвестные права доступа: {', '.join(sorted(unknown)) or 'не указаны'}."
        return None

    def _decided(self, asked: dict[str, str], decision: str) -> Response:
        back = {"state": asked["state"]} if "state" in asked else {}
        accounts = self._world.state.accounts
        chosen = asked.get("account_id") or asked.get("account") or str(next(iter(accounts)))
        if decision != "allow":
            denied = {"error": "access_denied", "error_description": "The user denied the request"}
            return self._redirect({**denied, **back})
        if not chosen.isdecimal() or int(chosen) not in accounts:
            return HTMLResponse(error_page("Такого аккаунта нет."), 400)
        code = self._world.word(22)
        lifetime = self._world.config.code_seconds
        self._world.state.codes[code] = Code(
            int(chosen), _scopes(asked), self._world.now() + lifetime
        )
        self._world.changed()
        return self._redirect({"code": code, **back})

    def _redirect(self, query: dict[str, str]) -> Response:
        address = self._world.config.redirect_uri
        glue = "&" if "?" in address else "?"
        return RedirectResponse(f"{address}{glue}{urlencode(query)}", 302)

    def token(self, raw: bytes) -> Answer:
        """POST /token: three grants; codes and refresh tokens work once."""
        given, config = form(raw), self._world.config
        if (given.get("client_id"), given.get("client_secret")) != (
            config.client_id,
            config.client_secret,
        ):
            raise oauth_error(401, "invalid_client", "Client authentication failed")
        match given.get("grant_type"):
            case "client_credentials":
                first = next(iter(self._world.state.accounts))
                return Answer(body=self._world.issue(first, None))
            case "authorization_code":
                return self._by_code(given.get("code", ""))
            case "refresh_token":
                return self._by_refresh(given.get("refresh_token", ""))
        raise oauth_error(400, "unsupported_grant_type", "Unknown grant type")

    def _by_code(self, word: str) -> Answer:
        code = self._world.state.codes.get(word)
        if code is None or code.used or code.expires <= self._world.now():
            raise oauth_error(403, "invalid_grant", USED_UP)
        code.used = True
        return Answer(body=self._world.issue(code.account_id, code.scopes))

    def _by_refresh(self, word: str) -> Answer:
        refresh = self._world.state.refresh.get(word)
        if refresh is None or refresh.used:
            raise oauth_error(400, "invalid_grant", "Refresh token is invalid or was used")
        refresh.used = True
        return Answer(body=self._world.issue(refresh.account_id, refresh.scopes))


def _scopes(asked: dict[str, str]) -> list[str]:
    return [word for word in asked.get("scope", "").replace(" ", ",").split(",") if word]
