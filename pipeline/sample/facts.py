"""What is true about each dialog, before anybody says a word.

All that an analysis is asked to find is decided here, as columns of numbers, for thousands of dialogs
at once: who wrote when, who answered after how long, at what price, and what came of it. Playing the
dialogs (`dialog.py`) puts words and events to these facts, and changes none.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from pipeline.sample.world import ACCOUNTS, LISTINGS, Account, World

Seconds = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

QUIET = 6.0
"""Seconds without a word after which a burst is over."""

MODEL_SECONDS, MODEL_SPREAD = 1.4, 0.5
SEND_SECONDS = 0.3
REFUSED_SECONDS, DOUBTED_SECONDS = 20.0, 10.0
TEXTS, ATTACHED, NEWER = 3, 3, 4
"""Places of a burst: up to three lines of text, an attachment, a line while the model thinks."""

ATTACHMENTS = ("image", "image", "voice", "location", "video")
WORDLESS = ("voice", "video")

PATHS = (
    "listing_off",
    "off_hours",
    "model_failed",
    "budget",
    "not_text",
    "handed_off",
    "assistant",
)
"""How the first burst is dealt with; in all but the last a person answers, or nobody."""
OFF_HOURS, MODEL_FAILED, BY_ASSISTANT = (
    PATHS.index(way) for way in ("off_hours", "model_failed", "assistant")
)

NOBODY, HUMAN_APP, HUMAN_DASHBOARD, ASSISTANT = range(4)
AUTHORS = ("nobody", "human_app", "human_dashboard", "assistant")

_BY_HOUR = np.array(
    [2, 1, 1, 1, 1, 2, 4, 8, 14, 20, 24, 24, 22, 21, 20, 20, 21, 22, 24, 26, 26, 22, 14, 6]
)
_BY_WEEKDAY = np.array([1.15, 1.05, 1.0, 1.0, 0.95, 0.9, 0.95])
MORNING_SECONDS, MORNING_SPREAD = 1500.0, 0.7
"""What came at night is answered so long after the seller looks again."""

_WAKES, _SLEEPS, _MORNING = 8, 22, 8 * 3600 + 20 * 60
_DAY = 86_400


@dataclass(frozen=True)
class Facts:
    """Dialogs in the order of their beginnings, one in each place of every column.

    Moments are seconds since the world's start; those of lines that are not there are not a number.
    """

    world: World
    opened: Whole
    listing: Whole
    offset: Whole
    """Seconds by which the seller's clock is ahead of the world's."""
    price: Whole
    prompt: Whole
    line_at: Seconds
    """By dialog and line: when the client wrote it, in whole seconds."""
    line_known: Seconds
    line_by_webhook: Flags
    attachment: Whole
    """Which of ATTACHMENTS is the burst's last line, -1 for none."""
    path: Whole
    complaint: Flags
    """A hand-off is about a complaint; else the assistant is unsure."""
    model_seconds: NDArray[np.float64]
    """By dialog and call: how long the model thinks."""
    stale: Flags
    """The first draft is thrown away, for the client wrote once more."""
    send_chance: NDArray[np.float64]
    author: Whole
    answered: Seconds
    """When the first answer is in the chat, in whole seconds; not a number when nobody answers."""
    chance: NDArray[np.float64]
    lead: Flags

    def __len__(self) -> int:
        return len(self.opened)

    @property
    def wait(self) -> Seconds:
        """Seconds from the client's first line to the first answer."""
        return self.answered - self.opened

    @property
    def bad_prompt(self) -> Flags:
        bad: Flags = (self.author == ASSISTANT) & (self.prompt == 1)
        return bad

    def asleep_until(self, number: int, clock: datetime) -> datetime | None:
        """When the seller of a dialog looks again, if it is night there."""
        at, offset = _since(self.world, clock), int(self.offset[number])
        midnight = (at + offset) // _DAY * _DAY - offset
        hour = (at - midnight) / 3600
        if _WAKES <= hour < _SLEEPS:
            return None
        return self.moment(midnight + (0 if hour < _WAKES else _DAY) + _MORNING)

    def moment(self, seconds: float) -> datetime:
        return self.world.start + timedelta(seconds=seconds)


def draw(world: World, seed: int) -> Facts:
    """The facts of one world. The same seed, the same facts."""
    rng = np.random.default_rng([seed, 1])
    opened, listing = _beginnings(rng, world)
    n, chances = len(opened), world.chances
    offset = _offsets(world)[listing]

    line_at, attachment = _burst(rng, opened.astype(float))
    line_known, by_webhook = _arrivals(rng, world, line_at)
    ends = np.fmax.reduce(line_at, axis=1) + rng.uniform(2, 5.5, n)
    heard = np.fmax.reduce(line_known, axis=1)

    prompt = np.searchsorted(np.array([_since(world, m) for m in world.bad_week]), opened, "right")
    path = _paths(rng, world, opened, listing, offset, prompt, attachment)
    complaint = (prompt != 1) | (rng.random(n) < 1 / 3)

    model = MODEL_SECONDS * rng.lognormal(0, MODEL_SPREAD, (n, 2))
    stale = (path == BY_ASSISTANT) & (rng.random(n) < chances.stale_draft)
    line_at[stale, NEWER] = np.floor(heard + QUIET + 1)[stale]
    newer = _arrivals(rng, world, line_at[:, NEWER])
    line_known[stale, NEWER], by_webhook[stale, NEWER] = newer[0][stale], newer[1][stale]
    send_chance = rng.random(n)
    writes = np.where(
        stale,
        np.fmax(heard + QUIET + model[:, 0], line_known[:, NEWER]) + QUIET + model[:, 1],
        heard + QUIET + model[:, 0],
    )
    by_assistant = np.floor(writes + SEND_SECONDS + _troubles(world, send_chance))
    # Switched off, nobody has to wait until the bot knows; a model that fails takes its time.
    left = np.where(path > OFF_HOURS, np.maximum(ends, heard), ends)
    left = left + np.where(path == MODEL_FAILED, 60, 0)
    by_person = _people(rng, world, left, offset)

    nobody = rng.random(n) < chances.nobody_answers
    human = np.where(rng.random(n) < 0.2, HUMAN_DASHBOARD, HUMAN_APP)
    author = np.where(path == BY_ASSISTANT, ASSISTANT, np.where(nobody, NOBODY, human))
    answered = np.select([author == ASSISTANT, author == NOBODY], [by_assistant, np.nan], by_person)
    price = _prices(world, opened, listing)
    bad = (author == ASSISTANT) & (prompt == 1)
    chance = lead_chances(world, answered - opened, price, bad)
    return Facts(
        world, opened, listing, offset, price, prompt, line_at, line_known, by_webhook, attachment, path,
        complaint, model, stale, send_chance, author, answered, chance, rng.random(n) < chance,
    )  # fmt: skip


def lead_chances(world: World, wait: Seconds, price: Whole, bad_prompt: Flags) -> Seconds:
    """`Effects.lead_probability` for many."""
    law = world.effects
    odds = law.base + law.per_ln_minute * np.log1p(wait / 60)
    odds = odds + law.per_1000_rub * (price - 2500) / 1000 + law.bad_prompt * bad_prompt
    return np.where(np.isnan(wait), 0.0, 1 / (1 + np.exp(-odds)))


def _beginnings(rng: np.random.Generator, world: World) -> tuple[Whole, Whole]:
    """When dialogs begin: by the hour and the weekday on each seller's own clock."""
    hours = np.arange(world.days * 24)
    moments, places = [], []
    for account in ACCOUNTS:
        mine = [n for n, each in enumerate(LISTINGS) if each.account is account]
        weights = np.array([LISTINGS[n].weight for n in mine])
        local = hours + _offset(account, world.start) // 3600 + world.start.hour
        shape = _BY_HOUR[local % 24] / _BY_HOUR.sum()
        shape = shape * _BY_WEEKDAY[(world.start.weekday() + local // 24) % 7]
        counts = rng.poisson(world.dialogs_a_day * account.weight * shape)
        begins = np.repeat(hours * 3600, counts) + rng.integers(0, 3600, counts.sum())
        moments.append(begins)
        places.append(rng.choice(mine, counts.sum(), p=weights / weights.sum()))
    opened, listing = np.concatenate(moments), np.concatenate(places)
    order = np.lexsort((listing, opened))
    return opened[order], listing[order]


def _burst(rng: np.random.Generator, begun: Seconds) -> tuple[Seconds, Whole]:
    """A greeting and a question, in one line or in several, perhaps with an attachment."""
    n = len(begun)
    texts = 1 + (rng.random(n) < 0.45) + (rng.random(n) < 0.25)
    attachment = np.where(rng.random(n) < 0.07, rng.integers(0, len(ATTACHMENTS), n), -1)
    after = begun[:, None] + np.cumsum(rng.integers(2, 6, (n, TEXTS)), axis=1)
    line_at = np.full((n, NEWER + 1), np.nan)
    line_at[:, 0] = begun
    for line in range(1, TEXTS):
        line_at[:, line] = np.where(texts > line, after[:, line - 1], np.nan)
    line_at[:, ATTACHED] = np.where(attachment >= 0, after[np.arange(n), texts - 1], np.nan)
    return line_at, attachment


def _paths(
    rng: np.random.Generator,
    world: World,
    opened: Whole,
    listing: Whole,
    offset: Whole,
    prompt: Whole,
    attachment: Whole,
) -> Whole:
    """How each first burst is dealt with: the first of PATHS that applies."""
    n, chances, effects = len(opened), world.chances, world.effects
    open_hours = np.array([each.account.hours for each in LISTINGS])[listing]
    hour = (opened + offset) % _DAY // 3600
    wordless = np.isin(attachment, [ATTACHMENTS.index(kind) for kind in WORDLESS])
    hands_off = np.where(prompt == 1, effects.hand_off_bad_prompt, effects.hand_off)
    applies = [
        ~_switched_on(world, opened, listing),
        (hour < open_hours[:, 0]) | (hour >= open_hours[:, 1]),
        rng.random(n) < chances.model_fails,
        rng.random(n) < chances.budget_spent,
        wordless,
        rng.random(n) < hands_off,
    ]
    return np.select(applies, range(len(applies)), len(applies))


def _arrivals(rng: np.random.Generator, world: World, line_at: Seconds) -> tuple[Seconds, Flags]:
    """When each line is known: by webhook at once, or when a sweep finds it."""
    shape = line_at.shape
    begin, end = (_since(world, moment) for moment in world.outage)
    lost = (rng.random(shape) < world.chances.webhook_lost) | ((line_at >= begin) & (line_at < end))
    delay = np.where(lost, rng.uniform(10, 100, shape), rng.uniform(0.2, 1.4, shape))
    return line_at + delay, ~lost & ~np.isnan(line_at)


def _people(rng: np.random.Generator, world: World, since: Seconds, offset: Whole) -> Seconds:
    """When a person answers: in minutes by day, in the morning what came at night."""
    n, chances = len(since), world.chances
    delay = chances.person_seconds * rng.lognormal(0, chances.person_spread, n)
    at = since + np.minimum(delay, 20 * 3600)
    midnight = (at + offset) // _DAY * _DAY - offset
    hour = (at - midnight) / 3600
    morning = midnight + np.where(hour < _WAKES, 0, _DAY) + _MORNING
    woken = morning + MORNING_SECONDS * rng.lognormal(0, MORNING_SPREAD, n)
    return np.floor(np.where((hour >= _WAKES) & (hour < _SLEEPS), at, woken))


def _troubles(world: World, send_chance: NDArray[np.float64]) -> Seconds:
    """Seconds that Avito's troubles add to a reply; see `Scene.delivered`."""
    refused, doubted = world.chances.refused, world.chances.doubted
    return np.select(
        [send_chance < refused, send_chance < refused + doubted],
        [REFUSED_SECONDS, DOUBTED_SECONDS],
        0.0,
    )


def _prices(world: World, opened: Whole, listing: Whole) -> Whole:
    changed = opened >= _since(world, world.price_change)
    before = np.array([each.price for each in LISTINGS])
    after = np.array([each.later_price or each.price for each in LISTINGS])
    return np.where(changed, after[listing], before[listing])


def _switched_on(world: World, opened: Whole, listing: Whole) -> Flags:
    since = {"always": -np.inf, "from_switch": _since(world, world.switch_on), "never": np.inf}
    return opened >= np.array([since[each.assistant] for each in LISTINGS])[listing]


def _offsets(world: World) -> Whole:
    """Seconds from UTC's midnight at or before the start to the local clock, by listing."""
    first = world.start.hour * 3600 + world.start.minute * 60 + world.start.second
    return np.array([_offset(each.account, world.start) + first for each in LISTINGS])


def _offset(account: Account, moment: datetime) -> int:
    """Russian clocks have stood still since 2014: one offset for the whole sample."""
    offset = account.local(moment).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _since(world: World, moment: datetime) -> float:
    return (moment - world.start).total_seconds()
