"""Claims that are new: said as a fact or a promise, in words that neither the facts nor everyday talk have.

The other checks know what a made-up discount or term looks like. This one knows nothing of the kind: whatever is
asserted about the goods or the work must share its words with the facts. Asking, refusing, advising, wondering and
passing on are no assertions.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.assistant import morphology
from bot.assistant.guard.amounts import CLOCK, DATE, RUB, TIME
from bot.assistant.guard.everyday import is_everyday
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.stems import stem
from bot.assistant.guard.sums import is_money
from bot.assistant.guard.talk import Finding, Kind, Talk

_SUBORDINATE = re.compile(
    r"^(?:и |а |но |то есть )?(?:если|когда|чтобы|пока|как только|как|что|кто|где|куда|сколько|котор\w+|раз|хотя|поскольку|чем|насколько|какой|какая|какие|какое|при этом если|после того)\b"
)
_MAYBE = re.compile(
    r"\b(?:может|могут|обычно|бывает|похоже|должен|должна|должно|должны|желательно|лучше|хотелось|хотите|желаете|нужно|надо|зависит|в зависимости|примерно так|думаю|кажется|понимаю|жаль|сожале\w+|указан\w*|понадоб\w+|потреб\w+|в описании|в объявлении|по описанию)\b"
)
_YES = re.compile(
    r"^(?:да|конечно|разумеется|безусловно|ага|можно|точно|естественно|легко|обязательно)\b"
)
_ALSO = re.compile(
    r"\b(?:тоже|также|есть|имеется|в комплекте|в наличии|прилага\w+|можно|все|вс[её]|всех|любы\w*|любо\w+)\b"
)
_LOOKS = re.compile(
    r"\b(?:[оп]?о?смотр(?:им|ит|ю)|посмотр(?:им|ит|ю)|оцен(?:им|ит|ю)|провер(?:им|ит|ю)|я (?:\S+ )?(?:помощник|ассистент|бот|робот)\w*)\b"
)
_OFFERS = re.compile(r"^(?:\S+ ){0,3}предлож(?:им|у)\b(?!.*\b(?:врем|день|дат|вариант|друг))")
_CONSUMED = re.compile(r"\b(?:уйдет|уходит|хватит|хватает|выйдет|нужно|получится)\b")
_VERBS = frozenset(("deed", "past", "state"))
_REASON = "Этого в сведениях о продавце нет."


def novelties(talk: Talk) -> Iterator[Finding]:
    """Assertions that bring in a thing, a property or a deed of which the facts say nothing."""
    for sentence in talk.reply.sentences:
        told = advised = refused = False
        for clause in sentence:
            left = (clause.hedged or clause.passed_on) and not _OFFERS.match(clause.text)
            kinds = {part(one) for one in clause.words}
            advised = "advice" in kinds or (advised and not kinds & _VERBS)
            rest = refused and clause.text.startswith("только")
            if not (left or advised or rest or clause.asked or sentence[-1].asked):
                kind = (
                    _denied_quality(talk, clause)
                    if clause.negated
                    else _claim(talk, clause, sentence[0], told)
                )
                if kind:
                    yield talk.finding(kind, clause.start, clause.end, _REASON)
            told, refused = told or left, clause.negated


def _claim(talk: Talk, clause: Clause, first: Clause, told: bool) -> Kind | None:
    """What a positive clause claims anew. `told`: an earlier clause passes something on, perhaps this."""
    if _SUBORDINATE.match(clause.text) or _MAYBE.search(clause.text) or _LOOKS.search(clause.text):
        return None
    counted = [one for one in clause.amounts if one.unit not in (TIME, CLOCK, DATE, "times")]
    if counted and _CONSUMED.search(clause.text):
        return None  # how much is needed is for the checks of numbers
    words = [one for one in _uncounted(clause) if _tells(one)]
    parts = {one: part(one) for one in words}
    new = [one for one in words if not supported(talk, one)]
    if not new:
        return None
    mine = [one for one in new if not _heard(talk, one)]
    for one in mine:
        if parts[one] in ("thing", "quality"):
            return "stock"
        if parts[one] == "state" and _known_amounts(talk, clause):
            continue  # a known quantity of a known thing, in another verb
        if parts[one] in _VERBS:
            return "stock" if parts[one] == "state" else "delivery"
    if told or len(new) == len(mine) or _known_term(talk, clause):
        return None
    if _QUALITY.search(clause.text) or any(
        one.unit not in (RUB, CLOCK, DATE)
        and not is_money(one, talk.reply)
        and not {one.lo, one.hi} <= _numbers(talk)
        for one in clause.amounts
    ):
        return "stock"
    does = any(parts[one] in ("deed", "past", "state") for one in words) or _ALSO.search(
        clause.text
    )
    if does or _YES.match(first.text):
        return "delivery" if "deed" in parts.values() else "stock"
    return None


_QUALITY = re.compile(
    r"\b(?:хорош\w+|отличн\w+|идеальн\w+|нормальн\w+|цел(?:ый|ая|ое|ые|ы)|рабоч(?:ий|ая|ее|ие)|исправн\w+|в порядке|больш(?:ой|ая|ое|ие)|маленьк\w+|нов(?:ый|ая|ое|ые)|крепк\w+|чист(?:ый|ая|ое|ые))\b"
)


def _known_term(talk: Talk, clause: Clause) -> bool:
    """«Через два часа можно и собаке»: what holds for all holds for the client's too."""
    sentence = talk.reply.sentence_of(clause)
    before = [one for part in sentence if part.last <= clause.last for one in part.amounts]
    terms = [one for one in before if one.unit == TIME]
    known = {amount.lo for amount, _ in talk.known.durations}
    return bool(terms) and all(one.lo in known for one in terms)


def _known_amounts(talk: Talk, clause: Clause) -> bool:
    """Whether a clause names quantities, and the facts name every one in the same unit."""
    return bool(clause.amounts) and all(
        any(one.lo == other.lo and one.hi == other.hi for other, _ in talk.known.amounts(one.unit))
        for one in clause.amounts
    )


def _numbers(talk: Talk) -> frozenset[float]:
    return talk.known.numbers | talk.client_numbers


def _uncounted(clause: Clause) -> list[str]:
    """The words of a clause that belong to no number, date or term."""
    within = {place for one in clause.amounts for place in range(one.first, one.last + 1)}
    tokens = clause.reading.tokens
    places = range(clause.first, clause.last + 1)
    return list(
        dict.fromkeys(tokens[at].text for at in places if tokens[at].is_word and at not in within)
    )


def _denied_quality(talk: Talk, clause: Clause) -> Kind | None:
    """«не скрипят», «никто не жаловался»: told of the goods, and not a refusal of the seller's."""
    if _SUBORDINATE.match(clause.text) or _MAYBE.search(clause.text):
        return None
    for before, word in zip(clause.words, clause.words[1:], strict=False):
        if (
            before == "не"
            and part(word) in ("state", "past")
            and _tells(word)
            and not supported(talk, word)
        ):
            return "stock"
    return None


def _tells(word: str) -> bool:
    """Whether a word may claim something at all. Counting words are for the checks of numbers."""
    return len(word) > 2 and not _COUNTS.match(word) and not is_everyday(word)


_COUNTS = re.compile(
    r"^(?:одн[оа]|двух|тр[её]х|четыр[её]х|пяти|шести|семи|восьми|девяти|десяти|двадцати|тридцати|сорока|полу|сто)"
    r"(?=процентн|летн|метров|комнатн|часов|дневн|месячн|недельн|минутн|килограмм|литров|кубов|тонн|этажн|местн|рублев)"
)


@lru_cache(maxsize=8192)
def part(word: str) -> str:
    """What a word may claim: a thing, a quality, a deed of ours, a state, something past; advice claims nothing."""
    if word.isascii():
        return "thing"
    tag = morphology.tag(word)
    match tag.POS:
        case "NOUN":
            return "thing"
        case "ADJF" | "ADJS" | "PRTF" | "PRTS" | "COMP":
            return "" if {"Apro", "Anum"} & set(tag.grammemes) else "quality"
        case "VERB" if tag.mood == "impr" or tag.person == "2per":
            return "advice"
        case "VERB" if tag.tense == "past":
            return "past"
        case "VERB" if tag.person == "1per":
            return "deed"
        case "VERB":
            return "state"
    return ""


@lru_cache(maxsize=8192)
def first_form(word: str) -> str:
    return morphology.lemma(word).replace("ё", "е")


_PREFIXES = re.compile(
    r"^(?:при|пере|под|раз|рас|воз|вос|обо|ото|от|об|вы|за|на|по|до|из|ис|про|с|у|о|в)(?=[^\W\d_]{4,})"
)


@lru_cache(maxsize=8192)
def root(word: str) -> str:
    """The first letters of a word without its prefix."""
    return _PREFIXES.sub("", first_form(word))[:4]


@lru_cache(maxsize=512)
def _vocabulary(words: frozenset[str]) -> frozenset[str]:
    found = set(words)
    for one in words:
        if len(one) > 2 and one.isalpha():
            form = first_form(one)
            found.update((stem(one), form, "~" + root(one), "~" + form[:4], _SAME.get(form, form)))
    return frozenset(found)


_SAME = {
    form: group[0]
    for group in (
        line.split()
        for line in """
собрать собирать сборка сборщик
чинить починить ремонт ремонтировать отремонтировать починка
установить устанавливать установка поставить ставить монтаж монтировать смонтировать
заменить заменять замена менять поменять
перевозка перевозить перевезти грузоперевозка
мыть помыть отмыть мойка уборка убирать убрать чистить почистить чистка химчистка
аренда прокат сдать сдавать арендовать снять напрокат
стричь стрижка подстричь
учить занятие урок заниматься преподавать
печь испечь выпечка торт
шить сшить пошив
машина авто автомобиль стиралка
ребенок детский дети
пахнуть запах
квартира однушка двушка трешка студия
погрузка грузить погрузить грузчик
подарить подарок дарить
""".strip().splitlines()
    )
    for form in group
}
"""Words of one meaning whose roots do not look alike; the first of each stands for all."""


def _in(word: str, words: frozenset[str]) -> bool:
    known = _vocabulary(words)
    form = first_form(word)
    if word in known or stem(word) in known or _SAME.get(form, form) in known:
        return True
    return len(word) > 4 and bool({"~" + root(word), "~" + form[:4]} & known)


def supported(talk: Talk, word: str) -> bool:
    """Whether the facts have this word, in another form or of the same root."""
    return _in(word, talk.known.words)


def _heard(talk: Talk, word: str) -> bool:
    return _in(word, talk.client.words)
