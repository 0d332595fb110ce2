"""Looks after every chat that is due: one worker a chat, chats side by side, a slow one delays no other."""

import asyncio
import contextlib
import time
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.assistant.composing import Brief, Composed, compose
from bot.assistant.paying import Purse
from bot.assistant.policy import Leave
from bot.bootstrap import Bot
from bot.errors import BotError, BudgetSpent
from bot.jobs import calls, courtesy, following_up, instructing, listening
from bot.jobs.delivery import REQUEST, Delivery
from bot.jobs.intake import Rules
from bot.jobs.turn import Turn, look
from bot.store import chats, drafts, haggling, journal, leads, messages, notices, replies
from bot.store.chats import LEASE, Hold
from bot.store.engine import StoreUnavailable
from pipeline.events import DraftDiscarded, ReplyBlocked

log = structlog.get_logger()

AT_ONCE = 1200
"""Chats in hand at most: they mostly wait for the model."""

A_FEW = 16
LATE, PATIENCE = 0.05, 2.0
"""A crowd is taken up by so many at a time. While the loop is later than `LATE` seconds no more work is begun: it is the same
loop that hears Avito's calls, which wait for two seconds and are not repeated. Nobody is kept waiting longer than `PATIENCE`."""

MODEL_PATIENCE = 120.0
"""Seconds for which a broken model is asked again; after that a person must answer."""

STEPS = 8
"""Steps of one turn at most, so that no chat can hold its worker for ever."""

AFTER_A_FALL = timedelta(seconds=15)


class Answering:
    """The worker. `run` until cancelled; `drain` lets the turns in hand end."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._rules = Rules.of(bot.settings)
        self._delivery = Delivery(bot, self._rules, self._lease_is_safe)
        self._held: dict[
            str, tuple[Hold, float]
        ] = {}  # by chat, and until when the lease is ours by our own clock
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_leases())
            group.create_task(self._take_up())

    async def drain(self) -> None:
        """Waits for the turns in hand."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _take_up(self) -> None:
        while True:
            wait = 1.0
            try:
                wait = await self._claim()
                self._bot.pulse.beat("answering", self._bot.now())
            except StoreUnavailable as error:
                self._bot.pulse.beat("answering", self._bot.now(), ok=False, detail=str(error))
            await _loop_is_free()
            await self._bot.bells.chats.wait(wait)

    async def _claim(self) -> float:
        """Starts a turn for each chat that is due; seconds until the next one may be."""
        now, free = self._bot.now(), AT_ONCE - len(self._tasks)
        due = await self._bot.store.read(lambda tx: chats.next_unheld(tx, now))
        if free and due is not None and due <= now:
            for hold in await self._bot.store.write(
                lambda tx: chats.claim(tx, self._bot.name, now, min(free, A_FEW))
            ):
                self._start(hold)
            due = await self._bot.store.read(lambda tx: chats.next_unheld(tx, now))
        longest = (
            15.0 if self._bot.store.is_sqlite else 1.0
        )  # elsewhere other processes make work too
        return (
            longest
            if due is None
            else min(longest, max((due - self._bot.now()).total_seconds(), 0.02))
        )

    def _start(self, hold: Hold) -> None:
        self._held[hold.chat_id] = (hold, time.monotonic() + LEASE.total_seconds())
        task = asyncio.create_task(self._turn(hold))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep_leases(self) -> None:
        """Says three times in each lease that the workers of these chats are alive."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            holds = [hold for hold, _ in self._held.values()]
            started = time.monotonic()
            try:
                kept = await self._bot.store.write(partial(self._say_alive, holds=holds))
            except StoreUnavailable:
                continue
            for hold in kept:
                if hold.chat_id in self._held:
                    self._held[hold.chat_id] = (hold, started + LEASE.total_seconds())

    def _say_alive(self, tx: Connection, holds: list[Hold]) -> list[Hold]:
        return [hold for hold in holds if chats.alive(tx, hold, self._bot.now())]

    def _lease_is_safe(self, hold: Hold) -> bool:
        """Whether a request that leaves now is over before anybody else may take the chat (a paused process wakes up)."""
        _, until = self._held.get(hold.chat_id, (hold, 0.0))
        return time.monotonic() < until - REQUEST.total_seconds()

    # --- one turn -----------------------------------------------------------------------------------------------------

    async def _turn(self, hold: Hold) -> None:
        again_at: datetime | None = None
        structlog.contextvars.bind_contextvars(chat_id=hold.chat_id)
        try:
            for _ in range(STEPS):
                if not self._lease_is_safe(hold) or not await self._step(hold):
                    break
        except (BotError, StoreUnavailable) as error:
            log.warning("turn broken off", error=type(error).__name__)
            again_at = self._bot.now() + AFTER_A_FALL
        except Exception:  # a fault of ours in one chat must not stop the others
            log.exception("turn fell")
            again_at = self._bot.now() + AFTER_A_FALL
        finally:
            self._held.pop(hold.chat_id, None)
            await self._let_go(hold, again_at)

    async def _let_go(self, hold: Hold, again_at: datetime | None) -> None:
        def letting_go(tx: Connection) -> None:
            following_up.plan_next(tx, hold.chat_id, self._bot.now())
            chats.reschedule(tx, hold.chat_id, self._rules.pace)
            chats.release(tx, hold, again_at=again_at)

        with contextlib.suppress(StoreUnavailable):  # then the lease will run out
            await self._bot.store.write(letting_go)
        self._bot.bells.chats.ring()
        self._bot.bells.events.ring()
        self._bot.bells.leads.ring()

    async def _step(self, hold: Hold) -> bool:
        """One step; False if there is nothing to do in the chat right now."""
        now = self._bot.now()
        turn = await self._bot.store.read(lambda tx: look(tx, hold.chat_id, now))
        if turn.reply is not None:
            if turn.reply.next_at > now:
                return False
            await self._delivery.step(hold, turn, turn.reply)
        elif turn.burst_is_over(self._rules, now):
            await self._answer(hold, turn)
        elif not turn.burst and turn.draft is not None and turn.draft.due_at <= now:
            await self._bot.store.write(partial(self._end_of_wait, hold=hold))
        elif turn.audit is not None:
            await self._delivery.audit(hold, turn.audit)
        elif turn.chat.follow_up_at is not None and turn.chat.follow_up_at <= now:
            await self._bot.store.write(partial(self._follow_up, hold=hold))
        else:
            return False
        return True

    def _follow_up(self, tx: Connection, hold: Hold) -> None:
        """The client is silent, and it may be time to write first."""
        if chats.still_held(tx, hold):
            following_up.due(tx, hold.chat_id, self._bot.now())

    def _end_of_wait(self, tx: Connection, hold: Hold) -> None:
        """Nobody decided about a draft in time, or it is stale and nothing newer waits."""
        held = drafts.holding(tx, hold.chat_id)
        if held is not None and chats.still_held(tx, hold):
            if held.state == "waiting":
                drafts.expire(tx, held, self._bot.now())
            else:
                drafts.let_go(tx, held)

    def _gather(self, tx: Connection, hold: Hold, turn: Turn, now: datetime) -> Turn:
        """What waited with a draft that is stale waits with the newer messages, from here on."""
        if turn.draft is None or not chats.still_held(tx, hold):
            return turn
        drafts.outdate(tx, hold.chat_id, "superseded", now)
        drafts.let_go(tx, turn.draft)
        return look(tx, hold.chat_id, now)

    async def _answer(self, hold: Hold, turn: Turn) -> None:
        """Decides about the burst; if the model is asked, its draft becomes a reply that is intended."""
        now = self._bot.now()
        if turn.draft is not None:
            turn = await self._bot.store.write(partial(self._gather, hold=hold, turn=turn, now=now))
        decision = turn.decide(self._rules, now)
        readable = not isinstance(decision, Leave) or decision.verdict == "not_text"
        heard = await listening.listen(self._bot, turn.burst) if readable else "nothing"
        if heard == "words":
            return  # look again: there are more words now
        if heard == "unpaid" and isinstance(decision, Leave) and not self._asks_to_write(turn):
            decision = Leave("budget", "budget")
        if isinstance(decision, Leave):
            await self._bot.store.write(
                partial(self._leave, hold=hold, turn=turn, decision=decision)
            )
            return
        await self._bot.store.write(lambda tx: chats.working(tx, hold, "answering"))
        about = turn.chat.account_id, turn.chat.listing_id
        used = await self._bot.store.read(lambda tx: instructing.used(tx, *about))
        policy = await self._bot.store.read(lambda tx: instructing.haggling(tx, about[1]))
        brief = replace(turn.brief(used, now).by(self._bot.settings), haggling=policy)
        purse = self._bot.purses.of(**_head(turn))
        composed, _ = await asyncio.gather(self._compose(brief, purse), self._acquaint(hold, turn))
        await self._bot.store.write(lambda tx: self._decide_on(tx, hold, turn, composed))

    def _leave(self, tx: Connection, hold: Hold, turn: Turn, decision: Leave) -> None:
        """No reply by the model; where there was nothing to read, perhaps a kind request to write."""
        now = self._bot.now()
        if decision.verdict != "not_text" or not self._asks_to_write(turn):
            messages.judge(tx, turn.burst, decision.verdict, decision.reason, now)
        elif chats.still_held(tx, hold):
            fresh = look(tx, hold.chat_id, now)
            if not _stale(turn, fresh, now):
                draft, version = courtesy.draft(fresh.burst), courtesy.VERSION
                replies.intend(tx, fresh.chat, draft, fresh.burst, version, now)

    def _asks_to_write(self, turn: Turn) -> bool:
        wanted = self._rules.asks_to_write and turn.duty.may == "reply"
        return wanted and courtesy.is_due(turn.lines)

    async def _acquaint(self, hold: Hold, turn: Turn) -> None:
        """Who writes in a chat that is new to us. What was said there that no webhook told, the last look will find."""
        if turn.chat.described_at is not None:
            return
        try:
            told = await self._bot.avito(hold.account_id).chat(hold.chat_id)
        except BotError as error:
            log.info("chat could not be read before answering", error=error.kind)
            return
        await self._bot.store.write(lambda tx: chats.describe(tx, told, self._bot.now()))

    async def _compose(self, brief: Brief, purse: Purse) -> Composed:
        """Asks until there is a draft, asking is useless, or patience ends."""
        gives_up_at, wait = time.monotonic() + MODEL_PATIENCE, 1.0
        total = Composed(lead=brief.reading().lead)
        while True:
            try:
                async with asyncio.timeout_at(
                    asyncio.get_running_loop().time() + gives_up_at - time.monotonic()
                ):
                    composed = await compose(self._bot.writer, brief, purse)
            except TimeoutError:
                return total
            total = replace(composed, calls=(*total.calls, *composed.calls))
            if not isinstance(total.error, BudgetSpent):  # then the model was not asked
                trouble = total.error.kind if total.error else ""
                self._bot.pulse.beat("model", self._bot.now(), ok=not trouble, detail=trouble)
            if total.draft or (total.error and total.error.permanent):
                return total
            wait = max(wait, (total.error.retry_after or 0.0) if total.error else 0.0)
            if time.monotonic() + wait > gives_up_at:
                return total
            await asyncio.sleep(wait)
            wait = min(wait * 2, 15.0)

    # --- what becomes of a draft --------------------------------------------------------------------------------------

    def _decide_on(self, tx: Connection, hold: Hold, turn: Turn, composed: Composed) -> None:
        """A newer message or a person makes the draft stale; otherwise it is fixed as a reply, in one transaction."""
        now = self._bot.now()
        calls.record(tx, composed.calls, now, **_head(turn))
        self._blocked(tx, turn, composed, now)
        if not chats.still_held(tx, hold):
            return
        fresh = look(tx, hold.chat_id, now)
        if stale := _stale(turn, fresh, now):
            if composed.draft:
                news = DraftDiscarded(
                    **_head(fresh), reason=stale, prompt_version=composed.prompt_version
                )
                journal.record(tx, news, at=now)
            return
        self._lead(tx, fresh, composed, now)
        draft = composed.draft
        if isinstance(composed.error, BudgetSpent):
            messages.judge(tx, fresh.burst, "budget", "budget", now)
        elif draft is None:
            messages.judge(tx, fresh.burst, "left_to_human", "model_failed", now)
        elif not draft.reply:
            self._hand_over(tx, fresh, draft.hand_off_reason or "model_hand_off", now)
        elif fresh.duty.may == "draft" or composed.only_draft:
            until, version = now + self._rules.answer_within, composed.prompt_version
            drafts.write(tx, fresh.chat, draft, fresh.burst, version, now, until=until)
            notices.call_person(tx, hold.chat_id, "draft_waits", now)
        elif replies.too_many(tx, hold.chat_id, self._rules.replies_per_hour, now):
            self._hand_over(tx, fresh, "too_many_replies", now)
        else:
            replies.intend(tx, fresh.chat, draft, fresh.burst, composed.prompt_version, now)

    def _hand_over(self, tx: Connection, turn: Turn, reason: str, now: datetime) -> None:
        """Nothing is said; a person has the chat and all that waits in it."""
        chats.hand_off(tx, turn.chat.id, reason, self._rules.pause_hours, now)
        messages.judge(tx, turn.burst, "left_to_human", reason, now)

    def _lead(self, tx: Connection, turn: Turn, composed: Composed, now: datetime) -> None:
        """Keeps what became known, offers too. Who gave no name is called as at Avito."""
        known = composed.lead
        fields = replace(known, name=known.name or turn.chat.client_name)
        made = [(one.by, one.roubles) for one in composed.offers]
        haggling.note(tx, turn.chat, made, composed.agreed, now)
        crm = self._bot.crm.name if self._bot.crm else None
        leads.note(tx, turn.chat, fields, crm, now, composed.lead_needs)

    def _blocked(self, tx: Connection, turn: Turn, composed: Composed, now: datetime) -> None:
        """Tells the log what the guard stopped: the kinds, never the words."""
        if composed.guarded.found:
            news = ReplyBlocked(
                **_head(turn),
                kinds=composed.guarded.kinds,
                repaired=composed.guarded.repaired,
                prompt_version=composed.prompt_version,
            )
            journal.record(tx, news, at=now)


async def _loop_is_free() -> None:
    """Returns as soon as a short sleep is short."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + PATIENCE
    while (asked := loop.time()) < ends:
        await asyncio.sleep(LATE / 10)
        if loop.time() - asked < LATE:
            return


def _stale(drafted: Turn, fresh: Turn, now: datetime) -> str | None:
    """Why the draft does not fit the chat any more, if so."""
    if chats.is_humans(fresh.chat, now):
        return "human_wrote"
    if fresh.duty.may == "nothing":
        return fresh.duty.reason
    if [m.no for m in fresh.burst] != [m.no for m in drafted.burst]:
        return "superseded"
    return None


def _head(turn: Turn) -> dict[str, Any]:
    return {
        "account_id": turn.chat.account_id,
        "listing_id": turn.chat.listing_id,
        "chat_id": turn.chat.id,
    }
