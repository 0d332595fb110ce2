"""`python -m bench.numbers.reader FOLDER`: a reader of a log, as a process of its own; prints what it measured as JSON."""

import json
import os
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import psutil

from bench.numbers.pages import MODULES, last_month, questions, whole
from pipeline import Lake, SteadyLog, Window, catalog, connect

TIMES = 3


def main(folder: Path) -> dict[str, Any]:
    """Milliseconds, and MB of memory."""
    lake = Lake.in_folder(folder)
    cold = {page: _cold(lake, page) for page in MODULES}
    steady = SteadyLog(lake)
    con = steady.cursor()
    month, all_of_it = last_month(con), whole(con)
    pages = {
        span: {page: median(_page(con, page, window) for _ in range(TIMES)) for page in MODULES}
        for span, window in (("month", month), ("whole", all_of_it))
    }
    metrics = {
        span: {name: median(_asked(con, name, window) for _ in range(TIMES)) for name in catalog()}
        for span, window in (("month", month), ("whole", all_of_it))
    }
    memory = psutil.Process().memory_info().rss / 1e6
    live = connect(lake)
    return {
        "cold": cold,
        "pages": pages,
        "metrics": metrics,
        "memory": memory,
        "renew": median(_renewed(steady) for _ in range(TIMES)),
        "live": {
            name: median(_asked(live, name, month) for _ in range(TIMES)) for name in catalog()
        },
    }


def _renewed(steady: SteadyLog) -> float:
    """As if the log had got another state."""
    steady.edition = -1
    started = time.perf_counter()
    steady.renew()
    return 1000 * (time.perf_counter() - started)


def _cold(lake: Lake, page: str) -> float:
    """A new connection, and nothing of the log in the machine's memory."""
    for file in Path(lake.files).rglob("*.parquet"):
        handle = os.open(file, os.O_RDONLY)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)
    started = time.perf_counter()
    con = SteadyLog(lake).cursor()
    month = last_month(con)
    for name in questions(page):
        _answer(con, name, month)
    return 1000 * (time.perf_counter() - started)


def _page(con: duckdb.DuckDBPyConnection, page: str, window: Window) -> float:
    return sum(_asked(con, name, window) for name in questions(page))


def _asked(con: duckdb.DuckDBPyConnection, name: str, window: Window) -> float:
    started = time.perf_counter()
    _answer(con, name, window)
    return 1000 * (time.perf_counter() - started)


def _answer(con: duckdb.DuckDBPyConnection, name: str, window: Window) -> None:
    catalog()[name].ask(con, window).to_arrow_table()


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
