"""The seller's listings, and the switch of each."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import Row

from bot.api import shapes
from bot.api.callers import Manager, Viewer
from bot.api.deps import INT64, AskedId, AskedWords, Body, ListingId, Pages, TheBot, Words
from bot.api.problems import not_found
from bot.jobs import syncing
from bot.store import accounts, listings
from bot.store.listings import UnknownListing, Wanted

router = APIRouter(prefix="/api/avito/listings", tags=["listings"])


class Sync(Body):
    """Whose listings to read; every account's if none is named."""

    account_id: Annotated[int, Field(ge=1, le=INT64)] | None = None


class Toggle(Body):
    """What should be so."""

    enabled: bool


@router.get("")
async def listed(
    bot: TheBot,
    caller: Viewer,
    pages: Pages,
    status: Annotated[Words | None, Query()] = None,
    account_id: AskedId = None,
    q: AskedWords = None,
) -> shapes.Listings:
    """A page of listings, the newest first. `q` looks in title and id."""
    wanted = Wanted(status, account_id, q)
    rows, total = await bot.store.read(
        lambda tx: listings.page(tx, wanted, offset=pages.offset, limit=pages.limit)
    )
    return shapes.Listings(
        data=[shown(row) for row in rows], pagination=shapes.Pagination(**pages.of(total))
    )


@router.post("")
async def sync(bot: TheBot, caller: Manager, wanted: Sync | None = None) -> shapes.Synced:
    """Reads all listings from Avito, and answers when that is done. The accounts tell how far it is."""
    account_id = wanted.account_id if wanted else None
    if account_id is None:
        done = await syncing.sync_all(bot)
    else:
        row = await bot.store.read(lambda tx: accounts.one(tx, account_id))
        if row is None or row.state == "removed":
            raise not_found("account")
        done = await syncing.sync(bot, account_id)
    return shapes.Synced(synced=done.synced, total=done.total)


@router.get("/ai-active")
async def active(bot: TheBot, caller: Viewer) -> shapes.ActiveListings:
    """The listings for which the assistant answers."""
    rows = await bot.store.read(listings.active)
    return shapes.ActiveListings(listings=[shown(row) for row in rows])


@router.post("/{listing_id}/ai-toggle")
async def toggle(
    listing_id: ListingId, wanted: Toggle, bot: TheBot, caller: Manager
) -> shapes.Toggled:
    """Says what should be, not "the other way round": twice is as once. Holds from the next message on."""
    try:
        row = await bot.store.write(
            lambda tx: listings.set_ai(
                tx, listing_id, wanted.enabled, actor=caller.subject, now=bot.now()
            )
        )
    except UnknownListing:
        raise not_found("listing") from None
    bot.bells.events.ring()
    return shapes.Toggled(listing=shown(row))


def shown(row: Row[Any]) -> shapes.Listing:
    return shapes.Listing(**{name: row._mapping[name] for name in shapes.Listing.model_fields})
