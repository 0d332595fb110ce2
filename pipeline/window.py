"""Which part of the log a question is about, and on whose clock."""

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any, Literal, Self, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

Grain = Literal["hour", "day", "week", "month"]
Answerer = Literal["assistant", "human"]

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
DEFAULT_ZONE = "Europe/Moscow"

_LENGTHS = {"hour": timedelta(hours=1), "day": timedelta(1), "week": timedelta(7)}
_MOST_PERIODS = 200_000
"""Twenty-two years of hours: an answer has a row for each, empty ones too."""


@dataclass(frozen=True)
class Window:
    """Which part of the log to count, and on whose clock.

    `start` (included) and `end` (not) are moments with a zone; periods are those of `zone`.
    `account` and `listing` are Avito's ids, `author` is who answered; None for all. `target` is the
    promised time of an answer in seconds. With working hours (`opens`, `closes` on the clock of the
    zone, on `weekdays`, 1 Monday to 7 Sunday) waits count only while the seller works; hours that
    close before they open last past midnight, and belong to the day on which they open. Raises
    ValueError when no such window can be.
    """

    start: datetime
    end: datetime
    zone: str = DEFAULT_ZONE
    grain: Grain = "day"
    account: int | None = None
    listing: int | None = None
    author: Answerer | None = None
    target: int = 300
    opens: time | None = None
    closes: time | None = None
    weekdays: tuple[int, ...] = EVERY_DAY

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window's moments need a zone")
        if self.start >= self.end:
            raise ValueError(f"the window ends ({self.end}) before it begins ({self.start})")
        _one_of("grain", self.grain, get_args(Grain))
        if self.author is not None:
            _one_of("author", self.author, get_args(Answerer))
        if self.target <= 0:
            raise ValueError(f"the target is a number of seconds above 0, not {self.target}")
        self._check_hours()
        _zone(self.zone)
        if (self.end - self.start) / _LENGTHS.get(self.grain, timedelta(28)) > _MOST_PERIODS:
            raise ValueError(f"that is too many {self.grain}s to list; choose a coarser grain")

    @classmethod
    def last(cls, days: int, *, now: datetime, **more: Any) -> Self:
        """The days until the end of the hour of `now`: the same window for all who ask within the
        hour."""
        end = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return cls(start=end - timedelta(days=days), end=end, **more)

    @classmethod
    def of_days(cls, first: date, last: date, *, zone: str = DEFAULT_ZONE, **more: Any) -> Self:
        """Whole days on the clock of `zone`, both included."""
        try:
            start, end = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
        except OverflowError as error:
            raise ValueError(f"no calendar goes from {first} to {last}") from error
        return cls(start=start, end=end, zone=zone, **more)

    @classmethod
    def whole(
        cls, con: duckdb.DuckDBPyConnection, *, zone: str = DEFAULT_ZONE, **more: Any
    ) -> Self:
        """From the day of the log's first event to the day of its last; one day of 1970 for an
        empty log."""
        row = con.execute('SELECT min("at"), max("at") FROM events').fetchone()
        first, last = row if row and row[0] else (datetime(1970, 1, 1), datetime(1970, 1, 1))
        clock = _zone(zone)
        return cls.of_days(
            first.replace(tzinfo=UTC).astimezone(clock).date(),
            last.replace(tzinfo=UTC).astimezone(clock).date(),
            zone=zone,
            **more,
        )

    def before(self) -> Self:
        """The window of the same length on the clock of the zone that ends where this one
        begins."""
        clock = _zone(self.zone)
        start, end = (
            each.astimezone(clock).replace(tzinfo=None) for each in (self.start, self.end)
        )
        try:
            earlier = (start - (end - start)).replace(tzinfo=clock).astimezone(UTC)
        except OverflowError as error:
            raise ValueError(f"no calendar goes so far before {self.start}") from error
        return replace(self, start=earlier, end=self.start)

    def values(self) -> dict[str, Any]:
        """What SQL gets: moments in UTC without a zone, hours in seconds from midnight, and
        `offset`, see `_offset`."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        moments = {name: _plain(found[name]) for name in ("start", "end")}
        hours = {name: _seconds(found[name]) for name in ("opens", "closes")}
        return found | moments | hours | {"weekdays": list(self.weekdays), "offset": self._offset()}

    def _offset(self) -> timedelta | None:
        """How far the zone's clock is from UTC when that does not change around the window.

        Adding it is ten times faster than asking a calendar for each moment, and all of Russia has
        not moved its clocks for years. None when the clocks change: then SQL asks the calendar.
        """
        return _steady_offset(self.zone, self.start, self.end)

    def _check_hours(self) -> None:
        if (self.opens is None) != (self.closes is None):
            raise ValueError("working hours need both an opening and a closing time")
        if not self.weekdays or not set(self.weekdays) <= set(EVERY_DAY):
            raise ValueError(f"weekdays are 1 (Monday) to 7 (Sunday), not {self.weekdays}")
        if len(set(self.weekdays)) != len(self.weekdays):
            raise ValueError(f"a weekday stands twice in {self.weekdays}")


def zone_of(con: duckdb.DuckDBPyConnection, account: int | None = None) -> str:
    """The zone of the account, or the one that all accounts of the log share; else the default."""
    rows = con.execute(
        "SELECT DISTINCT zone FROM accounts WHERE $account IS NULL OR account_id = $account",
        {"account": account},
    ).fetchall()
    [zone] = rows[0] if len(rows) == 1 else (None,)
    return zone if zone and _is_zone(zone) else DEFAULT_ZONE


@lru_cache(maxsize=1024)
def _steady_offset(zone: str, start: datetime, end: datetime) -> timedelta | None:
    """Looks at the clock once a week from two weeks before `start` to two weeks after `end`."""
    clock, week = _zone(zone), timedelta(days=7)
    weeks = range(-2, (end - start) // week + 3)
    try:
        offsets = {(start.astimezone(UTC) + n * week).astimezone(clock).utcoffset() for n in weeks}
    except OverflowError:
        return None
    return offsets.pop() if len(offsets) == 1 else None


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=_zone(zone)).astimezone(UTC)


def _plain(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _seconds(clock: time | None) -> int | None:
    return None if clock is None else clock.hour * 3600 + clock.minute * 60 + clock.second


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")


def _is_zone(name: str) -> bool:
    try:
        _zone(name)
    except ValueError:
        return False
    return True


@cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}; a good one is Europe/Moscow") from error
