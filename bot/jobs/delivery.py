"""Carries a reply to Avito, once, although Avito takes no idempotency key; `bot.store.replies` has the states.

Every crash leaves a state from which the next worker goes on: see `docs/reply-ledger.md`.
"""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from bot.assistant.masking import mask
from bot.assistant.policy import Leave, silent
from bot.avito.wire import read_webhook
from bot.bootstrap import Bot
from bot.errors import (
    AvitoBusy,
    AvitoError,
    AvitoUnreachable,
    BotError,
    OutcomeUnknown,
    TokenRejected,
)
from bot.jobs import duties, following_up
from bot.jobs.intake import Heard, Rules, absorb, oldest_first
from bot.jobs.turn import Turn
from bot.model import WireMessage
from bot.store import awaiting, chats, journal, messages, notices, replies
from bot.store.chats import Hold
from bot.store.tables import account, inbox, message
from pipeline.events import MessageSent

REQUEST = timedelta(seconds=10)
"""How long a request to Avito may take in all."""

SETTLE = {
    "no_answer": (timedelta(seconds=5), timedelta(seconds=15), timedelta(seconds=40)),
    "bad_answer": (timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)),
}
"""How long to wait before each look into the history. An answer, even a bad one, means that Avito is done with it."""

ATTEMPTS = 3
PAGES = 3
"""Pages of history that a look may turn; the chat moved on so far that nobody would read an answer."""

# Not by account: what waits is little, and only an index of what waits finds it without the rest.
_UNHEARD = (
    select(inbox.c.body, inbox.c.received_at)
    .where(inbox.c.done_at.is_(None), inbox.c.body.like(bindparam("chat")))
    .order_by(inbox.c.no)
)


class Delivery:
    """Takes one step with a reply; the caller holds the chat."""

    def __init__(self, bot: Bot, rules: Rules, lease_is_safe: Callable[[Hold], bool]) -> None:
        self._bot = bot
        self._rules = rules
        self._lease_is_safe = lease_is_safe

    async def step(self, hold: Hold, turn: Turn, row: Row[Any]) -> None:
        """Whatever the reply's state asks for now."""
        match row.state:
            case "intended":
                await self._send(hold, turn, row)
            case "sending":
                await self._orphan(hold, row)
            case "unknown":
                await self._look(hold, row)

    # --- intended: read, check, commit the attempt, send --------------------------------------------------------------

    async def _send(self, hold: Hold, turn: Turn, row: Row[Any]) -> None:
        """1. Read the chat as it is now. 2. Check, and commit the attempt. 3. Send. 4. Commit what came of it."""
        now = self._bot.now()
        if now - row.created_at > self._rules.answer_within:
            await self._bot.store.write(
                lambda tx: self._give_up(tx, row, "too_old", "left_to_human")
            )
            return
        try:
            history = await self._bot.avito(row.account_id).messages(row.chat_id, limit=50)
        except BotError as error:
            await self._not_read(row, error)
            return
        if await self._bot.store.write(lambda tx: self._check(tx, hold, row, history)):
            await self._post(hold, row)

    def _check(
        self, tx: Connection, hold: Hold, row: Row[Any], history: Sequence[WireMessage]
    ) -> bool:
        """The last look, in the transaction that commits the attempt: still ours, no person, no newer message."""
        now = self._bot.now()
        if not chats.still_held(tx, hold):
            return False
        self._hear(tx, row, now)
        self.take_in(tx, hold, history)
        if row.author == "assistant" and self._held_back(tx, row, now):
            return False
        unasked = row.author == "assistant" and not _approved(row)
        if unasked and replies.too_many(
            tx, row.chat_id, self._rules.replies_per_hour, now, beside=row.id
        ):
            chats.hand_off(tx, row.chat_id, "too_many_replies", self._rules.pause_hours, now)
            self._give_up(tx, row, "too_many_replies", "left_to_human")
            return False
        chats.working(tx, hold, "sending")
        return replies.attempt(tx, row, history[0].id if history else "", now)

    def _held_back(self, tx: Connection, row: Row[Any], now: datetime) -> bool:
        """Whether the chat moved on, or the seller told the assistant to be silent since; then the reply is dropped."""
        if row.kind == "follow_up" and (why := _unwanted(tx, row, now)):
            replies.drop(tx, row, why, now)
            return True
        if reason := _moved_on(tx, row, now):
            if replies.drop(tx, row, reason, now) and reason == "human_wrote":
                replies.step_aside(tx, row.chat_id, reason, now)
            return True
        if (leave := _silenced(tx, row, now)) is not None:
            self._give_up(tx, row, leave.reason or "", leave.verdict)
            return True
        return False

    def _hear(self, tx: Connection, row: Row[Any], now: datetime) -> None:
        """Takes in what the webhook wrote down about this chat and nobody has come to yet: the history may lag."""
        for call in tx.execute(_UNHEARD, {"chat": f"%{row.chat_id}%"}).all():
            told = read_webhook(call.body.encode())
            if told is not None and told.chat_id == row.chat_id:
                absorb(tx, Heard(told.message, "webhook", call.received_at), self._rules, now)

    async def _post(self, hold: Hold, row: Row[Any]) -> None:
        if not self._lease_is_safe(hold):
            return  # the process was paused since the commit: whoever holds the chat next goes on
        store = self._bot.store
        try:
            message_id = await self._bot.avito(row.account_id).send(row.chat_id, row.text)
        except OutcomeUnknown as error:
            why = "bad_answer" if error.answered else "no_answer"
            await store.write(lambda tx: self._doubt(tx, hold, row.id, why))
        except (AvitoBusy, AvitoUnreachable) as error:
            wait, kind = _backoff(row.refusals, error.retry_after), error.kind
            await store.write(lambda tx: self._refuse(tx, row.id, kind, wait))
        except BotError as error:
            await store.write(partial(self._impossible, reply_id=row.id, error=error))
        else:
            await store.write(lambda tx: self._sent(tx, row.id, message_id))

    def _sent(self, tx: Connection, reply_id: str, message_id: str) -> None:
        """Avito's answer is the best evidence: it may also correct what an echo made us believe."""
        now, row = self._bot.now(), replies.one(tx, reply_id)
        if not replies.sent(
            tx, row, message_id, "answer", self._rules.pause_hours, now
        ) and row.sent_message_id not in (None, message_id):
            replies.correct(tx, row, message_id, now)
        where = chats.get(tx, row.chat_id)
        if where is not None and _note_own(tx, where, row, message_id, now):
            news = MessageSent(
                account_id=row.account_id,
                listing_id=row.listing_id,
                chat_id=row.chat_id,
                message_id=message_id,
                author=row.author,
                type="text",
                text=mask(row.text),
                found_by="sending",
                received_at=now,
                reply_id=row.id,
            )
            journal.record(tx, news, at=now)

    # --- what may go wrong --------------------------------------------------------------------------------------------

    async def _not_read(self, row: Row[Any], error: BotError) -> None:
        """The chat could not be read, so nothing was tried."""
        if error.permanent:
            await self._bot.store.write(lambda tx: self._hopeless(tx, row, error))
            return
        again = self._bot.now() + _backoff(row.refusals, error.retry_after)
        await self._bot.store.write(lambda tx: replies.put_off(tx, row, error.kind, again))

    def _doubt(self, tx: Connection, hold: Hold, reply_id: str, why: str) -> None:
        now = self._bot.now()
        replies.doubted(tx, replies.one(tx, reply_id), why, now + SETTLE[why][0], now)

    def _refuse(self, tx: Connection, reply_id: str, kind: str, wait: timedelta) -> None:
        now = self._bot.now()
        replies.refused(tx, replies.one(tx, reply_id), kind, now + wait, now)

    def _impossible(self, tx: Connection, reply_id: str, error: BotError) -> None:
        """Avito will never take it: certainly not done, and useless to repeat."""
        now = self._bot.now()
        replies.refused(tx, replies.one(tx, reply_id), error.kind, now, now)
        self._hopeless(tx, replies.one(tx, reply_id), error)

    def _hopeless(self, tx: Connection, row: Row[Any], error: BotError) -> None:
        if isinstance(error, TokenRejected):
            self._give_up(tx, row, "account_unusable", "left_to_human")
        else:
            self._give_up(tx, row, "reply_refused", "failed")
            status = f" (HTTP {error.status})" if isinstance(error, AvitoError) else ""
            notices.add(
                tx,
                "reply_refused",
                row.account_id,
                f"{row.chat_id}: {error.kind}{status}",
                self._bot.now(),
            )

    def _give_up(self, tx: Connection, row: Row[Any], reason: str, verdict: Any) -> None:
        now = self._bot.now()
        covered = messages.covered_by(tx, row.id)
        if replies.drop(tx, row, reason, now):
            messages.judge(tx, covered, verdict, reason, now)

    # --- unknown: the history tells -----------------------------------------------------------------------------------

    async def _orphan(self, hold: Hold, row: Row[Any]) -> None:
        """Its process died between committing the attempt and committing what came of it."""
        now = self._bot.now()
        answered_by = max(now, row.started_at + REQUEST)
        again = answered_by + SETTLE["no_answer"][0]
        await self._bot.store.write(lambda tx: replies.doubted(tx, row, "no_answer", again, now))

    async def _look(self, hold: Hold, row: Row[Any]) -> None:
        """Reads back to where the chat stood before the first attempt. Seen: sent. Three clean looks: not there."""
        try:
            history = await self._back_to(row)
        except BotError:
            again = self._bot.now() + timedelta(seconds=5)
            await self._bot.store.write(lambda tx: replies.not_seen(tx, row, again, clean=False))
            return
        await self._bot.store.write(lambda tx: self._looked(tx, hold, row.id, history))

    def _looked(
        self, tx: Connection, hold: Hold, reply_id: str, history: Sequence[WireMessage]
    ) -> None:
        if not chats.still_held(tx, hold):
            return
        self.take_in(tx, hold, history)
        now, row = self._bot.now(), replies.one(tx, reply_id)
        if row.state != "unknown":
            return
        waits = SETTLE.get(row.error, SETTLE["no_answer"])
        clean = row.clean_reads + 1
        if clean < len(waits):
            replies.not_seen(tx, row, now + waits[clean], clean=True)
        else:
            self._not_there(tx, row, now)

    def _not_there(self, tx: Connection, row: Row[Any], now: datetime) -> None:
        """Certain enough that Avito does not have it: again, unless the chat moved on or it was tried too often."""
        if row.kind == "follow_up":
            replies.drop(tx, row, "unknown_outcome", now)  # rather none than two
            return
        ours = row.author == "assistant"
        reason = _moved_on(tx, row, now) if ours else None
        if reason == "human_wrote":
            self._give_up(tx, row, reason, "left_to_human")
        elif reason:
            replies.drop(
                tx, row, reason, now
            )  # its messages wait again, together with the newer ones
        elif ours and (leave := _silenced(tx, row, now)) is not None:
            self._give_up(tx, row, leave.reason or "", leave.verdict)
        elif row.attempts >= ATTEMPTS:
            self._give_up(tx, row, "unknown_outcome", "left_to_human")
            notices.add(tx, "unknown_reply", row.account_id, row.chat_id, now)
        else:
            replies.intend_again(tx, row, now)

    # --- late twins ---------------------------------------------------------------------------------------------------

    async def audit(self, hold: Hold, row: Row[Any]) -> None:
        """Looks whether a reply that was tried more than once, or given up, is there too often, and deletes the rest."""
        avito = self._bot.avito(row.account_id)
        try:
            history = await self._back_to(row)
            twins = await self._bot.store.write(lambda tx: self._twins(tx, hold, row, history))
            for twin in twins:
                await avito.delete(row.chat_id, twin.id)
                await self._bot.store.write(partial(self._took_back, twin=twin))
        except BotError as error:
            if not error.permanent:
                await self._bot.store.write(
                    lambda tx: replies.audit_again(tx, row, self._bot.now() + REQUEST)
                )
                return
        await self._bot.store.write(lambda tx: replies.audited(tx, row, self._bot.now()))

    def _took_back(self, tx: Connection, twin: Row[Any]) -> None:
        messages.deleted(tx, twin, "assistant", self._bot.now())

    def _twins(
        self, tx: Connection, hold: Hold, row: Row[Any], history: Sequence[WireMessage]
    ) -> list[Row[Any]]:
        self.take_in(tx, hold, history)
        return list(
            tx.execute(
                select(message).where(
                    message.c.reply_id == row.id,
                    message.c.author == row.author,
                    message.c.id != (row.sent_message_id or ""),
                    message.c.deleted_at.is_(None),
                )
            )
        )

    # --- reading ------------------------------------------------------------------------------------------------------

    async def _back_to(self, row: Row[Any]) -> list[WireMessage]:
        """The chat's newest messages, back to the baseline of the reply."""
        history: list[WireMessage] = []
        for page in range(PAGES):
            told = await self._bot.avito(row.account_id).messages(
                row.chat_id, limit=100, offset=100 * page
            )
            history += told
            if len(told) < 100 or row.baseline in {m.id for m in told}:
                break
        return history

    def take_in(self, tx: Connection, hold: Hold, history: Sequence[WireMessage]) -> int:
        """Takes in what we had not heard of; nothing from before the account was connected. How many that were."""
        since = tx.scalar(select(account.c.connected_at).where(account.c.id == hold.account_id))
        known = messages.known(tx, hold.account_id, [m.id for m in history])
        now, found = self._bot.now(), 0
        for told in oldest_first(history):
            if (
                told.id not in known
                and since is not None
                and told.created_at >= since.replace(microsecond=0)
            ):
                found += absorb(tx, Heard(told, "reading", now), self._rules, now)
        return found


def _unwanted(tx: Connection, row: Row[Any], now: datetime) -> str | None:
    """Why a follow-up must not be sent any more, if so."""
    where = chats.get(tx, row.chat_id)
    return following_up.why_not(tx, where, now, beside=row.id) if where else "moved_on"


def _moved_on(tx: Connection, row: Row[Any], now: datetime) -> str | None:
    """Why a reply of the assistant must not be sent any more, if so."""
    where = chats.get(tx, row.chat_id)
    if where is None or replies.person_was_faster(tx, row):
        return "human_wrote"
    if chats.is_humans(where, now) and not _approved(row):
        return "human_wrote"
    if any(m.reply_id != row.id for m in messages.open_in(tx, row.chat_id)):
        return "superseded"
    if not _approved(row) and duties.of_chat(tx, where, now).may == "draft":
        return "mode_changed"
    return None


def _silenced(tx: Connection, row: Row[Any], now: datetime) -> Leave | None:
    """What becomes of the messages of a reply that the seller would not have sent any more, if so."""
    where = chats.get(tx, row.chat_id)
    return None if where is None or _approved(row) else silent(duties.of_chat(tx, where, now))


def _approved(row: Row[Any]) -> bool:
    """Whether a manager let this very text go out: then modes and switches say nothing about it."""
    return row.created_by is not None


def _note_own(
    tx: Connection, where: Row[Any], row: Row[Any], message_id: str, now: datetime
) -> bool:
    """Keeps the message that a reply became; False if its echo was here first."""
    told = WireMessage(
        id=message_id,
        account_id=row.account_id,
        chat_id=row.chat_id,
        listing_id=row.listing_id,
        author="own",
        author_id=row.account_id,
        kind="text",
        text=row.text,
        content={"text": row.text},
        created_at=now,
        chat_type=where.chat_type,
    )
    fresh = messages.add(tx, told, where, author=row.author, found_by="sending", received_at=now)
    messages.attribute(tx, row.account_id, message_id, row.author, row.id)
    if fresh:
        chats.touch(tx, row.chat_id, now)
        awaiting.answered(tx, where)
    return fresh


def _backoff(refusals: int, retry_after: float | None) -> timedelta:
    """2, 4, 8, 16, then 30 s, with jitter; at least as long as Avito asks for."""
    wait = min(2.0 * 2**refusals, 30.0) * random.uniform(0.8, 1.2)
    return timedelta(seconds=max(wait, retry_after or 0.0))
