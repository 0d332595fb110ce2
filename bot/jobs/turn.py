"""What a worker knows about a chat when it looks at it: read at once, decided on as a value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from bot.assistant.composing import Brief
from bot.assistant.instructions import Used
from bot.assistant.modes import Duty
from bot.assistant.policy import Decision, on_burst
from bot.jobs import duties
from bot.jobs.briefs import as_lines, brief
from bot.jobs.intake import Rules
from bot.store import chats, drafts, messages, replies
from bot.store.tables import account, chat, listing

_CHAT = select(chat).where(chat.c.id == bindparam("chat"))
_ACCOUNT = select(account).where(account.c.id == bindparam("account"))
_LISTING = select(listing).where(listing.c.id == bindparam("listing"))


@dataclass(frozen=True)
class Turn:
    """A chat as our database has it now."""

    chat: Row[Any]
    account: Row[Any]
    listing: Row[Any] | None
    duty: Duty  # what the assistant may do here
    reply: Row[Any] | None  # the oldest that is under way
    draft: Row[Any] | None  # that messages wait with
    audit: Row[Any] | None  # sent, and to be looked after now
    burst: Sequence[Row[Any]]  # client messages without verdict and without a reply, oldest first
    lines: Sequence[Row[Any]]  # of the dialog so far, oldest first

    def burst_is_over(self, rules: Rules, now: datetime) -> bool:
        if not self.burst:
            return False
        arrived = [row.received_at for row in self.burst]
        return rules.pace.over(min(arrived), max(arrived), self.duty.wait) <= now

    def decide(self, rules: Rules, now: datetime) -> Decision:
        return on_burst(
            [_readable_as(row, rules) for row in self.burst],
            duty=self.duty,
            account_usable=self.account.state == "connected",
            humans_reason=self.chat.owner_reason or "taken"
            if chats.is_humans(self.chat, now)
            else None,
            too_old=now - self.burst[-1].created_at > rules.answer_within + self.duty.wait,
        )

    def brief(self, used: Used, now: datetime) -> Brief:
        """What the assistant may know when it writes."""
        return brief(self.account, self.listing, as_lines(self.lines), used, now, chat=self.chat)

    def client_said(self) -> list[str]:
        """What the client wrote in this dialog, oldest first."""
        return [row.text for row in self.lines if row.author == "client" and row.text]


def look(tx: Connection, chat_id: str, now: datetime) -> Turn:
    """Reads all that a worker may need to know about a chat."""
    where = tx.execute(_CHAT, {"chat": chat_id}).one()
    under_way = replies.open_in(tx, chat_id)
    return Turn(
        chat=where,
        account=tx.execute(_ACCOUNT, {"account": where.account_id}).one(),
        listing=tx.execute(_LISTING, {"listing": where.listing_id}).one_or_none(),
        duty=duties.of_chat(tx, where, now),
        reply=under_way[0] if under_way else None,
        draft=drafts.holding(tx, chat_id),
        audit=replies.to_audit(tx, chat_id, now),
        burst=[row for row in messages.open_in(tx, chat_id) if row.reply_id is None],
        lines=messages.of_dialog(tx, chat_id, where.dialog_no),
    )


def _readable_as(row: Row[Any], rules: Rules) -> str:
    """The kind by which it is decided: speech that was put into words, and a picture that is seen, are as text."""
    heard = row.kind == "voice" and row.text
    seen = row.kind == "image" and rules.sees_pictures
    return "text" if heard or seen else str(row.kind)
