"""The seller's listings, and the switch of each."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import Connection, Row

from bot.api import shapes
from bot.api.callers import Manager, Viewer
from bot.api.deps import INT64, AskedId, AskedWords, Body, ListingId, Pages, TheBot, Words
from bot.api.problems import Problem, not_found
from bot.assistant.modes import MINUTES
from bot.bootstrap import Bot
from bot.jobs import syncing
from bot.jobs.intake import Rules
from bot.store import accounts, chats, listings
from bot.store.listings import UnknownListing, Wanted

router = APIRouter(prefix="/api/avito/listings", tags=["listings"])


class Sync(Body):
    """Whose listings to read; every account's if none is named."""

    account_id: Annotated[int, Field(ge=1, le=INT64)] | None = None


class Toggle(Body):
    """What should be so."""

    enabled: bool


class Mode(Body):
    """How far the assistant may go; `minutes` is for how long a person has the first word, in `unanswered`."""

    mode: Literal["off", "draft", "automatic", "unanswered", "off_hours"]
    minutes: Annotated[int, Field(ge=MINUTES[0], le=MINUTES[1])] | None = None


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
    """Says what should be, not "the other way round": twice is as once. Holds from the next message on.

    Switching on goes back to the mode that was there last, answering by itself if there was none.
    """
    return await _changed(
        bot,
        listing_id,
        lambda tx, now: listings.set_ai(
            tx, listing_id, wanted.enabled, actor=caller.subject, now=now
        ),
    )


@router.post("/{listing_id}/mode")
async def mode(listing_id: ListingId, wanted: Mode, bot: TheBot, caller: Manager) -> shapes.Toggled:
    """Says how far the assistant may go for a listing: nothing, drafts, answers, and when. Twice is as once."""

    def setting(tx: Connection, now: datetime) -> Row[Any]:
        if wanted.mode == "off":
            return listings.set_ai(tx, listing_id, False, actor=caller.subject, now=now)
        if wanted.mode == "off_hours":
            _must_have_hours(tx, listing_id)
        return listings.set_mode(
            tx, listing_id, wanted.mode, wanted.minutes, actor=caller.subject, now=now
        )

    return await _changed(bot, listing_id, setting)


async def _changed(
    bot: Bot, listing_id: int, change: Callable[[Connection, datetime], Row[Any]]
) -> shapes.Toggled:
    """Changes a listing's mode; what waits in its chats may be due at another time then."""

    def changing(tx: Connection) -> Row[Any]:
        row = change(tx, bot.now())
        chats.reschedule_about(tx, listing_id, Rules.of(bot.settings).pace)
        return row

    try:
        row = await bot.store.write(changing)
    except UnknownListing:
        raise not_found("listing") from None
    bot.bells.chats.ring()
    bot.bells.events.ring()
    return shapes.Toggled(listing=shown(row))


def _must_have_hours(tx: Connection, listing_id: int) -> None:
    row = listings.one(tx, listing_id)
    holder = accounts.one(tx, row.account_id) if row else None
    if holder is not None and holder.working_hours is None:
        raise Problem(
            409,
            "no_hours",
            "Set the account's working hours first: without them nobody knows when the assistant may answer.",
        )


def shown(row: Row[Any]) -> shapes.Listing:
    plain = {
        name: row._mapping[name] for name in shapes.Listing.model_fields if name in row._mapping
    }
    state = row.mode if row.ai_enabled else "off"
    return shapes.Listing(**plain | {"mode": state, "mode_when_on": row.mode})
