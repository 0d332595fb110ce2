"""How an account is connected, and stays so."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from bot.avito.door import make_http
from bot.avito.oauth import AvitoAuth, consent_url
from bot.errors import (
    AvitoBusy,
    AvitoUnreachable,
    BotError,
    Forbidden,
    OutcomeUnknown,
    TokenRejected,
)
from bot.model import Tokens

NOW = datetime(2026, 10, 9, 9, 0, tzinfo=UTC)
GOOD = {"access_token": "acc", "expires_in": 86400, "refresh_token": "ref", "scope": "user:read"}


def at(answer: httpx.Response | Exception, asked: list[httpx.Request] | None = None) -> AvitoAuth:
    def play(request: httpx.Request) -> httpx.Response:
        if asked is not None:
            asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    http = make_http("https://api.example", transport=httpx.MockTransport(play))
    return AvitoAuth(http, "client", "s3cr3t", lambda: NOW)


WAYS: dict[str, Callable[[AvitoAuth], Any]] = {
    "exchange": lambda auth: auth.exchange("c0de"),
    "refresh": lambda auth: auth.refresh("old"),
}


def test_the_consent_page() -> None:
    """The address is the official one, with a state, and with an address to return to if given."""
    url = consent_url("https://avito.ru/oauth", "client", "st&te", redirect_uri="https://b.ru/c?d")

    assert url.startswith("https://avito.ru/oauth?response_type=code&pro_users_flow=true&")
    assert "scope=user:read,items:info,messenger:read,messenger:write,stats:read" in url
    query = dict(parse_qsl(urlsplit(url).query))
    assert ("client", "st&te", "https://b.ru/c?d") == (
        query["client_id"],
        query["state"],
        query["redirect_uri"],
    )
    assert "redirect_uri" not in consent_url("https://avito.ru/oauth", "client", "s")
    assert consent_url("http://x/oauth?a=b", "c", "s").startswith("http://x/oauth?a=b&response")


@pytest.mark.parametrize(
    ("way", "form"),
    [
        ("exchange", {"grant_type": "authorization_code", "code": "c0de"}),
        ("refresh", {"grant_type": "refresh_token", "refresh_token": "old"}),
    ],
)
def test_what_is_asked(way: str, form: dict[str, str]) -> None:
    """A form with the application's name and secret; the tokens expire from now."""
    asked: list[httpx.Request] = []

    found = asyncio.run(WAYS[way](at(httpx.Response(200, json=GOOD), asked)))

    assert Tokens("acc", "ref", NOW + timedelta(days=1), "user:read") == found
    sent = {name: values[0] for name, values in parse_qs(asked[0].content.decode()).items()}
    assert {**form, "client_id": "client", "client_secret": "s3cr3t"} == sent
    assert ("POST", "/token") == (asked[0].method, asked[0].url.path)
    assert "application/x-www-form-urlencoded" == asked[0].headers["content-type"]


def test_without_a_new_refresh_token_the_old_one_stays() -> None:
    """Forgetting it would lose the account."""
    answer = httpx.Response(200, json={"access_token": "acc", "expires_in": 60})

    assert "old" == asyncio.run(at(answer).refresh("old")).refresh
    assert asyncio.run(at(answer).exchange("c0de")).refresh is None


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(400, json={"error": "invalid_grant"}), TokenRejected),
        (httpx.Response(403, json={"error": "invalid_grant"}), TokenRejected),
        (httpx.Response(401, json={"error": "invalid_client"}), Forbidden),
        (httpx.Response(403, html="<html>wall"), AvitoBusy),
        (httpx.Response(429, json={}), AvitoBusy),
        (httpx.Response(503), AvitoBusy),
        (httpx.Response(200, html="<html>"), OutcomeUnknown),
        (httpx.ReadTimeout("t"), OutcomeUnknown),
        (httpx.RemoteProtocolError("p"), OutcomeUnknown),
        (httpx.ConnectError("refused"), AvitoUnreachable),
        (httpx.ConnectTimeout("t"), AvitoUnreachable),
    ],
    ids=repr,
)
def test_what_may_go_wrong(
    way: str, answer: httpx.Response | Exception, error: type[BotError]
) -> None:
    """It is tried once; only a clear no is a no; a lost answer may have spent the token."""
    asked: list[httpx.Request] = []

    with pytest.raises(error) as raised:
        asyncio.run(WAYS[way](at(answer, asked)))

    assert error is type(raised.value)
    assert 1 == len(asked)
    assert "s3cr3t" not in str(raised.value)
