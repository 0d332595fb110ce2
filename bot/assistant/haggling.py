"""How far the seller lets a price come down, held by code: the model is told one sum, and no reply goes below it.

The floor and the ladder are the seller's secret. The model sees the sum of the present step only; a reply that names
less, or agrees to less, is never sent: code's own words go out in its place, without asking the model again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.assistant.dialog.sums import Offer
from bot.assistant.guard.amounts import BARE, PCT, RUB, Amount
from bot.assistant.guard.reading import read

SMALLEST_SHARE = 0.05
"""Sums below this share of the price are not the price of the deal: kilometres, pieces, days."""


@dataclass(frozen=True)
class Policy:
    """A listing's: roubles. `ladder` comes down with each new bid of a client; nothing is below `floor`."""

    floor: int
    ladder: tuple[int, ...] = ()


@dataclass(frozen=True)
class Stance:
    """What may be said now. `current` is the least sum; `bids` are the client's, oldest first."""

    price: int
    current: int
    bids: tuple[int, ...] = ()
    is_last: bool = False

    @property
    def accepts(self) -> bool:
        """Whether the client's newest bid is good enough."""
        return bool(self.bids) and self.bids[-1] >= self.current


def problems(floor: int, ladder: Sequence[int], price: int | None) -> str | None:
    """Why a policy makes no sense, in Russian for the seller; None if it does."""
    if price is None:
        return "У объявления нет цены, от которой можно уступать."
    if not 0 < floor <= price:
        return f"Нижняя цена должна быть больше нуля и не выше цены объявления ({price} ₽)."
    steps = [price, *ladder]
    if any(after >= before for before, after in pairwise(steps)):
        return "Ступени должны идти вниз, и первая — ниже цены объявления."
    return "Ступень не может быть ниже нижней цены." if ladder and ladder[-1] < floor else None


def stance(policy: Policy, price: int, offers: Sequence[Offer]) -> Stance:
    """Each new bid below the price comes one step down; the last step, or the floor, is where it ends."""
    bids = tuple(one.roubles for one in offers if one.by == "client" and one.roubles < price)
    steps = [step for step in policy.ladder if policy.floor <= step < price] or [policy.floor]
    if not bids:
        return Stance(price, price)
    step = steps[min(len(bids), len(steps)) - 1]
    return Stance(price, max(step, bids[-1]), bids, is_last=len(bids) >= len(steps))


def told(now: Stance | None) -> str:
    """A rule for the model: the one sum that it may name."""
    if now is None:
        return ""
    if not now.bids:
        return f"11. Цена {now.price} ₽; уступку сам не предлагай.\n"
    if now.accepts:
        return f"11. Исключение из правила 2: на {now.current} ₽ можно согласиться, другой суммы не называй.\n"
    return f"11. Исключение из правила 2: можно предложить {now.current} ₽, меньше не называй и не соглашайся.\n"


def fact(now: Stance | None) -> tuple[str, ...]:
    """What the guard may take for true beside the seller's own facts."""
    return (f"Для этого клиента цена {now.current} ₽",) if now and now.bids else ()


def held(reply: str, now: Stance | None, facts: str = "") -> str:
    """The reply, or code's own words where it gives in too far. `facts` hold sums that are prices of other things."""
    if now is None or not any(breaches(reply, now, facts)):
        return reply
    return own_words(now)


def own_words(now: Stance) -> str:
    if not now.bids:
        return f"Цена {_money(now.price)}. Скажите, вам подходит?"
    if now.accepts:
        return f"Хорошо, {_money(now.current)}. Договорились."
    last = " Это последняя цена." if now.is_last else ""
    return f"Могу предложить {_money(now.current)}.{last}"


def _money(roubles: int) -> str:
    return f"{roubles:,} ₽".replace(",", " ")


_HALF = re.compile(
    r"пол[- ]?цены|\bполовин\w*|вдвое|\bв два раза дешевле|\bбесплатн\w*|\bдаром\b|\bв подарок|\bза так\b|\bчисто символич"
)
_AS_YOU_SAY = re.compile(
    r"\b(?:ваш\w*|твой|твоей) (?:цен\w*|сумм\w*|услови\w*|предложени\w*)|\bпо[- ]вашему|\bза сколько (?:скажете|хотите)|\bкак скажете|\bсколько дадите"
)
_AGREES = re.compile(
    r"\b(?:договорились|по рукам|соглас\w+|идет|ладно|хорошо|забирайте|отдам|отдаю|уступ\w+|так и быть|окей|ок|беру|deal|ok|okay)\b"
)
_REFUSES = re.compile(r"\b(?:не|нет|нельзя|к сожалению|увы|дешевле)\b")
_OFF = re.compile(r"скид\w*|скин\w*|минус|дешевле|уступ\w*|сброс\w*|снизим|снижу|%")
_GIVES = re.compile(
    r"отда|забира|договор|соглас|уступ|скид|скин|ваш|\bза\b|пусть|берите|цена|идет|по рукам|устро"
)
_HUNDREDS = re.compile(r"(\d{1,3}|\w+)\s?(?:сотен|сотни|соток рублей)")


def breaches(reply: str, now: Stance, facts: str = "") -> Iterator[str]:
    """What in a reply gives in too far; nothing, if it may be sent."""
    low = reply.lower().replace("ё", "е")
    known = {one.lo for one in read(facts).amounts}
    understood = read(reply)
    for one in understood.amounts:
        clause = understood.clause_at(one.start).text
        if any(_is_too_low(value, clause, now, known) for value in _values(one, clause, now)):
            yield f"{one.lo:g}"
        if one.unit == PCT and _OFF.search(low) and now.price * (1 - one.hi / 100) < now.current:
            yield f"{one.hi:g} %"
    if _HALF.search(low) or _AS_YOU_SAY.search(low):
        yield "words"
    low_bid = bool(now.bids) and not now.accepts
    names_step = any(one.lo == now.current for one in understood.amounts)
    if low_bid and _AGREES.search(low) and not _REFUSES.search(low) and not names_step:
        yield "agreement"


def _values(one: Amount, clause: str, now: Stance) -> Iterator[float]:
    """The roubles that a number may mean: «отдам за 15», of a pram for 18 500, are thousands; 15 hundreds are 1500."""
    if one.unit not in (RUB, BARE):
        return
    yield from {one.lo, one.hi}
    if one.noun.startswith("сот"):
        yield one.lo * 100
    elif one.unit == BARE and one.hi < 1000 <= now.price and not one.noun:
        thousands = one.lo * 1000
        yield from [thousands] if _GIVES.search(clause) or thousands in now.bids else []


def _is_too_low(value: float, clause: str, now: Stance, known: set[float]) -> bool:
    if not SMALLEST_SHARE * now.price <= value < now.current:
        return False
    return not (value in known and value not in now.bids and not _GIVES.search(clause))
