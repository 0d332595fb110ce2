"""Avito's JSON, read into our words without any I/O.

This is the one face of that knowledge; what is neither a message nor a chat stands in
`catalogue` and `refusals`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec

from bot.avito import loose
from bot.avito.catalogue import read_listings, read_profile, read_stats
from bot.avito.refusals import error_for, read_token
from bot.model import WireChat, WireMessage

__all__ = [
    "Envelope",
    "error_for",
    "read_chat",
    "read_chats",
    "read_listings",
    "read_messages",
    "read_ok",
    "read_profile",
    "read_sent",
    "read_stats",
    "read_subscriptions",
    "read_token",
    "read_webhook",
]

DELETED = "Сообщение удалено"
"""What Avito puts in the place of a deleted text, as a text."""

LARGEST_BODY = 128 * 1024
DEEPEST = 32
MANY_BRACKETS = 64
"""An ordinary call has about ten; more are counted for depth before anything recurses."""

Author = Literal["client", "own", "avito"]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=loose.LONGEST_ID)]
Int64 = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
Positive = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
Seconds = Annotated[int, msgspec.Meta(ge=loose.EARLIEST, lt=loose.LATEST)]


@dataclass(frozen=True)
class Envelope:
    """One call of the webhook. `account_id` is whose subscription it came by."""

    account_id: int
    message_id: str
    chat_id: str
    message: WireMessage


class _Payload(msgspec.Struct):
    type: str
    value: msgspec.Raw = msgspec.Raw()


class _Call(msgspec.Struct):
    payload: _Payload | None = None


class _Value(msgspec.Struct):
    id: Id
    chat_id: Id
    user_id: Positive
    created: Seconds
    type: Id
    author_id: Int64 | None = None
    item_id: Int64 | None = None
    chat_type: str | None = None
    content: dict[str, Any] | None = None


_calls = msgspec.json.Decoder(_Call)
_values = msgspec.json.Decoder(_Value)


def read_webhook(body: bytes) -> Envelope | None:
    """The message that a call tells of; None for Avito's probe and for other kinds of call.

    ValueError, in one sentence without a client's words, for anything that is not Avito's.
    """
    if not body.strip():
        return None
    _refuse_monsters(body)
    try:
        value = _value(body)
        return _envelope(value) if value else None
    except msgspec.MsgspecError as error:
        raise ValueError(f"Not a webhook call as Avito makes it: {error}.") from None
    except (UnicodeError, RecursionError):
        raise ValueError("The body is not readable JSON in UTF-8.") from None


def _refuse_monsters(body: bytes) -> None:
    if len(body) > LARGEST_BODY:
        raise ValueError(f"The body is longer than {LARGEST_BODY} bytes.")
    if body.count(b"{") + body.count(b"[") > MANY_BRACKETS and _too_deep(body):
        raise ValueError(f"The body is nested more than {DEEPEST} deep.")


_TOKENS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)
"""Strings, closed or not, and brackets. Possessive, so that no body makes it go back and forth."""


def _too_deep(body: bytes) -> bool:
    """Counts brackets outside of strings; a loop, because a recursive check would fall itself."""
    depth = 0
    for token in _TOKENS.finditer(body):
        sign = body[token.start()]
        if sign in b"[{":
            depth += 1
            if depth > DEEPEST:
                return True
        elif sign != ord('"'):
            depth -= 1
    return False


def _value(body: bytes) -> _Value | None:
    payload = _calls.decode(body).payload
    if payload is None:
        if msgspec.json.decode(body) == {}:
            return None
        raise ValueError("A webhook call without a payload is not Avito's.")
    if payload.type != "message":
        return None
    if not bytes(payload.value):
        raise ValueError("A webhook call about a message must have the message in it.")
    return _values.decode(payload.value)


def _envelope(value: _Value) -> Envelope:
    for name in (value.id, value.chat_id, value.type):
        if loose.identifier(name) is None:
            raise ValueError("An id in the webhook call has blanks or unprintable characters.")
    message = _message(
        id=value.id,
        account_id=value.user_id,
        chat_id=value.chat_id,
        listing_id=value.item_id,
        author_id=value.author_id,
        kind=value.type,
        content=value.content or {},
        created_at=datetime.fromtimestamp(value.created, UTC),
        chat_type=value.chat_type,
    )
    return Envelope(value.user_id, value.id, value.chat_id, message)


def _message(
    *,
    id: str,
    account_id: int,
    chat_id: str,
    listing_id: int | None,
    author_id: int | None,
    kind: str,
    content: Mapping[str, Any],
    created_at: datetime,
    chat_type: str | None,
) -> WireMessage:
    """One line of a chat, however it came to us. The schema allows null siblings: they go."""
    content = {key: value for key, value in content.items() if value is not None}
    words = _readable(kind, content)
    return WireMessage(
        id=id,
        account_id=account_id,
        chat_id=chat_id,
        listing_id=listing_id or None,
        author=_author(account_id, author_id, kind, content),
        author_id=author_id,
        kind="deleted" if kind == "text" and words == DELETED else kind,
        text=words,
        content=content,
        created_at=created_at,
        chat_type=chat_type or _chat_type(chat_id),
    )


def _author(
    account_id: int, author_id: int | None, kind: str, content: Mapping[str, Any]
) -> Author:
    """Avito comes first: its robots may write in the seller's name, and no person did so."""
    if kind == "system" or content.get("flow_id") or author_id in (None, 0, 1):
        return "avito"
    return "own" if author_id == account_id else "client"


def _readable(kind: str, content: Mapping[str, Any]) -> str | None:
    """What a person could read of it."""
    part = loose.mapping(content.get(kind))
    match kind:
        case "text" | "system":
            return loose.text(content.get("text"))
        case "link":
            return loose.text(part.get("url")) or loose.text(part.get("text"))
        case "location":
            return loose.text(part.get("title")) or loose.text(part.get("text"))
        case "item":
            return loose.text(part.get("title")) or loose.text(part.get("item_url"))
        case _:
            return None


def _chat_type(chat_id: str) -> str:
    """Chat ids begin with the type; history does not tell it otherwise."""
    prefix = chat_id.partition("-")[0]
    return prefix if prefix in ("u2i", "u2u", "a2u") else "u2i"


def read_messages(data: Any, account_id: int, chat_id: str) -> list[WireMessage]:
    """The messages of a history in Avito's order (newest first).

    Takes the documented bare array and the object that the live service answers. A message without
    a readable id is left out, one without a moment gets that of its newer neighbour: what is broken
    must not hide the rest. ValueError if there is no list at all.
    """
    found: list[WireMessage] = []
    for row in loose.rows(data, "messages"):
        line = loose.mapping(row)
        id = loose.identifier(line.get("id"))
        if id is None:
            continue
        newer = found[-1].created_at if found else loose.EPOCH
        found.append(
            _message(
                id=id,
                account_id=account_id,
                chat_id=chat_id,
                listing_id=loose.whole(line.get("item_id")),
                author_id=loose.whole(line.get("author_id")),
                kind=loose.identifier(line.get("type")) or "unknown",
                content=loose.mapping(line.get("content")),
                created_at=loose.moment(line.get("created")) or newer,
                chat_type=loose.identifier(line.get("chat_type")),
            )
        )
    return found


def read_chats(data: Any, account_id: int) -> list[WireChat]:
    """The chats of a list; one without a readable id is left out. ValueError without a list."""
    found = (_chat(loose.mapping(row), account_id) for row in loose.rows(data, "chats"))
    return [chat for chat in found if chat]


def read_chat(data: Any, account_id: int) -> WireChat:
    """One chat. ValueError if it has no id."""
    chat = _chat(loose.mapping(data), account_id)
    if chat is None:
        raise ValueError("Avito's answer is no chat")
    return chat


def _chat(row: Mapping[str, Any], account_id: int) -> WireChat | None:
    id = loose.identifier(row.get("id"))
    if id is None:
        return None
    context = loose.mapping(row.get("context"))
    listing = loose.mapping(context.get("value")) if context.get("type") == "item" else {}
    last = loose.mapping(row.get("last_message"))
    created, said = loose.moment(row.get("created")), loose.moment(last.get("created"))
    updated = loose.moment(row.get("updated"))
    price = loose.text(listing.get("price_string"))
    return WireChat(
        id=id,
        account_id=account_id,
        listing_id=loose.whole(listing.get("id")) or None,
        listing_title=loose.text(listing.get("title")),
        listing_price=price and price.replace("\xa0", " ").replace("\u202f", " "),
        client_name=_client_name(row.get("users"), account_id),
        chat_type=_chat_type(id),
        created_at=created or said or updated or loose.EPOCH,
        updated_at=updated or said or created or loose.EPOCH,
        last_message_id=loose.identifier(last.get("id")),
    )


def _client_name(users: Any, account_id: int) -> str | None:
    """The name of the first who is not the account itself."""
    people = [loose.mapping(user) for user in users] if isinstance(users, list) else []
    names = (loose.text(p.get("name")) for p in people if loose.whole(p.get("id")) != account_id)
    return next((name for name in names if name), None)


def read_sent(data: Any) -> str:
    """Avito's id of the message just sent. ValueError if the answer does not tell it."""
    id = loose.identifier(loose.mapping(data).get("id"))
    if id is None:
        raise ValueError("Avito's answer to a message has no id")
    return id


def read_subscriptions(data: Any) -> list[str]:
    """The addresses that Avito calls. ValueError if there is no list."""
    found = loose.rows(data, "subscriptions")
    return [url for row in found if (url := loose.text(loose.mapping(row).get("url")))]


def read_ok(data: Any) -> None:
    """ValueError if Avito says with a good status that it did not do it."""
    if loose.mapping(data).get("ok", True) is not True:
        raise ValueError("Avito answered that it did not do it")


def read_voices(data: Any) -> dict[str, str]:
    """Links to recordings by their id. Raises ValueError."""
    links = data.get("voices_urls") if isinstance(data, dict) else None
    if not isinstance(links, dict):
        raise ValueError("no links to voices")
    return {str(id): link for id, link in links.items() if isinstance(link, str)}
