"""What a dictionary of Russian says about a word: whether it is a name, a surname, a town, and its first form."""

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import pymorphy3

NAME, SURNAME, PATRONYMIC, PLACE = "Name", "Surn", "Patr", "Geox"
_KINDS = (NAME, SURNAME, PATRONYMIC, PLACE)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a word. `kind` is NAME, SURNAME, PATRONYMIC, PLACE or empty for an ordinary word."""

    kind: str
    first: str  # nominative singular of the same gender, lower case
    nominative: bool
    woman: bool | None
    lemma: str


@cache
def _analyzer() -> Any:
    return pymorphy3.MorphAnalyzer(lang="ru")


def warm_up() -> None:
    """Loads the dictionary now (a third of a second) and not when the first client writes."""
    readings("анна")


@lru_cache(maxsize=8192)
def _parses(word: str) -> tuple[Any, ...]:
    """All readings, the likeliest first; none for signs that have no name. Looking a word up is what takes time here."""
    if not all(unicodedata.name(sign, "") for sign in word):
        return ()
    return tuple(_analyzer().parse(word))


@lru_cache(maxsize=20_000)
def readings(word: str) -> tuple[Reading, ...]:
    """All readings that stand in the dictionary; none for a word that it would have to guess."""
    found = []
    for parse in _parses(word.lower()):
        several = parse.tag.number == "plur" and not {NAME, PATRONYMIC}.isdisjoint(
            parse.tag.grammemes
        )
        if parse.is_known and not several:  # «Сидоров» are hardly several men named Sidor
            found.append(_reading(parse))
    return tuple(found)


def _reading(parse: Any) -> Reading:
    tag = parse.tag
    kind = next((kind for kind in _KINDS if kind in tag), "")
    woman = {"femn": True, "masc": False}.get(tag.gender)
    return Reading(
        kind,
        _first(parse, kind),
        tag.case == "nomn" and tag.number == "sing",
        woman,
        parse.normal_form,
    )


def _first(parse: Any, kind: str) -> str:
    """Surnames and patronymics keep their gender; the dictionary's own first form would make a man of everybody."""
    if kind not in (SURNAME, PATRONYMIC):
        return str(parse.normal_form)
    made = parse.inflect({"sing", "nomn"})
    return str(made.word if made else parse.normal_form)


def is_kind(word: str, kind: str) -> bool:
    """Whether the dictionary has such a reading of the word."""
    return any(reading.kind == kind for reading in readings(word))


def is_only(word: str, kind: str) -> bool:
    """Whether every reading of the word in the dictionary is of that kind, and there is one."""
    known = readings(word)
    return bool(known) and all(reading.kind == kind for reading in known)


def lemma(word: str) -> str:
    """The first form of a word, guessed where the dictionary does not have it."""
    return str(_lemma(word.lower()))


@lru_cache(maxsize=20_000)
def _lemma(word: str) -> str:
    found = _parses(word)
    return str(found[0].normal_form) if found else word


def tag(word: str) -> Any:
    """Part of speech, mood, person and tense of the likeliest reading of a word (`pymorphy3` tag)."""
    found = _parses(word)
    return found[0].tag if found else _analyzer().TagClass("UNKN")
