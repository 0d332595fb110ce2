"""Sandboxes to visit, in process and behind a real port."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from bot.sandbox import SandboxConfig, create_app
from tests.sandbox.visitor import Listener, Live, Visitor


@pytest.fixture
def stranger() -> Iterator[Visitor]:
    """Somebody without a token, in front of a fresh sandbox in this process."""
    with TestClient(create_app(SandboxConfig())) as http:
        yield Visitor(http)  # type: ignore[arg-type]  # the test client speaks httpx


@pytest.fixture
def seller(stranger: Visitor) -> Visitor:
    """Somebody who is connected to the first account with every scope."""
    return stranger.connect()


@pytest.fixture(scope="session")
def live() -> Iterator[Live]:
    """A sandbox behind a real port; `reset` it before use."""
    served = Live()
    yield served
    served.close()


@pytest.fixture
def remote(live: Live) -> Iterator[Visitor]:
    """Somebody who is connected over real HTTP to an empty world."""
    visitor = Visitor(live.http)
    visitor.act("reset")
    yield visitor.connect()
    visitor.act("reset")


@pytest.fixture
def hook(remote: Visitor) -> Iterator[Listener]:
    """A webhook address to which the account is subscribed."""
    listener = Listener()
    remote.post("/messenger/v3/webhook", {"url": listener.url})
    yield listener
    listener.close()
