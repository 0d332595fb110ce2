"""What a clause looks like, in numbers: what the judges found there, its mood, its words and its amounts.

None of these numbers knows a trade. `weighing.py` adds them up; `bench/guard_weights.py` finds the weights.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.assistant.guard import meanings
from bot.assistant.guard.amounts import CLOCK, DATE, PCT, TIME, Amount
from bot.assistant.guard.everyday import is_everyday
from bot.assistant.guard.kin import akin, first_form, part
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.reckonings import makes
from bot.assistant.guard.sums import is_money
from bot.assistant.guard.talk import Kind, Talk
from bot.assistant.guard.work_words import work_words

JUDGES = (
    "prices", "discounts", "dates", "guarantees", "offers", "rivals", "law", "leaks", "role", "novelties",
    "phones", "links", "places",
)  # fmt: skip
_PAIRS: tuple[tuple[str, Kind], ...] = (
    ("prices", "discount"), ("discounts", "delivery"), ("offers", "delivery"), ("novelties", "delivery"), ("novelties", "stock"),
)  # fmt: skip
"""Judges who speak of several kinds."""

_PARTS = ("thing", "quality", "deed", "past", "state", "advice")
_YES = re.compile(r"^(?:да|конечно|разумеется|безусловно|можно|точно|обязательно)\b")
_SUBORDINATE = re.compile(
    r"^(?:и |а |но )?(?:если|когда|чтобы|пока|как|что|где|сколько|котор\w*)\b"
)


@dataclass(frozen=True)
class Signs:
    """The numbers of one clause. `found` is what was found in it: the judge's name and the kind."""

    talk: Talk
    clause: Clause
    found: Collection[tuple[str, Kind]]

    def named(self) -> Iterator[tuple[str, float]]:
        """Every number with its name, always in the same order."""
        for group in (self._found(), self._mood(), self._place(), self._wording(), self._counted()):
            for name, value in group:
                yield name, float(value)
        for name, words in (("new", self._new), ("all", self._words)):
            for axis, value in enumerate(meanings.middle(words)):
                yield f"{name} {axis}", value

    @property
    def tells(self) -> bool:
        """Whether there is a word or a number in it that could claim something at all."""
        return bool(self._telling or self.clause.amounts)

    @cached_property
    def _words(self) -> list[str]:
        """The words of the clause that belong to no number, each once."""
        within = {place for one in self.clause.amounts for place in range(one.first, one.last + 1)}
        tokens = self.talk.reply.tokens
        places = range(self.clause.first, self.clause.last + 1)
        said = [tokens[at].text for at in places if tokens[at].is_word and at not in within]
        return list(dict.fromkeys(one for one in said if len(one) > 2))

    @cached_property
    def _telling(self) -> list[str]:
        return [one for one in self._words if not is_everyday(one)]

    @cached_property
    def _new(self) -> list[str]:
        known = self.talk.known.words
        return [one for one in self._telling if part(one) and not akin(one, known)]

    def _found(self) -> Iterator[tuple[str, float]]:
        judges = {judge for judge, _ in self.found}
        for one in JUDGES:
            yield f"found by {one}", one in judges
        for pair in _PAIRS:
            yield " ".join(("found by", *pair)), pair in self.found
        yield "judges", len(judges)
        yield "found", bool(judges)

    def _mood(self) -> Iterator[tuple[str, float]]:
        clause, sentence = self.clause, self.talk.reply.sentence_of(self.clause)
        yield "asked", clause.asked
        yield "negated", clause.negated
        yield "hedged", clause.hedged
        yield "passed on", clause.passed_on
        yield "subordinate", bool(_SUBORDINATE.match(clause.text))
        yield "sentence asked", sentence[-1].asked
        yield "sentence hedged", any(one.hedged for one in sentence)

    def _place(self) -> Iterator[tuple[str, float]]:
        clauses = self.talk.reply.clauses
        at = clauses.index(self.clause)
        yield "place", at / max(len(clauses) - 1, 1)
        yield "first", at == 0
        yield "last", at == len(clauses) - 1
        yield "clauses", min(len(clauses), 12) / 12
        yield (
            "after what is left open",
            any(one.hedged or one.passed_on for one in clauses[max(at - 2, 0) : at]),
        )
        yield "yes", bool(_YES.match(self.clause.text))
        yield "yes before", bool(_YES.match(clauses[0].text))
        yield "client asks", "?" in self.talk.asked.text

    def _wording(self) -> Iterator[tuple[str, float]]:
        words, new, client = self._words, self._new, self.talk.client
        known = sum(1 for one in self._telling if part(one)) - len(new)
        yield "length", min(sum(len(one) > 2 for one in self.clause.words), 12) / 12
        yield "new words", min(len(new), 5) / 3
        yield "known words", min(known, 5) / 3
        yield "only new words", bool(new) and not known
        yield "client's words", min(sum(akin(one, client.words) for one in new), 3) / 2
        plain = [meanings.plainness(one, 0.5) for one in words]
        claims = [1 - meanings.plainness(one, 0.3) for one in new]
        yield "claims", min(sum(claims), 3.0)
        yield "greatest claim", max(claims, default=0.0)
        yield "plain", sum(plain) / len(plain) if plain else 0.8
        yield "least plain", min(plain, default=0.9)
        yield "unmet", sum(not meanings.is_met(one) for one in new)
        yield "adverbs", sum(not part(one) for one in self._telling)
        yield "foreign", sum(one.isascii() for one in new)
        for kind in _PARTS:
            yield f"new {kind}", sum(part(one) == kind for one in new)
            yield f"has {kind}", any(part(one) == kind for one in words)
        forms = {first_form(one) for one in words}
        yield "work", not forms.isdisjoint(work_words())
        yield "echo", not forms.isdisjoint(first_form(one) for one in self.talk.asked.words)

    def _counted(self) -> Iterator[tuple[str, float]]:
        amounts = self.clause.amounts
        heard = self.talk.known.numbers | self.talk.client_numbers
        sums = [one for one in amounts if is_money(one, self.talk.reply)]
        times = [one for one in amounts if one.unit in (TIME, CLOCK, DATE)]
        yield "amounts", bool(amounts)
        yield "sums", bool(sums)
        yield "new numbers", any(one.lo not in heard for one in amounts)
        yield "new sums", any(one.lo not in self.talk.known.numbers for one in sums)
        yield "sums that nothing makes", any(not makes(self.talk, one) for one in sums)
        yield "terms", any(one.unit == TIME for one in amounts)
        yield "times of day", any(one.unit in (CLOCK, DATE) for one in amounts)
        yield "percents", any(one.unit == PCT for one in amounts)
        yield "new times", any(not _is_told(self.talk, one) for one in times)


def _is_told(talk: Talk, one: Amount) -> bool:
    return any(one.lo == other.lo for other in talk.known.all_amounts)
