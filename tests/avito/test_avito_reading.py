"""What Avito's answers become."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.avito import wire
from bot.model import DayStats, ListingRow, Profile

ACCOUNT = 94235311
SPEC = Path(__file__).parent.parent / "avito_spec"
CHAT = "u2i-AbCdEfGhIjKlMnOpQrStUv"


def line(**changes: Any) -> dict[str, Any]:
    ordinary = {
        "id": "aa",
        "author_id": 159471000,
        "created": 1760000500,
        "direction": "in",
        "type": "text",
        "content": {"text": "Здравствуйте"},
        "isRead": False,
        "read": None,
    }
    return {k: v for k, v in {**ordinary, **changes}.items() if v is not ...}


@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize("mark", ["isRead", "is_read"])
def test_a_history_in_both_shapes(wrapped: bool, mark: str) -> None:
    """The documented array and the live object are the same history, newest first."""
    rows = [line(id="b", **{mark: True}), line(id="a", author_id=ACCOUNT, direction="out")]
    data = {"messages": rows, "meta": {"has_more": False}} if wrapped else rows

    found = wire.read_messages(data, ACCOUNT, CHAT)

    assert [("b", "client"), ("a", "own")] == [(m.id, m.author) for m in found]
    assert (ACCOUNT, CHAT, None, "u2i") == (
        found[0].account_id,
        found[0].chat_id,
        found[0].listing_id,
        found[0].chat_type,
    )


def test_null_siblings_and_empty_contents() -> None:
    """What Avito cannot show is there all the same, and nulls are not contents."""
    rows = [line(id=kind, type=kind, content={}) for kind in ("appCall", "file", "video")]
    rows.append(line(content={"text": "да", "call": None, "image": None}))
    rows.append(line(id="gone", type="deleted", content=None))

    found = wire.read_messages(rows, ACCOUNT, CHAT)

    assert ["appCall", "file", "video", "text", "deleted"] == [m.kind for m in found]
    assert {"text": "да"} == found[3].content
    assert "да" == found[3].text


BROKEN_LINES: list[Any] = [
    None,
    5,
    "x",
    [],
    {},
    line(id=...),
    line(id=7),
    line(id=""),
]


def test_a_broken_message_hides_no_other() -> None:
    """Whatever stands between two messages, both are found."""
    rows = [line(id="b"), *BROKEN_LINES, line(id="a")]

    assert ["b", "a"] == [m.id for m in wire.read_messages(rows, ACCOUNT, CHAT)]


def test_what_a_message_lacks_is_made_up_for() -> None:
    """A message without moment has that of its neighbour; without author it is Avito's."""
    rows = [line(id="b"), line(id="a", created=..., author_id=..., type=..., content="?")]

    found = wire.read_messages(rows, ACCOUNT, CHAT)[1]

    assert datetime.fromtimestamp(1760000500, UTC) == found.created_at
    assert ("avito", "unknown", None, {}) == (found.author, found.kind, found.text, found.content)


@pytest.mark.parametrize("data", [{"messages": None}, {"messages": []}, []])
def test_an_empty_history(data: Any) -> None:
    """Go writes an empty list as null."""
    assert [] == wire.read_messages(data, ACCOUNT, CHAT)


@pytest.mark.parametrize("data", [{}, {"ok": True}, "x", None, {"messages": "x"}])
def test_no_history_is_not_an_empty_one(data: Any) -> None:
    """An answer of another shape must not look like a chat where nobody wrote."""
    with pytest.raises(ValueError, match="messages"):
        wire.read_messages(data, ACCOUNT, CHAT)


def chat(**changes: Any) -> dict[str, Any]:
    item = {"id": 24122231, "title": "Обработка от клопов", "price_string": "2\u00a0000 ₽"}
    ordinary = {
        "id": CHAT,
        "created": 1760000000,
        "updated": 1760000500,
        "context": {"type": "item", "value": item},
        "users": [{"id": ACCOUNT, "name": "Моя компания"}, {"id": 159471000, "name": "Анна"}],
        "last_message": {"id": "0f", "created": 1760000400},
    }
    return {k: v for k, v in {**ordinary, **changes}.items() if v is not ...}


def test_a_chat_is_read_whole() -> None:
    """Listing, client and moments."""
    found = wire.read_chat(chat(), ACCOUNT)

    assert (24122231, "Обработка от клопов", "2 000 ₽") == (
        found.listing_id,
        found.listing_title,
        found.listing_price,
    )
    assert ("Анна", "u2i", "0f") == (found.client_name, found.chat_type, found.last_message_id)
    assert datetime.fromtimestamp(1760000500, UTC) == found.updated_at


def test_a_chat_may_lack_nearly_everything() -> None:
    """Chats between people have no context, and people may be missing."""
    found = wire.read_chat({"id": "u2u-x", "users": None, "last_message": None}, ACCOUNT)

    assert (None, None, None, "u2u") == (
        found.listing_id,
        found.client_name,
        found.last_message_id,
        found.chat_type,
    )


def test_the_official_example_of_a_chat(spec: dict[str, Any]) -> None:
    """Names and numbers stand where the document puts them."""
    parts = spec["components"]["schemas"]["Chat"]["properties"]
    item = parts["context"]["properties"]["value"]["properties"]
    user = parts["users"]["items"]["properties"]
    row = chat(
        context={"type": "item", "value": {k: v.get("example") for k, v in item.items()}},
        users=[{k: v.get("example") for k, v in user.items()}],
        created=parts["created"]["example"],
    )

    found = wire.read_chat(row, ACCOUNT + 1)

    assert (1768287444, "Mazda 3 2008", "300 000 ₽") == (
        found.listing_id,
        found.listing_title,
        found.listing_price,
    )
    assert "Guldan" == found.client_name


def test_a_broken_chat_hides_no_other() -> None:
    """A list is as good as its good rows; no list is no list."""
    rows = [chat(), None, {"id": 5}, chat(id="u2i-b", users="?", context=[], updated="x")]

    assert [CHAT, "u2i-b"] == [c.id for c in wire.read_chats({"chats": rows}, ACCOUNT)]
    with pytest.raises(ValueError, match="chats"):
        wire.read_chats({"result": {"status": True}}, ACCOUNT)


def test_listings() -> None:
    """Prices are whole roubles or none; addresses of pages may be missing."""
    rows = [
        {
            "id": 24122231,
            "title": "Обработка от клопов",
            "price": 35000,
            "status": "active",
            "address": "Москва, Лесная улица 7",
            "category": {"id": 114, "name": "Предложение услуг"},
            "url": "https://www.avito.ru/x_24122231",
        },
        {"id": 2, "title": "Без цены", "price": None, "status": "old", "url": None},
        {"title": "без номера"},
        {"id": 3, "title": "Странная", "price": 99.6, "status": "blocked", "category": None},
    ]

    found = wire.read_listings({"meta": {"page": 1}, "resources": rows})

    url = "https://www.avito.ru/x_24122231"
    whole = ListingRow(
        24122231,
        "Обработка от клопов",
        35000,
        "active",
        "Предложение услуг",
        "Москва, Лесная улица 7",
        url,
    )
    assert whole == found[0]
    assert [35000, None, 100] == [row.price for row in found]


def test_profile() -> None:
    """The official example, and an account that calls itself nothing."""
    user = json.loads((SPEC / "user.json").read_text(encoding="utf-8"))
    parts = user["components"]["schemas"]["UserInfoSelf"]["properties"]
    row = {name: part.get("example") for name, part in parts.items()}

    assert Profile(row["id"], row["name"], row["profile_url"]) == wire.read_profile(row)
    assert Profile(7, "7", None) == wire.read_profile({"id": 7})
    with pytest.raises(ValueError, match="id"):
        wire.read_profile({"name": "x"})


def test_stats_of_the_official_example() -> None:
    """A row per listing and day; what Avito leaves out is not zero."""
    items = json.loads((SPEC / "items.json").read_text(encoding="utf-8"))
    answer = items["paths"]["/stats/v1/accounts/{user_id}/items"]["post"]["responses"]["200"]
    data = answer["content"]["application/json"]["example"]
    for number, row in enumerate(data["result"]["items"], start=1):
        row["itemId"] = number

    found = wire.read_stats(data)

    assert DayStats(1, date(2020, 6, 11), views=10, contacts=1, favorites=0) == found[0]
    assert 4 == len(found)
    bare = {"result": {"items": [{"itemId": 5, "stats": [{"date": "2020-06-11"}, {"date": "?"}]}]}}
    assert [DayStats(5, date(2020, 6, 11), None, None, None)] == wire.read_stats(bare)


def test_small_answers(spec: dict[str, Any]) -> None:
    """The official examples of sending and subscribing."""
    chats = "/messenger/v1/accounts/{user_id}/chats/{chat_id}/messages"
    sent = spec["paths"][chats]["post"]["responses"]["200"]["x-examples"]["application/json"]

    assert "bdcc5bac2d00345f1cc66fa657813958" == wire.read_sent(sent)
    subscribed = {"subscriptions": [{"url": "http://abc", "version": "3"}, {"version": "3"}]}
    assert ["http://abc"] == wire.read_subscriptions(subscribed)
    wire.read_ok({"ok": True})
    with pytest.raises(ValueError, match="not do it"):
        wire.read_ok({"ok": False})
    with pytest.raises(ValueError, match="no id"):
        wire.read_sent({"ok": True})
