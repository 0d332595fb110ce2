"""The first form of a name: «Льва Борисовича» is Лев Борисович."""

import re
from collections.abc import Sequence

from bot.assistant.morphology import NAME, PATRONYMIC, SURNAME, Reading, readings
from bot.assistant.name_forms import first_of, normal

_WORD = re.compile(r"[^\W\d_]+")
_KINDS = (NAME, PATRONYMIC, SURNAME)


def nominative(name: str) -> str:
    """The name as one introduces oneself, each word with a capital; a word of unknown form stays as it is."""
    words = _WORD.findall(name)
    woman = _is_womans(words)
    return _WORD.sub(lambda word: _of_word(word.group(), woman, alone=len(words) == 1), name)


def _of_word(word: str, woman: bool | None, *, alone: bool) -> str:
    common = first_of(normal(word)) if alone else None
    known = [one for one in _readings(word) if woman is None or one.woman in (None, woman)]
    if common is None and not any(one.nominative for one in known):
        common = _best(known, surname_may_change=woman is not None) or first_of(normal(word))
    return _as_written(word, common or normal(word))


def _best(known: Sequence[Reading], *, surname_may_change: bool) -> str | None:
    """What the word is a case of: a first name before a surname."""
    kinds = _KINDS if surname_may_change else _KINDS[:-1]
    return next((one.first for kind in kinds for one in known if one.kind == kind), None)


def _readings(word: str) -> list[Reading]:
    return [one for one in readings(word) if one.kind in _KINDS]


def _is_womans(words: Sequence[str]) -> bool | None:
    """Whether the words name a woman; None if they do not say."""
    for kind in (PATRONYMIC, NAME):
        for word in words:
            sexes = {one.woman for one in _readings(word) if one.kind == kind}
            if len(sexes) == 1 and None not in sexes:
                return sexes.pop()
    return None


def _as_written(word: str, low: str) -> str:
    """The found form with the writer's own letters as far as they go: ё stays ё."""
    shared = 0
    while shared < min(len(word), len(low)) and normal(word[shared]) == normal(low[shared]):
        shared += 1
    whole = word[:shared].lower() + low[shared:]
    return whole[:1].upper() + whole[1:]
