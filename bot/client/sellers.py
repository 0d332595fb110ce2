"""A seller: accounts, listings, working hours, and what holds for them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from bot.client.calling import Caller
from bot.client.reading import Page, page_of, read, rows


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
class Haggling:
    """How far a listing's price may come down, in roubles; no `floor`: it stands. One of `ladder` for each new bid."""

    listing_id: int
    price: int | None = None
    floor: int | None = None
    ladder: tuple[int, ...] = ()
    set_by: str | None = None
    set_at: datetime | None = None


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
class OAuthUrl:
    """`start_url` binds the state to the browser and goes on to `url`."""

    url: str
    state: str
    start_url: str


@dataclass(frozen=True)
class Synced:
    synced: int
    total: int


class SellerCalls(Caller):
    """What is asked and changed about accounts and listings."""

    def accounts(self) -> tuple[Account, ...]:
        return rows(Account, self._get("/api/avito/accounts"))

    def oauth_url(self) -> OAuthUrl:
        return read(OAuthUrl, self._get("/api/avito/oauth/url"))

    def edit_account(
        self, account_id: int, *, zone: str | None = None, facts: str | None = None
    ) -> None:
        """Sets what is given: the time zone, like Europe/Moscow, or the facts."""
        wanted = {"zone": zone, "facts": facts}
        changes = {name: value for name, value in wanted.items() if value is not None}
        self._call("PATCH", f"/api/avito/accounts/{account_id}", json=changes)

    def disconnect(self, account_id: int) -> None:
        """Unsubscribes at Avito and forgets the tokens."""
        self._call("DELETE", f"/api/avito/accounts/{account_id}", timeout=30)

    def hours(self, account_id: int) -> Hours:
        """When the seller works."""
        return read(Hours, self._get(f"/api/avito/accounts/{account_id}/hours"))

    def set_hours(self, account_id: int, hours: WorkingHours | None) -> Hours:
        body = {"hours": asdict(hours) if hours else None}
        answer = self._call("PUT", f"/api/avito/accounts/{account_id}/hours", json=body)
        return read(Hours, answer)

    def silence(self) -> Silence:
        return read(Silence, self._get("/api/avito/silence"))

    def set_silence(self, silenced: bool) -> Silence:
        """Silences the assistant everywhere at once, or lets it speak again."""
        answer = self._call("POST", "/api/avito/silence", json={"silenced": silenced})
        return read(Silence, answer)

    def follow_ups(self, account_id: int) -> FollowUps:
        return read(FollowUps, self._get(f"/api/avito/accounts/{account_id}/follow-ups"))

    def set_follow_ups(self, account_id: int, plan: FollowUpPlan | None) -> FollowUps:
        """Holds for silences that begin from now on; None: nobody is written to again, but for listings that say so."""
        path = f"/api/avito/accounts/{account_id}/follow-ups"
        wanted = {"plan": asdict(plan) if plan else None}
        return read(FollowUps, self._call("PUT", path, json=wanted))

    def set_listing_follow_ups(self, listing_id: int, wanted: bool | None) -> None:
        """Whether its silent clients are written to again; None: as the account's plan says."""
        path = f"/api/avito/listings/{listing_id}/follow-ups"
        self._call("POST", path, json={"wanted": wanted})

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
        return page_of(Listing, self._get("/api/avito/listings", asked))

    def sync_listings(self, account_id: int | None = None, *, timeout: float = 300) -> Synced:
        """Reads all listings from Avito; blocks until done. `Account.sync` tells how far it is."""
        body = {} if account_id is None else {"account_id": account_id}
        return read(Synced, self._call("POST", "/api/avito/listings", json=body, timeout=timeout))

    def active_listings(self) -> tuple[Listing, ...]:
        return tuple(
            read(Listing, row) for row in self._get("/api/avito/listings/ai-active")["listings"]
        )

    def set_ai(self, listing_id: int, enabled: bool) -> Listing:
        """Says what should be; twice is as once."""
        path = f"/api/avito/listings/{listing_id}/ai-toggle"
        return read(Listing, self._call("POST", path, json={"enabled": enabled})["listing"])

    def set_mode(self, listing_id: int, mode: str, minutes: int | None = None) -> Listing:
        """How far the assistant may go: off, draft, automatic, unanswered (after `minutes`), off_hours."""
        body = {"mode": mode} | ({} if minutes is None else {"minutes": minutes})
        path = f"/api/avito/listings/{listing_id}/mode"
        return read(Listing, self._call("POST", path, json=body)["listing"])

    def haggling(self, listing_id: int) -> Haggling:
        """How far the listing's price may come down."""
        return read(Haggling, self._get(f"/api/avito/listings/{listing_id}/haggling"))

    def set_haggling(
        self, listing_id: int, floor: int | None, ladder: Sequence[int] = ()
    ) -> Haggling:
        """Says how far it may; no floor: the price stands. Twice is as once."""
        body = {"floor": floor, "ladder": list(ladder)}
        path = f"/api/avito/listings/{listing_id}/haggling"
        return read(Haggling, self._call("PUT", path, json=body))
