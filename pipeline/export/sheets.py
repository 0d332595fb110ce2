"""An exported table as a spreadsheet, in which no cell is a formula or a link."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, time

import pyarrow as pa
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from pipeline.columns import label
from pipeline.export.cells import Cell, begins_formula, rows_of
from pipeline.export.origin import Origin

HEADS = 2
"""Rows above the first of the answer: what the columns are called, and their names."""

ROWS = 1_048_576 - HEADS
CHARACTERS = 32_767
EXACT = 10**15
"""Spreadsheets keep fifteen digits: a longer id is written as text, so that it does not change."""

_SHEETS = {"ru": ("Данные", "Как посчитано"), "en": ("Data", "How it is counted")}


def workbook(origin: Origin, table: pa.Table) -> bytes:
    """The file: a sheet of the rows, a sheet of how they were counted. Raises ValueError when the
    rows are too many."""
    if table.num_rows > ROWS:
        raise ValueError(
            f"a sheet holds {ROWS} rows and these are {table.num_rows}: take CSV or Parquet"
        )
    out = io.BytesIO()
    data, how = _SHEETS[origin.language]
    with Workbook(out, {"in_memory": True}) as book:
        made = origin.made_at.astimezone(UTC).replace(tzinfo=None)
        book.set_properties({"title": origin.metric.title(origin.language), "created": made})
        pen = _Pen(book)
        pen.rows(data, table, origin)
        pen.words(how, origin.labelled())
    return out.getvalue()


class _Pen:
    """Every text goes by `write_string`: `write` would make formulas and links of some."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
        self._named = book.add_format({"font_color": "#6B7488", "bottom": 1, "valign": "top"})
        # With the mark, a text that begins like a formula stays one when somebody edits the cell.
        self._marked = book.add_format({"quote_prefix": True})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})
        self._whole = book.add_format({"num_format": "0"})

    def rows(self, title: str, table: pa.Table, origin: Origin) -> None:
        sheet, zone = self._book.add_worksheet(title), origin.window.zone
        for column, field in enumerate(table.schema):
            of_zone = f" ({zone})" if pa.types.is_timestamp(field.type) else ""
            sheet.write_string(0, column, label(field.name, origin.language) + of_zone, self._head)
            sheet.write_string(1, column, field.name, self._named)
        for number, row in enumerate(rows_of(table, zone), HEADS):
            for column, (name, value) in enumerate(zip(table.column_names, row, strict=True)):
                # People would take an empty period for a fault.
                shown = origin.whole if name == "period" and value is None else value
                self._cell(sheet, number, column, shown)
        sheet.freeze_panes(HEADS, 0)
        sheet.autofilter(HEADS - 1, 0, table.num_rows + HEADS - 1, max(table.num_columns - 1, 0))
        sheet.autofit(max_width=360)

    def words(self, title: str, labelled: Mapping[str, str]) -> None:
        sheet = self._book.add_worksheet(title)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 100)
        for number, (word, text) in enumerate(labelled.items()):
            sheet.write_string(number, 0, word, self._head)
            sheet.write_string(number, 1, text[:CHARACTERS], self._wrapped)

    def _cell(self, sheet: Worksheet, row: int, column: int, value: Cell) -> None:
        match value:
            case None:
                return
            case bool():
                sheet.write_boolean(row, column, value)
            case int() if abs(value) < EXACT:
                sheet.write_number(row, column, value, self._whole)
            case float():
                sheet.write_number(row, column, value)
            case datetime():
                sheet.write_datetime(row, column, value.replace(tzinfo=None), self._moment)
            case date():
                sheet.write_datetime(row, column, datetime.combine(value, time()), self._day)
            case _:
                text = str(value)[:CHARACTERS]
                marked = self._marked if begins_formula(text) else None
                sheet.write_string(row, column, text, marked)
