"""Phone numbers in what clients write."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.assistant.digits import Gap, Piece, pieces
from bot.assistant.phone_context import hint_for
from bot.assistant.phone_runs import LONGEST, Run, may_be, plus_before
from bot.assistant.phone_verdict import could_be_phone, fits, is_valid, score
from bot.assistant.web import WebAddress, carries_contact, find_web_addresses

_CODE_AND_NUMBER = re.compile(
    r"\bкод\w{0,2}(?:\sгорода|\sоператора)?\s?[:—–-]?\s?\(?(\d{3,5})\)?[,;.]?\s(?:сам\s|а\s)?(?:номер|тел\w*)"
    r"\s?[:—–-]?\s?(\d(?:[\s-]?\d){4,6})(?![\s-]?\d)",
    re.IGNORECASE,
)
"""«код 916, номер 709-14-58»: the two halves told one by one."""

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
    return phones_among(text, pieces(text), find_web_addresses(text))


def phones_among(text: str, found: list[Piece], pages: list[WebAddress]) -> list[Phone]:
    """`find_phones` for a text whose pieces and electronic addresses are already known."""
    readings = _readings(text, _outside_addresses(text, found, pages))
    ranked = sorted(readings, key=lambda one: (-one[0], one[1].first))
    taken: set[int] = set()
    chosen = []
    for _, run in ranked:
        covered = range(run.first, run.last + 1)
        if taken.isdisjoint(covered):
            taken.update(covered)
            chosen.append(Phone(run.e164, run.start, run.end))
    chosen.extend([*_told_by_halves(text, chosen)])
    return sorted(chosen, key=lambda phone: phone.start)


def _told_by_halves(text: str, known: Sequence[Phone]) -> Iterator[Phone]:
    for match in _CODE_AND_NUMBER.finditer(text) if "код" in text.lower() else ():
        e164 = "+7" + "".join(sign for sign in match[1] + match[2] if sign.isdigit())
        free = all(one.end <= match.start(1) or one.start >= match.end(2) for one in known)
        if free and len(e164) == 12 and is_valid(e164):
            yield Phone(e164, match.start(1), match.end(2))


def _readings(text: str, found: list[Piece]) -> Iterator[tuple[int, Run]]:
    """Every run of pieces that could be a phone number, with its score."""
    for first, piece in enumerate(found):
        plus = plus_before(text, piece)
        digits = ""
        for last in range(first, len(found)):
            digits += found[last].digits
            if len(digits) > LONGEST or (last > first and found[last].gap is Gap.BREAK):
                break
            if may_be(digits, plus):
                run = Run(text, found, first, last, plus)
                if could_be_phone(run):
                    hint = hint_for(text, run.start, run.end)
                    if fits(run, hint):
                        yield score(run, hint), run


def _outside_addresses(text: str, found: list[Piece], pages: list[WebAddress]) -> list[Piece]:
    """The pieces without those of pages and mail, save what leads to a phone (wa.me/7916…)."""
    hidden = [
        one
        for one in pages
        if one.kind == "email" or not carries_contact(text[one.start : one.end])
    ]
    if not hidden:
        return found
    ends = [one.end for one in hidden]
    kept, torn = [], False
    for piece in found:
        at = bisect_left(ends, piece.start + 1)
        if at < len(hidden) and hidden[at].start < piece.end:
            torn = True
            continue
        kept.append(replace(piece, gap=Gap.BREAK) if torn else piece)
        torn = False
    return kept
