"""Which sums follow from the price list and from the quantities that were named, and which are worked out aloud."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import combinations, product

from bot.assistant.guard.amounts import BARE, PCT, ROOMS, RUB, TIME, Amount
from bot.assistant.guard.rates import PER_MINUTES, Rate, codes_in, content
from bot.assistant.guard.reading import Reading
from bot.assistant.guard.talk import Talk

ROUNDING = 1.01
"""Roubles by which a rounded sum may be off."""

_TIMES = re.compile(r"[×*]|(?<=[\s\d])[xх](?=[\s\d])|\bпо\b|\bумножить на\b|\bна\b")
_PLUS = re.compile(r"\+|\bплюс\b|\bеще\b|\bи\b")
_MINUS = re.compile(r"\bминус\b|\bвыч\w+|\bскид\w+|\bснима\w+|(?<=\d)\s?-\s?(?=\d)")
TOTAL = re.compile(
    r"=|\b(?:итог\w*|всего|вместе|общ\w+|получ\w+|выйдет|выходит|выход|обойд\w+|обход\w+|составит|в сумме|на сумму|за все|оба|обе|total)\b"
)
_OFFSET = re.compile(
    r"засчит|зачт|вычит|вычт|возвра|входит|включ|без учета|не бер|бесплат|подар|вместо"
)
_CREDITED = re.compile(r"засчит|зачт|вычит|не бер[её]?тся|(?:бесплатн\w*|вход\w+) при")
_COUNTED = re.compile(
    r"(?:ов|ев|ей|ок|ек|ий|ам|ах|ами|иц|ц|онн|мл|см|мм|шт|штук|лайк|фото|раз|вариант\w*|человек|оборот\w*|вт|градус\w*)$"
)
_NOT_COUNTED = re.compile(
    r"^(?:рубл\w+|только|сверх|перед|всех|обоих|ваших|уже|еще|максимум|минимум|двух|трех|нашей|вашей|одной|каждой|такой|этой|той|из|под|над|лишь|сейчас|можем|можете|сможем|будем|берем|возьмем)$"
)
_SIZED = ("m", "m3", "kg", "sot", "km", "floor", "ton")


def near(one: float, other: float) -> bool:
    return abs(one - other) <= ROUNDING


def is_money(one: Amount, reading: Reading) -> bool:
    """Whether an amount is a sum of money: it says so, or it is bare, big, and counts nothing."""
    if one.unit == RUB:
        return True
    if one.unit != BARE or _counts(one.noun):
        return False
    if one.scaled:
        return True
    around = reading.text[one.start - 1 : one.start] + reading.text[one.end : one.end + 1]
    return one.hi >= 100 and not set(around) & set("×x*/")


def _counts(noun: str) -> bool:
    return len(noun) > 2 and bool(_COUNTED.search(noun)) and not _NOT_COUNTED.match(noun)


def quantities(reading: Reading) -> list[Amount]:
    """What may multiply a price: everything counted, but money, dates, hours of the day."""
    return [
        one
        for one in reading.amounts
        if one.unit not in (RUB, PCT, "clock", "date", "years", "label")
        and not (one.unit == BARE and (one.scaled or one.hi >= 1000))
    ]


def applies(
    rate: Rate, rooms: frozenset[float], counted: Sequence[Amount], codes: frozenset[str]
) -> bool:
    """Whether a price is for these rooms and sizes, as far as they were named."""
    if rooms and rate.rooms and not rooms & rate.rooms:
        return False
    if codes and rate.codes and not codes & rate.codes:
        return False
    if rate.within and rate.beyond is None:
        lo, hi, unit = rate.within
        units = {BARE, "piece"} if unit in (BARE, "piece") else {unit}
        same = [one for one in counted if one.unit in units and (one.unit != BARE or one.hi < 100)]
        return not same or any(lo <= one.lo <= hi or one.hi == hi for one in same)
    return True


def rooms_in(amounts: Iterable[Amount]) -> frozenset[float]:
    return frozenset(one.lo for one in amounts if one.unit == ROOMS)


def _factors_of(rate: Rate, one: Amount) -> set[float]:
    """By what one named quantity may multiply a price."""
    values = {one.lo, one.hi}
    if rate.per in PER_MINUTES:
        if one.unit == TIME:
            return {value / PER_MINUTES[rate.per] for value in values}
        return values if one.unit in (BARE, "person", "piece", "times") else set()
    if rate.beyond is not None and (
        one.unit == rate.per or (one.unit == BARE and rate.per == "km")
    ):
        return {value - rate.beyond for value in values if value > rate.beyond}
    if rate.beyond is not None and one.unit == BARE:
        return values | {value - rate.beyond for value in values if value > rate.beyond}
    if rate.per:
        return values if one.unit == rate.per or (one.unit == BARE and one.hi < 1000) else set()
    if one.unit in (BARE, "piece", "person", "times"):
        return values
    if one.unit == TIME and (not rate.within or rate.within[2] == TIME):
        return {value / minutes for value in values for minutes in (60, 1440) if value >= minutes}
    return values if one.unit in _SIZED and not rate.rooms and not rate.within else set()


def factors(rate: Rate, counted: Sequence[Amount]) -> set[float]:
    """By what a price may be multiplied, once, and by people and hours together."""
    single = [_factors_of(rate, one) for one in counted]
    found: set[float] = set().union(*single)
    if not (rate.per and found):
        found.add(1.0)
    if rate.per in PER_MINUTES:
        people = {
            value for one in counted if one.unit in (BARE, "person") for value in (one.lo, one.hi)
        }
        hours = {value for one in counted if one.unit == TIME for value in _factors_of(rate, one)}
        found |= {a * b for a, b in product(people, hours)}
    return {one for one in found if 0 < one < 2000}


_OF_DISCOUNT = frozenset(("скид",))
"""The head of a discount that is told as a price: «от 7 суток 2200»."""
REDUCES = re.compile(
    r"скид|минус|дешевле|вычит|вычт|сним|уступ|%|процент|выгод|торг|самовывоз|акци|зачт|засчит|вместо|промокод|карт"
)
_OVER = re.compile(r"\b(?:сверх|еще|лишн\w+|дополнительн\w+)\b")
_SURCHARGE = re.compile(
    r"\b(?:добав\w+|доплат\w+|сверх|за (?:выезд|дорогу|доставку|подачу)|доставк\w+)\b"
)
"""A part of a sum: it may be below the smallest order."""
IS_SHARE = re.compile(r"\bот (?:стоимост|цен|сумм)")
IN_PARTS = re.compile(
    r"\b(?:дел(?:ится|им|ить)|раздел(?:и\w+|ен\w*|я\w+)|разобь\w+|разби(?:ть|ва\w+|в\w+)|по частям|на части|частями)\b"
)
"""A sum is parted, and nothing is taken off it."""
_ONE_OF_SEVERAL = re.compile(r"\b(?:втор|трет|четверт|пят|кажд|следующ)\w+")


def _both_ways(talk: Talk) -> list[Amount]:
    """«700 ₽ в одну сторону», and the client wants it there and back."""
    said = _THERE_AND_BACK.search(talk.reply.text) or _THERE_AND_BACK.search(talk.asked.text)
    one_way = "одну сторону" in talk.known.text or "один конец" in talk.known.text
    return [Amount(2, 2, BARE, 0, 0, 0, 0)] if said and one_way else []


_THERE_AND_BACK = re.compile(
    r"туда и обратно|туда-обратно|(?:в|оба|обе) (?:оба |обе )?(?:конца|стороны)"
)


def _replaced(talk: Talk) -> set[float]:
    """What «третий день за 400» takes off a total that counts every day at the full price."""
    special = [
        rate.lo
        for one in talk.known.about("discount")
        if _ONE_OF_SEVERAL.search(one.reading.text)
        for rate in one.rates
    ]
    full = {rate.lo for rate in talk.known.rates if "day" in rate.per or not rate.stems}
    return {price - one for price in full for one in special if one < price}


class Reckoning:
    """What the sums of one reply may be."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.counted = [*quantities(talk.reply), *quantities(talk.client), *_both_ways(talk)]
        self.rooms = rooms_in(talk.reply.amounts) or rooms_in(talk.client.amounts)
        self.codes = codes_in(talk.reply.text) or codes_in(talk.client.text)
        self.words = content(talk.reply.stems | talk.client.stems)
        self.percents = {amount.lo for amount, _ in talk.known.percents}
        if re.search(r"половин\w+ (?:цены|стоимости)|полцен", talk.known.text):
            self.percents.add(50.0)
        self.credited = {
            rate.lo
            for one in talk.known.statements
            if _CREDITED.search(one.reading.text)
            for rate in one.rates
        }
        self.reductions = {rate.lo for one in talk.known.about("discount") for rate in one.rates}
        full = [rate.lo for rate in talk.known.rates if not rate.stems]
        self.reductions = {one for one in self.reductions if not full or one < min(full)}
        self.reductions |= _replaced(talk)
        self.shares = {
            amount.lo for amount, one in talk.known.percents if IS_SHARE.search(one.reading.text)
        }
        self.minimum = max(
            (
                rate.lo
                for rate in talk.known.rates
                if rate.minimum and (not rate.stems or rate.stems & self.words)
            ),
            default=0.0,
        )

    @cached_property
    def meant(self) -> list[tuple[Rate, set[float]]]:
        """The prices that the talk is about, each with all its multiples."""
        listed = []
        for rate in self.talk.known.rates:
            if (
                not rate.reduction
                and applies(rate, self.rooms, self.counted, self.codes)
                and self._is_meant(rate)
            ):
                by = factors(rate, self.counted)
                if rate.beyond is not None and _OVER.search(self.talk.reply.text):
                    by |= {one.lo for one in self.talk.reply.amounts if one.unit == rate.per}
                listed.append(
                    (rate, {bound * factor for bound in {rate.lo, rate.hi} for factor in by})
                )
        return listed

    def _is_meant(self, rate: Rate) -> bool:
        by_unit = rate.per and any(one.unit == rate.per for one in self.counted)
        return (
            not rate.stems - _OF_DISCOUNT
            or bool(by_unit)
            or bool(rate.stems & self.words)
            or bool(rate.rooms & self.rooms)
        )

    def allows(self, value: float) -> bool:
        """Whether a calculated sum is not below the smallest order: a part of a greater sum may be, or the reply tells of it."""
        said = {one.lo for one in self.talk.reply.amounts if one.unit in (RUB, BARE)}
        return (
            value >= self.minimum
            or self.minimum in said
            or value < max(said, default=0.0)
            or bool(_SURCHARGE.search(self.talk.reply.text))
        )

    @property
    def below_minimum(self) -> bool:
        """Whether what was named comes to less than the smallest order, so that this is what is paid."""
        return any(
            bound < value <= self.minimum
            for rate, values in self.meant
            for bound in (rate.lo,)
            for value in values
        )

    def product(self, value: float, words: frozenset[str], inside: Sequence[Amount]) -> bool:
        """Whether a sum is one price times what was named, for what the words beside it name."""
        return any(
            near(value, one)
            for rate, values in self._named(words)
            for one in self._narrowed(rate, values, inside)
        )

    def _narrowed(self, rate: Rate, values: set[float], inside: Sequence[Amount]) -> set[float]:
        """Where people and hours stand beside the sum, both count."""
        people = [one.lo for one in inside if one.unit in (BARE, "person") and one.lo < 50]
        hours = [value for one in inside if one.unit == TIME for value in _factors_of(rate, one)]
        if rate.per in PER_MINUTES and people and hours:
            return {
                bound * a * b for bound in {rate.lo, rate.hi} for a, b in product(people, hours)
            }
        return values

    def _named(self, words: frozenset[str]) -> list[tuple[Rate, set[float]]]:
        """The prices that some words name; all that are meant where they name none."""
        named = [(rate, values) for rate, values in self.meant if rate.stems & words]
        return named or self.meant

    def derived(self, value: float, words: frozenset[str], inside: Sequence[Amount]) -> bool:
        """Whether a sum follows from prices and quantities, also with a known discount, without its way being shown."""
        if any(
            near(value, base * share / 100)
            for base in self._named_by_client
            for share in self.shares
        ):
            return True
        if any(near(value, one) for one in self.reduced(self._discounted)):
            return True
        named = self._named(words)
        singles = [self._narrowed(rate, values, inside) for rate, values in named]
        reachable = {one for values in singles for one in values}
        bare = {
            id(values)
            for rate, values in self.meant
            if rate.at_least
            and not (rate.stems or rate.rooms or rate.within or rate.per or rate.codes)
        }
        others = [
            values
            for rate, values in self.meant
            if not rate.minimum and ((rate, values) not in named or len(named) > 1)
        ]
        for values in singles:
            if id(values) in bare:
                continue  # the listing's price is a part of no sum: its things have prices of their own
            for few in (1, 2):
                for chosen in combinations(
                    [one for one in others if one is not values and id(one) not in bare][:6], few
                ):
                    if few == 2 and len(values) * len(chosen[0]) * len(chosen[1]) > 600:
                        continue
                    reachable.update(sum(parts) for parts in product(values, *chosen))
        exact = any(near(value, one) for one in reachable)
        reduced = exact or (
            self._speaks_of_discount and any(near(value, one) for one in self.reduced(reachable))
        )
        return reduced and self.allows(value)

    @cached_property
    def _speaks_of_discount(self) -> bool:
        """Whether the talk is of a reduction, or of the case in which one is given."""
        if REDUCES.search(self.talk.reply.text) or REDUCES.search(self.talk.client.text):
            return True
        given = [one for one in self.talk.known.statements if "discount" in one.topics]
        given += [one for _, one in self.talk.known.percents]
        stems = content(frozenset().union(*(one.stems for one in given)))
        told = self.talk.reply.text + self.talk.client.text
        limits = {one.unit for statement in given for one in statement.reading.amounts} - {
            RUB,
            PCT,
            BARE,
        }
        return any(one[:4] in told for one in stems) or any(
            one.unit in limits for one in (*self.counted, *self.talk.reply.amounts)
        )

    @property
    def _named_by_client(self) -> set[float]:
        """Sums of the client's, of which the seller takes a share: «кухня за 150 тысяч»."""
        return {
            one.lo
            for one in self.talk.client.amounts
            if one.unit == RUB or (one.unit == BARE and one.lo >= 1000)
        }

    @property
    def _discounted(self) -> set[float]:
        """The client's own sums that are high enough for «от 6000 ₽ – 7 %»."""
        limits = [
            amount.lo
            for one in self.talk.known.about("discount")
            for amount in one.reading.amounts
            if amount.unit == RUB
        ]
        return {one for one in self._named_by_client if limits and one >= min(limits)}

    def quotient(self, value: float) -> bool:
        """The price of one out of a bundle: «пакет из 8 – 10 800, одно по 1350»; of a month of the known instalments."""
        if (
            re.search(r"\bмесяц|ежемесячн", self.talk.reply.text)
            and "рассрочк" in self.talk.known.text
        ):
            months = {one.lo / (30 * 1440) for one, _ in self.talk.known.durations}
            if any(
                near(rate.lo / n, value) for rate in self.talk.known.rates for n in months if n > 1
            ):
                return True
        if any(near(one, value) for one in self._per_piece):
            return True
        counts = {one.lo for one in self.counted if one.unit == BARE and 1 < one.lo < 100}
        said = {one.lo for one in self.talk.reply.amounts}
        return any(
            near(rate.lo / count, value)
            for rate in self.talk.known.rates
            if rate.lo in said
            for count in counts
        )

    @cached_property
    def _per_piece(self) -> set[float]:
        """What one costs in each bundle that a statement tells whole."""
        return {
            rate.lo / one.lo
            for statement in self.talk.known.statements
            if len(statement.rates) == 1
            for rate in statement.rates
            for one in statement.reading.amounts
            if one.unit in (BARE, "piece") and one.noun and 1 < one.lo < 50
        }

    def difference(self, value: float) -> bool:
        """What is left to pay, or saved: one sum of the talk or the facts less another."""
        known = {rate.lo for rate in self.talk.known.rates}
        said = {one.lo for one in self.talk.reply.amounts if one.lo >= 100}
        multiples = {one for _, values in self.meant for one in values}
        whole, parts = known | said | multiples, known | said | self._named_by_client
        return any(near(a - b, value) for a in whole for b in parts)

    def reduced(self, totals: Iterable[float]) -> set[float]:
        """Totals after a discount that the facts give, and the discount itself."""
        found: set[float] = set()
        for total in totals:
            for percent in self.percents:
                found.update((total * (1 - percent / 100), total * percent / 100))
            found.update(total - reduction for reduction in self.reductions)
        return found

    def worked_out(self, sums: Sequence[Amount], place: int) -> bool:
        """Whether the sum at `place` is the result of what stands before it in the reply."""
        reading, value = self.talk.reply, sums[place].lo
        before = [one.lo for one in sums[:place]][-6:]
        for chained, parts in _chains(sums[place], reading):
            if (
                near(chained, value)
                and not self._adds_credited(parts)
                and all(self._is_operand(one) for one in parts)
                and not self._overcounts(parts)
            ):
                return True
        subtracts = bool(_MINUS.search(reading.text[sums[0].start : sums[place].start]))
        for size in range(2, len(before) + 1):
            for chosen in combinations(before, size):
                if any(near(one, other) for one in chosen for other in self.credited):
                    continue
                for signs in product((1, -1) if subtracts else (1,), repeat=size - 1):
                    if near(
                        chosen[0]
                        + sum(sign * one for sign, one in zip(signs, chosen[1:], strict=True)),
                        value,
                    ):
                        return True
        return bool(REDUCES.search(reading.text)) and any(
            near(value, one) for one in self.reduced({sum(before), *before})
        )

    def _adds_credited(self, parts: Sequence[Amount]) -> bool:
        """Whether a sum that counts towards the work is added to it: «осмотр 1000, засчитывается»."""
        return len(parts) > 1 and any(
            near(one.lo, other) for one in parts for other in self.credited
        )

    def _overcounts(self, parts: Sequence[Amount]) -> bool:
        """«пять метров по 1200», where three of the client's five are included."""
        for rate in self.talk.known.rates:
            if rate.beyond is None or not any(near(one.lo, rate.lo) for one in parts):
                continue
            asked = {
                value
                for one in quantities(self.talk.client)
                if one.unit == rate.per
                for value in (one.lo, one.hi)
            }
            right = {value - rate.beyond for value in asked}
            used = {_count(one) for one in parts if not near(one.lo, rate.lo) and one.lo < 1000}
            if asked and used & asked and not used & right:
                return True
        return False

    def _is_operand(self, one: Amount) -> bool:
        """A quantity that was named, or a sum: those are judged by themselves."""
        if one.unit not in (BARE, RUB) or one.lo >= 100 or one.noun:
            return True
        return (
            one.lo in self.talk.known.numbers
            or one.lo in self.talk.client_numbers
            or any(near(one.lo, rate.lo) for rate in self.talk.known.rates)
        )


def _chains(result: Amount, reading: Reading) -> Iterator[tuple[float, list[Amount]]]:
    """The value of each expression that ends right before `result`, and its parts: «2 грузчика × 3 часа × 600 + 1200 =»."""
    terms: list[tuple[Amount, str]] = []
    right = result
    for one in reversed([one for one in reading.amounts if one.end <= result.start]):
        between = reading.text[one.end : right.start]
        sign = _sign(between, first=right is result)
        if not sign or len(between) > 45:
            break
        terms.insert(0, (one, sign))
        right = one
    for first in range(len(terms) - 1):
        yield _value(terms[first:]), [one for one, _ in terms[first:]]


def _value(terms: Sequence[tuple[Amount, str]]) -> float:
    """Products before sums; the sign of a term is the one that follows it."""
    total, current, plus = 0.0, _count(terms[0][0]), 1.0
    for (one, _), (_, sign) in zip(terms[1:], terms[:-1], strict=True):
        if sign == "×":
            current *= _count(one)
        else:
            total, current, plus = total + plus * current, _count(one), 1.0 if sign == "+" else -1.0
    return total + plus * current


def _count(one: Amount) -> float:
    """The number as it was said: hours of a term in hours."""
    if one.unit != TIME:
        return one.lo
    return next(
        (one.lo / minutes for minutes in (30 * 1440, 7 * 1440, 1440, 60) if one.lo % minutes == 0),
        one.lo,
    )


def _sign(between: str, *, first: bool) -> str:
    if first:
        return (
            "="
            if TOTAL.search(between)
            or re.fullmatch(r"[\s\w]{0,20}\s?[-:]\s?(?:это\s)?", between)
            or "это" in between
            else ""
        )
    if re.search(r"[.!?;]", between):
        return ""
    if _TIMES.search(between):
        return "×"
    if _PLUS.search(between):
        return "+"
    return "-" if _MINUS.search(between) else ""


def is_offset(sentence: str) -> bool:
    """Whether a part of what was listed is said not to count."""
    return bool(_OFFSET.search(sentence))
