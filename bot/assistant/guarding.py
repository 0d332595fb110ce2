"""Lets a reply pass the guard, has the model mend it once, or else leaves the answer to a person."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.assistant import guard
from bot.assistant.briefing import Subject
from bot.assistant.guard import Finding, Knowledge
from bot.assistant.instructions import Instructions
from bot.assistant.masking import mask
from bot.assistant.prompt import LONGEST_LINE, Line
from bot.assistant.writer import Written
from bot.model import Draft

REASON = "guard:"
"""A message that is left to a person by the guard has this before the kind of what was wrong."""

MOST_WORDS = 6000
"""Characters of what was said that the guard looks at, on each side."""

Ask = Callable[[Sequence[dict[str, Any]]], Awaitable[Written]]
Judge = Callable[[str], Sequence[Finding]]


@dataclass(frozen=True)
class Guarded:
    """What the guard found in the first reply, and what was left of it after mending; nothing left: it may be sent."""

    found: Sequence[Finding] = ()
    left: Sequence[Finding] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of what was found first, each once."""
        return tuple(dict.fromkeys(one.kind for one in self.found))

    @property
    def repaired(self) -> bool:
        return bool(self.found) and not self.left


async def write(
    ask: Ask, messages: Sequence[dict[str, Any]], judge: Judge
) -> tuple[Written, Guarded]:
    """Asks for a reply; one that the guard stops is asked for once more with the reasons, then it is nobody's.

    The calls and costs of both are in what comes back.
    """
    first = await ask(messages)
    found = _judged(first, judge)
    if not found or first.draft is None:
        return _tidied(first), Guarded()
    told = {"role": "system", "content": reasons(found)}
    second = await ask([*messages, told])
    both = replace(
        second,
        calls=[*first.calls, *second.calls],
        only_draft=first.only_draft or second.only_draft,
    )
    left = _judged(second, judge) if second.draft else found
    draft = _together(first.draft, second.draft or first.draft, twice=second.draft is not None)
    if left:
        draft = replace(draft, reply="", hand_off=True, hand_off_reason=REASON + left[0].kind)
    return _tidied(replace(both, draft=draft, error=None)), Guarded(tuple(found), tuple(left))


def reasons(found: Sequence[Finding]) -> str:
    """What the model must mend, in Russian."""
    lines = (f"- «{mask(one.text)}»: {one.reason}" for one in found)
    return (
        "Прошлый ответ нельзя отправить:\n"
        + "\n".join(lines)
        + "\nНапиши ответ заново: только то, что есть в объявлении и сведениях о продавце. "
        "Чего там нет, о том скажи, что уточнишь у коллеги."
    )


def _judged(written: Written, judge: Judge) -> Sequence[Finding]:
    return judge(written.draft.reply) if written.draft and written.draft.reply else ()


def _together(first: Draft, last: Draft, *, twice: bool) -> Draft:
    """The last draft with what both cost."""
    if not twice:
        return first
    return replace(
        last,
        tokens_in=first.tokens_in + last.tokens_in,
        tokens_out=first.tokens_out + last.tokens_out,
        cost_rub=first.cost_rub + last.cost_rub,
        latency_ms=first.latency_ms + last.latency_ms,
    )


def _tidied(written: Written) -> Written:
    """A reply is sent without signs that nobody sees."""
    draft = written.draft
    if draft is None:
        return written
    return replace(written, draft=replace(draft, reply=guard.tidy(draft.reply).strip()))


# --- what is known ------------------------------------------------------------------------------------------------------


def judge(subject: Subject, said: Instructions, lines: Sequence[Line]) -> Judge:
    """The guard for one chat: it knows the listing, the seller's instructions, and what was said."""
    ours = [one.text for one in lines if one.ours and one.text]
    known = guard.with_said(knowledge(subject, said), _latest(ours))
    client = _latest([one.text for one in lines if one.text and not one.ours])
    return lambda reply: guard.check(reply, known, client)


def _latest(texts: Sequence[str]) -> list[str]:
    """The last texts, as many as a reply can be about: a pasted book must not hold up the others."""
    kept: list[str] = []
    for text in reversed(texts):
        kept.insert(0, text[:LONGEST_LINE])
        if sum(map(len, kept)) > MOST_WORDS:
            break
    return kept


def knowledge(subject: Subject, said: Instructions) -> Knowledge:
    """The facts of a listing and of the instructions that hold for it."""
    return guard.from_fields(subject.title, subject.price, tuple(_fields(subject, said)))


def _fields(subject: Subject, said: Instructions) -> Iterator[tuple[str, str]]:
    """What is known, each with its topic; "" where the words tell themselves what they are about."""
    yield "title", subject.category or ""
    yield "title", subject.shop or ""
    yield "address", subject.address or ""
    yield "address", said.address
    yield "phone", said.phone
    yield "hours", said.hours
    yield "guarantee", said.guarantee
    yield "stock", said.stock
    yield "delivery", said.delivery
    yield "delivery", said.areas
    yield "", said.about
    yield "", said.payment
    yield from (("", line) for line in said.prices)
    yield from (("discount", line) for line in said.discounts)
    words = said.templates  # but for those of follow-ups, which pass the guard themselves
    yield from (
        ("", text)
        for text in (words.greeting, words.price, words.address, words.hand_off, words.off_hours)
    )
