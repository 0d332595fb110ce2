"""How far a listing's price may come down: the seller's secret, so managers see it and viewers do not."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import Connection

from bot.api import shapes
from bot.api.callers import Manager
from bot.api.deps import Body, ListingId, TheBot
from bot.api.problems import Problem, not_found
from bot.assistant.haggling import problems
from bot.store import haggling, listings

router = APIRouter(prefix="/api/avito/listings", tags=["listings"])

Roubles = Annotated[int, Field(ge=1, le=1_000_000_000)]


class Wanted(Body):
    """The floor, and the sums to come down by, one for each new bid of a client; no `floor`: prices stand."""

    floor: Roubles | None
    ladder: Annotated[list[Roubles], Field(max_length=10, default_factory=list)]


@router.get("/{listing_id}/haggling")
async def read(listing_id: ListingId, bot: TheBot, caller: Manager) -> shapes.Haggling:
    """What holds now; `floor` null if prices stand."""
    return await bot.store.read(lambda tx: _shown(tx, listing_id))


@router.put("/{listing_id}/haggling")
async def put(
    listing_id: ListingId, wanted: Wanted, bot: TheBot, caller: Manager
) -> shapes.Haggling:
    """Says how far the price may come down. Holds from the next reply on; twice is as once."""

    def putting(tx: Connection) -> shapes.Haggling:
        now, row = bot.now(), listings.one(tx, listing_id)
        if row is None:
            raise not_found("listing")
        if wanted.floor is None:
            haggling.drop(tx, listing_id, caller.subject, now)
        elif wrong := problems(wanted.floor, wanted.ladder, row.price):
            raise Problem(422, "bad_ladder", wrong)
        else:
            haggling.put(tx, listing_id, wanted.floor, wanted.ladder, caller.subject, now)
        return _shown(tx, listing_id)

    shown = await bot.store.write(putting)
    bot.bells.events.ring()
    return shown


def _shown(tx: Connection, listing_id: int) -> shapes.Haggling:
    about, row = listings.one(tx, listing_id), haggling.one(tx, listing_id)
    if about is None:
        raise not_found("listing")
    if row is None:
        return shapes.Haggling(listing_id=listing_id, price=about.price, floor=None, ladder=[])
    return shapes.Haggling(
        listing_id=listing_id,
        price=about.price,
        floor=row.floor,
        ladder=row.ladder,
        set_by=row.set_by,
        set_at=row.set_at,
    )
