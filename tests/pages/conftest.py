"""A dashboard as a real process, a bot that behaves, and people of each role."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Page, expect

from pages._ui.door import session
from pipeline.__main__ import main as pipeline
from tests.browser import browser as some_browser
from tests.pages.fake_bot import FakeBot, running
from tests.pages.world import ordinary
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
SECRET = "a secret that only the tests of the pages know"
PASSWORDS = {"owner": "o-password", "manager": "m-password", "viewer": "v-password"}
SAMPLE_DAYS = 12
PATIENCE = 30_000
"""Milliseconds until something on a page counts as missing: other tests keep the machine busy."""


@dataclass(frozen=True)
class Dashboard:
    """A running dashboard, and where its log says its errors."""

    url: str
    log: Path

    @property
    def websocket(self) -> str:
        return self.url.replace("http://", "ws://") + "/_stcore/stream"


def hashes() -> str:
    """Quick ones: a test does not have to withstand an attacker."""
    hasher = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    return " ".join(f"{role}:{hasher.hash(word)}" for role, word in PASSWORDS.items())


def cookie(role: str = "owner", user: str = "", **span: float) -> str:
    """A session of ours; `span` moves its end from now."""
    who = session.begin(user or f"{uuid4().hex}@example.com", role, datetime.now(UTC))
    if span:
        who = session.Session(who.user, who.role, who.id, datetime.now(UTC) + timedelta(**span))
    return session.seal(who, SECRET)


@contextmanager
def dashboard_at(
    folder: Path, bot_url: str, env: Mapping[str, str] | None = None, *, second_start: bool = False
) -> Iterator[Dashboard]:
    """`streamlit run app.py` in `folder` until the block ends; ready when it answers.

    With `second_start` its port is told by DASHBOARD_PORT alone, which costs it another start.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {
        "AVITO_API_URL": bot_url,
        "JWT_SECRET": SECRET,
        "DASHBOARD_PASSWORD_HASH": hashes(),
        "DASHBOARD_PORT": str(port),
        "DASHBOARD_URL": url,
        "PYTHONPATH": str(ROOT),
    }
    if not second_start:
        settings["STREAMLIT_SERVER_PORT"] = str(port)
    log = folder / f"dashboard-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")],
            cwd=folder,
            env={**os.environ, **settings, **(env or {})},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(url, process, log)
        yield Dashboard(url, log)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/_stcore/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    pytest.fail(f"the dashboard did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def bot_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the dashboard runs: a sample, and a log of the seller's own with one chat."""
    place = tmp_path_factory.mktemp("dashboard")
    lines = place / "chat.jsonl"
    lines.write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in own_messages()), encoding="utf-8"
    )
    _pipeline("sample", "--days", str(SAMPLE_DAYS), "--out", str(place / "data/sample"))
    _pipeline("load", str(lines), "--out", str(place / "data/lake"))
    return place


def own_messages() -> Iterator[dict[str, object]]:
    """What the log remembers of one chat, phone masked."""
    now = datetime.now(UTC) - timedelta(hours=2)
    for n, (author, text) in enumerate(
        (
            ("client", "Клопы замучили, мой номер [телефон]"),
            ("assistant", "Поможем, приедем завтра"),
        )
    ):
        yield {
            "message_id": f"log-{n}",
            "at": (now + timedelta(seconds=20 * n)).isoformat(),
            "account_id": 1001,
            "listing_id": 70001,
            "chat_id": "u2i-log",
            "author": author,
            "kind": "text",
            "text": text,
        }


def _pipeline(*words: str) -> None:
    assert 0 == pipeline(words)


@pytest.fixture(scope="session")
def dashboard(folder: Path, bot_port: int) -> Iterator[Dashboard]:
    lake = {
        "LAKE_CATALOG": f"sqlite:{folder / 'data/lake/catalog.sqlite'}",
        "LAKE_DATA": str(folder / "data/lake/files"),
    }
    with dashboard_at(folder, f"http://127.0.0.1:{bot_port}", lake) as running_one:
        yield running_one


@pytest.fixture
def bot(bot_port: int, request: pytest.FixtureRequest) -> Iterator[FakeBot]:
    """A fresh world for each test. Without this fixture the bot is down."""
    fake = FakeBot(SECRET, ordinary())
    if "dashboard" in request.fixturenames:
        fake.world.dashboard = request.getfixturevalue("dashboard").url
    with running(fake, bot_port):
        yield fake


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed after each file: while it is open its event loop runs, and no other could in this process."""
    with some_browser() as found:
        yield found


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, dashboard: Dashboard) -> Iterator[Visit]:
    """Opens a page as a person of a role; what the browser complains of is an error at the end."""
    contexts, complaints = [], []

    def open_page(
        path: str,
        role: str | None = "owner",
        *,
        language: str = "ru",
        theme: str = "light",
        phone: bool = False,
    ) -> Page:
        size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
        context = browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            color_scheme=theme,  # type: ignore[arg-type]
            is_mobile=phone,
            has_touch=phone,
        )
        contexts.append(context)
        kept = {"lang": language} | ({session.COOKIE: cookie(role)} if role else {})
        for name, value in kept.items():
            context.add_cookies([{"name": name, "value": value, "url": dashboard.url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page.on("console", lambda said: complaints.extend(_complaint(said.type, said.text)))
        page.on("request", lambda asked: complaints.extend(_foreign(asked.url, dashboard.url)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(dashboard.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [] == complaints


def _complaint(kind: str, text: str) -> list[str]:
    """What is no fault: Streamlit's sparklines warn while they are empty, and a wrong password is a
    401."""
    known = ("Infinite extent", "401 (Unauthorized)")
    is_known = any(word in text for word in known)
    return [text] if kind in {"error", "warning"} and not is_known else []


def _foreign(url: str, ours: str) -> list[str]:
    """Nothing may be fetched from elsewhere: no fonts, no icons, no measuring."""
    is_ours = url.startswith((ours, ours.replace("http", "ws"), "data:", "blob:"))
    return [] if is_ours or "/consent" in url else [f"asked {url}"]
