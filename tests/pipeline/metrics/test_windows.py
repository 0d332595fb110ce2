"""Every metric keeps to its window: from when to when, on whose clock, of which account, listing and answerer."""

from datetime import date, datetime, timedelta

import pytest

from pipeline import Window, catalog
from tests.pipeline.metrics.telling import HOUR, Row, Story, answer, ask, days
from tests.pipeline.metrics.units import UNITS
from tests.pipeline.story import DAY, START

NAMES = list(UNITS)
BY_ANSWERER = [name for name in NAMES if "author" in catalog()[name].parameters]


def of_whole(answer: list[Row]) -> list[Row]:
    return [row for row in answer if row.get("period") is None]


def count(name: str, story: Story, **more: object) -> int:
    return UNITS[name].count(of_whole(ask(name, story, **more)))


def by_period(name: str, story: Story, **more: object) -> dict[datetime, int]:
    """The periods in which something was counted."""
    answer = ask(name, story, **more)
    periods = sorted({row["period"] for row in answer} - {None})
    counts = {p: UNITS[name].count([r for r in answer if r["period"] == p]) for p in periods}
    return {period: n for period, n in counts.items() if n}


def test_every_metric_is_tried() -> None:
    """
    A metric that someone adds is tried here too, or says why not.
    """
    assert {*UNITS, "marks"} == set(catalog())


@pytest.mark.parametrize("name", NAMES)
def test_the_beginning_belongs_to_the_window_and_the_end_does_not(name: str) -> None:
    """
    An hour in the middle of a day: one thing a second before it, one at its beginning, one a second before its end, one at
    its end.
    """
    story = Story()
    for n, after in enumerate((-1, 0, HOUR - 1, HOUR)):
        UNITS[name].tell(story, f"c{n}", after)
    window = Window(START, START + timedelta(hours=1))

    assert 2 == UNITS[name].count(of_whole(answer(name, story, window)))


@pytest.mark.parametrize("name", NAMES)
def test_an_account_and_a_listing_can_be_chosen(name: str) -> None:
    """
    One thing of account 1 and listing 7, two of account 2 and listing 8, three of account 2 and listing 9.
    """
    story = Story()
    for times, account, listing in ((1, 1, 7), (2, 2, 8), (3, 2, 9)):
        for n in range(times):
            UNITS[name].tell(story, f"c{listing}{n}", 60 * n, account=account, listing=listing)

    assert 6 == count(name, story)
    assert [1, 5, 0] == [count(name, story, account=each) for each in (1, 2, 3)]
    assert [1, 2, 3, 0] == [count(name, story, listing=each) for each in (7, 8, 9, 1)]
    assert 0 == count(name, story, account=1, listing=8)


@pytest.mark.parametrize("name", BY_ANSWERER)
def test_who_answered_can_be_chosen(name: str) -> None:
    """
    One dialog was answered by the assistant, three by people in two ways, one by nobody.
    """
    story = Story()
    for chat in "abcde":
        story.client(chat, 0)
    story.assistant("a", 30)
    for chat, by in (("b", "human_app"), ("c", "human_app"), ("d", "human_dashboard")):
        story.person(chat, 40, by=by)  # type: ignore[arg-type]
    story.until(20 * 24 * HOUR)

    nobody = 0 if name == "silent_clients" else 1
    assert 4 + nobody == count(name, story)
    assert (1, 3) == (count(name, story, author="assistant"), count(name, story, author="human"))


@pytest.mark.parametrize("name", [each for each in NAMES if "grain" in catalog()[each].parameters])
def test_periods_are_those_of_the_zone(name: str) -> None:
    """
    23:45 and 0:15 on the clock of Kolkata, half an hour off the full hours: two days, hours, and one week and month.
    """
    story = Story()
    for chat, after in (("a", 12.25 * HOUR), ("b", 12.75 * HOUR), ("c", 13 * HOUR)):
        UNITS[name].tell(story, chat, after)

    def told(grain: str) -> dict[datetime, int]:
        return by_period(name, story, zone="Asia/Kolkata", last=days(1), grain=grain)

    assert {datetime(2026, 5, 12): 1, datetime(2026, 5, 13): 2} == told("day")
    assert {datetime(2026, 5, 11): 3} == told("week")
    assert {datetime(2026, 5, 1): 3} == told("month")
    if name != "listing_funnel":
        assert {datetime(2026, 5, 12, 23): 1, datetime(2026, 5, 13): 2} == told("hour")


@pytest.mark.parametrize("name", [each for each in NAMES if "grain" in catalog()[each].parameters])
@pytest.mark.parametrize("zone", ["Europe/Kaliningrad", "Asia/Kamchatka"])
def test_the_day_begins_when_it_does_there(name: str, zone: str) -> None:
    """
    One second before the midnight of the zone, and at midnight: two days.
    """
    hours = {"Europe/Kaliningrad": 16, "Asia/Kamchatka": 6}[zone]
    story = Story()
    UNITS[name].tell(story, "a", hours * HOUR - 1)
    UNITS[name].tell(story, "b", hours * HOUR)

    assert {datetime(2026, 5, 12): 1, datetime(2026, 5, 13): 1} == by_period(
        name, story, zone=zone, last=days(1)
    )


@pytest.mark.parametrize("name", [each for each in NAMES if "grain" in catalog()[each].parameters])
def test_a_clock_that_is_put_forward_loses_no_one(name: str) -> None:
    """
    Berlin on 29 March: the day has 23 hours, and what happens at its last minute is of that day.
    """
    story, march = Story(), date(2026, 3, 29)
    since_start = (march - DAY).days * 24 * HOUR
    UNITS[name].tell(story, "a", since_start - 7 * HOUR - 60)
    UNITS[name].tell(story, "b", since_start - 7 * HOUR)
    UNITS[name].tell(story, "c", since_start + 16 * HOUR - 60)
    UNITS[name].tell(story, "d", since_start + 16 * HOUR)

    where = {"zone": "Europe/Berlin", "first": march, "last": march}
    assert 2 == count(name, story, **where)
    assert {datetime(2026, 3, 29): 2} == by_period(name, story, **where)


@pytest.mark.parametrize("name", NAMES)
def test_a_window_without_anything_is_empty_and_no_error(name: str) -> None:
    """
    Before the first event, and after the last one.
    """
    story = Story()
    UNITS[name].tell(story, "a", 0)

    assert 0 == count(name, story, first=days(-900), last=days(-899))
    assert 0 == count(name, story, first=days(900), last=days(901))
