"""A number against the span before: how much, in which direction, and whether that is more than chance."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from pages._ui import show
from pages._ui.i18n import _

SURE = 1.96
"""Standard deviations beyond which a change is praised or blamed; what is below happens by chance
one time in twenty or more often, and stays grey."""

NOTICEABLE_SPAN = 0.15
"""Medians of waiting have no simple test: a share of change that is worth a colour."""

INVISIBLE = 0.0005


@dataclass(frozen=True)
class Change:
    """`colour` is good, bad or plain. `share` is the change as a share of before, or in points."""

    said: str
    colour: Literal["good", "bad", "plain"]
    share: float

    @property
    def is_sure(self) -> bool:
        return self.colour != "plain"


def sure_among(many: int) -> float:
    """Deviations that chance reaches in one of `many` comparisons no more often than SURE in one:
    who picks the greatest of many changes finds great ones by chance."""
    return NormalDist().inv_cdf(1 - NormalDist().cdf(-SURE) / max(many, 1))


def counts(
    now: float | None,
    before: float | None,
    *,
    less_is_better: bool = False,
    sure: float = SURE,
) -> Change | None:
    """In percent of what was before; None when there is nothing to compare with. Sure when two
    Poisson counts would not differ so by chance."""
    if now is None or not before:
        return None
    share = (now - before) / before
    deviations = abs(now - before) / math.sqrt(now + before)
    return _change(share, show.percent(abs(share)), deviations > sure, less_is_better)


def shares(
    hits: float | None,
    of: float | None,
    hits_before: float | None,
    of_before: float | None,
    *,
    less_is_better: bool = False,
    sure: float = SURE,
) -> Change | None:
    """Between two shares, in percentage points. Sure by the test of two proportions."""
    if hits is None or hits_before is None or not of or not of_before:
        return None
    points = hits / of - hits_before / of_before
    pooled = (hits + hits_before) / (of + of_before)
    error = math.sqrt(max(pooled * (1 - pooled), 0.0) * (1 / of + 1 / of_before))
    said = _("{n} pp").format(n=show.number(abs(points) * 100, 1))
    return _change(points, said, error > 0 and abs(points) / error > sure, less_is_better)


def spans(now: float | None, before: float | None) -> Change | None:
    """Between two spans of waiting, in percent; shorter is better."""
    if now is None or not before:
        return None
    share = (now - before) / before
    return _change(share, show.percent(abs(share)), abs(share) >= NOTICEABLE_SPAN, True)


def _change(share: float, amount: str, is_sure: bool, less_is_better: bool) -> Change:
    if abs(share) < INVISIBLE:
        return Change(f"±{amount}", "plain", share)
    said = f"↑ +{amount}" if share > 0 else f"↓ −{amount}"
    if not is_sure:
        return Change(said, "plain", share)
    return Change(said, "good" if (share > 0) != less_is_better else "bad", share)
