"""The unchanging beginning of a Russian word, so that «квартиру» and «квартиры» are one."""

import re
from functools import lru_cache

_ENDINGS = sorted(
    re.findall(
        r"\S+",
        """
    иями ями ами ыми ими ого его ому ему ая яя ое ее ой ей ый ий ую юю ом ем им ым ам ям ах ях их ых ов ев ию ия ие ии
    ью ья ье ые а я о е ы и у ю ь й
    ить ать ять еть уть ыть ти ет ит ют ут ят ат ешь ишь ете ите ла ло ли л юсь усь тся ться лся лась лись лось
    ал ил ел ял аем яем уем аю яю уют ают яют ует ает яет ованы ована овано
    ный ная ное ные ного ной ному ным ных нуя ную
    """,
    ),
    key=len,
    reverse=True,
)
_LONGEST = 6
_FLEETING = re.compile(r"(?<=[бвгджзклмнпрстфхцчшщ])[ое](?=[нлрц]$)")


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """At most six letters of a lower-case word, without its ending; a short word stays whole."""
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith(("ок", "ек")) and len(word) > 4:
        return _shortened(word[:-2] + "к")  # «розеток», «песок»
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return _shortened(word)


_WORDS = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """The stems of all words of a plain text."""
    return frozenset(stem(word) for word in _WORDS.findall(text))


def _shortened(word: str) -> str:
    if len(word) > 4 and word.endswith("к"):
        word = word[:-1]  # «розетк»
    return (_FLEETING.sub("", word) if len(word) > 3 else word)[:_LONGEST]  # «окно», «окон»
