"""`python -m pipeline metrics` and `… metric NAME`: the catalogue on the command line."""

import argparse
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from pipeline.describing import as_document
from pipeline.export import writer_for
from pipeline.export.cells import table_of
from pipeline.lake import connect
from pipeline.metrics import Metric, catalog, metric
from pipeline.printing import Format, printed
from pipeline.window import EVERY_DAY, Answerer, Grain, Window, zone_of

_SHORT = ("name", "title_en", "title_ru", "asks_en", "asks_ru", "grain", "unit", "denominator")
_LONG = (*_SHORT, "grain_ru", "unit_ru", "denominator_ru", "version", "notes_en", "notes_ru")


def add_commands(commands: Any) -> None:
    """The two commands, each with `run` set to what does it."""
    listed = commands.add_parser("metrics", help="list the metrics with their definitions")
    listed.add_argument("--format", choices=(*get_args(Format), "markdown"), default="table")
    listed.set_defaults(run=_list)

    one = commands.add_parser("metric", help="compute one metric; without days, over the whole log")
    one.add_argument("name", metavar="NAME")
    _window_arguments(one)
    one.add_argument(
        "--behind",
        metavar="NUMBER",
        help="print the dialogs behind this column of the answer instead",
    )
    one.add_argument(
        "--cell",
        type=_pair,
        action="append",
        metavar="NAME=VALUE",
        default=[],
        help="with --behind: where the number stands, e.g. answered_by=assistant",
    )
    one.add_argument(
        "--export",
        type=Path,
        metavar="FILE.csv|xlsx|parquet",
        help="write a file that holds the definition too, instead of printing",
    )
    one.add_argument("--language", choices=("ru", "en"), default="ru", help="of the exported file")
    one.add_argument("--format", choices=get_args(Format), default="table")
    one.set_defaults(run=_compute)


def _window_arguments(one: argparse.ArgumentParser) -> None:
    one.add_argument("--from", dest="first", type=_day, metavar="YYYY-MM-DD", help="first day")
    one.add_argument(
        "--to", dest="last", type=_day, metavar="YYYY-MM-DD", help="last day, included"
    )
    one.add_argument("--grain", choices=get_args(Grain), default="day")
    one.add_argument(
        "--zone",
        help="whose clock, e.g. Asia/Vladivostok (default: the account's, else Europe/Moscow)",
    )
    one.add_argument("--account", type=_id, metavar="ID")
    one.add_argument("--listing", type=_id, metavar="ID")
    one.add_argument("--author", choices=get_args(Answerer), help="who answered")
    one.add_argument(
        "--target", type=int, default=300, metavar="SECONDS", help="the promised time of an answer"
    )
    one.add_argument(
        "--hours",
        type=_hours,
        metavar="9:00-18:00",
        default=(None, None),
        help="count waits in working hours",
    )
    one.add_argument(
        "--weekdays",
        type=_weekdays,
        metavar="1-5",
        default=EVERY_DAY,
        help="the days of those hours, 1 Monday to 7 Sunday",
    )


def _list(options: argparse.Namespace) -> None:
    found = list(catalog().values())
    if options.format == "markdown":
        print(as_document(found))
    elif options.format == "table":
        print("\n\n".join(_told(each) for each in found))
    else:
        rows = [{name: getattr(each, name) for name in _LONG} for each in found]
        print(printed(pa.Table.from_pylist(rows), options.format))


def _told(one: Metric) -> str:
    words = (*_SHORT[1:], "version")
    return "\n".join([one.name, *(f"  {name:<12} {getattr(one, name)}" for name in words)])


def _compute(options: argparse.Namespace) -> None:
    write = writer_for(options.export) if options.export else None
    wanted, con = metric(options.name), connect()
    window = _window(options, con)
    cell: dict[str, Any] = dict(options.cell)
    try:
        answer = _answer(wanted, con, window, options.behind, cell)
    except duckdb.Error as error:
        raise ValueError(f"the log cannot tell: {str(error).splitlines()[0]}") from error
    if write:
        place = {"number": options.behind} | cell if options.behind else None
        made = write(
            wanted, answer, window, options.language, made_at=datetime.now(UTC), dialogs_of=place
        )
        options.export.write_bytes(made)
        print(f"{answer.num_rows} rows in {options.export}")
    else:
        print(printed(table_of(answer, window.zone), options.format))


def _answer(
    wanted: Metric,
    con: duckdb.DuckDBPyConnection,
    window: Window,
    number: str | None,
    cell: dict[str, Any],
) -> pa.Table:
    if number is None:
        return wanted.ask(con, window).to_arrow_table()
    frame = wanted.behind(con, window, number, **cell)
    return pa.Table.from_pandas(frame, preserve_index=False)


def _window(options: argparse.Namespace, con: duckdb.DuckDBPyConnection) -> Window:
    zone = options.zone or zone_of(con, options.account)
    opens, closes = options.hours
    names = ("grain", "account", "listing", "author", "target", "weekdays")
    more = {name: getattr(options, name) for name in names}
    more |= {"zone": zone, "opens": opens, "closes": closes}
    if options.first and options.last:
        return Window.of_days(options.first, options.last, **more)
    whole = Window.whole(con, **more | {"grain": "month"})
    clock = ZoneInfo(zone)
    first = options.first or whole.start.astimezone(clock).date()
    last = options.last or (whole.end - timedelta(seconds=1)).astimezone(clock).date()
    return Window.of_days(first, last, **more)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day like 2026-05-12") from None


def _id(text: str) -> int:
    if not re.fullmatch("[0-9]{1,18}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of Avito's")
    return int(text)


def _hours(text: str) -> tuple[time, time]:
    try:
        opens, closes = (_clock(each.strip()) for each in text.split("-"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} are no hours like 9:00-18:00") from None
    return opens, closes


def _clock(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour) % 24 if int(hour) <= 24 else 99, int(minute or 0))


def _weekdays(text: str) -> tuple[int, ...]:
    found = re.fullmatch("([1-7])-([1-7])", text)
    if found:
        return tuple(range(int(found[1]), int(found[2]) + 1))
    if not re.fullmatch("[1-7](,[1-7])*", text):
        raise argparse.ArgumentTypeError(f"{text!r} are no days like 1-5 or 1,3,6")
    return tuple(sorted({int(each) for each in text.split(",")}))


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.isidentifier():
        raise argparse.ArgumentTypeError(f"{text!r} is no pair like answered_by=assistant")
    return name, value
