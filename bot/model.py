"""The nouns of the service as plain values, and the ports through which it reaches the world."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

Clock = Callable[[], datetime]
"""The present moment, with a zone."""

ANSWERABLE = frozenset(
    {"text", "image", "link", "item", "location", "voice", "file", "video", "appCall"}
)
"""Kinds of client message that get a verdict; calls and deletions are kept as events and need none."""

PiiMode = Literal["redact", "plain"]
"""Whether personal data goes to the language model as placeholders, or as it is (to a model in the own network)."""

SILENT = frozenset({"call", "deleted", "system"})
"""Kinds that need no verdict: facts, not words that wait for an answer."""

MAX_REPLY = 1000
"""Characters that Avito takes in one message."""


@dataclass(frozen=True)
class Tokens:
    """A pair of tokens as Avito gave it."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    expires_at: datetime
    scope: str


@dataclass(frozen=True)
class Profile:
    """The account as Avito knows it."""

    id: int
    name: str
    url: str | None


@dataclass(frozen=True)
class ListingRow:
    """A listing as Avito lists it; `price` in whole roubles."""

    id: int
    title: str
    price: int | None
    status: str
    category: str | None
    address: str | None
    url: str | None


@dataclass(frozen=True)
class WireMessage:
    """One line of a chat as Avito tells it, in our words.

    `author` is `client`, `own` (the account itself: ours or a person's, to be told apart by the ledger) or `avito`.
    `kind` is one of Avito's types (text, image, link, item, location, call, deleted, voice, system, appCall, file,
    video) or an unknown word kept as it came. A text that says "Сообщение удалено" has kind `deleted`.
    `text` is what a person could read of it: the text, the link's address, the place's title; else None.
    """

    id: str
    account_id: int
    chat_id: str
    listing_id: int | None
    author: Literal["client", "own", "avito"]
    author_id: int | None
    kind: str
    text: str | None
    content: Mapping[str, Any]
    created_at: datetime
    chat_type: str = "u2i"


@dataclass(frozen=True)
class WireChat:
    """A chat as Avito lists it. `client_name` is how the client calls themself."""

    id: str
    account_id: int
    listing_id: int | None
    listing_title: str | None
    listing_price: str | None
    client_name: str | None
    chat_type: str
    created_at: datetime
    updated_at: datetime
    last_message_id: str | None


@dataclass(frozen=True)
class DayStats:
    """Avito's numbers of one listing on one of Avito's days."""

    listing_id: int
    day: date
    views: int | None
    contacts: int | None
    favorites: int | None


class Avito(Protocol):
    """What the bot asks of one account at Avito.

    Every method may raise TokenRejected, Forbidden, NotFound, BadRequest, NoMessengerAccess (permanent), AvitoBusy or
    AvitoUnreachable (not done; may succeed later). Only `send` and `delete` may raise OutcomeUnknown.
    """

    async def profile(self) -> Profile: ...

    async def listings(self, page: int) -> Sequence[ListingRow]:
        """One page (1-based) of all statuses, at most 99 rows; a short page is the last."""
        ...

    async def chats(self, *, limit: int = 100, offset: int = 0) -> Sequence[WireChat]:
        """Newest first."""
        ...

    async def chat(self, chat_id: str) -> WireChat: ...

    async def messages(
        self, chat_id: str, *, limit: int = 100, offset: int = 0, swept: bool = False
    ) -> Sequence[WireMessage]:
        """Newest first. Reading does not mark as read. `swept`: nobody waits for it, so it has a budget of its own."""
        ...

    async def send(self, chat_id: str, text: str) -> str:
        """Sends `text` (1 to 1000 characters) once, never retrying by itself; Avito's id of the message."""
        ...

    async def delete(self, chat_id: str, message_id: str) -> None: ...

    async def voices(self, voice_ids: Sequence[str]) -> Mapping[str, str]:
        """Links to recordings by their id; a link lives for an hour."""
        ...

    async def subscribe(self, url: str) -> None: ...

    async def subscriptions(self) -> Sequence[str]: ...

    async def unsubscribe(self, url: str) -> None: ...

    async def stats(self, listing_ids: Sequence[int], start: date, end: date) -> Sequence[DayStats]:
        """Days inclusive, at most 200 listings and 270 days back."""
        ...


@dataclass(frozen=True)
class LeadFields:
    """What the CRM wants to know; everything that the client did not say is None."""

    name: str | None = None
    phone: str | None = None
    pestType: str | None = None
    objectType: str | None = None
    rooms: int | None = None
    infestation: str | None = None
    previousTreatment: bool | None = None
    address: str | None = None
    expectedDate: str | None = None
    clientComment: str | None = None


@dataclass(frozen=True)
class Draft:
    """What the model wrote, checked against its schema; costs are summed over the calls that it took."""

    reply: str
    intent: str
    lead: LeadFields
    hand_off: bool
    hand_off_reason: str | None
    model: str
    tokens_in: int
    tokens_out: int
    cost_rub: float
    latency_ms: int


@dataclass(frozen=True)
class Cost:
    """What a call of the model costs. `micro` is millionths of a rouble: whole numbers add up without a remainder."""

    tokens: int
    micro: int


@dataclass(frozen=True)
class Grant:
    """A call of the model that is paid for in advance, and where that is written down.

    `offer` is the place of the model that may be asked among those that were offered. `step` says how far the budget is
    used up: `full` as usual, `cheaper` with the cheaper model, `drafts` only what a manager will look at.
    """

    id: str
    cost: Cost
    offer: int = 0
    step: Literal["full", "cheaper", "drafts"] = "full"
    account_id: int = 0
    day: str = ""
    month: str = ""


@dataclass(frozen=True)
class Letter:
    """What managers are told. `key` is the same when the same is told again; `text` is plain, with links in it."""

    key: str
    subject: str
    text: str


class Channel(Protocol):
    """Tells managers, somewhere else than in the dashboard."""

    name: str

    async def tell(self, letter: Letter) -> None:
        """Tells it once; after an error it may have been told all the same. Raises NoticeBusy or NoticeRefused."""
        ...

    async def look(self) -> str:
        """Tries the way without telling anything; what was seen, in a few words. Raises as `tell`."""
        ...


NO_CRM_ID = "unknown"
"""A lead was taken, and the CRM did not say under which id. Sending again could double it."""


class Crm(Protocol):
    """Takes leads."""

    name: str

    async def create(self, lead: LeadFields, *, key: str, context: Mapping[str, Any]) -> str:
        """The CRM's id of the lead. `key` goes out as the header Idempotency-Key, the same in each attempt.

        `context` has `listing_title`, `listing_price`, `listing_url`, `chat_id`, `created_at` (datetime).
        Raises CrmBusy, CrmUnknown or CrmRefused.
        """
        ...

    async def complete(
        self, crm_lead_id: str, lead: LeadFields, *, key: str, context: Mapping[str, Any]
    ) -> None:
        """Tells the CRM what became known of a lead that it has. Doing so twice is as doing so once.

        Raises CrmBusy or CrmUnknown (may succeed later), CrmRefused (this CRM does not take it).
        """
        ...
