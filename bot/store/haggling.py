"""How far prices may come down, and the offers of dialogs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, insert, select, update

from bot.store import journal
from bot.store.tables import haggling, listing, offer
from pipeline.events import HagglingSet, OfferAccepted, OfferMade

Side = Literal["client", "seller"]


def one(tx: Connection, listing_id: int | None) -> Row[Any] | None:
    return tx.execute(select(haggling).where(haggling.c.listing_id == listing_id)).one_or_none()


def put(
    tx: Connection, listing_id: int, floor: int, ladder: Sequence[int], actor: str, now: datetime
) -> None:
    """Says what should be so; twice is as once."""
    known = one(tx, listing_id)
    if known is not None and (known.floor, list(known.ladder)) == (floor, list(ladder)):
        return
    tx.execute(delete(haggling).where(haggling.c.listing_id == listing_id))
    row = {"listing_id": listing_id, "floor": floor, "ladder": list(ladder)}
    tx.execute(insert(haggling).values(**row, set_by=actor, set_at=now))
    _tell(tx, listing_id, floor, ladder, actor, now)


def drop(tx: Connection, listing_id: int, actor: str, now: datetime) -> None:
    """Prices stand as they are from now on."""
    if one(tx, listing_id) is not None:
        tx.execute(delete(haggling).where(haggling.c.listing_id == listing_id))
        _tell(tx, listing_id, None, (), actor, now)


def note(
    tx: Connection,
    where: Row[Any],
    made: Sequence[tuple[Side, int]],
    agreed: int | None,
    now: datetime,
) -> None:
    """Keeps the offers of a dialog, each once, and the sum that both agreed to; each becomes an event."""
    known = {
        (row.side, row.roubles): row
        for row in tx.execute(
            select(offer).where(offer.c.chat_id == where.id, offer.c.dialog_no == where.dialog_no)
        )
    }
    for side, roubles in dict.fromkeys(made):
        if (side, roubles) not in known:
            row = {"chat_id": where.id, "dialog_no": where.dialog_no, "side": side}
            tx.execute(insert(offer).values(**row, roubles=roubles, state="made", at=now))
            journal.record(tx, OfferMade(**_head(where), side=side, roubles=roubles), at=now)
    side_of = next((side for side, roubles in made if roubles == agreed), None)
    before = known.get((side_of, agreed)) if side_of else None
    if side_of and agreed is not None and (before is None or before.state != "accepted"):
        tx.execute(
            update(offer)
            .where(offer.c.chat_id == where.id, offer.c.dialog_no == where.dialog_no)
            .where(offer.c.side == side_of, offer.c.roubles == agreed)
            .values(state="accepted")
        )
        journal.record(tx, OfferAccepted(**_head(where), side=side_of, roubles=agreed), at=now)


def _tell(
    tx: Connection,
    listing_id: int,
    floor: int | None,
    ladder: Sequence[int],
    actor: str,
    now: datetime,
) -> None:
    account_id = tx.scalar(select(listing.c.account_id).where(listing.c.id == listing_id))
    news = HagglingSet(
        account_id=account_id, listing_id=listing_id, floor=floor, ladder=tuple(ladder), actor=actor
    )
    journal.record(tx, news, at=now)


def _head(where: Row[Any]) -> dict[str, Any]:
    return {"account_id": where.account_id, "listing_id": where.listing_id, "chat_id": where.id}
