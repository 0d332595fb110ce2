"""What part of the log a person looks at, as it stands in the address: codes that no language changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.window import EVERY_DAY, Answerer, Grain

TARGET, LONGEST_TARGET = 300, 30 * 86_400
"""Seconds within which an answer is promised unless a person says otherwise, and the longest that can be."""

PRESETS: Mapping[str, int] = {"1d": 1, "7d": 7, "30d": 30, "90d": 90, "365d": 365}
ALL, DATES, USUAL = "all", "dates", "30d"
AUTHORS = get_args(Answerer)
WEEK = EVERY_DAY
FIRST_YEAR, LAST_YEAR = 2007, 2100
NAMES = (
    "period",
    "from",
    "to",
    "grain",
    "account",
    "listing",
    "author",
    "hours",
    "weekdays",
    "target",
    "zone",
    "log",
)
"""Every name in the address that belongs to a view; all others are left alone."""


@dataclass(frozen=True)
class Hours:
    """When the seller works, by the clock of the zone; `weekdays` count from Monday, 1."""

    opens: time
    closes: time
    weekdays: tuple[int, ...] = WEEK


@dataclass(frozen=True)
class View:
    """`period` is one of PRESETS, ALL or DATES; `first` and `last` are days, both included.

    None means: all of them, or as the page thinks best (`grain`, `zone`). `target` is the promised
    time of an answer, in seconds.
    """

    period: str = USUAL
    first: date | None = None
    last: date | None = None
    grain: Grain | None = None
    account: int | None = None
    listing: int | None = None
    author: Answerer | None = None
    hours: Hours | None = None
    target: int = TARGET
    zone: str | None = None
    is_sample: bool = False

    def but(self, **changes: Any) -> "View":
        return replace(self, **changes)

    @property
    def query(self) -> dict[str, str]:
        """What the address says of it; nothing for what is as usual."""
        told = {
            "period": self.period if self.period not in (USUAL, DATES) else "",
            "from": self.first.isoformat() if self.first and self.period == DATES else "",
            "to": self.last.isoformat() if self.last and self.period == DATES else "",
            "grain": self.grain or "",
            "account": str(self.account or ""),
            "listing": str(self.listing or ""),
            "author": self.author or "",
            "hours": _hours_code(self.hours),
            "weekdays": _weekdays_code(self.hours),
            "target": str(self.target) if self.target != TARGET else "",
            "zone": self.zone or "",
            "log": "sample" if self.is_sample else "",
        }
        return {name: code for name, code in told.items() if code}

    def link(self, **more: str | None) -> str:
        """An address of the same page with this view and `more` beside it."""
        said = {name: code for name, code in more.items() if code}
        return "?" + urlencode(self.query | said)


def read(told: Mapping[str, str]) -> View:
    """The view that an address tells of. What cannot be understood is as usual: a link that
    somebody typed badly still opens the page."""
    first, last = _day(told.get("from")), _day(told.get("to"))
    period = told.get("period", USUAL)
    if first and last and first <= last:
        period = DATES
    elif period not in PRESETS and period != ALL:
        period = USUAL
    grain = told.get("grain")
    author: Any = told.get("author")
    return View(
        period=period,
        first=first if period == DATES else None,
        last=last if period == DATES else None,
        grain=grain if grain in get_args(Grain) else None,  # type: ignore[arg-type]
        account=_number(told.get("account")),
        listing=_number(told.get("listing")),
        author=author if author in AUTHORS else None,
        hours=_hours(told.get("hours"), told.get("weekdays")),
        target=_target(told.get("target")),
        zone=_zone(told.get("zone")),
        is_sample=told.get("log") == "sample",
    )


def is_told(told: Mapping[str, str]) -> bool:
    """Whether the address says anything of a view."""
    return any(name in told for name in NAMES)


def _day(code: str | None) -> date | None:
    """2026-11-24. Centuries without Avito are not understood: near the ends of the calendar there
    is no day before."""
    try:
        day = date.fromisoformat(code) if code and len(code) == 10 else None
    except ValueError:
        return None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _number(code: str | None) -> int | None:
    is_id = code is not None and code.isascii() and code.isdigit() and len(code) < 19
    return int(code or 0) or None if is_id else None


def _target(code: str | None) -> int:
    seconds = _number(code) or TARGET
    return seconds if seconds <= LONGEST_TARGET else TARGET


def _zone(code: str | None) -> str | None:
    try:
        return ZoneInfo(code).key if code else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _hours(code: str | None, weekdays: str | None) -> Hours | None:
    """0900-2100, and the days as digits: 12345."""
    opens, _, closes = (code or "").partition("-")
    start, end = _time(opens), _time(closes)
    if start is None or end is None or start == end:
        return None
    days = tuple(day for day in WEEK if str(day) in (weekdays or "1234567"))
    return Hours(start, end, days or WEEK)


def _time(code: str) -> time | None:
    try:
        return time(int(code[:2]), int(code[2:])) if len(code) == 4 and code.isdigit() else None
    except ValueError:
        return None


def _hours_code(hours: Hours | None) -> str:
    return f"{hours.opens:%H%M}-{hours.closes:%H%M}" if hours else ""


def _weekdays_code(hours: Hours | None) -> str:
    return "".join(map(str, hours.weekdays)) if hours and hours.weekdays != WEEK else ""
