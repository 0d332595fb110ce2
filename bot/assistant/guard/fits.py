"""«Подойдёт», «влезет»: what is said to fit must be in the facts."""

import re

from bot.assistant.guard.amounts import BARE, CLOCK, DATE, YEARS
from bot.assistant.guard.hours import days_in
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.talk import Finding, Talk
from bot.assistant.guard.things import ABSTRACT, asked_things, objects_of, unknown

FITS = re.compile(
    r"\b(?:подойд(?:ет|ут)|подход(?:ит|ят)|совместим\w*|встанет|влез(?:ет|ут)|войд(?:ет|ут)|поместится|уместится|годится|универсальн\w+)\b"
)


def fit(talk: Talk, clause: Clause, fits: re.Match[str]) -> Finding | None:
    """«подойдёт на 2016 год»: what the client asks about must be in the facts."""
    numbers = {
        value
        for one in clause.amounts
        for value in (one.lo, one.hi)
        if one.unit in (BARE, YEARS, "m", "size", "kg", "label")
    }
    asked = {
        value
        for one in talk.asked.amounts
        for value in (one.lo, one.hi)
        if one.unit in (BARE, YEARS, "m", "size", "kg", "label")
    }
    objects = objects_of(talk, clause, fits)
    wanted = numbers or asked
    if not objects and not numbers and not (FITS.search(talk.asked.text) or asked):
        return None
    time = any(one.unit in (CLOCK, DATE) for one in clause.amounts) or re.search(
        r"\b(?:время|день|вариант|завтра|утром|вечером|окно)\b", clause.text
    )
    if (time and not numbers) or (days_in(clause.text) and not objects):
        return None
    if wanted and _holds_within(talk, wanted):
        return None
    if wanted and not (_in_ranges(talk, wanted) or _holds_within(talk, wanted)):
        return talk.finding(
            "stock",
            clause.start,
            clause.end,
            "Что это подойдёт, в сведениях о продавце не сказано.",
        )
    if unknown(talk, objects) - ABSTRACT or (
        not objects and asked_things(talk) and not (asked_things(talk) & talk.known.stems)
    ):
        return talk.finding(
            "stock",
            clause.start,
            clause.end,
            "Что это подойдёт, в сведениях о продавце не сказано.",
        )
    return None


def _in_ranges(talk: Talk, values: set[float]) -> bool:
    ranges = [
        amount
        for one in talk.known.statements
        for amount in one.reading.amounts
        if amount.unit in (BARE, YEARS, "m", "size", "kg", "label")
    ]
    return all(
        value in talk.known.numbers or any(one.lo <= value <= one.hi for one in ranges)
        for value in values
    )


def _holds_within(talk: Talk, values: set[float]) -> bool:
    """«шкаф 2,8 войдёт» into a van of three metres."""
    rooms = [
        amount.hi
        for one in talk.known.statements
        for amount in one.reading.amounts
        if amount.unit in ("m", "ton", "kg", "m3")
    ]
    return bool(rooms) and all(value < 50 and value <= max(rooms) for value in values)
