"""Phone numbers in what clients write."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.assistant.digits import Gap, Piece, pieces
from bot.assistant.phone_context import hint_for
from bot.assistant.phone_runs import LONGEST, SHORTEST, Run, is_phone, score
from bot.assistant.web import carries_contact, find_web_addresses

MESSAGE_BREAK = "\n---\n"


@dataclass(frozen=True, slots=True)
class Phone:
    """A complete phone number and where it stands (half-open offsets in the given text)."""

    e164: str
    start: int
    end: int


def find_phones(texts: Sequence[str] | str) -> list[Phone]:
    """Every complete phone number, each time it is written, in order, without overlaps.

    `texts` is a message, or the messages of one burst; a number may be split over
    them. Offsets count in the text, or in the messages joined with MESSAGE_BREAK.
    """
    text = texts if isinstance(texts, str) else MESSAGE_BREAK.join(texts)
    ranked = sorted(_readings(text, _outside_addresses(text)), key=lambda one: (-one[0], one[1].first))
    taken: set[int] = set()
    chosen = []
    for _, run in ranked:
        covered = range(run.first, run.last + 1)
        if taken.isdisjoint(covered):
            taken.update(covered)
            chosen.append(Phone(run.e164, run.start, run.end))
    return sorted(chosen, key=lambda phone: phone.start)


def _readings(text: str, found: list[Piece]) -> Iterator[tuple[int, Run]]:
    """Every run of pieces that could be a phone number, with its score."""
    for first in range(len(found)):
        length = 0
        for last in range(first, len(found)):
            length += len(found[last].digits)
            if length > LONGEST + 2 or (last > first and found[last].gap is Gap.BREAK):
                break
            run = Run(text, found, first, last)
            if length >= SHORTEST and run.e164:
                hint = hint_for(text, run.start, run.end)
                if is_phone(run, hint):
                    yield score(run, hint), run


def _outside_addresses(text: str) -> list[Piece]:
    """The text's pieces without those of pages and mail, save what leads to a phone (wa.me/7916…)."""
    found = pieces(text)
    hidden = [
        one
        for one in find_web_addresses(text)
        if one.kind == "email" or not carries_contact(text[one.start : one.end])
    ]
    ends = [one.end for one in hidden]
    kept, torn = [], False
    for piece in found:
        at = bisect_left(ends, piece.start + 1)
        if at < len(hidden) and hidden[at].start < piece.end:
            torn = True
            continue
        if torn:
            piece.gap, torn = Gap.BREAK, False
        kept.append(piece)
    return kept
