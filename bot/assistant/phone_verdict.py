"""Whether a run of digits is a phone number, and how surely."""

import re
from functools import lru_cache
from itertools import pairwise

import phonenumbers

from bot.assistant.digits import Gap, Piece
from bot.assistant.phone_context import Hint
from bot.assistant.phone_runs import CITY_BARE, Run

_DATE = re.compile(r"(?<![\d.])\d{1,2}[.,](?:0\d|1[0-2])[.,](?:20)?\d\d(?![\d.]\d)")


@lru_cache(maxsize=4096)
def is_valid(e164: str) -> bool:
    """Whether the numbering plan of its country knows such a number."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return False


def could_be_phone(run: Run) -> bool:
    """Whether the digits, their grouping and their neighbours allow a phone number."""
    return (
        bool(run.e164)
        and _stands_free(run)
        and not _looks_like_something_else(run)
        and is_valid(run.e164)
    )


def fits(run: Run, hint: Hint) -> bool:
    """Whether the words around the run agree that it is a phone number."""
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
    if (
        len(digits) == 10
        and digits[:2] in ("89", "79", "87", "77", "84", "74")
        and first + 1 < len(pieces)
    ):
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
    odd = "+" in run.signs or "=" in run.signs
    if odd and (not run.usual or max(run.layout) == 1):
        return True
    if run.widest >= Gap.LINE and _is_badly_torn(run):
        return True
    inside = run.text[run.parts[0].start : run.end]
    return run.plus is None and (
        bool(_DATE.search(inside)) or _counts_up(run) or (not run.mobile and _is_loose(run))
    )


def _is_badly_torn(run: Run) -> bool:
    """Numbers of several lines or messages that add up to a phone by chance: prices, mostly."""
    sums = all(piece.digits.endswith("0") and len(piece.digits) < 6 for piece in run.parts)
    if sums and run.plus is None and len(run.parts) == 3:
        return True
    if run.widest < Gap.TORN:
        return False
    torn = next(at for at, piece in enumerate(run.parts) if at and piece.gap is Gap.TORN)
    start = "".join(piece.digits for piece in run.parts[:torn])
    return not (
        run.mobile and run.prefixed and re.match(r"[78]9", start) and (run.usual or len(start) > 6)
    )


def _counts_up(run: Run) -> bool:
    """Sizes in a row: 36 37 38 39 40, 8 9 10 11 12 13."""
    values = [int(piece.digits) for piece in run.parts]
    return len(values) > 3 and all(b - a == 1 for a, b in pairwise(values))


def _is_loose(run: Run) -> bool:
    """Whether a number that is not a Russian mobile is grouped as no such number ever is."""
    if run.widest >= Gap.LINE:
        return True
    if run.digits.startswith(("810", "00")) or len(run.digits) == 12:
        return False
    if run.prefixed:
        return not (
            run.layout[0] in (1, 4, 5, 6, 11) and (len(run.layout) < 2 or run.layout[1] > 1)
        )
    return run.layout not in CITY_BARE and run.layout != (10,)


def _needs_a_hint(run: Run) -> bool:
    """Whether the digits alone are too weak, so that a word must call them a phone."""
    if run.plus is not None:
        return False
    if run.prefixed:
        return run.widest is Gap.WEAK and not (run.usual or any(p.spoken for p in run.parts))
    if not run.mobile:
        return run.layout == (10,) or (
            "(" not in run.text[max(0, run.start - 1) : run.end] and run.widest >= Gap.WEAK
        )
    round_groups = sum(part.digits.endswith("00") for part in run.parts)
    thousands = run.layout in ((1, 3, 3, 3), (3, 3, 4), (3, 4, 3)) and round_groups > 1
    return (
        not (run.usual or any(part.spoken for part in run.parts)) or thousands or "*" in run.signs
    )
