"""A text taken apart once for all checks: tokens, amounts, sentences, clauses, and in what mood each clause is said."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from bot.assistant.guard import moods
from bot.assistant.guard.amounts import Amount, amounts
from bot.assistant.guard.numbers import Token, tokens
from bot.assistant.guard.plain import Plain, plain
from bot.assistant.guard.stems import stem

_SENTENCE_END = frozenset(".!?;\n…")
_CLAUSE_END = frozenset(",:()") | _SENTENCE_END
_CONJUNCTIONS = frozenset(("но", "а", "зато", "однако", "иначе"))

_INDIRECT = re.compile(
    r"^(?:а |и |но )?(?:на |в |по |с )?(?:как\w*|когда|где|куда|сколько|что|кто|чем|почему|котор\w+)\b|\bли\b"
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
        return moods.denies(self.text)

    @cached_property
    def hedged(self) -> bool:
        """Whether it says that somebody will tell, or that one does not know or does not promise."""
        return moods.defers(self.text) or moods.disclaims(self.text) or self._is_left_open

    @property
    def _is_left_open(self) -> bool:
        """«Какие дни свободны, скажет логист», «не знаю, что останется»: contents of what is not known yet."""
        sentence = self.reading.sentence_of(self)
        if _INDIRECT.search(self.text) and any(
            one.first > self.last and moods.defers(one.text) for one in sentence
        ):
            return True
        before = [one for one in sentence if one.last < self.first]
        if before and moods.is_guess(before[-1].text):
            return True
        return bool(before) and moods.is_content_clause(self.text) and before[-1].hedged

    @cached_property
    def passed_on(self) -> bool:
        """Whether it notes or passes on what the client said."""
        return moods.passes_on(self.text)

    @cached_property
    def asserted(self) -> bool:
        """Whether it says of the goods, the work or the deal that something is so, or is not so."""
        return not (self.asked or self.hedged or moods.supposes(self.text))

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
            ends = token.text in _CLAUSE_END and not self._is_around_parenthesis(place)
            begins = token.text in _CONJUNCTIONS and place > first
            if ends or begins:
                self._add(found, first, place - 1, sentence, asked=token.text == "?")
                first = place + 1 if ends else place
            if token.text in _SENTENCE_END:
                sentence += 1
        self._add(found, first, len(self.tokens) - 1, sentence, asked=False)
        return found

    def _is_around_parenthesis(self, place: int) -> bool:
        """Whether a comma sets off «увы» or «к сожалению», which stand within a clause."""
        if self.tokens[place].text != ",":
            return False
        commas = self._commas
        at = commas.index(place)
        return any(
            moods.is_parenthesis(self.text[self.tokens[one].end : self.tokens[two].start].strip())
            for one, two in pairwise(commas[max(at - 1, 0) : at + 2])
        )

    @cached_property
    def _commas(self) -> list[int]:
        return [place for place, token in enumerate(self.tokens) if token.text == ","]

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
