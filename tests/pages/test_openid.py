"""Logging in through an OpenID Connect provider, played by a small one of our own."""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pages._ui.door import session
from tests.pages.conftest import SECRET, Dashboard, dashboard_at
from tests.ports import free_port


class Provider:
    """Says that the visitor is `email`, once per code."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.email, self.verified = "anna@example.com", True
        self._key = RSAKey.generate_key(2048, {"kid": "k"})
        self._nonce = ""

    def metadata(self, _: Request) -> Response:
        places = {"authorization": "authorize", "token": "token"}
        told: dict[str, Any] = {f"{k}_endpoint": f"{self.url}/{v}" for k, v in places.items()}
        told |= {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        told |= {"id_token_signing_alg_values_supported": ["RS256"]}
        return JSONResponse(told)

    def keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    def authorize(self, request: Request) -> Response:
        asked = request.query_params
        self._nonce = asked["nonce"]
        return RedirectResponse(f"{asked['redirect_uri']}?code=c&state={asked['state']}", 302)

    def token(self, _: Request) -> Response:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": "dashboard",
            "sub": "1",
            "iat": now,
            "exp": now + 60,
            "nonce": self._nonce,
            "email": self.email,
            "email_verified": self.verified,
        }
        signed = jwt.encode({"alg": "RS256", "kid": "k"}, claims, self._key)
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "id_token": signed})


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    port = free_port()
    played = Provider(f"http://127.0.0.1:{port}")
    app = Starlette(
        routes=[
            Route("/metadata", played.metadata),
            Route("/keys", played.keys),
            Route("/authorize", played.authorize),
            Route("/token", played.token, methods=["POST"]),
        ]
    )
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
    )
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        Event().wait(0.01)
    yield played
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def dashboard(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    folder: Path = tmp_path_factory.mktemp("openid")
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit/secrets.toml").write_text(
        f'[auth]\nserver_metadata_url = "{provider.url}/metadata"\nclient_id = "dashboard"\n'
        'client_secret = "s"\n[roles]\n"anna@example.com" = "manager"\n'
    )
    with dashboard_at(folder, "http://127.0.0.1:9") as running:
        yield running


def come_in(dashboard: Dashboard, wanted: str = "/") -> httpx.Response:
    """Through the provider and back, as a browser goes; the last answer before the pages."""
    with httpx.Client(base_url=dashboard.url) as web:
        at_provider = web.get("/login/openid", params={"next": wanted})
        back = httpx.get(at_provider.headers["location"]).headers["location"]
        return web.get(back)


def test_who_has_a_role_comes_in_with_it(dashboard: Dashboard, provider: Provider) -> None:
    """
    The provider says who, the table says what they may, and the wanted page opens.
    """
    provider.email, provider.verified = "Anna@example.com", True
    answer = come_in(dashboard, "/leads")

    assert (303, "/leads") == (answer.status_code, answer.headers["location"])
    who = session.unseal(answer.cookies[session.COOKIE], SECRET)
    assert who is not None
    assert ("anna@example.com", "manager") == (who.user, who.role)


@pytest.mark.parametrize(
    ("email", "verified"), [("eve@example.com", True), ("anna@example.com", False)]
)
def test_strangers_stay_outside(
    dashboard: Dashboard, provider: Provider, email: str, verified: bool
) -> None:
    """
    An address without a role, or one that the provider did not verify, opens nothing.
    """
    provider.email, provider.verified = email, verified
    answer = come_in(dashboard)

    assert "/login?trouble=stranger" == answer.headers["location"]
    assert session.COOKIE not in answer.cookies


def test_an_answer_that_nobody_asked_for_is_refused(dashboard: Dashboard) -> None:
    """
    A callback with somebody else's code and state logs nobody in.
    """
    answer = httpx.get(f"{dashboard.url}/oauth2callback?code=c&state=x")

    assert "/login?trouble=provider" == answer.headers["location"]
    assert session.COOKIE not in answer.cookies


def test_the_way_to_the_provider_is_kept_from_prying(dashboard: Dashboard) -> None:
    """
    State, nonce and PKCE go along; no password is asked for.
    """
    page = httpx.get(f"{dashboard.url}/login")
    asked = parse_qs(urlsplit(httpx.get(f"{dashboard.url}/login/openid").headers["location"]).query)

    assert "/login/openid" in page.text
    assert 'type="password"' not in page.text
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert ["S256"] == asked["code_challenge_method"]
