"""One dialog as it is played: who says what, and which facts the bot writes down about it."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from pipeline.events import (
    Author,
    ChatHandedOff,
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
from pipeline.sample.world import MODEL, RUB_PER_TOKEN_IN, RUB_PER_TOKEN_OUT, ListingTruth, World

QUIET = timedelta(seconds=6)


@dataclass(frozen=True)
class Happening:
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
    happenings: list[Happening] = field(default_factory=list)
    waiting: list[tuple[str, datetime]] = field(default_factory=list)
    """Client messages without a verdict, and when each was known."""

    def passes(self, seconds: float) -> None:
        """Time goes by."""
        self.clock += timedelta(seconds=seconds)

    def about(self, median_seconds: float, spread: float = 0.8) -> float:
        """A span in seconds as people take them: most are near the median, some are very long."""
        return median_seconds * self.rng.lognormvariate(0, spread)

    def client_says(self, text: str | None, kind: str = "text") -> None:
        """The client writes; the webhook tells of it, or a sweep finds it later."""
        message_id, at = self.new_id(), self.clock.replace(microsecond=0)
        found_by, known = self._arrival(at)
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
        known = at + timedelta(seconds=1)
        self._note(
            MessageReceived(
                **self._where(self.new_id()),
                author="avito",
                type="system",
                text=text,
                found_by="webhook",
                received_at=known,
            ),
            at=at,
            known=known,
        )

    def assistant_answers(self, text: str, intent: str = "answer") -> datetime:
        """Quiet, model, ledger, Avito, verdicts. Gives the moment at which the client could read
        the answer."""
        self.clock = max(self.clock, *(known for _, known in self.waiting)) + QUIET
        tokens_in, tokens_out, cost, latency = self.model_called()
        reply_id, prompt = self.new_id(), self.world.prompt(self.clock)
        self._note(
            ReplyIntended(
                **self._where(),
                reply_id=reply_id,
                author="assistant",
                covers=len(self.waiting),
                prompt_version=prompt,
                model=MODEL,
                tokens_in=tokens_in,
                tokens_out=tokens_out,
                cost_rub=cost,
                latency_ms=latency,
                intent=intent,
            )
        )
        return self._delivered(reply_id, text)

    def model_called(self, outcome: str = "ok") -> tuple[int, int, float, int]:
        """The model thinks; tokens in, tokens out, roubles, milliseconds."""
        latency = int(self.about(1400, 0.5))
        tokens_in = 900 + self.rng.randrange(1600)
        tokens_out = 40 + self.rng.randrange(180) if outcome == "ok" else 0
        cost = round(tokens_in * RUB_PER_TOKEN_IN + tokens_out * RUB_PER_TOKEN_OUT, 6)
        self.passes(latency / 1000)
        self._note(
            ModelCalled(
                **self._where(),
                model=MODEL,
                outcome=outcome,
                tokens_in=tokens_in,
                tokens_out=tokens_out,
                cost_rub=cost,
                latency_ms=latency,
            )
        )
        return tokens_in, tokens_out, cost, latency

    def draft_made_stale(self, newer_words: str) -> None:
        """The client writes again while the model thinks: the draft is thrown away."""
        self.clock = max(self.clock, *(known for _, known in self.waiting)) + QUIET
        began = self.clock
        self.model_called()
        done, self.clock = self.clock, began + timedelta(seconds=1)
        self.client_says(newer_words)
        self.clock = max(done, self.waiting[-1][1])
        self._note(DraftDiscarded(**self._where(), reason="newer_message"))

    def verdicts(self, verdict: Verdict, reason: str | None) -> None:
        """What became of all that wait, without a reply."""
        for message_id, known in self.waiting:
            soon = max(known + timedelta(milliseconds=40), self.clock)
            self._note(
                VerdictGiven(**self._where(message_id), verdict=verdict, reason=reason), at=soon
            )
        self.waiting.clear()

    def handed_off(self, reason: str) -> None:
        """The assistant steps aside."""
        self.clock = max(self.clock, *(known for _, known in self.waiting))
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
        if self.listing.ai:
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

    def _delivered(self, reply_id: str, text: str) -> datetime:
        attempts, chance = 1, self.rng.random()
        self._note(ReplyAttempted(**self._where(), reply_id=reply_id, attempt=1))
        if chance < 0.01:
            self._note(
                ReplyRefused(**self._where(), reply_id=reply_id, attempt=1, error="AvitoBusy")
            )
            self.passes(20)
            attempts = 2
            self._note(ReplyAttempted(**self._where(), reply_id=reply_id, attempt=2))
        doubted = 0.01 <= chance < 0.015
        if doubted:
            self.passes(10)
            self._note(ReplyDoubted(**self._where(), reply_id=reply_id, error="OutcomeUnknown"))
        self.passes(0.3)
        sent_id, at = self.new_id(), self.clock.replace(microsecond=0)
        echo_first = chance > 0.985
        self._note(
            MessageSent(
                **self._where(sent_id),
                author="human_app" if echo_first else "assistant",
                type="text",
                text=text,
                found_by="webhook" if echo_first else "reading" if doubted else "sending",
                received_at=self.clock,
                reply_id=None if echo_first else reply_id,
            ),
            at=at,
            known=self.clock,
        )
        if echo_first:
            self._note(
                MessageAttributed(**self._where(sent_id), author="assistant", reply_id=reply_id)
            )
        how: Literal["answer", "echo", "history"] = (
            "history" if doubted else "echo" if echo_first else "answer"
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
        for n, (message_id, _) in enumerate(self.waiting, 1):
            verdict: Verdict = "answered" if n == len(self.waiting) else "merged"
            self._note(
                VerdictGiven(
                    **self._where(message_id), verdict=verdict, reason=None, reply_id=reply_id
                )
            )
        self.waiting.clear()
        return at

    def _arrival(self, at: datetime) -> tuple[FoundBy, datetime]:
        if self.world.no_webhooks(at) or self.rng.random() < 0.008:
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
