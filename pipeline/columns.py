"""What a column of an answer is called by people: the code calls it `km_median_seconds` in every language."""

import csv
import importlib.resources
from collections.abc import Mapping
from functools import cache
from typing import Literal

Language = Literal["ru", "en"]

_FILE = importlib.resources.files("pipeline") / "sql" / "columns.csv"


def label(name: str, language: Language = "en") -> str:
    """The column's name in the language; its own name when nobody gave it another."""
    known = labels().get(name)
    return known[language] if known else name


@cache
def labels() -> Mapping[str, Mapping[Language, str]]:
    """All columns of the metrics and of the dialogs behind them, by their names."""
    rows = csv.DictReader(_FILE.read_text(encoding="utf-8").splitlines())
    return {row["name"]: {"ru": row["ru"], "en": row["en"]} for row in rows}
