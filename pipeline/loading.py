"""Chat histories from elsewhere as events: plain messages in, rows of the log out."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, get_args

from pipeline.events import Author, Event, EventRow, MessageReceived, MessageSent

_TYPES: dict[str, tuple[type, ...]] = {
    "message_id": (str,),
    "at": (str,),
    "account_id": (int, type(None)),
    "listing_id": (int, type(None)),
    "chat_id": (str,),
    "author": (str,),
    "kind": (str,),
    "text": (str, type(None)),
}
_REQUIRED = ("message_id", "at", "chat_id", "author")


class BadRow(ValueError):
    """A line that is no row of the view `messages`; the message names the line."""


def rows_of(lines: Iterable[str]) -> list[EventRow]:
    """The rows of a log for JSON lines shaped as the view `messages`, in the order of their
    moments.

    `kind` is `text` when it is not given; a moment without a zone is UTC, as in the view. Texts are
    kept as they are: mask them before. Raises BadRow at the first line that is wrong.
    """
    messages = sorted(_messages(lines), key=lambda pair: pair[0])
    return [EventRow.of(event, seq, at) for seq, (at, event) in enumerate(messages, 1)]


def _messages(lines: Iterable[str]) -> Iterator[tuple[datetime, Event]]:
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = _checked(line)
            first = seen.setdefault(row["message_id"], number)
            if first != number:
                raise ValueError(f"message_id {row['message_id']!r} is that of line {first} too")
            at = _moment(row["at"])
        except ValueError as error:
            raise BadRow(f"line {number}: {error}; nothing was written") from error
        yield at, _event(row, at)


def _checked(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ValueError("this is not JSON") from error
    if not isinstance(row, dict):
        raise ValueError("this is not an object")
    if missing := [name for name in _REQUIRED if row.get(name) in (None, "")]:
        raise ValueError(f"{', '.join(missing)} missing")
    for name, value in row.items():
        if name not in _TYPES:
            raise ValueError(f"{name!r} is no column of messages")
        if not isinstance(value, _TYPES[name]) or isinstance(value, bool):
            raise ValueError(f"{name} cannot be {json.dumps(value, ensure_ascii=False)[:60]}")
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise ValueError(f"{name} is too large")
    if row["author"] not in get_args(Author):
        raise ValueError(f"author must be one of {', '.join(get_args(Author))}")
    return row


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(
            f"at must be a moment like 2026-05-12T09:00:00Z, not {text[:60]!r}"
        ) from error


def _event(row: dict[str, Any], at: datetime) -> Event:
    where = {name: row.get(name) for name in ("account_id", "listing_id", "chat_id", "message_id")}
    cls = MessageReceived if row["author"] in ("client", "avito") else MessageSent
    return cls(
        **where,
        author=row["author"],
        type=row.get("kind", "text"),
        text=row.get("text"),
        found_by="reading",
        received_at=at,
    )
