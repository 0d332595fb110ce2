"""What the facts say is not so: «без люльки», «не оригинал», «бежевых нет», «с животными нельзя»."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.assistant.guard.kin import akin, first_form, part
from bot.assistant.guard.knowledge import Knowledge, Statement
from bot.assistant.guard.rates import content
from bot.assistant.guard.reading import Clause, read
from bot.assistant.guard.stems import stem, stems

_PARTS = re.compile(r"[,;.]|\s(?:но|а|зато|только)\s")
_WITHOUT = re.compile(r"\bбез\s+([а-яa-z]+(?:\s[а-яa-z]+)?)")
_GONE = re.compile(
    r"\b(?:нет|нету|отсутству\w+|нельзя|занят(?:а|о|ы|ый|ая|ое|ые)?|забронир\w*|продан\w*|закончил\w+|не (?!менее|более|раньше|позже|дольше|чаще|входит|нужн\w+|надо|заходить)[а-я]+)\b"
)
_WORDS_OF_DENIAL = stems(
    "нет нету отсутствует нельзя занят занята занято проданы берем делаем работаем пока временно сейчас можно даем декабря января февраля марта апреля мая июня июля августа сентября октября ноября пятницы понедельника вторника среды четверга субботы воскресенья первый второй одна"
)


@dataclass(frozen=True)
class Denial:
    """Stems of what is not so, and the statement that says it."""

    stems: frozenset[str]
    statement: Statement

    @cached_property
    def named(self) -> frozenset[str]:
        """The stems of the things that are denied; of the verbs where it names no thing."""
        things = [one for one in self.statement.reading.words if part(one) in ("thing", "quality")]
        return self.stems & stems(" ".join(things)) or self.stems


def denials(known: Knowledge) -> Iterator[Denial]:
    """Everything that the facts deny and do not affirm elsewhere."""
    parts = [
        (part, one)
        for one in known.statements
        if "hours" not in one.topics or "stock" in one.topics or not one.reading.amounts
        for part in _PARTS.split(one.text)
    ]
    affirmed: set[str] = set()
    found: list[tuple[frozenset[str], Statement]] = []
    for piece, statement in parts:
        text = read(piece).text
        without = _WITHOUT.search(text)
        if without and "discount" not in statement.topics:
            found.append((content(read(without[1]).stems), statement))
            affirmed |= read(text[: without.start()]).stems
        elif _GONE.search(text) and "guarantee" not in statement.topics:
            gone = content(read(text).stems) - _WORDS_OF_DENIAL
            if re.search(r"\b(?:занят[аоы]?\b|продан|забронир|закончил|в аренде)", text):
                yield Denial(
                    gone, statement
                )  # although it is named elsewhere: it exists, and is not to be had now
            else:
                found.append((gone, statement))
        else:
            affirmed |= read(text).stems
    for denied, statement in found:
        if denied - affirmed:
            yield Denial(denied - affirmed, statement)


def affirms(clause: Clause, first: Clause, denial: Denial) -> bool:
    """Whether a clause says yes to what is denied. `first` is the first clause of its sentence."""
    if re.search(r"\bвтор", denial.statement.text) and not re.search(
        r"\b(?:втор|об[ае]\b|двое|все\b)", clause.text
    ):
        return False
    if (
        _other_work(denial, clause)
        or not (_alike(denial.named, clause.stems) or _means(denial, clause))
        or clause.negated
        or clause.hedged
        or clause.asked
    ):
        return False
    if re.search(
        r"\b(?:только|кроме|занят(?:а|о|ы)?|закончил\w+|продан\w*|освобод(?:ит|ят)\w*)\b",
        clause.text,
    ):
        return False
    return bool(_YES.search(first.text) or _IS_SO.search(clause.text))


def _other_work(denial: Denial, clause: Clause) -> bool:
    """«окна на балкон поставим», where «балконы не утепляем»."""
    named = _REFUSED.findall(denial.statement.reading.text)
    refused = frozenset(one for one in named if first_form(one) not in _ANY_WORK)
    done = [one for one in clause.words if part(one) == "deed"]
    works = [one for one in done if first_form(one) not in _ANY_WORK]
    return bool(refused and works) and not any(akin(one, refused, closely=True) for one in done)


_REFUSED = re.compile(r"\bне ([а-я]{4,}(?:ем|им|ю|у))\b")
_ANY_WORK = frozenset(
    [
        "делать",
        "сделать",
        "взять",
        "брать",
        "взяться",
        "браться",
        "заниматься",
        "мочь",
        "смочь",
        "выполнять",
        "выполнить",
        "организовать",
    ]
)


def _means(denial: Denial, clause: Clause) -> bool:
    """«переночевать можно», where «жить нельзя»."""
    said = denial.statement.reading.words
    denied = frozenset(one for one in said if len(one) > 3 and stem(one) in denial.named)
    doing = [one for one in clause.words if len(one) > 3 and one.endswith(("ть", "ться"))]
    return any(akin(one, denied, closely=True) for one in doing)


def _alike(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two sets of stems share one, or the root of a long one («встраиваемые», «встройку»)."""
    roots = {one[:4] for one in some if len(one) > 4}
    return bool(some & others) or any(len(one) > 4 and one[:4] in roots for one in others)


_YES = re.compile(
    r"^(?:да|конечно|разумеется|естественно|есть|имеется|ага|точно|безусловно|можно)\b"
)
_IS_SO = re.compile(
    r"\b(?:есть|имеется|на руках|при себе|стоит(?! \d)|установлен\w*|на месте|рабоч\w+|работает|освободил\w*|в комплекте|в наличии|свобод\w+|можно|прилага\w+|отда[мю]|отложу|продам|забирайте|вместе с|включая|с учетом|тоже|также|\w{3,}(?:ем|им|аем)|новая|новый|новое)\b"
)
