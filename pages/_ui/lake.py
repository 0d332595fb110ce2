"""The event log as the pages ask it: the seller's own, or the sample while there is no other."""

from pathlib import Path
from typing import Any

import duckdb
import streamlit as st

from pipeline import Lake, LakeBroken, LakeMissing, connect, newest_snapshot

SAMPLE = Path("data/sample")


def is_there() -> bool:
    """Whether the seller's log can be asked."""
    return _connection(Lake.from_env()) is not None


def sample_is_there() -> bool:
    return _connection(Lake.in_folder(SAMPLE)) is not None


def cursor(*, sample: bool = False) -> duckdb.DuckDBPyConnection | None:
    """A cursor of this run's own, or None when there is no log."""
    con = _connection(Lake.in_folder(SAMPLE) if sample else Lake.from_env())
    return con.cursor() if con else None


def edition(*, sample: bool = False) -> int:
    """Changes whenever the log does; 0 when there is none."""
    con = cursor(sample=sample)
    return newest_snapshot(con) if con else 0


def ask(sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of the seller's log as dictionaries; none when there is no log."""
    con = cursor()
    if con is None:
        return []
    answer = con.execute(sql, values)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _connection(lake: Lake) -> duckdb.DuckDBPyConnection | None:
    """The process's one connection to a log; a log that is not there is looked for again."""
    try:
        return _connect(lake.catalog, lake.data)
    except (LakeMissing, LakeBroken):
        return None


@st.cache_resource(show_spinner=False, max_entries=4)
def _connect(catalog: str, data: str) -> duckdb.DuckDBPyConnection:
    return connect(Lake(catalog=catalog, data=data))
