"""What the assistant takes on, and what it leaves: tiny chats with answers that were computed by hand."""

from datetime import datetime
from typing import Any

import pytest

from tests.pipeline.metrics.telling import HOUR, Row, Story, ask, days, whole
from tests.pipeline.story import part

OVER = 73 * HOUR
"""By then a dialog of the first minutes is over."""


def automation(story: Story, **more: Any) -> Row:
    [row] = whole("automation", story, **more)
    return row


def seen_off(story: Story, chat: str, after: float = 0, last: str = "Подумаю") -> None:
    """The assistant answers a question, and has the last word after the client's last."""
    story.client(chat, after)
    story.assistant(chat, after + 10)
    story.client(chat, after + 20, text=last)
    story.assistant(chat, after + 30)


# --- automation -------------------------------------------------------------------------------------------------------


def test_automation_is_involvement_times_resolution() -> None:
    """
    Eight dialogs. a, f: thanked at the end; b: the assistant had the last word; c, g: handed off; d: a person answered
    too; e: only a person; h: goes on. Seven of eight with the assistant, six of them decided, three of the six resolved:
    0.875 × 0.5 = 0.4375.
    """
    story = Story()
    for chat in "abcdfg":
        seen_off(story, chat, last="Спасибо, договорились" if chat in "af" else "Подумаю")
    story.handed_off("c", 40)
    story.handed_off("g", 40)
    story.person("d", after=60)
    story.assistant("d", after=70)
    story.client("e", after=0)
    story.person("e", after=10)
    seen_off(story, "h", 10 * HOUR)
    story.until(OVER)

    assert {
        "dialogs": 8,
        "eligible": 0,
        "involved": 7,
        "covered": 0,
        "decided": 6,
        "open": 1,
        "confirmed": 2,
        "assumed": 1,
        "handed_off": 2,
        "with_person": 1,
        "involvement": 0.875,
        "coverage": None,
        "confirmed_resolution": 2 / 6,
        "assumed_resolution": 1 / 6,
        "resolution": 0.5,
        "low": pytest.approx(0.1876, abs=1e-4),
        "high": pytest.approx(0.8124, abs=1e-4),
        "automation": 0.4375,
        "hand_off_rate": 2 / 7,
    } == automation(story)


def test_thanks_without_an_answer_confirm() -> None:
    """
    The client's thanks are the last line: the assistant need not have the last word then.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=10)
    story.client("a", after=20, text="Спасибо!")
    story.until(OVER)

    assert (1, 0) == (automation(story)["confirmed"], automation(story)["assumed"])


def test_who_asked_again_in_vain_was_not_resolved() -> None:
    """
    The last line is the client's, and no thanks: decided, and resolved in no way.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=10)
    story.client("a", after=20, text="А завтра?")
    story.until(OVER)

    assert {
        "decided": 1,
        "confirmed": 0,
        "assumed": 0,
        "resolution": 0.0,
        "automation": 0.0,
    } == part(automation(story), "decided", "confirmed", "assumed", "resolution", "automation")


@pytest.mark.parametrize("last", ["Спасибо!", "Подумаю"])
@pytest.mark.parametrize("what", ["hand-off", "person", "person without the assistant", "nobody"])
def test_a_person_or_a_hand_off_is_no_resolution(what: str, last: str) -> None:
    """
    Neither confirmed nor assumed, whoever had the last word.
    """
    story = Story()
    if what in ("person without the assistant", "nobody"):
        story.client("a", after=0, text=last)
        story.person("a", after=5) if what != "nobody" else None
    else:
        story.client("a", after=0)
        story.person("a", after=5) if what == "person" else story.handed_off("a", 5)
        story.client("a", after=6, text=last)
        story.assistant("a", after=30)
    story.until(OVER)

    involved = 0 if what in ("person without the assistant", "nobody") else 1
    assert {"involved": involved, "decided": involved, "confirmed": 0, "assumed": 0} == part(
        automation(story), "involved", "decided", "confirmed", "assumed"
    )


def test_a_hand_off_without_the_assistants_words_is_not_the_assistants() -> None:
    """
    It stepped aside before it wrote anything: neither involved nor in the rate; so with a person's chats.
    """
    story = Story()
    story.client("a", after=0)
    story.handed_off("a", 5)
    seen_off(story, "b")
    story.client("c", after=0)
    story.person("c", after=5)

    assert {"involved": 1, "handed_off": 0, "hand_off_rate": 0.0, "with_person": 0} == part(
        automation(story), "involved", "handed_off", "hand_off_rate", "with_person"
    )


@pytest.mark.parametrize("last", ["Спасибо!", "Подумаю"])
def test_a_dialog_is_decided_when_its_silence_has_passed(last: str) -> None:
    """
    Exactly 72 hours after its last line another could still come; a second later the dialog is over.
    """
    story = Story()
    seen_off(story, "a", last=last)
    story.until(30 + 72 * HOUR)
    young = automation(story)
    story.until(31 + 72 * HOUR)
    over = automation(story)

    assert (0, 1, 0, None) == tuple(young[n] for n in ("decided", "open", "assumed", "resolution"))
    unknown = ("confirmed_resolution", "assumed_resolution", "automation", "low", "high")
    assert [None] * 5 == [young[each] for each in unknown]
    assert (1, 0, 1.0) == tuple(over[n] for n in ("decided", "open", "resolution"))
    assert 1 == over["confirmed"] + over["assumed"]
    assert 0 == young["confirmed"] + young["assumed"]


def test_a_hand_off_decides_at_once() -> None:
    """
    The dialog goes on, but not as the assistant's own; so when a person wrote.
    """
    story = Story()
    seen_off(story, "a")
    story.handed_off("a", 40)
    seen_off(story, "b")
    story.person("b", 40)

    assert (2, 0) == (automation(story)["decided"], automation(story)["open"])


def test_coverage_is_of_dialogs_whose_listing_was_on() -> None:
    """
    On at 100, off at 200, on again at 300: dialogs at 100 and 310 were eligible, those at 50, 199.. 200 and of another
    listing were not. One of the eligible was covered, and one that was not eligible had the assistant all the same.
    """
    story = Story()
    for on, after in ((True, 100), (False, 200), (True, 300)):
        story.switched(on, after)
    for chat, after in (("a", 50), ("b", 100), ("c", 200), ("d", 310)):
        story.client(chat, after)
    story.client("e", 320, listing=8)
    story.assistant("b", 150)
    story.assistant("e", 330, listing=8)

    assert {"eligible": 2, "covered": 1, "coverage": 0.5, "involved": 2} == part(
        automation(story), "eligible", "covered", "coverage", "involved"
    )


def test_automation_day_by_day_with_the_empty_day() -> None:
    """
    One dialog on the first day, none on the second: nothing to divide there.
    """
    story = Story()
    seen_off(story, "a")
    story.until(OVER)

    rows = ask("automation", story, last=days(1))

    assert [(None, 1, 1.0), (12, 1, 1.0), (13, 0, None)] == [
        (r["period"] and r["period"].day, r["dialogs"], r["automation"]) for r in rows
    ]
    assert {
        "involvement": None,
        "coverage": None,
        "resolution": None,
        "hand_off_rate": None,
        "low": None,
    } == part(rows[2], "involvement", "coverage", "resolution", "hand_off_rate", "low")


# --- reopened ---------------------------------------------------------------------------------------------------------


def test_who_is_back_within_seven_days_was_not_seen_off_for_good() -> None:
    """
    a: back after exactly seven days. b: a second later than that. c: not at all. d: back after five days, twice.
    """
    story = Story()
    for chat in "abcd":
        seen_off(story, chat)
    week = 7 * 24 * HOUR
    story.client("a", after=30 + week)
    story.client("b", after=31 + week)
    story.client("d", after=5 * 24 * HOUR)
    story.client("d", after=9 * 24 * HOUR)
    story.until(30 * 24 * HOUR)

    [row] = whole("reopened", story)

    assert {
        "resolved": 4,
        "reopened": 2,
        "undecided": 0,
        "share_reopened": 0.5,
        "low": pytest.approx(0.15, abs=1e-4),
        "high": pytest.approx(0.85, abs=1e-4),
        "durable": 0.5,
    } == row


def test_before_the_week_is_over_nobody_knows() -> None:
    """
    Over after three days, decided after seven and not a second earlier; while it goes on it is not even resolved.
    """
    story = Story()
    seen_off(story, "a")

    def counted(until: float) -> list[tuple[Any, ...]]:
        story.until(until)
        names = ("resolved", "undecided", "share_reopened", "durable")
        return [tuple(row[n] for n in names) for row in whole("reopened", story)]

    assert [] == counted(30 + 72 * HOUR)
    assert [(0, 1, None, None)] == counted(31 + 72 * HOUR)
    assert [(0, 1, None, None)] == counted(30 + 7 * 24 * HOUR)
    assert [(1, 0, 0.0, 1.0)] == counted(31 + 7 * 24 * HOUR)


def test_who_is_back_before_the_week_is_over_is_not_counted_yet() -> None:
    """
    Else the quick ones would be in the numerator alone.
    """
    story = Story()
    seen_off(story, "a")
    story.client("a", after=4 * 24 * HOUR)
    story.until(5 * 24 * HOUR)

    assert [(0, 0, 1)] == [
        (row["resolved"], row["reopened"], row["undecided"]) for row in whole("reopened", story)
    ]


def test_only_the_assistants_own_can_be_reopened() -> None:
    """
    Not: a person's, a handed-off one, one that a person joined, one without an answer to its end. Yes: with thanks.
    """
    story = Story()
    story.client("a", after=0, text="Спасибо!")
    story.person("a", after=10)
    seen_off(story, "b")
    story.handed_off("b", 40)
    seen_off(story, "c")
    story.person("c", 40)
    story.assistant("c", 50)
    seen_off(story, "d")
    story.client("d", 60, text="А завтра?")
    story.client("e", after=0, text="Спасибо!")
    seen_off(story, "f")
    story.client("f", 60, text="Спасибо!")
    story.until(30 * 24 * HOUR)

    assert [1] == [row["resolved"] for row in whole("reopened", story)]


def test_another_chat_reopens_nothing() -> None:
    """
    A client who writes in another chat a day later is another dialog; so is a line of the seller's, and one before.
    """
    story = Story()
    story.client("a", after=-5 * 24 * HOUR)
    seen_off(story, "a")
    story.client("b", after=90 * HOUR)
    story.person("a", after=100 * HOUR)
    story.until(30 * 24 * HOUR)

    [row] = whole("reopened", story)

    assert (1, 0, None) == (row["resolved"], row["reopened"], None)


# --- hand-offs, drafts, verdicts, replies -----------------------------------------------------------------------------


def test_handoffs_by_reason_and_the_time_until_a_person_came() -> None:
    """
    Two for a complaint: one taken after 100 s, one after four days, when the dialog was over. One for no words: not yet.
    """
    story = Story()
    for chat, reason in (("a", "complaint"), ("b", "complaint"), ("c", "not_text")):
        story.client(chat, after=0)
        story.handed_off(chat, 10, reason)
    story.person("a", after=110)
    story.person("b", after=96 * HOUR)

    assert [
        ("all", 3, 1, 2, 1 / 3, 100.0, 100.0, None, None),
        ("complaint", 2, 1, 1, 0.5, 100.0, 100.0, 100.0, None),
        ("not_text", 1, 0, 1, 0.0, None, None, None, None),
    ] == [tuple(row.values()) for row in whole("handoffs", story)]


def test_who_was_handed_off_just_now_is_not_forgotten_by_anyone() -> None:
    """
    Taken after 10 and 40 s; one was handed off 20 s before the log ends: by Kaplan and Meier half are taken by 40 s. To
    take a chat is enough, nothing need be written.
    """
    story = Story()
    for chat in "abc":
        story.client(chat, after=0)
    story.handed_off("a", 10)
    story.taken("a", 20)
    story.handed_off("b", 10)
    story.person("b", 50)
    story.handed_off("c", 30)

    [everything, *_] = whole("handoffs", story)

    assert {
        "taken": 2,
        "median_seconds_to_person": 25.0,
        "p90_seconds_to_person": 37.0,
        "km_median_seconds": 40.0,
        "km_p90_seconds": 40.0,
    } == part(
        everything,
        "taken",
        "median_seconds_to_person",
        "p90_seconds_to_person",
        "km_median_seconds",
        "km_p90_seconds",
    )


def test_half_and_nine_tenths_of_the_handoffs() -> None:
    """
    Twenty, taken after 1 to 19 s and one after 100 s: half after ten, nine tenths after eighteen. Of those that were taken
    the median is between ten and eleven.
    """
    story = Story()
    for n, span in enumerate((*range(1, 20), 100)):
        story.client(f"c{n}", after=0)
        story.handed_off(f"c{n}", 10)
        story.taken(f"c{n}", 10 + span)

    [everything, *_] = whole("handoffs", story)

    assert (10.0, 18.0, 10.5) == tuple(
        everything[n] for n in ("km_median_seconds", "km_p90_seconds", "median_seconds_to_person")
    )


def test_a_hand_off_counts_on_its_own_day() -> None:
    """
    Asked before midnight, handed off after it; each day has its own reasons and spans.
    """
    story = Story()
    story.client("a", after=14 * HOUR)
    story.handed_off("a", 16 * HOUR)
    story.taken("a", 16 * HOUR + 60)
    story.client("b", after=0)
    story.handed_off("b", 10)
    story.taken("b", 30)

    rows = {
        (r["period"].day, r["reason"]): r["km_median_seconds"]
        for r in ask("handoffs", story, last=days(1))
        if r["period"]
    }

    assert {
        (12, "all"): 20.0,
        (12, "complaint"): 20.0,
        (13, "all"): 60.0,
        (13, "complaint"): 60.0,
    } == rows


def test_drafts_that_were_of_no_use() -> None:
    """
    Two became replies, one was stale. A person's reply is no draft, nor is a line in the chat. The shares of a day are of that day.
    """
    story = Story()
    story.reply("a", 0)
    story.reply("a", 10, ends="dropped")
    story.discarded("a", 20)
    story.reply("a", 30, by="human_dashboard")
    story.assistant("a", 33)
    story.discarded("a", 24 * HOUR, reason="human_wrote")

    assert [("intended", 2, 2 / 3), ("newer_message", 1, 1 / 3)] == [
        tuple(row.values()) for row in whole("drafts", story)
    ]
    assert [("human_wrote", 1, 1.0)] == [
        tuple(row.values())[1:]
        for row in ask("drafts", story, last=days(1))
        if row["period"] == datetime(2026, 5, 13)
    ]


def test_drafts_that_a_manager_decided_on() -> None:
    """
    One waits, one went out as it was, one mended, one thrown away: three are decided, and each is counted once.
    """
    story = Story()
    story.draft("a", 0)
    story.draft_sent("b", 10, edited=False)
    story.draft_sent("c", 20, edited=True)
    story.thrown_away("d", 30)

    assert [("intended", 1, 1 / 3), ("mended", 1, 1 / 3), ("thrown_away", 1, 1 / 3)] == [
        tuple(row.values()) for row in whole("drafts", story)
    ]


def test_verdicts() -> None:
    """
    Three answered, one off: three quarters and one quarter; on the next day all are off.
    """
    story = Story()
    for n, verdict in enumerate(("answered", "answered", "answered", "off")):
        story.verdict("a", n, verdict)  # type: ignore[arg-type]
    story.verdict("a", 24 * HOUR, "off")

    assert [("answered", 3, 0.75), ("off", 1, 0.25)] == [
        tuple(row.values()) for row in whole("verdicts", story)
    ]
    assert [("off", 1, 1.0)] == [
        tuple(row.values())[1:]
        for row in ask("verdicts", story, last=days(1))
        if row["period"] == datetime(2026, 5, 13)
    ]


def test_a_reply_is_counted_once_in_its_last_state() -> None:
    """
    One was sent, one dropped, one is still meant; a person's is a row of its own. The shares of a day are of that day.
    """
    story = Story()
    story.reply("a", 0)
    story.reply("a", 10, ends="dropped")
    story.reply("a", 20, ends="")
    story.reply("a", 30, by="human_dashboard")
    story.reply("a", 24 * HOUR)

    assert [
        ("assistant", "dropped", 1, 0.25),
        ("assistant", "intended", 1, 0.25),
        ("assistant", "sent", 1, 0.25),
        ("human_dashboard", "sent", 1, 0.25),
    ] == [tuple(row.values()) for row in whole("replies_by_state", story)]
    assert [("assistant", "sent", 1, 1.0)] == [
        tuple(row.values())[1:]
        for row in ask("replies_by_state", story, last=days(1))
        if row["period"] == datetime(2026, 5, 13)
    ]
