"""Numbers of things in a reply: how many, how big, and letters with numbers that name a size."""

import re
from collections.abc import Iterator
from math import ceil

from bot.assistant.guard.amounts import BARE, CLOCK, DATE, PCT, RUB, TIME, YEARS, Amount
from bot.assistant.guard.everyday import is_everyday
from bot.assistant.guard.kin import akin, first_form
from bot.assistant.guard.rates import codes_in, content
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.small_talk import SMALL_TALK
from bot.assistant.guard.stems import stem
from bot.assistant.guard.sums import is_money, near
from bot.assistant.guard.talk import Finding, Talk


def counted_right(talk: Talk, one: Amount) -> bool:
    known = {
        value
        for statement in talk.known.statements
        if not statement.topics & {"address", "phone", "hours", "guarantee"}
        for amount in statement.reading.amounts
        if amount.unit == one.unit or {amount.unit, one.unit} <= {BARE, "piece", "person"}
        for value in (amount.lo, amount.hi)
    }
    return {one.lo, one.hi} <= known


def counts(talk: Talk) -> Iterator[Finding]:
    """A quantity that the facts give otherwise: «аккумулятор 94 %», «50 снимков»."""
    for one in talk.reply.amounts:
        if one.unit in (RUB, TIME, CLOCK, DATE, "rooms", "label", "floor") or is_money(
            one, talk.reply
        ):
            continue
        clause = talk.reply.clause_at(one.start)
        if clause.negated or not clause.asserted:
            continue
        if one.unit in (BARE, "times") and one.lo == one.hi == 1:
            wrong = _is_another_count(talk, one)  # else «в одной беседке» counts nothing
        elif _is_known_number(talk, one):
            continue
        else:
            wrong = _rivals(talk, one, clause) or _unheard(talk, one)
        if wrong:
            yield talk.finding(
                "stock", clause.start, clause.end, "Такого числа в сведениях о продавце нет."
            )


def designations(talk: Talk) -> Iterator[Finding]:
    """«М350 есть», where the facts name М200 and М300."""
    known = codes_in(talk.known.text)
    letters = {one[0] for one in known}
    for clause in talk.reply.clauses:
        new = {one for one in codes_in(clause.text) - known if one[0] in letters}
        if new and clause.asserted and not clause.negated:
            yield talk.finding(
                "stock", clause.start, clause.end, "Такого обозначения в сведениях о продавце нет."
            )


def _is_known_number(talk: Talk, one: Amount) -> bool:
    """Whether the facts or the client name a number, or it follows from two of theirs: 2 × 3, 40 - 30."""
    heard = talk.known.numbers | talk.client_numbers
    if one.lo in heard and one.hi in heard:
        return True
    named = [value for value in talk.client_numbers if value < 1000]
    known = [
        amount.lo
        for statement in talk.known.statements
        for amount in statement.reading.amounts
        if amount.unit == one.unit
    ]
    if any(
        abs(whole.lo / part.lo - one.lo) < 0.01
        for whole in talk.reply.amounts
        if whole.end <= one.start and whole.unit in ("kg", "m", "m3", "ton")
        for part, _ in talk.known.amounts(whole.unit)
        if part.lo
    ):
        return True  # «180 кг, это шесть мешков» of thirty
    if _CALENDAR.get(one.lo, "-") in talk.reply.text + talk.client.text:
        return True  # «месяц из тридцати прогулок»
    if _trips(talk, one) or is_gap(talk, one) or _monthly(talk, one):
        return True
    if any(near(one.lo * 1000, rate.lo) for rate in talk.known.rates) and not one.noun:
        return True  # «туман – три с половиной»
    times = {
        two.lo / 60 if two.unit == TIME else two.lo for two in talk.reply.amounts if two is not one
    }
    counted = talk.known.numbers if one.unit == BARE else known
    if any(abs(a * b - one.lo) < 0.01 for a in times if 1 < a < 50 for b in counted):
        return True  # «40 кадров в час, за два часа 80»
    return any(
        abs(result - one.lo) < 0.01
        for a in named
        for b in (*named, *known)
        for result in (a * b, a - b, a + b, abs(a - b) * 100)
    )


def _is_another_count(talk: Talk, one: Amount) -> bool:
    """«один хозяин», where the facts have two owners."""
    return bool(one.noun) and any(
        other.unit == BARE
        and other.lo > 1
        and other.noun
        and first_form(other.noun) != first_form(one.noun)
        and akin(one.noun, frozenset((other.noun,)), closely=True)
        for statement in talk.known.statements
        for other in statement.reading.amounts
    )


_CALENDAR = {7.0: "недел", 30.0: "месяц", 12.0: "год", 52.0: "год", 365.0: "год"}


def is_gap(talk: Talk, one: Amount) -> bool:
    """«до 130 осталось два сантиметра», to a client who named 128."""
    return one.unit in ("m", "size", "kg", "m3", "sot", "km") and any(
        abs(abs(a - b) - one.lo) < 0.01
        for a in talk.client_numbers
        if one.lo < a < 1000
        for b in talk.known.numbers
        if b
    )


def _monthly(talk: Talk, one: Amount) -> bool:
    """«два раза в неделю, это восемь в месяц»."""
    if not (re.search(r"недел", talk.reply.text) and re.search(r"месяц", talk.reply.text)):
        return False
    weekly = {two.lo for two in (*talk.client.amounts, *talk.reply.amounts) if 0 < two.lo < 15}
    return any(abs(one.lo - 4 * two) < 2 for two in weekly) and one.lo >= 4


def _trips(talk: Talk, one: Amount) -> bool:
    """«12 кубов, машина берёт до восьми: два рейса»."""
    return any(
        one.lo == ceil(load.hi / most.hi)
        for load in (*talk.client.amounts, *talk.reply.amounts)
        if load.unit in ("kg", "m3", "ton", "person") and load is not one
        for most, _ in talk.known.amounts(load.unit)
        if most.hi
    )


def _is_general(one: Amount) -> bool:
    """«спуск двух предметов»: a few of nothing that could be counted again."""
    return one.hi <= 5 and bool(one.noun) and is_everyday(one.noun)


def _unheard(talk: Talk, one: Amount) -> bool:
    """A size, weight or count that nobody named: closed, as far as it is said of the goods and not in passing."""
    if one.unit in ("m", "m3", "kg", "km", "sot", "ton", "size", "times"):
        return True
    if one.unit == PCT:
        return one.lo >= 90 and one.lo == one.hi
    if one.unit != BARE or one.lo < 2 or stem(one.noun) in SMALL_TALK or _is_general(one):
        return False
    return bool(one.noun and _COUNTABLE.search(one.noun)) or (
        not one.noun and "сколько" in talk.asked.words
    )


_COUNTABLE = re.compile(r"^[а-я]{3,}(?:ов|ев|ей|ек|ок|а|и|ы|я)$")


def _rivals(talk: Talk, one: Amount, clause: Clause) -> bool:
    """Whether the facts count the same thing, and count it differently."""
    words = content(clause.stems)
    for statement in talk.known.statements:
        if statement.topics & {"address", "phone", "hours"}:
            continue
        if one.unit == PCT and "discount" in statement.topics:
            continue
        for other in statement.reading.amounts:
            if other.unit != one.unit or (other.unit == BARE and not one.noun):
                continue
            same_noun = one.unit == BARE and (
                stem(one.noun)[:4] == stem(other.noun)[:4] != ""
                or bool(other.noun and words & content(statement.stems))
            )
            if same_noun or (one.unit in (PCT, "size", YEARS) and words & content(statement.stems)):
                if one.unit == PCT and re.search(r"скид|дешевле|предоплат", clause.text):
                    return False
                return not other.lo <= one.lo <= other.hi
    return False
