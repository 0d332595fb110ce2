"""The sandbox's answers held against Avito's own documents."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.sandbox.official import at, component_problems, example, problems
from tests.sandbox.visitor import ACCOUNT, ITEM, Listener, Visitor, eventually

CHAT = "/messenger/v1/accounts/{user_id}/chats/{chat_id}"
KINDS = ("text", "image", "link", "item", "location", "call", "voice", "system", "deleted")
TODAY = datetime.now(UTC).date().isoformat()
WINDOW = {"dateFrom": TODAY, "dateTo": TODAY}


def filled(path: str, **parts: Any) -> str:
    """A documented path with its parts put in."""
    for name, value in {"user_id": ACCOUNT, "userId": ACCOUNT, "item_id": ITEM, **parts}.items():
        path = path.replace("{" + name + "}", str(value))
    return path


@pytest.mark.parametrize(
    ("document", "method", "path", "sent"),
    [
        ("user", "get", "/core/v1/accounts/self", None),
        ("user", "get", "/core/v1/accounts/{user_id}/balance/", None),
        ("items", "get", "/core/v1/items", None),
        ("items", "get", "/core/v1/accounts/{user_id}/items/{item_id}/", None),
        ("items", "post", "/stats/v1/accounts/{user_id}/items", {**WINDOW, "itemIds": [ITEM]}),
        (
            "items",
            "post",
            "/stats/v2/accounts/{user_id}/items",
            {**WINDOW, "metrics": ["views"], "grouping": "day", "limit": 9, "offset": 0},
        ),
        (
            "items",
            "post",
            "/core/v1/accounts/{user_id}/calls/stats/",
            {**WINDOW, "itemIds": [ITEM]},
        ),
        ("ratings", "get", "/ratings/v1/info", None),
        ("ratings", "get", "/ratings/v1/reviews?offset=0&limit=50", None),
        ("messenger", "post", "/messenger/v3/webhook", {"url": "https://a.example/h"}),
        ("messenger", "post", "/messenger/v1/subscriptions", None),
        ("messenger", "post", "/messenger/v1/webhook/unsubscribe", {"url": "https://a.example"}),
    ],
)
def test_the_answers_of_an_account(
    seller: Visitor, document: str, method: str, path: str, sent: Any
) -> None:
    """Nothing is missing, nothing is of another type, nothing is there that is not documented."""
    answer = seller.http.request(method, filled(path), json=sent, headers=seller.headers)

    assert 200 == answer.status_code
    assert [] == problems(document, method, path.partition("?")[0], "200", answer.json())


@pytest.mark.parametrize(
    ("status", "name"), [(401, "authError"), (403, "forbiddenError"), (402, "purchasingError")]
)
def test_the_errors_of_an_account(stranger: Visitor, status: int, name: str) -> None:
    """The documented shape of each."""
    stranger.connect("user:read,messenger:read")
    if status == 402:
        stranger.act("faults", missing_subscription=True)
    path = {401: "/core/v1/accounts/self", 403: "/core/v1/items", 402: "/messenger/v2/accounts/"}
    stranger.token = "" if status == 401 else stranger.token
    answer = stranger.chats() if status == 402 else stranger.get(path[status])

    assert status == answer.status_code
    assert [] == component_problems("messenger", name, answer.json())


def test_validation_and_missing_things(seller: Visitor) -> None:
    """400 with its fields and 404, as documented."""
    chat_id = seller.say()["chat_id"]
    wrong, missing = seller.send(chat_id, ""), seller.history("u2i-nobody")

    assert [] == component_problems("messenger", "validatingError", wrong.json())
    assert [] == component_problems("messenger", "notFoundError", missing.json())
    seller.act("faults", next={"chats": ["500", "503"]})
    for name in ("serviceError", "serviceUnavailableError"):
        assert [] == component_problems("messenger", name, seller.chats().json())


def test_chats_and_messages_of_every_kind(seller: Visitor) -> None:
    """The list, one chat, and the history as a bare array and in its wrapper."""
    chat_id = seller.say()["chat_id"]
    for kind in KINDS:
        seller.say("слово", type=kind, chat_id=chat_id)
    seller.send(chat_id, "ответ")
    listed = seller.chats().json()
    one = seller.get(f"/messenger/v2/accounts/{ACCOUNT}/chats/{chat_id}").json()
    for chat in (*listed["chats"], one):
        del chat["context"]["value"]["location"]  # sent by the live service, not documented
    wrapped = seller.history(chat_id).json()["messages"]
    seller.act("faults", bare_array_messages=True)
    bare = seller.history(chat_id).json()

    assert [] == component_problems("messenger", "Chats", listed)
    assert [] == component_problems("messenger", "Chat", one)
    assert [] == component_problems("messenger", "Messages", bare)
    for message in wrapped:
        message["is_read"] = message.pop("isRead")  # what the live service calls it
    assert bare == wrapped


def test_what_sending_answers(seller: Visitor) -> None:
    """Text, image, read, deletion, voices; sending also names its author, as clients expect."""
    chat_id = seller.say(type="voice")["chat_id"]
    voice = seller.history(chat_id).json()["messages"][0]["content"]["voice"]["voice_id"]
    sent = seller.send(chat_id, "привет").json()
    upload = seller.http.post(
        filled("/messenger/v1/accounts/{user_id}/uploadImages"),
        files={"uploadfile[]": ("a.png", b"\x89PNG", "image/png")},
        headers=seller.headers,
    ).json()
    paths: dict[str, tuple[str, Any]] = {
        f"{CHAT}/messages/image": ("post", {"image_id": next(iter(upload))}),
        f"{CHAT}/read": ("post", None),
        f"{CHAT}/messages/{{message_id}}": ("post", None),
        "/messenger/v1/accounts/{user_id}/getVoiceFiles": ("get", None),
    }

    assert ACCOUNT == sent.pop("author_id")
    assert [] == problems("messenger", "post", f"{CHAT}/messages", "200", sent)
    upload_path = "/messenger/v1/accounts/{user_id}/uploadImages"
    assert [] == problems("messenger", "post", upload_path, "200", upload)
    for path, (method, body) in paths.items():
        answer = seller.http.request(
            method,
            filled(path, chat_id=chat_id, message_id=sent["id"]),
            json=body,
            params={"voice_ids": voice} if "Voice" in path else None,
            headers=seller.headers,
        )
        assert 200 == answer.status_code
        assert [] == problems("messenger", method, path, "200", answer.json())


def test_the_webhook_of_every_kind(remote: Visitor, hook: Listener) -> None:
    """The event is the one that is published as the subscription's 201 answer."""
    for kind in (*KINDS, "appCall", "file", "video"):
        remote.say("слово", type=kind)
    eventually(lambda: len(hook.calls) == 12)

    for _, body in hook.calls:
        assert [] == problems("messenger", "post", "/messenger/v3/webhook", "201", body)


def test_the_published_example_has_our_shape(remote: Visitor, hook: Listener) -> None:
    """The example event of the documents and ours have the same keys, of the same types."""
    remote.say()
    eventually(lambda: hook.calls)
    pointer = "paths/~1messenger~1v3~1webhook/post/responses/201/content/application~1json/schema"
    published = example("messenger", at("messenger", pointer))
    ours = hook.calls[0][1]

    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: shape(v) for k, v in value.items() if k not in {"content", "read"}}
        return type(value).__name__

    assert shape(published) == shape(ours)
    assert [] == problems("messenger", "post", "/messenger/v3/webhook", "201", published)


def test_the_documents_are_taken_seriously(seller: Visitor) -> None:
    """A wrong type, a null and an undocumented key are each noticed."""
    chat = {"id": 5, "users": None, "colour": "red"}

    assert 3 == len(component_problems("messenger", "Chat", chat))
    assert 200 == seller.chats().status_code
