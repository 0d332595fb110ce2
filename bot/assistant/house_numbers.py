"""House numbers, and the flats, entrances and floors that follow them."""

from typing import NamedTuple

from bot.assistant.postal_words import FLAT_WORDS, HOUSE_WORDS, LINE_WORDS, PART_WORDS
from bot.assistant.spoken_numbers import number_word

_LETTERS = frozenset("абвгдежзик")


class Token(NamedTuple):
    """A word, a number or a sign; `word` is the text in lower case with е for ё."""

    text: str
    start: int
    end: int
    word: str

    @property
    def is_number(self) -> bool:
        return self.text.isdigit()

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()

    @property
    def is_name(self) -> bool:
        return self.text[0].isupper()


class House:
    """The number at `house` among the tokens, read onwards; nothing before `floor` is looked at.

    `end` is the last token of what belongs to it, `parts` the words that name them.
    """

    def __init__(self, tokens: list[Token], house: int, floor: int) -> None:
        self.tokens, self.house, self.floor = tokens, house, floor
        self.parts: set[str] = set()
        self.end = self._read_number(house)
        self.suffixed = self.end > house
        self.hyphened = self.end == house + 2 and tokens[house + 1].text == "-"
        line = self._at(self.end + 1)
        if line and line.word in LINE_WORDS:  # «СНТ Ветеран, 5 линия, участок 88»
            self.end += 1
        self.end = self._read_parts(self.end)

    def _at(self, index: int) -> Token | None:
        return self.tokens[index] if self.floor <= index < len(self.tokens) else None

    def _tight(self, index: int) -> Token | None:
        """The token at `index` if it touches the one before."""
        token = self._at(index)
        before = self._at(index - 1)
        return token if token and before and token.start == before.end else None

    def _read_number(self, at: int) -> int:
        """The last token of the number at `at`: 61к1, 24с9, 5а, 7/2, 3-45."""
        for _ in range(3):
            sign, value = self._tight(at + 1), self._tight(at + 2)
            if sign is None:
                break
            letter = sign.is_word and len(sign.text) <= 4
            both = (
                letter and sign.word[0] in _LETTERS and sign.word[1:] in ("к", "с", "стр", "корп")
            )
            joined = both or sign.text in "/-" or (letter and sign.word in PART_WORDS)
            if joined and value and value.is_number and len(value.text) <= 4:
                at += 2
            elif sign.word in _LETTERS:
                at += 1
            else:
                break
        else:
            return at
        letter_apart = self._at(at + 1)
        if letter_apart and letter_apart.text in ("А", "Б", "В", "Г", "Д"):
            following = self._at(at + 2)
            if following is None or following.text in ",.;":
                return at + 1
        return at

    def _read_parts(self, at: int) -> int:
        """The last token of the flat, entrance, floor and so on that follow."""
        for _ in range(8):
            index = at + 1
            token = self._at(index)
            while token and token.text in ",;." and index < at + 3:
                index += 1
                token = self._at(index)
            end = self._part(index)
            if end is None:
                return at
            at = end
        return at

    def _part(self, index: int) -> int | None:
        """The last token of the part that begins at `index`, if one does."""
        token = self._at(index)
        if token is None:
            return None
        if token.word in PART_WORDS and token.word != "с":  # «с 10» is a time, «10с2» a building
            value = index + 1
            following = self._at(value)
            while following and following.text in ".№:" and value < index + 3:
                value += 1
                following = self._at(value)
            if following and (self._is_value(following) or self._is_letter(token, following)):
                self.parts.add(token.word)
                return self._read_number(value)
        elif token.is_number and len(token.text) <= 4:
            value = index + 1
            following = self._at(value)
            while following and (
                following.text == "-" or following.word in ("й", "ый", "ой", "м", "ом", "я")
            ):
                value += 1
                following = self._at(value)
            if following and following.word in PART_WORDS and len(following.word) > 1:
                then = self._at(value + 1)
                if then and then.is_number and following.word in FLAT_WORDS | HOUSE_WORDS:
                    return None
                self.parts.add(following.word)
                return value
        return None

    def _is_letter(self, part: Token, value: Token) -> bool:
        """«литера Б»"""
        return part.word.startswith("лит") and len(value.text) == 1 and value.is_name

    def _is_value(self, token: Token) -> bool:
        return (token.is_number and len(token.text) <= 4) or number_word(token.word) is not None
