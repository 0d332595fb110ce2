"""Answers of the metrics, and what is made of them: kept for as long as the log does not change."""

import math
import os
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, TypeVar

import duckdb
import pandas as pd
import streamlit as st

from pages._ui import lake
from pages._ui.i18n import lang
from pages._ui.kept import Kept
from pages._ui.questions import QUESTIONS
from pages._ui.scope import Scope
from pipeline import Window, catalog

T = TypeVar("T")
Language = Literal["ru", "en"]
Row = dict[str, Any]
_answers, _rows, _things = Kept(512), Kept(1024), Kept(512)
SIDE_BY_SIDE = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="questions")
"""Threads in which the log is asked."""


def language() -> Language:
    return "ru" if lang() == "ru" else "en"


def theme() -> Literal["light", "dark"]:
    return "dark" if st.context.theme.type == "dark" else "light"


def ask_ahead(place: str, scope: Scope) -> None:
    """Begins to ask side by side what the cards of a page or tab are going to ask one after the other: half of an answer's
    time is its planning, which takes one core. Does not wait; what goes wrong is told to the card that asks."""
    questions = QUESTIONS[place]
    for name in (*questions.compared, *questions.alone):
        _ahead(name, scope, scope.window)
    if scope.before:
        for name in questions.compared:
            _ahead(name, scope, scope.before)
        for name in questions.against_before:
            _ahead(name, scope, scope.window)


def answer(name: str, scope: Scope) -> pd.DataFrame:
    """The metric over the scope's window. Not to be changed: everybody gets the same one."""
    return _asked(name, scope, scope.window)


def before(name: str, scope: Scope) -> pd.DataFrame | None:
    """The metric over the span before; None when the log is too young to compare."""
    return _asked(name, scope, scope.before) if scope.before else None


def row(name: str, scope: Scope, **wanted: Any) -> Row:
    """`whole` of the answer, looked for once. Not to be changed."""
    return _rows.get(
        (name, scope.key, tuple(wanted.items())), lambda: whole(answer(name, scope), **wanted)
    )


def made(build: Callable[[Scope], T], scope: Scope) -> T:
    """What `build` makes of the answers, made once for all who look at the same in the same
    language and theme. `build` is a function of a module; it shows nothing."""
    name = f"{build.__module__}.{build.__qualname__}"
    return _things.get((name, scope.key, language(), theme()), lambda: build(scope))


def periods(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of single periods."""
    return frame[frame["period"].notna()]


def whole(frame: pd.DataFrame | None, **wanted: Any) -> Row:
    """The one row for the whole window in which the columns `wanted` have these values; empty when
    there is none."""
    found = rows(frame[frame["period"].isna()], **wanted) if frame is not None else []
    return found[0] if found else {}


def rows(frame: pd.DataFrame, **wanted: Any) -> list[Row]:
    """Rows as dictionaries; what the log could not tell is None and nothing else."""
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    return [
        {str(name): known(value) for name, value in row.items()} for row in frame.to_dict("records")
    ]


def known(value: Any) -> Any:
    """`value`, or None for what is no number: NaN, NaT and infinity have no place on a page."""
    if value is None or not pd.api.types.is_scalar(value):
        return value
    return None if pd.isna(value) or value in (math.inf, -math.inf) else value


def _asked(name: str, scope: Scope, window: Window) -> pd.DataFrame:
    return _answers.get(_key(name, scope, window), lambda: _run(_cursor(scope), name, window))


def _ahead(name: str, scope: Scope, window: Window) -> None:
    key = _key(name, scope, window)
    if not _answers.has(key):
        con = _cursor(scope)
        SIDE_BY_SIDE.submit(_answers.get, key, lambda: _run(con, name, window))


def _key(name: str, scope: Scope, window: Window) -> Hashable:
    return name, scope.key, "before" if window is scope.before else "now"


def _cursor(scope: Scope) -> duckdb.DuckDBPyConnection:
    con = lake.cursor(sample=scope.view.is_sample)
    if con is None:
        raise LookupError("the log is gone")
    return con


def _run(con: duckdb.DuckDBPyConnection, name: str, window: Window) -> pd.DataFrame:
    return catalog()[name].run(con, window)
