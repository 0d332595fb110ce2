"""A text taken apart once for all checks: tokens, amounts, sentences, clauses, and in what mood each clause is said."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.assistant.guard.amounts import Amount, amounts
from bot.assistant.guard.numbers import Token, tokens
from bot.assistant.guard.plain import Plain, plain
from bot.assistant.guard.stems import stem

_SENTENCE_END = frozenset(".!?;\n…")
_CLAUSE_END = frozenset(",:()") | _SENTENCE_END
_CONJUNCTIONS = frozenset(("но", "а", "зато", "однако", "иначе"))

_NEGATION = re.compile(
    r"\b(?:не(?! (?:волну|пережив|беспоко|сомнева|проблем|вопрос|только|просто|бойт|стесн|раньше|позже|позднее|менее|более|дороже|дольше|пожале|дешевле|хуже|больше|меньше|забудьте|нерв|торопи))|нет(?! (?:проблем|вопрос))|нету|ни|нельзя|"
    r"невозможн\w+|без(?! (?:вопрос|проблем|труда|разниц|обман|сомнен|выходн|доплат|оплат|посредник|наценк|ограничен|предоплат|залог))|никак\w*|никогда|отсутств\w+|вряд ли|пока не\w*|"
    r"к сожалению|увы|not|no(?! ?frost)|don't|can't|cannot|won't|isn't|doesn't|yo'q|emas)\b"
)
_HEDGE = re.compile(
    r"\b(?:уточн\w+|переда(?:м|ю|л|ла|ли|дим|ем|ст|но)\b|спрош\w+|спрос(?:им|ите|ить)|узна(?:ю|ем|ть|йте)|провер(?:ю|им|ить)|"
    r"(?:под|рас)?скаж(?:ет|ут)|подтвер(?:дит|дят)|реш(?:ит|ает|ают|им|ать)|ответ(?:ит|ят)\b|назов(?:ет|ут)|(?:посовету|разъясн|объясн|сообщ|озвуч|определ|покаж|пришл|напиш|подбер)(?:ет|ит|ут|ят)|(?:по|рас|про)?считает|сверит|сверим|"
    r"оцен(?:ит|ят|им)|согласу\w+|не (?:знаю|подскажу|вижу|указан\w*|могу (?:сказать|обещать|подтвердить|назвать|знать))|завис(?:ит|ят)|"
    r"нет (?:сведений|данных|информации|такой информации)|сведений нет|данных нет|информации нет|не обещаю|лучше (?:спросить|уточнить|позвонить|примерить)|возможно|"
    r"(?:сложно|трудно|тяжело|рано|нечестно|некорректно|неправильно|преждевременно|невозможно) (?:сказать|судить|обещать|гарантировать|назвать|оценить|угадать)|(?:сказать|судить|обещать|гарантировать|назвать|оценить|угадать)\b[^,.]{0,40}\b(?:неправильн\w+|неверн\w+|сложно|трудно|тяжело|рано|нечестно|некорректно|преждевременно|не (?:возьмусь|берусь|стану|буду))|"
    r"может быть|наверн\w+|вероятно|скорее всего|вряд ли|предлож\w+|предлага\w+|обсуд\w+|договор(?:имся|итесь|иться)|как освобод\w+|"
    r"let me check|i will ask|not sure|depends)\b"
)
_PASSING = re.compile(
    r"\b(?:уточн\w+|переда(?:м|ю|л|ла|ли|дим|ем|ст|но)\b|спрош\w+|спрос(?:им|ить)|узна(?:ю|ем|ть)|провер(?:ю|им|ить)|согласу\w+|"
    r"(?:запи(?:шу|шем)|учт(?:у|ем)|внес(?:у|ем)|отме(?:чу|тим)) (?:ваш\w* )?(?:пожелан|просьб|вопрос|комментар)\w*|"
    r"записал\w?|записываю|принято|принял\w?|отмечу|отметил\w?|пометил\w?|понял\w?|поняла|подтвер(?:дит|дят)|ответ(?:ит|ят)|реш(?:ит|ает|ают)|"
    r"(?:под|рас)?скаж(?:ет|ут)|назов(?:ет|ут)|(?:по|рас|про)?считает)\b"
)
_INDIRECT = re.compile(
    r"^(?:а |и |но )?(?:на |в |по |с )?(?:как\w*|когда|где|куда|сколько|что|кто|чем|почему|котор\w+)\b|\bли\b"
)
_QUESTION_WORDS = re.compile(
    r"\b(?:как\w*|когда|где|куда|сколько|что|чем|почему|удобно|ли|можете|сможете|подойдет|устроит|подскаж\w+|напиш\w+)\b"
)


@dataclass(frozen=True)
class Clause:
    """A part of a sentence between commas; `asked` if it is (the end of) a question."""

    reading: "Reading"
    first: int  # tokens
    last: int
    sentence: int
    asked: bool

    @cached_property
    def start(self) -> int:
        return self.reading.tokens[self.first].start

    @cached_property
    def end(self) -> int:
        return self.reading.tokens[self.last].end

    @cached_property
    def text(self) -> str:
        return self.reading.text[self.start : self.end]

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(
            token.text for token in self.reading.tokens[self.first : self.last + 1] if token.is_word
        )

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(stem(word) for word in self.words)

    @cached_property
    def negated(self) -> bool:
        return bool(_NEGATION.search(self.text))

    @cached_property
    def hedged(self) -> bool:
        """Whether it says that somebody will tell, or that one does not know."""
        return bool(_HEDGE.search(self.text)) or self._asks_indirectly

    @property
    def _asks_indirectly(self) -> bool:
        """«Какие дни свободны, скажет логист»: what somebody will tell is no claim yet."""
        return bool(_INDIRECT.search(self.text)) and any(
            one.first > self.last and _HEDGE.search(one.text)
            for one in self.reading.sentence_of(self)
        )

    @cached_property
    def passed_on(self) -> bool:
        """Whether it notes or passes on what the client said."""
        return bool(_PASSING.search(self.text))

    @cached_property
    def amounts(self) -> tuple[Amount, ...]:
        return tuple(one for one in self.reading.amounts if self.first <= one.first <= self.last)


class Reading:
    """A text and what it consists of. `text` is plain; spans are translated back with `plain`."""

    def __init__(self, source: str) -> None:
        self.plain: Plain = plain(source)
        self.text = self.plain.text
        self.tokens: Sequence[Token] = tokens(self.text)

    @cached_property
    def amounts(self) -> list[Amount]:
        return amounts(self.tokens)

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(stem(token.text) for token in self.tokens if token.is_word)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(token.text for token in self.tokens if token.is_word)

    @cached_property
    def sentences(self) -> list[tuple[Clause, ...]]:
        grouped: dict[int, list[Clause]] = {}
        for clause in self.clauses:
            grouped.setdefault(clause.sentence, []).append(clause)
        return [tuple(group) for group in grouped.values()]

    @cached_property
    def clauses(self) -> list[Clause]:
        found: list[Clause] = []
        first, sentence = 0, 0
        for place, token in enumerate(self.tokens):
            ends = token.text in _CLAUSE_END
            begins = token.text in _CONJUNCTIONS and place > first
            if ends or begins:
                self._add(found, first, place - 1, sentence, asked=token.text == "?")
                first = place + 1 if ends else place
            if token.text in _SENTENCE_END:
                sentence += 1
        self._add(found, first, len(self.tokens) - 1, sentence, asked=False)
        return found

    def _add(
        self, found: list[Clause], first: int, last: int, sentence: int, *, asked: bool
    ) -> None:
        while first <= last and self.tokens[first].text in ("-", "\n", ".", '"'):
            first += 1
        if first <= last:
            wonders = any(token.text == "ли" for token in self.tokens[first : last + 1])
            found.append(Clause(self, first, last, sentence, asked or wonders))

    def clause_at(self, place: int) -> Clause:
        """The clause that a place in the plain text is in, or the nearest before."""
        best = self.clauses[0]
        for clause in self.clauses:
            if clause.start > place:
                break
            best = clause
        return best

    def sentence_of(self, clause: Clause) -> tuple[Clause, ...]:
        return self._by_sentence[clause.sentence]

    @cached_property
    def _by_sentence(self) -> dict[int, tuple[Clause, ...]]:
        return {group[0].sentence: group for group in self.sentences}


@lru_cache(maxsize=4096)
def read(source: str) -> Reading:
    """The reading of a text; the same text is taken apart once."""
    return Reading(source)
