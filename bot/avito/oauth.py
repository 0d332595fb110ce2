"""Avito's consent page and token counter."""

from urllib.parse import urlencode

import httpx

from bot.avito import wire
from bot.avito.door import Request, ask
from bot.model import Clock, Tokens

SCOPE = "user:read,items:info,messenger:read,messenger:write,stats:read"
"""What the assistant needs, and no more."""


def consent_url(
    base: str,
    client_id: str,
    state: str,
    scope: str = SCOPE,
    redirect_uri: str | None = None,
) -> str:
    """Where the owner says yes. Avito knows the address to come back to from the registration."""
    query = {
        "response_type": "code",
        "pro_users_flow": "true",
        "client_id": client_id,
        "scope": scope,
        "state": state,
    }
    if redirect_uri is not None:
        query["redirect_uri"] = redirect_uri
    return f"{base}{'&' if '?' in base else '?'}{urlencode(query, safe=':,')}"


class AvitoAuth:
    """Trades codes and refresh tokens for tokens. Both work once, so the caller takes turns.

    Both calls raise TokenRejected, Forbidden (the application itself is not known), AvitoBusy or
    AvitoUnreachable, and OutcomeUnknown when the request left and no answer came: then the old
    refresh token may already be spent.
    """

    def __init__(
        self, http: httpx.AsyncClient, client_id: str, client_secret: str, clock: Clock
    ) -> None:
        self._http = http
        self._application = {"client_id": client_id, "client_secret": client_secret}
        self._clock = clock

    async def exchange(self, code: str) -> Tokens:
        """The first tokens of an account whose owner said yes."""
        return await self._ask({"grant_type": "authorization_code", "code": code})

    async def refresh(self, refresh_token: str) -> Tokens:
        """New tokens; without a new refresh token in the answer the old one stays good."""
        asked = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        new = await self._ask(asked)
        return new if new.refresh else Tokens(new.access, refresh_token, new.expires_at, new.scope)

    async def _ask(self, form: dict[str, str]) -> Tokens:
        asked = self._clock()
        request = Request("POST", "/token", form={**form, **self._application})
        answer = await ask(self._http, request)
        return wire.read_token(answer.status, answer.headers, answer.body, now=asked)
