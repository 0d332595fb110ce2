"""Digits in a text in all the ways people write them, with what stands between them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from bot.assistant.spoken_numbers import (
    Dictation,
    NumberWord,
    may_begin_number,
    number_word,
    split_run_together,
)


class Gap(IntEnum):
    """What stands between two neighbouring pieces; the higher, the farther apart they are."""

    TIGHT = 0  # nothing, or signs without a blank: 8-926
    SPACE = 1  # blanks, perhaps with signs: 8 926, 8 - 926
    WEAK = 2  # a comma, an ellipsis, «тире», «потом»
    LINE = 3  # a line break in one message
    MESSAGE = 4  # a break between messages of a burst
    TORN = 5  # a break between messages, and words before the digits go on
    BREAK = 6  # anything else


@dataclass(slots=True)
class Piece:
    """A run of digits: what it says and where it stands (end is exclusive)."""

    digits: str
    start: int
    end: int
    gap: Gap = Gap.BREAK  # to the piece before
    between: str = ""  # the signs of that gap
    spoken: bool = False
    guessed: int = 0  # how many letters were taken for digits
    dictation: Dictation | None = field(default=None, repr=False)


_GLUE = "\x00"
_INVISIBLE = "\ufe0e\ufe0f\u20e3\u200b\u200c\u200d\u2060\u00ad\ufeff\u200e\u200f"
_TEN_SIGN = "\U0001f51f"


def _digit_table() -> dict[int, str]:
    table = {ord(sign): _GLUE for sign in _INVISIBLE}
    zeros = [0xFF10, 0x0660, 0x06F0, *range(0x1D7CE, 0x1D800, 10)]
    for zero in zeros:
        table.update({zero + digit: str(digit) for digit in range(10)})
    for one in (0x2460, 0x2776, 0x2780, 0x278A):  # circled digits start at one
        table.update({one + digit - 1: str(digit) for digit in range(1, 10)})
    table[0x24EA] = table[0x24FF] = "0"
    return table


_TO_ASCII = _digit_table()
_LOOKALIKES = str.maketrans("OoОоQЗзбIlіІЧSsZВB", "000003361111455288")
_LOOKALIKE = r"[0-9OoОоQЗзбIlіІЧSsZВB\x00]"
_TOKEN = re.compile(r"[0-9A-Za-zА-Яа-яЁёіІ\x00]+|" + _TEN_SIGN)
_ALTERNATING = re.compile(r"[0-9\x00]+|[^0-9\x00]+")
_DISGUISED = re.compile(_LOOKALIKE + "+")
_ZEROS = re.compile("[OoОо]{1,4}")
_FILLER_WORDS = """
и а потом дальше далее затем тире дефис пробел черточка чёрточка минус скобка скобки скобочка
продолжение это еще ещё остальное остаток последние цифры конец вот там теперь ну then and dash
"""
_FILLERS = frozenset(_FILLER_WORDS.split())
_LONGEST_GAP = 60
_WORD = re.compile(r"[^\W\d_]+")
_SIGN = re.compile(r"[^\w\s]|_")
_TORN = re.compile(r"[\s.…]{0,4}\n---\n[^\d]{1,40}")


def plain(text: str) -> str:
    """The text with every kind of digit sign made an ASCII digit; each place stays where it is."""
    return text if text.isascii() else text.translate(_TO_ASCII)


def pieces(text: str) -> list[Piece]:
    """All runs of digits, number words included, in order, each with the gap to the one before."""
    found: list[Piece] = []
    normal = plain(text)
    for token in _TOKEN.finditer(normal):
        said = token.group()
        if said.isalpha() and not may_begin_number(said) and not _ZEROS.fullmatch(said):
            continue
        for piece, word in _read(said, token.start()):
            _append(found, piece, word, normal)
    return _without_stray_zeros(found, normal)


def _read(token: str, at: int) -> Iterator[tuple[Piece, NumberWord | None]]:
    """The pieces of one token: all of it, or the digits at one end of a word."""
    if token[0] in "0123456789" and (token.isdigit() or not token.strip("0123456789\x00")):
        yield _digits(token, at), None
    elif token == _TEN_SIGN:
        yield Piece("10", at, at + 1), None
    elif word := number_word(token):
        yield Piece(str(word.value), at, at + len(token), spoken=True), word
    elif any("0" <= sign <= "9" for sign in token):
        yield from _mixed(token, at)
    elif _ZEROS.fullmatch(token):
        yield Piece("0" * len(token), at, at + len(token), guessed=len(token)), None
    else:
        for start, end in split_run_together(token):
            said = number_word(token[start:end])
            yield Piece(str(said.value if said else ""), at + start, at + end, spoken=True), said


def _digits(token: str, at: int) -> Piece:
    return Piece(token.replace(_GLUE, ""), at, at + len(token))


def _mixed(token: str, at: int) -> Iterator[tuple[Piece, NumberWord | None]]:
    if _DISGUISED.fullmatch(token):
        bare = token.replace(_GLUE, "")
        digits = bare.translate(_LOOKALIKES)
        changed = sum(a != b for a, b in zip(bare, digits, strict=True))
        if changed <= max(2, len(bare) // 2):
            yield Piece(digits, at, at + len(token), guessed=changed), None
        return
    parts = [(part.group(), at + part.start()) for part in _ALTERNATING.finditer(token)]
    if all(part[0].isdigit() or number_word(part) or split_run_together(part) for part, _ in parts):
        for part, start in parts:
            yield from _read(part, start)
    elif _touches_words(part for part, _ in parts):
        yield from ((_digits(part, start), None) for part, start in parts if part[0].isdigit())


def _touches_words(parts: Iterable[str]) -> bool:
    """Whether the letters that touch a number are words («номер8»), not part of a code."""
    words: list[str] = []
    numbers: list[str] = []
    for part in parts:
        (numbers if part[0].isdigit() or part[0] == _GLUE else words).append(part)
    cyrillic = all("а" <= sign <= "я" or sign == "ё" for word in words for sign in word.lower())
    if len(numbers) != 1:
        return False
    whole = len(numbers[0]) >= 10
    if len(words) > 1:
        return whole and cyrillic
    return (cyrillic and len(words[0]) > 2) or (whole and (cyrillic or words[0].islower()))


def _append(found: list[Piece], piece: Piece, word: NumberWord | None, text: str) -> None:
    if found:
        last = found[-1]
        piece.gap, piece.between = gap(text[last.end : piece.start])
        joins = word and last.dictation and piece.gap <= Gap.SPACE
        if joins and word and last.dictation and last.dictation.add(word):
            last.digits, last.end = last.dictation.digits, piece.end
            return
    if word:
        piece.dictation = Dictation(word)
    found.append(piece)


def gap(between: str) -> tuple[Gap, str]:
    """How far apart two pieces are with this text between them, and the signs in it."""
    if between == " " or not between:
        return (Gap.SPACE if between else Gap.TIGHT), ""
    if len(between) > _LONGEST_GAP:
        return Gap.BREAK, ""
    kind = Gap.TIGHT
    rest = between
    if "\n" in between:
        kind = Gap.MESSAGE if "\n---\n" in between else Gap.LINE
        rest = between.replace("\n---\n", " ").replace("\n", " ")
    words = _WORD.findall(rest)
    if kind is Gap.TIGHT and words and words[0].lower() not in _FILLERS:
        return Gap.BREAK, ""
    signs = "".join(_SIGN.findall(rest))
    if words and any(word.lower() not in _FILLERS for word in words):
        torn = _TORN.fullmatch(between) and "?" not in signs
        return (Gap.TORN if torn else Gap.BREAK), ""
    if any(sign in "!?%№#@&<>$€₽" for sign in signs):
        return Gap.BREAK, signs
    if kind is Gap.TIGHT and (words or any(sign in ",;:…" for sign in signs) or ".." in signs):
        kind = Gap.WEAK
    if kind is Gap.TIGHT and any(sign.isspace() for sign in rest):
        kind = Gap.SPACE
    return kind, signs


def _without_stray_zeros(found: list[Piece], text: str) -> list[Piece]:
    """Drop letters О that stand alone unless digits are close on both sides (or before)."""
    if not any(piece.guessed and piece.guessed == len(piece.digits) for piece in found):
        return found
    kept: list[Piece] = []
    for piece in found:
        stray = piece.guessed == len(piece.digits) and piece.gap > Gap.SPACE
        if stray:
            continue
        if kept and kept[-1].end != piece.start:
            piece.gap, piece.between = gap(text[kept[-1].end : piece.start])
        elif not kept:
            piece.gap = Gap.BREAK
        kept.append(piece)
    return kept
