"""The catalogue of metrics: each is an SQL file with a header that says what its number means."""

import importlib.resources
import re
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Literal, Self, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb
import pandas as pd

Grain = Literal["hour", "day", "week", "month"]
Language = Literal["ru", "en"]

_FOLDER = importlib.resources.files("pipeline") / "sql" / "metrics"
_HEADER = re.compile(r"-- (?P<key>\w+): (?P<text>.*)|--   (?P<more>.*)")
_PARAMETER = re.compile(r"\$(\w+)")


class NoSuchMetric(ValueError):
    """There is no metric of this name; the message lists those that are."""


@dataclass(frozen=True)
class Window:
    """Which part of the log to count, and on whose clock.

    `start` (included) and `end` (not) are moments with a zone; periods are those of `zone`.
    `account` and `listing` are Avito's ids, None for all. Raises ValueError when no such window can
    be.
    """

    start: datetime
    end: datetime
    zone: str = "Europe/Moscow"
    grain: Grain = "day"
    account: int | None = None
    listing: int | None = None

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window's moments need a zone")
        if self.start >= self.end:
            raise ValueError(f"the window ends ({self.end}) before it begins ({self.start})")
        if self.grain not in get_args(Grain):
            raise ValueError(
                f"grain must be one of {', '.join(get_args(Grain))}, not {self.grain!r}"
            )
        _zone(self.zone)

    @classmethod
    def last(cls, days: int, *, now: datetime, **more: Any) -> Self:
        """The days until the end of the hour of `now`: the same window for all who ask within the
        hour."""
        end = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return cls(start=end - timedelta(days=days), end=end, **more)

    @classmethod
    def of_days(cls, first: date, last: date, *, zone: str = "Europe/Moscow", **more: Any) -> Self:
        """Whole days on the clock of `zone`, both included."""
        clock = _zone(zone)
        start = datetime(first.year, first.month, first.day, tzinfo=clock)
        after = last + timedelta(days=1)
        end = datetime(after.year, after.month, after.day, tzinfo=clock)
        return cls(start=start.astimezone(UTC), end=end.astimezone(UTC), zone=zone, **more)

    @classmethod
    def whole(
        cls, con: duckdb.DuckDBPyConnection, *, zone: str = "Europe/Moscow", **more: Any
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

    def values(self) -> dict[str, Any]:
        """What SQL gets: moments in UTC without a zone."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        moments = {
            name: found[name].astimezone(UTC).replace(tzinfo=None) for name in ("start", "end")
        }
        return found | moments


@dataclass(frozen=True)
class Metric:
    """A question with its definition and its SQL."""

    name: str
    title_ru: str
    title_en: str
    asks_ru: str
    asks_en: str
    grain: str
    unit: str
    denominator: str
    notes_ru: str
    notes_en: str
    version: int
    sql: str

    def title(self, language: Language = "en") -> str:
        return self.title_ru if language == "ru" else self.title_en

    def asks(self, language: Language = "en") -> str:
        return self.asks_ru if language == "ru" else self.asks_en

    def notes(self, language: Language = "en") -> str:
        return self.notes_ru if language == "ru" else self.notes_en

    @property
    def parameters(self) -> frozenset[str]:
        """The names that the SQL asks for: a value that it does not name would be an error."""
        return frozenset(_PARAMETER.findall(self.sql))

    def ask(self, con: duckdb.DuckDBPyConnection, window: Window) -> duckdb.DuckDBPyConnection:
        """The connection with the answer ready to be fetched."""
        values = {name: value for name, value in window.values().items() if name in self.parameters}
        return con.execute(self.sql, values)

    def run(self, con: duckdb.DuckDBPyConnection, window: Window) -> pd.DataFrame:
        """The answer, shaped as `grain` says. `period` is the beginning of the period on the clock
        of the zone."""
        return self.ask(con, window).df()


@cache
def catalog() -> dict[str, Metric]:
    """All metrics by name, in the order of their names."""
    files = sorted(
        (each for each in _FOLDER.iterdir() if each.name.endswith(".sql")), key=lambda f: f.name
    )
    metrics = [read_metric(each.read_text(encoding="utf-8")) for each in files]
    return {metric.name: metric for metric in metrics}


def metric(name: str) -> Metric:
    """The metric of this name. Raises NoSuchMetric."""
    try:
        return catalog()[name]
    except KeyError:
        raise NoSuchMetric(
            f"there is no metric {name!r}; there are {', '.join(catalog())}"
        ) from None


def read_metric(text: str) -> Metric:
    """A metric from its file: the header, then the SQL. Raises ValueError when a word of the header
    is missing."""
    lines = text.splitlines()
    length = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    words: dict[str, str] = {}
    for line in lines[:length]:
        found = _HEADER.fullmatch(line)
        if found and found["key"]:
            words[found["key"]] = found["text"].strip()
        elif found and words:
            last = next(reversed(words))
            words[last] = f"{words[last]} {found['more'].strip()}"
    wanted = [each.name for each in fields(Metric) if each.name != "sql"]
    if missing := [name for name in wanted if not words.get(name)]:
        raise ValueError(
            f"the header of {words.get('name', 'a metric')} lacks {', '.join(missing)}"
        )
    sql = "\n".join(lines[length:]).strip()
    given: dict[str, Any] = {name: words[name] for name in wanted}
    return Metric(**given | {"version": int(words["version"]), "sql": sql})


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}; a good one is Europe/Moscow") from error
