"""Writes to clients who fell silent, at most twice, and never where anybody would mind.

The moment is a column of the chat (`follow_up_at`), worked out whenever a worker lets go of it. When it has come the
same worker that answers looks whether a follow-up is still right, and once more in the transaction that commits the
attempt. A follow-up whose outcome is unknown is never sent again: none is better than two.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from bot.assistant import following, templates
from bot.assistant.briefing import values
from bot.assistant.following import LATE, Plan
from bot.jobs import briefs, duties, instructing
from bot.store import accounts, chats, follow_ups, journal, listings, replies
from bot.store.follow_ups import Silence
from pipeline.events import FollowUpSkipped


def plan_of(tx: Connection, where: Row[Any]) -> Plan | None:
    """What the seller wants in this chat: the account's plan, unless the listing says no."""
    kept, of_listing = follow_ups.wishes(tx, where)
    return following.read(kept) if of_listing is not False else None


def plan_next(tx: Connection, chat_id: str, now: datetime) -> None:
    """Works out when the next follow-up of a chat may be; null where there is to be none."""
    where = chats.get(tx, chat_id)
    if where is None:
        return
    plan = plan_of(tx, where)
    at = _next(tx, where, plan, now) if plan else None
    if at != where.follow_up_at:
        follow_ups.put(tx, chat_id, at)


def _next(tx: Connection, where: Row[Any], plan: Plan, now: datetime) -> datetime | None:
    """A moment that is over by night is put off until people wake; by day it has come."""
    silence = follow_ups.silence(tx, where)
    if silence is None or silence.made >= len(plan.after) or _unwanted(silence, plan):
        return None
    if where.follow_up_decided_at is not None and where.follow_up_decided_at >= silence.since:
        return None
    zone = _zone(tx, where)
    at = plan.due(silence.made, silence.since.astimezone(zone))
    return at if at > now else plan.awake(now.astimezone(zone))


def due(tx: Connection, chat_id: str, now: datetime) -> None:
    """The moment has come: the follow-up becomes a reply that is intended, or it is told why not. The caller holds the chat."""
    where = chats.get(tx, chat_id)
    if where is None or where.follow_up_at is None or where.follow_up_at > now:
        return
    follow_ups.put(tx, chat_id, None)
    silence, plan = follow_ups.silence(tx, where), plan_of(tx, where)
    number = (silence.made if silence else 0) + 1
    text = _words(tx, where, plan, number - 1) if plan else None
    why = "no_words" if plan and not text else why_not(tx, where, now)
    if why is None and text is not None:
        replies.intend_follow_up(tx, where, text, now)
    elif why != "asleep":
        follow_ups.decided(tx, chat_id, now)
        news = FollowUpSkipped(**_head(where), number=number, reason=why or "off")
        journal.record(tx, news, at=now)


def why_not(
    tx: Connection, where: Row[Any], now: datetime, *, beside: str | None = None
) -> str | None:
    """Why the assistant must not write first in this chat right now, if so. `beside`: the follow-up that is asked for."""
    plan, silence = plan_of(tx, where), follow_ups.silence(tx, where, beside=beside)
    if plan is None:
        return "off"
    if (duty := duties.of_chat(tx, where, now)).may != "reply":
        return duty.reason or "mode"
    if chats.is_humans(where, now) or where.awaited_since is not None:
        return "person"
    if silence is None:
        return "moved_on"
    if silence.made >= len(plan.after):
        return "enough"
    holder = accounts.one(tx, where.account_id)
    if holder is None or holder.state != "connected":
        return "account_unusable"
    if not plan.is_awake(now.astimezone(_zone(tx, where))):
        return "asleep"
    if now - plan.due(silence.made, silence.since.astimezone(_zone(tx, where))) > LATE:
        return "too_late"
    return _unwanted(silence, plan)


def _unwanted(silence: Silence, plan: Plan) -> str | None:
    """What the client said, or has left with us, that makes a follow-up wrong for good."""
    if following.refused(silence.said):
        return "refused"
    if silence.said and following.closed(silence.said[-1]):
        return "closed"
    if silence.has_lead and not plan.after_lead:
        return "lead"
    return None


def _words(tx: Connection, where: Row[Any], plan: Plan, number: int) -> str | None:
    """The seller's words with their variables filled in; None if one is missing that they cannot do without."""
    holder = accounts.one(tx, where.account_id)
    about = listings.one(tx, where.listing_id) if where.listing_id else None
    said = instructing.used(tx, where.account_id, where.listing_id).instructions
    known = values(said, briefs.subject(holder, about, where), where.client_name) if holder else {}
    return templates.fill(plan.words(number), known)


def _zone(tx: Connection, where: Row[Any]) -> ZoneInfo:
    """The client's region's zone: the account's, for want of a better one."""
    holder = accounts.one(tx, where.account_id)
    return ZoneInfo(holder.zone if holder else "UTC")


def _head(where: Row[Any]) -> dict[str, Any]:
    return {"account_id": where.account_id, "listing_id": where.listing_id, "chat_id": where.id}
