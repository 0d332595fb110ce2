"""What the assistant is told before it writes: put together here for chats and for the playground alike."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from bot.assistant.briefing import Subject
from bot.assistant.composing import Brief
from bot.assistant.instructions import Used
from bot.assistant.prompt import Line
from bot.jobs import duties


def brief(
    account: Row[Any],
    listing: Row[Any] | None,
    lines: Sequence[Line],
    used: Used,
    now: datetime,
    *,
    chat: Row[Any] | None = None,
) -> Brief:
    """A brief of rows. The chat tells of a listing that we do not have."""
    local = now.astimezone(ZoneInfo(account.zone))
    client = chat.client_name if chat else None
    closed = duties.is_open(account.working_hours, account.zone, now) is False
    lines = [replace(line, at=line.at and line.at.astimezone(local.tzinfo)) for line in lines]
    return Brief(subject(account, listing, chat), lines, local, used, closed, client=client)


def subject(account: Row[Any], listing: Row[Any] | None, chat: Row[Any] | None = None) -> Subject:
    if listing is None:
        title, price = (chat.listing_title, chat.listing_price) if chat else (None, None)
        return Subject(title, price, None, None, account.name)
    told = chat.listing_price if chat else None
    price = f"{listing.price:,} ₽".replace(",", " ") if listing.price is not None else told
    return Subject(listing.title, price, listing.category, listing.address, account.name)


def as_lines(rows: Sequence[Row[Any]]) -> list[Line]:
    """Lines for the model: what the client and the seller's side said."""
    return [
        Line(
            ours=row.author != "client",
            kind="text" if row.kind == "voice" and row.text else row.kind,
            text=row.text,
            at=row.created_at,
            picture=_picture(row),
        )
        for row in rows
        if row.author != "avito"
    ]


def _picture(row: Row[Any]) -> str | None:
    """Where the largest size of a picture is."""
    sizes = ((row.content or {}).get("image") or {}).get("sizes") if row.kind == "image" else None
    if not isinstance(sizes, dict) or not sizes:
        return None
    return str(max(sizes.items(), key=lambda one: int(str(one[0]).split("x")[0] or 0))[1])
