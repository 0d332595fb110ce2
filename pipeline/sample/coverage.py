"""Does an analysis find what was planted, as often as it says? `python -m pipeline.sample.coverage`.

For each of many seeds the facts of two months are drawn, each question is asked of them, and its 95 %
interval either covers the truth or does not. An honest interval covers it in about 95 of 100.
"""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pandas as pd

from pipeline import effects
from pipeline.effects import Estimate
from pipeline.sample.facts import ASSISTANT, PATHS, Facts, Flags, draw
from pipeline.sample.world import LISTINGS, PROMPTS, World

START = datetime(2026, 3, 1, tzinfo=UTC)
DAYS, A_DAY = 60, 60.0
MANY_A_DAY, MANY_SEED = 5000.0, 987_654_321
"""So many clients that what they say on average is the truth of the world itself."""


@dataclass(frozen=True)
class Coverage:
    """How one question did: its truth, and of how many seeds the interval covered it."""

    question: str
    truth: float
    covered: int
    seeds: int
    middle: float
    """The median of the estimates."""
    width: float
    """The median width of the intervals."""


def coverage(seeds: Iterable[int]) -> list[Coverage]:
    """Every question over the seeds."""
    truths, world = planted(), World(START, DAYS, A_DAY)
    found: dict[str, list[Estimate]] = {name: [] for name in truths}
    for seed in seeds:
        for name, estimate in estimated(draw(world, seed)).items():
            found[name].append(estimate)
    return [
        Coverage(
            name,
            truths[name],
            sum(each.covers(truths[name]) for each in estimates),
            len(estimates),
            float(np.median([each.value for each in estimates])),
            float(np.median([each.high - each.low for each in estimates])),
        )
        for name, estimates in found.items()
    ]


def estimated(facts: Facts) -> dict[str, Estimate]:
    """What the analyses say of one sample, by the name of the question."""
    law = effects.lead_effects(answers_of(facts))
    before, after = _around_the_switch(facts)
    bad, good = _hand_offs(facts, bad=True), _hand_offs(facts, bad=False)
    by_webhook = facts.line_by_webhook[_usual_lines(facts)]
    return {
        "waiting time, log-odds per ln(1 + minutes)": law["per_ln_minute"],
        "price, log-odds per 1000 roubles": law["per_1000_rub"],
        "bad prompt, log-odds": law["prompt_p2"],
        "bad prompt, more hand-offs": effects.difference(*bad, *good),
        "switched on, more leads": effects.difference(
            *_leads(facts, after), *_leads(facts, before)
        ),
        "webhook completeness": effects.share(int(by_webhook.sum()), by_webhook.size),
        "median wait, people only, seconds": _waits(facts, _never_on(facts), 0.5),
        "9 of 10 answered, everybody, seconds": _waits(facts, np.ones(len(facts), bool), 0.9),
    }


@cache
def planted() -> dict[str, float]:
    """The truth that each question asks for."""
    world = World(START, DAYS, A_DAY)
    law, chances = world.effects, world.chances
    many = draw(World(START, DAYS, MANY_A_DAY), MANY_SEED)
    before, after = _around_the_switch(many)
    return {
        "waiting time, log-odds per ln(1 + minutes)": law.per_ln_minute,
        "price, log-odds per 1000 roubles": law.per_1000_rub,
        "bad prompt, log-odds": law.bad_prompt,
        "bad prompt, more hand-offs": law.hand_off_bad_prompt - law.hand_off,
        "switched on, more leads": float(many.chance[after].mean() - many.chance[before].mean()),
        "webhook completeness": 1 - chances.webhook_lost,
        "median wait, people only, seconds": _waits(many, _never_on(many), 0.5).value,
        "9 of 10 answered, everybody, seconds": _waits(many, np.ones(len(many), bool), 0.9).value,
    }


def answers_of(facts: Facts) -> pd.DataFrame:
    """The columns that `effects.first_answers` reads from a log."""
    settled = facts.opened < (facts.world.days * 86_400 - effects.SETTLED.total_seconds())
    frame = pd.DataFrame(
        {
            "seconds": facts.wait,
            "price": facts.price.astype(float),
            "prompt": pd.Series(facts.prompt).map(dict(enumerate(PROMPTS))),
            "lead": facts.lead,
        }
    )
    frame.loc[facts.author != ASSISTANT, "prompt"] = None
    return frame[settled]


def _around_the_switch(facts: Facts) -> tuple[Flags, Flags]:
    """Dialogs of the listings that were switched on: before, and after."""
    mine = np.array([each.assistant == "from_switch" for each in LISTINGS])[facts.listing]
    since = (facts.world.switch_on - facts.world.start) / timedelta(seconds=1)
    return mine & (facts.opened < since), mine & (facts.opened >= since)


def _leads(facts: Facts, which: Flags) -> tuple[int, int]:
    return int(facts.lead[which].sum()), int(which.sum())


def _hand_offs(facts: Facts, bad: bool) -> tuple[int, int]:
    """Hand-offs, of dialogs that the assistant was free to answer."""
    could = facts.path >= PATHS.index("handed_off")
    mine = could & ((facts.prompt == 1) == bad)
    return int((facts.path[mine] == PATHS.index("handed_off")).sum()), int(mine.sum())


def _usual_lines(facts: Facts) -> Flags:
    """Lines that were written, outside the outage."""
    begin, end = ((m - facts.world.start) / timedelta(seconds=1) for m in facts.world.outage)
    with np.errstate(invalid="ignore"):
        out = (facts.line_at >= begin) & (facts.line_at < end)
    return ~np.isnan(facts.line_at) & ~out


def _never_on(facts: Facts) -> Flags:
    return np.array([each.assistant == "never" for each in LISTINGS])[facts.listing]


def _waits(facts: Facts, which: Flags, done: float) -> Estimate:
    """By Kaplan and Meier: who has no answer at the end still waits."""
    end = facts.world.days * 86_400.0
    over = ~np.isnan(facts.answered) & (facts.answered < end)
    seconds = np.where(over, facts.wait, end - facts.opened)
    return effects.still_waiting(seconds[which], over[which]).quantile(done)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m pipeline.sample.coverage")
    parser.add_argument("--seeds", type=int, default=100)
    seeds = parser.parse_args().seeds
    print("| question | planted | median estimate | median width | covered |")
    print("|---|---|---|---|---|")
    for each in coverage(range(seeds)):
        print(
            f"| {each.question} | {each.truth:.4g} | {each.middle:.4g} | {each.width:.3g} "
            f"| {each.covered} of {each.seeds} |"
        )


if __name__ == "__main__":
    main()
