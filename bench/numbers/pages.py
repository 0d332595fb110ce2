"""What a page asks the log: the metrics that the module of its numbers names, and what every page wants to know."""

import ast
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import duckdb

from pipeline import Window, catalog, checks

MODULES = {
    "overview": "overview_cards",
    "response": "response_cards",
    "traffic": "traffic_cards",
    "assistant": "assistant_cards",
    "leads": "lead_numbers",
    "listings": "listing_numbers",
    "quality": "quality_cards",
}
FRAME = ("span", "accounts", "listings")
"""Files of `pages/_ui/sql` that every page asks, for its filters."""

CHECKED = timedelta(days=14)
"""So much of the log does the page of the quality check."""

Question = Callable[[duckdb.DuckDBPyConnection], object]
_UI = Path(__file__).parents[2] / "pages" / "_ui"


def of_page(page: str, window: Window) -> list[Question]:
    """All that a page asks when nothing is remembered. Over a month, each metric over the month before too, which some of
    them are compared with; over the whole log nothing was before."""
    spans = [window] if window.grain == "month" else [window, window.before()]
    found: list[Question] = [partial(_framed, name) for name in FRAME]
    found += [metric_over(name, span) for name in named(page) for span in spans]
    return [*found, partial(_checked, window)] if page == "quality" else found


def named(page: str) -> list[str]:
    """Names of metrics; `marks` stand in every chart."""
    tree = ast.parse((_UI / f"{MODULES[page]}.py").read_text(encoding="utf-8"))
    words = (each.value for each in ast.walk(tree) if isinstance(each, ast.Constant))
    found = {word for word in words if isinstance(word, str) and word in catalog()}
    return sorted(found | {"marks"})


def metric_over(name: str, window: Window) -> Question:
    return lambda con: catalog()[name].ask(con, window).to_arrow_table()


def last_month(con: duckdb.DuckDBPyConnection) -> Window:
    """The thirty days before the log's end: what a page shows unless somebody chooses."""
    end = Window.whole(con).end
    return Window(start=end - timedelta(days=30), end=end)


def whole(con: duckdb.DuckDBPyConnection) -> Window:
    """All of the log, by months."""
    return Window.whole(con, grain="month")


def _framed(name: str, con: duckdb.DuckDBPyConnection) -> object:
    return con.execute((_UI / "sql" / f"{name}.sql").read_text(encoding="utf-8")).to_arrow_table()


def _checked(window: Window, con: duckdb.DuckDBPyConnection) -> object:
    return checks.run(con, now=window.end, recent=CHECKED)
