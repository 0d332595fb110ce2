"""What an analysis of a sample should find: planted laws, moments of change, and counts."""

from collections import Counter
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np

from pipeline.sample.facts import AUTHORS, PATHS, Facts
from pipeline.sample.telling import SILENCE, Told
from pipeline.sample.world import ACCOUNTS, LISTINGS, PROMPTS, World


def truth(facts: Facts, seed: int, told: Told) -> dict[str, Any]:
    """As the file beside the log holds it. `counts` are of the log as told, up to its end;
    `dialogs` are of all that began, with what came of them later too."""
    world = facts.world
    return {
        "seed": seed,
        "days": world.days,
        "start": world.start.isoformat(),
        "end": world.end.isoformat(),
        "dialog_silence_hours": SILENCE.total_seconds() / 3600,
        "effects": {
            "law": "logit P(lead) = base + per_ln_minute * ln(1 + wait in minutes) + "
            "per_1000_rub * (price - 2500) / 1000 + bad_prompt; 0 when nobody answers",
            **asdict(world.effects),
        },
        "chances": asdict(world.chances),
        "bad_prompt_week": {"prompt_version": PROMPTS[1], **_span(world.bad_week)},
        "webhook_outage": _span(world.outage),
        "switch_on": {
            "at": world.switch_on.isoformat(),
            "listing_ids": [each.id for each in LISTINGS if each.assistant == "from_switch"],
        },
        "never_on": [each.id for each in LISTINGS if each.assistant == "never"],
        "price_change": _price_change(world),
        "accounts": [{"id": a.id, "name": a.name, "zone": a.zone} for a in ACCOUNTS],
        "dialogs": _dialogs(facts),
        "counts": {
            "dialogs": told.dialogs,
            "events": _sorted(told.kinds),
            "messages_by_author": _sorted(told.authors),
            "client_messages_found_by": _sorted(told.client_messages),
            "verdicts": _sorted(told.verdicts),
            "hand_offs": _sorted(told.hand_offs),
        },
    }


def _span(span: tuple[datetime, datetime]) -> dict[str, str]:
    begin, end = span
    return {"start": begin.isoformat(), "end": end.isoformat()}


def _price_change(world: World) -> list[dict[str, Any]]:
    return [
        {
            "listing_id": each.id,
            "at": world.price_change.isoformat(),
            "before": each.price,
            "after": each.later_price,
        }
        for each in LISTINGS
        if each.later_price is not None
    ]


def _dialogs(facts: Facts) -> dict[str, Any]:
    """Dialogs, their leads and the mean of their true chances, by who gave the first answer; and how
    many were dealt with in which way."""
    by_answerer = {}
    for number, author in enumerate(AUTHORS):
        mine = facts.author == number
        if mine.any():
            by_answerer[author] = {
                "dialogs": int(mine.sum()),
                "leads": int(facts.lead[mine].sum()),
                "mean_chance": round(float(facts.chance[mine].mean()), 6),
                "median_wait_seconds": _median(facts.wait[mine]),
            }
    ways = Counter(PATHS[n] for n in facts.path.tolist())
    return {
        "begun": len(facts),
        "leads": int(facts.lead.sum()),
        "by_answerer": by_answerer,
        "ways": _sorted(ways),
    }


def _median(seconds: np.ndarray[Any, np.dtype[np.float64]]) -> float | None:
    known = seconds[~np.isnan(seconds)]
    return float(np.median(known)) if len(known) else None


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))
