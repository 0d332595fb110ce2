"""How well the assistant's parts do on the labelled rows in tests/corpus, and how long the guard takes for a reply."""

import time
from collections.abc import Iterator
from pathlib import Path

from bench.report import ROOT, Figure, Section, at_least, at_most, quantile
from bot.assistant import guard
from bot.assistant.evaluation import Evaluation, Row, evaluate, kinds, read_rows
from bot.assistant.guard.reading import read

CORPUS = ROOT / "tests" / "corpus"
GOALS = {"guard": 0.95, "injections": 1.0, "masking": 0.9, "phones": 0.97}
"""Least recall, by kind."""


def measure() -> Section:
    """Every file whose name begins with a kind of rows is evaluated as that kind."""
    figures = [
        figure
        for kind in kinds()
        for path in sorted(CORPUS.glob(f"{kind}*.jsonl"))
        for figure in _figures(path, evaluate(kind, read_rows(path)))
    ]
    return Section(
        "Labelled rows",
        "`python -m bot evaluate` over tests/corpus. The parts were made with these rows, except those named unseen, so the figures say what they "
        "can do; docs/guard.md and docs/reading.md tell what they did on rows they had never seen. Milliseconds are CPU time of one "
        "reply, facts known, the reply new.",
        [*figures, *_times()],
    )


def _figures(path: Path, found: Evaluation) -> Iterator[Figure]:
    name = f"{path.stem} ({len(found.outcomes)} rows)"
    goal = GOALS.get(found.kind)
    recall = f"{name}: recall"
    yield at_least(recall, found.recall, "", goal) if goal else Figure(recall, found.recall, "")
    if found.kind == "dialogs":
        yield from _fields(path, found)
        return
    if found.false_blocks is None:
        yield Figure(f"{name}: precision", found.precision, "")
    else:
        yield at_most(f"{name}: false blocks", found.false_blocks, "", 0.03)


def _fields(path: Path, found: Evaluation) -> Iterator[Figure]:
    """A dialog is judged field by field."""
    for field, figures in found.by_kind.items():
        yield Figure(f"{path.stem}, {field}: recall", figures.recall, "")
        yield Figure(f"{path.stem}, {field}: precision", figures.precision, "")


def _times() -> Iterator[Figure]:
    rows = [row for path in sorted(CORPUS.glob("guard*.jsonl")) for row in read_rows(path)]
    known = [guard.from_row(row["facts"]) for row in rows]
    for row, facts in zip(rows, known, strict=True):
        guard.check("Здравствуйте! Чем помочь?", facts, [row["client"]])
    read.cache_clear()  # the replies were just read for the figures above
    taken = [_time(row, facts) for row, facts in zip(rows, known, strict=True)]
    yield Figure("guard, one reply, median", quantile(taken, 0.5), "ms")
    yield at_most("guard, one reply, p99", quantile(taken, 0.99), "ms", 5)


def _time(row: Row, facts: guard.Knowledge) -> float:
    started = time.thread_time()
    guard.check(row["reply"], facts, [row["client"]])
    return (time.thread_time() - started) * 1000
