"""Postal addresses: a street or a settlement with a house, and what stands with it."""

import re
from collections.abc import Iterator

from bot.assistant.house_numbers import House, Token
from bot.assistant.morphology import PLACE as PLACE_NAME
from bot.assistant.morphology import is_kind
from bot.assistant.postal_words import (
    AREA_UNITS,
    BARE_ENDINGS,
    CITIES,
    CUES,
    FLAT_WORDS,
    HOUSE_WORDS,
    KNOWN_STREETS,
    NOT_HOMES,
    NOT_STREETS,
    PLACE_SOMEWHERE,
    QUARTER_WORDS,
    RANKS,
    REGION_WORDS,
    SELLERS_OWN,
    SETTLEMENT_WORDS,
    STREET_WORDS,
    TOWN_ENDINGS,
    UNITS,
)
from bot.assistant.spoken_numbers import number_word

PLACE = "place"

_MAY_HAVE_HOUSE = re.compile(r"[0-9]|[Дд]ом|ДОМ")
_TOKEN = re.compile(r"[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*|\d+|[^\s\w]")
_BLOCK_WORDS = frozenset(("корпус", "корп"))  # Zelenograd has these instead of streets
_ORDINALS = frozenset(("я", "й", "ая", "ый", "ой"))
_ADJECTIVE = re.compile(r"[а-я]{2}(?:ого|ой|ая|ий|ый|ых|их|ое)$")


def find_addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """Addresses with a house in order, each from its first part to its last.

    Their kind is "address" for where the client is to be visited, PLACE for a shop,
    a pick-up point, the seller's own.
    """
    if not _MAY_HAVE_HOUSE.search(text):
        return
    tokens = [
        Token(m.group(), m.start(), m.end(), m.group().lower().replace("ё", "е"))
        for m in _TOKEN.finditer(text)
    ]
    after = 0
    for at, _token in enumerate(tokens):
        if at < after or not _may_be_house(tokens, at):
            continue
        reading = _Reading(text, tokens, at, after)
        if reading.is_complete():
            after = reading.end + 1
            kind = PLACE if reading.is_somewhere_else() else "address"
            yield tokens[reading.first].start, tokens[reading.end].end, kind


def _may_be_house(tokens: list[Token], at: int) -> bool:
    token = tokens[at]
    if token.is_number:
        return len(token.text) <= 4
    return bool(at and tokens[at - 1].word in HOUSE_WORDS and number_word(token.word))


class _Reading(House):
    """One number read as the house of an address: what belongs to it before and after."""

    def __init__(self, text: str, tokens: list[Token], house: int, floor: int) -> None:
        super().__init__(tokens, house, floor)
        self.text = text
        self.street_word = self.house_word = self.town = self.settlement = self.ranked = False
        self.street: list[Token] = []
        self.first = self._read_back(house - 1)

    # before the house

    def _read_back(self, at: int) -> int:
        """The first token of the address: the town if there is one, else the street."""
        first = self.house
        at = self._skip(at, "№.")
        token = self._at(at)
        if token and (token.word in HOUSE_WORDS | _BLOCK_WORDS or self._is_block(at)):
            self.house_word, first = True, at
            at -= 1
        at = self._skip(at, ",.") if self.house_word else self._skip(at, ",")
        street = self._read_street(at)
        if street is None:
            return self._read_town(first) if self.house_word else first
        return self._read_town(street)

    def _is_block(self, at: int) -> bool:
        """«Зеленоград к. 915»: a block right after the only town that has them."""
        town = self._at(self._skip(at - 1, ","))
        return (
            self.tokens[at].word == "к" and town is not None and town.word.startswith("зеленоград")
        )

    def _skip(self, at: int, signs: str) -> int:
        token = self._at(at)
        while token and token.text in signs and len(token.text) == 1:
            at -= 1
            token = self._at(at)
        return at

    def _read_street(self, at: int) -> int | None:
        token = self._at(at)
        dotted = token is not None and token.text == "."
        if dotted:
            at -= 1
            token = self._at(at)
        if token is None or not token.is_word:
            return None
        if token.word in STREET_WORDS and not self._follows_kind(at):
            return self._name_before(at)
        if dotted:
            return None
        return self._name_after_word(at)

    def _name_before(self, at: int) -> int | None:
        """«Мичуринский проспект», «Малая Пионерская улица»; `at` is the street word."""
        name = self._at(at - 1)
        if name is None or not name.is_word or name.word in NOT_STREETS:
            return None
        first = self._widen(at) if name.word in _ORDINALS else self._widen(at - 1)
        if first == at or (len(name.word) < 3 and name.word not in _ORDINALS):
            return None
        self.street_word = True
        self.street = [name]
        return first

    def _widen(self, first: int) -> int:
        """Take in what belongs to a street's name before it: «Малая», «3-я», «Маршала»."""
        before = self._at(first - 1)
        adjective = before and before.is_name and _ADJECTIVE.search(before.word)
        self.ranked = before is not None and before.is_name and before.word in RANKS
        if before and (
            self.ranked or (before.word not in NOT_STREETS and (adjective or before.word in RANKS))
        ):
            first -= 1
            before = self._at(first - 1)
        if before and before.word in _ORDINALS and self._tight(first - 1):
            dash = self._at(first - 2)
            number = self._at(first - 3 if dash and dash.text == "-" else first - 2)
            if number and number.is_number:
                first -= 3 if dash and dash.text == "-" else 2
        return first

    def _name_after_word(self, at: int) -> int | None:
        """«ул. Марии Ульяновой», or a bare name; `at` is the last word of the name."""
        last = self.tokens[at]
        if len(last.word) < 3 or (last.word in NOT_STREETS and not self._follows_kind(at)):
            return None
        for back in range(1, 6):
            token = self._at(at - back)
            if token is None or token.text in ",;!?()":
                break
            known = token.word in STREET_WORDS or token.word in SETTLEMENT_WORDS
            dotted = self.tokens[at - back + 1].text == "."
            if known and (dotted or token.word not in NOT_HOMES):
                self.street_word = token.word in STREET_WORDS
                self.settlement = not self.street_word
                self.street = [last]
                return at - back
        self.street = [last]
        return self._widen(at)

    def _follows_kind(self, at: int) -> bool:
        """Whether «ул.» stands right before, so that even «Новая» is a street."""
        before = self._at(at - 1)
        if before and before.text == ".":
            before = self._at(at - 2)
        if before and before.is_number and len(before.text) == 4:
            before = self._at(self._skip(at - 2, "."))
        return before is not None and before.word in STREET_WORDS

    def _read_town(self, first: int) -> int:
        """Take in «г. Химки,», «Москва,», «Московская область,» before the street."""
        for _ in range(3):
            at = self._skip(first - 1, ",")
            name = self._at(at)
            shortened = self._at(at - 1) if name and name.text == "." else None
            if shortened and shortened.word in REGION_WORDS:
                at, name = at - 1, shortened
            if name and name.is_number and self._tight(at) and self.tokens[at - 1].text == "-":
                at, name = at - 2, self._at(at - 2)
            if name is None or not name.is_word:
                index = name and name.is_number and len(name.text) == 6
                return at if index else first
            start = self._town_start(at)
            if start is None:
                return first
            first, self.town = start, True
        return first

    def _town_start(self, at: int) -> int | None:
        """Where the town whose last word is at `at` begins."""
        name = self.tokens[at]
        if name.word in REGION_WORDS:
            before = self._at(at - 1)
            return at - 1 if before and before.is_name else (at if name.word == "мо" else None)
        before = self._at(at - 1)
        dotted = before is not None and before.text == "."
        kind = self._at(at - 2) if dotted else before
        settled = kind and (
            kind.word in SETTLEMENT_WORDS | QUARTER_WORDS or (dotted and kind.word == "д")
        )
        if settled and name.word not in NOT_STREETS:
            return at - 2 if dotted else at - 1
        if name.word in CITIES:
            return at
        return at if self._reads_as_town(at) else None

    def _reads_as_town(self, at: int) -> bool:
        """Whether a word with a capital before a street is a settlement: by the dictionary, or by its ending."""
        name = self.tokens[at]
        if not name.is_name or name.word in NOT_STREETS:
            return False
        return is_kind(name.word, PLACE_NAME) or TOWN_ENDINGS.search(name.word) is not None

    # the verdict

    def is_complete(self) -> bool:
        """Whether it is an address at all, and not a number of something."""
        return not self._is_counted() and self._names_a_place()

    def _names_a_place(self) -> bool:
        flat = bool(self.parts & FLAT_WORDS)
        if not self.street:
            return self._without_street(flat or self.town)
        if self.settlement or self.street_word:
            return True
        return self._is_bare_street(flat)

    def _without_street(self, flat: bool) -> bool:
        return self.house_word and flat and self.tokens[self.house].is_number

    def _is_bare_street(self, flat: bool) -> bool:
        name = self.street[0]
        known = name.word in KNOWN_STREETS
        like = known or self.ranked or BARE_ENDINGS.search(name.word) is not None
        before = self._at(self.first - 1)
        cue = before is None or before.word in CUES or before.text in ",.:;("
        if self.town:
            return name.is_name or like
        if self.hyphened and cue and name.is_name and not name.text.isupper():
            return len(self.tokens[self.house].text) < 4
        if self.parts or self.suffixed or self.house_word:
            return (like or name.is_name) and (flat or self.house_word or like)
        return like and cue and (name.is_name or known) and len(self.tokens[self.house].text) < 4

    def _is_counted(self) -> bool:
        following = self._at(self.end + 1)
        if following is None:
            return False
        if following.text in "₽%$" and self._tight(self.end + 1):
            return True
        if following.word in AREA_UNITS:
            return True
        return not self.parts and following.word in UNITS

    def is_somewhere_else(self) -> bool:
        """Whether it is public or the seller's own, so that it tells nothing of the client."""
        start = self.tokens[self.first].start
        before = re.split(r"[!?\n]|\.\s", self.text[max(0, start - 60) : start])[-1]
        if PLACE_SOMEWHERE.search(before):
            return True
        end = self.tokens[self.end].end
        after = re.split(r"[!\n]|\.\s", self.text[end : end + 50])[0]
        return bool(SELLERS_OWN.search(before + " @ " + after))
