"""Russian (and English) number words as the digits that people mean when they dictate them."""

import re
from dataclasses import dataclass
from enum import Enum


class Place(Enum):
    """Which decimal place a word fills; it decides what may join the word from the right."""

    ZERO = "zero"
    UNIT = "unit"
    TEEN = "teen"
    TEN = "ten"
    HUNDRED = "hundred"
    REPEATED = "repeated"  # «нуля» in «два нуля», «семёрки» in «три семёрки»


@dataclass(frozen=True, slots=True)
class NumberWord:
    """What one word says: its value and its place."""

    value: int
    place: Place


_SPELLINGS: dict[Place, dict[int, str]] = {
    Place.ZERO: {0: "ноль нуль нол нолик нулик zero"},
    Place.UNIT: {
        1: "один одна адин единица единичка единичку one",
        2: "два две двойка двоечка двойку two",
        3: "три тройка троечка тройку three",
        4: "четыре читыре четыри четверка четверочка четверку four",
        5: "пять пят пятерка пятерочка пятерку five",
        6: "шесть шест шестерка шестерочка шестерку six",
        7: "семь сем семерка семерочка семерку seven",
        8: "восемь восем восьмерка восьмерочка восьмерку eight",
        9: "девять девят девятка девяточка девятку nine",
    },
    Place.TEEN: {
        10: "десять десят",
        11: "одиннадцать одинадцать одиннацать одинацать",
        12: "двенадцать двенацать",
        13: "тринадцать тринацать",
        14: "четырнадцать четырнацать",
        15: "пятнадцать пятнацать",
        16: "шестнадцать шеснадцать шестнацать шеснацать",
        17: "семнадцать семнацать",
        18: "восемнадцать восемнацать",
        19: "девятнадцать девятнацать",
    },
    Place.TEN: {
        20: "двадцать двацать",
        30: "тридцать трицать",
        40: "сорок",
        50: "пятьдесят пятдесят пядесят писят",
        60: "шестьдесят шестдесят шесят",
        70: "семьдесят семдесят",
        80: "восемьдесят восемдесят",
        90: "девяносто девяноста",
    },
    Place.HUNDRED: {
        100: "сто",
        200: "двести",
        300: "триста",
        400: "четыреста четыриста",
        500: "пятьсот пятсот",
        600: "шестьсот шестсот шесот",
        700: "семьсот семсот",
        800: "восемьсот восемсот",
        900: "девятьсот девятсот девяцот",
    },
    Place.REPEATED: {
        0: "нуля ноля нулика нолика нулей нолей нули ноли",
        1: "единицы единички единиц",
        2: "двойки двоечки двоек",
        3: "тройки троечки троек",
        4: "четверки четверочки четверок",
        5: "пятерки пятерочки пятерок",
        6: "шестерки шестерочки шестерок",
        7: "семерки семерочки семерок",
        8: "восьмерки восьмерочки восьмерок",
        9: "девятки девяточки девяток",
    },
}

_TRANSLIT = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфы", "abvgdeziyklmnoprstufy", strict=True)),
        "ж": "zh",
        "х": "h",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sch",
        "ь": "",
        "ъ": "",
        "э": "e",
        "ю": "yu",
        "я": "ya",
    }
)


def _words() -> dict[str, NumberWord]:
    found: dict[str, NumberWord] = {}
    for place, values in _SPELLINGS.items():
        for value, spellings in values.items():
            for word in spellings.split():
                latin = word.translate(_TRANSLIT)
                for spelling in (word, latin, latin.replace("ts", "c")):
                    found.setdefault(spelling, NumberWord(value, place))
    return found


_WORDS = _words()
_RUN_TOGETHER = re.compile(
    "(?:" + "|".join(sorted((w for w in _WORDS if len(w) > 2), key=len, reverse=True)) + ")"
)


_BEGINNINGS = frozenset(word[:3] for word in _WORDS)


def may_begin_number(word: str) -> bool:
    """Whether a look at its first letters leaves a chance of a number word."""
    return word[:3].lower() in _BEGINNINGS


def number_word(word: str) -> NumberWord | None:
    """What `word` says if it is a number word, in any letter case and with е for ё."""
    plain = word.lower().replace("ё", "е")
    return _WORDS.get(plain) or (
        _WORDS.get(_MISSPELT.sub(_spell, plain)) if len(plain) > 5 else None
    )


def _spell(ending: re.Match[str]) -> str:
    return "дцать" if ending.group().startswith(("дца", "тца", "ца")) else "сот"


_MISSPELT = re.compile(r"(?:[дт]?цат[ьт]?|ь?[цс]о[тд])$")


def split_run_together(word: str) -> list[tuple[int, int]]:
    """Where the number words stand in a word such as «восемьдевятьсотдва»; [] if it is not one."""
    lowered = word.lower().replace("ё", "е")
    if not 6 <= len(lowered) <= 150:
        return []
    parts, at = [], 0
    while match := _RUN_TOGETHER.match(lowered, at):
        parts.append(match.span())
        at = match.end()
    return parts if at == len(lowered) and len(parts) > 1 else []


class Dictation:
    """Joins words that make one number: «девятьсот», «двадцать», «шесть» are 926.

    Feed words in their order with `add`; a word that does not join is refused, and
    starts a dictation of its own.
    """

    def __init__(self, word: NumberWord) -> None:
        self.digits = str(word.value)
        self._last = word.place
        self._before_unit = ""  # the digits without a last unit: it may yet count what follows

    def add(self, word: NumberWord) -> bool:
        """Take the word in and return True, or leave everything as it was and return False."""
        if word.place is Place.REPEATED:
            return self._repeat(word.value)
        if word.place is Place.UNIT and self._last in (Place.TEN, Place.HUNDRED):
            width = 1
        elif word.place in (Place.TEEN, Place.TEN) and self._last is Place.HUNDRED:
            width = 2
        else:
            return False
        self._before_unit = self.digits if width == 1 else ""
        self.digits = self.digits[:-width] + str(word.value)
        self._last = word.place
        return True

    @property
    def takes_tens(self) -> bool:
        """Whether the last word was a hundred, which digits may fill up: «триста 12»."""
        return self._last is Place.HUNDRED

    def _repeat(self, digit: int) -> bool:
        """«два нуля» are 00, «четыреста два нуля» 40000: the two counts the zeros."""
        if self._last is not Place.UNIT or self.digits[-1] not in "234":
            return False
        if len(self.digits) > 1 and not self._before_unit:
            return False
        self.digits = self._before_unit + str(digit) * int(self.digits[-1])
        self._last = Place.REPEATED
        return True
