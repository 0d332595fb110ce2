"""What is in stock, what fits, where the seller goes and what it takes on: said in a reply, and known from the facts?

The claims share their words (есть, берём, привезём), so they are asked in one order, the surest first; each has a module.
"""

import re
from collections.abc import Iterator

from bot.assistant.guard.amounts import PCT, RUB
from bot.assistant.guard.condition import condition
from bot.assistant.guard.counts import counts, designations
from bot.assistant.guard.deliveries import delivery
from bot.assistant.guard.denials import affirms
from bot.assistant.guard.kin import akin, part
from bot.assistant.guard.limits import limits
from bot.assistant.guard.rates import content
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.stock import MORE, stock
from bot.assistant.guard.talk import Finding, Kind, Talk


def offers(talk: Talk) -> Iterator[Finding]:
    """Stock and delivery promises that the facts do not bear."""
    for clause in talk.reply.clauses:
        if not (clause.asserted or clause.asked) or _is_question(talk, clause):
            continue
        if (finding := condition(talk, clause)) is not None:
            yield finding
            continue
        if (finding := _does_without(talk, clause)) is not None:
            yield finding
            continue
        if clause.negated and not (MORE.search(clause.text) or _LIFTED.search(clause.text)):
            continue
        finding = (
            _against(talk, clause)
            or _lifted(talk, clause)
            or delivery(talk, clause)
            or stock(talk, clause)
            or limits(talk, clause)
        )
        if finding:
            yield finding
    yield from counts(talk)
    yield from designations(talk)


def _against(talk: Talk, clause: Clause) -> Finding | None:
    """The opposite of what the facts say: «люлька в комплекте», where there is none."""
    first = talk.reply.sentence_of(clause)[0]
    for denial in talk.denials:
        if affirms(clause, first, denial):
            kind: Kind = "delivery" if "delivery" in denial.statement.topics else "stock"
            return talk.finding(
                kind,
                clause.start,
                clause.end,
                f"В сведениях о продавце: «{denial.statement.text}».",
            )
    return None


_LIFTED = re.compile(
    r"\b(?:не (?:важ\w+|имеет значения|имеют значения|ограничен\w*|обязател\w+|смотрим|проверяем)|без ограничени\w*|без разницы|неважн\w+|неограничен\w*)\b"
)


def _lifted(talk: Talk, clause: Clause) -> Finding | None:
    """«стаж не важен», «пробег не ограничен», where the facts name a limit."""
    if not _LIFTED.search(clause.text):
        return None
    words = content(clause.stems)
    for one in talk.known.statements:
        if (
            words & one.stems
            and any(amount.unit not in (RUB, PCT) for amount in one.reading.amounts)
            and not re.search(r"\bлюб", one.reading.text)
        ):
            return talk.finding(
                "delivery", clause.start, clause.end, f"В сведениях о продавце: «{one.text}»."
            )
    return None


_WITHOUT = re.compile(r"\bбез ([а-я]{4,})")
_REQUIRED = re.compile(r"\b(?:только|нужн\w+|требу\w+|обязательн\w+|при наличии|от заказчика)\b")


def _does_without(talk: Talk, clause: Clause) -> Finding | None:
    """«научим и без прав», where the facts ask for them."""
    without = _WITHOUT.search(clause.text)
    does = any(part(word) == "deed" for word in clause.words) or "можно" in clause.words
    if not (without and does):
        return None
    for one in talk.known.statements:
        if _REQUIRED.search(one.reading.text) and akin(without[1], one.reading.words, closely=True):
            return talk.finding(
                "delivery", clause.start, clause.end, f"В сведениях о продавце: «{one.text}»."
            )
    return None


def _is_question(talk: Talk, clause: Clause) -> bool:
    sentence = talk.reply.sentence_of(clause)
    if re.search(r"\bли\b", clause.text):
        return True
    return clause.asked and (
        len(sentence) == 1
        or not re.search(r"\bесть\b|\bсвобод", clause.text)
        or sentence[0] is clause
    )
