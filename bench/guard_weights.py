"""Finds the weights by which the guard weighs a clause, and writes bot/assistant/guard/weights.json.

    python -m bench.guard_weights

What the judges find today on rows that they were mended for is too good to learn from. So `guard_first_sight.jsonl` keeps
what they found in each row when they saw it first: by the guard as it was before that row's round. From this, and from
what else a clause looks like (`signs.py`), logistic regression learns which findings to trust, and what looks like a
claim that no judge knows. Of rows whose first sight nobody kept the clauses are learned from as if no judge had spoken:
those with a violation count as much as judges overlook at first sight.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from bench.report import ROOT
from bot.assistant import guard
from bot.assistant.guard.signs import Signs
from bot.assistant.guard.talk import Kind, talk_of

CORPUS = ROOT / "tests" / "corpus"
FIRST_SIGHT = ROOT / "bench" / "guard_first_sight.jsonl"
OUT = ROOT / "bot" / "assistant" / "guard" / "weights.json"
RIDGE = 10.0
OVERLOOKED = 0.12
"""The share of made-up claims that the judges do not find at first sight."""
COURTESY = 4.0
"""How much a sentence of courtesy counts: there are few rows of them, and one in every reply."""

Row = Mapping[str, Any]
Seen = Sequence[tuple[str, Kind, int, int]]  # judge, kind, start, end: of one finding


def fit(
    values: np.ndarray, labels: np.ndarray, *, ridge: float, counts: np.ndarray | None = None
) -> np.ndarray:
    """The bias and weights of a logistic regression with a ridge, by Newton's method. `counts`: how much each row weighs."""
    counts = np.ones(len(labels)) if counts is None else counts
    design = np.hstack([np.ones((len(values), 1)), values])
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = 0.0
    weights = np.zeros(design.shape[1])
    for _ in range(100):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (counts * (chance - labels)) + penalty * weights
        curve = (design * (counts * chance * (1 - chance))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def clauses(row: Row, seen: Seen) -> Iterator[tuple[Signs, bool]]:
    """Each clause of a reply with what was found there, and whether it holds most of a labelled violation."""
    talk = talk_of(row["reply"], guard.from_row(row["facts"]), [row["client"]])
    labelled = [_span(row["reply"], one["text"]) for one in row["violations"]]
    for clause in talk.reply.clauses:
        start, end = talk.reply.plain.source_span(clause.start, clause.end)
        found = {
            (judge, kind) for judge, kind, first, last in seen if min(last, end) > max(first, start)
        }
        bad = any(
            min(last, end) - max(first, start) >= 0.5 * min(end - start, last - first)
            for first, last in labelled
        )
        yield Signs(talk, clause, found), bad


def _span(reply: str, text: str) -> tuple[int, int]:
    start = reply.find(text)
    return (start, start + len(text)) if start >= 0 else (0, len(reply))


def learn(rows: Mapping[str, Row], seen: Mapping[str, Seen]) -> dict[str, float]:
    """The weight of each number, for numbers as they come, and of nothing («bias»)."""
    found = [
        (signs, bad, 1.0) for name, one in seen.items() for signs, bad in clauses(rows[name], one)
    ]
    found += [
        (signs, bad, OVERLOOKED if bad else COURTESY if name.startswith("courtesy") else 1.0)
        for name, row in rows.items()
        if name not in seen
        for signs, bad in clauses(row, ())
    ]
    names = [name for name, _ in found[0][0].named()]
    values = np.array([[value for _, value in signs.named()] for signs, _, _ in found])
    labels = np.array([bad for _, bad, _ in found])
    middle, spread = values.mean(0), values.std(0)
    spread[spread == 0] = 1.0
    counts = np.array([count for *_, count in found])
    bias, *weights = fit((values - middle) / spread, labels, ridge=RIDGE, counts=counts)
    own = np.array(weights) / spread
    return {
        "bias": round(float(bias - own @ middle), 4),
        **{name: round(float(one), 4) for name, one in zip(names, own, strict=True)},
    }


def all_rows() -> dict[str, Row]:
    """The labelled rows that may be learned from, by id: all but those that stay unseen."""
    return {
        row["id"]: row
        for path in sorted(CORPUS.glob("guard*.jsonl"))
        if "unseen" not in path.name
        for row in map(json.loads, path.read_text("utf-8").splitlines())
    }


def first_sight() -> dict[str, Seen]:
    """What was found in each row when it was seen first, by id."""
    lines = map(json.loads, FIRST_SIGHT.read_text("utf-8").splitlines())
    return {one["id"]: one["found"] for one in lines}


if __name__ == "__main__":
    OUT.write_text(
        json.dumps(learn(all_rows(), first_sight()), ensure_ascii=False, indent=1) + "\n"
    )
