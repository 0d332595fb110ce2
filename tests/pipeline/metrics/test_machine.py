"""What the machine did, what it cost and what was changed: tiny logs with answers that were computed by hand."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from pipeline import Window
from tests.pipeline.metrics.telling import HOUR, Story, answer, ask, days, whole
from tests.pipeline.story import START


def test_the_model_costs_also_when_it_fails() -> None:
    """
    Four calls for two roubles each, one of them in vain and slow, for one sent reply in one dialog and one lead.
    """
    story = Story()
    story.client("a", after=0)
    for outcome, latency in (("ok", 900), ("ok", 1000), ("ok", 2000), ("ModelBusy", 60_000)):
        story.model("a", 1, outcome=outcome, latency=latency)
    story.reply("a", 2)
    story.lead("a", 5)

    assert [
        {
            "calls": 4,
            "failed_calls": 1,
            "tokens_in": 400,
            "tokens_out": 40,
            "cost_rub": 8.0,
            "median_latency_ms": 1000.0,
            "p95_latency_ms": pytest.approx(1900.0),
            "p99_latency_ms": pytest.approx(1980.0),
            "replies": 1,
            "dialogs": 1,
            "leads": 1,
            "cost_per_reply": 8.0,
            "cost_per_dialog": 8.0,
            "cost_per_lead": 8.0,
        }
    ] == whole("model_cost", story)


def test_costs_are_divided_by_what_came_of_them() -> None:
    """
    Twelve roubles in two dialogs (a third one needed no model), three replies of the assistant (of five: a person's and a
    dropped one are not among them), four leads.
    """
    story = Story()
    for chat in "ab":
        story.client(chat, after=0)
        story.model(chat, 1, cost=6.0)
    story.client("c", after=0)
    for chat, by, ends in (
        ("a", "assistant", "sent"), ("a", "assistant", "sent"), ("b", "assistant", "sent"),
        ("b", "assistant", "dropped"), ("c", "human_dashboard", "sent"),
    ):  # fmt: skip
        story.reply(chat, 2, by=by, ends=ends)  # type: ignore[arg-type]
    for n in range(4):
        story.lead("a", 9 + n)

    [row] = whole("model_cost", story)

    assert (3, 2, 4) == (row["replies"], row["dialogs"], row["leads"])
    assert (4.0, 6.0, 3.0) == tuple(
        row[n] for n in ("cost_per_reply", "cost_per_dialog", "cost_per_lead")
    )


def test_a_day_without_the_model_costs_nothing_and_has_no_ratios() -> None:
    """
    Replies, leads and dialogs keep to the window and to the listing too.
    """
    story = Story()
    for chat, after in (("y", -24 * HOUR), ("z", 24 * HOUR)):
        story.client(chat, after)
        story.model(chat, after)
        story.reply(chat, after)
        story.lead(chat, after)
    story.client("o", after=0, listing=8)
    story.model("o", 0, listing=8)
    story.reply("o", 0, listing=8)
    story.lead("o", 0, listing=8)

    [nothing] = whole("model_cost", story, listing=7)
    [other] = whole("model_cost", story, listing=8)
    [foreign] = whole("model_cost", story, account=2)

    assert [0, 0, 0, 0, 0.0, None, None, None, 0, 0, 0, None, None, None] == list(nothing.values())
    assert nothing == foreign
    assert (1, 1, 1, 1) == tuple(other[n] for n in ("calls", "replies", "dialogs", "leads"))


def test_a_day_on_which_nobody_called_the_model_stands_between_those_on_which_somebody_did() -> (
    None
):
    """
    Zeros, and no times; the days around it have one call each, one of them in vain.
    """
    story = Story()
    story.client("a", after=0)
    story.model("a", 1)
    story.model("a", 48 * HOUR, outcome="ModelBusy")

    found = [row for row in ask("model_cost", story, last=days(2)) if row["period"] is not None]

    told = ("calls", "failed_calls", "tokens_in", "cost_rub", "median_latency_ms")
    assert (0, 0, 0, 0.0, None) == tuple(found[1][name] for name in told)
    assert [(1, 0), (0, 0), (1, 1)] == [(row["calls"], row["failed_calls"]) for row in found]


@pytest.mark.parametrize(("after", "counted"), [(-1, 0), (0, 1), (HOUR - 1, 1), (HOUR, 0)])
def test_replies_dialogs_and_leads_keep_to_the_window_of_the_costs(
    after: float, counted: int
) -> None:
    """
    An hour in the middle of a day: what was a second before it, at its beginning, before its end, at its end.
    """
    story = Story()
    story.client("a", after)
    story.model("a", after)
    story.lead("a", after)
    story.reply("a", after - 3)  # sent three seconds later

    [whole_of_it, *_] = answer("model_cost", story, Window(START, START + timedelta(hours=1)))

    assert [counted] * 4 == [whole_of_it[n] for n in ("calls", "replies", "dialogs", "leads")]


def test_costs_by_day_with_the_empty_day() -> None:
    """
    A day on which nothing was asked is a row of nothing.
    """
    story = Story()
    story.model("a", 0)

    assert [(None, 1, 2.0), (12, 1, 2.0), (13, 0, 0.0)] == [
        (row["period"] and row["period"].day, row["calls"], row["cost_rub"])
        for row in ask("model_cost", story, last=days(1))
    ]


def test_what_did_not_come_by_webhook() -> None:
    """
    Four by webhook after 1 to 4 s, two found by the sweep after 50 and 60 s, one by reading. The seller's lines are not
    received.
    """
    story = Story()
    for n, chat in enumerate("abcf", 1):
        story.client(chat, after=0, delay=n)
    story.client("d", after=0, found_by="sweep", delay=50)
    story.client("d", after=1, found_by="sweep", delay=60)
    story.client("e", after=0, found_by="reading", delay=0)
    story.assistant("a", after=5)

    [row] = whole("webhook_completeness", story)

    assert {
        "messages": 7,
        "by_webhook": 4,
        "by_sweep": 2,
        "by_reading": 1,
        "share_by_webhook": 4 / 7,
        "median_delay_seconds": 3.0,
        "p95_delay_seconds": pytest.approx(57.0),
        "known_early": 0,
    } == row


@pytest.mark.parametrize(
    ("delay", "seconds", "early"), [(-0.5, 0.0, 1), (0.0, 0.0, 0), (0.5, 0.5, 0)]
)
def test_a_message_that_is_known_before_it_was_written_took_no_time(
    delay: float, seconds: float, early: int
) -> None:
    """
    Two clocks disagree: no delay, and said so.
    """
    story = Story()
    story.client("a", after=0, delay=delay)

    [row] = whole("webhook_completeness", story)

    assert (seconds, seconds, early) == tuple(
        row[n] for n in ("median_delay_seconds", "p95_delay_seconds", "known_early")
    )


def test_webhooks_of_a_day_without_messages_are_no_row() -> None:
    """
    Neither complete nor incomplete.
    """
    assert [] == ask("webhook_completeness", Story())


def test_how_long_a_message_is_in_our_hands() -> None:
    """
    Known at 1, judged at 15: fourteen seconds. Known at 31, judged at 35: four. One was judged before it was known: its clock
    is wrong, and it took no time. A verdict that does not say when its message was known is not here.
    """
    story = Story()
    for after, judged, verdict in ((0, 15, "answered"), (30, 35, "off"), (60, 60, "off")):
        message = story.client("a", after)
        story.verdict("a", judged, verdict, message, after + 1)  # type: ignore[arg-type]
    story.verdict("a", 70, "off", "of an early version")

    rows = {row["verdict"]: row for row in whole("queue_ages", story)}

    assert {"all": 3, "answered": 1, "off": 2} == {by: row["messages"] for by, row in rows.items()}
    assert {
        "verdict": "all",
        "messages": 3,
        "median_seconds": 4.0,
        "p95_seconds": pytest.approx(13.0),
        "p99_seconds": pytest.approx(13.8),
        "longest_seconds": 14.0,
    } == rows["all"]
    assert (2.0, 4.0) == (rows["off"]["median_seconds"], rows["off"]["longest_seconds"])


# --- marks ------------------------------------------------------------------------------------------------------------


def marks(story: Story, **more: Any) -> list[tuple[Any, ...]]:
    """What was changed, and from what to what, with the hour after nine."""
    return [
        (row["at"].hour - 6, row["what"], row["listing_id"], row["before"], row["after"])
        for row in ask("marks", story, **more)
    ]


def test_a_switch_is_a_mark_when_it_changes_something() -> None:
    """
    On, on again, off; off for a listing that was never on changes nothing.
    """
    story = Story()
    for on, hour in ((True, 1), (True, 2), (False, 3)):
        story.switched(on, hour * HOUR)
    story.switched(False, HOUR, listing=8)

    assert [(1, "switch", 7, None, "on"), (3, "switch", 7, "on", "off")] == marks(story)


def test_a_mode_and_a_silence_are_marks() -> None:
    """
    The first mode of a listing is no change, the second is one. Silence is everybody's, whatever is chosen.
    """
    story = Story()
    story.mode("draft", HOUR)
    story.mode("answer", 2 * HOUR)
    story.mode("answer", 3 * HOUR)
    story.mode("draft", 4 * HOUR, listing=8)
    story.silenced(False, 5 * HOUR)
    story.silenced(True, 6 * HOUR)
    story.silenced(False, 7 * HOUR)

    found = [
        (2, "mode", 7, "draft", "answer"),
        (6, "silence", None, "off", "on"),
        (7, "silence", None, "on", "off"),
    ]
    assert found == marks(story) == marks(story, listing=7, account=1)
    assert found[1:] == marks(story, listing=8)


def test_a_price_is_a_mark_when_it_is_another() -> None:
    """
    The first known price is no change, nor is a new title, nor a price that is not told; each listing has its own.
    """
    story = Story()
    story.listed(-24 * HOUR, price=2500)
    story.listed(HOUR, price=2500, title="Другое")
    story.listed(2 * HOUR, price=3500)
    story.listed(3 * HOUR, price=None)
    story.listed(4 * HOUR, price=3500)
    story.listed(5 * HOUR, price=9900, listing=8)
    story.listed(6 * HOUR, price=None)
    story.listed(7 * HOUR, price=4500)

    assert [(2, "price", 7, "2500", "3500"), (7, "price", 7, "3500", "4500")] == marks(story)


def test_a_prompt_is_a_mark_when_it_comes_or_comes_back() -> None:
    """
    p1, then p2 for three days, then p1 again; two versions that go side by side are one mark, not many.
    """
    story = Story()
    for hour, version in (
        (0, "p1"),
        (1, "p2"),
        (1.5, "p1"),
        (2, "p2"),
        (26, "p2"),
        (50, "p2"),
        (74, "p1"),
        (75, "p1"),
    ):
        story.reply("a", hour * HOUR, prompt=version)

    found = ask("marks", story, last=days(9))

    assert [(12, 7, "prompt", "p1", "p2"), (15, 8, "prompt", "p2", "p1")] == [
        (r["at"].day, r["at"].hour, r["what"], r["before"], r["after"]) for r in found
    ]


def test_a_version_that_rests_for_a_day_did_not_go() -> None:
    """
    Exactly a day without p1 is a rest; a second more, and it comes back. A draft that waits for a manager is use too; one
    that was discarded, sent or thrown away was written earlier.
    """

    def told(rest: float) -> int:
        story = Story()
        story.reply("a", 0, prompt="p1")
        story.reply("a", HOUR, prompt="p2")
        story.reply("a", rest, prompt="p1")
        return len(ask("marks", story, last=days(3)))

    assert (1, 2) == (told(24 * HOUR), told(24 * HOUR + 1))
    story = Story()
    story.reply("a", 0, prompt="p1")
    story.thrown_away("a", HOUR, prompt="p2")
    assert [] == ask("marks", story)
    story.reply("a", HOUR, prompt="follow-up-1/p1")
    story.reply("a", HOUR, prompt="courtesy-1")
    assert [] == ask("marks", story)
    story.draft("a", 2 * HOUR, prompt="p3")
    assert ["p3"] == [row["after"] for row in ask("marks", story)]


def test_a_version_comes_with_its_first_reply_and_rests_since_its_last() -> None:
    """
    p2 comes at 10:10, not with its second reply of that hour. p1 was last used at 9:50, so at 9:30 on the next day it has
    rested for less than a day, and did not go.
    """
    story = Story()
    for minute, version in ((0, "p1"), (50, "p1"), (70, "p2"), (110, "p2"), (24.5 * 60, "p1")):
        story.reply("a", minute * 60, prompt=version)

    assert [(7, 10, "p1", "p2")] == [
        (r["at"].hour, r["at"].minute, r["before"], r["after"])
        for r in ask("marks", story, last=days(3))
    ]


def test_marks_keep_to_the_window_and_know_what_was_before_it() -> None:
    """
    Switched on the day before: today's switching off is a change, and the only one of today. The beginning of the day
    belongs to it, its end does not. Replies without a version, and a person's, tell nothing.
    """
    story = Story()
    story.switched(True, -20 * HOUR)
    story.switched(False, -9 * HOUR)
    story.switched(True, 15 * HOUR)
    story.reply("a", -20 * HOUR, prompt="p1")
    story.reply("a", 0, prompt=None)
    story.reply("a", HOUR, prompt="p2")
    story.reply("a", 15 * HOUR, prompt="p3")

    found = ask("marks", story)

    assert [("switch", "on", "off"), ("prompt", "p1", "p2")] == [
        (row["what"], row["before"], row["after"]) for row in found
    ]
    assert [datetime(2026, 5, 12)] * 2 == [row["period"] for row in found]


def test_marks_of_one_account_or_listing() -> None:
    """
    A listing's marks are its own; a prompt is the account's, and no listing's.
    """
    story = Story()
    story.switched(True, HOUR)
    story.switched(True, 2 * HOUR, account=2, listing=8)
    for account in (1, 2):
        story.reply("a", account * HOUR, prompt="p1", account=account)
        story.reply("a", account * HOUR + 600, prompt="p2", account=account)

    def told(**more: Any) -> list[tuple[Any, ...]]:
        return [(r["what"], r["account_id"], r["listing_id"]) for r in ask("marks", story, **more)]

    assert [("switch", 2, 8), ("prompt", 2, None)] == told(account=2)
    assert [("switch", 1, 7), ("prompt", 1, None), ("prompt", 2, None)] == told(listing=7)
    assert 4 == len(told())
