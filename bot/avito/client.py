"""One account at Avito over HTTP: the Avito that production runs with."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import httpx
import stamina

from bot.avito import refusals, wire
from bot.avito.budget import Budget
from bot.avito.door import TOTAL_SECONDS, Answer, Query, Request, ask
from bot.errors import (
    AvitoBusy,
    AvitoUnreachable,
    BadRequest,
    BotError,
    Forbidden,
    OutcomeUnknown,
    TokenRejected,
)
from bot.model import (
    MAX_REPLY,
    Clock,
    DayStats,
    ListingRow,
    Profile,
    WireChat,
    WireMessage,
)

T = TypeVar("T")

PAGE = 99
STATUSES = "active,removed,old,blocked,rejected"
CHAT_TYPES = "u2i,u2u"
"""Chats about listings and about the seller; Avito's own chats with the seller are not ours."""

SEND = "send"
"""The route of what may not be done twice."""

ATTEMPTS = 3
LONGEST_PAUSE = 3.0
"""A call that may be repeated waits no longer than this for Avito; whoever asked waits better."""

PATIENCE = {"send": 3.0, "messenger": 5.0, "account": 5.0}
LONGEST_PATIENCE = 90.0
"""Whoever answers a client holds a lease and had better come back; lists and numbers can wait."""


class TokenSource(Protocol):
    """Where the account's access token comes from."""

    async def get(self) -> str:
        """A token that should work. TokenRejected if the owner must connect again."""
        ...

    async def renew(self, rejected: str) -> str:
        """Another token than `rejected`. Many may call at once; one of them asks Avito."""
        ...


async def read_profile(http: httpx.AsyncClient, token: str) -> Profile:
    """Whose token it is, before the account is known. Errors as for every call of an account."""
    try:
        answer = await ask(http, Request("GET", "/core/v1/accounts/self"), token=token)
    except OutcomeUnknown as error:
        raise AvitoUnreachable(str(error)) from error
    if not answer.good:
        raise wire.error_for(answer.status, answer.headers, answer.body)
    return _read(answer, wire.read_profile)


class AvitoAccount:
    """Implements `bot.model.Avito` for one account."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        account_id: int,
        token: TokenSource,
        budget: Budget,
        clock: Clock,
    ) -> None:
        self._http = http
        self._id = account_id
        self._token = token
        self._budget = budget
        self._clock = clock

    async def profile(self) -> Profile:
        answer = await self._repeatable("account", Request("GET", "/core/v1/accounts/self"))
        return _read(answer, wire.read_profile)

    async def listings(self, page: int) -> Sequence[ListingRow]:
        query: Query = {"page": page, "per_page": PAGE, "status": STATUSES}
        answer = await self._repeatable("listings", Request("GET", "/core/v1/items", query))
        return _read(answer, wire.read_listings)

    async def chats(self, *, limit: int = 100, offset: int = 0) -> Sequence[WireChat]:
        query: Query = {"chat_types": CHAT_TYPES, "limit": limit, "offset": offset}
        request = Request("GET", f"/messenger/v2/accounts/{self._id}/chats", query)
        answer = await self._repeatable("messenger", request)
        return _read(answer, lambda data: wire.read_chats(data, self._id))

    async def chat(self, chat_id: str) -> WireChat:
        request = Request("GET", self._chat_path("v2", chat_id))
        answer = await self._repeatable("messenger", request)
        return _read(answer, lambda data: wire.read_chat(data, self._id))

    async def messages(
        self, chat_id: str, *, limit: int = 100, offset: int = 0, swept: bool = False
    ) -> Sequence[WireMessage]:
        query: Query = {"limit": limit, "offset": offset}
        request = Request("GET", f"{self._chat_path('v3', chat_id)}/messages/", query)
        answer = await self._repeatable("sweep" if swept else "messenger", request)
        return _read(answer, lambda data: wire.read_messages(data, self._id, chat_id))

    async def send(self, chat_id: str, text: str) -> str:
        if not 0 < len(text) <= MAX_REPLY:
            raise BadRequest(f"a message has 1 to {MAX_REPLY} characters", status=400)
        body = {"message": {"text": text}, "type": "text"}
        request = Request("POST", f"{self._chat_path('v1', chat_id)}/messages", json=body)
        answer = await self._once(request)
        try:
            return wire.read_sent(answer.json())
        except ValueError as error:
            raise OutcomeUnknown(
                "Avito said yes, but not which message it made", answered=True
            ) from error

    async def delete(self, chat_id: str, message_id: str) -> None:
        path = f"{self._chat_path('v1', chat_id)}/messages/{_quoted(message_id)}"
        answer = await self._once(Request("POST", path))
        try:
            wire.read_ok(answer.json())
        except ValueError as error:
            raise OutcomeUnknown(
                "Avito said yes in words that cannot be read", answered=True
            ) from error

    async def voices(self, voice_ids: Sequence[str]) -> Mapping[str, str]:
        path = f"/messenger/v1/accounts/{self._id}/getVoiceFiles"
        request = Request("GET", path, {"voice_ids": ",".join(voice_ids)})
        return _read(await self._repeatable("messenger", request), wire.read_voices)

    async def subscribe(self, url: str) -> None:
        """Replaces the account's subscription. That it already is so is no error."""
        request = Request("POST", "/messenger/v3/webhook", json={"url": url})
        try:
            answer = await self._repeatable("messenger", request)
        except BadRequest as error:
            if error.status == 409:
                return
            raise
        _read(answer, wire.read_ok)

    async def subscriptions(self) -> Sequence[str]:
        answer = await self._repeatable("messenger", Request("POST", "/messenger/v1/subscriptions"))
        return _read(answer, wire.read_subscriptions)

    async def unsubscribe(self, url: str) -> None:
        request = Request("POST", "/messenger/v1/webhook/unsubscribe", json={"url": url})
        _read(await self._repeatable("messenger", request), wire.read_ok)

    async def stats(self, listing_ids: Sequence[int], start: date, end: date) -> Sequence[DayStats]:
        body = {
            "itemIds": list(listing_ids),
            "dateFrom": start.isoformat(),
            "dateTo": end.isoformat(),
            "fields": ["uniqViews", "uniqContacts", "uniqFavorites"],
            "periodGrouping": "day",
        }
        request = Request("POST", f"/stats/v1/accounts/{self._id}/items", json=body)
        return _read(await self._repeatable("stats", request), wire.read_stats)

    def _chat_path(self, version: str, chat_id: str) -> str:
        return f"/messenger/{version}/accounts/{self._id}/chats/{_quoted(chat_id)}"

    async def _repeatable(self, route: str, request: Request) -> Answer:
        """For calls that are as well done twice as once: a short trouble is waited out."""
        ends: float | None = None
        async for attempt in stamina.retry_context(
            on=_worth_repeating,
            attempts=ATTEMPTS,
            timeout=TOTAL_SECONDS,
            wait_jitter=0.4,
        ):
            with attempt:
                patience = PATIENCE.get(route, LONGEST_PATIENCE)
                if ends is not None:
                    patience = max(ends - _now(), 0.0)
                await self._budget.take(route, patience=patience)
                ends = ends or _now() + TOTAL_SECONDS
                return await self._authorized(route, request, ends)
        raise AssertionError("the last attempt returns or raises")

    async def _once(self, request: Request) -> Answer:
        """For calls that must not be done twice. One deadline holds for everything in it."""
        ends = _now() + TOTAL_SECONDS
        await self._budget.take(SEND, patience=PATIENCE[SEND])
        return await self._authorized(SEND, request, ends)

    async def _authorized(self, route: str, request: Request, ends: float) -> Answer:
        """A rejected token is renewed once; a call with a rejected token is certainly not done."""
        token = await _before(ends, self._token.get())
        try:
            return await self._heard(route, request, token, ends)
        except (TokenRejected, Forbidden):
            token = await _before(ends, self._token.renew(token))
        return await self._heard(route, request, token, ends)

    async def _heard(self, route: str, request: Request, token: str, ends: float) -> Answer:
        """The good answer, or its error; the budget learns from both."""
        try:
            answer = await ask(self._http, request, token=token, ends=ends)
        except BotError as error:
            self._budget.failed()
            raise _as_certain_as(route, error) from error
        if answer.good:
            self._budget.went_well(route, remaining=refusals.remaining(answer.headers))
            return answer
        refusal = wire.error_for(answer.status, answer.headers, answer.body, now=self._clock())
        self._learn(route, answer.status, refusal)
        raise _as_certain_as(route, refusal)

    def _learn(self, route: str, status: int, error: BotError) -> None:
        if status == 429:
            self._budget.refused(route, error.retry_after)
        elif isinstance(error, AvitoBusy):
            self._budget.failed()
        else:
            self._budget.went_well(route)


def _as_certain_as(route: str, error: BotError) -> BotError:
    """What may not be done twice is in doubt after a 5xx too; elsewhere doubt does not matter."""
    if route == SEND and isinstance(error, AvitoBusy):
        doubtful = error.status >= 500 or error.status == 408
        return OutcomeUnknown(str(error), answered=True) if doubtful else error
    if route != SEND and isinstance(error, OutcomeUnknown):
        return AvitoUnreachable(str(error))
    return error


def _worth_repeating(error: Exception) -> bool | float:
    """A wait that Avito asked for is kept if it is short, and left to the caller if not."""
    if isinstance(error, AvitoBusy) and error.retry_after is not None:
        return error.retry_after if error.retry_after <= LONGEST_PAUSE else False
    return isinstance(error, AvitoBusy | AvitoUnreachable)


def _read(answer: Answer, reader: Callable[[Any], T]) -> T:
    try:
        return reader(answer.json())
    except ValueError as error:
        raise AvitoBusy(
            f"Avito answered {answer.status} with something unreadable",
            status=answer.status,
        ) from error


def _quoted(id: str) -> str:
    """The id as one step of a path, whatever is in it."""
    if id in ("", ".", ".."):
        raise BadRequest("no such id at Avito", status=400)
    return quote(id, safe="")


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _before(ends: float, token: Coroutine[Any, Any, str]) -> str:
    """The token, if it comes in time; the call that wanted it has not been made.

    A renewal goes on when nobody waits any more: half a rotation would lose the account.
    """
    task = asyncio.ensure_future(token)
    try:
        async with asyncio.timeout_at(ends):
            return await asyncio.shield(task)
    except TimeoutError as error:
        raise AvitoUnreachable("no token in time") from error
    except OutcomeUnknown as error:
        raise AvitoUnreachable("the token's renewal got no answer") from error
    finally:
        if not task.done():
            _renewals.add(task)
            task.add_done_callback(_forget)


_renewals: set["asyncio.Future[str]"] = set()


def _forget(task: "asyncio.Future[str]") -> None:
    _renewals.discard(task)
    if not task.cancelled():
        task.exception()
