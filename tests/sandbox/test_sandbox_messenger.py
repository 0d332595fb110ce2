"""Chats and messages: what the seller's program may read and do."""

import pytest

from tests.sandbox.visitor import ACCOUNT, ITEM, OTHER, Visitor

CHATS = f"/messenger/v1/accounts/{ACCOUNT}/chats"


def test_the_chat_shows_who_and_about_what(seller: Visitor) -> None:
    """Both people, the listing with a price that has an unbreakable space, the last message."""
    said = seller.say("Почём?", client="Анна")
    [chat] = seller.chats().json()["chats"]

    assert said["chat_id"] == chat["id"]
    assert "u2i-" == chat["id"][:4]
    assert 26 == len(chat["id"])
    assert {"ДезСервис", "Анна"} == {user["name"] for user in chat["users"]}
    assert ITEM == chat["context"]["value"]["id"]
    assert "2\u00a0500 ₽" == chat["context"]["value"]["price_string"]
    assert said["message_id"] == chat["last_message"]["id"]
    assert chat == seller.get(f"/messenger/v2/accounts/{ACCOUNT}/chats/{chat['id']}").json()


def test_the_newest_chat_stands_first(seller: Visitor) -> None:
    """Chats are sorted by their last change, and come in pages."""
    ids = [seller.say(created=1_790_000_000 + n)["chat_id"] for n in (1, 3, 2)]

    listed = [chat["id"] for chat in seller.chats().json()["chats"]]
    assert [ids[1], ids[2], ids[0]] == listed
    paged = seller.chats(limit=1, offset=1).json()["chats"]
    assert [ids[2]] == [chat["id"] for chat in paged]


def test_the_same_client_stays_in_one_chat(seller: Visitor) -> None:
    """One listing, one client, one chat; somebody nameless is somebody new."""
    first, again = seller.say(client="Илья"), seller.say(client="Илья")
    other = seller.say(client="Илья", item_id=ITEM + 137)

    assert first["chat_id"] == again["chat_id"]
    assert first["chat_id"] != other["chat_id"]
    assert 2 == len({seller.say()["chat_id"], seller.say()["chat_id"]})


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"offset": 1001}, {"offset": -1}])
def test_pages_have_bounds(seller: Visitor, query: dict[str, int]) -> None:
    """Beyond 100 rows or an offset of 1000 the answer is 400, for chats and messages."""
    chat_id = seller.say()["chat_id"]

    assert 400 == seller.chats(**query).status_code
    assert 400 == seller.history(chat_id, **query).status_code


def test_history_in_both_shapes(seller: Visitor) -> None:
    """An object with `isRead` as in production, or a bare array with `is_read` as documented."""
    chat_id = seller.say("раз")["chat_id"]
    seller.say("два", chat_id=chat_id)
    seller.send(chat_id, "три")

    wrapped = seller.history(chat_id, limit=2).json()
    assert {"has_more": True} == wrapped["meta"]
    assert ["три", "два"] == [m["content"]["text"] for m in wrapped["messages"]]
    assert ["out", "in"] == [m["direction"] for m in wrapped["messages"]]
    assert [True, False] == [m["isRead"] for m in wrapped["messages"]]
    seller.act("faults", bare_array_messages=True)
    bare = seller.history(chat_id).json()
    assert [True, False, False] == [m["is_read"] for m in bare]


def test_a_chat_is_unread_until_it_is_read(seller: Visitor) -> None:
    """Reading the history marks nothing; the read route does, for the whole chat."""
    chat_id = seller.say()["chat_id"]
    seller.history(chat_id)
    assert 1 == len(seller.chats(unread_only="true").json()["chats"])

    assert {"ok": True} == seller.post(f"{CHATS}/{chat_id}/read").json()
    assert [] == seller.chats(unread_only="true").json()["chats"]
    assert seller.history(chat_id).json()["messages"][0]["isRead"]


def test_chats_can_be_narrowed(seller: Visitor) -> None:
    """By listing (list or repeated key), and by type; u2i is the default."""
    one, two = seller.say()["chat_id"], seller.say(item_id=ITEM + 137)["chat_id"]
    seller.act("say", text="вопрос", chat_type="u2u")

    def ids(**query: object) -> set[str]:
        return {chat["id"] for chat in seller.chats(**query).json()["chats"]}

    assert {one} == ids(item_ids=str(ITEM))
    assert {one, two} == ids(item_ids=[ITEM, ITEM + 137])
    [direct] = seller.chats(chat_types="u2u").json()["chats"]
    assert "context" not in direct


def test_sending(seller: Visitor) -> None:
    """The answer says id, author and direction; 1000 characters are the most."""
    chat_id = seller.say()["chat_id"]
    sent = seller.send(chat_id, "я" * 1000)

    assert 200 == sent.status_code
    assert ACCOUNT == sent.json()["author_id"]
    assert "out" == sent.json()["direction"]
    assert 32 == len(sent.json()["id"])
    for text in ("я" * 1001, "", "  "):
        refused = seller.send(chat_id, text)
        assert 400 == refused.status_code
        assert "fields" in refused.json()["error"]
    assert 2 == len(seller.history(chat_id).json()["messages"])


@pytest.mark.parametrize(
    "body", [{}, [], {"type": "image"}, {"type": "text", "message": {"text": 5}}, None]
)
def test_sending_nonsense(seller: Visitor, body: object) -> None:
    """Anything but a text is 400, and nothing is written."""
    chat_id = seller.say()["chat_id"]

    assert 400 == seller.post(f"{CHATS}/{chat_id}/messages", body).status_code
    assert 1 == len(seller.history(chat_id).json()["messages"])


def test_foreign_chats(seller: Visitor) -> None:
    """Another account in the path, another account's chat, no chat at all."""
    foreign = seller.say(item_id=3301000)["chat_id"]

    assert 403 == seller.get(f"/messenger/v2/accounts/{OTHER}/chats").status_code
    assert 403 == seller.send(foreign, "привет").status_code
    assert 404 == seller.send("u2i-nobody", "привет").status_code


def test_a_tilde_may_be_encoded(seller: Visitor) -> None:
    """Chat ids hold `~`, which some clients write as %7E."""
    chat_id = next(said for said in (seller.say()["chat_id"] for _ in range(200)) if "~" in said)

    assert 200 == seller.history(chat_id.replace("~", "%7E")).status_code


def test_own_messages_can_be_deleted_within_an_hour(seller: Visitor) -> None:
    """By POST; the message stays with type deleted. Later, or another's: refused."""
    said = seller.say()
    chat_id = said["chat_id"]
    first, second = (seller.send(chat_id, word).json()["id"] for word in ("раз", "два"))
    path = f"{CHATS}/{chat_id}/messages"

    assert {} == seller.post(f"{path}/{first}").json()
    assert ["два", None] == [
        m["content"].get("text") for m in seller.history(chat_id).json()["messages"][:2]
    ]
    assert 403 == seller.post(f"{path}/{said['message_id']}").status_code
    assert 404 == seller.post(f"{path}/{'0' * 32}").status_code
    seller.act("time", advance=3601)
    assert 400 == seller.post(f"{path}/{second}").status_code


def test_voices_have_links_for_an_hour(seller: Visitor) -> None:
    """Own voices only; the link works, and then it does not."""
    chat_id = seller.say(type="voice")["chat_id"]
    voice = seller.history(chat_id).json()["messages"][0]["content"]["voice"]["voice_id"]
    path = f"/messenger/v1/accounts/{ACCOUNT}/getVoiceFiles"
    link = seller.get(path, voice_ids=voice).json()["voices_urls"][voice]
    short = link.removeprefix("http://127.0.0.1:3900")

    assert 200 == seller.http.get(short).status_code
    assert 400 == seller.get(path, voice_ids=f"{voice},other").status_code
    seller.act("time", advance=3601)
    assert 403 == seller.http.get(short).status_code


def test_a_picture_goes_up_and_then_into_a_chat(seller: Visitor) -> None:
    """One image a request; an id that was never given is refused."""
    chat_id = seller.say()["chat_id"]
    path = f"/messenger/v1/accounts/{ACCOUNT}/uploadImages"
    file = {"uploadfile[]": ("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 99, "image/png")}
    [(image_id, sizes)] = seller.http.post(path, files=file, headers=seller.headers).json().items()
    sent = seller.post(f"{CHATS}/{chat_id}/messages/image", {"image_id": image_id}).json()

    assert {"sizes": sizes} == sent["content"]["image"]
    assert 400 == seller.post(f"{CHATS}/{chat_id}/messages/image", {"image_id": "1.2"}).status_code
    text = {"uploadfile[]": ("a.txt", b"hello", "text/plain")}
    assert 400 == seller.http.post(path, files=text, headers=seller.headers).status_code


def test_the_blacklist(seller: Visitor) -> None:
    """The answer is empty; afterwards nothing can be sent to that client."""
    said = seller.say()
    client = seller.state()["chats"][0]["client_id"]
    path = f"/messenger/v2/accounts/{ACCOUNT}/blacklist"
    row = {"user_id": client, "context": {"item_id": ITEM, "reason_id": 1}}
    answer = seller.post(path, {"users": [row]})

    assert (200, b"") == (answer.status_code, answer.content)
    assert 403 == seller.send(said["chat_id"], "привет").status_code
    assert 400 == seller.post(path, {"users": []}).status_code


def test_a_tariff_that_is_too_low(seller: Visitor) -> None:
    """402 in shape A on the messenger, and nowhere else."""
    seller.act("faults", missing_subscription=True)
    refused = seller.chats()

    assert 402 == refused.status_code
    assert {"error": {"code": 402, "message": "Payment required"}} == refused.json()
    assert 200 == seller.get("/core/v1/items").status_code


def test_one_subscription_for_each_account(seller: Visitor) -> None:
    """A new one replaces the old; the list is a POST; another service may take it."""

    def listed() -> list[dict[str, str]]:
        found: list[dict[str, str]] = seller.post("/messenger/v1/subscriptions").json()[
            "subscriptions"
        ]
        return found

    for url in ("https://one.example/h", "https://two.example/h"):
        assert {"ok": True} == seller.post("/messenger/v3/webhook", {"url": url}).json()
    assert [{"url": "https://two.example/h", "version": "3"}] == listed()
    seller.act("steal-webhook", account_id=ACCOUNT, url="https://thief.example/h")
    assert ["https://thief.example/h"] == [row["url"] for row in listed()]
    gone = seller.post("/messenger/v1/webhook/unsubscribe", {"url": "https://thief.example/h"})
    assert {"ok": True} == gone.json()
    assert [] == listed()
    assert 400 == seller.post("/messenger/v3/webhook", {"url": "nowhere"}).status_code
