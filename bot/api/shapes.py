"""The shapes of answers, as OpenAPI shows them. Moments are UTC."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, PlainSerializer


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Moment = Annotated[datetime, PlainSerializer(_rfc3339, return_type=str, when_used="json")]


class Pagination(BaseModel):
    page: int
    limit: int
    total: int
    totalPages: int  # noqa: N815 - as clients read it


class Success(BaseModel):
    success: Literal[True] = True


class Ok(BaseModel):
    ok: Literal[True] = True


# --- accounts ---------------------------------------------------------------------------------------------------------


class TokenState(BaseModel):
    state: Literal["valid", "expiring", "expired", "rejected"]
    expires_at: Moment | None
    renewed_at: Moment | None


class WebhookState(BaseModel):
    state: Literal["subscribed", "missing", "taken", "unknown"]
    last_heard_at: Moment | None
    checked_at: Moment | None


class ListingCounts(BaseModel):
    total: int
    ai_enabled: int
    synced_at: Moment | None


class SyncState(BaseModel):
    running: bool
    done: int
    total: int | None


class Account(BaseModel):
    """`facts` is what the seller wants the assistant to know."""

    id: int
    name: str
    url: str | None
    zone: str
    facts: str
    connected_at: Moment
    state: Literal["connected", "needs_reconnect", "no_messenger"]
    state_detail: str | None
    token: TokenState
    webhook: WebhookState
    listings: ListingCounts
    sync: SyncState


class Accounts(BaseModel):
    data: list[Account]


class WorkingHours(BaseModel):
    """Spans such as `09:00-18:00` by the account's clock; `days` are unlike the others. Over midnight: `22:00-06:00`."""

    week: dict[str, list[str]]
    holidays: bool
    days: dict[str, list[str]]


class Hours(BaseModel):
    """`hours` is null if none are set. `open_now`: whether the seller works at this moment; if not, again from `opens_at`."""

    hours: WorkingHours | None
    open_now: bool | None
    opens_at: Moment | None


class Silence(BaseModel):
    silenced: bool
    since: Moment | None
    by: str | None


class OAuthUrl(BaseModel):
    """Send a browser to `start_url`: it binds `state` to that browser and goes on to `url`, Avito's consent page."""

    url: str
    state: str
    start_url: str


class Connected(Success):
    account: Account


class Edited(Success):
    account: Account


# --- listings ---------------------------------------------------------------------------------------------------------


class Listing(BaseModel):
    """`price` in whole roubles. `mode_when_on` is what switching on goes back to; `mode_minutes` is of `unanswered`.

    `follow_ups`: whether its silent clients are written to again; null as the account's plan says.
    """

    id: int
    account_id: int
    title: str
    price: int | None
    status: str
    category: str | None
    address: str | None
    url: str | None
    ai_enabled: bool
    mode: Literal["off", "draft", "automatic", "unanswered", "off_hours"]
    mode_when_on: Literal["draft", "automatic", "unanswered", "off_hours"]
    mode_minutes: int
    follow_ups: bool | None
    updated_at: Moment


class Listings(BaseModel):
    data: list[Listing]
    pagination: Pagination


class ActiveListings(BaseModel):
    listings: list[Listing]


class Toggled(Success):
    listing: Listing


class Haggling(BaseModel):
    """How far a price may come down, in roubles; `floor` null: it stands. `price` is the listing's."""

    listing_id: int
    price: int | None
    floor: int | None
    ladder: list[int]
    set_by: str | None = None
    set_at: Moment | None = None


class Synced(BaseModel):
    """`synced` listings were read; Avito lists `total`."""

    synced: int
    total: int


# --- instructions -----------------------------------------------------------------------------------------------------


class InstructionsSummary(BaseModel):
    """A version without its text. `based_on` is the version that held when it was written."""

    no: int
    note: str
    based_on: int | None
    made_by: str
    made_at: Moment


class InstructionsVersion(InstructionsSummary):
    account_id: int
    listing_id: int | None
    instructions: dict[str, Any]


class Publication(BaseModel):
    version: int
    at: Moment
    by: str
    rolled_back: bool


class OwnInstructions(BaseModel):
    """A listing that has instructions of its own."""

    listing_id: int
    title: str


class InstructionsHistory(BaseModel):
    """`published` is the version that holds; `listings` are those of the account with versions of their own."""

    account_id: int
    listing_id: int | None
    published: InstructionsVersion | None
    versions: list[InstructionsSummary]
    publications: list[Publication]
    listings: list[OwnInstructions]


class InstructionsChange(BaseModel):
    """Lines that went and lines that came in one field, such as `prices` or `templates.greeting`."""

    field: str
    removed: list[str]
    added: list[str]


class InstructionsCompared(BaseModel):
    version: InstructionsVersion
    against: int | None
    changes: list[InstructionsChange]


class InstructionsFault(BaseModel):
    """`code` is a short word that stays the same, `what` the part of the field that it is about."""

    field: str
    code: str
    problem: str
    what: str


class InstructionsPreview(BaseModel):
    """`told` is what the assistant reads, in Russian as it is told."""

    faults: list[InstructionsFault]
    changes: list[InstructionsChange]
    told: str


class InstructionsSaved(Success):
    version: InstructionsVersion


class InstructionsPublished(Success):
    """`changed` is false if this version held already."""

    version: InstructionsVersion
    changed: bool


class StartingSet(BaseModel):
    """`instructions` hold no facts of a seller's; `examples` show how those are written, by field."""

    code: str
    title: str
    instructions: dict[str, Any]
    examples: dict[str, Any]


class StartingSets(BaseModel):
    data: list[StartingSet]


# --- playground -------------------------------------------------------------------------------------------------------


class PromptPart(BaseModel):
    role: str
    content: str


class Stopped(BaseModel):
    """Words that the guard stopped, and why, in Russian; `mended` if the reply shown has them no more."""

    kind: str
    text: str
    reason: str
    mended: bool


class Rehearsed(BaseModel):
    """What the assistant would say. `error` is the kind of trouble when it would say nothing."""

    reply: str | None
    intent: str | None
    lead: dict[str, Any]
    hand_off: str | None
    only_draft: bool
    error: str | None
    stopped: list[Stopped]
    prompt: list[PromptPart]
    prompt_version: str
    model: str | None
    calls: int
    tokens_in: int
    tokens_out: int
    cost_rub: float
    latency_ms: int


# --- leads ------------------------------------------------------------------------------------------------------------


class LeadStep(BaseModel):
    at: Moment
    state: str
    detail: str | None


class Lead(BaseModel):
    id: str
    account_id: int
    chat_id: str
    listing_id: int | None
    listing_title: str | None
    state: Literal["new", "sending", "sent", "unknown", "failed"]
    crm: str
    crm_lead_id: str | None
    earlier_lead_id: str | None = None
    fields: dict[str, Any]
    created_at: Moment
    updated_at: Moment
    attempts: int
    next_attempt_at: Moment | None
    error: str | None
    history: list[LeadStep]


class Leads(BaseModel):
    data: list[Lead]
    pagination: Pagination


class Retried(Success):
    lead: Lead


# --- chats ------------------------------------------------------------------------------------------------------------


class LastMessage(BaseModel):
    at: Moment
    author: str
    kind: str
    text: str | None


class Chat(BaseModel):
    id: str
    account_id: int
    listing_id: int | None
    listing_title: str | None
    listing_price: str | None
    ai_enabled: bool
    client_name: str | None
    chat_type: str
    owner: Literal["assistant", "human"]
    owner_until: Moment | None
    owner_since: Moment | None
    owner_reason: str | None
    state: Literal["quiet", "waiting", "draft", "answering", "sending", "left_to_human"]
    waiting_since: Moment | None
    unanswered: int
    last_message: LastMessage | None
    lead_id: str | None
    created_at: Moment
    updated_at: Moment


class Message(BaseModel):
    id: str
    at: Moment
    author: str
    kind: str
    text: str | None
    image_url: str | None
    verdict: str | None
    verdict_reason: str | None
    verdict_at: Moment | None
    reply_id: str | None
    found_by: str


class Reply(BaseModel):
    id: str
    at: Moment
    author: str
    state: Literal["intended", "sending", "sent", "unknown", "dropped"]
    text: str
    sent_message_id: str | None
    sent_at: Moment | None
    attempts: int
    prompt_version: str | None
    model: str | None
    tokens_in: int | None
    tokens_out: int | None
    cost_rub: float | None
    latency_ms: int | None
    intent: str | None
    error: str | None
    covers: list[str]


class Draft(BaseModel):
    """What the assistant would say. `holds_until`: until then the messages wait with it, after that they are a person's."""

    id: str
    at: Moment
    text: str
    covers: int
    hand_off: str | None
    intent: str | None
    prompt_version: str | None
    model: str | None
    cost_rub: float | None
    latency_ms: int | None
    holds_until: Moment | None


class WaitingDraft(Draft):
    chat: Chat


class Drafts(BaseModel):
    data: list[WaitingDraft]


class WholeChat(Chat):
    """`draft` waits for a manager's decision."""

    messages: list[Message]
    replies: list[Reply]
    draft: Draft | None
    lead: Lead | None


class Chats(BaseModel):
    data: list[Chat]
    pagination: Pagination


class Backlog(BaseModel):
    data: list[Chat]


class QuickReply(BaseModel):
    """A ready answer, its variables filled in."""

    title: str
    text: str


class QuickReplies(BaseModel):
    data: list[QuickReply]


class Replied(Success):
    reply_id: str


class Owned(Success):
    chat: Chat


# --- budgets ----------------------------------------------------------------------------------------------------------


class Limits(BaseModel):
    """What the model may cost in the account's day and month; null is no limit."""

    day_rub: float | None
    month_rub: float | None
    day_tokens: int | None
    month_tokens: int | None


class Spent(BaseModel):
    """`held_*` is taken in advance for calls that are under way; it counts against the limits, and most comes back."""

    rub: float
    tokens: int
    held_rub: float
    held_tokens: int
    calls: int
    refused: int


class SpentDay(BaseModel):
    day: str
    rub: float
    tokens: int


class Budget(BaseModel):
    """`step`: what the assistant could do at its last call. `forecast_*`: the month if days go on like the last seven.

    `priced`: whether the model's prices are set; without them roubles cannot be counted.
    """

    account_id: int
    limits: Limits
    today: Spent
    month: Spent
    forecast_rub: float
    forecast_tokens: int
    step: Literal["full", "cheaper", "drafts", "spent"]
    days: list[SpentDay]
    model: str
    cheap_model: str | None
    priced: bool


class Budgets(BaseModel):
    data: list[Budget]


class Budgeted(Success):
    budget: Budget


# --- follow-ups -------------------------------------------------------------------------------------------------------


class FollowUpPlan(BaseModel):
    after_hours: list[float]
    opens: str
    closes: str
    after_lead: bool


class FollowUpWords(BaseModel):
    """Variables in braces. `own`: written in the instructions. `stopped`: the guard's reason, if it would not let this pass."""

    text: str
    own: bool
    stopped: str | None


class FollowUps(BaseModel):
    """`plan` null: nobody is written to again, but for listings that say so: there after `usual_hours`. `says`: the words."""

    plan: FollowUpPlan | None
    usual_hours: list[float]
    says: list[FollowUpWords]


# --- what goes on inside ----------------------------------------------------------------------------------------------


class Queues(BaseModel):
    inbox: int
    waiting_chats: int
    open_replies: int
    open_leads: int
    unpublished_events: int


class Ages(BaseModel):
    oldest_waiting_s: float | None
    oldest_open_reply_s: float | None
    oldest_unpublished_event_s: float | None


class WebhookTimes(BaseModel):
    acks: int
    p50_ms: float | None
    p99_ms: float | None
    over_2s: int
    budget_left: float | None  # share, 0 to 1; null before the first call


class LakeState(BaseModel):
    ok: bool
    detail: str | None
    position: int | None
    lag_s: float | None


class Job(BaseModel):
    name: str
    last_run_at: Moment | None
    ok: bool | None
    detail: str | None
    next_run_at: Moment | None


class Notice(BaseModel):
    """What a manager should hear about. `hand_off`: the chat `chat_id` needs a person, for `reason`."""

    id: int
    at: Moment
    kind: str
    account_id: int | None
    detail: str
    seen: bool
    chat_id: str | None
    reason: str | None


class Telling(BaseModel):
    """How a notice goes out by one channel; `error` in words, of the last attempt."""

    channel: str
    state: Literal["waiting", "sending", "sent", "failed", "unneeded"]
    attempts: int
    sent_at: Moment | None
    next_attempt_at: Moment | None
    error: str | None


class ListedNotice(Notice):
    client_name: str | None
    listing_title: str | None
    channels: list[Telling]


class Notices(BaseModel):
    """`unseen` counts all that nobody has seen, whatever was asked for."""

    data: list[ListedNotice]
    unseen: int
    channels: list[str]
    pagination: Pagination


class Seen(Success):
    seen: int


class State(BaseModel):
    version: str
    started_at: Moment
    now: Moment
    queues: Queues
    ages: Ages
    replies: dict[str, int]
    webhook: WebhookTimes
    found_24h: dict[str, int]
    lake: LakeState
    jobs: list[Job]
    notices: list[Notice]


class Check(BaseModel):
    ok: bool
    detail: str


class Health(BaseModel):
    status: Literal["ok", "degraded", "down"]
    checks: dict[str, Check]
