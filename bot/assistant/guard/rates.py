"""The prices that a statement names: how much, for what, per what, for which rooms or sizes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.assistant.guard.amounts import BARE, DAY, HOUR, MONTH, RUB, TIME, WEEK, Amount
from bot.assistant.guard.common_words import EMPTY
from bot.assistant.guard.hours import days_in
from bot.assistant.guard.reading import Reading
from bot.assistant.guard.stems import stems

_PER = (
    (re.compile(r"(?:за|в|/|на)\s*(?:1\s*)?(?:км|километр\w*)"), "km"),
    (re.compile(r"(?:за|/|на)\s*(?:1\s*)?(?:м2|м²|кв\b|квадрат\w*|метр\w*|м\b|пог)"), "m"),
    (re.compile(r"(?:за|/)\s*(?:1\s*)?(?:м3|куб\w*)"), "m3"),
    (re.compile(r"(?:за|/)\s*(?:1\s*)?сот(?:ку|ка)"), "sot"),
    (re.compile(r"(?:за|/)\s*(?:1\s*)?(?:кг|кило(?:грамм\w*)?\b)"), "kg"),
    (re.compile(r"(?:за|/)\s*(?:1\s*)?этаж"), "floor"),
    (re.compile(r"(?:за|/|с)\s*(?:1\s*)?(?:человек\w*|чел)"), "person"),
    (re.compile(r"(?:за|/)\s*(?:1\s*)?(?:шт\w*|единиц\w*|экземпляр\w*)"), "piece"),
    (re.compile(r"(?:(?:в|за|/)\s*)?(?:1\s*)?(?:час\b|ч\b)"), "hour"),
    (re.compile(r"(?:(?:в|за|/)\s*)?(?:1\s*)?(?:сутки|сут\b|день|ночь)"), "day"),
    (re.compile(r"(?:в|за|/)\s*(?:1\s*)?недел[юи]"), "week"),
    (re.compile(r"(?:в|за|/)\s*(?:1\s*)?месяц"), "month"),
)
PER_MINUTES = {"hour": HOUR, "day": DAY, "week": WEEK, "month": MONTH}
_REDUCTION = re.compile(r"минус|скидк|торг|уступ|скин")
_MINIMUM = re.compile(r"\b(?:минимальн\w+|минимум|не менее|мин)\b")


@dataclass(frozen=True)
class Rate:
    """`lo` to `hi` roubles. `stems` name what it is for; `rooms` and `within` say for which sizes."""

    lo: float
    hi: float
    stems: frozenset[str]
    rooms: frozenset[float]
    within: tuple[float, float, str] | None
    per: str
    at_least: bool
    minimum: bool
    upto: bool
    codes: frozenset[str] = frozenset()  # «R16»
    takes: float | None = None  # minutes of what it is for: «45 минут – 1000»
    reduction: bool = False  # what is taken off, not what is paid
    beyond: float | None = None  # what is included before it counts: «дальше 30 км – 35 ₽»
    days: frozenset[int] | None = None  # the only days on which it holds
    numbers: frozenset[float] = (
        frozenset()
    )  # what stands before it: «с пробегом 46 тыс. км – 21 000»
    subject: frozenset[str] = (
        frozenset()
    )  # what its statement is about: «мотоблок 1500 ₽, залог 7000»


def rates_of(reading: Reading, head: str, *, at_least: bool) -> Iterator[Rate]:
    """Every sum of a statement as a rate."""
    subject = content(stems(re.split(r"\d", reading.text)[0]))
    heads = content(stems(head.lower().replace("ё", "е")))
    sums = [
        one for one in reading.amounts if one.unit == RUB or (one.unit == BARE and one.hi >= 100)
    ]
    for place, one in enumerate(sums):
        start = sums[place - 1].end if place else 0
        end = sums[place + 1].start if place + 1 < len(sums) else len(reading.text)
        before, after = reading.text[start : one.start], reading.text[one.end : end]
        after = re.split(r"[,;]", after)[0] if place + 1 < len(sums) else after
        after = _FREE_PART.split(after)[0]
        scope = [
            amount
            for amount in reading.amounts
            if amount is not one
            and start <= amount.start < one.end + len(after)
            and amount not in sums
        ]
        own = content(stems(before)) | content(stems(after))
        if place and not content(stems(before)):
            own |= content(stems(reading.text[: sums[0].start]))
        per = _per(after) or _per_before(before)
        others = [amount for amount in reading.amounts if amount is not one]
        within = _within(reading, [*scope, *_earlier(reading, one, before)], before)
        yield Rate(
            one.lo,
            one.hi,
            own | heads,
            rooms=frozenset(amount.lo for amount in scope if amount.unit == "rooms"),
            within=within,
            per=per,
            at_least=at_least or _starts(before, "от"),
            minimum=bool(_MINIMUM.search(before)),
            upto=_starts(before, "до"),
            codes=codes_in(before),
            takes=None if within and within[2] == TIME else _takes(scope, one, per),
            reduction=bool(_REDUCTION.search(before)),
            beyond=_beyond(reading, others, per),
            days=days_in(before),
            numbers=frozenset(amount.lo for amount in scope if amount.end <= one.start),
            subject=subject,
        )


_FREE_PART = re.compile(r"[,;](?=[^,;]*\bбесплатн)")
"""«выезд 1500 ₽, от 16 соток бесплатно»: the size is of what is free."""

_CODE = re.compile(r"\b([a-zа-я])-?(\d{1,3})(?:\s?-\s?\1?(\d{1,3}))?\b")


def codes_in(text: str) -> frozenset[str]:
    """«R16», «r13-r15»: sizes that are called by a letter and a number."""
    found: set[str] = set()
    for letter, first, last in _CODE.findall(text):
        if letter == "м" and first in ("2", "3"):
            continue  # square and cubic metres
        found.update(f"{letter}{number}" for number in range(int(first), int(last or first) + 1))
    return frozenset(found)


def _takes(scope: list[Amount], one: Amount, per: str) -> float | None:
    """The one duration that stands before a sum that is not per anything."""
    terms = [amount.lo for amount in scope if amount.unit == TIME and amount.end <= one.start]
    return terms[0] if len(terms) == 1 and not per else None


def _earlier(reading: Reading, one: Amount, before: str) -> list[Amount]:
    """The sizes named before «меньше – …», in an earlier part of the statement."""
    if not re.search(r"\b(?:меньше|менее|иначе|больше|дальше|свыше|далее)\s*-?\s*$", before):
        return []
    return [amount for amount in reading.amounts if amount.end <= one.start and amount.unit != RUB]


def content(found: frozenset[str]) -> frozenset[str]:
    """Stems without words that say nothing of what a price is for."""
    return frozenset(one for one in found if one not in EMPTY and len(one) > 2)


def _starts(before: str, word: str) -> bool:
    return before.rstrip().endswith(f" {word}") or before.strip() == word


def _per(after: str) -> str:
    """What stands right after a sum: «за километр», «в час», «сутки»."""
    near = re.split(r"[,;.(]", after.lstrip(" -"))[0][:32]
    found = [
        (place.start(), per)
        for pattern, per in _PER
        if (place := pattern.search(near))
        and (not place.start() or near[place.start() - 1] in " /")
    ]
    return min(found)[1] if found else ""


_EACH = re.compile(
    r"\b(?:кажд\w+|1)\s+(?:лишн\w+ |дополнительн\w+ |следующ\w+ )?(метр|км|километр|час|сутки|день|кг|куб|этаж)\s*-?\s*$"
)
_EACH_UNIT = {"метр": "m", "км": "km", "километр": "km", "час": "hour", "сутки": "day", "день": "day", "кг": "kg", "куб": "m3", "этаж": "floor"}  # fmt: skip


def _per_before(before: str) -> str:
    """«каждый лишний метр – 900»."""
    found = _EACH.search(before)
    return _EACH_UNIT[found[1]] if found else ""


def _beyond(reading: Reading, others: list[Amount], per: str) -> float | None:
    """«дальше 30 км», «сверх 300 км»: the quantity that is included."""
    for one in others:
        before = reading.text[max(one.start - 12, 0) : one.start]
        if one.unit == per and re.search(
            r"\b(?:дальше|далее|свыше|сверх|после|больше|более)\s$", before
        ):
            return one.lo
    if re.search(r"\b(?:дальше|далее|сверх|свыше)\b", reading.text):
        return next((one.lo for one in others if one.unit == per), None)
    return None


def _within(
    reading: Reading, scope: list[Amount], before_sum: str
) -> tuple[float, float, str] | None:
    """«до 6 соток», «7-10 соток», «больше 20 соток»; «от 10 мешков бесплатно, меньше – 500»: the sizes that a price is for."""
    otherwise = re.search(r"\b(меньше|менее|иначе|больше|дальше|свыше|далее)\s*-?\s*$", before_sum)
    for one in scope:
        counted = one.unit == BARE and one.noun and one.hi < 100
        if (
            one.unit
            not in ("m", "sot", "kg", "m3", "floor", "piece", "person", "ton", "size", TIME)
            and not counted
        ):
            continue
        before = reading.tokens[one.first - 1].text if one.first else ""
        if otherwise:
            return (
                (0.0, one.lo - 0.01, one.unit)
                if otherwise[1] in ("меньше", "менее", "иначе")
                else (one.hi, float("inf"), one.unit)
            )
        if one.lo != one.hi and not counted:
            return one.lo, one.hi, one.unit
        if before in ("до", "менее", "меньше"):
            return 0.0, one.lo, one.unit
        if before in ("от", "свыше", "больше", "более", "после"):
            return one.lo, float("inf"), one.unit
    return None
