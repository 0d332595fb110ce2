"""The bot's client against answers as the API gives them, without a network."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest

from bot.client import BotClient, BotRefused, BotUnavailable, mint_token

SECRET = "a secret of more than thirty-two bytes"
Handler = Callable[[httpx.Request], httpx.Response]


def client(handler: Handler, token: Callable[[], str] | str = "token") -> BotClient:
    return BotClient("http://bot", token, transport=httpx.MockTransport(handler))


def answering(body: Any, status: int = 200) -> Handler:
    return lambda _: httpx.Response(status, json=body)


def test_a_token_says_who_and_what_they_may() -> None:
    """
    The claims are those that the API asks for, and the token is short-lived.
    """
    token = mint_token(SECRET, "anna@example.com", "manager", timedelta(minutes=10))
    claims = jwt.decode(
        token,
        SECRET,
        algorithms=["HS256"],
        audience="avito-assistant-api",
        issuer="avito-assistant",
    )

    assert ("anna@example.com", "manager") == (claims["sub"], claims["role"])
    assert 600 == claims["exp"] - claims["iat"]


def test_there_are_no_tokens_for_unknown_roles() -> None:
    """
    A slip of the pen in a role is an error here, not a surprise there.
    """
    with pytest.raises(ValueError, match="king"):
        mint_token(SECRET, "x", "king")


def test_a_new_token_is_asked_for_each_call() -> None:
    """
    A client that lives longer than its token goes on working.
    """
    tokens = iter(("first", "second"))
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        return httpx.Response(200, json={"data": []})

    bot = client(handler, lambda: next(tokens))
    bot.accounts()
    bot.accounts()

    assert ["Bearer first", "Bearer second"] == seen


def test_an_account_is_read_with_all_its_parts() -> None:
    """
    Moments get their zone, parts their type, and words that are new to us are left out.
    """
    raw = {
        "id": 7,
        "name": "Shop",
        "state": "connected",
        "connected_at": "2026-11-01T09:00:00Z",
        "token": {"state": "valid", "expires_at": "2026-11-02T09:00:00Z", "renewed_at": None},
        "webhook": {"state": "taken", "last_heard_at": None, "checked_at": None},
        "listings": {"total": 3, "ai_enabled": 1, "synced_at": None},
        "sync": {"running": True, "done": 2, "total": None},
        "something_new": {"a": 1},
    }
    [account] = client(answering({"data": [raw]})).accounts()

    assert datetime(2026, 11, 1, 9, tzinfo=UTC) == account.connected_at
    assert "taken" == account.webhook.state
    assert (2, None) == (account.sync.done, account.sync.total)
    assert 1 == account.listings.ai_enabled


def test_a_chat_is_read_with_its_messages_replies_and_lead() -> None:
    """
    Lists become tuples of values, and what is null stays None.
    """
    raw = {
        "id": "u2i-1~a/b",
        "account_id": 7,
        "owner": "assistant",
        "state": "quiet",
        "last_message": None,
        "messages": [{"id": "m", "at": "2026-11-01T09:00:00Z", "author": "client"}],
        "replies": [
            {
                "id": "r",
                "at": "2026-11-01T09:00:05Z",
                "author": "assistant",
                "state": "sent",
                "covers": ["m"],
            }
        ],
        "lead": {"id": "l", "chat_id": "u2i-1~a/b", "state": "sent", "fields": {"phone": "+7"}},
    }
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.raw_path.decode())
        return httpx.Response(200, json=raw)

    chat = client(handler).chat("u2i-1~a/b")

    assert ["/api/avito/chats/u2i-1~a%2Fb"] == seen
    assert "client" == chat.messages[0].author
    assert ("m",) == chat.replies[0].covers
    assert chat.lead is not None
    assert {"phone": "+7"} == chat.lead.fields


def test_only_what_was_asked_stands_in_the_query() -> None:
    """
    A filter that is not set is not sent.
    """
    seen: list[str] = []
    page = {"page": 2, "limit": 5, "total": 6, "totalPages": 2}

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.query.decode())
        return httpx.Response(200, json={"data": [], "pagination": page})

    found = client(handler).listings(page=2, limit=5, q="клопы")

    assert ["page=2&limit=5&q=%D0%BA%D0%BB%D0%BE%D0%BF%D1%8B"] == seen
    assert (2, 6, 2) == (found.page, found.total, found.total_pages)


def test_a_problem_document_is_a_refusal_with_its_words() -> None:
    """
    Title and detail are for people, the code is for programs.
    """
    problem = {
        "type": "about:blank",
        "title": "Not allowed",
        "status": 403,
        "detail": "ask the owner",
        "code": "forbidden",
    }
    with pytest.raises(BotRefused, match="ask the owner") as refused:
        client(answering(problem, 403)).set_ai(1, True)

    assert ("Not allowed", "forbidden", 403) == (
        refused.value.title,
        refused.value.code,
        refused.value.status,
    )


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("refused"), httpx.ReadTimeout("slow"), httpx.ReadError("cut")]
)
def test_no_answer_is_unavailable(error: httpx.HTTPError) -> None:
    """
    Down, slow and cut off are one thing to a page: try again later.
    """

    def handler(_: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(BotUnavailable):
        client(handler).state()


@pytest.mark.parametrize("status", [200, 404, 502])
def test_a_stranger_at_the_bots_address_is_not_the_bot(status: int) -> None:
    """
    A proxy's error page is no refusal of the bot, whatever its status.
    """
    with pytest.raises(BotUnavailable):
        client(lambda _: httpx.Response(status, text="<html>Bad Gateway</html>")).accounts()


def test_an_answer_of_another_version_is_said_in_words() -> None:
    """
    A field that must be there and is not, is named.
    """
    with pytest.raises(BotUnavailable, match="'name'"):
        client(answering({"data": [{"id": 1, "state": "connected"}]})).accounts()


def test_not_ready_is_an_answer_too() -> None:
    """
    503 with checks tells what is wrong; it is no failure of the call.
    """
    checks = {"lake": {"ok": False, "detail": "catalog is locked"}}
    health = client(answering({"status": "down", "checks": checks}, 503)).health()

    assert "down" == health.status
    assert "catalog is locked" == health.checks["lake"].detail
