"""When somebody works: weekdays, hours and months out of words, the same for the seller's facts and for a reply."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.assistant.guard.amounts import CLOCK, MONTH_WORDS, Amount
from bot.assistant.guard.reading import Reading

ALL = frozenset(range(7))
WORKDAYS, WEEKEND = frozenset(range(5)), frozenset((5, 6))

_DAY_WORDS = (
    r"понедельник\w*|пн", r"вторник\w*|вт", r"сред[аыуе]|средам|ср", r"четверг\w*|чт", r"пятниц\w*|пт", r"суббот\w*|сб", r"воскресень\w*|воскресн\w*|вс",
)  # fmt: skip
_DAY = re.compile(r"\b(?:" + "|".join(f"({one})" for one in _DAY_WORDS) + r")\b")
_RANGE = re.compile(r"\s*(?:-|по|до)\s*$")
_EVERY = re.compile(
    r"\b(?:ежедневно|каждый день|без выходных|7/7|24/7|24 на 7|круглосуточн\w+|круглые сутки|сутки напролет|всю неделю|семь дней в неделю|7 дней в неделю|"
    r"в любой день|любой день|в любое время(?! (?:между|с|от|до) )|daily|every day)\b"
)
_WORKDAYS = re.compile(r"\b(?:будни\w*|будн\w+|рабочи\w+ дн\w+|рабочим дням)\b")
_WEEKEND = re.compile(r"\b(?:выходные|выходным|выходных)\b")
_NO_DAYS_OFF = re.compile(r"\bбез\s+(?:\w+\s+)?выходных\b")
ROUND_THE_CLOCK = re.compile(
    r"\b(?:круглосуточн\w*|круглые сутки|24/7|24 на 7|24 часа в сутки|сутки напролет|весь день|в любое время(?: суток)?|день и ночь|днем и ночью)\b"
)
_CLOSED = re.compile(
    r"\b(?:выходной|закрыт\w*|не работа\w+|не принима\w+|отдыха\w+|не выезжа\w+|не приезжа\w+|не возим|нерабоч\w+|не занима\w+|занятий нет)\b"
)
_ARRIVAL = re.compile(r"\b(?:заезд\w*|заселени\w+|check-?in)\b")
_DEPARTURE = re.compile(r"\b(?:выезд\w*|выселени\w+|check-?out)\b")
_BEFORE_OPEN = frozenset(("с", "со", "от", "после", "начиная"))
_BEFORE_CLOSE = frozenset(("до", "по"))


@dataclass(frozen=True)
class Span:
    """Open (or closed) on `days` from `opens` to `closes` (hours, None if not said)."""

    days: frozenset[int] | None
    opens: float | None
    closes: float | None
    closed: bool = False


@dataclass(frozen=True)
class Schedule:
    """What the facts say of working times. `months` is empty where no season is named."""

    spans: Sequence[Span]
    months: frozenset[int] = frozenset()

    def on(self, day: int) -> list[Span]:
        return [
            one for one in self.spans if not one.closed and (one.days is None or day in one.days)
        ]

    def is_open(self, day: int) -> bool:
        if any(one.closed and one.days and day in one.days for one in self.spans):
            return False
        return bool(self.on(day))

    def days(self) -> frozenset[int]:
        return frozenset(day for day in ALL if self.is_open(day))

    def admits(self, hour: float, days: frozenset[int] | None) -> bool:
        """Whether that hour is within working times on all these days (on some day if none is named)."""
        if days:
            return all(
                self.is_open(day) and any(_within(one, hour) for one in self.on(day))
                for day in days
            )
        return any(_within(one, hour) for one in self.spans if not one.closed)

    def edges(self, days: frozenset[int] | None, *, opening: bool) -> set[float]:
        """When it opens or closes on these days."""
        spans = [
            one
            for one in self.spans
            if not one.closed and (not days or one.days is None or one.days & days)
        ]
        found = {one.opens if opening else one.closes for one in spans}
        return {hour for hour in found if hour is not None}


def _within(span: Span, hour: float) -> bool:
    opens, closes = span.opens or 0.0, 24.0 if span.closes is None else span.closes
    if closes <= opens:
        return hour >= opens or hour <= closes
    return opens <= hour <= closes


def days_in(text: str) -> frozenset[int] | None:
    """The weekdays that a text names; None if it names none."""
    but = re.search(r"\bкроме\b", text)
    if but:
        without = days_in(text[but.end() :])
        named = days_in(text[: but.start()])
        return (named or ALL) - (without or frozenset()) if without else named
    days: set[int] = set()
    found = list(_DAY.finditer(text))
    for place, one in enumerate(found):
        days.add((one.lastindex or 1) - 1)
        following = found[place + 1] if place + 1 < len(found) else None
        if following and _RANGE.fullmatch(text[one.end() : following.start()]):
            begin, end = (one.lastindex or 1) - 1, (following.lastindex or 1) - 1
            days.update(day % 7 for day in range(begin, end + 1 if end >= begin else end + 8))
    if _EVERY.search(text) or _NO_DAYS_OFF.search(text):
        days |= ALL
    elif _WEEKEND.search(text):
        days |= WEEKEND
    if _WORKDAYS.search(text):
        days |= WORKDAYS
    return frozenset(days) if days else None


def day_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where a text names weekdays."""
    for pattern in (_DAY, _EVERY, _WORKDAYS, _WEEKEND):
        for one in pattern.finditer(text):
            yield one.span()


@lru_cache(maxsize=8192)
def _months_of(word: str) -> tuple[int, ...]:
    return tuple(month for month, pattern in enumerate(MONTH_WORDS, 1) if pattern.match(word))


def months_in(reading: Reading, first: int = 0, last: int | None = None) -> frozenset[int]:
    """The months that a text names, «с апреля по октябрь» included."""
    found: list[tuple[int, int]] = []
    for place, token in enumerate(reading.tokens):
        if place < first or (last is not None and place > last):
            continue
        if (
            not token.is_word
            or len(token.text) < 3
            or any(one.first <= place <= one.last for one in reading.amounts)
        ):
            continue
        found += [(place, month) for month in _months_of(token.text)]
    months = {month for _, month in found}
    for (place, month), (following, until) in itertools.pairwise(found):
        if following - place == 2 and reading.tokens[place + 1].text in ("-", "по", "до"):
            months.update(
                (one - 1) % 12 + 1
                for one in range(month, until + 1 if until >= month else until + 13)
            )
    return frozenset(months)


def claims(reading: Reading, start: int = 0, end: int | None = None) -> list[Span]:
    """What a part of a text says of days and hours, segment by segment."""
    end = len(reading.text) if end is None else end
    spans: list[Span] = []
    pending: frozenset[int] | None = None
    arrival = bool(_ARRIVAL.search(reading.text))
    for begin, after in _segments(reading.text, start, end):
        part = reading.text[begin:after]
        if arrival and _DEPARTURE.search(part):
            continue  # until when one must leave is no time to come
        days, closed = days_in(part), bool(_CLOSED.search(part)) and not _NO_DAYS_OFF.search(part)
        clocks = [
            one for one in reading.amounts if one.unit == CLOCK and begin <= one.start < after
        ]
        if closed:
            spans.append(Span(days or pending, None, None, closed=True))
            continue
        hours = _hours(reading, part, clocks)
        if hours is None:
            pending = days or pending
            continue
        spans.append(Span(days or pending, *hours))
        pending = None
    if pending:
        spans.append(Span(pending, None, None))
    return spans


def _segments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for sign in re.finditer(r"[,;.\n](?!\d)|\s-\s(?=[а-я])", text[start:end]):
        yield begin, start + sign.start()
        begin = start + sign.end()
    yield begin, end


def _hours(
    reading: Reading, part: str, clocks: Sequence[Amount]
) -> tuple[float | None, float | None] | None:
    if not clocks:
        return (0.0, 24.0) if ROUND_THE_CLOCK.search(part) else None
    opens: float | None = None
    closes: float | None = None
    for one in clocks:
        before = reading.tokens[one.first - 1].text if one.first else ""
        if one.lo != one.hi:
            opens, closes = one.lo, one.hi
        elif before in _BEFORE_CLOSE:
            closes = one.lo
        elif before in _BEFORE_OPEN:
            opens = one.lo
    return (opens, closes) if opens is not None or closes is not None else None


def schedule(readings: Sequence[Reading]) -> Schedule | None:
    """The schedule that the facts tell; None if they tell none."""
    spans: list[Span] = []
    months: frozenset[int] = frozenset()
    for reading in readings:
        months |= months_in(reading)
        spans += claims(reading)
    open_spans = [one for one in spans if not one.closed]
    if not spans and not months:
        return None
    if not open_spans and any(one.closed for one in spans):
        closed = frozenset().union(*(one.days or frozenset() for one in spans))
        spans.append(Span(ALL - closed, None, None))
    if not spans:
        spans.append(Span(None, None, None))
    return Schedule(tuple(spans), months)
