"""What happens around the chats: starts, listings, switches, statistics, sweeps."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
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
    MessageReceived,
    MessageSent,
    StatsRecorded,
    SweepFinished,
    TokenRenewed,
    WebhookSubscribed,
    WebhookTaken,
)
from pipeline.sample.scene import Happening
from pipeline.sample.world import ACCOUNTS, LISTINGS, Account, ListingTruth, World


def service(rng: random.Random, world: World, chats: Iterable[Happening]) -> Iterator[Happening]:
    """All that is not said in a chat. `chats` tells what sweeps found and how many clients a
    listing had."""
    found: Counter[tuple[int | None, datetime]] = Counter()
    contacts: Counter[tuple[int | None, int]] = Counter()
    for one in chats:
        day = (one.at - world.start).days
        if isinstance(one.event, MessageReceived | MessageSent) and one.event.found_by == "sweep":
            found[one.event.account_id, _next_hour(one.known)] += 1
        if one.event.kind == "chat.opened":
            contacts[one.event.listing_id, day] += 1
    yield from _beginning(world)
    for day in range(world.days):
        noon = world.start + timedelta(days=day, hours=12)
        for account in ACCOUNTS:
            yield from _daily(world, account, noon)
        for listing in LISTINGS:
            yield _stats(rng, listing, noon, contacts[listing.id, day])
    for hour in range(1, world.days * 24):
        at = world.start + timedelta(hours=hour)
        for account in ACCOUNTS:
            yield _at(
                at,
                SweepFinished(
                    account_id=account.id, chats=rng.randrange(12), found=found[account.id, at]
                ),
            )


def _beginning(world: World) -> Iterator[Happening]:
    start = world.start
    yield _at(start, BotStarted(version="0.1.0"))
    for account in ACCOUNTS:
        yield _at(
            start, AccountConnected(account_id=account.id, name=account.name, zone=account.zone)
        )
        yield _at(start, WebhookSubscribed(account_id=account.id))
    for listing in LISTINGS:
        yield _at(start, _seen(listing, listing.price))
        if listing.ai:
            yield _at(start, AiToggled(**_of(listing), enabled=True, actor="owner"))
        if listing.later_price:
            yield _at(world.price_change, _seen(listing, listing.later_price))
    yield _at(world.outage[1], WebhookTaken(account_id=ACCOUNTS[0].id))
    begin, end = world.bad_week
    for moment in (begin, end):
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


def _next_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def _at(moment: datetime, event: Event) -> Happening:
    return Happening(moment, moment, event)
