"""Personal data in what people write, and where it stands."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from bot.assistant.documents import find_cards, find_inns, find_passports
from bot.assistant.names import find_names
from bot.assistant.phones import find_phones
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
    r"\[(?:" + "|".join(PLACEHOLDERS.values()) + r")(?: \d+)?(?:\.\d+)?(?:, часть \d+)?\]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of personal data: half-open offsets, and a key of PLACEHOLDERS as its kind."""

    start: int
    end: int
    kind: str


def find_personal(text: str) -> list[Span]:
    """All personal data in `text`, sorted, without overlaps; what is surest goes first."""
    taken = [(match.start(), match.end()) for match in _PLACEHOLDER.finditer(text)]
    layers = (
        [(one.start, one.end, one.kind) for one in find_web_addresses(text)],
        list(find_cards(text)),
        list(find_inns(text)),
        list(find_passports(text)),
        [(one.start, one.end, "phone") for one in find_phones(text)],
        list(find_addresses(text)),
        list(find_names(text)),
    )
    spans: list[Span] = []
    for layer in layers:
        free = [Span(*one) for one in _without_overlaps(sorted(layer), sorted(taken))]
        spans += free
        taken += [(span.start, span.end) for span in free]
    return sorted(span for span in spans if span.kind != PLACE)


def _without_overlaps(
    layer: list[tuple[int, int, str]], taken: list[tuple[int, int]]
) -> list[tuple[int, int, str]]:
    """The spans of a sorted layer that touch neither what is taken nor each other."""
    kept: list[tuple[int, int, str]] = []
    starts = [start for start, _ in taken]
    for start, end, kind in layer:
        at = bisect_left(starts, end)
        if (not at or taken[at - 1][1] <= start) and (not kept or kept[-1][1] <= start):
            kept.append((start, end, kind))
    return kept
