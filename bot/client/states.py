"""How the bot is, what managers are told, and what the model costs."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from bot.client.calling import Caller, segment
from bot.client.reading import Page, page_of, read, rows


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


class StateCalls(Caller):
    """Budgets, notices, and what goes on inside."""

    def budgets(self) -> tuple[Budget, ...]:
        """What the model may cost and has cost, account by account."""
        return rows(Budget, self._get("/api/avito/budgets"))

    def set_budget(self, account_id: int, limits: Limits) -> Budget:
        path = f"/api/avito/accounts/{account_id}/budget"
        return read(Budget, self._call("PUT", path, json=asdict(limits))["budget"])

    def state(self) -> State:
        return read(State, self._get("/api/avito/state"))

    def notices(self, *, page: int = 1, limit: int = 25, unseen: bool = False) -> Notices:
        asked = {"page": page, "limit": limit, "unseen": unseen or None}
        told = self._get("/api/avito/notices", asked)
        return Notices(page_of(Notice, told), told["unseen"], tuple(told["channels"]))

    def notices_seen(self, up_to: int | str) -> None:
        """Everything up to this notice; what came meanwhile stays unseen."""
        self._call("POST", "/api/avito/notices/seen", json={"up_to": int(up_to)})

    def notice_seen(self, notice_id: int | str) -> None:
        self._call("POST", f"/api/avito/notices/{segment(str(notice_id))}/seen")

    def health(self) -> Health:
        """Also when the answer is 503: that the bot is not ready is an answer."""
        return read(Health, self._call("GET", "/health/ready", fine=(503,)))
