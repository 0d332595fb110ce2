"""What the assistant may say, as a check sees it: the seller's statements, taken apart, each with its topics.

The facts come as rows of named fields (labelled rows), or as a listing with the seller's free text (production). Both
become the same list of statements, so that both are judged by the same rules.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from bot.assistant.guard.amounts import CLOCK, DATE, PCT, ROOMS, TIME, Amount
from bot.assistant.guard.hours import Schedule, months_in, schedule
from bot.assistant.guard.rates import Rate, rates_of
from bot.assistant.guard.reading import Reading, read

_TOPICS = {
    "guarantee": re.compile(r"гарант|доработк|переделк|возврат"),
    "discount": re.compile(r"скидк|акци|подар|бонус|промокод|торг|дешевле|рассрочк"),
    "delivery": re.compile(
        r"достав|самовывоз|отправ|выезд|выезж|приезж|сдэк|пэк|почт|транспортн|курьер|подъем|отгруз|подача"
    ),
    "stock": re.compile(
        r"в наличии|налич|остал|свободн|\bзанят[аоы]?\b|под заказ|\bшт\b|в продаже|есть"
    ),
    "hours": re.compile(
        r"круглосуточн|ежедневн|без выходных|24/7|\bпн\b|\bпт\b|\bсб\b|\bвс\b|будн|выходн|режим|график|часы работы|понедельник|суббот|воскресен|работаем|по записи|сезон"
    ),
    "address": re.compile(
        r"адрес|офис|склад|магазин|мастерская|находимся|шоурум|\bм\.|метро|салон|студия"
    ),
}
_FREE = re.compile(
    r"\b(?:бесплат\w*|включен\w*|входит|входят|в подарок|без доплат\w*|без оплаты|не оплачива\w+|без предоплат\w*|даром|за наш счет|вместе с|в комплекте|в придачу|не берется)\b"
)
_NOT = re.compile(r"\b(?:нет|не|без|кроме|нельзя|занят[аоы]?|отсутств\w*|ни|только)\b")
_MONEY = re.compile(r"₽|\bруб|\bр\b|тыс")
_FIELD_TOPICS = {
    "title": "title", "price_rub": "price", "price": "price", "discounts": "discount", "address": "address", "phone": "phone",
    "working_hours": "hours", "guarantee": "guarantee", "delivery": "delivery", "stock": "stock",
}  # fmt: skip


_HEADS = {"delivery": "доставка", "guarantee": "гарантия", "discount": "скидка"}
"""What a field is about, where its text does not say so: «бесплатно от 2 штук» under delivery."""


@dataclass(frozen=True)
class Statement:
    """One thing that is known. `head` is what it belongs to if it does not say so itself («туман: 1-комнатная 2800»)."""

    text: str
    topics: frozenset[str]
    head: str = ""

    @cached_property
    def reading(self) -> Reading:
        return read(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        return self.reading.stems | read(self.head).stems

    @cached_property
    def whole(self) -> str:
        """The plain text with its head before it."""
        return f"{read(self.head).text} {self.reading.text}" if self.head else self.reading.text

    @cached_property
    def is_free(self) -> bool:
        """Whether it says that something costs nothing, or is included."""
        return bool(_FREE.search(self.whole))

    @cached_property
    def denies(self) -> bool:
        """Whether it says that something is not so."""
        return bool(_NOT.search(self.reading.text))

    @cached_property
    def rates(self) -> tuple[Rate, ...]:
        return tuple(rates_of(self.reading, self.head, at_least="at_least" in self.topics))


class Knowledge:
    """Statements, and what the checks look up among them."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = tuple(statements)

    def about(self, topic: str) -> list[Statement]:
        return [one for one in self.statements if topic in one.topics]

    @cached_property
    def all_amounts(self) -> tuple[Amount, ...]:
        return tuple(amount for one in self.statements for amount in one.reading.amounts)

    def amounts(self, unit: str) -> list[tuple[Amount, Statement]]:
        return [
            (amount, one)
            for one in self.statements
            for amount in one.reading.amounts
            if amount.unit == unit
        ]

    @cached_property
    def stems(self) -> frozenset[str]:
        return (
            frozenset().union(*(one.stems for one in self.statements))
            if self.statements
            else frozenset()
        )

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(
            word
            for one in self.statements
            for reading in (one.reading, read(one.head))
            for word in reading.words
        )

    @cached_property
    def text(self) -> str:
        return "\n".join(one.whole for one in self.statements)

    @cached_property
    def source(self) -> str:
        return "\n".join(one.text for one in self.statements)

    @cached_property
    def rates(self) -> tuple[Rate, ...]:
        return tuple(
            rate
            for one in self.statements
            if "phone" not in one.topics
            and ("title" not in one.topics or _MONEY.search(one.reading.text))
            for rate in one.rates
        )

    @cached_property
    def numbers(self) -> frozenset[float]:
        """Every number that stands anywhere in the facts, whatever it counts."""
        found: set[float] = set()
        for one in self.statements:
            for amount in one.reading.amounts:
                if amount.unit not in (TIME, DATE):
                    found.update((amount.lo, amount.hi))
            found.update(
                float(digits.replace(",", "."))
                for digits in re.findall(r"\d+(?:,\d+)?", one.reading.text)
            )
        return frozenset(found)

    @cached_property
    def percents(self) -> list[tuple[Amount, Statement]]:
        return self.amounts(PCT)

    @cached_property
    def durations(self) -> list[tuple[Amount, Statement]]:
        return self.amounts(TIME)

    @cached_property
    def clocks(self) -> frozenset[float]:
        return frozenset(
            hour for amount, _ in self.amounts(CLOCK) for hour in (amount.lo, amount.hi)
        )

    @cached_property
    def dates(self) -> frozenset[float]:
        return frozenset(day for amount, _ in self.amounts(DATE) for day in (amount.lo, amount.hi))

    @cached_property
    def months(self) -> frozenset[int]:
        return (
            frozenset().union(*(months_in(one.reading) for one in self.statements))
            if self.statements
            else frozenset()
        )

    @cached_property
    def rooms(self) -> frozenset[float]:
        return frozenset(amount.lo for amount, _ in self.amounts(ROOMS))

    @cached_property
    def schedule(self) -> Schedule | None:
        return schedule([one.reading for one in self.about("hours")])

    @cached_property
    def guarantee(self) -> list[Statement]:
        return self.about("guarantee")

    @cached_property
    def visits(self) -> bool:
        """Whether the seller comes to the client at all."""
        return bool(re.search(r"выезд|выезж|на дом|достав|приед|приезж|переезд|вызов", self.text))


def from_row(facts: Mapping[str, Any]) -> Knowledge:
    """What a labelled row knows. Unknown names are taken as further facts."""
    return _kept(tuple(_of_row(facts)))


def from_fields(
    title: str | None, price: str | None, fields: Sequence[tuple[str, str]]
) -> Knowledge:
    """What production knows: the listing, and the seller's words, each with its topic or "" for free text.

    `price` is a phrase like «2 500 ₽».
    """
    return _of_fields(title, price, tuple(fields))


@lru_cache(maxsize=256)
def _of_fields(
    title: str | None, price: str | None, fields: tuple[tuple[str, str], ...]
) -> Knowledge:
    statements = [
        Statement(title or "", frozenset(("title", *_topics(title or "")))),
        Statement(price or "", frozenset(("price",))),
    ]
    for topic, text in fields:
        if topic in ("title", "address", "phone"):
            statements.append(Statement(text, frozenset((topic,))))
        elif topic:
            statements += [
                part
                for line in text.splitlines()
                for part in _split(line, frozenset((topic,)), _HEADS.get(topic, ""))
            ]
        else:
            statements += _of_text(text)
    return _kept(tuple(one for one in statements if one.text.strip()))


def with_said(known: Knowledge, lines: Sequence[str]) -> Knowledge:
    """`known`, and what the seller's side said in this chat before: it may be said again."""
    if not lines:
        return known
    said = [one for line in lines for one in _of_text(line)]
    return _kept((*known.statements, *said))


@lru_cache(maxsize=256)
def _kept(statements: tuple[Statement, ...]) -> Knowledge:
    return Knowledge(statements)


def _of_row(facts: Mapping[str, Any]) -> Iterator[Statement]:
    for name, value in facts.items():
        topic = _FIELD_TOPICS.get(name, "extra")
        if name == "price_from" or value is None or value is False:
            continue
        if topic == "price":
            topics = {"price", "at_least"} if facts.get("price_from") else {"price"}
            text = f"{value:.12g} ₽" if isinstance(value, int | float) else str(value)
            yield Statement(text, frozenset(topics))
            continue
        if isinstance(value, Mapping) and topic == "extra":
            yield from _of_row(value)
            continue
        for text in _strings(value):
            if topic == "extra" and ("\n" in text or len(text) > 80):
                yield from _of_text(text)
            else:
                yield from _split(text, frozenset((topic,)), _HEADS.get(topic, ""))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from (f"{name}: {text}" for text in _strings(inner))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _strings(inner)
    elif value is not None:
        yield str(value)


def _of_text(text: str) -> Iterator[Statement]:
    """The statements of free text: sentences and lines; a line that ends with a colon heads those that follow."""
    head = ""
    for line in text.splitlines():
        line = line.strip(" \t-•*–—")
        if not line:
            head = ""
        elif line.endswith(":"):
            head = line[:-1]
        else:
            for sentence in _SENTENCES.split(line):
                yield from _split(sentence, frozenset(), head)


_SENTENCES = re.compile(
    r"(?<=[.!?;…])(?<!\b[гдмшчтр]\.)(?<!\bул\.)(?<!\bкв\.)(?<!\bпр\.)(?<!\bпл\.)(?<!\bим\.)(?<!\bшт\.)(?<!\bстр\.)(?<!\bпер\.)(?<!\bобл\.)(?<!\bтыс\.)(?<!\bруб\.)(?<!\bмин\.)(?<!\bтел\.)(?<!\bнаб\.)(?<!\bкорп\.)(?<!\bпросп\.)\s+(?=\S)",
    re.IGNORECASE,
)


def _topics(text: str) -> set[str]:
    low = read(text).text
    return {topic for topic, pattern in _TOPICS.items() if pattern.search(low)}


def _split(text: str, topics: frozenset[str], head: str = "") -> Iterator[Statement]:
    """A field or sentence, and, where it has several parts, what is before the colon as their head."""
    named = topics - {"extra"}
    found = topics | (
        _topics(f"{head}: {text}" if head else text) if not named or named == {"title"} else set()
    )
    before, colon, after = text.partition(": ")
    if colon and len(before) < 60 and not re.search(r"\d", before):
        yield Statement(after, frozenset(found), f"{head} {before}".strip())
    else:
        yield Statement(text, frozenset(found), head)
