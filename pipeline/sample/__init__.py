"""A made-up but realistic event log, the same for the same seed, with known truth."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.events import EventRow, body_json
from pipeline.lake import Lake
from pipeline.making import make_log
from pipeline.sample.dialog import Told, tell
from pipeline.sample.scene import Happening
from pipeline.sample.service import service
from pipeline.sample.world import ACCOUNTS, LISTINGS, ListingTruth, World

_BY_HOUR = (2, 1, 1, 1, 1, 2, 4, 8, 14, 20, 24, 24, 22, 21, 20, 20, 21, 22, 24, 26, 26, 22, 14, 6)
_BY_WEEKDAY = (1.15, 1.05, 1.0, 1.0, 0.95, 0.9, 0.95)
SILENCE = timedelta(hours=72)


@dataclass(frozen=True)
class Sample:
    """The rows of the log, in order, and the truth behind them."""

    rows: list[EventRow]
    truth: dict[str, Any]


def make(days: int, seed: int, end: datetime, dialogs_a_day: float = 40) -> Sample:
    """A log of `days` days that ends at `end` (with its zone). Same arguments, same rows."""
    if days < 1:
        raise ValueError("a sample has at least one day")
    rng = random.Random(seed)
    world = World(end - timedelta(days=days), days, dialogs_a_day)
    told = list(_dialogs(rng, world))
    chats = [one for dialog in told for one in _until(world.end, dialog.happenings)]
    around = [one for one in service(rng, world, chats) if one.known < world.end]
    rows = list(_rows(around + chats))
    return Sample(rows, _truth(world, seed, told, rows))


def write(sample: Sample, folder: Path) -> Lake:
    """Makes the log in `folder`, with `truth.json` beside it; see `make_log`."""
    return make_log(folder, sample.rows, "truth.json", sample.truth)


def _dialogs(rng: random.Random, world: World) -> Iterator[Told]:
    """Dialogs in the order of their beginnings; one in eight is with a client who wrote before."""
    known: dict[int, list[tuple[str, datetime]]] = {}
    for opened_at, listing in sorted(
        _beginnings(rng, world), key=lambda pair: (pair[0], pair[1].id)
    ):
        old = known.setdefault(listing.id, [])
        quiet = [chat for chat in old if opened_at - chat[1] > SILENCE]
        back = rng.choice(quiet) if quiet and rng.random() < 0.12 else None
        if back:
            old.remove(back)
        dialog = tell(rng, world, listing, opened_at, back[0] if back else None)
        old.append((dialog.chat_id, max(one.known for one in dialog.happenings)))
        yield dialog


def _beginnings(rng: random.Random, world: World) -> Iterator[tuple[datetime, ListingTruth]]:
    """When dialogs begin: by the hour and the weekday on each seller's own clock."""
    hours = sum(_BY_HOUR)
    for account in ACCOUNTS:
        listings = [listing for listing in LISTINGS if listing.account is account]
        for hour in range(world.days * 24):
            begin = world.start + timedelta(hours=hour)
            local = account.local(begin)
            shape = _BY_HOUR[local.hour] / hours * _BY_WEEKDAY[local.weekday()]
            for _ in range(_poisson(rng, world.dialogs_a_day * account.weight * shape)):
                listing = rng.choices(listings, [each.weight for each in listings])[0]
                yield begin + timedelta(seconds=rng.uniform(0, 3600)), listing


def _poisson(rng: random.Random, mean: float) -> int:
    count, passed = 0, rng.expovariate(1)
    while passed < mean:
        count, passed = count + 1, passed + rng.expovariate(1)
    return count


def _until(end: datetime, happenings: Iterable[Happening]) -> list[Happening]:
    """A dialog as it is known at the end: a client message whose verdict came later is not there
    yet, nor what follows."""
    ordered = sorted(happenings, key=lambda one: one.known)
    judged = {
        one.event.message_id
        for one in ordered
        if one.event.kind == "verdict.given" and one.known < end
    }
    for n, one in enumerate(ordered):
        waits = one.event.body().get("author") == "client" and one.event.message_id not in judged
        if one.known >= end or (one.event.kind == "message.received" and waits):
            return (
                ordered[:n] if any(o.event.kind == "message.received" for o in ordered[:n]) else []
            )
    return ordered


def _rows(happenings: Iterable[Happening]) -> Iterator[EventRow]:
    for seq, one in enumerate(sorted(happenings, key=lambda each: each.known), 1):
        event = one.event
        yield EventRow(
            seq=seq,
            at=one.at,
            kind=event.kind,
            account_id=event.account_id,
            listing_id=event.listing_id,
            chat_id=event.chat_id,
            message_id=event.message_id,
            body=body_json(event),
        )


def _truth(
    world: World, seed: int, told: Sequence[Told], rows: Sequence[EventRow]
) -> dict[str, Any]:
    """What an analysis should find: the planted laws, when changes happened, and plain counts of
    the rows."""
    begin, end = world.bad_week
    return {
        "seed": seed,
        "days": world.days,
        "start": world.start.isoformat(),
        "end": world.end.isoformat(),
        "dialog_silence_hours": SILENCE.total_seconds() / 3600,
        "effects": {
            "law": "logit P(lead) = base + per_ln_minute * ln(1 + wait in minutes) + "
            "per_1000_rub * (price - 2500) / 1000 + bad_prompt",
            **asdict(world.effects),
        },
        "bad_prompt_week": {
            "prompt_version": "p2",
            "start": begin.isoformat(),
            "end": end.isoformat(),
        },
        "webhook_outage": {
            "start": world.outage[0].isoformat(),
            "end": world.outage[1].isoformat(),
        },
        "price_change": _price_change(world),
        "accounts": [{"id": a.id, "name": a.name, "zone": a.zone} for a in ACCOUNTS],
        "expected": _expected(told),
        "counts": {
            "dialogs_begun": len(told),
            "events": dict(sorted(Counter(r.kind for r in rows).items())),
        },
    }


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


def _expected(told: Sequence[Told]) -> dict[str, dict[str, float]]:
    """Dialogs, their leads, and the mean of the true chances, by who gave the first answer."""
    groups: dict[str, list[Told]] = {}
    for dialog in told:
        groups.setdefault(dialog.answered_by, []).append(dialog)
    return {
        by: {
            "dialogs": len(group),
            "leads": sum(dialog.lead for dialog in group),
            "mean_chance": round(sum(dialog.chance for dialog in group) / len(group), 6),
        }
        for by, group in sorted(groups.items())
    }
