"""The small world in which the API's tests take place."""

import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import httpx2
import jwt
import openai
from sqlalchemy import Connection, Row, text

from bot.api import create_app
from bot.assistant.ear import ModelEar, prices_of
from bot.assistant.writer import ModelWriter, models_of
from bot.avito.budget import Budget
from bot.avito.client import AvitoAccount
from bot.avito.door import make_http
from bot.avito.oauth import AvitoAuth
from bot.bootstrap import Bot, build
from bot.sandbox import SandboxConfig
from bot.sandbox import create_app as create_sandbox
from bot.settings import Settings
from bot.tokens import KeptTokens

ACCOUNT, OTHER = 94235311, 94235402
LISTING = 24122231
PUBLIC = "http://bot.test"
SANDBOX = "http://127.0.0.1:3900"
SECRET = "jwt-secret-of-the-tests-with-32-bytes"
HOOK_SECRET = "hook-secret-of-the-tests-with-32-bytes"
KEY = base64.urlsafe_b64encode(b"k" * 32).decode()


@dataclass
class Time:
    """A clock that tests set forward."""

    offset: timedelta = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def advance(self, **span: float) -> None:
        self.offset += timedelta(**span)


@dataclass
class Post(httpx.AsyncBaseTransport):
    """The way to the sandbox. Counts, and may lose or answer something by the way."""

    inner: httpx.AsyncBaseTransport
    asked: list[tuple[str, str]] = field(default_factory=list)
    lose: list[tuple[str, str]] = field(default_factory=list)
    """(path, `before` or `after`): the next request there gets no answer, and did not or did arrive."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append((request.method, path))
        lost = next((one for one in self.lose if one[0] == path), None)
        if lost:
            self.lose.remove(lost)
        if lost is None or lost[1] == "after":
            answer = await self.inner.handle_async_request(request)
        if lost:
            raise httpx.ReadTimeout("lost on the way", request=request)
        return answer

    def count(self, path: str) -> int:
        return sum(asked == path for _, asked in self.asked)


@dataclass
class Town:
    """A bot, its API as a stranger sees it, and the world outside."""

    bot: Bot
    api: httpx.AsyncClient
    sandbox: httpx.AsyncClient
    post: Post
    time: Time

    def bearer(self, role: str = "owner", sub: str = "anna", **claims: Any) -> dict[str, str]:
        """The header of somebody with this role."""
        return {"Authorization": f"Bearer {token(role, sub, **claims)}"}

    async def ask(
        self, method: str, path: str, *, role: str = "owner", sub: str = "anna", **more: Any
    ) -> httpx.Response:
        headers = {
            **self.bearer(role, sub),
            "Accept": "application/json",
            **more.pop("headers", {}),
        }
        return await self.api.request(method, path, headers=headers, **more)

    async def get(self, path: str, **query: Any) -> Any:
        """The JSON of an answer that must be good."""
        answer = await self.ask("GET", path, params=query)
        assert 200 == answer.status_code, answer.text
        return answer.json()

    async def act(self, what: str, **given: Any) -> dict[str, Any]:
        """Moves the sandbox."""
        answer = await self.sandbox.post(f"/sandbox/{what}", json=given)
        assert 200 == answer.status_code, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def outside(self) -> dict[str, Any]:
        """The sandbox's own state."""
        found: dict[str, Any] = (await self.sandbox.get("/sandbox/state")).json()
        return found

    async def begin(self, sub: str = "anna") -> dict[str, str]:
        """What the dashboard gets to begin a connection with."""
        answer = await self.ask("GET", "/api/avito/oauth/url", sub=sub)
        assert 200 == answer.status_code, answer.text
        found: dict[str, str] = answer.json()
        return found

    async def consent(
        self, url: str, *, auto: str = "allow", account: int = ACCOUNT
    ) -> dict[str, str]:
        """What Avito sends the browser back with, after the owner decided."""
        answer = await self.sandbox.get(f"{url}&auto={auto}&account={account}")
        assert 302 == answer.status_code, answer.text
        query = parse_qs(urlsplit(answer.headers["location"]).query)
        return {name: values[0] for name, values in query.items()}

    async def back(self, query: dict[str, str], **headers: str) -> httpx.Response:
        """The browser comes back to the bot."""
        headers = {"Accept": "application/json", **headers}
        return await self.api.get("/api/avito/oauth/callback", params=query, headers=headers)

    async def connect(self, account: int = ACCOUNT) -> dict[str, Any]:
        """Connects an account as a person does; the account."""
        begun = await self.begin()
        answer = await self.back(await self.consent(begun["url"], account=account))
        assert 200 == answer.status_code, answer.text
        found: dict[str, Any] = answer.json()["account"]
        return found

    async def account(self, account: int = ACCOUNT) -> dict[str, Any]:
        rows = (await self.get("/api/avito/accounts"))["data"]
        return next(row for row in rows if row["id"] == account)

    def hook_path(self, account: int = ACCOUNT) -> str:
        return self.bot.webhook_url(account).removeprefix(PUBLIC)

    async def rows(self, sql: str, **values: Any) -> list[Row[Any]]:
        def reading(tx: Connection) -> list[Row[Any]]:
            return list(tx.execute(text(sql), values))

        return await self.bot.store.read(reading)

    async def events(self, kind: str) -> list[Row[Any]]:
        return await self.rows("SELECT * FROM event WHERE kind = :kind ORDER BY no", kind=kind)

    async def set(self, sql: str, **values: Any) -> None:
        await self.bot.store.write(lambda tx: tx.execute(text(sql), values) and None)


def token(role: str = "owner", sub: str = "anna", **claims: Any) -> str:
    """A token as the dashboard makes it; a claim that is None is left out."""
    now = datetime.now(UTC)
    usual = {
        "iss": "avito-assistant",
        "aud": "avito-assistant-api",
        "sub": sub,
        "role": role,
        "iat": now,
        "exp": now + timedelta(minutes=10),
    }
    said = {name: value for name, value in (usual | claims).items() if value is not None}
    return jwt.encode(said, SECRET, algorithm="HS256")


def settings_for(database_url: str, place: Path, **more: Any) -> Settings:
    return Settings(
        _env_file=None,
        avito_client_id="sandbox-client",
        avito_client_secret="sandbox-secret",
        avito_api_base=SANDBOX,
        avito_oauth_url=f"{SANDBOX}/oauth",
        public_url=PUBLIC,
        dashboard_url="http://dash.test",
        openai_api_key="any",
        openai_base_url=f"{SANDBOX}/v1",
        dezexpert_api_url=f"{SANDBOX}/crm",
        dezexpert_api_key="sandbox-crm-key",
        jwt_secret=SECRET,
        webhook_signature_secret=HOOK_SECRET,
        token_encryption_keys=more.pop("token_encryption_keys", KEY),
        database_url=database_url,
        lake_catalog=f"sqlite:{place}/lake.sqlite",
        lake_data=f"{place}/lake",
        **more,
    )


def with_post(bot: Bot, post: httpx.AsyncBaseTransport, time: Time) -> Bot:
    """The same bot, whose way to Avito is this one."""
    http = make_http(bot.settings.avito_api_base, transport=post)
    secret = bot.settings.avito_client_secret.get_secret_value()
    auth = AvitoAuth(http, bot.settings.avito_client_id, secret, time.now)
    tokens = KeptTokens(bot.store, bot.sealer, auth, time.now, bot.bells.events.ring)
    made: dict[int, AvitoAccount] = {}

    def avito(account_id: int) -> AvitoAccount:
        if account_id not in made:
            made[account_id] = AvitoAccount(
                http, account_id, tokens.of(account_id), Budget(), time.now
            )
        return made[account_id]

    return replace(bot, http=http, auth=auth, tokens=tokens, avito=avito)


def _model(bot: Bot, sandbox: Any) -> openai.AsyncOpenAI:
    """The way to the sandbox's models."""
    http = openai.DefaultAsyncHttpxClient(transport=httpx2.ASGITransport(sandbox))
    return openai.AsyncOpenAI(
        api_key="any", base_url=bot.settings.openai_base_url, max_retries=0, http_client=http
    )


def _writer(bot: Bot, sandbox: Any) -> ModelWriter:
    """The same writer, whose way to the model is this one."""
    return ModelWriter(_model(bot, sandbox), models_of(bot.settings))


def _ear(bot: Bot, sandbox: Any) -> ModelEar | None:
    audio = bot.settings.openai_audio_model
    return ModelEar(_model(bot, sandbox), audio, prices_of(bot.settings)) if audio else None


@asynccontextmanager
async def build_town(database_url: str, place: Path, **settings: Any) -> AsyncIterator[Town]:
    redirect = f"{PUBLIC}/api/avito/oauth/callback"
    outside_world = create_sandbox(SandboxConfig(redirect_uri=redirect))
    sandbox = httpx.ASGITransport(outside_world)
    post, time = Post(sandbox), Time()
    built = build(settings_for(database_url, place, **settings), now=time.now)
    bot = replace(
        with_post(built, post, time),
        writer=_writer(built, outside_world),
        ear=_ear(built, outside_world),
    )
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(create_app(bot)), base_url=PUBLIC) as api,
        httpx.AsyncClient(transport=sandbox, base_url=SANDBOX) as outside,
    ):
        try:
            yield Town(bot, api, outside, post, time)
        finally:
            await bot.tokens.settled()
            await built.http.aclose()
            await built.writer.close()
            await bot.close()


def call(message_id: str, *, account: int = ACCOUNT, **value: Any) -> dict[str, Any]:
    """A webhook call as Avito makes it."""
    said = {
        "id": message_id,
        "chat_id": "u2i-AbCdEfGhIjKlMnOpQrStUv",
        "user_id": account,
        "author_id": 159471000,
        "created": 1760000500,
        "type": "text",
        "chat_type": "u2i",
        "content": {"text": "Здравствуйте"},
        "item_id": LISTING,
        "published_at": "2026-10-09T09:01:40Z",
        "read": None,
    }
    payload = {"type": "message", "value": said | value}
    return {"id": "3f2b6c1e", "version": "v3.0.0", "timestamp": 1760000501, "payload": payload}


def cookies_of(answer: httpx.Response) -> list[str]:
    return [re.sub(r"=[^;]+", "=…", one, count=1) for one in answer.headers.get_list("set-cookie")]
