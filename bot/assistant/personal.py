"""Personal data in what people write, and where it stands."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.assistant.digits import pieces
from bot.assistant.documents import Found, find_cards, find_inns, find_passports
from bot.assistant.names import find_names
from bot.assistant.phones import phones_among
from bot.assistant.postal import PLACE, find_addresses
from bot.assistant.web import find_web_addresses

PLACEHOLDERS = {
    "phone": "телефон",
    "email": "почта",
    "card": "карта",
    "passport": "паспорт",
    "inn": "ИНН",
    "address": "адрес",
    "name": "имя",
    "telegram": "telegram",
    "link": "ссылка",
}
_PLACEHOLDER = re.compile(
    r"\[(?:" + "|".join(PLACEHOLDERS.values()) + r")(?: \d+)?(?:\.\d+)?(?:, часть \d+)?\]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of personal data: half-open offsets, and a key of PLACEHOLDERS as its kind."""

    start: int
    end: int
    kind: str


def find_personal(text: str, known: Sequence[str] = ()) -> list[Span]:
    """All personal data in `text`, sorted, without overlaps; what is surest goes first.

    `known` are names of the client that count wherever they stand with a capital.
    """
    digits, pages = pieces(text), find_web_addresses(text)
    taken = [(match.start(), match.end()) for match in _PLACEHOLDER.finditer(text)]
    sure = (
        [(one.start, one.end, one.kind) for one in pages],
        list(find_cards(text, digits)),
        list(find_inns(text)),
        list(find_passports(text)),
        [(one.start, one.end, "phone") for one in phones_among(text, digits, pages)],
    )
    spans: list[Span] = []
    for layer in sure:
        spans += _free(layer, taken)
    rest = _blank(text, taken)
    spans += _free(list(find_addresses(rest)), taken)
    spans += _free(list(find_names(rest)), taken)
    if known:
        spans += _free(list(_known_names(text, known)), taken)
    return sorted(span for span in spans if span.kind != PLACE)


def _known_names(text: str, known: Sequence[str]) -> Iterator[Found]:
    words = {word for name in known for word in re.findall(r"[^\W\d_]{3,}", name)}
    capital = [re.escape(word) for word in sorted(words) if word[0].isupper()]
    if capital:
        pattern = rf"(?<!\w)(?:{'|'.join(capital)})(?!\w)"
        yield from ((*match.span(), "name") for match in re.finditer(pattern, text))


def _free(layer: list[Found], taken: list[tuple[int, int]]) -> list[Span]:
    """The spans of a layer that touch nothing taken; they are taken from now on."""
    if not layer:
        return []
    spans = [Span(*one) for one in _without_overlaps(sorted(layer), sorted(taken))]
    taken += [(span.start, span.end) for span in spans]
    return spans


def _blank(text: str, taken: list[tuple[int, int]]) -> str:
    """The text with what is taken blotted out; every other place stays where it is."""
    parts, at = [], 0
    for start, end in sorted(taken):
        parts += [text[at:start], "•", "_" * (end - start - 1)]
        at = end
    return "".join([*parts, text[at:]]) if parts else text


def _without_overlaps(layer: list[Found], taken: list[tuple[int, int]]) -> list[Found]:
    """The spans of a sorted layer that touch neither what is taken nor each other."""
    kept: list[Found] = []
    starts = [start for start, _ in taken]
    for start, end, kind in layer:
        at = bisect_left(starts, end)
        if (not at or taken[at - 1][1] <= start) and (not kept or kept[-1][1] <= start):
            kept.append((start, end, kind))
    return kept
