"""Looking for words in columns that hold case-folded text: the databases fold Cyrillic differently or not at all."""

from sqlalchemy import ColumnElement
from sqlalchemy.sql.elements import KeyedColumnElement


def contains(column: KeyedColumnElement[str], q: str | None) -> list[ColumnElement[bool]]:
    """Conditions for rows that have every word of `q` somewhere in the column."""
    return [column.contains(word, autoescape=True) for word in (q or "").casefold().split()]
