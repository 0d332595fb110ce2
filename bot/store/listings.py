"""The seller's listings, and for which of them the assistant answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, update

from bot.model import ListingRow
from bot.store import journal
from bot.store.search import contains
from bot.store.tables import account, listing
from pipeline.events import AiToggled, ListingSeen, ListingsSynced, ModeSet

SYNC_LEASE = timedelta(seconds=120)
"""How long a sync goes on without saying that it is alive: longer than it may wait for its turn at Avito."""

TOLD = ("title", "price", "status", "category")
"""What an event tells of; the address and the link of a listing are kept, but their change is no news."""

_OF_PRESENT = listing.c.account_id.in_(select(account.c.id).where(account.c.state != "removed"))


class UnknownListing(Exception):
    """There is no such listing."""


@dataclass(frozen=True)
class Wanted:
    """Which listings to show; `q` is looked for in title and id."""

    status: str | None = None
    account_id: int | None = None
    q: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [_OF_PRESENT]
        if self.status:
            found.append(listing.c.status == self.status)
        if self.account_id is not None:
            found.append(listing.c.account_id == self.account_id)
        return found + contains(listing.c.search, self.q)


def page(
    tx: Connection, wanted: Wanted, *, offset: int, limit: int
) -> tuple[Sequence[Row[Any]], int]:
    """Listings, the newest first, and how many there are in all."""
    conditions = wanted.conditions()
    total = tx.scalar(select(func.count()).select_from(listing).where(*conditions)) or 0
    rows = (
        select(listing).where(*conditions).order_by(listing.c.id.desc()).offset(offset).limit(limit)
    )
    return list(tx.execute(rows)), total


def one(tx: Connection, listing_id: int) -> Row[Any] | None:
    """A listing of an account that is connected."""
    return tx.execute(select(listing).where(listing.c.id == listing_id, _OF_PRESENT)).one_or_none()


def active(tx: Connection) -> Sequence[Row[Any]]:
    """Listings for which the assistant answers."""
    return list(
        tx.execute(
            select(listing).where(listing.c.ai_enabled, _OF_PRESENT).order_by(listing.c.id.desc())
        )
    )


def set_ai(
    tx: Connection, listing_id: int, enabled: bool, *, actor: str, now: datetime
) -> Row[Any]:
    """Says what should be; saying what is so already changes and records nothing. Raises UnknownListing."""
    changed = tx.execute(
        update(listing)
        .where(listing.c.id == listing_id, listing.c.ai_enabled != enabled, _OF_PRESENT)
        .values(ai_enabled=enabled, updated_at=now)
    )
    row = one(tx, listing_id)
    if row is None:
        raise UnknownListing(listing_id)
    if changed.rowcount:
        news = AiToggled(
            account_id=row.account_id, listing_id=listing_id, enabled=enabled, actor=actor
        )
        journal.record(tx, news, at=now)
    return row


def set_mode(
    tx: Connection, listing_id: int, mode: str, minutes: int | None, *, actor: str, now: datetime
) -> Row[Any]:
    """Says how far the assistant may go, and that it is on. As `set_ai`: twice is as once. Raises UnknownListing."""
    row = one(tx, listing_id)
    if row is None:
        raise UnknownListing(listing_id)
    wanted = {"mode": mode, "mode_minutes": row.mode_minutes if minutes is None else minutes}
    if any(row._mapping[name] != value for name, value in wanted.items()):
        tx.execute(
            update(listing).where(listing.c.id == listing_id).values(updated_at=now, **wanted)
        )
    if not row.ai_enabled or any(row._mapping[name] != value for name, value in wanted.items()):
        news = ModeSet(
            account_id=row.account_id,
            listing_id=listing_id,
            mode=mode,
            minutes=int(wanted["mode_minutes"]) if mode == "unanswered" else None,
            actor=actor,
        )
        journal.record(tx, news, at=now)
    return set_ai(tx, listing_id, True, actor=actor, now=now)


def by_hours(tx: Connection, account_id: int) -> int:
    """How many listings of an account answer only outside working hours."""
    counted = select(func.count()).where(
        listing.c.account_id == account_id, listing.c.ai_enabled, listing.c.mode == "off_hours"
    )
    return tx.scalar(counted) or 0


def ids_at_avito(tx: Connection, account_id: int) -> Sequence[int]:
    """Listings that Avito still lists."""
    return list(
        tx.scalars(
            select(listing.c.id).where(
                listing.c.account_id == account_id, listing.c.status != "removed"
            )
        )
    )


# --- syncing ----------------------------------------------------------------------------------------------------------


def begin_sync(tx: Connection, account_id: int, now: datetime) -> bool:
    """False if a sync of this account is under way."""
    free = or_(account.c.sync_until.is_(None), account.c.sync_until <= now)
    begun = tx.execute(
        update(account)
        .where(account.c.id == account_id, account.c.state != "removed", free)
        .values(sync_until=now + SYNC_LEASE, sync_done=0)
    )
    return begun.rowcount == 1


def put(
    tx: Connection, account_id: int, rows: Sequence[ListingRow], done: int, now: datetime
) -> int:
    """Keeps one page of what Avito lists, `done` listings so far; how many were new or changed."""
    known = _known(tx, [row.id for row in rows])
    changed = sum(_put_one(tx, account_id, row, known.get(row.id), now) for row in rows)
    alive = {"sync_done": done, "sync_until": now + SYNC_LEASE}
    tx.execute(update(account).where(account.c.id == account_id).values(alive))
    return changed


def end_sync(
    tx: Connection, account_id: int, found: Sequence[int], changed: int, now: datetime
) -> None:
    """All listings were read; what was not among them is gone at Avito."""
    present = set(found)
    gone = [id for id in ids_at_avito(tx, account_id) if id not in present]
    for row in _known(tx, gone).values():
        tx.execute(
            update(listing).where(listing.c.id == row.id).values(status="removed", updated_at=now)
        )
        _tell(tx, account_id, {**row._mapping, "status": "removed"}, now)
    tx.execute(
        update(account)
        .where(account.c.id == account_id)
        .values(
            sync_until=None, sync_done=len(present), sync_total=len(present), listings_synced_at=now
        )
    )
    news = ListingsSynced(account_id=account_id, total=len(present), changed=changed + len(gone))
    journal.record(tx, news, at=now)


def break_off_sync(tx: Connection, account_id: int) -> None:
    tx.execute(update(account).where(account.c.id == account_id).values(sync_until=None))


def _known(tx: Connection, ids: Sequence[int]) -> dict[int, Row[Any]]:
    found: dict[int, Row[Any]] = {}
    for start in range(0, len(ids), 500):
        rows = tx.execute(select(listing).where(listing.c.id.in_(ids[start : start + 500])))
        found |= {row.id: row for row in rows}
    return found


def _put_one(
    tx: Connection, account_id: int, new: ListingRow, old: Row[Any] | None, now: datetime
) -> bool:
    columns = {
        "account_id": account_id,
        "title": new.title,
        "price": new.price,
        "status": new.status,
        "category": new.category,
        "address": new.address,
        "url": new.url,
        "search": f"{new.title} {new.id}".casefold(),
    }
    if old is None:
        tx.execute(insert(listing).values(id=new.id, updated_at=now, **columns))
    elif any(old._mapping[name] != value for name, value in columns.items()):
        tx.execute(update(listing).where(listing.c.id == new.id).values(updated_at=now, **columns))
    else:
        return False
    if old is None or any(old._mapping[name] != columns[name] for name in TOLD):
        _tell(tx, account_id, {"id": new.id, **columns}, now)
    return True


def _tell(tx: Connection, account_id: int, row: dict[str, Any], now: datetime) -> None:
    told = {name: row[name] for name in TOLD}
    journal.record(tx, ListingSeen(account_id=account_id, listing_id=row["id"], **told), at=now)
