"""Makes bot/assistant/guard/words.gz: where ordinary words stand among all words, and how plain they are.

    python -m bench.guard_words navec_news_v1_1B_250K_300d_100q.tar

The file is the one that the packages navec and natasha know (MIT licence); navec must be installed to read it. It is
needed only here: the guard reads what this writes. How plain a word is, is found by logistic regression: the words that
`plain_words.py` and its like list against the things and qualities of the corpora's facts and against the verbs of work.
"""

import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.guard_weights import all_rows, fit
from bench.report import ROOT
from bot.assistant import morphology
from bot.assistant.guard.everyday import is_everyday, listed
from bot.assistant.guard.kin import first_form, part
from bot.assistant.guard.meanings import AXES
from bot.assistant.guard.work_words import work_words

OUT = ROOT / "bot" / "assistant" / "guard" / "words.gz"
FREQUENT = 8000
"""The axes are those of the first so many words of the table."""


def main(tar: Path) -> None:
    """Reads the embeddings, writes the table."""
    from navec import Navec

    navec = Navec.load(str(tar))
    forms = [(place, one) for place, one in enumerate(navec.vocab.words) if _is_first_form(one)]
    table = navec.pq.unpack()[[place for place, _ in forms]].astype(float)
    table -= table.mean(0)
    table /= np.linalg.norm(table, axis=1, keepdims=True) + 1e-9
    names = [one.replace("ё", "е") for _, one in forms]
    axes = np.linalg.svd(table[:FREQUENT], full_matrices=False)[2][:AXES]
    plain = _plainness(names, table)
    numbers = np.hstack([table @ axes.T, plain[:, None] * 2 - 1])
    rounded = np.clip(np.round(numbers * 127), -127, 127).astype(np.int8)
    lines = sorted(
        f"{name} {row.tobytes().hex()}\n" for name, row in zip(names, rounded, strict=True)
    )
    with open(OUT, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write("".join(lines).encode())


def _is_first_form(word: str) -> bool:
    return bool(re.fullmatch(r"[а-яё-]{3,}", word)) and any(
        not one.kind and one.lemma == word for one in morphology.readings(word)
    )


def _plainness(names: list[str], table: np.ndarray) -> np.ndarray:
    plain = {one for one in listed() if one.isalpha() and len(one) > 2}
    telling = (work_words() | set(_of_facts())) - plain
    chosen = [place for place, one in enumerate(names) if one in plain or one in telling]
    labels = np.array([names[place] in plain for place in chosen])
    weights = fit(table[chosen], labels, ridge=0.3)
    return 1 / (1 + np.exp(-(table @ weights[1:] + weights[0])))


def _of_facts() -> Iterator[str]:
    for row in all_rows().values():
        told = [one["text"] for one in row["violations"] if one["kind"] in ("stock", "delivery")]
        text = json.dumps(row["facts"], ensure_ascii=False) + " " + " ".join(told)
        for word in re.findall(r"[а-яё]{3,}", text.lower()):
            plain = word.replace("ё", "е")
            if part(plain) in ("thing", "quality") and not is_everyday(plain):
                yield first_form(plain)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
