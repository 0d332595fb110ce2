"""A metric's answer as a file that says what its numbers mean: CSV, XLSX or Parquet.

Whoever opens the file a year later finds in it the question, the unit, the definition, the filter
and the day on which it was made. Texts stay texts: a client named `=cmd|…` or `+7…` becomes no
formula in anybody's spreadsheet.
"""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.columns import label
from pipeline.export.cells import Answer, csv_cell, defused, rows_of, table_of
from pipeline.export.origin import Origin
from pipeline.export.sheets import workbook
from pipeline.metrics import Language, Metric, Window

__all__ = ["WRITERS", "as_csv", "as_parquet", "as_xlsx", "writer_for"]

Place = Mapping[str, object]
"""Where in an answer a number stands: {"period": …, "answered_by": "assistant", "number": "never"}; {} is all of it."""


def as_csv(
    metric: Metric,
    answer: Answer,
    window: Window,
    language: Language = "ru",
    *,
    made_at: datetime,
    dialogs_of: Place | None = None,
) -> bytes:
    """First lines that begin with `#`: definition and filter, and last what the columns are called in
    the language. Then the columns' names, which no language changes, then rows.

    UTF-8 with the mark that spreadsheets want; moments as RFC 3339 with the zone's offset. A text
    that a spreadsheet would take for a formula gets an apostrophe before it. With `dialogs_of` the
    rows are the dialogs behind the number that stands there.
    """
    origin = Origin(metric, window, made_at, language, dialogs_of)
    table = table_of(answer, window.zone)
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerows((f"# {label}", defused(text)) for label, text in origin.labelled().items())
    called = [label(name, language) for name in table.column_names]
    lines.writerow(map(defused, [f"# {called[0]}", *called[1:]]))
    lines.writerow(map(defused, table.column_names))
    # Texts in quotes: else who passes over comments would lose what stands behind a `#` in a title.
    rows = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    rows.writerows(map(csv_cell, row) for row in rows_of(table, window.zone))
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(
    metric: Metric,
    answer: Answer,
    window: Window,
    language: Language = "ru",
    *,
    made_at: datetime,
    dialogs_of: Place | None = None,
) -> bytes:
    """Two sheets: the rows, and how they were counted. No cell is a formula.

    The first row says what the columns are called in the language, the second has their names, which
    no language changes: code reads from there, as by `pandas.read_excel(file, header=1)`. Moments of
    a spreadsheet have no zone: they are on the window's clock, whose zone stands beside what the
    column is called. Raises ValueError when there are more rows than a sheet holds.
    """
    origin = Origin(metric, window, made_at, language, dialogs_of)
    return workbook(origin, table_of(answer, window.zone))


def as_parquet(
    metric: Metric,
    answer: Answer,
    window: Window,
    language: Language = "ru",
    *,
    made_at: datetime,
    dialogs_of: Place | None = None,
) -> bytes:
    """The rows with their types, moments with their zone. Definition and filter are the file's
    key-value metadata, under the English names of `Origin.words`; what a column is called in the
    language is metadata of its field, `label`."""
    origin = Origin(metric, window, made_at, language, dialogs_of)
    table = table_of(answer, window.zone)
    called = [each.with_metadata({"label": label(each.name, language)}) for each in table.schema]
    table = table.cast(pa.schema(called, origin.texts()))
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


WRITERS: dict[str, Callable[..., bytes]] = {
    ".csv": as_csv,
    ".xlsx": as_xlsx,
    ".parquet": as_parquet,
}
"""By the end of a file's name."""


def writer_for(file: Path) -> Callable[..., bytes]:
    """The one for this file, by the end of its name. Raises ValueError."""
    try:
        return WRITERS[file.suffix.lower()]
    except KeyError:
        raise ValueError(
            f"a file to export to ends in {', '.join(WRITERS)}; {file.name} does not"
        ) from None
