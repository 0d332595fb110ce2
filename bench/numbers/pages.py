"""What a page asks the log: what every page wants to know for its filters, and its metrics."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import duckdb

from pages._ui.questions import QUESTIONS
from pipeline import Window, catalog, checks

FRAME = ("span", "accounts", "listings")
"""Files of `pages/_ui/sql` that every page asks, for its filters."""

PAGES = [place for place in QUESTIONS if "," not in place]

CHECKED = timedelta(days=14)
"""So much of the log does the page of the quality check."""

Question = Callable[[duckdb.DuckDBPyConnection], object]
_UI = Path(__file__).parents[2] / "pages" / "_ui"
_side_by_side = ThreadPoolExecutor(os.cpu_count())


def ask(con: duckdb.DuckDBPyConnection, page: str, window: Window) -> None:
    """All that a page asks when nothing is remembered, as it asks: its filters first, then its metrics side by side. What
    it compares it asks over the month before too; before the whole log nothing was."""
    for name in FRAME:
        con.execute((_UI / "sql" / f"{name}.sql").read_text(encoding="utf-8")).to_arrow_table()
    begun = [_side_by_side.submit(question, con.cursor()) for question in questions(page, window)]
    if page == "quality":
        checks.run(con, now=window.end, recent=CHECKED, pool=_side_by_side)
    for each in begun:
        each.result()


def questions(page: str, window: Window) -> list[Question]:
    """Of its tabs too."""
    asked = [each for place, each in QUESTIONS.items() if place.partition(",")[0] == page]
    compared = {name for each in asked for name in each.compared}
    alone = {name for each in asked for name in each.alone}
    before = [] if window.grain == "month" else [window.before()]
    if before:
        alone |= {name for each in asked for name in each.against_before}
    return [
        *(metric_over(name, window) for name in sorted(alone | compared)),
        *(metric_over(name, span) for name in sorted(compared) for span in before),
    ]


def metric_over(name: str, window: Window) -> Question:
    return lambda con: catalog()[name].ask(con, window).to_arrow_table()


def last_month(con: duckdb.DuckDBPyConnection) -> Window:
    """The thirty days before the log's end: what a page shows unless somebody chooses."""
    end = Window.whole(con).end
    return Window(start=end - timedelta(days=30), end=end)


def whole(con: duckdb.DuckDBPyConnection) -> Window:
    """All of the log, by months."""
    return Window.whole(con, grain="month")
