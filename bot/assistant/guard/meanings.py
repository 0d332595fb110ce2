"""What ordinary Russian words are like: near to which others they are used, and whether they tend to claim nothing.

`words.gz` has 30 000 first forms, a line each: the form, then 25 signed bytes in hexadecimal digits. 24 of them are the
main axes of the word's place among all words (navec, MIT licence: 250 000 words of Russian news), the last is how much
it is like the words that claim nothing (`plain_words.py`). `bench/guard_words.py` makes it.
"""

import gzip
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

from bot.assistant.guard.kin import first_form

AXES = 24
_NOWHERE = (0.0,) * AXES
_FILE = Path(__file__).with_name("words.gz")


@cache
def _words() -> dict[str, bytes]:
    """The table; some five megabytes, read when it is first asked for."""
    with gzip.open(_FILE, "rt", encoding="utf-8") as lines:
        return {
            form: bytes.fromhex(numbers)
            for form, _, numbers in (line.rstrip("\n").partition(" ") for line in lines)
        }


@lru_cache(maxsize=8192)
def _numbers(word: str) -> tuple[float, ...] | None:
    found = _words().get(first_form(word))
    return None if found is None else tuple(((one + 128) % 256 - 128) / 127 for one in found)


def is_met(word: str) -> bool:
    """Whether the table has a form of this word."""
    return _numbers(word) is not None


def plainness(word: str, unmet: float) -> float:
    """From 0 to 1: how much a word is like those that claim nothing; `unmet` for one that the table does not have."""
    found = _numbers(word)
    return unmet if found is None else (found[AXES] + 1) / 2


def middle(words: Sequence[str]) -> Sequence[float]:
    """Where some words stand on average, on each axis; zeros where none is in the table."""
    found = [numbers for one in words if (numbers := _numbers(one)) is not None]
    if not found:
        return _NOWHERE
    return [sum(one[axis] for one in found) / len(found) for axis in range(AXES)]
