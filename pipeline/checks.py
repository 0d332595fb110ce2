"""Is the log sound? Questions whose right answer is no row at all.

Each is an SQL file under `sql/checks`, in the order of their names, with a header that says what a found row means. A
check that *stops* says: decide nothing by this log until it is mended. One that *warns* says: read with this in mind.
"""

import importlib.resources
import re
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal, cast, get_args
from zoneinfo import available_timezones

import duckdb

from pipeline.events import KINDS
from pipeline.headers import read_header

Severity = Literal["stop", "warn"]
Outcome = Literal["ok", "warn", "stop"]

EXAMPLES = 20
CONTEXT = timedelta(days=30)
"""How far before the events in question others are looked for that belong to them."""

_FOLDER = importlib.resources.files("pipeline") / "sql" / "checks"
_PARAMETER = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class Check:
    """A question about the log itself; its rows are what is wrong."""

    name: str
    severity: Severity
    title_ru: str
    title_en: str
    means_ru: str
    means_en: str
    version: int
    sql: str = field(repr=False)

    def title(self, language: Literal["ru", "en"] = "en") -> str:
        return self.title_ru if language == "ru" else self.title_en

    def means(self, language: Literal["ru", "en"] = "en") -> str:
        """What a found row says, and what to do about it."""
        return self.means_ru if language == "ru" else self.means_en


@dataclass(frozen=True)
class Finding:
    """What a check found: how many rows, and the first of them. Moments are UTC, without a zone."""

    check: Check
    count: int
    examples: list[dict[str, Any]]
    seconds: float

    @property
    def ok(self) -> bool:
        return self.count == 0


class NoSuchCheck(ValueError):
    """There is no check of this name; the message lists those that are."""


@cache
def catalog() -> dict[str, Check]:
    """All checks by name, the gravest first."""
    files = sorted(
        (each for each in _FOLDER.iterdir() if each.name.endswith(".sql")), key=lambda f: f.name
    )
    found = [read_check(each.read_text(encoding="utf-8")) for each in files]
    return {check.name: check for check in found}


def read_check(text: str) -> Check:
    """A check from its file. Raises ValueError when the header lacks a word."""
    words, sql = read_header(text)
    wanted = [each.name for each in fields(Check) if each.name != "sql"]
    if missing := [name for name in wanted if not words.get(name)]:
        raise ValueError(f"the header of {words.get('name', 'a check')} lacks {', '.join(missing)}")
    if words["severity"] not in get_args(Severity):
        raise ValueError(f"{words['name']} must stop or warn, not {words['severity']}")
    given: dict[str, Any] = {name: words[name] for name in wanted}
    return Check(**given | {"version": int(words["version"]), "sql": sql})


def run(
    con: duckdb.DuckDBPyConnection,
    *,
    now: datetime,
    recent: timedelta | None = None,
    only: Iterable[str] = (),
    pool: Executor | None = None,
) -> list[Finding]:
    """What each check finds, in the order of the catalogue; `only` names some of them. With a pool of threads they are
    asked side by side.

    With `recent`, only events of that span before `now` are looked at, beside those of CONTEXT more
    that may belong to them: what that costs does not grow with the log. Raises NoSuchCheck.
    """
    names = list(only) or list(catalog())
    if unknown := [name for name in names if name not in catalog()]:
        raise NoSuchCheck(f"there is no check {unknown[0]!r}; there are {', '.join(catalog())}")
    after, context = _places(con, now - recent, now - recent - CONTEXT) if recent else (0, 0)
    values = {
        "now": _plain(now),
        "after": after,
        "context": context,
        "kinds": list(KINDS),
        "zones": _zones(),
    }
    wanted = [check for name, check in catalog().items() if name in names]
    if pool is None:
        return [_found(con, check, values) for check in wanted]
    begun = [pool.submit(_found, con.cursor(), check, values) for check in wanted]
    return [each.result() for each in begun]


def worst(findings: Sequence[Finding]) -> Outcome:
    """The gravest of what was found."""
    found = {finding.check.severity for finding in findings if not finding.ok}
    return "stop" if "stop" in found else "warn" if found else "ok"


def _found(con: duckdb.DuckDBPyConnection, check: Check, values: dict[str, Any]) -> Finding:
    began = time.perf_counter()
    needed = {name: values[name] for name in _PARAMETER.findall(check.sql)}
    con.execute(
        f"SELECT count(*) OVER () AS found_rows, * FROM ({check.sql}) LIMIT {EXAMPLES}",  # noqa: S608
        needed,
    )
    names = [column[0] for column in con.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in con.fetchall()]
    count = cast(int, rows[0]["found_rows"]) if rows else 0
    examples = [{name: row[name] for name in names[1:]} for row in rows]
    return Finding(check, count, examples, time.perf_counter() - began)


def _places(con: duckdb.DuckDBPyConnection, moment: datetime, earlier: datetime) -> tuple[int, int]:
    """The numbers after which everything lies that happened since the moment, and since the earlier one."""
    sql = """
    SELECT min(seq) FILTER ("at" >= $moment) - 1, min(seq) - 1
    FROM lake.main.event_log WHERE "at" >= $earlier"""
    [found] = con.execute(sql, {"moment": _plain(moment), "earlier": _plain(earlier)}).fetchall()
    if None not in found:
        return found
    [(last,)] = con.execute("SELECT coalesce(max(seq), 0) FROM lake.main.event_log").fetchall()
    after, context = (last if place is None else place for place in found)
    return after, context


def _plain(moment: datetime) -> datetime:
    """In UTC, without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)


@cache
def _zones() -> list[str]:
    return sorted(available_timezones())
