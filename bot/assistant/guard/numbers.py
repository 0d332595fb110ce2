"""Numbers in a text, in digits or in words, in any case: «27 900», «2,8к», «полторы тысячи», «девять с половиной тысяч»."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\d{1,2}:\d{2}(?!\d)"
    r"|\d{1,3}(?:[ .']\d{3})+(?![\d]|[.,]\d|\s?(?:гб|gb|тб|tb|мм|mm)\b)(?!\s\d{2}\b)"
    r"|\d+[.,]\d+"
    r"|\d+|к?м[23](?!\w)|[^\W\d_]+|[^\w\s]|\n|_"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number in digits, or a sign, in plain text."""

    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()

    @property
    def is_number(self) -> bool:
        return self.text[0].isdigit()


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens [first, last]; `scaled` when a word or letter made it thousands."""

    value: float
    first: int
    last: int
    scaled: bool = False
    spoken: bool = False


def tokens(text: str) -> list[Token]:
    """What a plain text consists of, in order."""
    return [Token(one.group(), one.start(), one.end()) for one in _TOKEN.finditer(text)]


def _forms(table: str) -> dict[str, float]:
    forms = {}
    for line in table.strip().splitlines():
        value, *words = line.split()
        forms.update(dict.fromkeys(words, float(value)))
    return forms


_UNITS = _forms("""
0 ноль нуля нуль
1 один одна одно одного одной одну одним одном
2 два две двух двум двумя двое двоих двоим обе оба обеих обоих обеими обоим
3 три трех трем тремя трое троих
4 четыре четырех четырем четырьмя четверо четверых
5 пять пяти пятью пятеро пятерых
6 шесть шести шестью шестеро
7 семь семи семью семеро
8 восемь восьми восемью восьмью
9 девять девяти девятью
""")
_TEENS = _forms("""
10 десять десяти десятью
11 одиннадцать одиннадцати
12 двенадцать двенадцати
13 тринадцать тринадцати
14 четырнадцать четырнадцати
15 пятнадцать пятнадцати
16 шестнадцать шестнадцати
17 семнадцать семнадцати
18 восемнадцать восемнадцати
19 девятнадцать девятнадцати
""")
_TENS = _forms("""
20 двадцать двадцати
30 тридцать тридцати
40 сорок сорока
50 пятьдесят пятидесяти полтинник
60 шестьдесят шестидесяти
70 семьдесят семидесяти
80 восемьдесят восьмидесяти
90 девяносто девяноста
""")
_HUNDREDS = _forms("""
100 сто ста сотня сотню сотни
200 двести двухсот двумстам
300 триста трехсот тремстам
400 четыреста четырехсот
500 пятьсот пятисот полтыщи полтысячи пятихатка пятихатку
600 шестьсот шестисот
700 семьсот семисот
800 восемьсот восьмисот
900 девятьсот девятисот
""")
_THOUSAND = re.compile(
    r"^(?:тыс|тыщ|тысч|тысяч[аиуей]{0,2}|тыщ[аиуей]*|тысчонк\w+|косар\w{0,3}|килорубл\w*)$"
)
_HALVES = {"полтора": 1.5, "полторы": 1.5, "полутора": 1.5}
_LETTER_THOUSAND = frozenset(("к", "k", "тр"))
_PAIR = frozenset(("пара", "пару", "пары", "парочка", "парочку"))
_MILLION = re.compile(r"^(?:млн|миллион\w{0,3}|лям\w{0,2})$")


def _digits(text: str) -> float:
    bare = text.replace(" ", "").replace("'", "")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", bare):
        bare = bare.replace(".", "")
    return float(bare.replace(",", "."))


def numbers(found: Sequence[Token]) -> list[Number]:
    """Every number among the tokens, in order; clock times («14:00») are none."""
    numbers, at = [], 0
    while at < len(found):
        one = _number_at(found, at)
        if one:
            numbers.append(one)
            at = one.last + 1
        else:
            at += 1
    return numbers


def _number_at(found: Sequence[Token], at: int) -> Number | None:
    token = found[at]
    if token.is_number:
        if ":" in token.text:
            return None
        spaced = _spaced_digits(found, at)
        if spaced:
            return _scaled(found, spaced)
        return _scaled(found, Number(_digits(token.text), at, at))
    return _spoken(found, at)


def _spaced_digits(found: Sequence[Token], at: int) -> Number | None:
    """«1 5 0 0»: three single digits or more with one blank between."""
    last = at
    while (
        last + 1 < len(found)
        and len(found[last].text) == len(found[last + 1].text) == 1
        and found[last + 1].is_number
        and found[last + 1].start - found[last].end == 1
    ):
        last += 1
    if last - at < 2:
        return None
    return Number(float("".join(one.text for one in found[at : last + 1])), at, last)


def _spoken(found: Sequence[Token], at: int) -> Number | None:
    """Number words from `at` on, hundreds before tens before units, thousands before those; «шесть семьсот» too."""
    total, current, floor, last = 0.0, 0.0, 10_000.0, at - 1
    scaled = False
    while last + 1 < len(found):
        word = found[last + 1].text
        if last >= at and found[last + 1].start - found[last].end > 1:
            break
        if word in _HALVES and current == 0:
            current, floor = _HALVES[word], 1
        elif word in _UNITS and floor > 9:
            current, floor = current + _UNITS[word], 9
        elif word in _TEENS and floor > 19:
            current, floor = current + _TEENS[word], 9
        elif word in _TENS and floor > 99:
            current, floor = current + _TENS[word], 99
        elif word in _HUNDREDS and floor > 900:
            current, floor = current + _HUNDREDS[word], 900
        elif word in _HUNDREDS and not scaled and last == at and 1 <= current < 100:
            total, current, floor, scaled = current * 1000, _HUNDREDS[word], 900, True
        elif word == "сотен" and 0 < current < 10:
            current, floor = current * 100, 900
        elif word in _PAIR and last < at:
            current, floor = 2.0, 1
        elif last >= at and word == "с" and _half_follows(found, last + 2):
            current, floor, last = current + 0.5, 1, last + 1
        elif _THOUSAND.match(word) and not scaled and (last >= at or _bare_thousand(found, at)):
            total, current, floor, scaled = (current or 1.0) * 1000, 0.0, 1000.0, True
        elif _MILLION.match(word) and last >= at:
            total, current, floor, scaled = (total + current) * 1_000_000, 0.0, 1000.0, True
        else:
            break
        last += 1
    if last < at:
        return None
    return Number(total + current, at, last, scaled, spoken=True)


def _half_follows(found: Sequence[Token], at: int) -> bool:
    return at < len(found) and found[at].text in ("половиной", "половинкой")


def _bare_thousand(found: Sequence[Token], at: int) -> bool:
    """«тысячу», «тысяча» without a number before is one thousand; «тысячи» in general is not."""
    return found[at].text in ("тысяча", "тысячу", "тыща", "тыщу", "косарь", "тыс")


def _scaled(found: Sequence[Token], number: Number) -> Number:
    """Digits followed by «тыс», «к», «с половиной тысячи», «млн»."""
    value, last, scaled = number.value, number.last, False
    if last + 2 < len(found) and found[last + 1].text == "с" and _half_follows(found, last + 2):
        value, last = value + 0.5, last + 2
    if last + 1 < len(found):
        after = found[last + 1]
        close = after.start - found[last].end <= 1
        touching = after.start == found[last].end
        if close and _THOUSAND.match(after.text):
            value, last, scaled = value * 1000, last + 1, True
            if last + 1 < len(found) and found[last + 1].text == "." and after.text == "тыс":
                last += 1
            value, last = _hundreds_after(found, value, last)
        elif after.text in _LETTER_THOUSAND and (
            touching or (close and after.text == "к" and value < 1000 and _ends(found, last + 2))
        ):
            value, last, scaled = value * 1000, last + 1, True
        elif close and _MILLION.match(after.text):
            value, last, scaled = value * 1_000_000, last + 1, True
    return Number(value, number.first, last, scaled, number.spoken)


def _ends(found: Sequence[Token], at: int) -> bool:
    return at >= len(found) or not (found[at].is_word or found[at].is_number)


def _hundreds_after(found: Sequence[Token], value: float, last: int) -> tuple[float, int]:
    """«3 тысячи 200», «3 тысячи двести»."""
    if last + 1 >= len(found) or found[last + 1].start - found[last].end > 1:
        return value, last
    after = found[last + 1]
    if after.is_number and after.text.isdigit() and len(after.text) == 3:
        return value + float(after.text), last + 1
    spoken = _spoken(found, last + 1)
    if spoken and spoken.value < 1000 and not spoken.scaled and spoken.value >= 100:
        return value + spoken.value, spoken.last
    return value, last
