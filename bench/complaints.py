"""Finds the weights by which a message sounds like a complaint, and writes bot/assistant/complaining.json.

    python -m bench.complaints

Learned from `complaints.jsonl` (the set `learned`), from `hand_off.jsonl`, and from what clients write in labelled dialogs and
before replies of the guard's rows: there nobody complains, but for those that the rules or a label take out. The set
`unseen` was written before the model was made and is not learned from; its figures are printed, and so are those of
messages that nobody complains in, each judged by weights that were learned without it.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bench.report import ROOT
from bot.assistant import complaining
from bot.assistant.stepping_aside import by_rules, plainly

CORPUS = ROOT / "tests" / "corpus"
OUT = ROOT / "bot" / "assistant" / "complaining.json"
RIDGE = 0.3
OFTEN = 3
"""In so many messages a sign must stand to be learned."""
LOUD = 2.0
"""How much a row counts that was written to teach this; the others are many."""
FOLDS = 5

Weights = Mapping[str, float]


def rows(name: str) -> list[dict[str, Any]]:
    lines = (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def quiet() -> list[str]:
    """What clients write who complain of nothing."""
    said = [row["client"] for name in ("guard", "guard_more", "guard_unseen", "guard_later") for row in rows(name)]  # fmt: skip
    for name in ("dialogs", "dialogs_unseen"):
        for row in rows(name):
            if not row["labels"]["wants_human"]:
                said += [one["text"] for one in row["messages"] if one["author"] == "client"]
    return [text for text in dict.fromkeys(said) if by_rules([text]) is None]


def taught() -> dict[str, tuple[bool, float]]:
    """Each message with its label and how much it counts."""
    found = dict.fromkeys(quiet(), (False, 1.0))
    for row in rows("hand_off"):
        if not row["wants_human"]:
            found[row["text"]] = (False, 1.0)
        elif by_rules([row["text"]]) != "asked_for_human":
            found[row["text"]] = (True, LOUD)
    for row in rows("complaints"):
        found.pop(row["text"], None)
        if row["set"] == "learned":
            found[row["text"]] = (row["complaint"], LOUD)
    return {plainly(text): label for text, label in found.items()}


def fit(texts: Sequence[str], labels: np.ndarray, counts: np.ndarray) -> Weights:
    """Bias ("") and weights of a logistic regression with a ridge.

    By Newton's method in the space of the messages, which are fewer than the signs.
    """
    seen = [complaining.signs(text) for text in texts]
    often = Counter(sign for signs in seen for sign in signs)
    place = {sign: n for n, sign in enumerate(sorted(s for s, c in often.items() if c >= OFTEN))}
    design = np.zeros((len(seen), len(place)))
    for row, found in enumerate(seen):
        known = [place[sign] for sign in found if sign in place]
        if known:
            design[row, known] = 1 / np.sqrt(len(known))
    alike, shares, bias = design @ design.T / RIDGE, np.zeros(len(seen)), 0.0
    for _ in range(50):
        total = alike @ shares + bias
        likely = 1 / (1 + np.exp(-total))
        slope = counts * likely * (1 - likely) + 1e-9
        system = alike + np.diag(1 / slope)
        aimed = np.linalg.solve(system, total + counts * (labels - likely) / slope)
        even = np.linalg.solve(system, np.ones(len(seen)))
        bias = float(aimed.sum() / even.sum())
        now = aimed - bias * even
        moved, shares = np.abs(now - shares).max(), now
        if moved < 1e-6:
            break
    weights = design.T @ shares / RIDGE
    return {"": round(bias, 3)} | {sign: round(float(weights[n]), 3) for sign, n in place.items()}


def chance(weights: Weights, text: str) -> float:
    """As production reckons it, by other weights."""
    known = [weights[sign] for sign in complaining.signs(text) if sign in weights]
    total = weights[""] + (sum(known) / np.sqrt(len(known)) if known else 0.0)
    return float(1 / (1 + np.exp(-total)))


def main() -> None:
    said = taught()
    texts = list(said)
    labels = np.array([float(label) for label, _ in said.values()])
    counts = np.array([count for _, count in said.values()])
    weights = fit(texts, labels, counts)
    OUT.write_text(json.dumps(weights, ensure_ascii=False, indent=0) + "\n", "utf-8")

    without = np.zeros(len(texts))
    for fold in range(FOLDS):
        mine = np.arange(len(texts)) % FOLDS == fold
        others = fit([t for t, m in zip(texts, mine, strict=True) if not m], labels[~mine], counts[~mine])  # fmt: skip
        without[mine] = [chance(others, t) for t, m in zip(texts, mine, strict=True) if m]
    unseen = [row for row in rows("complaints") if row["set"] == "unseen"]
    for likely in (0.5, 0.6, 0.7, 0.8):
        right, wrong = (
            sum(chance(weights, plainly(row["text"])) >= likely for row in unseen if row["complaint"] is label)
            for label in (True, False)
        )  # fmt: skip
        found = (without >= likely)[labels == 1].sum()
        false = (without >= likely)[labels == 0].sum()
        print(
            f"from {likely}: unseen {right} right, {wrong} wrong of 30 and 30; without themselves "
            f"{found} of {int(labels.sum())} right, {false} of {int((labels == 0).sum())} wrong"
        )
    print(f"{len(weights)} weights, {OUT.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
