"""Takes messages in, from wherever they were heard, and says what follows from each at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from bot.assistant.masking import mask
from bot.assistant.policy import Leave, on_arrival
from bot.jobs import duties
from bot.model import ANSWERABLE, SILENT, WireMessage
from bot.settings import Settings
from bot.store import awaiting, chats, drafts, journal, messages, replies
from pipeline.events import Author, Event, FoundBy, MessageReceived, MessageSent


@dataclass(frozen=True)
class Rules:
    """What the seller's settings say about time and measure."""

    pace: chats.Pace
    pause_hours: float
    answer_within: timedelta
    silence: timedelta
    replies_per_hour: int
    sees_pictures: bool = False
    asks_to_write: bool = False  # where there is nothing to read

    @classmethod
    def of(cls, settings: Settings) -> "Rules":
        return cls(
            pace=chats.Pace(
                timedelta(seconds=settings.reply_quiet_seconds),
                timedelta(seconds=settings.reply_max_wait_seconds),
            ),
            pause_hours=settings.human_pause_hours,
            answer_within=timedelta(minutes=settings.answer_within_minutes),
            silence=timedelta(hours=settings.dialog_silence_hours),
            replies_per_hour=settings.replies_per_chat_hour,
            sees_pictures=settings.openai_vision == "on",
            asks_to_write=settings.unreadable_reply == "ask",
        )


@dataclass(frozen=True)
class Heard:
    """A message, how we came to know it, and when."""

    message: WireMessage
    found_by: FoundBy
    received_at: datetime


def oldest_first(history: Sequence[WireMessage]) -> list[WireMessage]:
    """Avito lists the newest first and dates to the second: within one second its own order counts."""
    lines = list(history)
    lines.reverse()
    lines.sort(key=lambda told: told.created_at)
    return lines


def absorb(tx: Connection, heard: Heard, rules: Rules, now: datetime) -> bool:
    """Takes one message in; False if it was known, or belongs to a chat of another account.

    1. The chat, made when it is new.
    2. The message, once: of two who hear of it only one goes on.
    3. Who wrote it; for the seller's side the reply ledger knows.
    4. What follows: a verdict at once, a burst that goes on, a person who takes the chat.
    """
    told = heard.message
    if told.kind == "deleted" and (before := messages.one(tx, told.account_id, told.id)):
        messages.deleted(tx, before, "client" if told.author == "client" else "human_app", now)
        return False
    where = chats.see(tx, told, silence=rules.silence, now=now)
    if where is None:
        return False
    first_guess = "human_app" if told.author == "own" else told.author
    if not messages.add(
        tx, told, where, author=first_guess, found_by=heard.found_by, received_at=heard.received_at
    ):
        return False
    if told.author == "own":
        _own_words(tx, where, heard, rules, now)
    else:
        _record(tx, MessageReceived, where, heard, told.author, now)
        if told.author == "client":
            _client_wrote(tx, where, heard, rules, now)
    chats.reschedule(tx, told.chat_id, rules.pace)
    return True


def _own_words(tx: Connection, where: Row[Any], heard: Heard, rules: Rules, now: datetime) -> None:
    """Ours if the ledger knows it; else a person answered in the Avito app, and the chat is theirs."""
    told, how = heard.message, "echo" if heard.found_by == "webhook" else "history"
    ours = replies.recognise(
        tx, told.chat_id, told.id, told.text, told.created_at, how, rules.pause_hours, now
    )
    author: Author = ours.author if ours else "human_app"
    if ours:
        messages.attribute(tx, told.account_id, told.id, author, ours.id)
    _record(tx, MessageSent, where, heard, author, now, reply_id=ours.id if ours else None)
    awaiting.answered(tx, where)
    if ours is None and told.kind not in SILENT:
        _person_wrote(tx, where, told.created_at, rules, now)


def _person_wrote(
    tx: Connection, where: Row[Any], at: datetime, rules: Rules, now: datetime
) -> None:
    left = rules.pause_hours - (now - at).total_seconds() / 3600
    if left > 0:
        if duties.of_chat(tx, where, now).gives_way:
            chats.came(tx, where, "human_app", now)
        else:
            chats.take(tx, where.id, "human_app", left, None, now, reason="human_wrote")
        replies.step_aside(tx, where.id, "human_wrote", now)


def _client_wrote(
    tx: Connection, where: Row[Any], heard: Heard, rules: Rules, now: datetime
) -> None:
    told = heard.message
    if told.kind in SILENT:
        return
    drafts.outdate(tx, where.id, "superseded", now)
    decision = on_arrival(
        known_kind=told.kind in ANSWERABLE,
        duty=duties.of_chat(tx, where, now),
        humans_reason=where.owner_reason or "taken" if chats.is_humans(where, now) else None,
        too_old=now - told.created_at > rules.answer_within,
    )
    if isinstance(decision, Leave):
        row = messages.one(tx, told.account_id, told.id)
        messages.judge(tx, [row] if row else [], decision.verdict, decision.reason, now)


def _record(
    tx: Connection,
    kind: Callable[..., Event],
    where: Row[Any],
    heard: Heard,
    author: str,
    now: datetime,
    **more: Any,
) -> None:
    told = heard.message
    news = kind(
        account_id=told.account_id,
        listing_id=told.listing_id or where.listing_id,
        chat_id=told.chat_id,
        message_id=told.id,
        author=author,
        type=told.kind,
        text=None if told.text is None else mask(told.text),
        found_by=heard.found_by,
        received_at=heard.received_at,
        **more,
    )
    journal.record(tx, news, at=told.created_at, now=now)
