"""Cards of numbers read out of a metric: the value, its change, its course, and the way behind it."""

from typing import Any

import pandas as pd

from pages._ui import changes, show
from pages._ui.answers import Row, answer, before, known, periods, whole
from pages._ui.i18n import _
from pages._ui.pieces.numbers import Number
from pages._ui.scope import Scope
from pages._ui.see import spot
from pipeline import catalog

Values = list[float | None]


def count(
    scope: Scope,
    metric: str,
    name: str,
    label: str,
    of: str = "",
    *,
    less_is_better: bool = False,
    **cell: Any,
) -> Number:
    """How many, in the row that `cell` names."""
    now, then = both(scope, metric, **cell)
    change = changes.counts(now.get(name), then.get(name), less_is_better=less_is_better)
    shown = show.number(now.get(name) or 0)
    return _number(scope, metric, name, label, shown, of, change, cell)


def share(
    scope: Scope,
    metric: str,
    hits: str,
    of: str,
    label: str,
    *,
    course: str,
    less_is_better: bool = False,
    digits: int = 0,
    note: str = "",
    **cell: Any,
) -> Number:
    """What share of `of` are `hits`; `course` is the column that has it per period."""
    now, then = both(scope, metric, **cell)
    change = changes.shares(
        now.get(hits), now.get(of), then.get(hits), then.get(of), less_is_better=less_is_better
    )
    value = now[hits] / now[of] if now.get(of) else None
    told = note or (part(now[hits], now[of]) if value is not None else "")
    shown = show.percent(value, digits)
    return _number(scope, metric, hits, label, shown, told, change, cell, course)


def span(scope: Scope, metric: str, column: str, label: str, of: str = "", **cell: Any) -> Number:
    """How long; shorter is better."""
    now, then = both(scope, metric, **cell)
    change = changes.spans(now.get(column), then.get(column))
    return _number(
        scope, metric, column, label, show.span(now.get(column)), of, change, cell, column
    )


def both(scope: Scope, metric: str, **cell: Any) -> tuple[Row, Row]:
    """The row for the whole window, and that of the span before."""
    return whole(answer(metric, scope), **cell), whole(before(metric, scope), **cell)


def course(scope: Scope, metric: str, which: str, **cell: Any) -> Values:
    """The column over the periods of the window, in the rows that `cell` names."""
    frame = periods(answer(metric, scope))
    for name, value in cell.items():
        frame = frame[frame[name] == value]
    return column(frame, which)


def column(frame: pd.DataFrame, name: str) -> Values:
    """The values of a column, None for what is not known."""
    return [known(value) for value in frame[name]]


def part(hits: float | None, of: float | None) -> str:
    """882 of 1,171"""
    return _("{n} of {all}").format(n=show.number(hits), all=show.number(of))


def interval(low: float | None, high: float | None) -> str:
    """likely 22.0–26.8 %: an interval of 95 % in short."""
    if low is None or high is None:
        return ""
    return _("likely {low}–{high}").format(
        low=show.number(low * 100, 1), high=show.percent(high, 1)
    )


def _number(
    scope: Scope,
    metric: str,
    column: str,
    label: str,
    value: str,
    of: str,
    change: changes.Change | None,
    cell: dict[str, Any],
    over_time: str = "",
) -> Number:
    opens = catalog()[metric].counts
    see = spot(metric, column if column in opens else None, **cell) if opens else None
    return Number(
        label,
        value,
        of,
        change,
        course(scope, metric, over_time or column, **cell),
        scope.link(see=see) if see else None,
        scope.link(how=metric),
    )
