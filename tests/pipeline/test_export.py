"""Exported files: the numbers come back as they were, with their meaning, and nothing in them reckons."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import Lake, Window, catalog, connect
from pipeline.export import WRITERS, as_csv, as_parquet, as_xlsx
from pipeline.export.cells import begins_formula

Command = Callable[..., tuple[int, str, str]]

MADE = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)
KALININGRAD = Window.of_days(
    date(2026, 5, 12), date(2026, 5, 14), zone="Europe/Kaliningrad", listing=3100000101
)
METRIC = catalog()["first_response"]
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+79001234567",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "＝1+1",
    '=HYPERLINK("http://example.org","да")',
    "{=1+1}",
    'кавычка" и, запятая\nи строка',
    "http://example.org",
    "я" * 10_000,
    "обычный клиент",
    "",
]
ANSWER = pa.table(
    {
        "period": pa.array([None, *[datetime(2026, 5, 12)] * 14], pa.timestamp("us")),
        "client": HOSTILE,
        "opened_at": pa.array([datetime(2026, 5, 12, 21, 59, 30)] * 15, pa.timestamp("us")),
        "day": [date(2026, 5, 12)] * 15,
        "dialogs": pa.array([*range(-1, 13), None], pa.int64()),
        "seconds": [float("nan"), float("inf"), *[0.1] * 13],
        "total": pa.array([Decimal(10)] * 15, pa.decimal128(38, 0)),
        "big": [9_007_199_254_740_993] * 15,
        "confirmed": [True, None, *[False] * 13],
        "parts": [["=1"]] * 15,
    }
)


def lines_of(data: bytes) -> tuple[dict[str, str], list[list[str]]]:
    """The definition and the rest of a CSV file, read as a spreadsheet does; what the columns are called is no part of
    either."""
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    *about, _called = [line for line in lines if line[0].startswith("# ")]
    return {line[0].removeprefix("# "): line[1] for line in about}, lines[len(about) + 1 :]


def sheets_of(data: bytes) -> tuple[dict[str, Any], list[tuple[Any, ...]], Any]:
    """The definition, the rows from the columns' names on, and the sheet of the rows."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    rows, words = book.worksheets
    return dict(words.values), list(rows.values)[1:], rows


def test_no_text_in_a_csv_file_begins_a_formula() -> None:
    """
    Behind its apostrophe it is the text that it was; whatever begins harmlessly is untouched.
    """
    _, [head, *rows] = lines_of(as_csv(METRIC, ANSWER, KALININGRAD, made_at=MADE))
    texts = [row[head.index("client")] for row in rows]

    assert ["'" + text for text in HOSTILE[:9]] + HOSTILE[9:] == texts
    assert all("[" == row[head.index("parts")][0] for row in rows)


def test_no_cell_of_a_spreadsheet_is_a_formula_or_a_link() -> None:
    """
    Texts are there letter by letter, marked as texts for whoever edits them.
    """
    _, [head, *rows], sheet = sheets_of(as_xlsx(METRIC, ANSWER, KALININGRAD, made_at=MADE))
    place = head.index("client")
    cells = [cell for row in sheet.iter_rows() for cell in row]

    assert HOSTILE[:-1] == [row[place].replace("_x000D_", "\r") for row in rows[:-1]]
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)
    assert [n < 9 for n in range(15)] == [
        sheet.cell(n, place + 1).quotePrefix for n in range(3, 18)
    ]


def test_csv_keeps_numbers_and_moments() -> None:
    """
    Numbers are bare, what is no number is empty, moments carry the offset of the window's zone.
    """
    _, [head, *rows] = lines_of(as_csv(METRIC, ANSWER, KALININGRAD, made_at=MADE))
    first, second, last = (dict(zip(head, rows[n], strict=True)) for n in (0, 1, -1))

    assert ANSWER.column_names == head
    assert ("", "2026-05-12T00:00:00+02:00") == (first["period"], second["period"])
    assert "2026-05-12T23:59:30+02:00" == first["opened_at"]
    assert ("-1", "", "10", "true", "2026-05-12") == (
        first["dialogs"],
        first["seconds"],
        first["total"],
        first["confirmed"],
        first["day"],
    )
    assert ("", "0.1", "9007199254740993") == (last["dialogs"], last["seconds"], last["big"])


def test_a_spreadsheet_keeps_numbers_and_moments() -> None:
    """
    Numbers can be summed, moments are on the clock whose zone the column names, a long id is exact.
    """
    _, [head, *rows], sheet = sheets_of(as_xlsx(METRIC, ANSWER, KALININGRAD, made_at=MADE))
    first, second = (dict(zip(head, rows[n], strict=True)) for n in (0, 1))
    called = dict(zip(head, next(sheet.values), strict=True))

    assert "Период (Europe/Kaliningrad)" == called["period"]
    assert "Первое сообщение клиента (Europe/Kaliningrad)" == called["opened_at"]
    assert "весь срок" == first["period"]
    assert datetime(2026, 5, 12) == second["period"]
    assert datetime(2026, 5, 12, 23, 59, 30) == first["opened_at"]
    assert (-1, None, 10, True) == (
        first["dialogs"],
        first["seconds"],
        first["total"],
        first["confirmed"],
    )
    assert "9007199254740993" == first["big"]


def test_parquet_keeps_types_and_says_what_it_is() -> None:
    """
    Values come back with their types; the definition is in the file, the rows of pandas no less.
    """
    file = pq.ParquetFile(io.BytesIO(as_parquet(METRIC, ANSWER, KALININGRAD, "en", made_at=MADE)))
    table, words = file.read(), {k.decode(): v.decode() for k, v in file.metadata.metadata.items()}

    assert pa.timestamp("us", "Europe/Kaliningrad") == table.schema.field("period").type
    assert pa.timestamp("us", "UTC") == table.schema.field("opened_at").type
    assert HOSTILE == table["client"].to_pylist()
    assert [*range(-1, 13), None] == table["dialogs"].to_pylist()
    assert METRIC.notes_en == words["notes"]
    assert ("3100000101", "all") == (words["listing"], words["account"])
    assert "2026-05-12 00:00:00+02:00" == words["start"]


CALLED = {"ru": ["Период", "Диалоги", "Ожидание, с"], "en": ["Period", "Dialogs", "Wait, s"]}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_columns_are_called_in_the_language_and_named_for_code(language: Any) -> None:
    """
    What people read follows the language; what code reads does not: a CSV file without its comments, a sheet from its
    second row, Parquet. A column that nobody gave another name has its own, and that is no formula either.
    """
    names = ["period", "dialogs", "seconds", "=new"]
    table = ANSWER.select(names[:3]).append_column("=new", pa.array(range(15)))
    made = {
        end: write(METRIC, table, KALININGRAD, language, made_at=MADE)
        for end, write in WRITERS.items()
    }
    called = [*CALLED[language], "=new"]

    of_csv = list(csv.reader(io.StringIO(made[".csv"].decode("utf-8-sig"))))
    assert [f"# {called[0]}", *called[1:3], "'=new"] == of_csv[-17]
    assert [*names[:3], "'=new"] == list(
        pd.read_csv(io.BytesIO(made[".csv"]), comment="#", encoding="utf-8-sig")
    )
    sheet = sheets_of(made[".xlsx"])[2]
    assert [f"{called[0]} (Europe/Kaliningrad)", *called[1:]] == [c.value for c in sheet[1]]
    assert names == list(pd.read_excel(io.BytesIO(made[".xlsx"]), header=1))
    assert not any(cell.data_type == "f" for row in sheet.iter_rows(max_row=2) for cell in row)
    schema = pq.read_schema(io.BytesIO(made[".parquet"]))
    assert names == schema.names
    assert called == [field.metadata[b"label"].decode() for field in schema]


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", list(catalog()))
def test_code_reads_every_file_by_the_names_of_its_columns(
    month: Lake, name: str, language: Any
) -> None:
    """
    Of each metric, CSV without its comments has the columns of the answer, with as many rows.
    """
    window = Window.of_days(date(2026, 4, 20), date(2026, 4, 21))
    answer = catalog()[name].ask(connect(month), window).to_arrow_table()
    made = as_csv(catalog()[name], answer, window, language, made_at=MADE)

    read = pd.read_csv(io.BytesIO(made), comment="#", encoding="utf-8-sig")

    assert answer.column_names == list(read)
    assert answer.num_rows == len(read)


def test_a_title_with_a_comments_mark_is_read_whole() -> None:
    """
    Who passes over the comments, as the README does, loses nothing of a row; an empty place stays empty.
    """
    table = pa.table({"title": ["Стол #5, белый", "# 7", None], "dialogs": [1, None, 3]})
    made = as_csv(METRIC, table, KALININGRAD, made_at=MADE)

    read = pd.read_csv(io.BytesIO(made), comment="#", encoding="utf-8-sig")

    assert ["Стол #5, белый", "# 7"] == list(read["title"][:2])
    assert [False, True, False] == list(read["dialogs"].isna())
    assert pd.isna(read["title"][2])


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_formula_is_harmless_in_either_language(language: Any) -> None:
    """
    No cell of the rows, of the heads or of the definition begins as one, whatever the language and the filter.
    """
    place = {"client": "=1+1", "=1+1": "x"}
    of_csv, of_xlsx = (
        write(METRIC, ANSWER, KALININGRAD, language, made_at=MADE, dialogs_of=place)
        for write in (as_csv, as_xlsx)
    )
    cells = [
        cell
        for line in csv.reader(io.StringIO(of_csv.decode("utf-8-sig"), newline=""))
        for cell in line
    ]

    assert not any(begins_formula(cell) and not is_number(cell) for cell in cells)
    book = openpyxl.load_workbook(io.BytesIO(of_xlsx))
    assert not any(c.data_type == "f" for sheet in book for row in sheet.iter_rows() for c in row)


def is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("end", list(WRITERS))
def test_every_file_says_what_was_asked_of_what_and_when(end: str, language: Any) -> None:
    """
    Title, question, notes, version, window, filter, and the moment of making, in the reader's words.
    """
    made = WRITERS[end](METRIC, ANSWER, KALININGRAD, language, made_at=MADE)
    if end == ".parquet":
        words = pq.read_metadata(io.BytesIO(made)).metadata
        said = {each.decode() for each in words.values()}
    else:
        about = lines_of(made)[0] if end == ".csv" else sheets_of(made)[0]
        assert {"ru": "Вопрос", "en": "Question"}[language] in about
        said = set(about.values())

    assert {METRIC.title(language), METRIC.asks(language), METRIC.notes(language)} <= said
    assert set(METRIC.facts(language).values()) <= said
    assert {"ru": "не заданы, по календарю", "en": "none, by the calendar"}[language] in said
    assert {"2", "2026-05-15 00:00:00+02:00", "Europe/Kaliningrad", "3100000101"} <= said
    assert "2026-05-20 11:30:00+02:00" in said


def test_the_dialogs_behind_a_number_name_the_number() -> None:
    """
    And a hostile name in the filter is no formula either.
    """
    place = {"number": "never", "answered_by": "assistant", "period": datetime(2026, 5, 12)}
    data = as_csv(METRIC, ANSWER, KALININGRAD, made_at=MADE, dialogs_of=place)
    whole = as_csv(METRIC, ANSWER, KALININGRAD, "en", made_at=MADE, dialogs_of={})

    assert (
        "Доля без ответа (never), Кто ответил (answered_by) = assistant, Период (period) = 2026-05-12 00:00:00"
        == lines_of(data)[0]["Строки — диалоги за числом"]
    )
    assert "whole window" == lines_of(whole)[0]["Rows are the dialogs behind"]


def test_a_frame_of_pandas_is_as_good() -> None:
    """
    What the pages hold is exported as what the command line holds.
    """
    frame = pd.DataFrame({"period": [pd.NaT, pd.Timestamp(2026, 5, 12)], "dialogs": [3, 3]})
    table = pa.table({"period": pa.array([None, datetime(2026, 5, 12)]), "dialogs": [3, 3]})

    for write in (as_csv, as_parquet):
        assert write(METRIC, frame, KALININGRAD, made_at=MADE) == write(
            METRIC, table, KALININGRAD, made_at=MADE
        )


@pytest.mark.parametrize("end", list(WRITERS))
def test_an_answer_without_rows_is_a_file_with_a_head(end: str) -> None:
    """
    Nothing happened, and the file says what did not happen.
    """
    made = WRITERS[end](METRIC, ANSWER.slice(0, 0), KALININGRAD, made_at=MADE)
    if end == ".parquet":
        assert 0 == pq.read_table(io.BytesIO(made)).num_rows
    else:
        rows = lines_of(made)[1] if end == ".csv" else sheets_of(made)[1]
        assert 1 == len(rows)


@pytest.mark.parametrize("end", list(WRITERS))
def test_the_command_exports_what_it_prints(
    command: Command, month: Lake, tmp_path: Path, end: str
) -> None:
    """
    File, print and metric are one answer.
    """
    file = tmp_path / f"ответ{end}"
    asked = ("metric", "dialogs", "--from", "2026-04-20", "--to", "2026-04-21")
    _, printed, _ = command(*asked, "--format", "json", lake=month)
    code, out, _ = command(*asked, "--export", file)
    made = file.read_bytes()

    if end == ".parquet":
        counts = pq.read_table(io.BytesIO(made))["dialogs"].to_pylist()
    else:
        [head, *rows] = lines_of(made)[1] if end == ".csv" else sheets_of(made)[1]
        assert "period" == head[0]
        counts = [int(row[head.index("dialogs")]) for row in rows]
    assert (0, f"3 rows in {file}\n") == (code, out)
    assert [row["dialogs"] for row in json.loads(printed)] == counts


def test_a_file_of_another_kind_is_refused(command: Command, month: Lake, tmp_path: Path) -> None:
    """
    One line that names those which can be, and no file.
    """
    code, _, err = command("metric", "dialogs", "--export", tmp_path / "x.pdf", lake=month)

    assert (1, "a file to export to ends in .csv, .xlsx, .parquet; x.pdf does not\n") == (code, err)
    assert [] == list(tmp_path.iterdir())
