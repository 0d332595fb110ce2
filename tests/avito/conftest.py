"""What the tests of Avito's adapter share."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina

from bot.avito.budget import Budget
from bot.avito.client import AvitoAccount
from bot.avito.door import make_http

ACCOUNT = 94235311
NOW = datetime(2026, 10, 9, 9, 0, tzinfo=UTC)
SPEC = Path(__file__).parent.parent / "avito_spec"

Wire = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(autouse=True)
def no_waiting_between_attempts() -> Iterator[None]:
    """Retries happen, their pauses do not."""
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture(scope="session")
def spec() -> dict[str, Any]:
    """Avito's own description of its messenger."""
    found: dict[str, Any] = json.loads((SPEC / "messenger.json").read_text(encoding="utf-8"))
    return found


def quick_budget() -> Budget:
    """A budget whose waits take no time."""
    passed = [0.0]

    async def sleep(seconds: float) -> None:
        passed[0] += seconds

    return Budget(now=lambda: passed[0], sleep=sleep)


class Purse:
    """A token source that counts; each renewal gives the next token."""

    def __init__(self) -> None:
        self.renewals: list[str] = []

    @property
    def current(self) -> str:
        return f"token-{len(self.renewals)}"

    async def get(self) -> str:
        return self.current

    async def renew(self, rejected: str) -> str:
        if rejected == self.current:
            self.renewals.append(rejected)
        return self.current


@pytest.fixture
def purse() -> Purse:
    return Purse()


class Script:
    """Plays Avito: answers what it is told, in this order, and remembers what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def sent(self, place: int = -1) -> Any:
        return json.loads(self.asked[place].content)


@pytest.fixture
def avito(purse: Purse) -> Callable[..., tuple[AvitoAccount, Script]]:
    """An account at a scripted Avito."""

    def make(*answers: httpx.Response | Exception) -> tuple[AvitoAccount, Script]:
        script = Script(*answers)
        http = make_http("https://api.example", transport=httpx.MockTransport(script))
        return AvitoAccount(http, ACCOUNT, purse, quick_budget(), lambda: NOW), script

    return make


@pytest.fixture
def at_socket(purse: Purse) -> Callable[[Wire], Any]:
    """An account whose Avito is a bare socket that does what the given function does."""

    @asynccontextmanager
    async def open_(wire: Wire) -> AsyncIterator[AvitoAccount]:
        server = await asyncio.start_server(wire, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, make_http(f"http://127.0.0.1:{port}") as http:
            yield AvitoAccount(http, ACCOUNT, purse, quick_budget(), lambda: NOW)

    return open_
