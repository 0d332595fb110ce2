"""Some of the questions in SQLite and in pandas: one of dialogs, one of waits, one of messages, one of verdicts."""

import sqlite3
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd

from pipeline import Lake, Window, connect

TIMES = 3
_HERE = Path(__file__).parent
_COLUMNS = {
    "dialog": "opened_at, account_id, listing_id, dialog_number, assistant_messages, asked_at, answered_at, lead_id",
    "wait": "asked_at, answered_at, answered_by, is_first, thanked, account_id, listing_id",
    "message": '"at", author, kind, account_id, listing_id',
    "verdict": '"at", verdict, account_id, listing_id',
}
_TIME = {"dialog": "opened_at", "wait": "asked_at", "message": '"at"', "verdict": '"at"'}
_MONTH = "strftime('%Y-%m', {moment} + :offset, 'unixepoch')"
_SQLITE = {
    "dialogs": "SELECT {opened}, count(*), sum(dialog_number = 1), sum(assistant_messages > 0) FROM dialog "
    "WHERE opened_at >= :start AND opened_at < :end GROUP BY 1",
    "lead_conversion": "SELECT {opened}, count(*), count(lead_id) FROM dialog "
    "WHERE opened_at >= :start AND opened_at < :end GROUP BY 1",
    "messages_by_author": 'SELECT {at}, author, count(*) FROM message WHERE "at" >= :start AND "at" < :end GROUP BY 1, 2',
    "verdicts": 'SELECT {at}, verdict, count(*) FROM verdict WHERE "at" >= :start AND "at" < :end GROUP BY 1, 2',
}


def frames(lake: Lake) -> dict[str, pd.DataFrame]:
    """The facts, whole, in memory."""
    con = connect(lake)
    con.execute((_HERE / "facts.sql").read_text("utf-8"))
    return {
        name: con.execute(f"FROM {name} SELECT {columns}").df()
        for name, columns in _COLUMNS.items()
    }


def in_sqlite(facts: dict[str, pd.DataFrame], folder: Path, window: Window) -> dict[str, float]:
    """Milliseconds by metric; moments are seconds of the epoch, tables have an index on time that covers the question."""
    con = sqlite3.connect(folder / "rival.sqlite")
    for name, frame in facts.items():
        _seconds(frame).to_sql(name, con, index=False)
        con.execute(f"CREATE INDEX {name}_time ON {name} ({_TIME[name]}, {_rest(name)})")
    con.execute("ANALYZE")
    values = _values(window)
    words = {"opened": _MONTH.format(moment="opened_at"), "at": _MONTH.format(moment='"at"')}
    found = {
        name: _timed(lambda sql=sql: con.execute(sql.format(**words), values).fetchall())  # type: ignore[misc]
        for name, sql in _SQLITE.items()
    }
    con.close()
    return found


def in_pandas(facts: dict[str, pd.DataFrame], window: Window) -> dict[str, float]:
    """Milliseconds by metric, with all columns in memory already."""
    asked = window.values()
    start, end, offset = asked["start"], asked["end"], asked["offset"] or timedelta()

    def inside(frame: pd.DataFrame, column: str) -> pd.DataFrame:
        moments = frame[column]
        part = frame[(moments >= start) & (moments < end)]
        return part.assign(period=(part[column] + offset).dt.to_period("M"))

    def dialogs() -> Any:
        part = inside(facts["dialog"], "opened_at")
        part = part.assign(is_new=part.dialog_number == 1, helped=part.assistant_messages > 0)
        return part.groupby("period")[["is_new", "helped"]].agg(["size", "sum"])

    def conversion() -> Any:
        return inside(facts["dialog"], "opened_at").groupby("period").lead_id.agg(["size", "count"])

    def authors() -> Any:
        return inside(facts["message"], "at").groupby(["period", "author"]).size()

    def verdicts() -> Any:
        return inside(facts["verdict"], "at").groupby(["period", "verdict"]).size()

    asked_so = {
        "dialogs": dialogs,
        "lead_conversion": conversion,
        "messages_by_author": authors,
        "verdicts": verdicts,
    }
    return {name: _timed(question) for name, question in asked_so.items()}


def _timed(question: Callable[[], Any]) -> float:
    spans = []
    for _ in range(TIMES + 1):
        started = time.perf_counter()
        question()
        spans.append(1000 * (time.perf_counter() - started))
    return median(spans[1:])


def _seconds(frame: pd.DataFrame) -> pd.DataFrame:
    moments = frame.select_dtypes("datetime").columns
    return frame.assign(
        **{name: (frame[name] - datetime(1970, 1, 1)) // timedelta(seconds=1) for name in moments}
    )


def _rest(table: str) -> str:
    return ", ".join(each for each in _COLUMNS[table].split(", ") if each != _TIME[table])


def _values(window: Window) -> dict[str, float]:
    asked = window.values()
    since = datetime(1970, 1, 1)
    return {
        "start": (asked["start"] - since).total_seconds(),
        "end": (asked["end"] - since).total_seconds(),
        "offset": (asked["offset"] or timedelta()).total_seconds(),
    }
