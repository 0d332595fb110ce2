"""What is to be had: «есть», «в наличии», «свободно», and how much of it."""

import re

from bot.assistant.guard.amounts import BARE, CLOCK, DATE, PCT
from bot.assistant.guard.counts import counted_right, is_gap
from bot.assistant.guard.fits import FITS, fit
from bot.assistant.guard.kin import part
from bot.assistant.guard.knowledge import Statement
from bot.assistant.guard.rates import content
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.sums import is_money
from bot.assistant.guard.talk import Finding, Talk
from bot.assistant.guard.things import (
    ABSTRACT,
    EMPTIES,
    TIME_WORDS,
    asked_things,
    objects_of,
    unknown,
)

_IN_STOCK = re.compile(
    r"\b(?:в наличии|наличи\w+|остал[аои]?с[ьяи]\w*|остались|осталось|(?<!то )есть|имеется|имеются|свобод(?:ен|на|ны|но|ное|ный|ная|ные)|найдется|найдутся|на складе|под заказ|доступн\w+|актуальн\w+|in stock|available)\b"
)


MORE = re.compile(
    r"\b(?:еще один|еще одна|второй такой|вторая такая|второе такое|такой же|такая же|такие же|много|сколько угодно|любо[ейм]\w*|любы\w*|все свободн\w+|полно|хоть отбавляй|большой выбор|весь ассортимент|сколько нужно|неограничен\w*|не ограничен\w*|без ограничени\w+)\b"
)


def _denied(talk: Talk, objects: frozenset[str]) -> bool:
    """Whether the facts say of these things that they are not there: «бежевых нет», «грунта нет до 5 мая»."""
    for statement in talk.known.statements:
        for piece_text in re.split(r"[,;]", statement.text):
            piece = Statement(piece_text, statement.topics)
            if objects & piece.stems and re.search(
                r"\bнет\b|\bне\b|\bзанят[аоы]?\b|\bбез\b|отсутств|продан", piece.reading.text
            ):
                return not any(
                    objects & Statement(other, statement.topics).stems
                    for other in re.split(r"[,;]", statement.text)
                    if other != piece_text
                )
    return False


def stock(talk: Talk, clause: Clause) -> Finding | None:
    fits, there = FITS.search(clause.text), _IN_STOCK.search(clause.text)
    if fits and not re.search(r"\b(?:сумм|цен|стоимост|оплат)\w+", clause.text):
        return fit(talk, clause, fits)
    if there is None or any(one.unit == PCT for one in clause.amounts):
        return None
    if there.group() == "на складе" and any(
        part(word) in ("advice", "deed") for word in clause.words
    ):
        return None  # a place where something is done
    objects = objects_of(talk, clause, there)
    if not objects and content(clause.stems) & EMPTIES:
        return None
    reason = "О наличии этого в сведениях о продавце ничего нет."
    strong = not there.group().startswith(("есть", "имеет", "доступ", "актуал"))
    if MORE.search(clause.text) and not MORE.search(talk.known.text):
        return talk.finding("stock", clause.start, clause.end, reason)
    sizes = [
        one
        for one in clause.amounts
        if one.unit in ("m", "m3", "kg", "ton", "size", "piece")
        or (one.unit == BARE and one.noun and one.lo > 1 and not is_money(one, talk.reply))
    ]
    if any(not (counted_right(talk, one) or is_gap(talk, one)) for one in sizes):
        return talk.finding(
            "stock", clause.start, clause.end, "Такого числа в сведениях о продавце нет."
        )
    if not objects:
        asked = frozenset() if _names_time(clause) else asked_things(talk)
        stocked = talk.known.about("stock")
        if re.search(r"\bтолько (?:до|с|после|по)\b", clause.text):
            return None
        if strong and not _dates_free(talk, clause):
            return talk.finding("stock", clause.start, clause.end, reason)
        if any(
            one.unit in (BARE, "piece") and not counted_right(talk, one) for one in clause.amounts
        ) and not any(is_money(one, talk.reply) for one in clause.amounts):
            return talk.finding(
                "stock", clause.start, clause.end, "Такого количества нет в сведениях о продавце."
            )
        if strong and not stocked:
            return talk.finding("stock", clause.start, clause.end, reason)
        if asked and (
            _denied(talk, asked) or (not asked & talk.known.stems and _affirms(talk, clause))
        ):
            return talk.finding("stock", clause.start, clause.end, reason)
        return None
    new = unknown(talk, objects) - ABSTRACT
    if new and (strong or _named_by_client(talk, new) or new == objects):
        return talk.finding("stock", clause.start, clause.end, reason)
    if _denied(talk, objects) or _on_order(talk, clause, objects):
        return talk.finding("stock", clause.start, clause.end, "По сведениям о продавце этого нет.")
    if (
        strong
        and not talk.known.about("stock")
        and not any(
            objects & one.stems for one in talk.known.statements if "title" not in one.topics
        )
    ):
        return talk.finding("stock", clause.start, clause.end, reason)
    return None


def _on_order(talk: Talk, clause: Clause, objects: frozenset[str]) -> bool:
    """«в наличии» of what is «под заказ»."""
    if not re.search(r"в наличии|на складе|есть", clause.text) or "под заказ" in clause.text:
        return False
    parts = [
        Statement(part, one.topics)
        for one in talk.known.statements
        for part in re.split(r"[,;]", one.text)
    ]
    about = [
        one
        for one in parts
        if objects & one.stems
        and re.search(r"под заказ|в наличии|остал|\bесть\b", one.reading.text)
    ]
    return bool(about) and all("под заказ" in one.reading.text for one in about)


def _names_time(clause: Clause) -> bool:
    """«есть среда и пятница»: times are judged elsewhere."""
    return any(one.unit in (CLOCK, DATE) for one in clause.amounts) or bool(
        clause.stems & TIME_WORDS
    )


def _dates_free(talk: Talk, clause: Clause) -> bool:
    """Whether the days that the client asks for are among those that the facts call free."""
    named = [one for one in clause.amounts if one.unit == DATE]
    asked = named or [one for one in talk.asked.amounts if one.unit == DATE]
    taken = [amount for amount, one in talk.known.amounts(DATE) if _TAKEN.search(one.reading.text)]
    if any(other.lo <= one.lo <= other.hi for one in named for other in taken):
        return False
    known = [amount for amount, _ in talk.known.amounts(DATE)]
    return (
        not asked
        or not known
        or all(any(other.lo <= one.lo and one.hi <= other.hi for other in known) for one in asked)
    )


_TAKEN = re.compile(
    r"^(?:(?!свобод).)*\b(?:занят[аоы]?|мест нет|забронир\w+)\b(?!.*свобод)(?!.* до \d)"
)


def _affirms(talk: Talk, clause: Clause) -> bool:
    return bool(re.match(r"(?:да|конечно|есть|имеется)\b", clause.text)) or clause.text.startswith(
        "есть"
    )


def _named_by_client(talk: Talk, stems: frozenset[str]) -> bool:
    return bool(stems & talk.client.stems)
