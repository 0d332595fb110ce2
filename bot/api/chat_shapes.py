"""Chats, messages and replies as the API shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row

from bot.api import shapes
from bot.store import chats
from bot.store.chat_lists import Shown

SIZES = ("640x480", "1280x960", "140x105", "32x32")
"""Sizes of a picture that Avito offers, the best to look at first."""

Going = Literal["quiet", "waiting", "draft", "answering", "sending", "left_to_human"]


def as_chat(shown: Shown, now: datetime) -> shapes.Chat:
    row = shown.chat
    humans = chats.is_humans(row, now)
    price = (
        None if row.price_of_listing is None else f"{row.price_of_listing:,} ₽".replace(",", " ")
    )
    return shapes.Chat(
        id=row.id,
        account_id=row.account_id,
        listing_id=row.listing_id,
        listing_title=row.title_of_listing or row.listing_title,
        listing_price=price or row.listing_price,
        ai_enabled=bool(row.ai_enabled),
        client_name=row.client_name,
        chat_type=row.chat_type,
        owner="human" if humans else "assistant",
        owner_until=row.owner_until if humans else None,
        owner_since=row.owner_since,
        owner_reason=row.owner_reason,
        state=_going(shown, now),
        waiting_since=row.awaited_since or row.waiting_since,
        unanswered=shown.unanswered,
        last_message=_last(shown.last),
        lead_id=shown.lead_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _going(shown: Shown, now: datetime) -> Going:
    """What is going on in the chat right now."""
    row = shown.chat
    if (
        row.working in ("answering", "sending")
        and row.lease_until is not None
        and row.lease_until > now
    ):
        return "answering" if row.working == "answering" else "sending"
    if shown.under_way:
        return "sending"
    if shown.draft is not None:
        return "draft"
    if row.waiting_since is not None:
        return "waiting"
    return "left_to_human" if row.awaited_since is not None else "quiet"


def _last(row: Row[Any] | None) -> shapes.LastMessage | None:
    if row is None:
        return None
    return shapes.LastMessage(at=row.created_at, author=row.author, kind=row.kind, text=row.text)


def as_message(row: Row[Any]) -> shapes.Message:
    return shapes.Message(
        id=row.id,
        at=row.created_at,
        author=row.author,
        kind="deleted" if row.deleted_at else row.kind,
        text=row.text,
        image_url=_image(row.content) if row.kind == "image" else None,
        verdict=row.verdict,
        verdict_reason=row.verdict_reason,
        verdict_at=row.verdict_at,
        reply_id=row.reply_id,
        found_by=row.found_by,
    )


def as_reply(row: Row[Any], covers: list[str]) -> shapes.Reply:
    plain = {name: row._mapping[name] for name in shapes.Reply.model_fields if name in row._mapping}
    return shapes.Reply(**plain, at=row.created_at, covers=covers)


def as_draft(row: Row[Any]) -> shapes.Draft:
    plain = {name: row._mapping[name] for name in shapes.Draft.model_fields if name in row._mapping}
    return shapes.Draft(**plain, at=row.created_at, holds_until=row.due_at)


def _image(content: Any) -> str | None:
    """The address of a picture, if it is one that a browser may be sent to."""
    image = content.get("image") if isinstance(content, Mapping) else None
    sizes = image.get("sizes") if isinstance(image, Mapping) else None
    if not isinstance(sizes, Mapping):
        return None
    named = [sizes.get(size) for size in SIZES] + list(sizes.values())
    return next(
        (url for url in named if isinstance(url, str) and url.startswith(("https://", "http://"))),
        None,
    )
