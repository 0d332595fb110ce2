"""A reply beside what it may rest on, and what a check says of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, get_args

from bot.assistant.guard.amounts import TIME
from bot.assistant.guard.denials import Denial, denials
from bot.assistant.guard.knowledge import Knowledge
from bot.assistant.guard.numbers import numbers
from bot.assistant.guard.reading import Clause, Reading, read

Kind = Literal[
    "price", "discount", "date", "address", "phone", "link", "guarantee", "stock", "delivery",
    "competitor", "legal_promise", "prompt_leak", "role_break",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Finding:
    """Words of a reply that nothing supports. `start` and `end` are half-open offsets in the reply; `reason` is Russian."""

    kind: Kind
    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True)
class Talk:
    """The reply that is to be judged, and everything it may rest on. `client` is all that the client wrote."""

    reply: Reading
    known: Knowledge
    client: Reading
    asked: Reading  # what the client wrote last

    def finding(self, kind: Kind, start: int, end: int, reason: str) -> Finding:
        """A finding for a span of the reply's plain text."""
        begin, after = self.reply.plain.source_span(start, end)
        return Finding(kind, begin, after, self.reply.plain.source[begin:after], reason)

    @cached_property
    def claims(self) -> tuple[Clause, ...]:
        """The clauses of the reply that say something is so: no questions, cases, aims, guesses or refusals to promise."""
        return tuple(one for one in self.reply.clauses if one.asserted)

    @property
    def denials(self) -> Sequence[Denial]:
        return denied_by(self.known)

    @cached_property
    def client_numbers(self) -> frozenset[float]:
        """Every number the client wrote, also as thousands («за 15»)."""
        found: set[float] = {one.value for one in numbers(self.client.tokens)}
        for one in self.client.amounts:
            if one.unit == TIME:
                continue
            found.update((one.lo, one.hi))
            if one.hi < 1000:
                found.update((one.lo * 1000, one.hi * 1000))
            if one.hi < 20:
                found.update((one.lo * 1_000_000, one.hi * 1_000_000))
        return frozenset(found)


@lru_cache(maxsize=256)
def denied_by(known: Knowledge) -> tuple[Denial, ...]:
    return tuple(denials(known))


def talk_of(reply: str, known: Knowledge, client: Sequence[str]) -> Talk:
    """`client` are the client's messages, oldest first."""
    return Talk(read(reply), known, read("\n".join(client)), read(client[-1] if client else ""))


_RANK = {kind: place for place, kind in enumerate((
    "phone", "link", "address", "prompt_leak", "legal_promise", "competitor", "role_break", "guarantee", "delivery", "stock", "discount", "price", "date",
))}  # fmt: skip
"""Where two findings overlap, the one that says more is kept."""


def merged(findings: Sequence[Finding]) -> list[Finding]:
    """In the order of the reply; of findings that overlap the one that says most."""
    kept: list[Finding] = []
    for one in sorted(findings, key=lambda f: (_RANK[f.kind], f.start, -f.end)):
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda f: f.start)
