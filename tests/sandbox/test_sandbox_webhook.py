"""The webhook sender, over real HTTP: what arrives, when, and what does not."""

import re
import time

import pytest

from tests.sandbox.visitor import ACCOUNT, ITEM, Listener, Visitor, eventually

KEYS = {
    "id", "chat_id", "user_id", "author_id", "created", "type", "chat_type", "content", "item_id",
    "published_at", "read",
}  # fmt: skip


def test_the_envelope(remote: Visitor, hook: Listener) -> None:
    """Version, signature and keys are those of production; the account is always `user_id`."""
    said = remote.say("Здравствуйте", created=1_760_000_500)
    eventually(lambda: hook.calls)
    headers, body = hook.calls[0]

    assert re.fullmatch("[0-9a-f]{64}", headers["x-avito-messenger-signature"])
    assert {"id", "version", "timestamp", "payload"} == set(body)
    assert "v3.0.0" == body["version"]
    assert "message" == body["payload"]["type"]
    value = body["payload"]["value"]
    assert set(value) == KEYS
    assert said == {"chat_id": value["chat_id"], "message_id": value["id"]}
    assert ACCOUNT == value["user_id"]
    assert ACCOUNT != value["author_id"]
    assert ITEM == value["item_id"]
    assert {"text": "Здравствуйте"} == value["content"]
    assert "2025-10-09T09:01:40Z" == value["published_at"]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image", {"image"}),
        ("link", {"link"}),
        ("item", {"item"}),
        ("location", {"location"}),
        ("voice", {"voice"}),
        ("call", {"call"}),
        ("system", {"text", "flow_id"}),
        ("deleted", set()),
        ("file", set()),
        ("video", set()),
        ("appCall", set()),
        ("hologram", {"text"}),
    ],
)
def test_every_kind_of_message(
    remote: Visitor, hook: Listener, kind: str, content: set[str]
) -> None:
    """Each kind carries its own content; system notices come from author 0."""
    remote.say("текст", type=kind)
    eventually(lambda: hook.calls)
    [value] = hook.values()

    assert kind == value["type"]
    assert content == set(value["content"])
    assert (kind == "system") == (value["author_id"] == 0)


def test_details_can_be_chosen(remote: Visitor, hook: Listener) -> None:
    """Author, flow id and content are the teller's; a chat without a listing has a null item."""
    remote.say("авто", author_id=1, flow_id="flower_161071")
    eventually(lambda: len(hook.calls) == 1)
    remote.act("say", text="вопрос", chat_type="u2u")
    eventually(lambda: len(hook.calls) == 2)
    first, second = hook.values()

    assert 1 == first["author_id"]
    assert {"text": "авто", "flow_id": "flower_161071"} == first["content"]
    assert ("u2u", None) == (second["chat_type"], second["item_id"])


def test_own_messages_come_back(remote: Visitor, hook: Listener) -> None:
    """By the API or from the app: the echo has the account as its author, and no other mark."""
    chat_id = remote.say()["chat_id"]
    sent = remote.send(chat_id, "от программы").json()
    remote.act("seller-says", chat_id=chat_id, text="от человека")
    eventually(lambda: len(hook.calls) == 3)
    _, by_api, by_app = hook.values()

    assert [ACCOUNT] * 2 == [by_api["author_id"], by_app["author_id"]]
    assert sent["id"] == by_api["id"]
    assert set(by_api) == set(by_app)
    stored = remote.state()["chats"][0]["messages"]
    assert [None, "api", "app"] == [message["sent_via"] for message in stored]


def test_silent_messages_are_found_by_reading_only(remote: Visitor, hook: Listener) -> None:
    """A silent message is in the history and was told to nobody."""
    chat_id = remote.say("молча", silent=True)["chat_id"]
    remote.say("вслух", chat_id=chat_id)
    eventually(lambda: hook.calls)

    assert ["вслух"] == hook.texts()
    assert 2 == len(remote.history(chat_id).json()["messages"])


def test_a_slow_webhook_is_lost_and_holds_nobody_up(remote: Visitor, hook: Listener) -> None:
    """After two seconds Avito gives up, once; the API answers meanwhile."""
    hook.delay = lambda _: 2.3
    remote.say("медленно")
    eventually(lambda: hook.calls)
    began = time.monotonic()
    assert 200 == remote.chats().status_code
    assert 1.8 > time.monotonic() - began
    eventually(lambda: remote.state()["webhooks"])
    [log] = remote.state()["webhooks"]

    assert log["status"] is None
    assert 1.9 < log["seconds"] < 2.3
    assert 1 == len(hook.calls)


def test_a_refused_webhook_is_not_repeated(remote: Visitor, hook: Listener) -> None:
    """A 500 is written down, and the next message comes as if nothing had been."""
    hook.status = 500
    chat_id = remote.say("раз")["chat_id"]
    remote.say("два", chat_id=chat_id)
    eventually(lambda: len(remote.state()["webhooks"]) == 2)

    assert ["раз", "два"] == hook.texts()
    assert [500, 500] == [log["status"] for log in remote.state()["webhooks"]]


def test_order_within_a_chat(remote: Visitor, hook: Listener) -> None:
    """However slow the first, the second of the same chat waits for it; another chat does not."""
    hook.delay = lambda body: 0.3 if body["payload"]["value"]["content"]["text"] == "1" else 0.0
    chat_id = remote.say("1", client="Анна")["chat_id"]
    remote.say("2", chat_id=chat_id)
    remote.say("чужой", client="Пётр")
    eventually(lambda: len(remote.state()["webhooks"]) == 3)

    log = [entry["message_id"] for entry in remote.state()["webhooks"]]
    texts = {value["id"]: value["content"]["text"] for value in hook.values()}
    assert ["чужой", "1", "2"] == [texts[message_id] for message_id in log]


def test_lost_repeated_late_and_in_disorder(remote: Visitor, hook: Listener) -> None:
    """Each fault does what its name says, in the order in which it was scripted."""
    remote.act("faults", next={"webhook": ["drop", "repeat", "late:0.3", "ok"]})
    chat_id = remote.say("потеряно")["chat_id"]
    for text in ("дважды", "поздно", "сразу"):
        remote.say(text, chat_id=chat_id)
    eventually(lambda: len(hook.calls) == 4)

    assert ["дважды", "дважды", "сразу", "поздно"] == hook.texts()
    ids = [body["id"] for _, body in hook.calls]
    assert 4 == len(set(ids))
    assert 4 == len(remote.history(chat_id).json()["messages"])


def test_rates_fall_on_every_call(remote: Visitor, hook: Listener) -> None:
    """With a rate of one, nothing arrives, and the log says so."""
    remote.act("faults", webhook_drop=1.0)
    remote.say("в пустоту")
    eventually(lambda: remote.state()["webhooks"])

    assert "drop" == remote.state()["webhooks"][0]["fate"]
    assert [] == hook.calls


def test_the_echo_may_come_before_the_answer(remote: Visitor, hook: Listener) -> None:
    """With the fault set, the listener has the message before the sender has its id."""
    chat_id = remote.say()["chat_id"]
    eventually(lambda: len(hook.calls) == 1)
    remote.act("faults", echo_before_answer=True)
    hook.delay = lambda _: 0.1
    sent = remote.send(chat_id, "эхо").json()

    assert sent["id"] == hook.values()[-1]["id"]
    assert 0.1 <= remote.state()["webhooks"][-1]["seconds"]
    assert 2 == len(remote.state()["webhooks"])


def test_a_stolen_subscription(remote: Visitor, hook: Listener) -> None:
    """Messages go to whoever holds the subscription now."""
    thief = Listener()
    try:
        remote.act("steal-webhook", account_id=ACCOUNT, url=thief.url)
        remote.say("кому?")
        eventually(lambda: thief.calls)
        assert [] == hook.calls
    finally:
        thief.close()
