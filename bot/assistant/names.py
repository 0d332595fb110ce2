"""Names of people: first names, patronymics and surnames in any case."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.assistant.morphology import NAME, PLACE, SURNAME, is_kind, is_only, readings
from bot.assistant.name_forms import (
    common_surnames,
    first_names,
    is_patronymic,
    is_pet_form,
    latin_names,
    looks_like_surname,
    normal,
    patronymics,
    reads_foreign,
)
from bot.assistant.name_words import (
    CALLED_WHOM,
    CALLERS,
    CITY_NAMES,
    NOT_CALLED,
    PLANTS,
    ROLES,
    VOCATIVES,
    WORDS_TOO,
)
from bot.assistant.postal_words import CITIES, KNOWN_STREETS

_FIRST, _PATRONYMICS = first_names(), patronymics()
_SURNAMES, _LATIN = common_surnames(), latin_names()
_KNOWN = _FIRST | _PATRONYMICS | VOCATIVES

_WORD = re.compile(r"[^\W\d_]+")
_INITIAL = re.compile(r"\s?([А-ЯЁ])\.(?:\s?[А-ЯЁ]\.)?(?![А-Яа-яё])|\s([А-ЯЁ])(?=[\s,]|$)")
_INITIALS_BEFORE = re.compile(r"(?<![А-Яа-яё])[А-ЯЁ]\.\s?(?:[А-ЯЁ]\.\s?)?$")
_CALLED = re.compile(
    r"(?:\bзовут|\bзвать|\bмо[её] имя|\bимя\s?[:—-]|\bфио\s?[:—-]?|\bполучател[ьяю]\s?[:—-]?|\bна имя|\bфамилия|"
    r"\bс уважением,?|\bmy name is|\bmy name's|\bmenya zovut|\bzovut|\bmening ismim|\bismim|\bменің атым|\bатым|\bисмим)\s{0,3}$",
    re.IGNORECASE,
)
_PLACE_BEFORE = re.compile(
    r"(?:\b(?:ул|улиц[аеыу]|пр|пр-т|просп|проспект[ае]?|пл|площад[ьи]|пер|переул\w*|бульвар\w*|метро|станци\w|ст|г|город\w?"
    r"|имени|им|магазин\w?|кафе|салон\w?|жк|отель|школ\w|парк\w?|бренд\w?|фирм\w|марк\w|модел\w|сорт\w?|торт\w?|шоколад\w*|храм\w?|церк\w+"
    r"|маршала|академика|генерала|диван\w?|кроват\w|кухн\w|шкаф\w?|комод\w?|стенк\w|коляск\w|матрас\w?|кукл\w|сери\w|коллекци\w|роз\w|кресл\w|стол|духи|крем\w?|цвет|конструктор|игр\w)\.?\s(?:(?-i:[А-ЯЁA-Z])\w+\s)?|[«\"“])$",
    re.IGNORECASE,
)
_PET_BEFORE = re.compile(
    r"\b(?:кот|кота|коту|котик\w?|кошк\w|кошечк\w|собак\w|собачк\w|п[её]с\w{0,2}|псу|щен\w+|попуга\w+|хомя\w+|хомк\w|питом\w+|кобел\w|шпиц\w?|мопс\w?"
    r"|йорк\w?|корг\w|такс\w|лабрадор\w?|черепах\w|корелл\w)"
    r"(?:\s(?:по\sкличке|по\sимени|зовут|наш\w?|мо[йя]))?\s$",
    re.IGNORECASE,
)
_PLACE_AFTER = re.compile(r"\s(?:роща|горка|слобода|поляна|пустошь)\b")
_PLANTS = re.compile(
    r"\b(?:грядк|ягод|рассад|клубник|саженц|куст[аы]?\b|сорт\w?\b|цвет[уё]т)", re.IGNORECASE
)
_CITY_BEFORE = re.compile(r"\b(?:в|во|из|до|под|около|через)\s$", re.IGNORECASE)
_TO_YOU = re.compile(r"\s(?:я|ты|вы)(?!\w)")  # «Светик я уже …» speaks to somebody
_INITIALS_AFTER = re.compile(r"\s[А-ЯЁ]\.\s?[А-ЯЁ]\.(?![А-Яа-яё])")
_STREET_AFTER = re.compile(r"\s(?:улиц|проспект|бульвар|площад|переул|набережн)")
_SENTENCE_END = ".!?\n…"


class _Word(NamedTuple):
    text: str
    start: int
    end: int
    low: str

    @property
    def capital(self) -> bool:
        return self.text[0].isupper() and (len(self.text) == 1 or not self.text.isupper())


def find_names(text: str) -> Iterator[tuple[int, int, str]]:
    """Names in order; words of one name that stand together make one span."""
    words = [_Word(m.group(), *m.span(), normal(m.group())) for m in _WORD.finditer(text)]
    kinds = [_kind(text, words, at) for at in range(len(words))]
    at = 0
    while at < len(words):
        if kinds[at] not in ("first", "patronymic", "surname", "called"):
            at += 1
            continue
        first, last = _whole(text, words, kinds, at)
        if _STREET_AFTER.match(text, words[last].end):
            at = last + 1
            continue
        start, end = words[first].start, words[last].end
        initials = _INITIAL.match(text, end, end + 8)
        before = _INITIALS_BEFORE.search(text[max(0, start - 7) : start])
        if initials and (
            first == last or initials.group().count(".") > 1 or kinds[last] == "patronymic"
        ):
            end = initials.end()
        elif before and kinds[first] == "surname":
            start -= len(before.group())
        yield start, end, "name"
        at = last + 1


def _kind(text: str, words: list[_Word], at: int) -> str:
    """What the word at `at` is by itself: first, patronymic, surname, called or nothing ('')."""
    word = words[at]
    known = word.low in _KNOWN or word.text[0].isupper()
    if not (known or (at and words[at - 1].low in CALLERS | CALLED_WHOM)):
        return ""
    if len(word.low) < 2 or _hyphenated(text, word):
        return ""
    if _is_called(text, words, at):
        return "called"
    if word.capital and _INITIALS_AFTER.match(text, word.end) and not _begins_with_ordinary(word):
        return "surname"
    if at and word.capital and words[at - 1].low in ROLES and _is_unheard_of(word):
        return "first" if text[words[at - 1].end : word.start] == " " else ""
    if word.low in _FIRST:
        return "first" if _is_first_name(text, words, at) else ""
    if word.low in VOCATIVES and text[word.end : word.end + 1] == ",":
        return "first" if word.capital or _begins_sentence(text, word.start) else ""
    if word.low in _PATRONYMICS:
        return (
            "patronymic"
            if not _PLACE_BEFORE.search(text[max(0, word.start - 16) : word.start])
            else ""
        )
    if word.capital and is_patronymic(word.low):
        return "patronymic"
    if word.capital and (word.low in _LATIN or reads_foreign(word.low)):
        return "first"
    if word.capital and is_pet_form(word.low):
        telling = not _begins_sentence(text, word.start) or _stands_alone(text, word)
        return "first" if telling else ""
    if word.low in _SURNAMES and word.capital:
        return "surname" if _is_lone_surname(text, words, at) else ""
    return "first" if word.capital and _is_rare_name(text, word) else ""


def _hyphenated(text: str, word: _Word) -> bool:
    after, before = text[word.end : word.end + 2], text[max(0, word.start - 2) : word.start]
    return (after[:1] in ("-", "_", "@") and after[1:2].isalpha()) or (
        before[-1:] in ("-", "_", "@", "/") and before[:1].isalpha()
    )


def _begins_with_ordinary(word: _Word) -> bool:
    """Whether the dictionary knows the word as nothing but an ordinary one: «Дом А.Б.»."""
    known = readings(word.low)
    return bool(known) and not any(one.kind for one in known)


def _is_unheard_of(word: _Word) -> bool:
    """Whether a word is a name, or in no dictionary: after «мастер» somebody's name comes."""
    return len(word.low) > 3 and (is_kind(word.low, NAME) or not readings(word.low))


def _is_called(text: str, words: list[_Word], at: int) -> bool:
    word = words[at]
    if _is_called_between(text, words, at):
        return True
    if (
        len(word.low) < 3
        or word.low in NOT_CALLED
        or text[max(0, word.start - 1) : word.start].strip() != ""
    ):
        return False
    if not at or words[at - 1].low not in CALLERS:
        return False
    match = _CALLED.search(text[max(0, word.start - 24) : word.start])
    if match is None:
        return False
    sure = match.group().lower().startswith(("зовут", "my name", "menya", "mening", "мен"))
    return word.text[0].isupper() or (sure and at > 0)


def _is_called_between(text: str, words: list[_Word], at: int) -> bool:
    """«меня Фарход зовут», «зовут меня Фарход»: whatever stands there is a name."""
    if at > 1 and words[at - 1].low in CALLED_WHOM and words[at - 2].low in ("зовут", "звать"):
        beside = text[words[at - 1].end : words[at].start] == " "
        return beside and words[at].low not in NOT_CALLED and len(words[at].low) > 2
    if not 0 < at < len(words) - 1 or words[at].low in NOT_CALLED or len(words[at].low) < 3:
        return False
    around = words[at - 1].low in CALLED_WHOM and words[at + 1].low in ("зовут", "звать")
    return (
        around
        and text[words[at - 1].end : words[at + 1].start].replace(words[at].text, "").isspace()
    )


def _begins_sentence(text: str, start: int) -> bool:
    """Whether a capital at `start` says nothing: after a full stop, a line's start, an emoji."""
    before = text[max(0, start - 12) : start].rstrip(' \t«"(')
    if not before or before[-1] in _SENTENCE_END or before.endswith("---"):
        return True
    return not before[-1].isascii() and not before[-1].isalnum() and before[-1] not in "—–»"


def _is_first_name(text: str, words: list[_Word], at: int) -> bool:
    word = words[at]
    before = text[max(0, word.start - 16) : word.start]
    if _PLACE_BEFORE.search(before) or _PET_BEFORE.search(
        text[max(0, word.start - 28) : word.start]
    ):
        return False
    if _PLACE_AFTER.match(text, word.end) or (word.low in PLANTS and _PLANTS.search(text)):
        return False
    if word.low in KNOWN_STREETS and before.lower().endswith(" на "):
        return False
    if word.low in CITY_NAMES and _CITY_BEFORE.search(before):
        return False
    if word.low not in WORDS_TOO:
        return True
    if _followed_by_name(text, words, at):
        return True
    if not word.capital:
        return False
    if not _begins_sentence(text, word.start):
        return True
    return _stands_alone(text, word)


def _is_rare_name(text: str, word: _Word) -> bool:
    """Whether a word that the dictionary has as a name, and no list of ours, is one here."""
    if len(word.low) < 4 or not is_kind(word.low, NAME):
        return False
    if word.low in CITIES or is_kind(word.low, PLACE):
        return False
    before = text[max(0, word.start - 28) : word.start]
    if _PLACE_BEFORE.search(before[-16:]) or _PET_BEFORE.search(before):
        return False
    if is_only(word.low, NAME):
        return True
    return not _begins_sentence(text, word.start) or _stands_alone(text, word)


def _followed_by_name(text: str, words: list[_Word], at: int) -> bool:
    if at + 1 >= len(words) or text[words[at].end : words[at + 1].start] != " ":
        return False
    following = words[at + 1]
    return following.low in _PATRONYMICS or (following.capital and is_patronymic(following.low))


def _stands_alone(text: str, word: _Word) -> bool:
    """Whether punctuation or the end cuts the word off: «Вера, здравствуйте», «… Надежда»."""
    after = text[word.end : word.end + 4]
    return after[:1] in ("", ",", ".", "!", "\n", ")") or _TO_YOU.match(after) is not None


def _is_lone_surname(text: str, words: list[_Word], at: int) -> bool:
    word = words[at]
    after = text[word.end : word.end + 12].lstrip(" ,.")
    if after[:1].isdigit() or after.lower().startswith(("д.", "дом", "ул", "улиц", "пр")):
        return False
    before = text[max(0, word.start - 16) : word.start]
    on_a_street = before.lower().endswith(" на ") and not word.low.endswith("у")
    return not on_a_street and not _PLACE_BEFORE.search(before)


def _whole(text: str, words: list[_Word], kinds: list[str], at: int) -> tuple[int, int]:
    """The first and last word of the name that the word at `at` belongs to."""
    first = last = at
    if at and _joined(text, words[at - 1], words[at]) and _opens(text, words[at - 1], kinds[at]):
        first = at - 1
    while last + 1 < len(words) and last - at < 2 and _joined(text, words[last], words[last + 1]):
        following = words[last + 1]
        known = kinds[last + 1] in ("patronymic", "surname", "called")
        second = kinds[last + 1] == "first" and kinds[last] in ("surname", "called")
        surname = _reads_surname(following) and kinds[last + 1] != "first"
        sure = kinds[at] == "called" or kinds[last] == "patronymic"
        called = sure and following.capital and len(following.low) > 2
        if not (known or second or surname or called):
            break
        last += 1
    return first, last


def _opens(text: str, before: _Word, kind: str) -> bool:
    """Whether the word before a name is part of it: a surname, or a first name nobody listed."""
    if kind == "patronymic":
        return before.capital and len(before.low) > 2 and before.low not in NOT_CALLED
    known = before.low in _SURNAMES or is_only(before.low, SURNAME) or not readings(before.low)
    telling = not _begins_sentence(text, before.start) or known
    return kind == "first" and telling and _reads_surname(before)


def _joined(text: str, left: _Word, right: _Word) -> bool:
    return text[left.end : right.start] == " "


def _reads_surname(word: _Word) -> bool:
    return word.low in _SURNAMES or (word.capital and looks_like_surname(word.low))
