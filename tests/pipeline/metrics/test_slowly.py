"""The SQL against a slow and obvious computation, on stories that nobody would think of."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.metrics import Window, metric
from tests.pipeline.metrics import slowly
from tests.pipeline.metrics.slowly import SILENCE, WEEK, Dialog, Line
from tests.pipeline.metrics.telling import Story, days, told
from tests.pipeline.story import DAY, START

SPANS = [
    0,
    1,
    59,
    60,
    61,
    300,
    301,
    3600,
    86_400,
    SILENCE - 1,
    SILENCE,
    SILENCE + 1,
    WEEK,
    WEEK + 1,
]
SPEAKERS = ["client", "client", "client", "thanks", "call", "avito", "assistant", "assistant", "human_app",
            "human_dashboard", "hand-off", "taken", "lead", "address"]  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(SPEAKERS), st.sampled_from(SPANS)),
    max_size=30,
)
ZONES = [
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Asia/Kolkata",
    "Asia/Kamchatka",
    "America/St_Johns",
    "Europe/Berlin",
]
LISTINGS = {"a": 7, "b": 8, "c": 7}
PROMISED = 300


def lines_of(steps: Sequence[tuple[str, str, int]]) -> list[Line]:
    """Each chat has a clock of its own, which every step moves on."""
    now = dict.fromkeys("abc", 0)
    found = []
    for chat, who, span in steps:
        now[chat] += span
        found.append(Line(chat, now[chat], who))
    return found


def tell(lines: Sequence[Line]) -> Story:
    story = Story()
    for line in lines:
        where = {"listing": LISTINGS[line.chat]}
        match line.who:
            case "client" | "thanks":
                story.client(
                    line.chat, line.at, text="Спасибо!" if line.who == "thanks" else "Где?", **where
                )
            case "call":
                story.client(line.chat, line.at, kind="call", **where)
            case "avito":
                story.avito(line.chat, line.at, **where)
            case "hand-off":
                story.handed_off(line.chat, line.at, **where)
            case "taken":
                story.taken(line.chat, line.at)
            case "lead" | "address":
                fields = "phone" if line.who == "lead" else "address"
                story.lead(line.chat, line.at, fields=fields, **where)
            case "assistant":
                story.assistant(line.chat, line.at, **where)
            case _:
                story.person(line.chat, line.at, by=line.who, **where)  # type: ignore[arg-type]
    return story


class Answers:
    """What the metrics say of one story: rows of the whole window."""

    def __init__(self, con: duckdb.DuckDBPyConnection, window: Window) -> None:
        self._con, self._window = con, window
        self._known: dict[str, list[dict[str, Any]]] = {}

    def __call__(self, name: str, **places: Any) -> dict[str, Any] | None:
        """The row that stands there, or None."""
        if name not in self._known:
            answer = metric(name).ask(self._con, self._window).to_arrow_table().to_pylist()
            self._known[name] = [row for row in answer if row.get("period") is None]
        rows = [r for r in self._known[name] if all(r[n] == v for n, v in places.items())]
        return rows[0] if rows else None


def same(expected: dict[str, Any], found: dict[str, Any] | None) -> None:
    """Whole numbers alike, others nearly; what is unknown here is unknown there."""
    assert found is not None
    for name, value in expected.items():
        wanted = None if value is None or pd.isna(value) else pytest.approx(value)
        assert wanted == found[name], name


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, st.sampled_from(ZONES), st.sampled_from([None, 7, 8]))
def test_the_numbers_are_what_a_slow_walk_finds(
    steps: list[tuple[str, str, int]], zone: str, listing: int | None
) -> None:
    """
    Waiting, promises, silence, the assistant's part, hand-offs, leads: of all listings or of one, in any zone.
    """
    lines = lines_of(steps)
    until = max((line.at for line in lines), default=0)
    dialogs = [each for each in slowly.dialogs_of(lines) if listing in (None, LISTINGS[each.chat])]
    con = told(tell(lines).rows)
    ask = Answers(con, Window.of_days(DAY, days(400), zone=zone, listing=listing, target=PROMISED))

    waiting(ask, dialogs, until)
    working(ask, dialogs, until)
    outcome = slowly.outcome(dialogs)
    same({n: outcome[n] for n in ("dialogs", "leads")}, ask("lead_conversion"))
    same({n: outcome[n] for n in ("dialogs", "phones")}, ask("phones"))
    same(outcome, ask("overview", span="now"))


def waiting(ask: Answers, dialogs: Sequence[Dialog], until: int) -> None:
    firsts = [each.waits[0] for each in dialogs if each.waits]
    every = [wait for each in dialogs for wait in each.waits if not wait.only_thanks]
    for name, waits in (("first_response", firsts), ("next_reply_waiting", every)):
        groups = slowly.by_answerer(waits)
        for by in ("all", "assistant", "human", *slowly.PEOPLE, "nobody"):
            found = ask(name, answered_by=by)
            if by in groups:
                same(slowly.numbers(groups[by], until), found)
            else:
                assert found is None
    promised = [wait for wait in firsts if not wait.only_thanks]
    for kind, waits in (("first", promised), ("every", every)):
        if waits:
            same(slowly.promise(waits, until, PROMISED), ask("sla", wait=kind))
    if every:
        same(slowly.waited_in_all(dialogs, until), ask("requester_wait"))


def working(ask: Answers, dialogs: Sequence[Dialog], until: int) -> None:
    same(slowly.assistants_part(dialogs, until), ask("automation"))
    came_back = slowly.back(dialogs, until)
    if came_back["resolved"] + came_back["undecided"]:
        same(came_back, ask("reopened"))
    fell_silent = slowly.silent(dialogs, until)
    if fell_silent["dialogs"] + fell_silent["undecided"]:
        same(fell_silent, ask("silent_clients", answered_by="all"))
    if any(each.has("hand-off") for each in dialogs):
        same(slowly.handed(dialogs, until), ask("handoffs", reason="all"))


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 20))
CLOCKS = st.times().map(lambda t: t.replace(microsecond=0))


@settings(max_examples=80, deadline=None)
@given(
    MOMENTS,
    st.timedeltas(timedelta(0), timedelta(days=12)),
    CLOCKS,
    CLOCKS,
    st.sets(st.integers(1, 7), min_size=1),
    st.sampled_from(ZONES),
)
def test_working_hours_are_an_overlap(
    since: datetime, span: timedelta, opens: time, closes: time, weekdays: set[int], zone: str
) -> None:
    """
    The part of a wait that lies in shifts, day by day; shifts may last past midnight or around the clock.
    """
    window = Window.of_days(
        date(2026, 1, 1),
        date(2026, 1, 31),
        zone=zone,
        opens=opens,
        closes=closes,
        weekdays=tuple(weekdays),
    )
    until = since + span
    values = {
        n: v
        for n, v in window.values().items()
        if n in ("zone", "offset", "opens", "closes", "weekdays")
    }
    [(found,)] = (
        told([])
        .execute(
            "SELECT seconds_between($since, $until, $zone, $offset, $opens, $closes, $weekdays)",
            values | {"since": since, "until": until},
        )
        .fetchall()
    )

    begin, end = (
        m.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        for m in (since, until)
    )
    worked = 0.0
    for n in range(-2, 40):
        day = datetime(2025, 12, 30) + timedelta(days=n)
        if day.isoweekday() in weekdays:
            start = datetime.combine(day, opens)
            stop = datetime.combine(day + timedelta(days=closes <= opens), closes)
            worked += max(0.0, (min(end, stop) - max(begin, start)).total_seconds())
    assert pytest.approx(worked, abs=1e-3) == found


def test_the_stories_begin_in_the_window() -> None:
    """
    The walk above starts when the stories do.
    """
    assert Window.of_days(DAY, DAY).start < START < Window.of_days(DAY, DAY).end
