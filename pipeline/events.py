"""Everything that can happen, named in the past tense.

An event is a fact: who it happened to, when, and the few words needed to count it. Text that people wrote is in an
event only with personal data masked. The body of an event is what its class adds to the fields that every event has.
"""

import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar, Literal

Author = Literal["client", "assistant", "human_app", "human_dashboard", "avito"]
FoundBy = Literal["webhook", "sweep", "reading", "sending"]
Verdict = Literal[
    "answered", "merged", "left_to_human", "off", "off_hours", "budget", "not_text", "failed"
]
ReplyState = Literal["intended", "sending", "sent", "unknown", "dropped"]
BudgetStep = Literal["cheaper", "drafts", "spent"]
BudgetLimit = Literal["day_rub", "month_rub", "day_tokens", "month_tokens"]
LeadState = Literal["new", "sending", "sent", "unknown", "failed"]

_HEAD = frozenset({"account_id", "listing_id", "chat_id", "message_id"})
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, kw_only=True)
class Event:
    """What every event may say: whose account, which listing, which chat, which message."""

    kind: ClassVar[str]

    account_id: int | None = None
    listing_id: int | None = None
    chat_id: str | None = None
    message_id: str | None = None

    def body(self) -> dict[str, Any]:
        """The fields that this kind of event adds; moments as RFC 3339 in UTC."""
        cls: Any = type(self)
        return {name: _plain(getattr(self, name)) for name in _own_words(cls)}


@dataclass(frozen=True, kw_only=True)
class EventRow:
    """One row of the log. `at` is a moment in UTC with its zone; `body` is JSON text."""

    seq: int
    at: datetime
    kind: str
    account_id: int | None
    listing_id: int | None
    chat_id: str | None
    message_id: str | None
    body: str

    @classmethod
    def of(cls, event: Event, seq: int, at: datetime) -> "EventRow":
        """The event at its place in the log."""
        return cls(
            seq=seq,
            at=at,
            kind=event.kind,
            account_id=event.account_id,
            listing_id=event.listing_id,
            chat_id=event.chat_id,
            message_id=event.message_id,
            body=body_json(event),
        )


def body_json(event: Event) -> str:
    """The body as the log keeps it."""
    return _JSON.encode(event.body())


@cache
def _own_words(cls: Any) -> tuple[str, ...]:
    """What a kind of event adds: asked once for each, since every event is written out."""
    return tuple(f.name for f in fields(cls) if f.name not in _HEAD)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return list(value) if isinstance(value, tuple) else value


# --- messages: one line in a chat -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MessageReceived(Event):
    """A client or Avito wrote in a chat. `at` is Avito's moment of writing, `received_at` is when we knew."""

    kind = "message.received"

    author: Author
    type: str
    text: str | None
    found_by: FoundBy
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """The seller's side wrote in a chat: the assistant, or a person in the Avito app or in the dashboard."""

    kind = "message.sent"

    author: Author
    type: str
    text: str | None
    found_by: FoundBy
    received_at: datetime
    reply_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class MessageAttributed(Event):
    """An own message turned out to have another author than was first recorded."""

    kind = "message.attributed"

    author: Author
    reply_id: str | None


@dataclass(frozen=True, kw_only=True)
class MessageDeleted(Event):
    """A message was taken back at Avito, by its author or by us (a late twin of a reply)."""

    kind = "message.deleted"

    by: Author


@dataclass(frozen=True, kw_only=True)
class MessageTranscribed(Event):
    """A voice message was put into words; `text` has personal data masked."""

    kind = "message.transcribed"

    text: str


@dataclass(frozen=True, kw_only=True)
class VerdictGiven(Event):
    """What became of one client message; there is exactly one for each, and it is final.

    `received_at` is when we knew of the message; early versions did not say it.
    """

    kind = "verdict.given"

    verdict: Verdict
    reason: str | None
    reply_id: str | None = None
    received_at: datetime | None = None


# --- replies: what we send --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ReplyIntended(Event):
    """The text of a reply is fixed and will be sent. Costs are of the model calls that made it; null for a person's."""

    kind = "reply.intended"

    reply_id: str
    author: Author
    covers: int
    prompt_version: str | None = None
    model: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost_rub: float | None = None
    latency_ms: int | None = None
    intent: str | None = None
    purpose: str = "reply"


@dataclass(frozen=True, kw_only=True)
class FollowUpSkipped(Event):
    """A silent client was not written to again although the moment had come, and why."""

    kind = "follow_up.skipped"

    number: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReplyAttempted(Event):
    """A request to Avito is about to leave; from here on the outcome may be unknown."""

    kind = "reply.attempted"

    reply_id: str
    attempt: int


@dataclass(frozen=True, kw_only=True)
class ReplyRefused(Event):
    """Avito certainly did not take the reply; it is intended again and waits."""

    kind = "reply.refused"

    reply_id: str
    attempt: int
    error: str


@dataclass(frozen=True, kw_only=True)
class ReplyDoubted(Event):
    """Nobody knows whether Avito took the reply; the history of the chat will tell."""

    kind = "reply.doubted"

    reply_id: str
    error: str


@dataclass(frozen=True, kw_only=True)
class ReplySent(Event):
    """The reply is in the chat as `sent_message_id`. `how`: by the answer, the echo, or the history."""

    kind = "reply.sent"

    reply_id: str
    sent_message_id: str
    how: Literal["answer", "echo", "history"]
    attempts: int
    prompt_version: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReplyDropped(Event):
    """The reply will not be sent: newer words from the client, a person in the chat, no way through."""

    kind = "reply.dropped"

    reply_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DraftDiscarded(Event):
    """The model wrote something that was never intended, because the chat had moved on.

    With `draft_id` it had waited for a manager.
    """

    kind = "draft.discarded"

    reason: str
    prompt_version: str | None = None
    draft_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class DraftWritten(Event):
    """The assistant wrote a reply that waits for a manager, who sends it, mends it or throws it away."""

    kind = "draft.written"

    draft_id: str
    covers: int
    prompt_version: str
    model: str
    intent: str


@dataclass(frozen=True, kw_only=True)
class DraftSent(Event):
    """A manager let a draft go out, as it was or mended; the reply has the same id. A mended one is a person's reply."""

    kind = "draft.sent"

    draft_id: str
    prompt_version: str | None
    edited: bool
    waited_s: float
    actor: str


@dataclass(frozen=True, kw_only=True)
class DraftEdited(Event):
    """A manager mended a draft before sending it. `diff` has `[-what went-]` and `{+what came+}`, personal data masked."""

    kind = "draft.edited"

    draft_id: str
    prompt_version: str | None
    diff: str
    actor: str


@dataclass(frozen=True, kw_only=True)
class DraftThrownAway(Event):
    """A manager did not want a draft; its messages are left to a person."""

    kind = "draft.thrown_away"

    draft_id: str
    prompt_version: str | None
    actor: str


@dataclass(frozen=True, kw_only=True)
class ReplyBlocked(Event):
    """The guard stopped what the model wrote. `kinds` say what was wrong, never in whose words; `repaired`: then it was right."""

    kind = "reply.blocked"

    kinds: tuple[str, ...]
    repaired: bool
    prompt_version: str | None = None


@dataclass(frozen=True, kw_only=True)
class ModelCalled(Event):
    """The language model was asked. `outcome` is `ok` or the kind of the error."""

    kind = "model.called"

    model: str
    outcome: str
    tokens_in: int
    tokens_out: int
    cost_rub: float
    latency_ms: int
    purpose: str = "reply"


@dataclass(frozen=True, kw_only=True)
class BudgetRefused(Event):
    """The model was not asked, because the account's budget does not hold what the call may cost at most."""

    kind = "budget.refused"

    purpose: str
    limit: BudgetLimit
    period: str


@dataclass(frozen=True, kw_only=True)
class BudgetShort(Event):
    """So much of a budget is used up that the assistant does with less: cheaper model, drafts, or nothing any more."""

    kind = "budget.short"

    step: BudgetStep
    limit: BudgetLimit
    period: str


@dataclass(frozen=True, kw_only=True)
class BudgetSet(Event):
    """Someone set what the model may cost in an account; null is no limit."""

    kind = "budget.set"

    day_rub: float | None
    month_rub: float | None
    day_tokens: int | None
    month_tokens: int | None
    actor: str


# --- chats ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ChatOpened(Event):
    """We saw a chat for the first time."""

    kind = "chat.opened"

    chat_type: str


@dataclass(frozen=True, kw_only=True)
class ChatHandedOff(Event):
    """The assistant stepped aside and left the chat to a person, for the given reason."""

    kind = "chat.handed_off"

    reason: str


@dataclass(frozen=True, kw_only=True)
class ChatTaken(Event):
    """A person wrote in the chat or took it; the assistant is silent there until `until` (null: until given back)."""

    kind = "chat.taken"

    by: Author
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class ChatGivenBack(Event):
    """A person gave the chat back to the assistant."""

    kind = "chat.given_back"

    by: str


@dataclass(frozen=True, kw_only=True)
class HandoffTaken(Event):
    """A person came to a chat that the assistant had handed off, so many seconds after."""

    kind = "handoff.taken"

    by: Author
    reason: str | None
    seconds: float


@dataclass(frozen=True, kw_only=True)
class ChatSettled(Event):
    """A person said that no answer is needed in a chat; it holds until the client writes again."""

    kind = "chat.settled"

    by: str


@dataclass(frozen=True, kw_only=True)
class NoticeGiven(Event):
    """Managers were told something: a chat needs a person, or something is out of order."""

    kind = "notice.given"

    notice: str
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class NoticeSent(Event):
    """A notice went out by a channel, after so many attempts; `seconds` since it was given."""

    kind = "notice.sent"

    notice: str
    channel: str
    attempts: int
    seconds: float


# --- leads ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LeadCreated(Event):
    """A lead was made of a dialog. `fields` are the names of what is known, never the values."""

    kind = "lead.created"

    lead_id: str
    crm: str
    fields: tuple[str, ...]
    earlier_lead_id: str | None = None  # the same client's lead from before


@dataclass(frozen=True, kw_only=True)
class LeadCompleted(Event):
    """More became known about a lead."""

    kind = "lead.completed"

    lead_id: str
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LeadChanged(Event):
    """A lead moved on its way to the CRM."""

    kind = "lead.changed"

    lead_id: str
    state: LeadState
    crm_lead_id: str | None = None
    error: str | None = None


# --- offers -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class OfferMade(Event):
    """A side named a sum as the price of this deal, for the first time in the dialog."""

    kind = "offer.made"

    side: Literal["client", "seller"]
    roubles: int


@dataclass(frozen=True, kw_only=True)
class OfferAccepted(Event):
    """The other side expressly agreed to a sum; `side` is whose offer it was."""

    kind = "offer.accepted"

    side: Literal["client", "seller"]
    roubles: int


@dataclass(frozen=True, kw_only=True)
class HagglingSet(Event):
    """Someone set how far a listing's price may come down; no `floor`: not at all."""

    kind = "haggling.set"

    floor: int | None
    ladder: tuple[int, ...]
    actor: str


# --- accounts, listings, the service ----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AccountConnected(Event):
    """The owner allowed the bot to work in an account."""

    kind = "account.connected"

    name: str
    zone: str


@dataclass(frozen=True, kw_only=True)
class AccountDisconnected(Event):
    """The bot can no longer work in an account. `reason`: `asked`, or why Avito refuses."""

    kind = "account.disconnected"

    reason: str


@dataclass(frozen=True, kw_only=True)
class TokenRenewed(Event):
    """The account's pair of tokens was exchanged for a new one."""

    kind = "token.renewed"

    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class WebhookSubscribed(Event):
    """Avito confirmed that it will call us about this account."""

    kind = "webhook.subscribed"


@dataclass(frozen=True, kw_only=True)
class WebhookTaken(Event):
    """Another service had taken the account's only subscription; it was taken back."""

    kind = "webhook.taken"


@dataclass(frozen=True, kw_only=True)
class ListingSeen(Event):
    """A listing is new, or its title, price, status or category is not what it was."""

    kind = "listing.seen"

    title: str
    price: int | None
    status: str
    category: str | None


@dataclass(frozen=True, kw_only=True)
class ListingsSynced(Event):
    """All listings of an account were read from Avito."""

    kind = "listings.synced"

    total: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class AiToggled(Event):
    """Someone switched answers on or off for a listing."""

    kind = "listing.ai_toggled"

    enabled: bool
    actor: str


@dataclass(frozen=True, kw_only=True)
class ModeSet(Event):
    """Someone said how far the assistant may go where it is on. `minutes`: how long a person has the first word."""

    kind = "listing.mode_set"

    mode: str
    minutes: int | None
    actor: str


@dataclass(frozen=True, kw_only=True)
class WorkingHoursSet(Event):
    """Someone wrote down when the seller works, by the clock of the account's zone; null: at no set hours."""

    kind = "account.hours_set"

    hours: dict[str, Any] | None
    actor: str


@dataclass(frozen=True, kw_only=True)
class AssistantSilenced(Event):
    """Someone silenced the assistant in all accounts at once, or let it speak again."""

    kind = "assistant.silenced"

    silenced: bool
    actor: str


@dataclass(frozen=True, kw_only=True)
class InstructionsPublished(Event):
    """A version of the instructions holds from now on, for an account or, with `listing_id`, for that listing.

    `replaces` is the version that held before; `rolled_back` says that it had held earlier already.
    """

    kind = "instructions.published"

    version: int
    replaces: int | None
    rolled_back: bool
    changed: tuple[str, ...]
    actor: str


@dataclass(frozen=True, kw_only=True)
class StatsRecorded(Event):
    """Avito's own numbers of a listing for one day (in Avito's day, YYYY-MM-DD); a later row for the day replaces it."""

    kind = "stats.recorded"

    day: str
    views: int | None
    contacts: int | None
    favorites: int | None


@dataclass(frozen=True, kw_only=True)
class SweepFinished(Event):
    """Chats that changed at Avito were read; `found` messages had not come by webhook."""

    kind = "sweep.finished"

    chats: int
    found: int


@dataclass(frozen=True, kw_only=True)
class BotStarted(Event):
    """The service started."""

    kind = "bot.started"

    version: str


@dataclass(frozen=True, kw_only=True)
class BotStopped(Event):
    """The service stopped by itself, everything in hand put down."""

    kind = "bot.stopped"


KINDS: dict[str, type[Event]] = {cls.kind: cls for cls in Event.__subclasses__()}
"""Every kind of event by its name."""
