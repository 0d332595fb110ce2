"""What the assistant may do in a chat right now, as the seller's switches, modes and hours say."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, bindparam, select

from bot.assistant import hours
from bot.assistant.modes import Duty, duty
from bot.store.tables import account, listing, silence

_WISHES = (
    select(
        account.c.zone,
        account.c.working_hours,
        listing.c.ai_enabled,
        listing.c.mode,
        listing.c.mode_minutes,
        select(silence.c.since).where(silence.c.no == 1).scalar_subquery().label("silenced_since"),
    )
    .select_from(account)
    .outerjoin(
        listing,
        (listing.c.id == bindparam("listing")) & (listing.c.account_id == account.c.id),
    )
    .where(account.c.id == bindparam("account"))
)


def of_chat(tx: Connection, where: Row[Any], now: datetime) -> Duty:
    """The duty in a chat, read as it is now."""
    wishes = tx.execute(_WISHES, {"account": where.account_id, "listing": where.listing_id}).one()
    return duty(
        has_listing=where.listing_id is not None,
        is_on=bool(wishes.ai_enabled),
        mode=wishes.mode or "automatic",
        minutes=wishes.mode_minutes or 0,
        is_silenced=wishes.silenced_since is not None,
        is_open=is_open(wishes.working_hours, wishes.zone, now),
    )


def is_open(working_hours: dict[str, Any] | None, zone: str, now: datetime) -> bool | None:
    """Whether the seller works at this moment; None if no hours are set."""
    if working_hours is None:
        return None
    return hours.read(working_hours).is_open(now.astimezone(ZoneInfo(zone)))


def opens_at(working_hours: dict[str, Any] | None, zone: str, now: datetime) -> datetime | None:
    """When the seller, who is closed at this moment, works again; None if they are open, or set no hours."""
    if working_hours is None or is_open(working_hours, zone, now):
        return None
    return hours.read(working_hours).opens_after(now.astimezone(ZoneInfo(zone)))
