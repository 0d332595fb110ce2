"""Puts the measurements of the log at size together: two logs, what they answer, and what they cost."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from bench.numbers import big_log, growing, visible
from bench.numbers.pages import MODULES, last_month, questions, whole
from bench.numbers.rivals import others, postgres
from bench.report import Figure, Section, at_least, at_most, quantile
from pipeline import Lake, Window, connect

SMALL, LARGE = 1_000_000, int(os.environ.get("BENCH_EVENTS", "10000000"))
ROOT = Path(__file__).parents[2]


def measure() -> Section:
    """About nine minutes on a quiet machine, and 4 GB of disk for as long; BENCH_EVENTS makes the large log smaller."""
    with tempfile.TemporaryDirectory(prefix="bench-numbers-") as home:
        small = _log(Path(home) / "small", min(SMALL, LARGE))
        large = _log(Path(home) / "large", LARGE)
        rivals = _rivals(large, Path(home))
        figures = [
            *_sizes(small, large),
            *_pages(small, large),
            *_growth(small, large),
            *_beside(large, rivals),
        ]
        figures += _keeping(large, Path(home))
    return Section(
        "The log at size", _METHOD.format(small=small["events"], large=large["events"]), figures
    )


def _log(folder: Path, events: int) -> dict[str, Any]:
    """A log, and what a reader of it measured."""
    lake = Lake.in_folder(folder)
    started = time.perf_counter()
    seller = big_log.make(lake, events)
    made = time.perf_counter() - started
    asked = [sys.executable, "-m", "bench.numbers.reader", str(folder)]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {
        "lake": lake,
        "seller": seller,
        "events": seller.position,
        "made": made,
        "reader": json.loads(said),
    }


def _rivals(log: Mapping[str, Any], home: Path) -> dict[str, Any]:
    """Milliseconds by metric over the whole log, and over the last month in PostgreSQL."""
    lake, con = log["lake"], connect(log["lake"])
    all_of_it, month = whole(con), last_month(con)
    [(until,)] = con.execute("SELECT until FROM known").fetchall()
    con.close()
    with postgres.loaded(lake) as server:
        if wrong := postgres.differing(server, lake, all_of_it, until):
            raise SystemExit(f"PostgreSQL answers otherwise than the log: {', '.join(wrong)}")
        found = {
            "postgres": postgres.timed(server, all_of_it, until),
            "postgres_month": postgres.timed(server, month, until),
        }
    return found | _others(lake, home, all_of_it)


def _others(lake: Lake, home: Path, window: Window) -> dict[str, Any]:
    facts = others.frames(lake)
    return {
        "sqlite": others.in_sqlite(facts, home, window),
        "pandas": others.in_pandas(facts, window),
    }


def _sizes(small: Mapping[str, Any], large: Mapping[str, Any]) -> list[Figure]:
    return [
        Figure("events in the small log", small["events"], ""),
        Figure("events in the large log", large["events"], ""),
        Figure("making the large log", large["made"], "s"),
        at_most(
            "bytes an event, dialogs and all included",
            growing.bytes_an_event(large["lake"]),
            "B",
            60,
        ),
        Figure("memory of a reader that asked everything", large["reader"]["memory"], "MB"),
        Figure("a reader goes on to the next state of the log", large["reader"]["renew"], "ms"),
    ]


def _pages(small: Mapping[str, Any], large: Mapping[str, Any]) -> list[Figure]:
    """Together for each page; the last thirty days are what it shows unless somebody chooses."""
    found = []
    for page in MODULES:
        asked = f"{page}: its {len(questions(page))} questions"
        for name, log, goal in (("1 million", small, 150), ("10 million", large, 500)):
            pages = log["reader"]["pages"]
            found += [
                at_most(f"{asked}, a month, {name}", pages["month"][page], "ms", goal),
                at_most(f"{asked}, whole log, {name}", pages["whole"][page], "ms", goal),
                Figure(
                    f"{asked}, a month, {name}, cold, with the start",
                    log["reader"]["cold"][page],
                    "ms",
                ),
            ]
    return found


def _growth(small: Mapping[str, Any], large: Mapping[str, Any]) -> list[Figure]:
    before, after = small["reader"]["metrics"]["whole"], large["reader"]["metrics"]["whole"]
    times = {name: after[name] / before[name] for name in after}
    worst = max(times, key=lambda name: times[name])
    return [
        at_most(f"from the small log to the large one, at most ({worst})", times[worst], "times", 8)
    ]


def _beside(log: Mapping[str, Any], rivals: Mapping[str, Any]) -> list[Figure]:
    metrics, live = log["reader"]["metrics"], log["reader"]["live"]
    found = []
    for name in sorted(metrics["whole"]):
        found.append(Figure(f"{name}, whole log", metrics["whole"][name], "ms"))
        found.append(Figure(f"{name}, a month", metrics["month"][name], "ms"))
        for rival in ("postgres", "sqlite", "pandas"):
            if name in rivals[rival]:
                slower = rivals[rival][name] / metrics["whole"][name]
                found.append(Figure(f"{name}, whole log, {rival} against the log", slower, "times"))
        if name in rivals["postgres_month"]:
            slower = rivals["postgres_month"][name] / metrics["month"][name]
            found.append(Figure(f"{name}, a month, postgres against the log", slower, "times"))
    ratios = [rivals["postgres"][name] / metrics["whole"][name] for name in rivals["postgres"]]
    of_month = [
        rivals["postgres_month"][name] / metrics["month"][name] for name in rivals["postgres_month"]
    ]
    return [
        at_least(
            "PostgreSQL against the log, whole log, median of the set", median(ratios), "times", 10
        ),
        Figure("PostgreSQL against the log, a month, median of the set", median(of_month), "times"),
        Figure(
            "a question about a month through `connect`, median of the set",
            median(live.values()),
            "ms",
        ),
        Figure(
            "... through a SteadyLog, as the dashboard asks",
            median(metrics["month"].values()),
            "ms",
        ),
        *found,
    ]


def _keeping(log: Mapping[str, Any], home: Path) -> list[Figure]:
    thousand = growing.batches(log["lake"], log["seller"])
    seen = visible.spans(log["lake"], home)
    return [
        Figure("a thousand more events, with their rows, median", median(thousand), "s"),
        Figure("... the slowest of five", max(thousand), "s"),
        Figure("all rows anew from all events", growing.anew(log["lake"]), "s"),
        Figure("from the commit in the bot until a reader sees it, p50", quantile(seen, 0.5), "s"),
        at_most(
            "from the commit in the bot until a reader sees it, p99", quantile(seen, 0.99), "s", 1.5
        ),
    ]


_METHOD = (
    "A made-up month of the sample, over three years: {small:,} events, and {large:,} with as many copies of each chat as it "
    "takes, each with ids, listings and words of its own. Every metric of the catalogue by a reader in a process of its own "
    "(`SteadyLog`, two threads), median of three, over the whole log by months and over the last thirty days by days; a page's "
    "questions are the metrics that its module names, one after the other. Cold: a new process's first questions, with the "
    "log's files dropped from the machine's memory. PostgreSQL 18 has the same facts in a normalised schema with a table of "
    "dialogs and one of waits kept ready, indexes for time, account, listing and key, covering ones where that saves reading "
    "the table (bench/numbers/rivals); its answers are compared with the log's before they are timed. SQLite with covering "
    "indexes and pandas with all columns in memory answer four questions in a simpler shape."
)
