"""One dialog as it is played: who says what, and which facts the bot writes down about it."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from pipeline.events import (
    Author,
    ChatHandedOff,
    ChatOpened,
    ChatTaken,
    DraftDiscarded,
    Event,
    FoundBy,
    LeadChanged,
    LeadCompleted,
    LeadCreated,
    MessageAttributed,
    MessageDeleted,
    MessageReceived,
    MessageSent,
    ModelCalled,
    ReplyAttempted,
    ReplyDoubted,
    ReplyIntended,
    ReplyRefused,
    ReplySent,
    Verdict,
    VerdictGiven,
)
from pipeline.sample.facts import (
    DOUBTED_SECONDS,
    MODEL_SECONDS,
    MODEL_SPREAD,
    QUIET,
    REFUSED_SECONDS,
    SEND_SECONDS,
)
from pipeline.sample.world import MODEL, RUB_PER_TOKEN_IN, RUB_PER_TOKEN_OUT, ListingTruth, World


class Happening(NamedTuple):
    """An event, its own moment, and when the bot came to know of it."""

    known: datetime
    at: datetime
    event: Event


@dataclass
class Scene:
    """A stage with a clock. Every method lets something happen and moves the clock to the end of
    it."""

    rng: random.Random
    world: World
    listing: ListingTruth
    chat_id: str
    clock: datetime
    with_assistant: bool
    """The assistant is on for the listing while this dialog lasts."""
    happenings: list[Happening] = field(default_factory=list)
    waiting: list[tuple[str, datetime]] = field(default_factory=list)
    """Client messages without a verdict, and when each was known."""

    def passes(self, seconds: float) -> None:
        """Time goes by."""
        self.clock += timedelta(seconds=seconds)

    def about(self, median_seconds: float, spread: float = 0.8) -> float:
        """A span in seconds as people take them: most are near the median, some are very long."""
        return median_seconds * self.rng.lognormvariate(0, spread)

    def opens(self) -> None:
        """The chat is new to the bot."""
        self._note(ChatOpened(**self._where(), chat_type="u2i"), at=self.clock)

    def client_says(
        self,
        text: str | None,
        kind: str = "text",
        arrival: tuple[FoundBy, datetime] | None = None,
    ) -> None:
        """The client writes; the webhook tells of it, or a sweep finds it later."""
        message_id, at = self.new_id(), self.clock.replace(microsecond=0)
        found_by, known = arrival or self._arrival(at)
        self._note(
            MessageReceived(
                **self._where(message_id),
                author="client",
                type=kind,
                text=text,
                found_by=found_by,
                received_at=known,
            ),
            at=at,
            known=known,
        )
        self.waiting.append((message_id, known))

    def avito_says(self, text: str) -> None:
        """A notice of the platform, which nobody has to answer."""
        at = self.clock.replace(microsecond=0)
        found_by, known = self._arrival(at)
        self._note(
            MessageReceived(
                **self._where(self.new_id()),
                author="avito",
                type="system",
                text=text,
                found_by=found_by,
                received_at=known,
            ),
            at=at,
            known=known,
        )

    def heard(self) -> None:
        """The clock goes on to when the bot knows all that was said."""
        self.clock = max(self.clock, *(known for _, known in self.waiting))

    def is_quiet(self) -> None:
        """The burst is over."""
        self.heard()
        self.passes(QUIET)

    def assistant_answers(self, text: str, intent: str = "answer") -> datetime:
        """Quiet, model, ledger, Avito, verdicts. Gives the moment at which the client could read
        the answer."""
        self.is_quiet()
        cost = self.model_called()
        return self.reply(text, cost, intent, self.rng.random())

    def model_called(
        self, outcome: str = "ok", seconds: float | None = None
    ) -> tuple[int, int, float, int]:
        """The model thinks; tokens in, tokens out, roubles, milliseconds."""
        seconds = self.about(MODEL_SECONDS, MODEL_SPREAD) if seconds is None else seconds
        tokens_in = 900 + int(1600 * self.rng.random())
        tokens_out = 40 + int(180 * self.rng.random()) if outcome == "ok" else 0
        cost = round(tokens_in * RUB_PER_TOKEN_IN + tokens_out * RUB_PER_TOKEN_OUT, 6)
        self.passes(seconds)
        self._note(
            ModelCalled(
                **self._where(),
                model=MODEL,
                outcome=outcome,
                tokens_in=tokens_in,
                tokens_out=tokens_out,
                cost_rub=cost,
                latency_ms=int(seconds * 1000),
            )
        )
        return tokens_in, tokens_out, cost, int(seconds * 1000)

    def draft_discarded(self) -> None:
        """What the model wrote is thrown away, for the client wrote meanwhile."""
        self._note(DraftDiscarded(**self._where(), reason="newer_message"))

    def verdicts(self, verdict: Verdict, reason: str | None) -> None:
        """What became of all that wait, without a reply."""
        for message_id, known in self.waiting:
            soon = max(known + timedelta(milliseconds=40), self.clock)
            self._note(
                VerdictGiven(
                    **self._where(message_id), verdict=verdict, reason=reason, received_at=known
                ),
                at=soon,
            )
        self.waiting.clear()

    def handed_off(self, reason: str) -> None:
        """The assistant steps aside."""
        self.heard()
        self.verdicts("not_text" if reason == "not_text" else "left_to_human", reason)
        self._note(ChatHandedOff(**self._where(), reason=reason))

    def person_answers(self, text: str, by: Author = "human_app") -> datetime:
        """A person writes, in the Avito app or in the dashboard; the chat is theirs for a while."""
        message_id, at = self.new_id(), self.clock.replace(microsecond=0)
        found_by, known = self._arrival(at)
        if by == "human_dashboard":
            found_by, known = "sending", at
        self._note(
            MessageSent(
                **self._where(message_id),
                author=by,
                type="text",
                text=text,
                found_by=found_by,
                received_at=known,
            ),
            at=at,
            known=known,
        )
        if self.with_assistant:
            self._note(ChatTaken(**self._where(), by=by, until=at + timedelta(hours=12)), at=known)
        return at

    def lead(self, complete: bool, fails: bool) -> None:
        """A lead is made, and goes to the CRM."""
        lead_id = self.new_id()
        self._note(
            LeadCreated(
                **self._where(), lead_id=lead_id, crm="dezexpert", fields=("phone", "pestType")
            )
        )
        self.passes(1.5)
        self._note(LeadChanged(**self._where(), lead_id=lead_id, state="sending"))
        self.passes(0.4)
        done = LeadChanged(
            **self._where(),
            lead_id=lead_id,
            state="failed" if fails else "sent",
            crm_lead_id=None if fails else str(self.rng.randrange(10_000, 99_999)),
            error="CrmRefused" if fails else None,
        )
        self._note(done)
        if complete:
            self.passes(60)
            self._note(LeadCompleted(**self._where(), lead_id=lead_id, fields=("name", "address")))

    def last_message_deleted(self) -> None:
        """The client takes the last line back."""
        last = next(h for h in reversed(self.happenings) if isinstance(h.event, MessageReceived))
        self.passes(4)
        self._note(MessageDeleted(**self._where(last.event.message_id), by="client"))

    def new_id(self) -> str:
        return f"{self.rng.getrandbits(128):032x}"

    def reply(
        self, text: str, cost: tuple[int, int, float, int], intent: str, chance: float
    ) -> datetime:
        """A draft becomes a reply and goes out. By `chance` Avito refuses it once, or nobody knows
        at first whether it took it, or the echo comes before the answer."""
        tokens_in, tokens_out, cost_rub, latency_ms = cost
        reply_id = self.new_id()
        self._note(
            ReplyIntended(
                **self._where(),
                reply_id=reply_id,
                author="assistant",
                covers=len(self.waiting),
                prompt_version=self.world.prompt(self.clock),
                model=MODEL,
                tokens_in=tokens_in,
                tokens_out=tokens_out,
                cost_rub=cost_rub,
                latency_ms=latency_ms,
                intent=intent,
            )
        )
        refused = chance < self.world.chances.refused
        doubted = not refused and chance < self.world.chances.refused + self.world.chances.doubted
        self._note(ReplyAttempted(**self._where(), reply_id=reply_id, attempt=1))
        if refused:
            self._note(
                ReplyRefused(**self._where(), reply_id=reply_id, attempt=1, error="AvitoBusy")
            )
            self.passes(REFUSED_SECONDS)
            self._note(ReplyAttempted(**self._where(), reply_id=reply_id, attempt=2))
        if doubted:
            self.passes(DOUBTED_SECONDS)
            self._note(ReplyDoubted(**self._where(), reply_id=reply_id, error="OutcomeUnknown"))
        self.passes(SEND_SECONDS)
        how: Literal["answer", "echo", "history"] = (
            "history" if doubted else "echo" if chance > 0.985 else "answer"
        )
        return self._is_there(reply_id, text, how, attempts=2 if refused else 1)

    def _is_there(
        self, reply_id: str, text: str, how: Literal["answer", "echo", "history"], attempts: int
    ) -> datetime:
        """The reply is in the chat, and every message that waited has its verdict."""
        sent_id, at, echo = self.new_id(), self.clock.replace(microsecond=0), how == "echo"
        self._note(
            MessageSent(
                **self._where(sent_id),
                author="human_app" if echo else "assistant",
                type="text",
                text=text,
                found_by="webhook" if echo else "reading" if how == "history" else "sending",
                received_at=self.clock,
                reply_id=None if echo else reply_id,
            ),
            at=at,
            known=self.clock,
        )
        if echo:
            self._note(
                MessageAttributed(**self._where(sent_id), author="assistant", reply_id=reply_id)
            )
        self._note(
            ReplySent(
                **self._where(),
                reply_id=reply_id,
                sent_message_id=sent_id,
                how=how,
                attempts=attempts,
            )
        )
        for n, (message_id, known) in enumerate(self.waiting, 1):
            verdict: Verdict = "answered" if n == len(self.waiting) else "merged"
            self._note(
                VerdictGiven(
                    **self._where(message_id),
                    verdict=verdict,
                    reason=None,
                    reply_id=reply_id,
                    received_at=known,
                )
            )
        self.waiting.clear()
        return at

    def _arrival(self, at: datetime) -> tuple[FoundBy, datetime]:
        if self.world.no_webhooks(at) or self.rng.random() < self.world.chances.webhook_lost:
            return "sweep", at + timedelta(seconds=self.rng.uniform(10, 100))
        return "webhook", at + timedelta(seconds=self.rng.uniform(0.2, 1.4))

    def _where(self, message_id: str | None = None) -> dict[str, Any]:
        return {
            "account_id": self.listing.account.id,
            "listing_id": self.listing.id,
            "chat_id": self.chat_id,
            "message_id": message_id,
        }

    def _note(
        self, event: Event, *, at: datetime | None = None, known: datetime | None = None
    ) -> None:
        moment = at or self.clock
        self.happenings.append(Happening(known or moment, moment, event))
