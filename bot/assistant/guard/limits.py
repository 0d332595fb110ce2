"""Smallest and largest orders: «от 2 кг», «минимум три часа», and a reply that agrees to less or more."""

import re
from collections.abc import Sequence

from bot.assistant.guard.amounts import BARE, PCT, RUB, TIME, Amount
from bot.assistant.guard.deliveries import GOES
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.stems import stem
from bot.assistant.guard.sums import is_money
from bot.assistant.guard.talk import Finding, Talk

_DOES = re.compile(
    r"\b(?:дела(?:ем|ю|ет)|сдела(?:ем|ю)|бер(?:ем|емся|у|усь)|возьм(?:ем|емся|у|усь)|ремонтиру\w+|чин(?:им|ю)|обрабатыва\w+|обработа(?:ем|ю)|устанавлива\w+|установ(?:им|лю)|"
    r"обслужива\w+|занима(?:емся|юсь)|выполня\w+|убира(?:ем|ю)|мо(?:ем|ю)\b|трав(?:им|лю)|перевоз(?:им|ю|ит)|перевезем|оформ(?:им|ляем|лю)|изготавлива\w+|изготов(?:им|лю)|пече(?:м|т)|испечем|"
    r"снима(?:ем|ю)|собира(?:ем|ю)|соберем|монтиру\w+|прода(?:ем|ю)|принима(?:ем|ю)|привез(?:ем|у)|вывез(?:ем|у)|вывозим|возим|шь(?:ем|ю)|сда(?:ем|ю)|справимся|можем|уме(?:ем|ю)|работаем (?:с|по|и|на)|работаю (?:с|по)|"
    r"печата(?:ем|ю)|напечата(?:ем|ю)|готов(?:им|лю)|преподаю|учу|стриж(?:ем|ет|гу)|крас(?:им|ит)|лечим|лечит|чист(?:им|ит)|почист(?:им|ит)|постав(?:им|ит)|настро(?:им|ит)|подключ(?:им|ит|аем)|ставим)\b"
)


def _is_bought(talk: Talk, one: Amount) -> bool:
    """«два часа – 4000», and not «2000 в час» or «минимум три часа»."""
    return (
        _before(talk, one) in ("", ",", ".", "за", "-")
        and one.lo < 1440
        and talk.reply.tokens[one.first].text != "час"
    )


_PUPIL = re.compile(r"\b(перво|второ|третье|четверо|пяти|шести|семи|восьми|девяти|десяти)классни")
_FORMS = (
    "перво",
    "второ",
    "третье",
    "четверо",
    "пяти",
    "шести",
    "семи",
    "восьми",
    "девяти",
    "десяти",
)
_CLASSES = re.compile(r"класс\w* (\d+)\s?-\s?(\d+)|\bс (\d+) класс")
_AT_LEAST = re.compile(r"\b(?:минимум|не менее|минимальн\w+ \w+)\s-?\s?(\d+) ([а-я]{4,})")


def _too_few(talk: Talk, clause: Clause) -> bool:
    """«четвероклассников тоже учим», where it is from the fifth on; «на десять гостей», where it is fifteen at least."""
    pupil, classes = _PUPIL.search(clause.text), _CLASSES.search(talk.known.text)
    if pupil and classes:
        form = _FORMS.index(pupil[1]) + 1
        return not int(classes[1] or classes[3]) <= form <= int(classes[2] or 11)
    return any(
        one.unit == BARE and one.noun and stem(one.noun) == stem(noun) and 0 < one.hi < int(least)
        for least, noun in _AT_LEAST.findall(talk.known.text)
        for one in clause.amounts
    )


def limits(talk: Talk, clause: Clause) -> Finding | None:
    """«от 2 кг», «минимум 5 м³», «стаж от 2 лет»: the reply agrees to less (or more)."""
    if _too_few(talk, clause):
        return talk.finding(
            "delivery", clause.start, clause.end, "Это за пределами того, что указал продавец."
        )
    priced = any(is_money(one, talk.reply) for one in clause.amounts)
    if not (
        priced
        or _DOES.search(clause.text)
        or GOES.search(clause.text)
        or re.search(
            r"\b(?:без проблем|можно|тоже|не важ\w+|неважно|не имеет значения)\b", clause.text
        )
    ):
        return None
    named = [
        one
        for one in clause.amounts
        if one.unit in ("kg", "m3", "m", "sot", "floor", "ton", "km", "person")
        or (one.unit == TIME and _before(talk, one) in ("на", "и"))
        or (one.unit == TIME and priced and _is_bought(talk, one))
    ] or _single_units(talk, clause)
    if (
        not named
        and re.search(r"\b(?:тоже|да|можно|конечно|без проблем)\b", clause.text)
        and not clause.negated
    ):
        named = [
            one
            for one in talk.asked.amounts
            if one.unit == "person" or (one.unit == TIME and one.lo >= 360 * 1440)
        ]
    for unit, lo, hi in _bounds(talk):
        for one in named:
            if _named_size(talk, one):
                continue
            ages = unit == TIME and lo >= 360 * 1440
            if (
                one.unit == unit
                and ages == (one.unit == TIME and one.lo >= 360 * 1440)
                and not lo <= one.lo <= hi
                and not any(
                    is_money(two, talk.reply)
                    for two in clause.amounts
                    if two.unit == RUB and unit == "km"
                )
            ):
                return talk.finding(
                    "delivery",
                    clause.start,
                    clause.end,
                    "Это за пределами того, что указал продавец.",
                )
    return None


def _named_size(talk: Talk, one: Amount) -> bool:
    """Whether the facts name this very size: «от 10 кубов дешевле», beside «машина берёт до 8»."""
    return one.unit != TIME and any(
        one.lo in (other.lo, other.hi) for other, _ in talk.known.amounts(one.unit)
    )


def _before(talk: Talk, one: Amount) -> str:
    return talk.reply.tokens[one.first - 1].text if one.first else ""


_SINGLES = {
    "килограмм": "kg",
    "кило": "kg",
    "куб": "m3",
    "кубик": "m3",
    "метр": "m",
    "сотку": "sot",
}


def _single_units(talk: Talk, clause: Clause) -> list[Amount]:
    found = []
    for place in range(clause.first, clause.last + 1):
        token = talk.reply.tokens[place]
        unit = _SINGLES.get(token.text)
        before = talk.reply.tokens[place - 1].text if place else ""
        if unit and before in ("на", "один", "и", "даже"):
            found.append(Amount(1, 1, unit, token.start, token.end, place, place))
    return found


def _bounds(talk: Talk) -> Sequence[tuple[str, float, float]]:
    """Smallest and largest orders that the facts name, by unit; prices by size are no bounds."""
    bounds: list[tuple[str, float, float]] = []
    for statement in talk.known.statements:
        for one in statement.reading.amounts:
            before = " ".join(
                token.text for token in statement.reading.tokens[max(one.first - 2, 0) : one.first]
            )
            if one.unit == TIME and one.lo >= 360 * 1440 and before.endswith("от"):
                bounds.append((TIME, one.lo, float("inf")))
            if one.unit == TIME and re.search(
                r"минимальн\w+ \w+$|минимум$|не менее$|(?:заказ|аренда) от$", before
            ):
                bounds.append((TIME, one.lo, float("inf")))
            if one.unit not in ("kg", "m3", "m", "sot", "floor", "ton", "km", "person") or any(
                two.unit in (RUB, PCT) for two in statement.reading.amounts
            ):
                continue
            if re.search(r"минимальн\w+ \w+$|минимум$|от$|не менее$", before):
                bounds.append((one.unit, one.lo, float("inf")))
            elif re.search(r"максимум$|до$|не более$", before):
                bounds.append((one.unit, 0.0, one.lo))
    return bounds
