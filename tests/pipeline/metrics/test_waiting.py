"""How long clients wait: tiny chats with answers that were computed by hand."""

from datetime import date, time
from typing import Any

import pytest

from tests.pipeline.metrics.telling import HOUR, MINUTE, Row, Story, ask, days, whole
from tests.pipeline.story import part

NIGHT = 12 * HOUR
"""Nine in the evening in Moscow."""

NINE_TO_SIX: dict[str, Any] = {"opens": time(9), "closes": time(18)}


def first(story: Story, by: str = "all", **more: Any) -> Row:
    [row] = [row for row in whole("first_response", story, **more) if row["answered_by"] == by]
    return row


def waits(story: Story, by: str = "all", **more: Any) -> Row:
    [row] = [row for row in whole("next_reply_waiting", story, **more) if row["answered_by"] == by]
    return row


def answered_after(*spans: float | None, by: str = "person") -> Story:
    """A chat for each span, whose question is answered after it, or never."""
    story = Story()
    for n, span in enumerate(spans):
        story.client(f"c{n}", after=0)
        if span is not None:
            story.person(f"c{n}", span) if by == "person" else story.assistant(f"c{n}", span)
    return story


# --- first_response ---------------------------------------------------------------------------------------------------


def test_only_the_first_answer_counts() -> None:
    """
    Later answers in the same dialog change nothing, whoever gives them.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=30)
    story.client("a", after=60)
    story.person("a", after=4000)

    rows = whole("first_response", story)

    assert ["all", "assistant"] == [row["answered_by"] for row in rows]
    assert {
        "dialogs": 1,
        "answered": 1,
        "median_seconds": 30.0,
        "within_1_min": 1.0,
        "never": 0.0,
    } == part(rows[1], "dialogs", "answered", "median_seconds", "within_1_min", "never")


def test_a_wait_begins_with_the_first_line_of_a_burst() -> None:
    """
    Three lines, then an answer: the client has waited since the first. The naive mean counts from the last.
    """
    story = Story()
    for after in (0, 5, 9):
        story.client("a", after)
    story.assistant("a", after=20)

    assert {"median_seconds": 20.0, "mean_seconds": 20.0, "naive_mean_seconds": 11.0} == part(
        first(story), "median_seconds", "mean_seconds", "naive_mean_seconds"
    )


def test_an_answer_before_the_question_is_no_answer() -> None:
    """
    The seller wrote first; the client's question is still open.
    """
    story = Story()
    story.person("a", after=0)
    story.client("a", after=10)

    assert {"dialogs": 1, "answered": 0, "median_seconds": None, "never": 1.0} == part(
        first(story), "dialogs", "answered", "median_seconds", "never"
    )


def test_the_unanswered_stay_in_every_denominator() -> None:
    """
    Four dialogs: 30 s, 10 min, 2 h, never. The shares are quarters of four, not thirds of three.
    """
    story = answered_after(30, 600, 2 * HOUR, None)

    assert {
        "answered_by": "all",
        "dialogs": 4,
        "answered": 3,
        "unanswered": 1,
        "median_seconds": 600.0,
        "p90_seconds": 5880.0,
        "km_median_seconds": 600.0,
        "km_p90_seconds": None,
        "within_1_min": 0.25,
        "within_5_min": 0.25,
        "within_15_min": 0.5,
        "within_60_min": 0.5,
        "within_24_h": 0.75,
        "never": 0.25,
        "mean_seconds": 2610.0,
        "trimmed_mean_seconds": 2610.0,
        "naive_mean_seconds": 2610.0,
    } == first(story)


@pytest.mark.parametrize(
    ("column", "bound"),
    [("within_1_min", 60), ("within_5_min", 300), ("within_15_min", 900), ("within_60_min", 3600),
     ("within_24_h", 86_400)],
)  # fmt: skip
def test_a_bound_belongs_to_its_share(column: str, bound: int) -> None:
    """
    Answered exactly then is within; a second later is not.
    """
    story = answered_after(bound, bound + 1)

    assert (0.5, 0.5) == (first(story)[column], waits(story)[column])


def test_who_has_no_answer_yet_waits_at_least_until_now() -> None:
    """
    Kaplan and Meier by hand: answered after 10 and 40 s; one who asked 20 s before the log ends waits on. 1 of 3 is
    answered at 10 s (2/3 wait on); at 40 s the only one who is known to have waited so long (0). Half by 40 s; a mere
    median of all would say 10 or 40 and could not know.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=10)
    story.client("b", after=0)
    story.assistant("b", after=40)
    story.client("c", after=20)

    assert {"km_median_seconds": 40.0, "km_p90_seconds": 40.0, "median_seconds": 25.0} == part(
        first(story), "km_median_seconds", "km_p90_seconds", "median_seconds"
    )
    assert {"km_median_seconds": 40.0, "km_p90_seconds": 40.0} == part(
        waits(story), "km_median_seconds", "km_p90_seconds"
    )


def test_the_median_of_all_is_unknown_when_more_than_half_were_never_answered() -> None:
    """
    One of two: half is answered after ten seconds. One of three: no number of seconds is a median of that. Nine of ten
    are answered after nine seconds, eight of ten are not nine tenths. Half of twenty by the tenth, nine tenths by the
    eighteenth.
    """
    assert (10.0, 10.0) == tuple(
        first(answered_after(10, None))[c] for c in ("median_seconds", "km_median_seconds")
    )
    assert None is first(answered_after(10, None, None))["km_median_seconds"]
    assert 9.0 == first(answered_after(*range(1, 10), None))["km_p90_seconds"]
    assert None is first(answered_after(*range(1, 9), None, None))["km_p90_seconds"]
    assert 9.0 == waits(answered_after(*range(1, 10), None))["km_p90_seconds"]
    twenty = answered_after(*range(1, 20), 100)
    for row in (first(twenty), waits(twenty)):
        assert (10.0, 18.0) == (row["km_median_seconds"], row["km_p90_seconds"])


def test_the_mean_of_the_platforms_leaves_out_the_slowest_tenth() -> None:
    """
    Twenty answers, after 1 to 18 s, 1000 s and 2000 s: the fastest eighteen took 9.5 s in the mean, all 158.55 s. With
    nine answers a tenth is less than one, and nobody is left out. Two that took as long are one of them in, one out.
    """
    story = answered_after(*range(1, 19), 1000, 2000, None)

    assert {"trimmed_mean_seconds": 9.5, "mean_seconds": 158.55} == part(
        first(story), "trimmed_mean_seconds", "mean_seconds"
    )
    assert 9.5 == waits(story)["trimmed_mean_seconds"]
    assert 5.0 == first(answered_after(*range(1, 10)))["trimmed_mean_seconds"]
    assert 2.0 == first(answered_after(1, 1, 1, 1, 1, 1, 1, 1, 10, 10))["trimmed_mean_seconds"]
    assert None is first(answered_after(None))["trimmed_mean_seconds"]


def test_avitos_notices_and_calls_neither_ask_nor_answer() -> None:
    """
    A system notice is no answer, and a missed call is no question.
    """
    story = Story()
    story.client("a", after=0, kind="call")
    story.client("a", after=100)
    story.avito("a", after=110)
    story.assistant("a", after=130)

    assert 30.0 == first(story)["median_seconds"]


def test_the_last_attribution_says_who_answered() -> None:
    """
    First taken for a person's, then known to be the assistant's.
    """
    story = Story()
    story.client("a", after=0)
    message = story.person("a", after=30)
    story.attributed(message, "assistant", after=31)

    assert 1 == first(story, by="assistant")["dialogs"]


def test_people_are_counted_together_and_apart() -> None:
    """
    10 s in the app, 30 s in the dashboard, 100 s the assistant, and nobody: five rows of their own.
    """
    story = Story()
    for chat in "abcd":
        story.client(chat, after=0)
    story.person("a", after=10)
    story.person("b", after=30, by="human_dashboard")
    story.assistant("c", after=100)

    rows = {row["answered_by"]: row for row in whole("first_response", story)}

    assert {
        "all": 4,
        "assistant": 1,
        "human": 2,
        "human_app": 1,
        "human_dashboard": 1,
        "nobody": 1,
    } == {by: row["dialogs"] for by, row in rows.items()}
    assert {"all": 30.0, "assistant": 100.0, "human": 20.0, "human_app": 10.0, "human_dashboard": 30.0,
            "nobody": None} == {by: row["median_seconds"] for by, row in rows.items()}  # fmt: skip
    assert (10.0, 30.0, None) == tuple(
        rows[by]["km_median_seconds"] for by in ("human", "all", "nobody")
    )
    assert 6 == len(whole("next_reply_waiting", story))


def test_after_72_hours_of_silence_a_new_dialog_begins() -> None:
    """
    The second question of the same chat is a dialog of its own, and its answer is a first answer; after exactly
    72 hours it would not be.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=10)
    story.client("a", after=10 + 72 * HOUR)
    story.assistant("a", after=20 + 72 * HOUR)
    story.client("a", after=21 + 144 * HOUR)
    story.person("a", after=61 + 144 * HOUR)

    rows = whole("first_response", story, last=date(2026, 5, 30))

    assert {"all": 2, "assistant": 1, "human": 1, "human_app": 1} == {
        row["answered_by"]: row["dialogs"] for row in rows
    }


def test_each_day_has_its_own_numbers() -> None:
    """
    10 s on the first day, 30 s and never on the second: each day's own median and Kaplan and Meier's, and the whole's.
    """
    story = Story()
    for chat, day, span in (("a", 0, 10), ("b", 1, 30), ("c", 1, None)):
        story.client(chat, after=day * 24 * HOUR)
        if span:
            story.assistant(chat, after=day * 24 * HOUR + span)

    for name, number in (("first_response", "dialogs"), ("next_reply_waiting", "waits")):
        rows = [row for row in ask(name, story, last=days(1)) if row["answered_by"] == "all"]
        assert [(None, 3, 20.0, 30.0), (12, 1, 10.0, 10.0), (13, 2, 30.0, 30.0)] == [
            (
                row["period"] and row["period"].day,
                row[number],
                row["median_seconds"],
                row["km_median_seconds"],
            )
            for row in rows
        ]


def test_order_within_one_second_is_the_order_of_the_log() -> None:
    """
    Avito's moments are whole seconds: an answer in the second of the question is an answer after no time.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=0)

    assert {"median_seconds": 0.0, "km_median_seconds": 0.0, "within_1_min": 1.0} == part(
        first(story), "median_seconds", "km_median_seconds", "within_1_min"
    )


# --- working hours ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "answered", "worked"),
    [
        (0, 600, 600),  # 9:00 to 9:10
        (NIGHT, NIGHT + 10 * HOUR, 0),  # 21:00 to 7:00
        (NIGHT, NIGHT + 13 * HOUR, HOUR),  # 21:00 to 10:00
        (8.5 * HOUR, 24.25 * HOUR, 0.75 * HOUR),  # 17:30 to 9:15
        (0, 48 * HOUR, 18 * HOUR),  # two whole days
        (-HOUR, 60, 60),  # 8:00 to 9:01
    ],
)
def test_a_wait_in_working_hours_is_as_much_of_it_as_the_seller_worked(
    asked: float, answered: float, worked: float
) -> None:
    """
    From nine to six in Moscow, every day: the night does not count, and who wrote at night is not left out.
    """
    story = Story()
    story.client("a", after=asked)
    story.assistant("a", after=answered)

    row = first(story, last=days(3), **NINE_TO_SIX)

    assert (1, worked, worked) == (row["dialogs"], row["median_seconds"], row["km_median_seconds"])
    assert answered - asked == first(story, last=days(3))["median_seconds"]


def test_days_off_do_not_count() -> None:
    """
    Asked on Friday at 17:00, answered on Monday at 10:00: two hours of work, when Saturday and Sunday are off.
    """
    friday = 3 * 24 * HOUR
    story = Story()
    story.client("a", after=friday + 8 * HOUR)
    story.client("a", after=friday + 8.5 * HOUR)
    story.assistant("a", after=friday + 73 * HOUR)

    row = first(story, last=days(9), weekdays=(1, 2, 3, 4, 5), **NINE_TO_SIX)

    assert (2 * HOUR, 1.5 * HOUR) == (row["median_seconds"], row["naive_mean_seconds"])
    assert 20 * HOUR == first(story, last=days(9), **NINE_TO_SIX)["median_seconds"]


def test_hours_may_last_past_midnight() -> None:
    """
    From eight in the evening to two at night: 21:00 to 1:00 is four hours of work, 1:00 to 20:30 one and a half. On
    Tuesdays alone the shift still lasts until two on Wednesday.
    """
    late = {"opens": time(20), "closes": time(2)}
    story = Story()
    story.client("a", after=NIGHT)
    story.assistant("a", after=NIGHT + 4 * HOUR)
    story.client("a", after=NIGHT + 4 * HOUR)
    story.person("a", after=NIGHT + 23.5 * HOUR)

    def spans(**more: Any) -> list[float]:
        answered = (waits(story, by, last=days(2), **more) for by in ("assistant", "human"))
        return [row["median_seconds"] for row in answered]

    assert [4 * HOUR, 1.5 * HOUR] == spans(**late)
    assert [4 * HOUR, HOUR] == spans(**late, weekdays=(2,))
    assert [4 * HOUR, 19.5 * HOUR] == spans(opens=time(0), closes=time(0))


def test_working_hours_are_those_of_the_zone() -> None:
    """
    9:00 to 18:00 in Kolkata is 6:30 to 15:30 in Moscow.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=12 * HOUR)

    assert 6.5 * HOUR == first(story, zone="Asia/Kolkata", **NINE_TO_SIX)["median_seconds"]


def test_who_waits_over_night_is_late_by_the_calendar_alone() -> None:
    """
    Asked at 21:00 and answered at 9:04 is within five minutes of work; Kaplan and Meier, the curve, the list and the
    promise count so too.
    """
    story = Story()
    story.client("a", after=NIGHT)
    story.assistant("a", after=NIGHT + 12 * HOUR + 4 * MINUTE)
    story.client("b", after=NIGHT)
    story.until(NIGHT + 13 * HOUR)

    worked = first(story, "all", **NINE_TO_SIX)
    [promise] = [row for row in whole("sla", story, **NINE_TO_SIX) if row["wait"] == "first"]
    [b] = ask("unanswered", story, last=days(1), **NINE_TO_SIX)
    curve = {
        (row["answered_by"], row["after_seconds"]): row["still_waiting"]
        for row in ask("waiting_curve", story, **NINE_TO_SIX)
    }

    assert (0.5, 0.0) == (worked["within_5_min"], first(story)["within_5_min"])
    assert 240.0 == worked["km_median_seconds"]
    assert (1, 1) == (promise["met"], promise["breached"])
    assert ("b", HOUR) == (b["chat_id"], b["seconds"])
    assert (1.0, 0.5, 0.0) == (curve["all", 180], curve["all", 300], curve["assistant", 300])
    [total] = whole("requester_wait", story, **NINE_TO_SIX)
    assert (240.0 + HOUR) / 2 == total["mean_seconds"]


# --- every next reply -------------------------------------------------------------------------------------------------


def test_every_burst_is_a_wait() -> None:
    """
    Two questions answered after 10 s and 100 s, a third one never.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=10)
    story.assistant("a", after=12)
    story.client("a", after=50)
    story.client("a", after=60)
    story.person("a", after=150)
    story.client("a", after=200)

    rows = {row["answered_by"]: row for row in whole("next_reply_waiting", story)}

    assert {"all": 3, "assistant": 1, "human": 1, "human_app": 1, "nobody": 1} == {
        by: row["waits"] for by, row in rows.items()
    }
    assert (10.0, 100.0) == (rows["assistant"]["median_seconds"], rows["human"]["median_seconds"])
    assert {
        "answered": 2,
        "unanswered": 1,
        "mean_seconds": 55.0,
        "naive_mean_seconds": 50.0,
        "never": 1 / 3,
    } == part(rows["all"], "answered", "unanswered", "mean_seconds", "naive_mean_seconds", "never")


def test_a_last_thank_you_is_no_wait() -> None:
    """
    Nobody has to answer it; but a first line counts as a question, whatever it says, in the first response.
    """
    story = Story()
    story.client("a", after=0, text="Сколько стоит?")
    story.assistant("a", after=10)
    story.client("a", after=50, text="Спасибо!")
    story.client("b", after=0, text="Спасибо!")

    assert (1, 0.0) == (waits(story)["waits"], waits(story)["never"])
    assert (2, 0.5) == (first(story)["dialogs"], first(story)["never"])


# --- the curve, the list, the promise, the sum ------------------------------------------------------------------------


def test_the_curve_falls_when_somebody_is_answered() -> None:
    """
    Answered after 10 s, after 100 s, never: all wait at first, one of three does to the end. Who asked 5 s before the log
    ends is not among those who waited ten.
    """
    story = Story()
    for chat, wait in (("a", 10), ("b", 100)):
        story.client(chat, after=0)
        story.assistant(chat, after=wait)
    story.client("c", after=0)
    story.client("d", after=95)

    rows = ask("waiting_curve", story)
    share = {(row["answered_by"], row["after_seconds"]): row["still_waiting"] for row in rows}

    assert [1.0, 1.0, 0.6667, 0.6667, 0.3333, 0.3333] == [
        round(share["all", each], 4) for each in (0, 5, 10, 90, 120, 259_200)
    ]
    assert [1.0, 0.5, 0.0] == [share["assistant", each] for each in (5, 90, 120)]
    assert {"all": 4, "assistant": 2} == {row["answered_by"]: row["dialogs"] for row in rows}
    assert [
        0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 450, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 10_800, 14_400,
        21_600, 28_800, 43_200, 64_800, 86_400, 129_600, 172_800, 259_200,
    ] == [row["after_seconds"] for row in rows if row["answered_by"] == "assistant"]  # fmt: skip


def test_the_curve_knows_of_first_waits_alone() -> None:
    """
    A second question of the dialog is not in it; people are one line, however they wrote.
    """
    story = Story()
    story.client("a", after=0)
    story.person("a", after=10)
    story.client("a", after=20)
    story.client("b", after=0)
    story.person("b", after=10, by="human_dashboard")

    rows = ask("waiting_curve", story)

    assert {"all": 2, "human": 2} == {row["answered_by"]: row["dialogs"] for row in rows}


def test_who_waits_is_listed_with_the_longest_wait_first() -> None:
    """
    The answered are not on the list, nor who said thanks; a wait is counted to the end of the log, or of the window.
    """
    story = Story()
    story.client("a", after=HOUR)
    story.client("b", after=0)
    story.client("b", after=5)
    story.client("c", after=0)
    story.assistant("c", after=5)
    story.client("d", after=2 * HOUR, text="Спасибо!")

    def waiting() -> list[tuple[Any, ...]]:
        rows = ask("unanswered", story)
        return [(r["dialog_id"], r["messages"], r["seconds"]) for r in rows]

    assert [("b/1", 2, 2.0 * HOUR), ("a/1", 1, HOUR)] == waiting()
    story.until(48 * HOUR)
    assert [("b/1", 2, 15.0 * HOUR), ("a/1", 1, 14.0 * HOUR)] == waiting()


def test_a_promise_is_kept_to_all_who_were_offered_it() -> None:
    """
    Promised five minutes. Kept: at once and at 300 s. Broken: at 301 s, and who was never answered and is past it. Who
    asked 300 s ago is neither.
    """
    story = answered_after(0, 300, 301, None)
    story.client("new", after=700)
    story.until(1000)

    [row] = [row for row in whole("sla", story) if row["wait"] == "first"]

    assert {"offered": 4, "met": 2, "breached": 2, "not_due": 1, "attainment": 0.5} == part(
        row, "offered", "met", "breached", "not_due", "attainment"
    )
    assert (0.15, 0.85) == (round(row["low"], 4), round(row["high"], 4))
    [row] = [row for row in whole("sla", story, target=301) if row["wait"] == "first"]
    assert (3, 1, 1) == (row["met"], row["breached"], row["not_due"])


def test_a_promise_may_be_about_every_wait() -> None:
    """
    The first wait was short, the second long; a last thank you was promised nothing.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=10)
    story.client("a", after=20)
    story.assistant("a", after=2000)
    story.client("a", after=2010, text="Спасибо!")
    story.until(5000)

    rows = {row["wait"]: (row["offered"], row["met"]) for row in whole("sla", story)}

    assert {"every": (2, 1), "first": (1, 1)} == rows


def test_a_promise_that_was_made_to_nobody_has_no_share() -> None:
    """
    The only wait is not due yet.
    """
    story = Story()
    story.client("a", after=0)

    assert [(0, 1, None, None, None)] * 2 == [
        (row["offered"], row["not_due"], row["attainment"], row["low"], row["high"])
        for row in whole("sla", story)
    ]


def test_all_waits_of_a_dialog_are_summed() -> None:
    """
    Dialog a: 10 s and 100 s. Dialog b: 50 s, then asked an hour before the log ends, and waits on. Dialog c: 20 s. A last
    thank you adds nothing.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=10)
    story.client("a", after=50)
    story.assistant("a", after=150)
    story.client("a", after=200, text="Спасибо!")
    story.client("b", after=0)
    story.person("b", after=50)
    story.client("b", after=1000)
    story.client("c", after=0)
    story.assistant("c", after=20)
    story.until(1000 + HOUR)

    [row] = whole("requester_wait", story)

    assert {
        "dialogs": 3,
        "still_waiting": 1,
        "total_hours": (130 + 50 + HOUR) / HOUR,
        "mean_seconds": (130 + 50 + HOUR) / 3,
        "median_seconds": 110,
        "p90_seconds": 110 + 0.8 * (HOUR + 50 - 110),
    } == {name: pytest.approx(value) for name, value in row.items()}


def test_nobody_waits_beyond_the_end_of_a_dialog() -> None:
    """
    Asked at 0 and again ten hours later, never answered: 82 hours later the dialog was over, and so is the wait. While
    exactly 72 hours of silence have passed a line would still belong to it.
    """
    story = Story()
    story.client("a", after=0)
    story.client("a", after=10 * HOUR)
    story.until(82 * HOUR)
    [waiting] = whole("requester_wait", story)
    story.until(200 * HOUR)
    [over] = whole("requester_wait", story)

    assert (82 * HOUR, 1) == (waiting["mean_seconds"], waiting["still_waiting"])
    assert (82 * HOUR, 0) == (over["mean_seconds"], over["still_waiting"])


def test_waits_of_a_dialog_that_began_before_the_window_are_not_in_it() -> None:
    """
    The first question was yesterday, the second today: nothing to sum today, both yesterday.
    """
    story = Story()
    story.client("a", after=-20 * HOUR)
    story.assistant("a", after=-19 * HOUR)
    story.client("a", after=0)
    story.assistant("a", after=HOUR)

    assert [] == whole("requester_wait", story)
    [row] = whole("requester_wait", story, first=days(-1), last=days(-1))
    assert 2 * HOUR == row["mean_seconds"]
