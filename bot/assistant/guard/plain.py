"""A text stripped of disguises: invisible signs, look-alike letters, letters spaced out, odd digits.

Every place in the plain text remembers the place in the source it came from, so that what is found can be shown
in the words that were written.
"""

import re
import unicodedata
from dataclasses import dataclass

_INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"}
_SPACES = frozenset(
    " \t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_SIGNS = {
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    **dict.fromkeys('«»„“”‟″❝❞"', '"'),
    **dict.fromkeys("’‘`´ʼ", "'"),
    **dict.fromkeys("×✕✖⨯", "×"),
    **dict.fromkeys("⋅·∙•", "·"),
    "ё": "е",
}
_LATIN_LIKE = dict(zip("aceopxykmthbripnu", "асеорхукмтнвгірпи", strict=True))
_GREEK = dict(zip("αβγεικνορτυχω", "авуеіквортухш", strict=True))
_WORD = re.compile(r"[^\W\d_]{2,}")
_ZEROS = re.compile(r"(?<![^\W\d_])\d[\dоo]*[оo][\dоo]*(?![^\W\d_])")
_ZERO_BESIDE = re.compile(r"\d[оo]")
_SPACED = re.compile(
    r"(?<![^\W_])(?:[^\W\d_] ){3,}[^\W\d_](?![^\W_])"
    r"|(?<![^\W_])(?:[^\W\d_][-._*|/]){3,}[^\W\d_](?![^\W_])"
)
_MIXED = re.compile(r"[а-яіё][a-zα-ω]|[a-zα-ω][а-яіё]")
_CYRILLIC = re.compile(r"[а-яіё]")


@dataclass(frozen=True, slots=True)
class Plain:
    """`text` in lower case; `at[i]` is where its i-th sign stands in `source`."""

    source: str
    text: str
    at: tuple[int, ...]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of the source that a span of the plain text came from."""
        if not self.at:
            return 0, 0
        last = min(max(end - 1, start), len(self.at) - 1)
        return self.at[min(start, last)], self.at[last] + 1

    def words(self, start: int, end: int) -> str:
        """What was written there."""
        begin, after = self.source_span(start, end)
        return self.source[begin:after]


class _Signs(dict[str, str]):
    """What each sign is in plain text, worked out when it first comes."""

    def __missing__(self, sign: str) -> str:
        if len(self) < 4096:
            self[sign] = _sign(sign)
            return self[sign]
        return _sign(sign)


_PLAIN = _Signs()


def _sign(sign: str) -> str:
    """What a sign is in plain text; "" for one that nobody sees."""
    if sign == "\n":
        return "\n"
    if sign in _SPACES:
        return " "
    if sign in _SIGNS:
        return _SIGNS[sign]
    if unicodedata.category(sign) in _INVISIBLE:
        return ""
    return "".join(
        _SIGNS.get(one, one)
        for one in unicodedata.normalize("NFKC", sign).lower()
        if unicodedata.category(one) not in _INVISIBLE
    )


def plain(text: str) -> Plain:
    """The text as a reader hears it. Any string will do."""
    signs: list[str] = []
    at: list[int] = []
    for place, sign in enumerate(text):
        if sign == "\u0306" and signs and signs[-1] == "и":
            signs[-1] = "й"
            continue
        said = _PLAIN[sign]
        signs.append(said)
        at += [place] * len(said)
    flat = _unmix("".join(signs))
    return _join_spaced(text, flat, at)


def _unmix(text: str) -> str:
    """Latin and Greek look-alikes within Cyrillic words made Cyrillic; letters o within numbers made zeros."""
    if _MIXED.search(text):
        text = _WORD.sub(_one_script, text)
    return (
        _ZEROS.sub(lambda found: re.sub("[оo]", "0", found.group()), text)
        if _ZERO_BESIDE.search(text)
        else text
    )


def _one_script(found: re.Match[str]) -> str:
    word = found.group()
    if not _CYRILLIC.search(word):
        return word
    return "".join(_LATIN_LIKE.get(sign, _GREEK.get(sign, sign)) for sign in word)


def _join_spaced(source: str, text: str, at: list[int]) -> Plain:
    """«с к и д к а» is one word."""
    if not _SPACED.search(text):
        return Plain(source, text, tuple(at))
    signs, places, after = [], [], 0
    for found in _SPACED.finditer(text):
        signs.append(text[after : found.start()])
        places += at[after : found.start()]
        letters = range(found.start(), found.end(), 2)
        signs.append("".join(text[place] for place in letters))
        places += [at[place] for place in letters]
        after = found.end()
    signs.append(text[after:])
    places += at[after:]
    return Plain(source, "".join(signs), tuple(places))


def tidy(text: str) -> str:
    """The text without signs that nobody sees; what can be seen stays as it is."""
    return "".join(
        sign for sign in text if sign == "\n" or unicodedata.category(sign) not in _HIDDEN
    )


_HIDDEN = {"Cf", "Cc", "Cs", "Co", "Cn"}
