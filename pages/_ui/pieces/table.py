"""A table that becomes cards on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from pages._ui.pieces.html import escape, joined, link, tag


@dataclass(frozen=True)
class Cell:
    """`said` as it is shown, `under` in small below it; `see` opens what is behind."""

    said: str
    under: str = ""
    see: str | None = None


def table(columns: Sequence[str], rows: Sequence[Sequence[Cell]], caption: str) -> str:
    """The first cell of a row is its name."""
    head = joined(tag("th", escape(name), scope="col") for name in columns)
    body = joined(tag("tr", _row(columns, cells)) for cells in rows)
    inside = tag("caption", escape(caption)) + tag("thead", tag("tr", head)) + tag("tbody", body)
    return tag("table", inside, _class="table")


def _row(columns: Sequence[str], cells: Sequence[Cell]) -> str:
    first, *others = cells
    named = tag("th", link(_inside(first), first.see), scope="row")
    return named + joined(
        tag(
            "td",
            tag("span", escape(name), _class="name", aria_hidden="true")
            + link(_inside(cell), cell.see, "said"),
        )
        for name, cell in zip(columns[1:], others, strict=True)
    )


def _inside(cell: Cell) -> str:
    return tag("span", escape(cell.said)) + (tag("small", escape(cell.under)) if cell.under else "")
