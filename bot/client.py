"""The bot's HTTP API for Python callers, as typed values.

One file on purpose: it could be carried to another repository as it is.
"""

import functools
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints
from urllib.parse import quote

import httpx
import jwt

ISSUER = "avito-assistant"
AUDIENCE = "avito-assistant-api"
ROLES = ("viewer", "manager", "owner")
"""From the least to the most that a person may do."""

T = TypeVar("T")


class BotError(Exception):
    """Base of what a call can end with instead of an answer."""


class BotUnavailable(BotError):
    """The bot gave no answer: down, too slow or out of reach. The same call may succeed later."""


class BotRefused(BotError):
    """The bot said no. `detail` is for people, `code` a short stable word, `status` HTTP's."""

    def __init__(self, title: str, detail: str, code: str, status: int) -> None:
        super().__init__(detail or title)
        self.title, self.detail, self.code, self.status = title, detail, code, status


@dataclass(frozen=True)
class Token:
    state: str
    expires_at: datetime | None = None
    renewed_at: datetime | None = None


@dataclass(frozen=True)
class Webhook:
    state: str
    last_heard_at: datetime | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True)
class ListingCounts:
    total: int = 0
    ai_enabled: int = 0
    synced_at: datetime | None = None


@dataclass(frozen=True)
class Sync:
    """`total` is an estimate from the last sync, None the first time."""

    running: bool = False
    done: int = 0
    total: int | None = None


@dataclass(frozen=True)
class Account:
    """`facts` is what the seller wants the assistant to know, in free text."""

    id: int
    name: str
    state: str
    state_detail: str | None = None
    url: str | None = None
    zone: str | None = None
    facts: str = ""
    connected_at: datetime | None = None
    token: Token = field(default_factory=lambda: Token("valid"))
    webhook: Webhook = field(default_factory=lambda: Webhook("unknown"))
    listings: ListingCounts = field(default_factory=ListingCounts)
    sync: Sync = field(default_factory=Sync)


@dataclass(frozen=True)
class Listing:
    """`price` in whole roubles. `mode` is off, draft, automatic, unanswered (`mode_minutes`) or off_hours.

    `follow_ups`: whether its silent clients are written to again; None as the account's plan says.
    """

    id: int
    account_id: int
    title: str
    price: int | None = None
    status: str = ""
    category: str | None = None
    address: str | None = None
    url: str | None = None
    ai_enabled: bool = False
    mode: str = "off"
    mode_when_on: str = "automatic"
    mode_minutes: int = 10
    follow_ups: bool | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True)
class WorkingHours:
    """Spans such as `09:00-18:00` for mon to sun, and for dates that are unlike."""

    week: Mapping[str, Any] = field(default_factory=dict)
    holidays: bool = True
    days: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Hours:
    """None if no hours are set. `open_now`: whether the seller works at this moment; if not, again from `opens_at`."""

    hours: WorkingHours | None = None
    open_now: bool | None = None
    opens_at: datetime | None = None


@dataclass(frozen=True)
class Silence:
    """Whether the assistant is silenced everywhere, since when, and by whom."""

    silenced: bool = False
    since: datetime | None = None
    by: str | None = None


@dataclass(frozen=True)
class InstructionsSummary:
    no: int
    made_by: str
    made_at: datetime
    note: str = ""
    based_on: int | None = None


@dataclass(frozen=True)
class InstructionsVersion:
    """One version. `instructions` is as it was written: see the API's description of itself."""

    no: int
    account_id: int
    made_by: str
    made_at: datetime
    listing_id: int | None = None
    note: str = ""
    based_on: int | None = None
    instructions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Publication:
    version: int
    at: datetime
    by: str
    rolled_back: bool = False


@dataclass(frozen=True)
class OwnInstructions:
    listing_id: int
    title: str


@dataclass(frozen=True)
class InstructionsHistory:
    """Newest first; `published` holds. `listings` are those of the account that have versions of their own."""

    account_id: int
    listing_id: int | None = None
    published: InstructionsVersion | None = None
    versions: tuple[InstructionsSummary, ...] = ()
    publications: tuple[Publication, ...] = ()
    listings: tuple[OwnInstructions, ...] = ()


@dataclass(frozen=True)
class InstructionsChange:
    """Lines that went and came in one field, such as `prices` or `templates.greeting`."""

    field: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


@dataclass(frozen=True)
class InstructionsCompared:
    version: InstructionsVersion
    against: int | None = None
    changes: tuple[InstructionsChange, ...] = ()


@dataclass(frozen=True)
class InstructionsFault:
    """`code` is a short stable word, `problem` is for people, `what` the part that it is about."""

    field: str
    code: str
    problem: str = ""
    what: str = ""


@dataclass(frozen=True)
class InstructionsPreview:
    """`told` is what the assistant would read."""

    faults: tuple[InstructionsFault, ...] = ()
    changes: tuple[InstructionsChange, ...] = ()
    told: str = ""


@dataclass(frozen=True)
class StartingSet:
    """Instructions to begin with in a niche, and examples for what only the seller knows."""

    code: str
    title: str
    instructions: Mapping[str, Any] = field(default_factory=dict)
    examples: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class QuickReply:
    title: str
    text: str


@dataclass(frozen=True)
class PromptPart:
    role: str
    content: str


@dataclass(frozen=True)
class Stopped:
    """Words that the guard stopped, and why, in Russian; `mended` if the reply shown has them no more."""

    kind: str
    text: str
    reason: str
    mended: bool


@dataclass(frozen=True)
class Rehearsed:
    """What the assistant would say; `error` is the kind of trouble when it would say nothing."""

    prompt_version: str
    reply: str | None = None
    intent: str | None = None
    lead: Mapping[str, Any] = field(default_factory=dict)
    hand_off: str | None = None
    only_draft: bool = False
    error: str | None = None
    stopped: tuple[Stopped, ...] = ()
    prompt: tuple[PromptPart, ...] = ()
    model: str | None = None
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost_rub: float = 0.0
    latency_ms: int = 0


@dataclass(frozen=True)
class LastMessage:
    at: datetime
    author: str
    kind: str = "text"
    text: str | None = None


@dataclass(frozen=True)
class Message:
    """One line of a chat. The verdict is there for messages of the client."""

    id: str
    at: datetime
    author: str
    kind: str = "text"
    text: str | None = None
    image_url: str | None = None
    verdict: str | None = None
    verdict_reason: str | None = None
    verdict_at: datetime | None = None
    reply_id: str | None = None
    found_by: str | None = None


@dataclass(frozen=True)
class Reply:
    """One answer of ours. `covers` are the ids of the client messages that it answers."""

    id: str
    at: datetime
    author: str
    state: str
    text: str | None = None
    sent_message_id: str | None = None
    sent_at: datetime | None = None
    attempts: int = 0
    prompt_version: str | None = None
    model: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost_rub: float | None = None
    latency_ms: int | None = None
    intent: str | None = None
    error: str | None = None
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeadStep:
    at: datetime
    state: str
    detail: str | None = None


@dataclass(frozen=True)
class Haggling:
    """How far a listing's price may come down, in roubles; no `floor`: it stands. One of `ladder` for each new bid."""

    listing_id: int
    price: int | None = None
    floor: int | None = None
    ladder: tuple[int, ...] = ()
    set_by: str | None = None
    set_at: datetime | None = None


@dataclass(frozen=True)
class Lead:
    """What the CRM gets; `fields` has only what the client said."""

    id: str
    chat_id: str
    state: str
    account_id: int | None = None
    listing_id: int | None = None
    listing_title: str | None = None
    crm: str | None = None
    crm_lead_id: str | None = None
    earlier_lead_id: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None
    attempts: int = 0
    next_attempt_at: datetime | None = None
    error: str | None = None
    history: tuple[LeadStep, ...] = ()


@dataclass(frozen=True)
class Draft:
    """What the assistant would say; a manager decides. Its messages wait with it until `holds_until`."""

    id: str
    at: datetime
    text: str
    covers: int = 0
    hand_off: str | None = None
    intent: str | None = None
    prompt_version: str | None = None
    model: str | None = None
    cost_rub: float | None = None
    latency_ms: int | None = None
    holds_until: datetime | None = None


@dataclass(frozen=True)
class Chat:
    """A chat as it is now; `messages`, `replies`, `lead` and `draft` only when one chat was asked for."""

    id: str
    account_id: int
    owner: str = "assistant"
    state: str = "quiet"
    listing_id: int | None = None
    listing_title: str | None = None
    listing_price: int | str | None = None
    ai_enabled: bool = False
    client_name: str | None = None
    chat_type: str | None = None
    owner_until: datetime | None = None
    owner_since: datetime | None = None
    owner_reason: str | None = None
    waiting_since: datetime | None = None
    unanswered: int = 0
    last_message: LastMessage | None = None
    lead_id: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    messages: tuple[Message, ...] = ()
    replies: tuple[Reply, ...] = ()
    lead: Lead | None = None
    draft: Draft | None = None


@dataclass(frozen=True)
class WaitingDraft(Draft):
    """A draft that waits, with its chat."""

    chat: Chat = field(default_factory=lambda: Chat("", 0))


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list, 1-based; `total` counts all rows, `total_pages` all pages."""

    rows: tuple[T, ...]
    page: int
    total: int
    total_pages: int


@dataclass(frozen=True)
class OAuthUrl:
    """`start_url` binds the state to the browser and goes on to `url`."""

    url: str
    state: str
    start_url: str


@dataclass(frozen=True)
class Synced:
    synced: int
    total: int


@dataclass(frozen=True)
class Limits:
    """What the model may cost in an account's day and month; None is no limit."""

    day_rub: float | None = None
    month_rub: float | None = None
    day_tokens: int | None = None
    month_tokens: int | None = None


@dataclass(frozen=True)
class Spent:
    """`held_*` is taken in advance for calls under way; it counts against the limits."""

    rub: float = 0.0
    tokens: int = 0
    held_rub: float = 0.0
    held_tokens: int = 0
    calls: int = 0
    refused: int = 0


@dataclass(frozen=True)
class FollowUpPlan:
    """Hours of silence after which each follow-up comes, between `opens` and `closes` by the account's clock."""

    after_hours: tuple[float, ...]
    opens: str = "10:00"
    closes: str = "20:00"
    after_lead: bool = False


@dataclass(frozen=True)
class FollowUpWords:
    """Variables in braces. `own`: from the instructions. `stopped`: why the guard would not let this pass, `guard:price`."""

    text: str
    own: bool = False
    stopped: str | None = None


@dataclass(frozen=True)
class FollowUps:
    """`plan` None: nobody is written to again, but for listings that say so: there after `usual_hours`."""

    plan: FollowUpPlan | None = None
    usual_hours: tuple[float, ...] = (24.0,)
    says: tuple[FollowUpWords, ...] = ()


@dataclass(frozen=True)
class SpentDay:
    day: str
    rub: float = 0.0
    tokens: int = 0


@dataclass(frozen=True)
class Budget:
    """`step` is full, cheaper, drafts or spent; `priced` says whether roubles can be counted at all."""

    account_id: int
    limits: Limits = field(default_factory=Limits)
    today: Spent = field(default_factory=Spent)
    month: Spent = field(default_factory=Spent)
    forecast_rub: float = 0.0
    forecast_tokens: int = 0
    step: str = "full"
    days: tuple[SpentDay, ...] = ()
    model: str = ""
    cheap_model: str | None = None
    priced: bool = False


@dataclass(frozen=True)
class Queues:
    inbox: int = 0
    waiting_chats: int = 0
    open_replies: int = 0
    open_leads: int = 0
    unpublished_events: int = 0


@dataclass(frozen=True)
class Ages:
    """Seconds; None when the queue is empty."""

    oldest_waiting_s: float | None = None
    oldest_open_reply_s: float | None = None
    oldest_unpublished_event_s: float | None = None


@dataclass(frozen=True)
class WebhookTimes:
    acks: int = 0
    p50_ms: float | None = None
    p99_ms: float | None = None
    over_2s: int = 0
    budget_left: float | None = None


@dataclass(frozen=True)
class LakeState:
    ok: bool = False
    detail: str | None = None
    position: int | None = None
    lag_s: float | None = None


@dataclass(frozen=True)
class Job:
    name: str
    ok: bool | None = None
    last_run_at: datetime | None = None
    detail: str | None = None
    next_run_at: datetime | None = None


@dataclass(frozen=True)
class Telling:
    """How a notice goes out by one channel: `state` is waiting, sending, sent, failed or unneeded."""

    channel: str
    state: str
    attempts: int = 0
    sent_at: datetime | None = None
    next_attempt_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True)
class Notice:
    """What a manager should hear about; of kind `hand_off` when a chat needs a person, for `reason`."""

    id: int | str
    at: datetime
    kind: str
    account_id: int | None = None
    detail: str | None = None
    seen: bool = False
    chat_id: str | None = None
    reason: str | None = None
    client_name: str | None = None
    listing_title: str | None = None
    channels: tuple[Telling, ...] = ()


@dataclass(frozen=True)
class Notices:
    """A page of notices, how many nobody has seen, and the channels that are set up."""

    page: Page[Notice]
    unseen: int = 0
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class State:
    """What goes on inside the bot."""

    version: str = ""
    started_at: datetime | None = None
    now: datetime | None = None
    queues: Queues = field(default_factory=Queues)
    ages: Ages = field(default_factory=Ages)
    replies: Mapping[str, int] = field(default_factory=dict)
    webhook: WebhookTimes = field(default_factory=WebhookTimes)
    found_24h: Mapping[str, int] = field(default_factory=dict)
    lake: LakeState = field(default_factory=LakeState)
    jobs: tuple[Job, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Check:
    ok: bool
    detail: str | None = None


@dataclass(frozen=True)
class Health:
    """`status` is ok, degraded or down."""

    status: str
    checks: Mapping[str, Check] = field(default_factory=dict)


def mint_token(secret: str, subject: str, role: str, ttl: timedelta = timedelta(minutes=10)) -> str:
    """A bearer token for the API, signed HS256 with `secret` (32 bytes or more)."""
    if role not in ROLES:
        raise ValueError(f"no such role: {role!r}")
    now = datetime.now(UTC)
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "role": role,
        "iat": now,
        "exp": now + ttl,
    }
    return jwt.encode(claims, secret, algorithm="HS256")


class BotClient:
    """One caller of the bot. Safe to share between threads.

    Every method raises BotUnavailable when there was no answer, and BotRefused when it was no.
    """

    def __init__(
        self,
        base_url: str,
        token: Callable[[], str] | str,
        *,
        timeout: float = 10.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._token = token if callable(token) else lambda: token
        self._http = httpx.Client(
            base_url=base_url,
            timeout=httpx.Timeout(timeout, connect=3.0),
            transport=transport,
            trust_env=False,
        )

    def close(self) -> None:
        self._http.close()

    def accounts(self) -> tuple[Account, ...]:
        return _rows(Account, self._get("/api/avito/accounts"))

    def oauth_url(self) -> OAuthUrl:
        return _read(OAuthUrl, self._get("/api/avito/oauth/url"))

    def edit_account(
        self, account_id: int, *, zone: str | None = None, facts: str | None = None
    ) -> None:
        """Sets what is given: the time zone, like Europe/Moscow, or the facts."""
        wanted = {"zone": zone, "facts": facts}
        changes = {name: value for name, value in wanted.items() if value is not None}
        self._call("PATCH", f"/api/avito/accounts/{account_id}", json=changes)

    def budgets(self) -> tuple[Budget, ...]:
        """What the model may cost and has cost, account by account."""
        return _rows(Budget, self._get("/api/avito/budgets"))

    def follow_ups(self, account_id: int) -> FollowUps:
        return _read(FollowUps, self._get(f"/api/avito/accounts/{account_id}/follow-ups"))

    def set_follow_ups(self, account_id: int, plan: FollowUpPlan | None) -> FollowUps:
        """Holds for silences that begin from now on; None: nobody is written to again."""
        path = f"/api/avito/accounts/{account_id}/follow-ups"
        wanted = {"plan": asdict(plan) if plan else None}
        return _read(FollowUps, self._call("PUT", path, json=wanted))

    def set_listing_follow_ups(self, listing_id: int, wanted: bool | None) -> None:
        """Whether its silent clients are written to again; None: as the account's plan says."""
        path = f"/api/avito/listings/{listing_id}/follow-ups"
        self._call("POST", path, json={"wanted": wanted})

    def set_budget(self, account_id: int, limits: Limits) -> Budget:
        path = f"/api/avito/accounts/{account_id}/budget"
        return _read(Budget, self._call("PUT", path, json=asdict(limits))["budget"])

    def disconnect(self, account_id: int) -> None:
        """Unsubscribes at Avito and forgets the tokens."""
        self._call("DELETE", f"/api/avito/accounts/{account_id}", timeout=30)

    def hours(self, account_id: int) -> Hours:
        """When the seller works."""
        return _read(Hours, self._get(f"/api/avito/accounts/{account_id}/hours"))

    def set_hours(self, account_id: int, hours: WorkingHours | None) -> Hours:
        body = {"hours": asdict(hours) if hours else None}
        answer = self._call("PUT", f"/api/avito/accounts/{account_id}/hours", json=body)
        return _read(Hours, answer)

    def silence(self) -> Silence:
        return _read(Silence, self._get("/api/avito/silence"))

    def set_silence(self, silenced: bool) -> Silence:
        """Silences the assistant everywhere at once, or lets it speak again."""
        answer = self._call("POST", "/api/avito/silence", json={"silenced": silenced})
        return _read(Silence, answer)

    def listings(
        self,
        *,
        page: int = 1,
        limit: int = 25,
        status: str | None = None,
        account_id: int | None = None,
        q: str | None = None,
    ) -> Page[Listing]:
        asked = {"page": page, "limit": limit, "status": status, "account_id": account_id, "q": q}
        return _page(Listing, self._get("/api/avito/listings", asked))

    def sync_listings(self, account_id: int | None = None, *, timeout: float = 300) -> Synced:
        """Reads all listings from Avito; blocks until done. `Account.sync` tells how far it is."""
        body = {} if account_id is None else {"account_id": account_id}
        return _read(Synced, self._call("POST", "/api/avito/listings", json=body, timeout=timeout))

    def set_ai(self, listing_id: int, enabled: bool) -> Listing:
        """Says what should be; twice is as once."""
        path = f"/api/avito/listings/{listing_id}/ai-toggle"
        return _read(Listing, self._call("POST", path, json={"enabled": enabled})["listing"])

    def set_mode(self, listing_id: int, mode: str, minutes: int | None = None) -> Listing:
        """How far the assistant may go: off, draft, automatic, unanswered (after `minutes`), off_hours."""
        body = {"mode": mode} | ({} if minutes is None else {"minutes": minutes})
        path = f"/api/avito/listings/{listing_id}/mode"
        return _read(Listing, self._call("POST", path, json=body)["listing"])

    def haggling(self, listing_id: int) -> Haggling:
        """How far the listing's price may come down."""
        return _read(Haggling, self._get(f"/api/avito/listings/{listing_id}/haggling"))

    def set_haggling(
        self, listing_id: int, floor: int | None, ladder: Sequence[int] = ()
    ) -> Haggling:
        """Says how far it may; no floor: the price stands. Twice is as once."""
        body = {"floor": floor, "ladder": list(ladder)}
        path = f"/api/avito/listings/{listing_id}/haggling"
        return _read(Haggling, self._call("PUT", path, json=body))

    def active_listings(self) -> tuple[Listing, ...]:
        return tuple(
            _read(Listing, row) for row in self._get("/api/avito/listings/ai-active")["listings"]
        )

    def instructions(self, account_id: int, listing_id: int | None = None) -> InstructionsHistory:
        """Versions of an account's instructions, or of what differs for one listing."""
        asked = {"account_id": account_id, "listing_id": listing_id}
        return _read(InstructionsHistory, self._get("/api/avito/instructions", asked))

    def instructions_version(self, no: int, *, against: int | None = None) -> InstructionsCompared:
        """One version, and what it changed against the one that held when it was written, or another."""
        answer = self._get(f"/api/avito/instructions/{no}", {"against": against})
        return _read(InstructionsCompared, answer)

    def starting_sets(self) -> tuple[StartingSet, ...]:
        return _rows(StartingSet, self._get("/api/avito/instructions/starting-sets"))

    def preview_instructions(
        self, account_id: int, instructions: Mapping[str, Any], *, listing_id: int | None = None
    ) -> InstructionsPreview:
        """Keeps nothing: what is wrong, what would change, what the assistant would read."""
        body = _instructions(account_id, listing_id, instructions)
        answer = self._call("POST", "/api/avito/instructions/preview", json=body)
        return _read(InstructionsPreview, answer)

    def save_instructions(
        self,
        account_id: int,
        instructions: Mapping[str, Any],
        *,
        listing_id: int | None = None,
        note: str = "",
    ) -> InstructionsVersion:
        """A version that can be tried but does not hold yet."""
        body = _instructions(account_id, listing_id, instructions) | {"note": note}
        answer = self._call("POST", "/api/avito/instructions", json=body)
        return _read(InstructionsVersion, answer["version"])

    def publish_instructions(self, no: int, *, replaces: int | None = None) -> bool:
        """From now on this version holds; False if it did already. `replaces`: only if that one (0: none) holds now."""
        body = {} if replaces is None else {"replaces": replaces}
        answer = self._call("POST", f"/api/avito/instructions/{no}/publish", json=body)
        return bool(answer["changed"])

    def rehearse(
        self,
        account_id: int,
        lines: Sequence[tuple[str, str]],
        *,
        listing_id: int | None = None,
        version: int | None = None,
    ) -> Rehearsed:
        """What the assistant would answer to a made-up talk; `lines` are (`client` or `seller`, text). Nothing is sent."""
        body = {
            "account_id": account_id,
            "listing_id": listing_id,
            "version": version,
            "lines": [{"by": by, "text": text} for by, text in lines],
        }
        answer = self._call("POST", "/api/avito/playground", json=body, timeout=240)
        return _read(Rehearsed, answer)

    def chats(
        self,
        *,
        page: int = 1,
        limit: int = 25,
        account_id: int | None = None,
        listing_id: int | None = None,
        owner: str | None = None,
        waiting: str | None = None,
        q: str | None = None,
    ) -> Page[Chat]:
        """Newest first; with `waiting` (`person` or `any`) only clients who wait, who waits longest first."""
        asked = {
            "page": page,
            "limit": limit,
            "account_id": account_id,
            "listing_id": listing_id,
            "owner": owner,
            "waiting": waiting,
            "q": q,
        }
        return _page(Chat, self._get("/api/avito/chats", asked))

    def chat(self, chat_id: str) -> Chat:
        return _read(Chat, self._get(f"/api/avito/chats/{_segment(chat_id)}"))

    def quick_replies(self, chat_id: str) -> tuple[QuickReply, ...]:
        """The seller's ready answers, filled in for this chat."""
        return _rows(QuickReply, self._get(f"/api/avito/chats/{_segment(chat_id)}/quick-replies"))

    def reply(self, chat_id: str, text: str) -> None:
        """A person's reply; the chat becomes the person's."""
        path = f"/api/avito/chats/{_segment(chat_id)}/reply"
        self._call("POST", path, json={"text": text}, timeout=30)

    def set_owner(self, chat_id: str, owner: str, *, hours: float | None = None) -> None:
        """Who answers here: `assistant` or `human`; the latter for `hours`, or the bot's setting."""
        body: dict[str, Any] = {"owner": owner} | ({} if hours is None else {"hours": hours})
        self._call("POST", f"/api/avito/chats/{_segment(chat_id)}/owner", json=body)

    def drafts(self, account_id: int | None = None) -> tuple[WaitingDraft, ...]:
        """Drafts that wait for a manager, the oldest first."""
        return _rows(WaitingDraft, self._get("/api/avito/drafts", {"account_id": account_id}))

    def send_draft(self, draft_id: str, text: str | None = None) -> None:
        """As it was written, or with the manager's own `text`."""
        body = {} if text is None else {"text": text}
        self._call("POST", f"/api/avito/drafts/{_segment(draft_id)}/send", json=body, timeout=30)

    def throw_away_draft(self, draft_id: str) -> None:
        self._call("POST", f"/api/avito/drafts/{_segment(draft_id)}/throw-away")

    def no_answer_needed(self, chat_id: str) -> None:
        """Nothing need be said: the chat waits no more, until the client writes again."""
        self._call("POST", f"/api/avito/chats/{_segment(chat_id)}/no-answer-needed")

    def backlog(self) -> tuple[Chat, ...]:
        """Chats whose messages are too old to be answered by themselves, newest first."""
        return _rows(Chat, self._get("/api/avito/backlog"))

    def leads(self, *, page: int = 1, limit: int = 25, status: str | None = None) -> Page[Lead]:
        asked = {"page": page, "limit": limit, "status": status}
        return _page(Lead, self._get("/api/avito/leads", asked))

    def retry_lead(self, lead_id: str) -> None:
        self._call("POST", f"/api/avito/leads/{_segment(lead_id)}/retry")

    def state(self) -> State:
        return _read(State, self._get("/api/avito/state"))

    def notices(self, *, page: int = 1, limit: int = 25, unseen: bool = False) -> Notices:
        asked = {"page": page, "limit": limit, "unseen": unseen or None}
        told = self._get("/api/avito/notices", asked)
        return Notices(_page(Notice, told), told["unseen"], tuple(told["channels"]))

    def notices_seen(self, up_to: int | str) -> None:
        """Everything up to this notice; what came meanwhile stays unseen."""
        self._call("POST", "/api/avito/notices/seen", json={"up_to": int(up_to)})

    def notice_seen(self, notice_id: int | str) -> None:
        self._call("POST", f"/api/avito/notices/{_segment(str(notice_id))}/seen")

    def health(self) -> Health:
        """Also when the answer is 503: that the bot is not ready is an answer."""
        return _read(Health, self._call("GET", "/health/ready", fine=(503,)))

    def _get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        return self._call("GET", path, params=params)

    def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        timeout: float | None = None,
        fine: tuple[int, ...] = (),
    ) -> Any:
        try:
            answer = self._http.request(
                method,
                path,
                params={k: v for k, v in (params or {}).items() if v is not None},
                json=json,
                headers={"Authorization": f"Bearer {self._token()}", "Accept": "application/json"},
                timeout=httpx.USE_CLIENT_DEFAULT if timeout is None else timeout,
            )
        except httpx.HTTPError as error:
            raise BotUnavailable(f"The bot does not answer: {error}") from error
        if answer.is_error and answer.status_code not in fine:
            raise _refusal(answer)
        try:
            return answer.json() if answer.content else {}
        except ValueError as error:
            raise BotUnavailable("What answers at the bot's address is not the bot.") from error


def _instructions(
    account_id: int, listing_id: int | None, said: Mapping[str, Any]
) -> dict[str, Any]:
    return {"account_id": account_id, "listing_id": listing_id, "instructions": dict(said)}


def _refusal(answer: httpx.Response) -> BotError:
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict) or "title" not in problem:
        return BotUnavailable(f"Something else than the bot answered with {answer.status_code}.")
    return BotRefused(
        title=str(problem["title"]),
        detail=str(problem.get("detail") or ""),
        code=str(problem.get("code") or ""),
        status=answer.status_code,
    )


def _segment(text: str) -> str:
    """A path segment; chat ids have characters that mean something in a URL."""
    return quote(text, safe="")


def _rows(cls: type[T], answer: Any) -> tuple[T, ...]:
    return tuple(_read(cls, row) for row in answer["data"])


def _page(cls: type[T], answer: Any) -> Page[T]:
    about = answer["pagination"]
    return Page(_rows(cls, answer), about["page"], about["total"], about["totalPages"])


def _read(cls: type[T], raw: Mapping[str, Any]) -> T:
    """A value of `cls` from JSON; unknown names are left out, missing ones get their default."""
    values = {}
    shape = _shape(cls)  # type: ignore[arg-type]  # every class is hashable
    for name, (hint, optional) in shape.items():
        if name in raw:
            values[name] = _value(hint, raw[name])
        elif not optional:
            raise BotUnavailable(f"The bot's answer has no {name!r}; is it another version?")
    return cls(**values)


@functools.cache
def _shape(cls: type) -> dict[str, tuple[Any, bool]]:
    """Name → (type, whether it may be missing) of a dataclass's fields."""
    hints = get_type_hints(cls)
    return {
        f.name: (hints[f.name], f.default is not MISSING or f.default_factory is not MISSING)
        for f in fields(cls)
    }


def _value(hint: Any, raw: Any) -> Any:
    if raw is None:
        return None
    if isinstance(hint, types.UnionType):
        [hint, *_] = [h for h in get_args(hint) if h is not types.NoneType]
    if hint is datetime:
        return datetime.fromisoformat(raw)
    if is_dataclass(hint):
        return _read(hint, raw)  # type: ignore[arg-type]  # is_dataclass allows instances too
    origin, args = get_origin(hint), get_args(hint)
    if origin is tuple:
        return tuple(_value(args[0], one) for one in raw)
    if origin is Mapping and is_dataclass(args[1]):
        return {key: _value(args[1], one) for key, one in raw.items()}
    return raw
