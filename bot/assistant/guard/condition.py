"""Colour, condition and whose it is: «белый, без царапин», «средства ваши»."""

import re

from bot.assistant.guard.kin import akin, part
from bot.assistant.guard.knowledge import Statement
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.stems import stems
from bot.assistant.guard.talk import Finding, Talk

_COLOURS = stems(
    "белый черный серый синий красный зеленый желтый коричневый бежевый розовый голубой оранжевый фиолетовый серебристый золотой золотистый графитовый бордовый кремовый бирюзовый салатовый"
)


_FLAWLESS = re.compile(
    r"\b(?:идеальн\w+|как нов\w+|без (?:единой )?(?:\w+ )?(?:повреждени\w+|царапин\w*|дефект\w*|вмятин\w*|скол\w*|нарекани\w+|износ\w*|изъян\w*|потертост\w+|ремонт\w*|пробег\w*)|ни (?:одной )?(?:царапин\w+|скол\w+|вмятин\w+|пятн\w+)|"
    r"не бит\w+|небит\w+|безупречн\w+|абсолютно нов\w+|полностью (?:целый|целая|исправ\w+)|муха не сидела|(?:совершенно|абсолютно|полностью|практически) нов\w+|в пленк\w+|запечатан\w*|не вскр\w+|нераспакован\w*|не распаков\w+|не пользовались|ни разу не \w+)\b"
)


_NEW = re.compile(
    r"^(?:да |он[ао]? |это )?(?:вполне )?нов(?:ая|ый|ое|ые)\b(?!\s(?:клиент|год|врем|номер|адрес|заказ))"
)


def condition(talk: Talk, clause: Clause) -> Finding | None:
    """Colour and condition: «белый, без царапин», where the facts say otherwise or nothing."""
    flawless = _FLAWLESS.search(clause.text)
    if flawless and flawless.group()[:9] not in talk.known.text:
        return talk.finding(
            "stock",
            clause.start,
            clause.end,
            "О таком состоянии в сведениях о продавце ничего нет.",
        )
    if clause.negated:
        return None
    if _WHOLE.search(clause.text) and (damage := _damaged(talk, clause)):
        return talk.finding(
            "stock", clause.start, clause.end, f"В сведениях о продавце: «{damage.text}»."
        )
    if whose := _whose(talk, clause):
        return talk.finding(
            "stock", clause.start, clause.end, f"В сведениях о продавце: «{whose.text}»."
        )
    if _NEW.match(clause.text) and not re.search(r"\bнов(?:ый|ая|ое|ые)\b", talk.known.text):
        return talk.finding(
            "stock",
            clause.start,
            clause.end,
            "О таком состоянии в сведениях о продавце ничего нет.",
        )
    colours = clause.stems & _COLOURS
    if colours - talk.known.stems and (
        talk.known.stems & _COLOURS or "цвет" in talk.asked.text or colours & talk.asked.stems
    ):
        return talk.finding(
            "stock", clause.start, clause.end, "Такого цвета в сведениях о продавце нет."
        )
    return None


_WHOLE = re.compile(r"\b(?:цел(?:ый|ая|ое|ые|ы|а|о)|невредим\w*|исправн\w+|неповрежд\w+)\b")


_DAMAGE = re.compile(
    r"слома|обломан|трещин|тресну|вмятин|царапин|повреж|разбит|порван|потерт|\bскол|неисправ|не работает|отсутств"
)


_WHOSE = re.compile(r"\b(наш|ваш|сво)(?:и|а|е|у|ими)?\b$|\bза (наш|ваш) счет\b")


_OURS = re.compile(r"\b(?:у нас|мы|\w{3,}(?:ем|им))\b")


def _whose(talk: Talk, clause: Clause) -> Statement | None:
    """«средства нужны ваши», where the facts say that they are the seller's."""
    said = _WHOSE.search(clause.text)
    if not said or clause.negated:
        return None
    things = [word for word in clause.words if part(word) == "thing" and word != "счет"]
    things += [word for word in talk.asked.words if part(word) == "thing"]
    for one in talk.known.statements:
        known = _WHOSE.search(one.reading.text)
        if known and any(akin(word, one.reading.words, closely=True) for word in things):
            whose = said[1] or said[2]
            if whose == "сво":
                whose = "наш" if _OURS.search(clause.text) else "ваш"
            if whose != (known[1] or known[2]).replace("сво", "наш"):
                return one
    return None


def _damaged(talk: Talk, clause: Clause) -> Statement | None:
    """«все уши целые», where the facts say that one is broken."""
    things = [word for word in clause.words if part(word) == "thing"]
    for one in talk.known.statements:
        if _DAMAGE.search(one.reading.text) and any(
            akin(word, one.reading.words) for word in things
        ):
            return one
    return None
