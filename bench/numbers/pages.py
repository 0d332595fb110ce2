"""Which metrics a page asks: those that the module of its numbers names."""

import ast
from datetime import timedelta
from pathlib import Path

import duckdb

from pipeline import Window, catalog

MODULES = {
    "overview": "overview_cards",
    "response": "response_cards",
    "traffic": "traffic_cards",
    "assistant": "assistant_cards",
    "leads": "lead_numbers",
    "listings": "listing_numbers",
    "quality": "quality_cards",
}
_UI = Path(__file__).parents[2] / "pages" / "_ui"


def questions(page: str) -> list[str]:
    """Names of metrics; `marks` stand in every chart."""
    tree = ast.parse((_UI / f"{MODULES[page]}.py").read_text(encoding="utf-8"))
    words = (each.value for each in ast.walk(tree) if isinstance(each, ast.Constant))
    named = {word for word in words if isinstance(word, str) and word in catalog()}
    return sorted(named | {"marks"})


def last_month(con: duckdb.DuckDBPyConnection) -> Window:
    """The thirty days before the log's end: what a page shows unless somebody chooses."""
    end = Window.whole(con).end
    return Window(start=end - timedelta(days=30), end=end)


def whole(con: duckdb.DuckDBPyConnection) -> Window:
    """All of the log, by months."""
    return Window.whole(con, grain="month")
