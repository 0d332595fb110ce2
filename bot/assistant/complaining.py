"""How much a client's message sounds like a complaint: word by word, where no rule knows the sentence.

A sum of small weights over words, pairs of words and parts of words (logistic regression, `complaining.json`), learned
from labelled messages by `python -m bench.complaints`. The same message always has the same chance.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from math import exp, sqrt
from pathlib import Path

LIKELY = 0.7
"""The chance from which a person should look: of other messages one in two hundred came so far."""

FEWEST = 3
"""Words and marks of a message that is weighed at all."""

LONGEST = 300
"""Characters that are weighed, the last ones: a complaint is said in a sentence or two."""

_FILE = Path(__file__).with_name("complaining.json")
_WORD = re.compile(r"[а-яa-z]+|\d+|[?!]")
_PARTS = range(3, 6)


def sounds_so(text: str) -> bool:
    """Whether a person should look at it as at a complaint. A word or two say too little: «залог», «третий день»."""
    return len(_WORD.findall(text.lower())) >= FEWEST and chance(text) >= LIKELY


def chance(text: str) -> float:
    """From 0 to 1."""
    bias, weights = _learned()
    known = [weights[sign] for sign in signs(text) if sign in weights]
    total = bias + (sum(known) / sqrt(len(known)) if known else 0.0)
    return 1 / (1 + exp(-max(min(total, 50.0), -50.0)))


def signs(text: str) -> set[str]:
    """What is weighed in a message: its words, their pairs, and their parts of three to five letters."""
    said = _WORD.findall(text[-LONGEST:].lower().replace("ё", "е"))
    words = ["0" if word.isdigit() else word for word in said]
    pairs = zip(["^", *words], [*words, "$"], strict=True)
    return {*words, *(f"{one} {other}" for one, other in pairs), *_parts(words)}


def _parts(words: list[str]) -> set[str]:
    return {
        f"_{padded[at : at + size]}"
        for padded in (f"<{word}>" for word in words)
        for size in _PARTS
        for at in range(len(padded) - size + 1)
    }


@cache
def _learned() -> tuple[float, Mapping[str, float]]:
    weights: dict[str, float] = json.loads(_FILE.read_text("utf-8"))
    return weights.pop(""), weights
