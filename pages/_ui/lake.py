"""The event log as the pages ask it: the seller's own, or the sample."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import streamlit as st

from pages._ui.kept import Kept
from pipeline import Lake, LakeBroken, LakeMissing, SteadyLog

SAMPLE = Path("data/sample")
FRESH = 5
"""Seconds for which a state of the log counts as its newest: a busy bot commits twice a second, and
a hundred people who look must not ask everything anew each time."""

_SQL = Path(__file__).parent / "sql"
_editions, _spans, _named = Kept(8), Kept(8), Kept(16)


@dataclass(frozen=True)
class Place:
    """An account or a listing as a filter names it."""

    id: int
    name: str
    zone: str | None = None
    account: int | None = None


def sample_is_there() -> bool:
    return _log(Lake.in_folder(SAMPLE)) is not None


def cursor(*, sample: bool = False) -> duckdb.DuckDBPyConnection | None:
    """A cursor of this run's own, or None when there is no log."""
    log = _log(Lake.in_folder(SAMPLE) if sample else Lake.from_env())
    return log.cursor() if log and edition(sample=sample) else None


def edition(*, sample: bool = False) -> int:
    """Changes whenever the log does, some seconds later; 0 when there is none."""
    tick = int(time.monotonic() // FRESH)
    return _editions.get((sample, tick), lambda: _edition(sample))


def span(*, sample: bool = False) -> tuple[datetime, datetime] | None:
    """When the first and the last line was written; None while nobody wrote anything."""
    return _spans.get((sample, edition(sample=sample)), lambda: _span(sample))


def accounts(*, sample: bool = False) -> Mapping[int, Place]:
    """Every account that was ever connected, by its id."""
    return _places(sample, "accounts.sql")


def listings(*, sample: bool = False) -> Mapping[int, Place]:
    """Every listing that was ever seen, by its id."""
    return _places(sample, "listings.sql")


def ask(sql: str, values: dict[str, Any], *, sample: bool = False) -> list[dict[str, Any]]:
    """Rows of the log as dictionaries; none when there is no log."""
    con = cursor(sample=sample)
    if con is None:
        return []
    answer = con.execute(sql, values)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def ask_file(name: str, values: dict[str, Any], *, sample: bool = False) -> list[dict[str, Any]]:
    """As `ask`, with a file of `pages/_ui/sql`."""
    return ask((_SQL / name).read_text(encoding="utf-8"), values, sample=sample)


def _edition(sample: bool) -> int:
    log = _log(Lake.in_folder(SAMPLE) if sample else Lake.from_env())
    return log.renew() if log else 0


def _span(sample: bool) -> tuple[datetime, datetime] | None:
    [row] = ask_file("span.sql", {}, sample=sample) or [{"first": None, "last": None}]
    if row["first"] is None:
        return None
    return row["first"].replace(tzinfo=UTC), row["last"].replace(tzinfo=UTC)


def _places(sample: bool, file: str) -> Mapping[int, Place]:
    """At most a minute old."""
    return _named.get(
        (sample, file, int(time.monotonic() // 60)),
        lambda: {row["id"]: Place(**row) for row in ask_file(file, {}, sample=sample)},
    )


def _log(lake: Lake) -> SteadyLog | None:
    """The process's one reader of a log; a log that is not there is looked for again, and one that got another shape, as
    when a newer bot wrote to it, is opened anew."""
    try:
        _forget_what_outlived(lake.catalog, lake.data, int(time.monotonic() // 60))
        return _opened(lake.catalog, lake.data)
    except (LakeMissing, LakeBroken):
        return None


@st.cache_resource(show_spinner=False, max_entries=4)
def _forget_what_outlived(catalog: str, data: str, tick: int) -> bool:
    old = _opened(catalog, data).outlived
    if old:
        _opened.clear()
    return old


@st.cache_resource(show_spinner=False, max_entries=4)
def _opened(catalog: str, data: str) -> SteadyLog:
    return SteadyLog(Lake(catalog=catalog, data=data))
