"""Numbers that belong to a person: bank cards, passports, taxpayer numbers."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from bot.assistant.digits import Gap, Piece

_LONG_CARD_STARTS = re.compile(
    r"5018|5020|5038|5893|6304|6390|67\d\d|62\d\d|22\d\d"
)  # 16 to 19 digits
_CARD_STARTS = re.compile(r"[2-6]|8600|9860|9704|9417")
_NOT_CARD = re.compile(
    r"(?:сч[её]т\w*|р/с|трек\w*|imei|имей|vin|отправлени\w*|накладн\w*|заказ\w*|штрих\w*|огрн\w*|iccid|артикул\w*"
    r"|полис\w*|омс|сим\w*|лицев\w*|order|track\w*|номер\w* заказа)\W{1,3}(?:\w{1,12}\W{1,2})?$",
    re.IGNORECASE,
)
_INN = re.compile(
    r"\bинн\b[^\d\n]{0,40}?(\d{12}|\d{10}|\d{4}[ -]\d{6}|\d{4}[ -]\d{3}[ -]\d{3}|\d{4}[ -]\d{4}[ -]\d{4}|\d{2}[ -]\d{2}[ -]\d{6}"
    r"|\d{2}[ -]\d{2}[ -]\d{6}[ -]\d{2}|\d{3}[ -]\d{3}[ -]\d{3}[ -]\d{3})(?!\d)",
    re.IGNORECASE,
)
_INN_AFTER = re.compile(
    r"(?<!\d)(\d{12}|\d{10})(?=\s?(?:[-—–(,]\s?)?(?:это\s)?(?:мой\s|наш\s)?инн\b)", re.IGNORECASE
)
_PASSPORT_WORD = re.compile(
    r"паспорт|\bпасп\b|загран|\bсерия|\bсерии|\bсерию|passport|выдан", re.IGNORECASE
)
_PASSPORT_WHOLE = re.compile(
    r"(?<![\d-])(?:\d{2}[ -]?\d{2}[ -]{0,3}\d{3}[ -]?\d{3}|\d{2} ?\d{7})(?![\d-]|[ ]\d{3})"
)
_SERIES_AND_NUMBER = re.compile(r"(?<![\d-])\d{2} ?\d{2} ?№ ?\d{6}(?!\d)")
"""«4622 №778899» is written for nothing else, so no word need say so."""
_SERIES = re.compile(
    r"\bсери[яию]\w{0,2}\W{0,3}(?:паспорта\W{1,2})?(\d{2}[ -]?\d{2})(?!\d)", re.IGNORECASE
)
_NUMBER = re.compile(
    r"(?:\bномер\w{0,2}|\bном\b|№|\bN\b)\W{0,3}(?:паспорта\W{1,2})?(\d{6}|\d{3} \d{3})(?!\d)",
    re.IGNORECASE,
)
_REACH = 60

Found = tuple[int, int, str]


def find_cards(text: str, found: list[Piece]) -> Iterator[Found]:
    """Runs of 16 to 19 digits that read as a card's number, of the text's pieces."""
    first = 0
    while first < len(found):
        last = _card_end(found, first)
        if last is not None and _is_card(text, found, first, last):
            yield found[first].start, found[last].end, "card"
            first = last
        first += 1


def _card_end(found: list[Piece], first: int) -> int | None:
    if first and found[first].gap is Gap.TIGHT:
        return None
    length, end = 0, None
    for last in range(first, min(len(found), first + 19)):
        if last > first and found[last].gap in (Gap.BREAK, Gap.WEAK):
            break
        length += len(found[last].digits)
        if length > 19:
            break
        if length == 16 or (length > 16 and (end is None or _may_be_long(found, first, last))):
            end = last
    if end is None or (end + 1 < len(found) and found[end + 1].gap is Gap.TIGHT):
        return None
    return end


def _may_be_long(found: list[Piece], first: int, last: int) -> bool:
    """Whether a card's number goes on after its sixteenth digit, only blanks between."""
    return found[last].gap is Gap.SPACE and bool(_LONG_CARD_STARTS.match(found[first].digits))


def _is_card(text: str, found: list[Piece], first: int, last: int) -> bool:
    digits = "".join(piece.digits for piece in found[first : last + 1])
    layout = [len(piece.digits) for piece in found[first : last + 1]]
    grouped = len(layout) == 1 or max(layout) == 1 or layout[0] in (4, 6, 8, 2)
    before = text[max(0, found[first].start - 40) : found[first].start]
    spoken = any(piece.spoken for piece in found[first : last + 1])
    signs = "".join(piece.between for piece in found[first + 1 : last + 1])
    if any(sign in signs for sign in "+=*/×(),:"):
        return False  # a sum worked out aloud: 2500 + 3200 + 3200 = 8900
    return bool(
        grouped and not spoken and _CARD_STARTS.match(digits) and not _NOT_CARD.search(before)
    )


def find_inns(text: str) -> Iterator[Found]:
    """Taxpayer numbers that are called so."""
    if "инн" not in text.lower():
        return
    for pattern in (_INN, _INN_AFTER):
        for match in pattern.finditer(text):
            yield match.start(1), match.end(1), "inn"


def find_passports(text: str) -> Iterator[Found]:
    """Series and numbers of passports near a word that says so."""
    if "№" in text:
        yield from ((*match.span(), "passport") for match in _SERIES_AND_NUMBER.finditer(text))
    lowered = text.lower()
    if not any(word in lowered for word in ("пасп", "загран", "сери", "passport", "выдан")):
        return
    words = [word.start() for word in _PASSPORT_WORD.finditer(text)]
    for pattern, group in ((_PASSPORT_WHOLE, 0), (_SERIES, 1), (_NUMBER, 1)):
        for match in pattern.finditer(text):
            # Words are in order, so the nearest ones stand around where the match would.
            at = bisect_left(words, match.start(group))
            near = words[max(0, at - 1) : at + 1]
            if any(-_REACH // 2 < match.start(group) - word < _REACH for word in near):
                yield match.start(group), match.end(group), "passport"
