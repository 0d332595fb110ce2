"""A seller's program, as the sandbox meets it: connects, asks, sends, and listens."""

import json
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import uvicorn

from bot.sandbox import SandboxConfig, create_app

CLIENT = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
SCOPES = (
    "user:read,user_balance:read,items:info,messenger:read,messenger:write,stats:read,ratings:read"
)
ACCOUNT, OTHER = 94235311, 94235402
ITEM = 24122231


class Visitor:
    """Talks to a sandbox over an HTTP client; `token` is what it sends."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        self.token = ""
        self.refresh = ""

    def code(self, scope: str = SCOPES, **more: str) -> str:
        """A fresh authorization code."""
        asked = {"response_type": "code", "client_id": CLIENT["client_id"], "scope": scope}
        answer = self.http.get(
            "/oauth", params={**asked, "auto": "allow", **more}, follow_redirects=False
        )
        return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]

    def grant(self, kind: str, **fields: str) -> httpx.Response:
        """POST /token."""
        return self.http.post("/token", data={**CLIENT, "grant_type": kind, **fields})

    def connect(self, scope: str = SCOPES, **more: str) -> "Visitor":
        """Get tokens by the way that a person goes."""
        tokens = self.grant("authorization_code", code=self.code(scope, **more)).json()
        self.token, self.refresh = tokens["access_token"], tokens["refresh_token"]
        return self

    def get(self, path: str, **query: Any) -> httpx.Response:
        """GET with the token."""
        return self.http.get(path, params=query, headers=self.headers)

    def post(self, path: str, body: Any = None) -> httpx.Response:
        """POST JSON with the token."""
        return self.http.post(path, json=body, headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        """The Authorization header."""
        return {"Authorization": f"Bearer {self.token}"}

    def act(self, what: str, **given: Any) -> dict[str, Any]:
        """POST /sandbox/…, which must succeed."""
        answer = self.http.post(f"/sandbox/{what}", json=given)
        assert 200 == answer.status_code, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def say(self, text: str = "Здравствуйте", **more: Any) -> dict[str, Any]:
        """A client writes about the first listing."""
        return self.act("say", **{"item_id": ITEM, "text": text, **more})

    def state(self) -> dict[str, Any]:
        """GET /sandbox/state."""
        found: dict[str, Any] = self.http.get("/sandbox/state").json()
        return found

    def chats(self, **query: Any) -> httpx.Response:
        """The list of chats."""
        return self.get(f"/messenger/v2/accounts/{ACCOUNT}/chats", **query)

    def send(self, chat_id: str, text: str) -> httpx.Response:
        """Send a text."""
        path = f"/messenger/v1/accounts/{ACCOUNT}/chats/{chat_id}/messages"
        return self.post(path, {"type": "text", "message": {"text": text}})

    def history(self, chat_id: str, **query: Any) -> httpx.Response:
        """The messages of a chat."""
        return self.get(f"/messenger/v3/accounts/{ACCOUNT}/chats/{chat_id}/messages/", **query)

    def ask_model(self, *messages: tuple[str, str], **more: Any) -> httpx.Response:
        """POST /v1/chat/completions with (role, content) pairs."""
        said = [{"role": role, "content": content} for role, content in messages]
        return self.http.post(
            "/v1/chat/completions",
            json={"model": "any", "messages": said, **more},
            headers={"Authorization": "Bearer any"},
        )

    def lead(self, body: dict[str, Any], key: str | None = "k-1", **more: str) -> httpx.Response:
        """POST a lead to the CRM."""
        headers = {"X-API-Key": "sandbox-crm-key", **more}
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.http.post("/crm/api/v1/leads", json=body, headers=headers)


class Listener:
    """A webhook address that writes down what comes; `delay` makes it slow."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.delay: Callable[[dict[str, Any]], float] = lambda _: 0.0
        self.status = 200
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                body = json.loads(raw)
                headers = {name.lower(): value for name, value in self.headers.items()}
                listener.calls.append((headers, body))
                time.sleep(listener.delay(body))
                self.send_response(listener.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def values(self) -> list[dict[str, Any]]:
        """The messages that were told of, in the order of arrival."""
        return [body["payload"]["value"] for _, body in self.calls]

    def texts(self) -> list[str]:
        """Their texts."""
        return [str(value["content"].get("text")) for value in self.values()]

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Live:
    """A sandbox behind a real port."""

    def __init__(self, **settings: Any) -> None:
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self.config = SandboxConfig(port=door.getsockname()[1], **settings)
        settings_ = uvicorn.Config(
            create_app(self.config),
            port=self.config.port,
            log_level="error",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(settings_)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        eventually(lambda: self._server.started)
        self.http = httpx.Client(base_url=self.config.base_url, trust_env=False, timeout=5)

    @staticmethod
    def reach(port: int) -> httpx.Client:
        """A client for a sandbox that is about to listen on this port."""
        http = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=5)

        def there() -> bool:
            try:
                return http.get("/sandbox/health").is_success
            except httpx.ConnectError:
                return False

        eventually(there, within=10)
        return http

    def close(self) -> None:
        """Shut down as a signal would."""
        self.http.close()
        self._server.should_exit = True
        self._thread.join()


def eventually(holds: Callable[[], Any], within: float = 5.0) -> None:
    """Wait until something holds, and fail when it does not in time."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)
