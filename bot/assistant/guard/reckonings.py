"""Whether a sum is one step away from what was named, whatever it is the price of.

This is weaker than what `prices.py` asks, and no ground to let a sum pass by itself: of made-up sums one in ten is so by
chance. It is a sign beside others.
"""

from collections.abc import Iterator

from bot.assistant.guard.amounts import BARE, CLOCK, DATE, PCT, RUB, TIME, YEARS, Amount
from bot.assistant.guard.sums import is_money, near
from bot.assistant.guard.talk import Talk

_MINUTES = (60.0, 1440.0, 10_080.0, 43_200.0)
_MOST = 1000.0


def makes(talk: Talk, one: Amount) -> bool:
    """Whether known prices, sums said before, the client's own and quantities make this sum in at most one step."""
    rates = {bound for rate in talk.known.rates for bound in (rate.lo, rate.hi)}
    before = [other for other in talk.reply.amounts if other.end <= one.start]
    said = {other.lo for other in before if is_money(other, talk.reply)}
    clients = {
        other.lo for other in talk.client.amounts if other.unit in (RUB, BARE) and other.lo >= 1000
    }
    times = {value for other in (*talk.client.amounts, *before) for value in _count(other)}
    parts = times | {value for other in talk.known.all_amounts for value in _count(other)}
    percents = {amount.lo / 100 for amount, _ in talk.known.percents}
    sums = rates | said
    return any(near(one.lo, value) for value in sums | clients) or any(
        near(one.lo, value)
        for value in (
            *(a * n for a in sums for n in times),
            *(a / n for a in said for n in parts),
            *(a + b for a in said for b in sums if a != b),
            *(a - b for a in said for b in sums),
            *(a * b for a in sums | clients for share in percents for b in (share, 1 - share)),
        )
    )


def _count(one: Amount) -> Iterator[float]:
    """How many an amount may stand for: a term in hours, days, weeks and months."""
    if one.unit in (RUB, PCT, CLOCK, DATE, YEARS):
        return
    for bound in (one.lo, one.hi):
        for unit in _MINUTES if one.unit == TIME else (1.0,):
            if 1 < bound / unit <= _MOST and (2 * bound / unit).is_integer():
                yield bound / unit
