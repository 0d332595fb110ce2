"""A made-up but realistic event log, the same for the same seed, with known truth.

First the facts of all dialogs are drawn (`facts.py`), which is fast; then dialogs are played to them
(`telling.py`), which makes texts and events. What an analysis should find is in the facts.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.events import EventRow
from pipeline.lake import Lake
from pipeline.making import make_log
from pipeline.sample.facts import Facts, draw
from pipeline.sample.telling import SILENCE, Telling
from pipeline.sample.truth import truth
from pipeline.sample.world import World

__all__ = ["SILENCE", "Sample", "make", "make_in", "write"]

MOST_DAYS = 1500


@dataclass(frozen=True)
class Sample:
    """The rows of the log, in order, and the truth behind them."""

    rows: list[EventRow]
    truth: dict[str, Any]
    facts: Facts = field(compare=False, repr=False)


def make(days: int, seed: int, end: datetime, dialogs_a_day: float = 40) -> Sample:
    """A log of `days` days that ends at `end` (with its zone). Same arguments, same rows."""
    facts = _facts(days, seed, end, dialogs_a_day)
    telling = Telling(facts, seed)
    rows = list(telling.rows())
    return Sample(rows, truth(facts, seed, telling.told), facts)


def write(sample: Sample, folder: Path) -> Lake:
    """Makes the log in `folder`, with `truth.json` beside it; see `make_log`."""
    return make_log(folder, sample.rows, "truth.json", lambda: sample.truth)


def make_in(
    folder: Path, days: int, seed: int, end: datetime, dialogs_a_day: float = 40
) -> tuple[Lake, dict[str, Any]]:
    """`make` and `write` in one, for logs of years: never more than a few thousand rows at once.
    The log and its truth."""
    facts = _facts(days, seed, end, dialogs_a_day)
    telling = Telling(facts, seed)
    lake = make_log(folder, telling.rows(), "truth.json", lambda: truth(facts, seed, telling.told))
    return lake, truth(facts, seed, telling.told)


def _facts(days: int, seed: int, end: datetime, dialogs_a_day: float) -> Facts:
    if days < 1:
        raise ValueError("a sample has at least one day")
    if days > MOST_DAYS:
        raise ValueError(f"a sample has at most {MOST_DAYS} days")
    start = end.replace(microsecond=0) - timedelta(days=days)
    return draw(World(start, days, dialogs_a_day), seed)
