"""Where the seller is: addresses and landmarks in a reply that the facts do not give."""

import re
from collections.abc import Iterator, Sequence

from bot.assistant.guard.common_words import EMPTY
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.stems import stem, stems
from bot.assistant.guard.talk import Finding, Talk
from bot.assistant.postal import find_addresses
from bot.assistant.postal_words import CITIES, STREET_WORDS

Span = tuple[int, int]

_STREETISH = re.compile(
    r"(?:\b(?:ул|улиц\w+|пр|просп\w*|проспект\w*|шоссе|ш|пер|переул\w+|бульвар\w*|б-р|наб\w*|площад\w+|пл|проезд\w*|тракт\w*|мкр\w*|тупик\w*|аллея\w*)\b\.?\s*)"
    r"([а-я][а-я-]{2,}(?:\s[а-я][а-я-]{2,})?)\s*,?\s*(?:д(?:ом)?\.?\s*)?(\d{1,4}[а-я]?)\b"
    r"|\b([а-я]{4,}(?:ск|цк|н|ов|ев|ин)(?:ая|ой|ую|ий|ого|ом|ый|ое|ее))\s(?:ул\w*|просп\w*|шоссе|пер\w*|бульвар\w*|наб\w*|площад\w*|проезд\w*|тракт\w*)?\.?\s*,?\s*(?:д(?:ом)?\.?\s*)?(\d{1,4}[а-я]?)\b"
)
_OURS = re.compile(
    r"\b(?:мы|нас|наш\w*|находимся|находится|располож\w+|офис\w*|склад\w*|магазин\w*|мастерск\w+|салон\w*|студи[яиюе]|шоурум\w*|забрать|забирайте|заберете|заберёте|"
    r"приезжайте|подъезжайте|приходите|подходите|подойдите|заезжайте|загляните|ждем|ждём|жду|встретимся|встретиться|встреча|встречаемся|адрес\w*|самовывоз\w*|пункт\w*|подъехать|филиал\w*|точка|бокс\w*|гараж\w*|стоим|базируемся)\b"
)
_LANDMARK = re.compile(
    r"\b(?:напротив|на углу|рядом с|возле|около|у входа|за|перед|недалеко от|в двух шагах от|через дорогу от|на пересечении|м\.|метро|станци\w+|у метро|тц|трц|район\w*|в районе|в центре)\s*([\w\s\"-]{0,40})"
)


_MEASURED = re.compile(r"[\d\s]*(?:₽|руб|р\b|м²|м2|кв\b|метр|км\b|шт|кг|%)", re.IGNORECASE)
"""What follows a number that is no house: «по площади и правда 3600 ₽»."""


def address_spans(source: str) -> list[Span]:
    """Where a text (as it was written) has an address with a house."""
    return [
        (start, end) for start, end, _ in find_addresses(source) if not _MEASURED.match(source, end)
    ]


def places(talk: Talk, spans: Sequence[Span]) -> Iterator[Finding]:
    """Addresses that are neither the seller's nor the client's, and places where the seller is said to be."""
    seen: list[Span] = []
    for start, end in spans:
        seen.append((start, end))
        if not _is_known(talk, talk.reply.text[start:end]):
            yield talk.finding("address", start, end, "Такого адреса нет в сведениях о продавце.")
    for one in _STREETISH.finditer(talk.reply.text):
        if any(start < one.end() and one.start() < end for start, end in seen):
            continue
        seen.append(one.span())
        if not _is_known(talk, one.group()) and not _is_counted(talk, one):
            yield talk.finding("address", *one.span(), "Такого адреса нет в сведениях о продавце.")
    yield from _landmarks(talk, seen)


def _is_counted(talk: Talk, found: re.Match[str]) -> bool:
    """«двухкомнатная 3500»: the number is a price or has a unit."""
    number = found[2] or found[4]
    value = int(re.sub(r"\D", "", number))
    here = next((one for one in talk.reply.amounts if one.start <= found.end() - 1 < one.end), None)
    bare_adjective = found[2] is None and not re.search(
        r"ул|просп|шоссе|пер|бульвар|наб|площ|проезд|тракт", found.group()
    )
    return (
        value >= 400
        or (here is not None and here.unit not in ("bare", "label", "clock"))
        or (bare_adjective and not _is_ours(talk, found.start()))
    )


def _is_ours(talk: Talk, place: int) -> bool:
    return bool(_OURS.search(talk.reply.clause_at(place).text))


def _is_known(talk: Talk, said: str) -> bool:
    """Whether street and house stand together in the facts or in the client's own words."""
    names, house = _names(said), re.findall(r"\d+", said)
    for text in (
        *(one.reading.text for one in talk.known.statements),
        *talk.client.text.split("\n"),
        talk.client.text,
    ):
        if all(re.search(rf"(?<!\d){number}(?!\d)", text) for number in house) and names <= _names(
            text, all_words=True
        ):
            return True
    return False


def _names(text: str, *, all_words: bool = False) -> set[str]:
    words = {word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 2}
    return {
        stem(word)[:5]
        for word in words
        if all_words
        or (word not in STREET_WORDS and stem(word) not in EMPTY and stem(word) not in _KINDS)
    }


_KINDS = stems(
    "город улица дом шоссе проспект переулок бульвар площадь проезд офис склад мастерская магазин корпус строение метро самовывоз квартира подъезд этаж деревня село поселок станица хутор"
)


def _landmarks(talk: Talk, seen: Sequence[Span]) -> Iterator[Finding]:
    for clause in talk.reply.clauses:
        if (
            clause.hedged
            or clause.asked
            or clause.passed_on
            or not (_OURS.search(clause.text) or _asked_where(talk))
        ):
            continue
        if any(start < clause.end and clause.start < end for start, end in seen):
            continue
        span = _unknown_place(talk, clause)
        if span:
            yield talk.finding("address", *span, "Такого места нет в сведениях о продавце.")


def _asked_where(talk: Talk) -> bool:
    return bool(re.search(r"\b(?:где|адрес|куда|находит\w+|откуда)\b", talk.asked.text))


def _unknown_place(talk: Talk, clause: Clause) -> Span | None:
    """A landmark or a proper name of a place that neither the facts nor the client know."""
    known = talk.known.stems | talk.client.stems
    landmark = _LANDMARK.search(clause.text)
    if landmark and not landmark.group().startswith(("за", "перед", "около", "в районе")):
        unknown = [
            word
            for word in re.findall(r"[а-яa-z]{3,}", landmark[1])
            if stem(word) not in known | EMPTY
        ]
        if unknown and not (clause.negated and not known):
            return clause.start + landmark.start(), clause.start + landmark.end()
    if clause.negated:
        return None
    return _unknown_town(talk, clause, known)


def _unknown_town(talk: Talk, clause: Clause, known: frozenset[str]) -> Span | None:
    towns = {stem(town) for town in CITIES}
    source = talk.reply.plain
    for place in range(clause.first, clause.last + 1):
        token = talk.reply.tokens[place]
        if not token.is_word or stem(token.text) in known | EMPTY:
            continue
        before = talk.reply.tokens[place - 1].text if place else ""
        capital = source.words(token.start, token.end)[:1].isupper() and place > clause.first
        if before in ("в", "на", "во", "под") and (stem(token.text) in towns or capital):
            return token.start, token.end
    return None
