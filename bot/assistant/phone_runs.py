"""Neighbouring runs of digits looked at as one number."""

import re
from dataclasses import dataclass
from functools import cached_property

from bot.assistant.digits import Gap, Piece

LONGEST, SHORTEST = 15, 9

_COUNTRIES_WITHOUT_PLUS = re.compile(r"(?:375|998|996|992|993|994|995|374|373|380)\d{8,9}")
_PREFIXED = frozenset(
    [
        *[
            (1, 3, 3, 2, 2),
            (1, 3, 3, 4),
            (1, 3, 7),
            (4, 7),
            (4, 3, 4),
            (4, 3, 2, 2),
            (1, 10),
            (11,),
        ],
        *[(1, 4, 2, 2, 2), (1, 4, 6), (1, 5, 5), (1, 5, 1, 2, 2), (1, 3, 2, 2, 3), (1, 3, 3, 1, 3)],
    ]
)
_BARE = frozenset(
    [(3, 3, 2, 2), (3, 3, 4), (3, 7), (3, 2, 2, 3), (3, 2, 3, 2), (3, 4, 3), (10,), (2, 2, 2, 2, 2)]
)
CITY_BARE = frozenset(
    [(3, 3, 2, 2), (3, 7), (3, 3, 4), (4, 2, 2, 2), (4, 6), (4, 3, 3), (3, 2, 2, 3)]
)
_PLUS = re.compile(r"(?:[+➕]|\bплюс|\bplus|\bplyus)[\s(]{0,3}$", re.IGNORECASE)


@dataclass(frozen=True)
class Run:
    """Pieces `first` to `last` (inclusive) of a text's pieces, looked at as one number."""

    text: str
    all: list[Piece]
    first: int
    last: int
    plus: int | None  # where a plus before the digits stands, in a sign or a word

    @cached_property
    def parts(self) -> list[Piece]:
        return self.all[self.first : self.last + 1]

    @cached_property
    def digits(self) -> str:
        digits = "".join(piece.digits for piece in self.parts)
        return self._filled_up() if len(digits) in (12, 13) and digits[0] in "78" else digits

    def _filled_up(self) -> str:
        """The digits with «триста 12» read as 312, as a number of this length suggests."""
        said = ""
        hundred = False
        for piece in self.parts:
            fills = hundred and not piece.spoken and len(piece.digits) < 3
            said = said[: -len(piece.digits)] + piece.digits if fills else said + piece.digits
            hundred = piece.dictation is not None and piece.dictation.takes_tens
        return said

    @cached_property
    def layout(self) -> tuple[int, ...]:
        return tuple(len(piece.digits) for piece in self.parts)

    @cached_property
    def widest(self) -> Gap:
        return max((piece.gap for piece in self.parts[1:]), default=Gap.TIGHT)

    @cached_property
    def signs(self) -> str:
        return "".join(piece.between for piece in self.parts[1:])

    @cached_property
    def e164(self) -> str:
        """The number in E.164 if it were one; empty if no rule gives it a country."""
        digits = self.digits
        if len(digits) == 11 and (digits[0] == "8" or digits[0] == "7"):
            return "+7" + digits[1:]
        if self.plus is not None:
            return "+" + digits if len(digits) <= LONGEST else ""
        if len(digits) == 10 and digits[0] in "3489":
            return "+7" + digits
        if digits.startswith("810") and len(digits) >= 13:
            return "+" + digits[3:]
        if digits.startswith("00") and len(digits) >= 12:
            return "+" + digits[2:]
        return "+" + digits if _COUNTRIES_WITHOUT_PLUS.fullmatch(digits) else ""

    @cached_property
    def prefixed(self) -> bool:
        """Whether the number has its 8, 7 or country code, so that it needs no other sign."""
        return self.plus is not None or len(self.digits) > 10

    @cached_property
    def mobile(self) -> bool:
        return self.e164.startswith("+79")

    @cached_property
    def usual(self) -> bool:
        """Whether the digits are grouped the way people group phone numbers."""
        single = set(self.layout) == {1}
        return single or self.layout in (_PREFIXED if self.prefixed else _BARE)

    @cached_property
    def start(self) -> int:
        """Where the number begins: at its plus or its opening bracket."""
        start = self.parts[0].start
        if self.plus is not None:
            start = self.plus
        inside = self.text[self.parts[0].start : self.parts[-1].end]
        bracket = self.text[max(0, start - 2) : start].rstrip(" ")
        if ")" in inside and "(" not in inside and bracket.endswith("("):
            start = self.text.rindex("(", 0, start)
        return start

    @property
    def end(self) -> int:
        return self.parts[-1].end


def plus_before(text: str, piece: Piece) -> int | None:
    """Where the plus of the number that begins with `piece` stands, if it has one."""
    begin = max(0, piece.start - 8)
    near = text[begin : piece.start]
    if not near or near[-1].isdigit() or not any(sign in near for sign in "+➕пПpP"):
        return None
    match = _PLUS.search(near)
    return begin + match.start() if match else None


def may_be(digits: str, plus: int | None) -> bool:
    """Whether so many digits with such a beginning could be a number; a cheap first look."""
    length = len(digits)
    if plus is not None:
        return SHORTEST <= length <= LONGEST
    if length == 10:
        return digits[0] in "3489"
    if length == 11:
        return digits[0] in "78"
    return length in (12, 13) or (length <= LONGEST and digits.startswith(("810", "00")))
