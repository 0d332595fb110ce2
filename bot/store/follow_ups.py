"""What is known of a client's silence: who spoke last, how often we wrote since, and what the client had said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select, update

from bot.model import SILENT
from bot.store import drafts, messages
from bot.store.replies import OPEN
from bot.store.tables import account, chat, lead, listing, reply


@dataclass(frozen=True)
class Silence:
    """The client is silent since the assistant's words of that moment, and has had so many follow-ups."""

    since: datetime
    made: int
    said: Sequence[str]  # what the client wrote in this dialog, oldest first
    has_lead: bool


def silence(tx: Connection, where: Row[Any], *, beside: str | None = None) -> Silence | None:
    """None if the last word is not the assistant's, a person wrote or came since the client did, or something is under way."""
    spoken = [
        row
        for row in messages.of_dialog(tx, where.id, where.dialog_no)
        if row.kind not in SILENT and row.author != "avito" and row.deleted_at is None
    ]
    if not spoken or spoken[-1].author != "assistant":
        return None
    asked = [row for row in spoken if row.author == "client"]
    if not asked or any(row.author.startswith("human") for row in spoken if row.no > asked[-1].no):
        return None
    since = asked[-1].received_at
    settled = where.settled_at is not None and where.settled_at >= since
    taken = where.owner == "human" and where.owner_since is not None and where.owner_since >= since
    if settled or taken or messages.open_in(tx, where.id) or _under_way(tx, where.id, beside):
        return None
    return Silence(
        since=spoken[-1].created_at,
        made=_made(tx, where.id, since, beside),
        said=[row.text for row in asked if row.text],
        has_lead=_has_lead(tx, where),
    )


def _under_way(tx: Connection, chat_id: str, beside: str | None) -> bool:
    open_ = select(reply.c.id).where(
        reply.c.chat_id == chat_id, reply.c.state.in_(OPEN), reply.c.id != (beside or "")
    )
    return tx.scalar(open_.limit(1)) is not None or bool(drafts.waiting_in(tx, [chat_id]))


def _made(tx: Connection, chat_id: str, since: datetime, beside: str | None) -> int:
    """Follow-ups since the client last wrote that are there, or may be: one that was tried counts, whatever became of it."""
    counted = select(func.count()).where(
        reply.c.chat_id == chat_id,
        reply.c.kind == "follow_up",
        reply.c.created_at >= since,
        reply.c.id != (beside or ""),
        or_(reply.c.state != "dropped", reply.c.attempts > 0),
    )
    return tx.scalar(counted) or 0


def _has_lead(tx: Connection, where: Row[Any]) -> bool:
    known = select(lead.c.id).where(lead.c.chat_id == where.id, lead.c.dialog_no == where.dialog_no)
    return tx.scalar(known.limit(1)) is not None


def wishes(tx: Connection, where: Row[Any]) -> tuple[dict[str, Any] | None, bool | None]:
    """The account's plan as it is kept, and what the listing says of it: None as the account."""
    row = tx.execute(
        select(account.c.follow_ups, listing.c.follow_ups.label("of_listing"))
        .outerjoin(
            listing, and_(listing.c.id == where.listing_id, listing.c.account_id == account.c.id)
        )
        .where(account.c.id == where.account_id)
    ).one()
    return row.follow_ups, row.of_listing


def decided(tx: Connection, chat_id: str, now: datetime) -> None:
    """There is to be no follow-up to the present silence."""
    tx.execute(update(chat).where(chat.c.id == chat_id).values(follow_up_decided_at=now))


def put(tx: Connection, chat_id: str, at: datetime | None) -> None:
    """When the next follow-up of a chat may be."""
    tx.execute(update(chat).where(chat.c.id == chat_id).values(follow_up_at=at))


# --- what the seller wants --------------------------------------------------------------------------------------------


def set_plan(tx: Connection, account_id: int, plan: dict[str, Any] | None) -> bool:
    """False if there is no such account. Silences that began before stay silent: moments are worked out from now on."""
    done = tx.execute(
        update(account)
        .where(account.c.id == account_id, account.c.state != "removed")
        .values(follow_ups=plan)
    )
    return done.rowcount == 1


def set_listing(tx: Connection, listing_id: int, wanted: bool | None) -> bool:
    """Whether clients of a listing are written to again; None as the account says. False if there is no such listing."""
    done = tx.execute(update(listing).where(listing.c.id == listing_id).values(follow_ups=wanted))
    return done.rowcount == 1
