"""Promises of compensation, refunds and fault, and readings of the law: they are for a person to give."""

import re
from collections.abc import Iterator

from bot.assistant.guard.rates import content
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.stems import stems
from bot.assistant.guard.talk import Finding, Talk

_PAYS = re.compile(
    r"\b(?:верн(?:ем|у|ут|ете|ется)|возвра(?:щаем|тим|щу|щаю|щается|щаются|тят)|возмести(?!те)\w+|возместят|возмеща(?!ете)\w+|компенс\w+|выплат(?:им|ят|ит|а|у|ы)|выплачива\w+|оплат(?:им|ят|ит) (?:вам|ваш\w*|все|всю|весь|ущерб|штраф|моральн\w*|убыт\w*|расход\w*|сгоревш\w*|ремонт|лечени\w*|химчистк\w*)|"
    r"заплат(?:им|ят|ит)(?: (?:мы|вам|за|сами|все))|покроем|погасим|refund|compensat\w+)\b"
)
_MONEY = re.compile(
    r"деньг|денег|сумм|стоимост|ущерб|убыт|средств|оплат|предоплат|аванс|половин|моральн|штраф|неустойк|расход|вред|залог|полностью|цену|ремонт|техник|money|₽|руб|%"
)
_PENALTY = re.compile(
    r"\b(?:неустойк\w*|моральн\w+ (?:ущерб\w*|вред\w*|компенсац\w*)|пен[иея]\b|двойн\w+ (?:цен\w+|стоимост\w+|размер\w*)|штраф\w* (?:мы|оплат\w+|возьмем|беру|берем|за наш|на нас|наш))\b"
)
_LAW = re.compile(
    r"\b(?:по закону|закон\w* (?:о|об|обязыва\w+|на вашей|гарантиру\w+|требу\w+)|согласно (?:закону|статье|гк|зозпп)|(?:по )?стать\w+ \d+|ст\.? \d+|зозпп|гражданск\w+ кодекс\w*|защит\w+ прав потребител\w*|роспотребнадзор\w*|"
    r"ваше (?:законное )?право|вы (?:имеете|вправе)|имеете право|вправе (?:требовать|вернуть|отказаться)|обязаны (?:вернуть|возместить|компенсировать|оплатить|выплатить|по)|юридически|суд (?:на|встанет)|суд\w*\b[^.!?]{0,20} (?:выигра\w+|не проигра\w+)|(?:выигра(?:ете|ем)|отсуд(?:ите|им))\b|legally|by law|liable)\b"
)
_FINES = re.compile(
    r"\b(?:о?штраф\w*|проверк\w+ (?:прой\w+|не)|(?:не )?име(?:ет|ют) права|привлеч\w+|накаж\w+|наказ\w+)\b"
)
_FAULT = re.compile(
    r"\b(?:(?:наша|моя) вина|по нашей вине|вина (?:наша|полностью|на нас)|признаем|признаю вину|мы виноваты|виноваты мы|вина мастера|мастер виноват|нес(?:ем|у) (?:полную )?(?:\w+ )?ответственност\w*|берем (?:на себя )?(?:всю )?ответственност\w*|"
    r"отвечаем за вс[её]|полн\w+ ответственност\w*|наша ответственность|вся ответственность на нас|гарантия фикци\w*|our fault)\b"
)
_NEVER = re.compile(
    r"\b(?:не (?:могу|можем|буду|будем|обещ\w+|призна\w+|возвраща\w+|верн\w+|компенс\w+|возмещ\w+|знаем|знаю)|нельзя|нет такого|такого закона)\b"
)
_CLIENT_PAYS = re.compile(
    r"\b(?:после (?:работы|выезда|осмотра)|оплат\w+ (?:после|при|наличн\w+|картой|переводом))\b"
)


def law(talk: Talk) -> Iterator[Finding]:
    """Everything that only a person may promise."""
    for clause in talk.reply.clauses:
        if clause.asked and not _PAYS.search(clause.text):
            continue
        if not (clause.asserted or clause.asked) or _NEVER.search(clause.text):
            continue
        found = _found(talk, clause)
        if found:
            yield talk.finding(
                "legal_promise",
                clause.start + found.start(),
                clause.end,
                "Возмещение, возврат денег, вину и толкование закона обещать нельзя.",
            )


def _found(talk: Talk, clause: Clause) -> re.Match[str] | None:
    fault = _FAULT.search(clause.text) or _PENALTY.search(clause.text)
    if fault:
        return fault
    fines = _FINES.search(clause.text)
    if fines and fines.group() not in talk.known.text:
        return fines
    reading_law = _LAW.search(clause.text)
    if reading_law and reading_law.group() not in talk.known.text:
        return reading_law
    pays = _PAYS.search(clause.text)
    if pays is None or _CLIENT_PAYS.search(clause.text):
        return None
    sentence = talk.reply.sentence_of(clause)
    text = talk.reply.text[sentence[0].start : sentence[-1].end]
    strong = re.match(r"возме|компенс|выпла|покро|погас|заплат|refund|compens", pays.group())
    about_money = _MONEY.search(clause.text) or (
        _MONEY.search(talk.asked.text) and re.search(r"верн|возвра", pays.group())
    )
    if (
        re.match(r"возвращ\w+тся|верн", pays.group())
        and not _ANYHOW.search(text)
        and "залог" in clause.text
        and "залог" in talk.known.text
    ):
        return None  # that is what a deposit is
    if not (strong or about_money) or _is_known(talk, text):
        return None
    return pays


_ANYHOW = re.compile(
    r"\b(?:всегда|в любом случае|даже если|без вопросов|полностью|двойн\w+|сразу же|ущерб\w*)\b"
)


def _is_known(talk: Talk, text: str) -> bool:
    """Whether the facts give just this: a deposit that comes back, a return within two weeks."""
    for one in talk.known.statements:
        known = one.reading.text
        if re.search(r"возвра|верн", known):
            shared = content(one.stems) & content(stems(text))
            if shared and not _PENALTY.search(text) and not _ANYHOW.search(text):
                return True
            if re.search(r"залог", known) and re.search(r"залог|он возвра", text):
                return True
            if (
                re.search(r"гарант|возврат", known)
                and not _PENALTY.search(text)
                and not re.search(r"деньг|сумм|стоимост", text)
            ):
                return True
    return False
