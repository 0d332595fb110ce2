"""What stands in the address, and which moments it means."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages._ui import see, view
from pages._ui.scope import MOST_POINTS, Scope, scope
from pages._ui.view import Hours, View

NOW = datetime(2026, 11, 24, 9, 20, tzinfo=UTC)
FIRST = datetime(2026, 5, 2, 5, 0, tzinfo=UTC)

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
spans = st.tuples(days, days).map(sorted)
hours = st.builds(
    Hours,
    st.sampled_from([time(0, 0), time(9, 30)]),
    st.sampled_from([time(10, 0), time(23, 59), time(3, 0)]),
    st.sampled_from([view.WEEK, (1, 2, 3, 4, 5), (7,)]),
)
more = {
    "grain": st.sampled_from([None, "hour", "day", "week", "month"]),
    "account": st.none() | st.integers(1, 10**12),
    "listing": st.none() | st.integers(1, 10**12),
    "author": st.sampled_from([None, *view.AUTHORS]),
    "hours": st.none() | hours,
    "target": st.integers(1, view.LONGEST_TARGET),
    "zone": st.sampled_from([None, "Asia/Kolkata", "Europe/Kaliningrad"]),
    "is_sample": st.booleans(),
}
views = st.one_of(
    st.builds(View, st.sampled_from([*view.PRESETS, view.ALL]), **more),
    spans.flatmap(
        lambda s: st.builds(View, st.just(view.DATES), st.just(s[0]), st.just(s[1]), **more)
    ),
)


@given(views)
def test_an_address_tells_the_whole_view(shown: View) -> None:
    """
    What was written into an address is read from it again, to the letter.
    """
    assert shown == view.read(shown.query)


@given(st.dictionaries(st.sampled_from(view.NAMES), st.text(max_size=30)))
def test_a_badly_typed_address_still_opens(typed: dict[str, str]) -> None:
    """
    Nothing that stands in an address is an error; a window comes of it, and the same one again.
    """
    shown = view.read(typed)

    assert shown == view.read(shown.query)
    assert upon(shown).window.start < upon(shown).window.end


def upon(shown: View, zone: str = "Europe/Moscow", *, first: datetime = FIRST) -> Scope:
    return scope(shown, first=first, now=NOW, zone=shown.zone or zone, edition=1)


@given(views, st.sampled_from([FIRST, NOW - timedelta(minutes=5), NOW - timedelta(days=900)]))
def test_every_view_has_a_window(shown: View, first: datetime) -> None:
    """
    Young logs, days before the first event and after today: a window, no longer than lines can be
    drawn, and the span before it has as many days and lies within the log.
    """
    seen = upon(shown, first=first)
    span = seen.window.end - seen.window.start
    seconds = {"hour": 3600, "day": 86_400, "week": 604_800, "month": 2_629_800}

    assert timedelta(0) < span
    assert span.total_seconds() / seconds[seen.window.grain] <= max(MOST_POINTS, 1300)
    if seen.before:
        assert seen.before.start < seen.before.end <= seen.window.end
        assert abs((seen.before.end - seen.before.start) - span) <= timedelta(hours=1)
        assert first - timedelta(days=1) <= seen.before.start


@pytest.mark.parametrize(
    ("zone", "began", "ended"),
    [
        ("Europe/Moscow", "2026-11-17T21:00", "2026-11-24T10:00"),
        ("Asia/Kamchatka", "2026-11-17T12:00", "2026-11-24T10:00"),
        ("Asia/Kolkata", "2026-11-17T18:30", "2026-11-24T10:00"),
    ],
)
def test_seven_days_are_days_of_the_account(zone: str, began: str, ended: str) -> None:
    """
    From midnight of the zone, half-hour zones too, until the end of this hour; before it seven days
    that end at the same time of day.
    """
    seen = upon(View("7d"), zone)

    assert (began, ended) == (
        f"{seen.window.start:%Y-%m-%dT%H:%M}",
        f"{seen.window.end:%Y-%m-%dT%H:%M}",
    )
    assert seen.before is not None
    assert timedelta(days=7) == seen.window.end - seen.before.end
    assert (datetime.fromisoformat(began).replace(tzinfo=UTC)).astimezone(ZoneInfo(zone)).hour == 0


def test_a_young_log_begins_with_its_first_day() -> None:
    """
    Days of which nothing is known are no days without dialogs; and there is nothing to compare.
    """
    seen = upon(View("90d"), first=NOW - timedelta(days=1))

    assert "2026-11-22T21:00" == f"{seen.window.start:%Y-%m-%dT%H:%M}"
    assert "hour" == seen.window.grain
    assert seen.before is None


def test_a_finer_grain_than_can_be_drawn_becomes_coarser() -> None:
    """
    Half a year by the hour is no line; it is drawn by the day.
    """
    assert "day" == upon(View("365d", grain="hour")).window.grain
    assert "hour" == upon(View("7d", grain="hour")).window.grain


names = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True).filter(
    lambda name: name not in see.RESERVED
)


@given(
    names, st.none() | names, st.dictionaries(names, st.integers(0, 10**12) | st.text(max_size=12))
)
def test_the_word_for_a_number_says_where_it_stands(
    metric: str, number: str | None, cell: dict[str, int | str]
) -> None:
    """
    Metric, column and row come out of the word again; numbers stay numbers and texts stay texts.
    """
    spot = see.Spot(metric, number, cell)

    assert spot == see.read(spot.code)


@pytest.mark.parametrize(
    "code", ["", "~", "No", "a.b.c~", "a~b", "a~n-x", "a~n-", "a~limit-5", "../../etc"]
)
def test_a_word_that_names_nothing_opens_nothing(code: str) -> None:
    """
    Whatever is typed behind `see=` is no error.
    """
    assert see.read(code) is None
