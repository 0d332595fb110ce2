"""The whole service as real processes, the sandbox as the world outside, and what people do in it."""

import json
import os
import signal
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from bot.client import BotClient, mint_token
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
QUIET, LONGEST = 0.5, 2.0
JWT_SECRET = "test-jwt-secret-of-more-than-32-bytes"
T = TypeVar("T")


def eventually(look: Callable[[], T], *, within: float = 15.0) -> T:
    """The first true thing that `look` sees. AssertionError with the last thing seen when time is over."""
    deadline, seen = time.monotonic() + within, None
    while time.monotonic() < deadline:
        if seen := look():
            return seen
        time.sleep(0.05)
    raise AssertionError(f"not within {within} s; last seen: {seen!r}")


@dataclass
class Town:
    """One sandbox and one bot on free ports, with files of their own."""

    home: Path
    sandbox_port: int
    bot_port: int
    sandbox: subprocess.Popen[bytes] | None = None
    bot: subprocess.Popen[bytes] | None = None
    more: dict[str, str] | None = None

    # --- processes ----------------------------------------------------------------------------------------------------

    @property
    def env(self) -> dict[str, str]:
        avito, here = f"http://127.0.0.1:{self.sandbox_port}", f"http://127.0.0.1:{self.bot_port}"
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "PYTHONPATH": str(ROOT),
            "SANDBOX_PORT": str(self.sandbox_port),
            "BOT_PORT": str(self.bot_port),
            "PUBLIC_URL": here,
            "AVITO_CLIENT_ID": "sandbox-client",
            "AVITO_CLIENT_SECRET": "sandbox-secret",
            "AVITO_API_BASE": avito,
            "AVITO_OAUTH_URL": f"{avito}/oauth",
            "OPENAI_API_KEY": "any",
            "OPENAI_BASE_URL": f"{avito}/v1",
            "OPENAI_PRICE_IN_RUB": "1000",
            "OPENAI_PRICE_OUT_RUB": "1000",
            "OPENAI_CHEAP_MODEL": "cheap-writer",
            "OPENAI_CHEAP_PRICE_IN_RUB": "1",
            "OPENAI_CHEAP_PRICE_OUT_RUB": "1",
            "DEZEXPERT_API_URL": f"{avito}/crm",
            "DEZEXPERT_API_KEY": "sandbox-crm-key",
            "TELEGRAM_BOT_TOKEN": "7001:sandbox-telegram-bot",
            "TELEGRAM_CHAT_ID": "-100700",
            "TELEGRAM_API_BASE": f"{avito}/telegram",
            "JWT_SECRET": JWT_SECRET,
            "WEBHOOK_SIGNATURE_SECRET": "test-webhook-secret-of-more-than-32-bytes",
            "TOKEN_ENCRYPTION_KEYS": urlsafe_b64encode(b"k" * 32).decode(),
            "REPLY_QUIET_SECONDS": str(QUIET),
            "REPLY_MAX_WAIT_SECONDS": str(LONGEST),
            **(self.more or {}),
        }

    def _start(self, command: str) -> subprocess.Popen[bytes]:
        log = (self.home / f"{command}.log").open("ab")
        return subprocess.Popen(
            [sys.executable, "-m", "bot", command],
            cwd=self.home,
            env=self.env,
            stdout=log,
            stderr=log,
        )

    def start_sandbox(self) -> None:
        self.sandbox = self._start("sandbox")
        eventually(lambda: self._answers(f"{self.avito}/sandbox/state"), within=20)

    def start_bot(self) -> None:
        self.bot = self._start("serve")
        eventually(lambda: self._answers(f"{self.here}/health/live"), within=20)

    def stop_bot(self, how: int = signal.SIGTERM) -> float:
        """Ends the bot; the seconds that it took."""
        assert self.bot is not None
        started = time.monotonic()
        self.bot.send_signal(how)
        self.bot.wait(20)
        return time.monotonic() - started

    def run_bot(self) -> tuple[int, str]:
        """Starts a bot that is expected to end at once: its exit code and what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", "serve"],
            cwd=self.home,
            env=self.env,
            capture_output=True,
            timeout=30,
            check=False,
        )
        return done.returncode, done.stderr.decode()

    def stop(self) -> None:
        for process in (self.bot, self.sandbox):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(20)

    @staticmethod
    def _answers(address: str) -> bool:
        try:
            return httpx.get(address, timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    # --- addresses and callers ----------------------------------------------------------------------------------------

    @property
    def avito(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def here(self) -> str:
        return f"http://127.0.0.1:{self.bot_port}"

    def client(self, role: str = "owner", subject: str = "tester") -> BotClient:
        return BotClient(self.here, lambda: mint_token(JWT_SECRET, subject, role), timeout=60)

    def api(
        self, method: str, path: str, *, role: str | None = "owner", **more: Any
    ) -> httpx.Response:
        headers = {"Accept": "application/json"}
        if role:
            headers["Authorization"] = f"Bearer {mint_token(JWT_SECRET, 'tester', role)}"
        return httpx.request(
            method, self.here + path, headers=headers, timeout=60, trust_env=False, **more
        )

    def world(self, method: str, path: str, **more: Any) -> Any:
        answer = httpx.request(method, self.avito + path, timeout=30, trust_env=False, **more)
        answer.raise_for_status()
        return answer.json()

    # --- what people do -----------------------------------------------------------------------------------------------

    def connect(self, account: int | None = None) -> int:
        """The owner connects an account by the consent page; its id."""
        url = httpx.URL(self.api("GET", "/api/avito/oauth/url").json()["url"])
        choice = {"auto": "allow"} | ({"account": str(account)} if account else {})
        consent = httpx.get(url.copy_merge_params(choice), trust_env=False)
        answer = httpx.get(
            consent.headers["location"],
            headers={"Accept": "application/json"},
            timeout=60,
            trust_env=False,
        )
        assert answer.status_code == 200, answer.text
        return int(answer.json()["account"]["id"])

    def switch(self, listing_id: int, *, on: bool = True) -> None:
        answer = self.api(
            "POST", f"/api/avito/listings/{listing_id}/ai-toggle", json={"enabled": on}
        )
        assert answer.status_code == 200, answer.text

    def say(self, listing_id: int, text: str = "", **more: Any) -> dict[str, Any]:
        """A client writes; `{"chat_id","message_id"}`."""
        said: dict[str, Any] = self.world(
            "POST", "/sandbox/say", json={"item_id": listing_id, "text": text, **more}
        )
        return said

    def seller_says(self, chat_id: str, text: str) -> dict[str, Any]:
        said: dict[str, Any] = self.world(
            "POST", "/sandbox/seller-says", json={"chat_id": chat_id, "text": text}
        )
        return said

    def faults(self, **faults: Any) -> None:
        self.world("POST", "/sandbox/faults", json=faults)

    # --- what can be seen ---------------------------------------------------------------------------------------------

    def chat(self, chat_id: str) -> dict[str, Any]:
        """The chat as the bot tells of it; empty while it does not know it."""
        answer = self.api("GET", f"/api/avito/chats/{chat_id}")
        return answer.json() if answer.status_code == 200 else {}

    def at_avito(self, chat_id: str) -> list[dict[str, Any]]:
        """The messages of a chat at Avito, oldest first."""
        chats = self.world("GET", "/sandbox/state", params={"chat_id": chat_id})["chats"]
        return [m for c in chats if c["id"] == chat_id for m in c["messages"]]

    def replies_at_avito(self, chat_id: str) -> list[str]:
        """What the bot sent into a chat, oldest first."""
        return [
            m["content"]["text"]
            for m in self.at_avito(chat_id)
            if m.get("sent_via") == "api" and m["type"] == "text"
        ]

    def verdicts(self, chat_id: str) -> list[str | None]:
        """Of the client's messages, oldest first."""
        return [
            m["verdict"] for m in self.chat(chat_id).get("messages", []) if m["author"] == "client"
        ]

    def settled(self, chat_id: str, count: int, *, within: float = 15.0) -> list[str | None]:
        """The verdicts, once `count` client messages have one."""

        def look() -> list[str | None] | None:
            found = self.verdicts(chat_id)
            return found if len(found) >= count and all(found) else None

        return eventually(look, within=within)

    def checks(self) -> dict[str, Any]:
        """What readiness says of each part."""
        found: dict[str, Any] = httpx.get(
            f"{self.here}/health/ready", timeout=10, trust_env=False
        ).json()["checks"]
        return found

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Asks the event log as an analyst would: in a process of its own, while the bot writes."""
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "query", sql, "--format", "json"],
            cwd=self.home,
            env=self.env,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        rows: list[dict[str, Any]] = json.loads(done.stdout)
        return rows


@contextmanager
def town(home: Path, **more: str) -> Iterator[Town]:
    """A town whose bot runs; both end with the block."""
    place = Town(home, free_port(), free_port(), more=more)
    try:
        place.start_sandbox()
        place.start_bot()
        yield place
    finally:
        place.stop()
