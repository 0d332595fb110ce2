"""The adapter against the stand-in for Avito that the demo runs with."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.avito.budget import Budget
from bot.avito.client import AvitoAccount, read_profile
from bot.avito.door import make_http
from bot.avito.oauth import SCOPE, AvitoAuth, consent_url
from bot.errors import (
    AvitoBusy,
    BadRequest,
    Forbidden,
    NoMessengerAccess,
    NotFound,
    OutcomeUnknown,
    TokenRejected,
)
from bot.model import Tokens
from bot.sandbox.app import create_app
from bot.sandbox.config import SandboxConfig

BASE = "http://sandbox.example"
CONFIG = SandboxConfig(auto_consent=True)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Keeper:
    """Keeps the tokens of an account; many may ask for new ones at once, one goes."""

    auth: AvitoAuth
    tokens: Tokens
    rotations: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self) -> str:
        return self.tokens.access

    async def renew(self, rejected: str) -> str:
        async with self.lock:
            if self.tokens.access == rejected:
                assert self.tokens.refresh is not None
                self.tokens = await self.auth.refresh(self.tokens.refresh)
                self.rotations += 1
        return self.tokens.access


@dataclass
class Scene:
    """A connected account, and a hand on the sandbox."""

    http: httpx.AsyncClient
    auth: AvitoAuth
    keeper: Keeper
    account: AvitoAccount

    async def control(self, what: str, **given: Any) -> dict[str, Any]:
        answer = await self.http.post(f"/sandbox/{what}", json=given)
        assert 200 == answer.status_code, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def say(self, text: str, **more: Any) -> str:
        said = await self.control("say", item_id=24122231, text=text, silent=True, **more)
        return str(said["chat_id"])


async def code(http: httpx.AsyncClient, scope: str = SCOPE) -> str:
    """What the owner's browser brings back from the consent page."""
    answer = await http.get(consent_url(f"{BASE}/oauth", CONFIG.client_id, "st", scope))
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    assert ["st"] == back["state"]
    return back["code"][0]


@asynccontextmanager
async def opened(scope: str = SCOPE) -> AsyncIterator[Scene]:
    transport = httpx.ASGITransport(create_app(CONFIG))
    async with make_http(BASE, transport=transport) as http:
        auth = AvitoAuth(http, CONFIG.client_id, CONFIG.client_secret, now)
        keeper = Keeper(auth, await auth.exchange(await code(http, scope)))
        profile = await read_profile(http, keeper.tokens.access)
        account = AvitoAccount(http, profile.id, keeper, Budget(), now)
        yield Scene(http, auth, keeper, account)


def play(story: Callable[[Scene], Awaitable[None]], scope: str = SCOPE) -> None:
    async def whole() -> None:
        async with asyncio.timeout(10), opened(scope) as scene:
            await story(scene)

    asyncio.run(whole())


def test_connecting_and_staying_connected() -> None:
    """Consent gives a code, the code gives tokens once, each refresh token gives tokens once."""

    async def story(scene: Scene) -> None:
        first = scene.keeper.tokens
        assert SCOPE == first.scope
        assert timedelta(hours=23) < first.expires_at - now() <= timedelta(days=1)
        assert first.refresh is not None

        second = await scene.auth.refresh(first.refresh)
        assert (second.access, second.refresh) != (first.access, first.refresh)
        with pytest.raises(TokenRejected):
            await scene.auth.refresh(first.refresh)

        spent = await code(scene.http)
        await scene.auth.exchange(spent)
        with pytest.raises(TokenRejected):
            await scene.auth.exchange(spent)
        stranger = AvitoAuth(scene.http, CONFIG.client_id, "guess", now)
        with pytest.raises(Forbidden, match="client id or secret is wrong"):
            await stranger.exchange(spent)

    play(story)


def test_every_call_of_an_account() -> None:
    """Profile, listings, chats, messages, sending, deleting, subscribing, numbers."""

    async def story(scene: Scene) -> None:
        account = scene.account
        profile = await account.profile()
        assert profile.name
        listings = [row for page in (1, 2) for row in await account.listings(page)]
        assert 24122231 in {row.id for row in listings}
        assert {"active", "old"} <= {row.status for row in listings}

        chat_id = await scene.say("Здравствуйте, клопы")
        await scene.say("мой адрес", chat_id=chat_id, type="location")
        await scene.say("", chat_id=chat_id, type="voice")
        chat = await account.chat(chat_id)
        assert (24122231, profile.id) == (chat.listing_id, chat.account_id)
        assert chat.client_name
        assert chat.listing_title
        assert chat_id in {row.id for row in await account.chats()}

        sent = await account.send(chat_id, "Добрый день")
        messages = await account.messages(chat_id)
        assert ["text", "voice", "location", "text"] == [m.kind for m in messages]
        assert ["own", "client", "client", "client"] == [m.author for m in messages]
        assert (sent, "Добрый день") == (messages[0].id, messages[0].text)
        assert [messages[1].id] == [
            m.id for m in await account.messages(chat_id, limit=1, offset=1)
        ]
        await account.delete(chat_id, sent)
        assert "deleted" == (await account.messages(chat_id))[0].kind

        await account.subscribe("https://bot.example/hook")
        await account.subscribe("https://bot.example/hook")
        assert ["https://bot.example/hook"] == await account.subscriptions()
        await account.unsubscribe("https://bot.example/hook")
        assert [] == await account.subscriptions()

        today = now().date()
        days = await account.stats([24122231], today - timedelta(days=2), today)
        assert [today - timedelta(days=n) for n in (2, 1, 0)] == [day.day for day in days]
        assert all(day.views is not None for day in days)

    play(story)


def test_many_callers_renew_an_expired_token_once() -> None:
    """Tokens rotate: two renewals at once would lose the account."""

    async def story(scene: Scene) -> None:
        chats = [await scene.say(f"вопрос {number}") for number in range(20)]
        await scene.control("faults", expire_tokens=True)

        sent = await asyncio.gather(*(scene.account.send(chat, "ответ") for chat in chats))
        await asyncio.gather(*(scene.account.messages(chat) for chat in chats))

        assert 1 == scene.keeper.rotations
        assert 20 == len(set(sent))
        for chat in set(chats):
            history = await scene.account.messages(chat)
            assert chats.count(chat) == sum(m.author == "own" for m in history)

    play(story)


def test_a_revoked_account() -> None:
    """When the refresh token is gone too, the owner must come."""

    async def story(scene: Scene) -> None:
        chat_id = await scene.say("вопрос")
        await scene.control("faults", expire_tokens=True, revoke_refresh=True)

        with pytest.raises(TokenRejected):
            await scene.account.send(chat_id, "ответ")

    play(story)


def test_what_a_token_may_not_do() -> None:
    """Missing scopes, foreign and unknown chats, too much text, too far back."""

    async def story(scene: Scene) -> None:
        chat_id = await scene.say("вопрос")
        with pytest.raises(Forbidden):
            await scene.account.send(chat_id, "ответ")
        with pytest.raises(NotFound):
            await scene.account.chat("u2i-nowhere")
        with pytest.raises(BadRequest):
            await scene.account.chats(offset=5000)

    play(story, scope="user:read,messenger:read")


def test_without_the_subscription_level() -> None:
    """402 says that the account's tariff has no messenger."""

    async def story(scene: Scene) -> None:
        await scene.control("faults", missing_subscription=True)
        with pytest.raises(NoMessengerAccess):
            await scene.account.chats()

    play(story)


@pytest.mark.parametrize(
    ("word", "error", "there"),
    [
        ("429:7", AvitoBusy, False),
        ("503", OutcomeUnknown, False),
        ("503_after", OutcomeUnknown, True),
        ("html_403", AvitoBusy, False),
        ("garbage", OutcomeUnknown, True),
    ],
)
def test_faults_of_a_send(word: str, error: type[Exception], there: bool) -> None:
    """What is called certain is so, and what is called unknown may be there."""

    async def story(scene: Scene) -> None:
        chat_id = await scene.say("вопрос")
        await scene.control("faults", next={"send": [word]})
        with pytest.raises(error):
            await scene.account.send(chat_id, "ответ")

        history = await scene.account.messages(chat_id)
        assert there is any(m.author == "own" for m in history)

    play(story)


def test_faults_of_a_reading() -> None:
    """A reading survives two failures."""

    async def story(scene: Scene) -> None:
        await scene.say("вопрос")
        await scene.control("faults", next={"chats": ["503", "html_502", "ok"]})

        assert 1 == len(await scene.account.chats())

    play(story)
