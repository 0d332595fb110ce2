"""How much one thing goes with another, with an interval that says how sure that is.

Plain estimators over columns of numbers, each with a 95 % interval; and the questions of a seller that
use them. A difference between groups is no proof of a cause: only what was switched at random would be.
"""

import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import NormalDist
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from pipeline.metrics import metric
from pipeline.window import Window

Z = NormalDist().inv_cdf(0.975)
SETTLED = timedelta(hours=72)
"""A younger dialog may still become a lead: it is left out."""

FEWEST = 20
"""With fewer leads, or fewer dialogs without one, nothing is said about causes."""

FEWEST_LOST = 5
"""So few messages in a row may miss their webhook by chance."""

_SQL = importlib.resources.files("pipeline") / "sql" / "effects" / "first_answers.sql"
_ROUNDS, _CLOSE = 50, 1e-9


class NotEnough(ValueError):
    """There is too little data to say anything; the message tells how much there is."""


@dataclass(frozen=True)
class Estimate:
    """A number, its 95 % interval, and of how many it was made. An open end is infinite."""

    value: float
    low: float
    high: float
    n: int

    def covers(self, truth: float) -> bool:
        return self.low <= truth <= self.high


def share(hits: int, n: int) -> Estimate:
    """A share of n, with Wilson's interval."""
    if n == 0:
        raise NotEnough("a share of nothing")
    p, z2 = hits / n, Z * Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    low = float(middle - half) if hits else 0.0
    high = float(middle + half) if hits < n else 1.0
    return Estimate(p, low, high, n)


def difference(hits: int, n: int, other_hits: int, other_n: int) -> Estimate:
    """How much greater the first share is, with Newcombe's hybrid score interval (1998, method 10)."""
    one, two = share(hits, n), share(other_hits, other_n)
    gap = one.value - two.value
    down = np.hypot(one.value - one.low, two.high - two.value)
    up = np.hypot(one.high - one.value, two.value - two.low)
    return Estimate(gap, float(gap - down), float(gap + up), n + other_n)


def logistic(outcome: ArrayLike, columns: Mapping[str, ArrayLike]) -> dict[str, Estimate]:
    """What each column adds to the log-odds of the outcome, the others held; `base` is the rest.

    Maximum likelihood by Newton's steps, Wald's intervals. Raises NotEnough when there are too few of
    either outcome, or when a column tells them apart completely.
    """
    y = np.asarray(outcome, float)
    x = np.column_stack([np.ones(len(y)), *(np.asarray(each, float) for each in columns.values())])
    if min(y.sum(), len(y) - y.sum()) < FEWEST:
        raise NotEnough(f"{int(y.sum())} of {len(y)}: at least {FEWEST} of each are needed")
    weights = np.zeros(x.shape[1])
    for _ in range(_ROUNDS):
        p = 1 / (1 + np.exp(-(x @ weights)))
        information = (x * (p * (1 - p))[:, None]).T @ x
        try:
            step = np.linalg.solve(information, x.T @ (y - p))
        except np.linalg.LinAlgError as error:
            raise NotEnough("a column says nothing that the others do not say") from error
        weights = weights + step
        if np.abs(step).max() < _CLOSE:
            half = Z * np.sqrt(np.diag(np.linalg.inv(information)))
            return {
                name: Estimate(float(w), float(w - h), float(w + h), len(y))
                for name, w, h in zip(["base", *columns], weights, half, strict=True)
            }
    raise NotEnough("a column tells the outcomes apart completely")


@dataclass(frozen=True)
class Curve:
    """The share that still waits after so many seconds, with what is unknown kept as unknown."""

    seconds: NDArray[np.float64]
    waiting: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    n: int

    def quantile(self, done: float) -> Estimate:
        """After how many seconds the share `done` is over: 0.5 for the median. Infinite when so many
        never are. The interval is where the curve's own band crosses (Brookmeyer and Crowley 1982)."""
        left = 1 - done + _CLOSE  # a product of shares is a hair above the half that it should be
        value, low, high = (
            self._first(edge <= left) for edge in (self.waiting, self.low, self.high)
        )
        return Estimate(value, low, high, self.n)

    def _first(self, crossed: NDArray[np.bool_]) -> float:
        return float(self.seconds[np.argmax(crossed)]) if crossed.any() else float("inf")


def still_waiting(seconds: ArrayLike, over: ArrayLike) -> Curve:
    """Kaplan and Meier's curve. `over` is false for who still waited after so many seconds when we
    looked last. The band is Greenwood's, on the log-log scale."""
    t, event = np.asarray(seconds, float), np.asarray(over, bool)
    if not event.any():
        raise NotEnough("nobody's wait is over")
    times = np.unique(t[event])
    ordered = np.sort(t)
    at_risk = len(t) - np.searchsorted(ordered, times, "left")
    ended = np.searchsorted(np.sort(t[event]), times, "right")
    ended = np.diff(ended, prepend=0)
    waiting = np.cumprod(1 - ended / at_risk).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(ended / (at_risk * (at_risk - ended)))
        spread = Z * np.sqrt(greenwood) / np.abs(np.log(waiting))
        low, high = waiting ** np.exp(spread), waiting ** np.exp(-spread)
    return Curve(times, waiting, np.nan_to_num(low), np.nan_to_num(high, nan=0.0), len(t))


def first_answers(con: duckdb.DuckDBPyConnection, window: Window) -> pd.DataFrame:
    """One row per dialog of the window that is old enough to be judged: `seconds` waited (missing:
    nobody answered), `price`, `prompt` (missing: a person answered), `lead`."""
    needed = ("start", "end", "account", "listing")
    values = {name: value for name, value in window.values().items() if name in needed}
    sql = _SQL.read_text(encoding="utf-8")
    return con.execute(sql, values | {"settled_seconds": SETTLED.total_seconds()}).df()


def lead_effects(answers: pd.DataFrame) -> dict[str, Estimate]:
    """What goes with a lead, among dialogs that were answered, each with the others held:

    `per_ln_minute`: log-odds per unit of ln(1 + minutes waited). `per_1000_rub`: per thousand roubles
    of the listing's price. `prompt_…`: of a version of the prompt against the first. Takes the
    columns of `first_answers`. Raises NotEnough.
    """
    answered = answers.dropna(subset=["seconds", "price"])
    columns: dict[str, Any] = {
        "per_ln_minute": np.log1p(answered.seconds / 60),
        "per_1000_rub": (answered.price - 2500) / 1000,
    }
    for version in sorted(answered.prompt.dropna().unique())[1:]:
        columns[f"prompt_{version}"] = answered.prompt == version
    return logistic(answered.lead, columns)


def webhook_outages(con: duckdb.DuckDBPyConnection, window: Window) -> pd.DataFrame:
    """Spans without any webhook although messages came: `start`, `end` (whole hours on the clock of
    the zone), `messages` that were found otherwise."""
    hours = _webhooks_by_hour(con, window)
    silent = hours.by_webhook == 0
    runs = hours[silent].groupby((silent != silent.shift()).cumsum()[silent])
    found = runs.agg(start=("period", "min"), end=("period", "max"), messages=("messages", "sum"))
    found["end"] = found.end + pd.Timedelta(hours=1)
    return found[found.messages >= FEWEST_LOST].reset_index(drop=True)


def usual_webhooks(con: duckdb.DuckDBPyConnection, window: Window) -> Estimate:
    """The share of messages that came by webhook, outside outages. Raises NotEnough when there were
    none."""
    hours = _webhooks_by_hour(con, window)
    for outage in webhook_outages(con, window).itertuples():
        hours = hours[(hours.period < outage.start) | (hours.period >= outage.end)]
    return share(int(hours.by_webhook.sum()), int(hours.messages.sum()))


def _webhooks_by_hour(con: duckdb.DuckDBPyConnection, window: Window) -> pd.DataFrame:
    """Hours in which messages came."""
    hourly = metric("webhook_completeness").run(con, replace(window, grain="hour"))
    return hourly[hourly.period.notna() & (hourly.messages > 0)].sort_values("period")


def before_and_after(answers: pd.DataFrame, at: datetime) -> dict[str, Estimate]:
    """The share of dialogs that became a lead `before` a moment and `after` it, and how much greater it
    is after: `difference`. Takes the columns of `first_answers`; `at` is in UTC, with or without its
    zone. Raises NotEnough when there is nothing on one side."""
    moment = pd.Timestamp(at)
    moment = moment.tz_convert("UTC").tz_localize(None) if moment.tzinfo else moment
    old, new = answers[answers.asked_at < moment].lead, answers[answers.asked_at >= moment].lead
    if old.empty or new.empty:
        raise NotEnough(f"{len(old)} dialogs before and {len(new)} after: both are needed")
    counts = (int(new.sum()), len(new), int(old.sum()), len(old))
    return {
        "before": share(*counts[2:]),
        "after": share(*counts[:2]),
        "difference": difference(*counts),
    }


def as_table(estimates: Mapping[str, Estimate]) -> pd.DataFrame:
    """A row per estimate: its value, its interval, of how many."""
    return pd.DataFrame({name: vars(each) for name, each in estimates.items()}).T.astype({"n": int})


def as_odds(effects: Mapping[str, Estimate]) -> pd.DataFrame:
    """Effects as people read them: by how much the odds of a lead are multiplied."""
    table = as_table({name: each for name, each in effects.items() if name != "base"})
    table[["value", "low", "high"]] = np.exp(table[["value", "low", "high"]])
    return table.rename(columns={"value": "odds_times"})
