"""Answers as text: a table for people, CSV, or JSON with moments in RFC 3339."""

import csv
import io
import json
import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

import pyarrow as pa

Format = Literal["json", "csv", "table"]

JSON = {"json": "yes"}
"""The mark of a field whose texts are JSON: Arrow knows no such type."""


def printed(answer: pa.Table, how: Format) -> str:
    """The rows as text without a line break at its end."""
    match how:
        case "json":
            return json.dumps(objects(answer), ensure_ascii=False, allow_nan=False)
        case "csv":
            return _csv(_lines(answer))
        case "table":
            return _table(_lines(answer))


def objects(answer: pa.Table) -> list[dict[str, Any]]:
    """One dict per row, ready for JSON: moments as RFC 3339 (without a zone they are UTC), what is
    missing or no number as None, and JSON as what it says."""
    return [dict(zip(answer.column_names, row, strict=True)) for row in _plain_rows(answer)]


def _plain_rows(answer: pa.Table) -> list[tuple[Any, ...]]:
    columns = [
        [
            json.loads(value) if is_json and value is not None else _plain(value)
            for value in column.to_pylist()
        ]
        for column, is_json in zip(answer.columns, map(_is_json, answer.schema), strict=True)
    ]
    return list(zip(*columns, strict=True))


def _is_json(field: pa.Field) -> bool:
    return b"json" in (field.metadata or {})


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return (
                (value if value.tzinfo else value.replace(tzinfo=UTC))
                .isoformat()
                .replace("+00:00", "Z")
            )
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case bytes():
            return value.hex()
    if isinstance(value, pa.MonthDayNano):
        months, days, nanoseconds = value
        return f"P{months}M{days}DT{nanoseconds / 1e9:g}S"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _lines(answer: pa.Table) -> list[list[str]]:
    """The names, then the rows, as texts; what is missing is an empty text."""
    rows = [[_text(value) for value in row] for row in _plain_rows(answer)]
    return [list(answer.column_names), *rows]


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def _csv(lines: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue().rstrip("\n")


def _table(lines: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    head, *rows = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([head, "  ".join("-" * width for width in widths), *rows])
