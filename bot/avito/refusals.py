"""Reads what Avito says when it says no, and what its token counter says at all."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from bot.avito import loose
from bot.errors import (
    AvitoBusy,
    AvitoError,
    BadRequest,
    BotError,
    Forbidden,
    NoMessengerAccess,
    NotFound,
    OutcomeUnknown,
    TokenRejected,
)
from bot.model import Tokens

LONGEST_REASON = 120
LONGEST_WAIT = 24 * 3600.0
WINDOW = 60.0
"""Avito counts requests by the minute and rarely says when the minute ends."""

SUBSCRIPTION = "the account's subscription level at Avito gives no messenger API"
WRONG_CLIENT = "the client id or secret is wrong"


def error_for(
    status: int, headers: Mapping[str, str], body: bytes, *, now: datetime | None = None
) -> BotError:
    """The error that an answer with a status other than 2xx means.

    A web page instead of JSON with 403 comes from the wall before Avito, not from Avito: it says
    nothing about the token. `now` is needed only for a Retry-After with a date and no Date beside.
    """
    low = {key.lower(): value for key, value in headers.items()}
    page = _is_page(low, body)
    said = f"Avito answered {status}: {reason(body, page=page)}"
    if status == 429 or status >= 500 or status in (408, 425):
        return AvitoBusy(said, status=status, retry_after=_wait(status, low, now))
    if 300 <= status < 400 or (page and status in (401, 403)):
        return AvitoBusy(said, status=status, retry_after=_wait(status, low, now))
    if status == 404 and b"temporarily unavailable" in body:
        return AvitoBusy(said, status=status)
    return _permanent(status, said)


def _permanent(status: int, said: str) -> AvitoError:
    match status:
        case 401:
            return TokenRejected(said, status=status)
        case 402:
            return NoMessengerAccess(f"{said} ({SUBSCRIPTION})", status=status)
        case 403:
            return Forbidden(said, status=status)
        case 404 | 410:
            return NotFound(said, status=status)
        case _:
            return BadRequest(said, status=status)


def _is_page(headers: Mapping[str, str], body: bytes) -> bool:
    return "html" in headers.get("content-type", "") or body.lstrip()[:1] == b"<"


def _wait(status: int, headers: Mapping[str, str], now: datetime | None) -> float | None:
    """Seconds until it is worth trying again, if Avito says so in any of its ways."""
    asked = _seconds(headers.get("retry-after", ""), headers.get("date"), now)
    if asked is None and status == 429:
        asked = _window(headers, now)
    return None if asked is None else min(max(asked, 0.0), LONGEST_WAIT)


def _seconds(value: str, date: str | None, now: datetime | None) -> float | None:
    number = _number(value)
    if number is not None:
        return number
    then, base = _http_date(value), _http_date(date or "") or now
    return (then - base).total_seconds() if then and base else None


def _window(headers: Mapping[str, str], now: datetime | None) -> float | None:
    """When the minute of a rate limit ends; X-RateLimit-Reset is seconds, or a moment in Unix time."""
    reset = _number(headers.get("x-ratelimit-reset", ""))
    if reset is not None and reset > 1e9:
        base = _http_date(headers.get("date", "")) or now
        return reset - base.timestamp() if base else WINDOW
    if reset is None and _number(headers.get("x-ratelimit-remaining", "")) == 0:
        return WINDOW
    return reset


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def remaining(headers: Mapping[str, str]) -> int | None:
    """How many requests Avito still allows in this minute, where it says so."""
    number = _number(headers.get("x-ratelimit-remaining", ""))
    return None if number is None else int(number)


def reason(body: bytes, *, page: bool = False) -> str:
    """Why, in a few words that hold no personal data and no secret, whatever the body says."""
    if page:
        return "a web page instead of JSON"
    try:
        said = _words(msgspec.json.decode(body[: 64 * 1024]))
    except (ValueError, RecursionError):
        said = body[:200].decode(errors="replace")
    return clean(said) or "without a reason"


def _words(data: Any) -> str:
    """The message in whichever of Avito's seven shapes it came."""
    row = loose.mapping(data)
    if isinstance(errors := row.get("errors"), list) and errors:
        row = loose.mapping(errors[0])
    for key in ("error", "result"):
        if isinstance(row.get(key), dict):
            row = row[key]
            break
    parts = [row.get("error"), row.get("error_description"), row.get("message")]
    fields = [key for key in loose.mapping(row.get("fields")) if key.isidentifier()]
    said = ": ".join(part for part in parts if isinstance(part, str))
    return f"{said} ({', '.join(fields[:5])})" if fields else said


_UNSAID = re.compile(
    r"""https?://\S+ | \S+@\S+ | «[^»]*» | "[^"]*" | '[^']*'
      | \+?\d[\d\s().-]{4,}\d | \S*\d{5,}\S* | [\w~+/=-]{24,}""",
    re.VERBOSE,
)


def clean(words: str) -> str:
    """Short, on one line, and without quotations, addresses, numbers and long tokens."""
    line = " ".join(_UNSAID.sub("…", "".join(c if c.isprintable() else " " for c in words)).split())
    return line if len(line) <= LONGEST_REASON else line[: LONGEST_REASON - 1] + "…"


def read_token(status: int, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Tokens:
    """The tokens that Avito's counter gave at `now`.

    TokenRejected if it did not take the code or the refresh token (Avito words it "try request
    later", which never helps), Forbidden if it does not know the application, AvitoBusy if it may
    work later, OutcomeUnknown if it said yes and the tokens are unreadable.
    """
    if not 200 <= status < 300:
        raise _no_token(status, headers, body, now)
    try:
        row = loose.mapping(msgspec.json.decode(body))
        if row.get("error"):
            raise _no_token(400, headers, body, now)
        return _tokens(row, now)
    except (ValueError, RecursionError):
        raise OutcomeUnknown("Avito's answer about tokens is unreadable") from None


def _tokens(row: Mapping[str, Any], now: datetime) -> Tokens:
    access = loose.secret(row.get("access_token"))
    seconds = loose.whole(row.get("expires_in"))
    if access is None or seconds is None or not 0 < seconds <= 10 * 365 * 86_400:
        raise ValueError("no token")
    return Tokens(
        access=access,
        refresh=loose.secret(row.get("refresh_token")),
        expires_at=now + timedelta(seconds=seconds),
        scope=loose.text(row.get("scope")) or "",
    )


def _no_token(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> BotError:
    error = error_for(status, headers, body, now=now)
    if isinstance(error, AvitoBusy):
        return error
    if (
        b"invalid_client" in body
        or b"unauthorized_client" in body
        or (status == 401 and b"invalid_grant" not in body)
    ):
        return Forbidden(f"{error}: {WRONG_CLIENT}", status=status)
    if status in (400, 401, 403):
        return TokenRejected(str(error), status=status)
    return error
