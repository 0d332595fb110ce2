"""Claims that are new: said as a fact or a promise, in words that neither the facts nor everyday talk have.

The other checks know what a made-up discount or term looks like. This one knows nothing of the kind: whatever is
asserted about the goods or the work must share its words with the facts. Asking, refusing, advising, wondering and
passing on are no assertions.
"""

import re
from collections.abc import Iterator

from bot.assistant import morphology
from bot.assistant.guard import moods
from bot.assistant.guard.amounts import CLOCK, DATE, RUB, TIME
from bot.assistant.guard.everyday import is_everyday
from bot.assistant.guard.kin import VERBS, akin, first_form, part
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.sums import is_money
from bot.assistant.guard.talk import Finding, Kind, Talk
from bot.assistant.guard.work_words import work_words

_SUBORDINATE = re.compile(
    r"^(?:и |а |но |то есть )?(?:если|когда|чтобы|пока|как только|как|что|кто|где|куда|сколько|котор\w+|раз|хотя|поскольку|чем|насколько|какой|какая|какие|какое|при этом если|после того)\b"
)
_MAYBE = re.compile(
    r"\b(?:может|могут|обычно|бывает|похоже|должен|должна|должно|должны|желательно|лучше|хотелось|хотите|желаете|нужно|надо|зависит|в зависимости|примерно так|думаю|кажется|понимаю|я вижу|я знаю|жаль|сожале\w+|указан\w*|понадоб\w+|потреб\w+|в описании|в объявлении|по описанию)\b"
)
_YES = re.compile(
    r"^(?:да|конечно|разумеется|безусловно|ага|можно|точно|естественно|легко|обязательно)\b"
)
_ALSO = re.compile(
    r"\b(?:тоже|также|есть|имеется|в комплекте|в наличии|прилага\w+|можно|все|вс[её]|всех|любы\w*|любо\w+)\b"
)
_LOOKS = re.compile(
    r"\b(?:[оп]?о?смотр(?:им|ит|ю)|посмотр(?:им|ит|ю)|оцен(?:им|ит|ю)|провер(?:им|ит|ю)|помо(?:гу|жем)|(?:осмотреть|посмотреть|оценить|проверить)|(?:помощник|ассистент|бот|робот)\w*)\b"
)
_OFFERS = re.compile(r"^(?:\S+ ){0,3}предлож(?:им|у)\b(?!.*\b(?:врем|день|дат|вариант|друг))")
_CONSUMED = re.compile(r"\b(?:уйдет|уходит|хватит|хватает|выйдет|нужно|получится)\b")
_REASON = "Этого в сведениях о продавце нет."


def novelties(talk: Talk) -> Iterator[Finding]:
    """Assertions that bring in a thing, a property or a deed of which the facts say nothing."""
    for sentence in talk.reply.sentences:
        told = advised = refused = False
        for clause in sentence:
            left = (
                clause.hedged or clause.passed_on or moods.supposes(clause.text)
            ) and not _OFFERS.match(clause.text)
            kinds = {part(one) for one in clause.words if len(one) > 2}  # «см» is no order
            urged = "advice" in kinds or _urges(talk, clause)
            advised = urged or (advised and not kinds & VERBS)
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
    if _PRAISES.search(clause.text) or _is_address(clause) or _urges(talk, clause):
        return None
    counted = [one for one in clause.amounts if one.unit not in (TIME, CLOCK, DATE, "times")]
    if counted and _CONSUMED.search(clause.text):
        return None  # how much is needed is for the checks of numbers
    words = [one for one in _uncounted(clause) if _tells(one)]
    parts = {one: part(one) for one in words}
    new = [one for one in words if not supported(talk, one) and _checkable(talk, clause, one)]
    if not new or _outweighed(talk, clause, words, new):
        return None
    mine = [one for one in new if not _heard(talk, one)]
    if not set(parts.values()) & VERBS and _is_of_client(talk, clause, new, mine):
        return None
    for one in mine:
        if parts[one] == "thing" and len(new) == 1 and _known_amounts(talk, clause):
            continue  # «длина полена 35-40 см»
        if parts[one] in ("thing", "quality"):
            return "stock"
        if parts[one] == "state" and _known_amounts(talk, clause):
            continue  # a known quantity of a known thing, in another verb
        if parts[one] in VERBS:
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


_PRAISES = re.compile(
    r"\bнрав(?:ит|ят)ся\b|^(?:это )?(?:отличн|прекрасн|замечательн|хорош|разумн)\w+ (?:выбор|вопрос|иде[яи]|мысль|решение|вариант|план)\b"
)
"""What is said of the client's choice and not of the goods."""


def _is_address(clause: Clause) -> bool:
    """«Рада знакомству, Олег»: a name by itself speaks to somebody."""
    return len(clause.words) == 1 and morphology.is_kind(clause.words[0], morphology.NAME)


def _urges(talk: Talk, clause: Clause) -> bool:
    """«надёжнее сверить артикул», «ветеринару показать можно»: what the client may do, in no verb of ours."""
    kinds = [morphology.tag(one).POS for one in clause.words]
    if "INFN" not in kinds or "VERB" in kinds:
        return False
    if "можно" not in clause.words:
        return "COMP" in kinds or bool(_BETTER.search(clause.text))
    if any(_heard(talk, one) for one in clause.words if _tells(one)):
        return False
    done = [one for one, kind in zip(clause.words, kinds, strict=True) if kind == "INFN"]
    return not any(
        first_form(one) in work_words() or akin(one, talk.asked.words, closely=True) for one in done
    )


_CLIENTS = re.compile(
    r"\bваш(?:а|е|и|ей|его|ему|им|их|у)?\b|\bу вас\b|\bза вами\b|\bна вас\b|\bс вас\b"
)
_OF_THE_DEAL = re.compile(
    r"\b(?:сумм|дорог|вопрос|ситуаци|тем|решени|выбор|иде|мысл|задач|случа|просьб|разниц|погод|врем|истори|поездк|путь|расстояни|очеред|повод|новост|праздник|событи|забот)\w*\b"
)


def _is_of_client(talk: Talk, clause: Clause, new: list[str], mine: list[str]) -> bool:
    """«ваша ниша на пять сантиметров меньше», «сумма немаленькая»: a word on the client or on the deal."""
    about = _CLIENTS.search(clause.text)
    if about and (not mine or about.group() in ("за вами", "на вас", "с вас")):
        return True
    praised = all(part(one) == "quality" for one in new)
    named = any(part(one) == "thing" and _heard(talk, one) for one in clause.words)
    return praised and bool(
        _OF_THE_DEAL.search(clause.text) or (about and named and not clause.amounts)
    )


_BETTER = re.compile(
    r"\b(?:лучше|проще|удобнее|надежнее|стоит|достаточно|важно|полезно|останется|осталось|имеет смысл)\b"
)


def _outweighed(talk: Talk, clause: Clause, words: list[str], new: list[str]) -> bool:
    """Whether a clause says mostly what is known: a word of the speaker's own among several of the facts'.

    What is made up stands nearly alone, or names what the client asked about: of 130 clauses that only this check
    stopped, one had more known words than new ones, and three as many, where the new ones were the seller's own.
    """
    known = sum(akin(one, talk.known.words, closely=True) for one in words)
    own = not any(_heard(talk, one) or one.isascii() for one in new)
    if own and not clause.amounts and all(part(one) == "quality" for one in new):
        own = False  # «мотоблоки дизельные», «щенки чипированы»
    return known > len(new) or (known == len(new) and (own or _known_amounts(talk, clause)))


def _checkable(talk: Talk, clause: Clause, word: str) -> bool:
    """Whether a word names a thing, a quality, what is done to a thing or how it behaves, or what the client asked for."""
    match part(word):
        case "deed" | "state":
            return first_form(word) in work_words() or akin(word, talk.client.words, closely=True)
        case "thing":
            measured = clause.amounts and not _known_amounts(talk, clause)
            return measured or not _ABSTRACT.search(first_form(word)) or _heard(talk, word)
    return True


_ABSTRACT = re.compile(r"(?:.{3}ость|.{3}[еа]ние)$")
"""Nouns of qualities and of doings: «регулярность», «завершение»."""


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
        if before == "без" and part(word) == "thing" and _tells(word):
            if not supported(talk, word):
                return "stock"  # «без грыж и порезов», «без франшизы»
            continue
        if (
            before == "не"
            and part(word) in ("state", "past")
            and _tells(word)
            and first_form(word) not in ("хватать", "хватить")
            and not supported(talk, word)
            and _checkable(talk, clause, word)
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


def supported(talk: Talk, word: str) -> bool:
    """Whether the facts have this word, in another form or of the same root."""
    return akin(word, talk.known.words)


def _heard(talk: Talk, word: str) -> bool:
    return akin(word, talk.client.words)
