"""What Avito's refusals become."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.avito.wire import error_for, read_token
from bot.errors import (
    AvitoBusy,
    BadRequest,
    BotError,
    Forbidden,
    NoMessengerAccess,
    NotFound,
    OutcomeUnknown,
    TokenRejected,
)

NOW = datetime(2026, 10, 9, 9, 0, tzinfo=UTC)

SHAPES = [
    (401, b'{"error":{"code":401,"message":"Unauthorized"}}', TokenRejected, "Unauthorized"),
    (402, b'{"error":{"code":402,"message":"Payment required"}}', NoMessengerAccess, "Payment"),
    (403, b'{"error":{"code":403,"message":"Forbidden"}}', Forbidden, "Forbidden"),
    (404, b'{"error":{"code":404,"message":"Not found"}}', NotFound, "Not found"),
    (400, b'{"error":{"code":400,"message":"Bad Request"}}', BadRequest, "Bad Request"),
    (
        400,
        b'{"error":{"code":400,"message":"Validation error","fields":{"limit":"x y"}}}',
        BadRequest,
        "Validation error (limit)",
    ),
    (400, b'{"error":{"code":400,"message":"V","fields":null}}', BadRequest, "V"),
    (403, b'{"code":"forbidden","message":"no scope"}', Forbidden, "no scope"),
    (
        400,
        b'{"error":{"code":"validation","message":"Field `offset` is not integer"}}',
        BadRequest,
        "Field `offset` is not integer",
    ),
    (
        403,
        b'{"result":{"status":false,"message":"invalid access token"}}',
        Forbidden,
        "invalid access token",
    ),
    (
        403,
        b'{"error":"invalid_grant","error_description":"Can\'t get auth data. Try request later"}',
        Forbidden,
        "invalid_grant",
    ),
    (400, b'{"errors":[{"code":1,"message":"too low"}]}', BadRequest, "too low"),
    (404, b'{"message":"route /messenger/v1/chats not found","code":400}', NotFound, "route"),
    (404, b"page not found", NotFound, "page not found"),
    (404, b'{"message":"This route is temporarily unavailable"}', AvitoBusy, "temporarily"),
    (409, b"{}", BadRequest, "without a reason"),
    (410, b"", NotFound, "without a reason"),
    (429, b"{}", AvitoBusy, "429"),
    (500, b'{"error":{"code":500,"message":"Error while processing request"}}', AvitoBusy, "500"),
    (503, b"<html>nginx</html>", AvitoBusy, "web page"),
    (502, b"", AvitoBusy, "502"),
    (408, b"", AvitoBusy, "408"),
    (302, b"", AvitoBusy, "302"),
    (400, b'"a text"', BadRequest, "without a reason"),
    (400, b"[" * 60_000, BadRequest, "400"),
    (400, b"\xff\xfe", BadRequest, "400"),
]


@pytest.mark.parametrize(("status", "body", "error", "said"), SHAPES)
def test_every_shape_of_refusal(status: int, body: bytes, error: type[BotError], said: str) -> None:
    """Each status has its meaning, and the reason is found in each of the shapes."""
    found = error_for(status, {"Content-Type": "application/json"}, body)

    assert error is type(found)
    assert said in str(found)
    assert status == getattr(found, "status", None)


def test_a_wall_before_avito_says_nothing_about_the_token() -> None:
    """A web page with 403 is a blocked address: to come back later helps, to reconnect does not."""
    page = "<html><title>Доступ ограничен: проблема с IP 203.0.113.7</title>".encode()

    found = error_for(403, {"content-type": "text/html; charset=utf-8"}, page)

    assert isinstance(found, AvitoBusy)
    assert "203.0" not in str(found)


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {}, None),
        (429, {"Retry-After": "7"}, 7),
        (503, {"RETRY-AFTER": "0.5"}, 0.5),
        (429, {"Retry-After": "-3"}, 0),
        (429, {"Retry-After": "1e99"}, 86_400),
        (429, {"Retry-After": "nan"}, None),
        (429, {"Retry-After": "soon"}, None),
        (429, {"Retry-After": format_datetime(NOW + timedelta(seconds=30), usegmt=True)}, 30),
        (
            429,
            {
                "Retry-After": format_datetime(NOW + timedelta(hours=1, seconds=30), usegmt=True),
                "Date": format_datetime(NOW + timedelta(hours=1), usegmt=True),
            },
            30,
        ),
        (429, {"X-RateLimit-Limit": "25", "X-RateLimit-Remaining": "0"}, 60),
        (429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "12"}, 12),
        (429, {"X-RateLimit-Reset": str(int(NOW.timestamp()) + 20)}, 20),
        (500, {"X-RateLimit-Remaining": "0"}, None),
    ],
)
def test_how_long_to_wait(status: int, headers: dict[str, str], seconds: float | None) -> None:
    """Seconds, dates (by Avito's own clock if it tells) and the ends of minutes."""
    assert seconds == error_for(status, headers, b"{}", now=NOW).retry_after


@pytest.mark.parametrize(
    "secret",
    [
        "+7 999 123-45-67",
        "89991234567",
        "anna@example.com",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
        "«меня зовут Анна»",
        "https://example.com/hook/s3cr3t",
        '"приезжайте на Лесную 7"',
    ],
)
def test_reasons_keep_secrets(secret: str) -> None:
    """Whatever Avito quotes, the error does not."""
    body = f"cannot accept {secret} because"

    said = str(error_for(400, {}, body.encode()))

    assert secret.strip('«»"') not in said
    assert "cannot accept … because" in said


def test_reasons_are_short() -> None:
    """A novel stays outside."""
    assert len(str(error_for(400, {}, b"no way " * 500))) < 160


GOOD = b'{"access_token":"acc","expires_in":86400,"refresh_token":"ref","scope":"a,b"}'


def test_tokens() -> None:
    """They expire when they say, counted from the moment of asking, and are not printed."""
    found = read_token(200, {}, GOOD, now=NOW)

    assert ("acc", "ref", "a,b") == (found.access, found.refresh, found.scope)
    assert NOW + timedelta(days=1) == found.expires_at
    assert "acc" not in repr(found)
    assert read_token(200, {}, b'{"access_token":"a","expires_in":60}', now=NOW).refresh is None


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, b'{"error":"invalid_grant"}', TokenRejected),
        (403, b'{"error":"invalid_grant","error_description":"Try request later"}', TokenRejected),
        (401, b'{"error":"invalid_grant"}', TokenRejected),
        (400, b"", TokenRejected),
        (401, b'{"error":"invalid_client"}', Forbidden),
        (403, b'{"error":"invalid_client"}', Forbidden),
        (401, b"", Forbidden),
        (403, b"<html>wall</html>", AvitoBusy),
        (429, b"{}", AvitoBusy),
        (500, b"", AvitoBusy),
        (200, b'{"error":"invalid_grant"}', TokenRejected),
        (200, b"<html>", OutcomeUnknown),
        (200, b"{}", OutcomeUnknown),
        (200, b'{"access_token":"a\\nb","expires_in":60}', OutcomeUnknown),
        (200, b'{"access_token":"a","expires_in":-1}', OutcomeUnknown),
        (200, b'{"access_token":"a","expires_in":"soon"}', OutcomeUnknown),
        (200, b'{"access_token":"a","exp', OutcomeUnknown),
    ],
)
def test_no_tokens(status: int, body: bytes, error: type[BotError]) -> None:
    """Only a clear no makes the owner connect again."""
    with pytest.raises(error) as refused:
        read_token(status, {}, body, now=NOW)

    assert error is type(refused.value)


def test_a_wrong_application_is_told_from_a_spent_token() -> None:
    """The words say what to correct."""
    with pytest.raises(Forbidden, match="client id or secret is wrong"):
        read_token(401, {}, b'{"error":"invalid_client"}', now=NOW)
