"""A window: which ones can be, whose days they have, and what was before."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from pipeline import Window
from pipeline.metrics import zone_of
from tests.pipeline.metrics.telling import Story, told

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"end": NOON}, "before it begins"),
        ({"start": NOON.replace(tzinfo=None)}, "need a zone"),
        ({"zone": "Mars/Base"}, "no time zone 'Mars/Base'"),
        ({"zone": "../../etc/passwd"}, "no time zone"),
        ({"grain": "year"}, "grain must be one of hour, day, week, month, not 'year'"),
        ({"author": "robot"}, "author must be one of assistant, human, not 'robot'"),
        ({"target": 0}, "a number of seconds above 0"),
        ({"opens": time(9)}, "both an opening and a closing"),
        ({"opens": time(9), "closes": time(18), "weekdays": (0, 1)}, "weekdays are 1"),
        ({"weekdays": ()}, "weekdays are 1"),
        ({"weekdays": (1, 1)}, "stands twice"),
        ({"start": NOON - timedelta(days=366 * 100), "grain": "hour"}, "too many hours to list"),
    ],
)
def test_a_window_that_cannot_be_is_refused(wrong: dict[str, Any], complaint: str) -> None:
    """
    Each has its sentence.
    """
    with pytest.raises(ValueError, match=complaint):
        Window(**{"start": NOON, "end": NOON + timedelta(1), **wrong})


@pytest.mark.parametrize(
    ("zone", "first"),
    [("Asia/Kamchatka", "2026-05-11T12:00"), ("Europe/Kaliningrad", "2026-05-11T22:00"),
     ("Asia/Kolkata", "2026-05-11T18:30"), ("America/St_Johns", "2026-05-12T02:30")],
)  # fmt: skip
def test_days_are_those_of_the_zone(zone: str, first: str) -> None:
    """
    The twelfth of May in Kamchatka begins at noon of the eleventh in UTC; there are half-hour zones.
    """
    window = Window.of_days(date(2026, 5, 12), date(2026, 5, 12), zone=zone)

    assert datetime.fromisoformat(first).replace(tzinfo=UTC) == window.start
    assert timedelta(1) == window.end - window.start


def test_the_ends_of_the_calendar_are_no_days() -> None:
    """
    A sentence, not an overflow.
    """
    with pytest.raises(ValueError, match="no calendar goes"):
        Window.of_days(date(9999, 1, 1), date.max, grain="month")
    with pytest.raises(ValueError, match="no calendar goes"):
        Window.of_days(date.min, date(2, 1, 1), grain="month")
    with pytest.raises(ValueError, match="no calendar goes so far"):
        Window.of_days(date(2, 1, 1), date(2026, 1, 1), grain="month").before()


def test_the_last_days_are_the_same_window_within_an_hour() -> None:
    """
    Two people who look within the hour share one question.
    """
    early, late = (datetime(2026, 5, 12, 12, minute, tzinfo=UTC) for minute in (1, 59))

    assert Window.last(30, now=early) == Window.last(30, now=late)
    assert datetime(2026, 5, 12, 13, tzinfo=UTC) == Window.last(30, now=early).end


def test_before_is_the_same_length_and_the_same_filter() -> None:
    """
    A week of May, and the week that ends where it begins.
    """
    week = Window.of_days(
        date(2026, 5, 11), date(2026, 5, 17), listing=7, author="human", target=60
    )

    assert (
        Window.of_days(date(2026, 5, 4), date(2026, 5, 10), listing=7, author="human", target=60)
        == week.before()
    )


def test_before_has_as_many_days_when_a_clock_was_moved() -> None:
    """
    In Berlin the week that ends on 5 April is an hour longer than the one before, in which the clocks went forward.
    """
    week = Window.of_days(date(2026, 3, 30), date(2026, 4, 5), zone="Europe/Berlin")

    assert (
        Window.of_days(date(2026, 3, 23), date(2026, 3, 29), zone="Europe/Berlin") == week.before()
    )
    assert timedelta(days=7, hours=-1) == week.before().end - week.before().start


@pytest.mark.parametrize(
    ("zone", "first", "hours"),
    [
        ("Europe/Moscow", date(2026, 5, 12), 3),
        ("Asia/Kolkata", date(2026, 5, 12), 5.5),
        ("Europe/Berlin", date(2026, 5, 12), 2),
        ("Europe/Berlin", date(2026, 3, 29), None),
        ("Europe/Berlin", date(2026, 3, 20), None),
        ("Europe/Moscow", date(2014, 10, 26), None),
    ],
)
def test_the_distance_from_utc_is_told_when_it_is_one(
    zone: str, first: date, hours: float | None
) -> None:
    """
    SQL asks the calendar only around a day on which clocks are moved.
    """
    offset = Window.of_days(first, first, zone=zone).values()["offset"]

    assert offset == (None if hours is None else timedelta(hours=hours))


def test_the_whole_is_all_days_of_the_log() -> None:
    """
    From the day of the first event to that of the last, in the zone; one day of 1970 for an empty log.
    """
    story = Story()
    story.client("a", after=0)
    story.client("a", after=40 * 3600)

    assert Window.of_days(date(2026, 5, 12), date(2026, 5, 14)) == Window.whole(told(story.rows))
    assert Window.of_days(date(1970, 1, 1), date(1970, 1, 1)) == Window.whole(told([]))


def test_the_zone_of_an_account_or_of_all() -> None:
    """
    One account: its zone. Two that disagree: the default, unless one is named; so for a zone that nobody knows.
    """
    story = Story()
    assert "Europe/Moscow" == zone_of(told(story.rows))
    story.connected(account=1, zone="Asia/Omsk")
    assert "Asia/Omsk" == zone_of(told(story.rows))
    story.connected(account=2, zone="Asia/Chita")
    assert "Europe/Moscow" == zone_of(told(story.rows))
    assert ("Asia/Chita", "Europe/Moscow") == tuple(zone_of(told(story.rows), n) for n in (2, 3))
    story.connected(account=2, zone="Mars/Base")
    assert "Europe/Moscow" == zone_of(told(story.rows), 2)
