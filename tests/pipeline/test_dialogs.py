"""The table of dialogs: what one row tells of an episode of a chat."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from pipeline.events import (
    ChatGivenBack,
    ChatHandedOff,
    ChatTaken,
    DraftDiscarded,
    Event,
    LeadChanged,
    LeadCompleted,
    LeadCreated,
    ListingSeen,
    ModelCalled,
    ReplyIntended,
)
from tests.pipeline.story import START, Story, part, remember

HOUR = 3600.0


def dialogs(story: Story) -> list[dict[str, Any]]:
    found = remember(story.rows).execute("FROM dialogs ORDER BY chat_id, dialog_number")
    return found.to_arrow_table().to_pylist()


def moment(after: float) -> datetime:
    return START.replace(tzinfo=None) + timedelta(seconds=after)


def seen(price: int | None) -> Event:
    return ListingSeen(
        account_id=1, listing_id=7, title="Клопы", price=price, status="active", category=None
    )


def called(cost: float) -> Event:
    return ModelCalled(
        chat_id="a",
        model="m",
        outcome="ok",
        tokens_in=100,
        tokens_out=20,
        cost_rub=cost,
        latency_ms=9,
    )


def intended(reply_id: str, prompt: str | None, author: Any = "assistant") -> Event:
    return ReplyIntended(
        chat_id="a", reply_id=reply_id, author=author, covers=1, prompt_version=prompt
    )


def test_a_dialog_tells_who_wrote_when() -> None:
    """
    Counts by author, first and last moments of each side, and who had the last word.
    """
    story = Story()
    story.assistant("a", after=0)
    story.client("a", after=10)
    story.client("a", after=11)
    story.avito("a", after=12)
    story.assistant("a", after=20)
    story.client("a", after=30)
    story.person("a", after=40)

    [row] = dialogs(story)

    assert {
        "dialog_id": "a/1",
        "began_at": moment(0),
        "opened_at": moment(10),
        "last_at": moment(40),
        "asked_at": moment(10),
        "answered_at": moment(20),
        "answered_by": "assistant",
        "seconds": 10.0,
        "client_messages": 3,
        "assistant_messages": 2,
        "human_messages": 1,
        "last_author": "human_app",
        "last_client_at": moment(30),
        "last_seller_at": moment(40),
        "first_assistant_at": moment(0),
        "first_human_at": moment(40),
        "thanked": False,
    }.items() <= row.items()


@pytest.mark.parametrize(
    ("said", "thanked"),
    [
        ("Спасибо!", True),
        ("ок", True),
        ("Да, жду", True),
        ("хорошо, договорились", True),
        ("спасибо, а сколько ждать?", False),
        ("подумаю, спасибо", False),
        ("Спасибо, не надо", False),
        ("удобно завтра, после обеда да", False),
        ("Сколько стоит?", False),
        (None, False),
    ],
)
def test_thanks_are_the_last_words_of_the_client(said: str | None, thanked: bool) -> None:
    """
    An agreement counts, a question or a polite no does not; only the last line of the client is looked at.
    """
    story = Story()
    story.client("a", after=0, text="Спасибо!")
    story.client("a", after=10, text=said, kind="text" if said else "image")
    story.assistant("a", after=20)

    [row] = dialogs(story)

    assert thanked is row["thanked"]


def test_a_hand_off_is_taken_at_the_first_sign_of_a_person_after_it() -> None:
    """
    Lines before it do not count, a second hand-off changes nothing, and giving back comes after.
    """
    story = Story()
    story.client("a", after=0)
    story.person("a", after=10)
    story.happens(ChatGivenBack(chat_id="a", by="owner"), 15)
    story.happens(ChatHandedOff(chat_id="a", reason="complaint"), 20)
    story.happens(ChatHandedOff(chat_id="a", reason="price"), 30)
    story.happens(ChatTaken(chat_id="a", by="human_dashboard", until=None), 40)
    story.person("a", after=50)
    story.happens(ChatGivenBack(chat_id="a", by="owner"), 60)

    [row] = dialogs(story)

    assert {
        "handed_off_at": moment(20),
        "hand_off_reason": "complaint",
        "taken_at": moment(40),
        "given_back_at": moment(60),
    }.items() <= row.items()


def test_a_lead_belongs_to_the_dialog_in_which_it_was_made() -> None:
    """
    Its state is the last known, even when that came in a later dialog; the phone has a moment of its own.
    """
    story = Story()
    story.client("a", after=0)
    story.happens(LeadCreated(chat_id="a", lead_id="l", crm="x", fields=("name",)), 5)
    story.happens(LeadCompleted(chat_id="a", lead_id="l", fields=("phone",)), 9)
    story.client("a", after=100 * HOUR)
    story.happens(LeadChanged(chat_id="a", lead_id="l", state="sent"), 101 * HOUR)

    first, second = dialogs(story)

    names = ("lead_id", "lead_at", "lead_state", "phone_at")
    assert {
        "lead_id": "l",
        "lead_at": moment(5),
        "lead_state": "sent",
        "phone_at": moment(9),
    } == part(first, *names)
    assert dict.fromkeys(names) == part(second, *names)


def test_work_counts_in_its_dialog() -> None:
    """
    Model calls, drafts and the assistant's replies, also those whose moment is a little before the client's first line. A
    follow-up is a reply, and no prompt.
    """
    story = Story()
    story.client("a", after=0)
    story.happens(called(0.1), 5)
    story.happens(intended("r1", "p1"), 6)
    story.happens(intended("r0", "follow-up-1/p1"), 100 * HOUR - 6)
    story.happens(called(7.0), 100 * HOUR - 5)
    story.client("a", after=100 * HOUR)
    story.happens(called(0.2), 100 * HOUR + 5)
    story.happens(DraftDiscarded(chat_id="a", reason="superseded"), 100 * HOUR + 6)
    story.happens(intended("r2", None, "human_dashboard"), 100 * HOUR + 7)
    story.happens(intended("r3", "p3"), 100 * HOUR + 8)
    story.happens(intended("r4", "p4"), 100 * HOUR + 9)

    first, second = dialogs(story)

    names = ("model_calls", "tokens_in", "tokens_out", "cost_rub", "replies", "prompt_version")
    assert dict(zip(names, (1, 100, 20, 0.1, 1, "p1"), strict=True)) == part(first, *names)
    assert dict(zip(names, (2, 200, 40, 7.2, 3, "p3"), strict=True)) == part(second, *names)
    assert (0, 1) == (first["drafts_discarded"], second["drafts_discarded"])


def test_the_price_is_what_was_known_when_the_dialog_opened() -> None:
    """
    Nothing before the listing was seen; a later price changes nothing.
    """
    story = Story()
    story.client("a", after=0)
    story.happens(seen(2500), 10)
    story.happens(seen(3500), 20)
    story.client("b", after=20)
    story.happens(seen(4500), 30)

    assert [None, 3500] == [row["listing_price"] for row in dialogs(story)]


def test_a_wait_is_the_first_of_its_dialog_or_not() -> None:
    """
    One row per burst; the count is of messages that want an answer.
    """
    story = Story()
    for after in (0, 1, 200 * HOUR, 300 * HOUR):
        story.client("a", after=after)
        story.client("a", after=after + 1, kind="call")
        story.person("a", after=after + 5)

    found = remember(story.rows).execute(
        "SELECT dialog_id, messages, seconds, is_first FROM waits ORDER BY asked_at"
    )

    assert [("a/1", 2, 5.0, True), ("a/2", 1, 5.0, True), ("a/3", 1, 5.0, True)] == found.fetchall()


def test_a_last_thank_you_waits_for_nothing() -> None:
    """
    One line of thanks that nobody answered is marked; a question, an answered one and two lines are not.
    """
    story = Story()
    for chat, words in (
        ("a", ["Спасибо!"]),
        ("b", ["Сколько?"]),
        ("c", ["Во сколько?", "Спасибо"]),
    ):
        for n, text in enumerate(words):
            story.client(chat, after=n, text=text)
    story.client("d", after=0, text="Спасибо!")
    story.person("d", after=10)

    found = remember(story.rows).execute(
        "SELECT chat_id, thanked, epoch(last_asked_at - asked_at) FROM waits ORDER BY chat_id"
    )

    assert [("a", True, 0), ("b", False, 0), ("c", False, 1), ("d", False, 0)] == found.fetchall()
