"""What happens around the chats: starts, listings, switches, statistics, sweeps."""

import heapq
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pipeline.events import (
    AccountConnected,
    AiToggled,
    BotStarted,
    BotStopped,
    Event,
    ListingSeen,
    ListingsSynced,
    StatsRecorded,
    SweepFinished,
    TokenRenewed,
    WebhookSubscribed,
    WebhookTaken,
)
from pipeline.sample.facts import Facts
from pipeline.sample.scene import Happening
from pipeline.sample.world import ACCOUNTS, LISTINGS, Account, ListingTruth, World


def service(rng: random.Random, facts: Facts) -> Iterator[Happening]:
    """All that is not said in a chat, in the order of its moments. What sweeps found is known only
    to whoever lays the chats beside it: see `Telling`."""
    world = facts.world
    contacts = Counter(zip(facts.listing.tolist(), (facts.opened // 86_400).tolist(), strict=True))
    changes = sorted(_changes(world), key=lambda one: one.known)
    yield from heapq.merge(
        changes, _by_day(rng, world, contacts), _by_hour(rng, world), key=lambda one: one.known
    )


def _by_day(
    rng: random.Random, world: World, contacts: Counter[tuple[int, int]]
) -> Iterator[Happening]:
    for day in range(world.days):
        noon = world.start + timedelta(days=day, hours=12)
        for account in ACCOUNTS:
            yield from _daily(world, account, noon)
        for number, listing in enumerate(LISTINGS):
            yield _stats(rng, listing, noon, contacts[number, day])


def _by_hour(rng: random.Random, world: World) -> Iterator[Happening]:
    for hour in range(1, world.days * 24):
        for account in ACCOUNTS:
            swept = SweepFinished(account_id=account.id, chats=rng.randrange(12), found=0)
            yield _at(world.start + timedelta(hours=hour), swept)


def _changes(world: World) -> Iterator[Happening]:
    """What happens once: the beginning, switches, prices, prompts, the outage's end."""
    start = world.start
    yield _at(start, BotStarted(version="0.1.0"))
    for account in ACCOUNTS:
        yield _at(
            start, AccountConnected(account_id=account.id, name=account.name, zone=account.zone)
        )
        yield _at(start, WebhookSubscribed(account_id=account.id))
    for listing in LISTINGS:
        yield _at(start, _seen(listing, listing.price))
        if listing.assistant != "never":
            since = start if listing.assistant == "always" else world.switch_on
            yield _at(since, AiToggled(**_of(listing), enabled=True, actor="owner"))
        if listing.later_price:
            yield _at(world.price_change, _seen(listing, listing.later_price))
    yield _at(world.outage[1], WebhookTaken(account_id=ACCOUNTS[0].id))
    for moment in world.bad_week:
        yield _at(moment - timedelta(seconds=20), BotStopped())
        yield _at(moment - timedelta(seconds=5), BotStarted(version="0.1.0"))


def _daily(world: World, account: Account, noon: datetime) -> Iterator[Happening]:
    total = sum(listing.account is account for listing in LISTINGS)
    yield _at(noon, ListingsSynced(account_id=account.id, total=total, changed=0))
    yield _at(noon, TokenRenewed(account_id=account.id, expires_at=noon + timedelta(days=1)))


def _stats(rng: random.Random, listing: ListingTruth, noon: datetime, chats: int) -> Happening:
    contacts = chats + rng.randrange(3)
    views = contacts * 9 + rng.randrange(20, 60)
    event = StatsRecorded(
        **_of(listing),
        day=noon.date().isoformat(),
        views=views,
        contacts=contacts,
        favorites=rng.randrange(5),
    )
    return _at(noon + timedelta(hours=11), event)


def _seen(listing: ListingTruth, price: int) -> ListingSeen:
    category = "Предложение услуг" if listing.trade == "pests" else "Аренда инструмента"
    return ListingSeen(
        **_of(listing), title=listing.title, price=price, status="active", category=category
    )


def _of(listing: ListingTruth) -> dict[str, Any]:
    return {"account_id": listing.account.id, "listing_id": listing.id}


def _at(moment: datetime, event: Event) -> Happening:
    return Happening(moment, moment, event)
