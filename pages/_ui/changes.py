"""A number against the span before: how much, in which direction, and whether that is good."""

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from pages._ui import show
from pages._ui.i18n import _

NOTICEABLE = 0.03
"""Changes below this share are noise, and shown without praise or blame."""


INVISIBLE = 0.0005


@dataclass(frozen=True)
class Change:
    text: str
    colour: Literal["green", "red", "gray"]
    arrow: Literal["up", "down", "off"]


def relative(now: Any, before: Any, *, is_less_better: bool = False) -> Change | None:
    """In percent of what was before; None when there is nothing to compare with."""
    new, old = known(now), known(before)
    if new is None or not old:
        return None
    share = (new - old) / old
    share = round(share, 2)
    return _change(share, show.percent(abs(share)), is_less_better=is_less_better)


def points(now: Any, before: Any) -> Change | None:
    """Between two shares, in percentage points."""
    new, old = known(now), known(before)
    if new is None or old is None:
        return None
    text = _("{n} pp").format(n=show.number(abs(new - old) * 100, 1))
    return _change(new - old, text, is_less_better=False)


def known(value: Any) -> float | None:
    """None for what the log could not tell."""
    return None if value is None or pd.isna(value) else float(value)


def _change(share: float, amount: str, *, is_less_better: bool) -> Change:
    sign = "±" if abs(share) < INVISIBLE else "+" if share > 0 else "−"
    text = f"{sign}{amount}"
    if abs(share) < NOTICEABLE:
        return Change(text, "gray", "off")
    is_good = (share > 0) != is_less_better
    return Change(text, "green" if is_good else "red", "up" if share > 0 else "down")
