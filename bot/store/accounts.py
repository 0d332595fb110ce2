"""Accounts at Avito that the seller has connected."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, select, update

from bot.model import Profile
from bot.store import journal
from bot.store.instructions import published_bodies
from bot.store.tables import account, listing
from bot.store.upsert import insert_into
from pipeline.events import (
    AccountConnected,
    AccountDisconnected,
    WebhookSubscribed,
    WebhookTaken,
    WorkingHoursSet,
)

PRESENT = account.c.state != "removed"


def connect(
    tx: Connection, profile: Profile, *, sealed: dict[str, Any], zone: str, by: str, now: datetime
) -> bool:
    """Keeps an account whose owner said yes, with `sealed` token columns; False if it was connected already.

    Connecting again renews it and changes nothing that was set for it.
    """
    before = one(tx, profile.id)
    fresh = before is None or before.state == "removed"
    row = {
        "id": profile.id,
        "name": profile.name,
        "url": profile.url,
        "state": "connected",
        "state_detail": None,
        "connected_by": by,
        "renewing_until": None,
        "webhook_state": "unknown",
        **sealed,
    }
    if fresh:
        row["connected_at"] = now
    first = {**row, "zone": zone, "connected_at": now}
    changes = {name: value for name, value in row.items() if name != "id"}
    keep = insert_into(tx, account).values(first)
    tx.execute(keep.on_conflict_do_update(index_elements=["id"], set_=changes))
    news = AccountConnected(
        account_id=profile.id, name=profile.name, zone=before.zone if before else zone
    )
    journal.record(tx, news, at=now)
    return fresh


def one(tx: Connection, account_id: int) -> Row[Any] | None:
    return tx.execute(select(account).where(account.c.id == account_id)).one_or_none()


def present(tx: Connection) -> Sequence[Row[Any]]:
    """Accounts that were not removed, the oldest first."""
    return list(
        tx.execute(select(account).where(PRESENT).order_by(account.c.connected_at, account.c.id))
    )


def listed(tx: Connection, account_id: int | None = None) -> Sequence[Row[Any]]:
    """As `present`, with `listings_total`, `listings_ai_enabled`, and the `instructions` that hold; one if asked so."""
    total = func.count(listing.c.id).label("listings_total")
    enabled = func.coalesce(func.sum(case((listing.c.ai_enabled, 1), else_=0)), 0).label(
        "listings_ai_enabled"
    )
    counts = select(listing.c.account_id, total, enabled).group_by(listing.c.account_id).subquery()
    asked = (
        select(
            account,
            counts.c.listings_total,
            counts.c.listings_ai_enabled,
            published_bodies().label("instructions"),
        )
        .outerjoin(counts, counts.c.account_id == account.c.id)
        .where(PRESENT)
        .order_by(account.c.connected_at, account.c.id)
    )
    return list(
        tx.execute(asked if account_id is None else asked.where(account.c.id == account_id))
    )


def set_zone(tx: Connection, account_id: int, zone: str) -> None:
    tx.execute(update(account).where(account.c.id == account_id, PRESENT).values(zone=zone))


def set_hours(
    tx: Connection, account_id: int, hours: dict[str, Any] | None, *, actor: str, now: datetime
) -> bool:
    """Keeps the working hours; False if there is no such account. What is so already is not told again."""
    known = one(tx, account_id)
    if known is None or known.state == "removed":
        return False
    if known.working_hours != hours:
        tx.execute(update(account).where(account.c.id == account_id).values(working_hours=hours))
        news = WorkingHoursSet(account_id=account_id, hours=hours, actor=actor)
        journal.record(tx, news, at=now)
    return True


def remove(tx: Connection, account_id: int, now: datetime) -> bool:
    """Forgets the tokens; what happened in the account stays. False if there is no such account."""
    gone = tx.execute(
        update(account)
        .where(account.c.id == account_id, PRESENT)
        .values(
            state="removed",
            state_detail=None,
            access_token=None,
            refresh_token=None,
            token_expires_at=None,
            webhook_state="unknown",
            sync_until=None,
        )
    )
    if gone.rowcount:
        journal.record(tx, AccountDisconnected(account_id=account_id, reason="asked"), at=now)
    return gone.rowcount == 1


def no_messenger(tx: Connection, account_id: int, detail: str) -> bool:
    """Avito gives this account no messenger; False if that is known or the account is unusable anyway."""
    return _move(tx, account_id, "connected", "no_messenger", detail)


def has_messenger(tx: Connection, account_id: int) -> bool:
    """Avito gives this account a messenger again."""
    return _move(tx, account_id, "no_messenger", "connected", None)


def _move(tx: Connection, account_id: int, origin: str, state: str, detail: str | None) -> bool:
    moved = tx.execute(
        update(account)
        .where(account.c.id == account_id, account.c.state == origin)
        .values(state=state, state_detail=detail)
    )
    return moved.rowcount == 1


# --- the webhook ------------------------------------------------------------------------------------------------------


def subscribed(tx: Connection, account_id: int, now: datetime) -> None:
    """Avito confirmed that it will call us."""
    _webhook(tx, account_id, "subscribed", now)
    journal.record(tx, WebhookSubscribed(account_id=account_id), at=now)


def webhook_is(tx: Connection, account_id: int, state: str, now: datetime) -> None:
    """What a check of the subscription has shown: subscribed, missing, taken or unknown."""
    _webhook(tx, account_id, state, now)


def webhook_was_taken(tx: Connection, account_id: int, now: datetime) -> None:
    """Somebody else had the account's only subscription."""
    journal.record(tx, WebhookTaken(account_id=account_id), at=now)


def _webhook(tx: Connection, account_id: int, state: str, now: datetime) -> None:
    tx.execute(
        update(account)
        .where(and_(account.c.id == account_id, PRESENT))
        .values(webhook_state=state, webhook_checked_at=now)
    )
