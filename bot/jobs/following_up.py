"""Writes to clients who fell silent, at most twice, and never where anybody would mind.

The moment is a column of the chat (`follow_up_at`), worked out whenever a worker lets go of it. When it has come the
same worker that answers looks whether a follow-up is still right, and once more in the transaction that commits the
attempt. A follow-up whose outcome is unknown is never sent again: none is better than two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from bot.assistant import following, guard, guarding, templates
from bot.assistant.briefing import Subject, values
from bot.assistant.following import LATE, Plan
from bot.assistant.instructions import Used
from bot.jobs import briefs, duties, instructing
from bot.model import MAX_REPLY
from bot.store import accounts, chats, follow_ups, journal, listings, messages, replies
from bot.store.follow_ups import Silence
from pipeline.events import FollowUpSkipped


def plan_of(tx: Connection, where: Row[Any]) -> Plan | None:
    """What the seller wants in this chat: the account's plan, unless the listing says otherwise."""
    kept, of_listing = follow_ups.wishes(tx, where)
    if of_listing is False:
        return None
    return following.read(kept) or (following.USUAL if of_listing else None)


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
    silence = follow_ups.silence(tx, where)
    number = silence.made if silence else 0
    why = why_not(tx, where, now)
    if why is None:
        why = _say(tx, where, number, now)
    if why not in (None, "asleep"):
        follow_ups.decided(tx, chat_id, now)
        news = FollowUpSkipped(**_head(where), number=number + 1, reason=why)
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


def _say(tx: Connection, where: Row[Any], number: int, now: datetime) -> str | None:
    """Intends the follow-up in the words that the instructions have for it; why it cannot be said, if so."""
    holder = accounts.one(tx, where.account_id)
    assert holder is not None, "without an account there is a reason not to say anything"
    listing = listings.one(tx, where.listing_id) if where.listing_id else None
    used = instructing.used(tx, where.account_id, where.listing_id)
    about = briefs.subject(holder, listing, where)
    known = values(used.instructions, about, where.client_name)
    text = templates.fill(following.words(used.instructions.templates, number), known)
    if not text:
        return "no_words"
    if len(text) > MAX_REPLY:
        return "too_long"  # with its variables; Avito would refuse it
    if (wrong := _unfounded(tx, where, used, about, text)) is not None:
        return guarding.REASON + wrong
    version = following.prompt_version(used)
    replies.intend_follow_up(tx, where, guard.tidy(text).strip(), version, now)
    return None


@dataclass(frozen=True)
class Words:
    """What a follow-up says, variables not filled in; `own`: the seller wrote it; `stopped`: why the guard would stop it."""

    text: str
    own: bool
    stopped: str | None


_OF_LISTINGS = {"title": "Объявление", "price": "по объявлению", "address": "по объявлению"}
"""Stand in for what only a listing knows, where no listing is looked at."""


def words_of(tx: Connection, account: Row[Any]) -> Sequence[Words]:
    """What an account's follow-ups say, by its own instructions. A listing's facts may still support what is stopped here."""
    said = instructing.used(tx, account.id, None).instructions
    about = briefs.subject(account, None)
    judge = guarding.judge(about, said, ())
    known = {name: value for name, value in values(said, about).items() if value}
    return [
        _words(following.words(said.templates, number), {**_OF_LISTINGS, **known}, judge)
        for number in range(following.MOST)
    ]


def _words(text: str, known: Mapping[str, str | None], judge: guarding.Judge) -> Words:
    filled = templates.fill(text, known)
    found = judge(filled) if filled else ()
    stopped = guarding.REASON + found[0].kind if found else None
    return Words(text, text not in following.WORDS, stopped if filled else "no_words")


def _unfounded(
    tx: Connection, where: Row[Any], used: Used, about: Subject, text: str
) -> guard.Kind | None:
    """What the guard finds first in a follow-up, as it would in a reply to this chat."""
    lines = briefs.as_lines(messages.of_dialog(tx, where.id, where.dialog_no))
    found = guarding.judge(about, used.instructions, lines)(text)
    return found[0].kind if found else None


def _zone(tx: Connection, where: Row[Any]) -> ZoneInfo:
    """The client's region's zone: the account's, for want of a better one."""
    holder = accounts.one(tx, where.account_id)
    return ZoneInfo(holder.zone if holder else "UTC")


def _head(where: Row[Any]) -> dict[str, Any]:
    return {"account_id": where.account_id, "listing_id": where.listing_id, "chat_id": where.id}
