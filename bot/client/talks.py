"""Chats, what was said in them, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.client.calling import Caller, segment
from bot.client.reading import Page, page_of, read, rows


@dataclass(frozen=True)
class QuickReply:
    title: str
    text: str


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


class TalkCalls(Caller):
    """What is read and done in chats, and with leads."""

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
        return page_of(Chat, self._get("/api/avito/chats", asked))

    def chat(self, chat_id: str) -> Chat:
        return read(Chat, self._get(f"/api/avito/chats/{segment(chat_id)}"))

    def quick_replies(self, chat_id: str) -> tuple[QuickReply, ...]:
        """The seller's ready answers, filled in for this chat."""
        return rows(QuickReply, self._get(f"/api/avito/chats/{segment(chat_id)}/quick-replies"))

    def reply(self, chat_id: str, text: str) -> None:
        """A person's reply; the chat becomes the person's."""
        path = f"/api/avito/chats/{segment(chat_id)}/reply"
        self._call("POST", path, json={"text": text}, timeout=30)

    def set_owner(self, chat_id: str, owner: str, *, hours: float | None = None) -> None:
        """Who answers here: `assistant` or `human`; the latter for `hours`, or the bot's setting."""
        body: dict[str, Any] = {"owner": owner} | ({} if hours is None else {"hours": hours})
        self._call("POST", f"/api/avito/chats/{segment(chat_id)}/owner", json=body)

    def drafts(self, account_id: int | None = None) -> tuple[WaitingDraft, ...]:
        """Drafts that wait for a manager, the oldest first."""
        return rows(WaitingDraft, self._get("/api/avito/drafts", {"account_id": account_id}))

    def send_draft(self, draft_id: str, text: str | None = None) -> None:
        """As it was written, or with the manager's own `text`."""
        body = {} if text is None else {"text": text}
        self._call("POST", f"/api/avito/drafts/{segment(draft_id)}/send", json=body, timeout=30)

    def throw_away_draft(self, draft_id: str) -> None:
        self._call("POST", f"/api/avito/drafts/{segment(draft_id)}/throw-away")

    def no_answer_needed(self, chat_id: str) -> None:
        """Nothing need be said: the chat waits no more, until the client writes again."""
        self._call("POST", f"/api/avito/chats/{segment(chat_id)}/no-answer-needed")

    def backlog(self) -> tuple[Chat, ...]:
        """Chats whose messages are too old to be answered by themselves, newest first."""
        return rows(Chat, self._get("/api/avito/backlog"))

    def leads(self, *, page: int = 1, limit: int = 25, status: str | None = None) -> Page[Lead]:
        asked = {"page": page, "limit": limit, "status": status}
        return page_of(Lead, self._get("/api/avito/leads", asked))

    def retry_lead(self, lead_id: str) -> None:
        self._call("POST", f"/api/avito/leads/{segment(lead_id)}/retry")
