"""Logging in through an OpenID Connect provider."""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from httpx import HTTPError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from pages._ui.door import session, welcome
from pages._ui.door.methods import OpenId
from pages._ui.settings import Settings


def routes(settings: Settings, openid: OpenId) -> Sequence[BaseRoute]:
    oauth = OAuth()
    provider = oauth.register(
        name="dashboard",
        server_metadata_url=openid.metadata_url,
        client_id=openid.client_id,
        client_secret=openid.client_secret,
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256"},
    )

    async def start(request: Request) -> Response:
        request.session["next"] = welcome.next_of(request)
        try:
            answer: Response = await provider.authorize_redirect(request, openid.redirect_uri)
        except (HTTPError, OAuthError):
            return RedirectResponse("/login?trouble=provider", 303)
        return answer

    async def finish(request: Request) -> Response:
        """Only an address that the provider has verified, and only if it has a role here."""
        try:
            token = await provider.authorize_access_token(request)
        except (HTTPError, OAuthError, ValueError):
            return RedirectResponse("/login?trouble=provider", 303)
        person = token.get("userinfo") or {}
        email = str(person.get("email", "")).lower()
        role = openid.roles.get(email)
        if role is None or person.get("email_verified") is False:
            return RedirectResponse("/login?trouble=stranger", 303)
        wanted = request.session.pop("next", "/")
        who = session.begin(email, role, datetime.now(UTC))
        return welcome.welcome(settings, who, wanted)

    return [
        Route("/login/openid", start, methods=["GET"]),
        Route(urlsplit(openid.redirect_uri).path, finish, methods=["GET"]),
    ]
