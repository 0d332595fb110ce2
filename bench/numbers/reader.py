"""`python -m bench.numbers.reader FOLDER`: a reader of a log, as a process of its own; prints what it measured as JSON."""

import json
import os
import sys
import time
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import psutil

from bench.numbers.pages import PAGES, Question, ask, last_month, metric_over, whole
from pipeline import Lake, SteadyLog, Window, catalog, checks, connect

TIMES = 3
SLOW = 1000.0
"""Milliseconds: what takes longer is timed once after the time that warms up."""


def main(folder: Path) -> dict[str, Any]:
    """Milliseconds, and MB of memory."""
    lake = Lake.in_folder(folder)
    cold = {page: _cold(lake, page) for page in PAGES}
    steady = SteadyLog(lake)
    con = steady.cursor()
    windows = {"month": last_month(con), "whole": whole(con)}
    found: dict[str, Any] = {
        "start": median(start for start, _ in cold.values()),
        "pages": {
            "cold": {page: spent for page, (_, spent) in cold.items()},
            **{span: _pages(con, window) for span, window in windows.items()},
        },
        "memory_of_pages": _memory(),
        "metrics": {span: _metrics(con, window) for span, window in windows.items()},
        "memory": _memory(),
        "renew": median(_renewed(steady) for _ in range(TIMES)),
        "checks": _checked(con),
    }
    return found | {"live": _metrics(connect(lake), windows["month"])}


def _pages(con: duckdb.DuckDBPyConnection, window: Window) -> dict[str, float]:
    return {page: _median(con, _page(page, window)) for page in PAGES}


def _metrics(con: duckdb.DuckDBPyConnection, window: Window) -> dict[str, float]:
    return {name: _median(con, metric_over(name, window)) for name in catalog()}


def _cold(lake: Lake, page: str) -> tuple[float, float]:
    """A new connection, and nothing of the log in the machine's memory: until it is there, and the page's questions."""
    for file in Path(lake.files).rglob("*.parquet"):
        handle = os.open(file, os.O_RDONLY)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)
    started = time.perf_counter()
    con = SteadyLog(lake).cursor()
    ready = time.perf_counter()
    return 1000 * (ready - started), _asked(con, _page(page, last_month(con)))


def _checked(con: duckdb.DuckDBPyConnection) -> float:
    """All checks of all data, as after a maintenance."""
    started = time.perf_counter()
    checks.run(con, now=whole(con).end)
    return 1000 * (time.perf_counter() - started)


def _renewed(steady: SteadyLog) -> float:
    """As if the log had got another state."""
    steady.edition = -1
    started = time.perf_counter()
    steady.renew()
    return 1000 * (time.perf_counter() - started)


def _page(page: str, window: Window) -> Question:
    return partial(ask, page=page, window=window)


def _median(con: duckdb.DuckDBPyConnection, question: Question) -> float:
    """After one time that warms up."""
    times = 1 if _asked(con, question) > SLOW else TIMES
    return median(_asked(con, question) for _ in range(times))


def _asked(con: duckdb.DuckDBPyConnection, question: Question) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    question(con)
    return 1000 * (time.perf_counter() - started)


def _memory() -> float:
    return float(psutil.Process().memory_info().rss / 1e6)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
