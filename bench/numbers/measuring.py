"""Puts the measurements of the log at size together: two logs, what they answer, and what they cost."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench.numbers import big_log, growing, visible
from bench.numbers.pages import PAGES, last_month, whole
from bench.numbers.rivals import others, postgres
from bench.report import Figure, Section, at_least, at_most, quantile
from pipeline import Lake, connect

Log = Mapping[str, Any]

SMALL, LARGE = 1_000_000, int(os.environ.get("BENCH_EVENTS", "10000000"))
ROOT = Path(__file__).parents[2]


def measure() -> Section:
    """About twenty minutes on a quiet machine, and 5 GB of disk for as long; BENCH_EVENTS makes the large log smaller."""
    with tempfile.TemporaryDirectory(prefix="bench-numbers-") as home:
        small = _log(Path(home) / "small", min(SMALL, LARGE))
        large = _log(Path(home) / "large", LARGE)
        rivals = _rivals(large, Path(home))
        figures = [
            *_sizes(small, large),
            *_keeping(large, Path(home)),
            *_pages(small, large),
            *_beside(small, large, rivals),
        ]
    return Section(
        "The log at size", _METHOD.format(small=small["events"], large=large["events"]), figures
    )


def _log(folder: Path, events: int) -> Log:
    """A log, and what a reader of it measured."""
    lake = Lake.in_folder(folder)
    started = time.perf_counter()
    seller = big_log.make(lake, events)
    made = time.perf_counter() - started
    _say(f"{seller.position:,} events made in {made:.0f} s")
    asked = [sys.executable, "-m", "bench.numbers.reader", str(folder)]
    said = subprocess.run(asked, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    _say("asked through the log")
    return {
        "lake": lake,
        "seller": seller,
        "events": seller.position,
        "size": f"{seller.position / 1e6:.2g} million",
        "made": made,
        "bytes": growing.bytes_an_event(lake),
        "reader": json.loads(said),
    }


def _rivals(log: Log, home: Path) -> dict[str, Any]:
    """Milliseconds by metric over the whole log, and over the last month in PostgreSQL; those whose answers differ."""
    lake, con = log["lake"], connect(log["lake"])
    all_of_it, month = whole(con), last_month(con)
    [(until,)] = con.execute("SELECT until FROM known").fetchall()
    con.close()
    started = time.perf_counter()
    with postgres.loaded(lake) as server:
        loaded = time.perf_counter() - started
        _say(f"PostgreSQL loaded in {loaded:.0f} s")
        wrong = postgres.differing(server, lake, all_of_it, until)
        _say(f"answers compared; different: {', '.join(wrong) or 'none'}")
        found = {
            "loaded": loaded,
            "bytes": postgres.size(server),
            "postgres": _without(wrong, postgres.timed(server, all_of_it, until)),
            "month": _without(wrong, postgres.timed(server, month, until)),
            "wrong": wrong,
        }
    _say("asked in PostgreSQL")
    facts = others.frames(lake)
    found |= {
        "sqlite": others.in_sqlite(facts, home, all_of_it),
        "pandas": others.in_pandas(facts, all_of_it),
    }
    _say("asked in SQLite and pandas")
    return found


def _without(wrong: Sequence[str], times: Mapping[str, float]) -> dict[str, float]:
    return {name: spent for name, spent in times.items() if name not in wrong}


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", flush=True)


def _sizes(small: Log, large: Log) -> list[Figure]:
    reader = large["reader"]
    return [
        Figure("events in the small log", small["events"], ""),
        Figure("events in the large log", large["events"], ""),
        Figure("making the large log, with its rows", large["made"], "s"),
        at_most("bytes an event, dialogs and all included", large["bytes"], "B", 60),
        Figure("memory of a reader that asked all pages", reader["memory_of_pages"], "MB"),
        Figure("memory of a reader that asked everything", reader["memory"], "MB"),
        Figure("a reader's start, nothing in memory", reader["start"], "ms"),
        Figure("a reader goes on to the next state of the log", reader["renew"], "ms"),
        Figure("all checks of all events", reader["checks"] / 1000, "s"),
    ]


def _keeping(log: Log, home: Path) -> list[Figure]:
    thousand = growing.batches(log["lake"], log["seller"])
    _say("a thousand more events, five times")
    seen = visible.spans(log["lake"], home)
    _say("seen from outside")
    anew = growing.anew(log["lake"])
    _say("computed anew")
    return [
        Figure("a thousand more events, with their rows, median", median(thousand), "s"),
        Figure("... the slowest of five", max(thousand), "s"),
        Figure("all rows anew from all events", anew, "s"),
        Figure("from the commit in the bot until a reader sees it, p50", quantile(seen, 0.5), "s"),
        at_most(
            "from the commit in the bot until a reader sees it, p99", quantile(seen, 0.99), "s", 1.5
        ),
    ]


def _pages(small: Log, large: Log) -> list[Figure]:
    """All questions of each page together; the last thirty days are what it shows unless somebody chooses."""
    return [
        at_most(
            f"page {page}, {said}, {log['size']}", log["reader"]["pages"][kind][page], "ms", goal
        )
        for log, goal in ((small, 150), (large, 500))
        for said, kind in (("a month", "month"), ("a month, cold", "cold"), ("whole log", "whole"))
        for page in PAGES
    ]


def _beside(small: Log, large: Log, rivals: Mapping[str, Any]) -> list[Figure]:
    """The set as a whole, then each metric over the whole log."""
    here, before = large["reader"]["metrics"], small["reader"]["metrics"]
    times = {name: here["whole"][name] / before["whole"][name] for name in here["whole"]}
    slower = _slower(rivals["postgres"], here["whole"])
    in_month = _slower(rivals["month"], here["month"])
    worst = max(times, key=lambda name: times[name])
    return [
        at_most(f"{large['size']} against {small['size']}, the most of any ({worst})", times[worst], "times", 8),
        at_least("PostgreSQL against the log, median of the set", median(slower.values()), "times", 10),
        Figure("... the least", min(slower.values()), "times"),
        Figure("... the most", max(slower.values()), "times"),
        Figure("... over the last month, median of the set", median(in_month.values()), "times"),
        at_most("metrics that PostgreSQL answers otherwise", len(rivals["wrong"]), "", 0),
        Figure("filling PostgreSQL, with indexes", rivals["loaded"], "s"),
        Figure("bytes an event in PostgreSQL, without the events' bodies", rivals["bytes"] / large["events"], "B"),
        Figure("a metric over a month, through `connect`, median of the set", median(large["reader"]["live"].values()), "ms"),
        Figure("a metric over a month, through SteadyLog, median of the set", median(here["month"].values()), "ms"),
        Figure("a metric over a month, PostgreSQL, median of the set", median(rivals["month"].values()), "ms"),
        *(figure for name in sorted(times) for figure in _of_metric(name, small, large, rivals)),
    ]  # fmt: skip


def _of_metric(name: str, small: Log, large: Log, rivals: Mapping[str, Any]) -> list[Figure]:
    before, spent = (log["reader"]["metrics"]["whole"][name] for log in (small, large))
    return [
        Figure(f"{name}, {small['size']}", before, "ms"),
        Figure(f"{name}, {large['size']}", spent, "ms"),
        at_most(f"{name}, {large['size']} against {small['size']}", spent / before, "times", 8),
        *(
            Figure(f"{name}, {title} against the log", rivals[rival][name] / spent, "times")
            for rival, title in (("postgres", "PostgreSQL"), ("sqlite", "SQLite"), ("pandas", "pandas"))
            if name in rivals[rival]
        ),
    ]  # fmt: skip


def _slower(there: Mapping[str, float], here: Mapping[str, float]) -> dict[str, float]:
    return {name: spent / here[name] for name, spent in there.items()}


_METHOD = (
    "A made-up month of the sample, over three years: {small:,} events, and {large:,} with as many copies of each chat as it "
    "takes, each with ids, listings and words of its own. Every metric of the catalogue, by a reader in a process of its own "
    "(`SteadyLog`), median of three after one that warms up, over the whole log by months and over the last thirty days by "
    "days. A page's questions are the metrics that its module names, one after the other, each over the month before too, "
    "and those of its filters; the page of the quality also checks two weeks of events. Cold: the first questions of a new "
    "connection, with the log's files dropped from the machine's memory. PostgreSQL 18 has the same facts in a normalised "
    "schema, with the rows of dialogs and waits that the sink keeps (it is not charged for keeping them), indexes for time, "
    "account, listing and key, covering ones where that saves reading the table, 1 GB of buffers and 128 MB for sorting "
    "(bench/numbers/rivals); its answers over the whole log are compared with the log's before any is timed. Not translated: "
    "`marks`, `listing_funnel` and `listing_changes`. SQLite with covering indexes and pandas with all columns in memory answer four questions, "
    "of dialogs, leads, messages and verdicts, in a simpler shape."
)
