"""Whether neighbouring runs of digits read as one phone number."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

import phonenumbers

from bot.assistant.digits import Gap, Piece
from bot.assistant.phone_context import Hint

LONGEST, SHORTEST = 15, 9

_COUNTRIES_WITHOUT_PLUS = re.compile(r"(?:375|998|996|992|993|994|995|374|373|380)\d{8,9}")
_PREFIXED = frozenset(
    [
        *[(1, 3, 3, 2, 2), (1, 3, 3, 4), (1, 3, 7), (4, 7), (4, 3, 4), (4, 3, 2, 2), (1, 10), (11,)],
        *[(1, 4, 2, 2, 2), (1, 4, 6), (1, 5, 5), (1, 5, 1, 2, 2), (1, 3, 2, 2, 3), (1, 3, 3, 1, 3)],
    ]
)
_BARE = frozenset(
    [(3, 3, 2, 2), (3, 3, 4), (3, 7), (3, 2, 2, 3), (3, 2, 3, 2), (3, 4, 3), (10,), (2, 2, 2, 2, 2)]
)
_CITY_BARE = frozenset([(3, 3, 2, 2), (3, 7), (3, 3, 4), (4, 2, 2, 2), (4, 6), (4, 3, 3), (3, 2, 2, 3)])
_PLUS = re.compile(r"(?:\+|\bплюс|\bplus|\bplyus)[\s(]{0,3}$", re.IGNORECASE)
_DATE = re.compile(r"(?<![\d.])\d{1,2}[.,](?:0\d|1[0-2])[.,](?:20)?\d\d(?![\d.]\d)")


@dataclass(frozen=True)
class Run:
    """Pieces `first` to `last` (inclusive) of a text's pieces, looked at as one number."""

    text: str
    all: list[Piece]
    first: int
    last: int

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
    def plus(self) -> int | None:
        """Where a plus before the digits stands, in a sign or a word."""
        start = self.parts[0].start
        match = _PLUS.search(self.text[max(0, start - 8) : start])
        return max(0, start - 8) + match.start() if match else None

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


@lru_cache(maxsize=4096)
def is_valid(e164: str) -> bool:
    """Whether the numbering plan of its country knows such a number."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return False


def is_phone(run: Run, hint: Hint) -> bool:
    """Whether the run is a phone number, given what the words around it say."""
    return (
        bool(run.e164)
        and _stands_free(run)
        and not _looks_like_something_else(run)
        and is_valid(run.e164)
        and _fits(run, hint)
    )


def _fits(run: Run, hint: Hint) -> bool:
    if run.plus is not None or hint is Hint.PHONE:
        return True
    if hint is Hint.NEVER or _needs_a_hint(run):
        return False
    return hint is Hint.NONE or (run.prefixed and run.usual and len(run.layout) > 2)


def score(run: Run, hint: Hint) -> int:
    """How much more likely this reading is than another one of the same digits."""
    points = 4 * (run.plus is not None) + 3 * run.prefixed + 2 * run.usual + (hint is Hint.PHONE)
    return points - 2 * (run.widest >= Gap.WEAK) - (run.widest >= Gap.LINE) + run.mobile


def _stands_free(run: Run) -> bool:
    return _starts_free(run) and _ends_free(run)


def _starts_free(run: Run) -> bool:
    gap = run.parts[0].gap
    if gap >= Gap.LINE or run.plus is not None or run.first == 0:
        return True
    before = run.all[run.first - 1]
    if gap is Gap.TIGHT:
        return _is_list_sign(run, run.parts[0].between) and len(before.digits) >= 2
    if gap is Gap.WEAK:
        return run.widest < Gap.WEAK
    if run.prefixed and run.mobile:
        alone = run.first == 1 or before.gap > Gap.SPACE
        return run.usual or alone or run.widest < Gap.SPACE
    return run.widest < Gap.SPACE and len(before.digits) <= 4 and before.gap > Gap.SPACE


def _ends_free(run: Run) -> bool:
    if run.last + 1 == len(run.all):
        return True
    after = run.all[run.last + 1]
    if after.gap >= Gap.LINE:
        return True
    if after.gap is Gap.TIGHT:
        return _is_list_sign(run, after.between) and len(after.digits) >= 2
    if after.gap is Gap.WEAK:
        return run.widest < Gap.WEAK or _begins_phone(run.all, run.last + 1)
    if run.widest < Gap.SPACE and (run.prefixed or len(after.digits) <= 4):
        return True
    return _begins_phone(run.all, run.last + 1) or _counts_a_noun(run)


def _is_list_sign(run: Run, signs: str) -> bool:
    """Whether a sign without blanks parts two numbers: 8916…/8903…, but not 8/916/…"""
    return bool(signs) and signs[0] in "/|,;()[]\\+" and signs[0] not in run.signs


def _begins_phone(pieces: list[Piece], first: int) -> bool:
    digits = ""
    for piece in pieces[first : first + 11]:
        if digits and piece.gap > Gap.WEAK:
            break
        digits += piece.digits
        if len(digits) >= 10:
            break
    if len(digits) == 10 and digits[:2] in ("89", "79", "87", "77", "84", "74") and first + 1 < len(pieces):
        return True
    return bool(re.match(r"[78][3-9]\d{9}$|9\d{9}$", digits))


def _counts_a_noun(run: Run) -> bool:
    """Whether the piece after the number belongs to the words behind it: «… 66 70 2 комнаты»."""
    after = run.all[run.last + 1]
    following = run.text[after.end : after.end + 4]
    if not (run.prefixed and run.usual):
        return False
    bracketed = after.between.endswith("(") and following.startswith(")")
    is_time = following[:1] == ":" and following[1:2].isdigit()
    return bracketed or is_time or following.lstrip(" -.:")[:1].isalpha()


def _looks_like_something_else(run: Run) -> bool:
    guessed = sum(piece.guessed for piece in run.parts)
    if guessed > 5 or (guessed and not run.prefixed and guessed > 3):
        return True
    if len(run.layout) == 1 and len(set(run.digits)) == 1:
        return True
    if any(sign in "=+" for sign in run.signs) and not run.usual:
        return True
    if run.widest >= Gap.LINE and _is_badly_torn(run):
        return True
    inside = run.text[run.parts[0].start : run.end]
    return run.plus is None and (
        bool(_DATE.search(inside)) or _counts_up(run) or (not run.mobile and _is_loose(run))
    )


def _is_badly_torn(run: Run) -> bool:
    """Numbers of several lines or messages that add up to a phone by chance: prices, mostly."""
    if run.plus is None and len(run.parts) < 4 and all(p.digits.endswith("0") for p in run.parts):
        return True
    if run.widest < Gap.TORN:
        return False
    torn = next(at for at, piece in enumerate(run.parts) if at and piece.gap is Gap.TORN)
    start = "".join(piece.digits for piece in run.parts[:torn])
    return not (run.mobile and run.prefixed and re.match(r"[78]9", start) and (run.usual or len(start) > 6))


def _counts_up(run: Run) -> bool:
    """Sizes in a row: 36 37 38 39 40, 8 9 10 11 12 13."""
    values = [int(piece.digits) for piece in run.parts]
    return len(values) > 3 and all(b - a == 1 for a, b in zip(values, values[1:], strict=False))


def _is_loose(run: Run) -> bool:
    """Whether a number that is not a Russian mobile is grouped as no such number ever is."""
    if run.widest >= Gap.LINE:
        return True
    if run.digits.startswith(("810", "00")) or len(run.digits) == 12:
        return False
    if run.prefixed:
        return not (run.layout[0] in (1, 4, 5, 6, 11) and (len(run.layout) < 2 or run.layout[1] > 1))
    return run.layout not in _CITY_BARE and run.layout != (10,)


def _needs_a_hint(run: Run) -> bool:
    """Whether the digits alone are too weak, so that a word must call them a phone."""
    if run.plus is not None:
        return False
    if run.prefixed:
        return run.widest is Gap.WEAK and not (run.usual or any(p.spoken for p in run.parts))
    if not run.mobile:
        return run.layout == (10,) or ("(" not in run.text[max(0, run.start - 1) : run.end] and run.widest >= Gap.WEAK)
    round_groups = sum(part.digits.endswith("00") for part in run.parts)
    thousands = run.layout in ((1, 3, 3, 3), (3, 3, 4), (3, 4, 3)) and round_groups > 1
    return not (run.usual or any(part.spoken for part in run.parts)) or thousands or "*" in run.signs
