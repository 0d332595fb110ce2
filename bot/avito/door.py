"""One request to Avito and one answer; tells what is certain when there is none."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from bot.errors import AvitoUnreachable, BotError, OutcomeUnknown

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 10.0
MOST_CONNECTIONS = 128
KEPT_SECONDS = 4.0
"""Shorter than servers wait, so that a request rarely leaves on a connection just being closed."""

Query = Mapping[str, str | int]

NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.ProxyError,
)


def make_http(
    api_base: str, *, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """The client that all accounts share. Takes nothing from the environment, follows nowhere."""
    return httpx.AsyncClient(
        base_url=api_base,
        transport=transport or _Network(MOST_CONNECTIONS),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS),
        headers={"User-Agent": "avito-assistant", "Accept": "application/json"},
    )


class _Network(httpx.AsyncBaseTransport):
    """Places with one connection each; who finds none free waits, in order.

    The queue is ours because httpx's own pool gives all that wait the same free connection and lets
    them try again: measured with 1500 requests at once, every one of them missed its deadline.
    The place that was free last is taken first, since its connection is still open.
    """

    def __init__(self, places: int) -> None:
        context = httpx.create_ssl_context(trust_env=False)
        alone = httpx.Limits(max_connections=1, keepalive_expiry=KEPT_SECONDS)
        self._places = [
            httpx.AsyncHTTPTransport(verify=context, limits=alone, trust_env=False)
            for _ in range(places)
        ]
        self._free = asyncio.LifoQueue[httpx.AsyncHTTPTransport]()
        for place in self._places:
            self._free.put_nowait(place)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The whole response, so that the place is free again when the client has it."""
        trace = request.extensions.get("trace")
        if isinstance(trace, _Trace):
            trace.watching = True
        place = await self._free.get()
        try:
            response = await place.handle_async_request(request)
            await response.aread()
            return response
        finally:
            self._free.put_nowait(place)

    async def aclose(self) -> None:
        for place in self._places:
            await place.aclose()


@dataclass(frozen=True)
class Request:
    """What to ask. `path` is already quoted; `form` is sent instead of `json` where given."""

    method: str
    path: str
    query: Query | None = None
    json: Any = None
    form: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """An empty body counts as an empty object. ValueError if it is no JSON, as a web page."""
        try:
            return msgspec.json.decode(self.body or b"{}")
        except RecursionError:
            raise ValueError("Avito's answer is nested too deep") from None


async def ask(
    http: httpx.AsyncClient,
    request: Request,
    *,
    token: str | None = None,
    ends: float | None = None,
) -> Answer:
    """The answer, whatever its status. `ends` is a moment of the event loop's clock.

    AvitoUnreachable if the request certainly never left, OutcomeUnknown if it may have arrived.
    """
    trace = _Trace()
    try:
        async with asyncio.timeout_at(ends or asyncio.get_running_loop().time() + TOTAL_SECONDS):
            answer = await http.request(
                request.method,
                request.path,
                params=request.query,
                json=request.json,
                data=request.form,
                headers={"Authorization": f"Bearer {token}"} if token else None,
                extensions={"trace": trace},
            )
            return Answer(answer.status_code, answer.headers, answer.content)
    except NEVER_LEFT as error:
        raise AvitoUnreachable(f"no connection to Avito ({type(error).__name__})") from error
    except (
        httpx.HTTPError,
        httpx.InvalidURL,
        httpx.StreamError,
        TimeoutError,
    ) as error:
        raise trace.verdict(error) from error


class _Trace:
    """Watches the connection, to know whether the request had begun to leave."""

    def __init__(self) -> None:
        self.watching = False
        self._left = False

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith("send_request_headers.started"):
            self._left = True

    def verdict(self, error: Exception) -> BotError:
        """Where nobody watches (a transport that is no network) the doubt goes against us."""
        if self.watching and not self._left:
            return AvitoUnreachable(f"no connection to Avito ({type(error).__name__})")
        return OutcomeUnknown(f"no whole answer from Avito ({type(error).__name__})")
