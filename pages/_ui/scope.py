"""A view upon a log: which moments are counted, and which before them for comparison."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pages._ui.view import ALL, DATES, PRESETS, View
from pipeline.window import EVERY_DAY, Grain, Window

HOURS_UNTIL, DAYS_UNTIL, WEEKS_UNTIL = 2, 62, 370
"""Longest windows, in days, that are told by the hour, by the day, by the week."""

MOST_POINTS = 750
"""A line of more points is slow to draw and no clearer: then the grain becomes coarser."""

_SECONDS: dict[Grain, int] = {"hour": 3600, "day": 86_400, "week": 604_800, "month": 2_629_800}


@dataclass(frozen=True)
class Scope:
    """`edition` changes whenever the log does. `before` has as many days, as far into the day;
    None when the log is too young for it."""

    view: View
    window: Window
    before: Window | None
    edition: int

    @cached_property
    def key(self) -> str:
        """Different whenever an answer may be."""
        now = f"{self.window.start:%Y%m%d%H}{self.window.end:%Y%m%d%H}"
        return f"{self.edition} {now} {self.window.zone} {self.window.grain} {urlencode(self.view.query)}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.window.zone)

    def link(self, **more: str | None) -> str:
        return self.view.link(**more)


def scope(view: View, *, first: datetime, now: datetime, zone: str, edition: int) -> Scope:
    """The view at `now`, over a log whose first message is of `first`."""
    clock = ZoneInfo(zone)
    began, today = first.astimezone(clock).date(), now.astimezone(clock).date()
    since, until = _days(view, began, today)
    start = _midnight(since, clock)
    end = min(_midnight(until + timedelta(days=1), clock), _next_hour(now))
    if end <= start:
        end = _midnight(until + timedelta(days=1), clock)
    window = _window(view, start, end, zone, _grain(view.grain, (until - since).days + 1))
    span = timedelta(days=(until - since).days + 1)
    before = None
    if view.period != ALL and since - span >= began:
        ended = _earlier(end, span, clock)
        before = _window(view, _midnight(since - span, clock), ended, zone, window.grain)
    return Scope(view, window, before, edition)


def _days(view: View, began: date, today: date) -> tuple[date, date]:
    """The first and the last day. Days before the log's first are left out: nothing is known of
    them, and a flat line would say that nothing happened."""
    if view.period == DATES and view.first and view.last:
        since = max(view.first, began) if view.last >= began else view.first
        return since, max(since, min(view.last, today))
    if view.period == ALL:
        return min(began, today), today
    since = today - timedelta(days=PRESETS[view.period] - 1)
    return min(max(since, began), today), today


def _grain(wanted: Grain | None, days: int) -> Grain:
    if wanted is None:
        usual: dict[Grain, int] = {"hour": HOURS_UNTIL, "day": DAYS_UNTIL, "week": WEEKS_UNTIL}
        return next((grain for grain, most in usual.items() if days <= most), "month")
    fits = [g for g, seconds in _SECONDS.items() if days * 86_400 / seconds <= MOST_POINTS]
    return wanted if wanted in fits else fits[0] if fits else "month"


def _window(view: View, start: datetime, end: datetime, zone: str, grain: Grain) -> Window:
    return Window(
        start.astimezone(UTC),
        end.astimezone(UTC),
        zone=zone,
        grain=grain,
        account=view.account,
        listing=view.listing,
        author=view.author,
        target=view.target,
        opens=view.hours.opens if view.hours else None,
        closes=view.hours.closes if view.hours else None,
        weekdays=view.hours.weekdays if view.hours else EVERY_DAY,
    )


def _midnight(day: date, clock: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=clock)


def _next_hour(now: datetime) -> datetime:
    """The same end for all who ask within the hour: they share one answer."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def _earlier(moment: datetime, span: timedelta, clock: ZoneInfo) -> datetime:
    """As far into its day as `moment` is, by the clock on the wall."""
    local = moment.astimezone(clock).replace(tzinfo=None) - span
    return local.replace(tzinfo=clock)
