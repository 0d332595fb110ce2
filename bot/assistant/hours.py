"""The seller's working hours: spans for each weekday, holidays, and days that are unlike the others."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import holidays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_SPANS = 4
MOST_DAYS = 400
LONGEST_REST = 60
"""Days in which the next opening is looked for."""

_SPAN = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")
_DAY = 24 * 60


class BadHours(ValueError):
    """These hours cannot be taken. `field` is as in the JSON, `code` stays the same, the message is for people."""

    def __init__(self, field: str, code: str, words: str) -> None:
        super().__init__(words)
        self.field, self.code = field, code


@dataclass(frozen=True)
class Span:
    """From a minute of the day to another, exclusive; over midnight if `end` is not after `start`. 24:00 is 1440."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return (self.end - self.start) % _DAY or _DAY

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"


@dataclass(frozen=True)
class WorkingHours:
    """`week` has spans for Monday to Sunday; `days` replace them on a date; Russia's holidays are closed if asked so."""

    week: tuple[tuple[Span, ...], ...]
    holidays: bool = True
    days: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def on(self, day: date) -> tuple[Span, ...]:
        """The spans that begin on a day."""
        if day in self.days:
            return self.days[day]
        if self.holidays and day in _holidays(day.year):
            return ()
        return self.week[day.weekday()]

    def is_open(self, local: datetime) -> bool:
        """Whether somebody works at a moment, by the clock on the seller's wall."""
        minute = local.hour * 60 + local.minute
        today, yesterday = self.on(local.date()), self.on(local.date() - timedelta(days=1))
        return any(span.start <= minute < span.start + span.length for span in today) or any(
            minute + _DAY < span.start + span.length for span in yesterday
        )

    def opens_after(self, local: datetime) -> datetime | None:
        """When somebody begins to work next, by the same clock; None if nobody does for a long time."""
        for days in range(LONGEST_REST):
            day = local.date() + timedelta(days=days)
            for span in self.on(day):
                begins = datetime.combine(
                    day, time(span.start // 60, span.start % 60), tzinfo=local.tzinfo
                )
                if begins > local:
                    return begins
        return None

    def as_json(self) -> dict[str, Any]:
        return {
            "week": {
                name: [str(span) for span in spans]
                for name, spans in zip(WEEKDAYS, self.week, strict=True)
            },
            "holidays": self.holidays,
            "days": {
                day.isoformat(): [str(span) for span in spans]
                for day, spans in sorted(self.days.items())
            },
        }


def read(raw: Mapping[str, Any]) -> WorkingHours:
    """`{"week": {"mon": ["09:00-18:00"]}, "holidays": true, "days": {"2026-12-31": []}}`; a weekday left out is closed.

    Raises BadHours.
    """
    week, days = raw.get("week") or {}, raw.get("days") or {}
    for name in week:
        if name not in WEEKDAYS:
            raise BadHours(f"week.{name}", "unknown_day", f"is none of {', '.join(WEEKDAYS)}")
    if len(days) > MOST_DAYS:
        raise BadHours("days", "too_many", f"has more than {MOST_DAYS} days")
    return WorkingHours(
        tuple(_spans(f"week.{name}", week.get(name, ())) for name in WEEKDAYS),
        bool(raw.get("holidays", True)),
        {_date(day): _spans(f"days.{day}", spans) for day, spans in days.items()},
    )


@cache
def _holidays(year: int) -> frozenset[date]:
    """Russia's days off, those that are moved to other days too."""
    return frozenset(holidays.country_holidays("RU", years=year))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadHours(f"days.{text}", "bad_date", "is no date, write it like 2026-12-31") from None


def _spans(where: str, texts: Sequence[str]) -> tuple[Span, ...]:
    if len(texts) > MOST_SPANS:
        raise BadHours(where, "too_many", f"has more than {MOST_SPANS} spans")
    spans = sorted((_span(where, text) for text in texts), key=lambda span: span.start)
    for one, after in pairwise(spans):
        if one.start + one.length > after.start:
            raise BadHours(where, "overlap", f"has {one} and {after}, which overlap")
    return tuple(spans)


def _span(where: str, text: str) -> Span:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise BadHours(where, "bad_span", f"has {text[:20]!r}; write hours like 09:00-18:00")
    from_h, from_m, to_h, to_m = map(int, found.groups())
    start, end = from_h * 60 + from_m, to_h * 60 + to_m
    if max(from_m, to_m) > 59 or start >= _DAY or end > _DAY:
        raise BadHours(where, "bad_span", f"has {text!r}, which is no time of the day")
    if start == end:
        raise BadHours(where, "bad_span", f"has {text!r}, which begins and ends at the same time")
    return Span(start, end)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
