"""Calls the seller's webhook for each message, as Avito does: two seconds, once, no waiting."""

import asyncio
import hashlib
import hmac
import time
import uuid
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec

from bot.sandbox.faults import Fate
from bot.sandbox.records import Chat, Delivery, Message, Subscription
from bot.sandbox.world import World

SIGNATURE = "x-avito-messenger-signature"
ECHO_PATIENCE = 2.5
RETRY_SECONDS = 1.0
AT_ONCE = 300
KEEP_DELIVERIES = 20_000


def envelope(chat: Chat, message: Message, *, now: float) -> dict[str, Any]:
    """One event of webhook version 3 for the account that owns the chat."""
    published = datetime.fromtimestamp(message.created, UTC)
    value = {
        "id": message.id,
        "chat_id": chat.id,
        "user_id": chat.account_id,
        "author_id": message.author_id,
        "created": message.created,
        "type": message.type,
        "chat_type": chat.type,
        "content": message.content,
        "item_id": chat.item_id,
        "published_at": published.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "read": message.seen,
    }
    payload = {"type": "message", "value": value}
    return {
        "id": str(uuid.uuid4()), "version": "v3.0.0", "timestamp": int(now), "payload": payload
    }  # fmt: skip


class Hooks:
    """The sender: keeps the order within a chat, and never holds up the API."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._http: httpx.AsyncClient | None = None
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._tails: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def keep(self, task: asyncio.Task[None]) -> None:
        """Hold on to a task until it is done, so that it is not collected."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def tell(self, message: Message) -> asyncio.Task[None] | None:
        """Start the delivery of a message; None when nobody listens."""
        chat = self._world.state.chats.get(message.chat_id)
        if chat is None:
            return None
        subscription = self._world.state.subscriptions.get(chat.account_id)
        if subscription is None:
            return None
        fate = self._world.weather.fate("webhook")
        held = fate.word in {"late", "reorder"}
        before = None if held else self._tails.get(chat.id)
        body = envelope(chat, message, now=self._world.now())
        task = asyncio.create_task(self._deliver(subscription, chat, body, fate, before))
        self.keep(task)
        if not held:
            self._tails[chat.id] = task
            task.add_done_callback(lambda done: self._forget(chat.id, done))
        return task

    async def tell_and_wait(self, message: Message) -> None:
        """Deliver a message and come back when that is over, for an echo before the answer."""
        if task := self.tell(message):
            await asyncio.wait([task], timeout=ECHO_PATIENCE)

    async def close(self) -> None:
        """Drop what is still under way."""
        self.stop()
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    def stop(self) -> None:
        """Cancel every delivery."""
        for task in self._tasks:
            task.cancel()
        self._tails.clear()

    def _forget(self, chat_id: str, done: asyncio.Task[None]) -> None:
        if self._tails.get(chat_id) is done:
            del self._tails[chat_id]

    async def _deliver(
        self,
        subscription: Subscription,
        chat: Chat,
        body: dict[str, Any],
        fate: Fate,
        before: asyncio.Task[None] | None,
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        match fate.word:
            case "drop":
                return self._note(subscription, chat, body, fate, None, 0.0)
            case "late":
                late = self._world.weather.faults.webhook_late_seconds
                await asyncio.sleep(late if fate.number is None else fate.number)
            case "reorder":
                await asyncio.sleep(fate.number or 0.5)
            case "repeat":
                await self._post(subscription, chat, body, fate)
                body = {**body, "id": str(uuid.uuid4())}
        await self._post(subscription, chat, body, fate)
        return None

    async def _post(
        self, subscription: Subscription, chat: Chat, body: dict[str, Any], fate: Fate
    ) -> None:
        """Call once, and again after a failure only if the faults say so: Avito does not."""
        for attempt in range(1 + self._world.weather.faults.webhook_retries):
            await asyncio.sleep(RETRY_SECONDS if attempt else 0)
            began = time.monotonic()
            status = await self._call(subscription.url, msgspec.json.encode(body))
            self._note(subscription, chat, body, fate, status, time.monotonic() - began)
            if status is not None and status < 300:
                return

    async def _call(self, url: str, raw: bytes) -> int | None:
        """The status of the answer, None when none came in time."""
        self._http = self._http or httpx.AsyncClient(
            limits=httpx.Limits(max_connections=AT_ONCE), trust_env=False
        )
        config = self._world.config
        # The algorithm is Avito's secret; nobody can check this, and nobody should.
        digest = hmac.new(config.client_secret.encode(), raw, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", SIGNATURE: digest}
        try:
            # Whose turn it is not yet has not been called, so the two seconds begin behind the gate.
            async with self._gate, asyncio.timeout(config.webhook_timeout):
                answer = await self._http.post(url, content=raw, headers=headers, timeout=None)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            return None
        return answer.status_code

    def _note(
        self,
        subscription: Subscription,
        chat: Chat,
        body: dict[str, Any],
        fate: Fate,
        status: int | None,
        seconds: float,
    ) -> None:
        entry = Delivery(
            at=self._world.now(),
            account_id=chat.account_id,
            chat_id=chat.id,
            message_id=body["payload"]["value"]["id"],
            url=subscription.url,
            fate=fate.word,
            status=status,
            seconds=round(seconds, 4),
        )
        self._world.state.deliveries.append(entry)
        del self._world.state.deliveries[:-KEEP_DELIVERIES]
        self._world.changed()
