"""How a request comes in: faults first, then the token, then the work, then the answer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox.answers import Answer, Refused, bad_token, invalid, shape_a, trouble
from bot.sandbox.faults import Fate
from bot.sandbox.hooks import Hooks
from bot.sandbox.records import Account, Message
from bot.sandbox.world import World

encode = msgspec.json.Encoder().encode
REAL_SEND = "sandbox.send"


@dataclass
class Call:
    """One authenticated request to Avito, as the handlers see it.

    `body` is the parsed JSON, None when there was none; `spoken` collects the messages whose echo
    goes out once the answer has left.
    """

    world: World
    account: Account
    request: Request
    raw: bytes
    body: Any = None
    spoken: list[Message] = field(default_factory=list)

    @property
    def path(self) -> Mapping[str, str]:
        """The variable parts of the path."""
        return self.request.path_params

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number from the query; Refused with 400 outside of its bounds."""
        given = self.request.query_params.get(name, str(default))
        try:
            number = int(given)
        except ValueError:
            raise invalid(**{name: "must be a number"}) from None
        if not low <= number <= high:
            raise invalid(**{name: f"must be {low}..{high}"})
        return number

    def words(self, name: str) -> list[str]:
        """A list from the query: comma separated, or the key repeated."""
        given = ",".join(self.request.query_params.getlist(name))
        return [word for word in given.split(",") if word]


Handler = Callable[[Call], Answer]
Work = Callable[[Fate], Awaitable[Answer]]


class Door:
    """Serves handlers under the weather of a world."""

    def __init__(self, world: World, hooks: Hooks) -> None:
        self.world = world
        self.hooks = hooks

    def avito(
        self, op: str, handler: Handler, scope: str
    ) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint for an operation of Avito's API that needs a token with `scope`."""

        async def endpoint(request: Request) -> Response:
            raw = await request.body()
            spoken: list[Message] = []

            async def work(fate: Fate) -> Answer:
                call = self._admit(request, raw, scope)
                call.spoken = spoken
                answer = handler(call)
                if spoken and self.world.weather.echo_first():
                    await self.hooks.tell_and_wait(spoken.pop())
                return answer

            def echo() -> None:
                while spoken:
                    self.hooks.tell(spoken.pop(0))

            latency = self.world.weather.faults.latency
            return await self.under_weather(op, request, work, latency=latency, after=echo)

        return endpoint

    async def under_weather(
        self,
        op: str,
        request: Request,
        work: Work,
        *,
        latency: float,
        after: Callable[[], None] = lambda: None,
    ) -> Response:
        """Do the work and answer, or let go wrong what should; `after` runs once it is done."""
        fate, faults = self.world.weather.fate(op), self.world.weather.faults
        if latency:
            await asyncio.sleep(latency)
        word, _, _suffix = fate.word.partition("_after")
        html = faults.html_errors or word.startswith("html_")
        status = word.removeprefix("html_")
        answer = None
        if fate.word == "apply_late":
            self._later(fate, work, after)
        elif "_after" in fate.word or not _stops(op, word):
            answer = await _done(work, fate)
            asyncio.get_running_loop().call_soon(after)
        match word:
            case "reset":
                return await hang_up(request, 0.0)
            case "timeout" | "apply_late":
                return await hang_up(request, faults.timeout_seconds)
            case "slow":
                await asyncio.sleep(fate.number or 1.0)
            case "garbage":
                return Response(b'{"id": "0f', media_type="application/json")
            case _ if status.isdigit() and _stops(op, word):
                retry = faults.retry_after if fate.number is None else fate.number
                only_429 = retry if status == "429" else None
                answer = trouble(int(status), html=html, retry_after=only_429)
        assert answer is not None
        return rendered(answer)

    def _later(self, fate: Fate, work: Work, after: Callable[[], None]) -> None:
        async def apply() -> None:
            await asyncio.sleep(fate.number or 1.0)
            await _done(work, fate)
            after()

        self.hooks.keep(asyncio.create_task(apply()))

    def _admit(self, request: Request, raw: bytes, scope: str) -> Call:
        """Check token, scope, subscription level, owner and body, in this order."""
        messenger = request.url.path.startswith("/messenger/")
        account = self._account(request, scope, messenger)
        if messenger and self.world.weather.faults.missing_subscription:
            raise shape_a(402)
        owner = request.path_params.get("user_id")
        if owner is not None and owner != str(account.id):
            raise shape_a(403 if messenger else 404)
        return Call(self.world, account, request, raw, _parsed(request, raw))

    def _account(self, request: Request, scope: str, messenger: bool) -> Account:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        access = self.world.state.access.get(token) if kind.lower() == "bearer" else None
        if access is None or access.expires <= self.world.now():
            raise bad_token() if messenger else shape_a(self.world.weather.faults.auth_status)
        if access.scopes is not None and scope and scope not in access.scopes:
            raise shape_a(403)
        return self.world.state.accounts[access.account_id]


def _stops(op: str, word: str) -> bool:
    """Whether a word keeps the work from being done; the model and Telegram are always asked, and know by themselves."""
    return op not in ("model", "telegram") and word not in {"ok", "slow", "garbage"}


async def _done(work: Work, fate: Fate) -> Answer:
    try:
        return await work(fate)
    except Refused as refusal:
        return refusal.answer


def _parsed(request: Request, raw: bytes) -> Any:
    if not raw or request.headers.get("content-type", "").startswith("multipart/"):
        return None
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError:
        raise shape_a(400) from None


def form(raw: bytes) -> dict[str, str]:
    """The fields of a posted form, the last of each name."""
    fields = parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in fields.items()}


def rendered(answer: Answer) -> Response:
    """The response that says so."""
    if answer.body is None:
        return Response(status_code=answer.status, headers=answer.headers)
    if isinstance(answer.body, str):
        return Response(answer.body, answer.status, answer.headers, media_type="text/html")
    body = encode(answer.body)
    return Response(body, answer.status, answer.headers, media_type="application/json")


async def hang_up(request: Request, seconds: float) -> Response:
    """Say nothing until the caller gives up or the time is over, then cut the connection."""
    try:
        async with asyncio.timeout(seconds):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        pass
    server = getattr(request.scope.get(REAL_SEND), "__self__", None)
    transport = getattr(server, "transport", None)
    if transport is None:
        raise ConnectionAbortedError("the sandbox hung up, as it was told to")
    transport.abort()
    await asyncio.sleep(0.01)
    return Response()
