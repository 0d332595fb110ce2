"""What may stand in one place of an exported table, and how a text is kept from becoming a formula."""

import json
import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Answer: TypeAlias = pa.Table | pd.DataFrame
Cell: TypeAlias = str | int | float | bool | date | datetime | None
"""Lists and structs become JSON text."""

_FORMULA = tuple("=+-@|\t\r\n\0＝＋－＠")
"""With these a spreadsheet begins to reckon (OWASP, CSV Injection); the wide ones too."""


def table_of(answer: Answer, zone: str) -> pa.Table:
    """The answer with a zone at every moment: `period` is on the zone's clock, others are UTC."""
    table = answer if isinstance(answer, pa.Table) else pa.Table.from_pandas(answer, None, False)
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type) and field.type.tz is None:
            clock = zone if field.name == "period" else "UTC"
            moments = pc.assume_timezone(
                table[place], clock, ambiguous="earliest", nonexistent="latest"
            )
            table = table.set_column(place, field.name, moments)
    return table


def rows_of(table: pa.Table, zone: str) -> list[tuple[Cell, ...]]:
    """The rows, moments on the clock of the zone."""
    clock = ZoneInfo(zone)
    columns = [[_cell(value, clock) for value in column.to_pylist()] for column in table.columns]
    return list(zip(*columns, strict=True))


def csv_cell(value: Cell) -> str | int | float:
    """As CSV holds it: numbers as they are, moments as RFC 3339, texts defused."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return value
        case date():
            return value.isoformat()
    return defused(value)


def defused(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would reckon."""
    return f"'{text}" if begins_formula(text) else text


def begins_formula(text: str) -> bool:
    """The text begins as a formula does, perhaps behind blanks."""
    return text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)


def _cell(value: Any, clock: ZoneInfo) -> Cell:
    match value:
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return value.astimezone(clock)
        case None | bool() | int() | str() | date():
            return value
    return json.dumps(value, ensure_ascii=False, default=str)
