"""The routes under /sandbox by which people and tests move the world."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox.answers import Answer, Refused
from bot.sandbox.buyers import Buyers
from bot.sandbox.contents import content_of
from bot.sandbox.door import encode, rendered
from bot.sandbox.faults import NAMES, UnknownFault
from bot.sandbox.hooks import Hooks
from bot.sandbox.records import Chat, Item, Message, Subscription
from bot.sandbox.world import World

EDITABLE = ("title", "price", "status", "address")

Endpoint = Callable[[Request], Awaitable[Response]]


class Control:
    """Puts words into people's mouths, and sand into the gears."""

    def __init__(self, world: World, hooks: Hooks, buyers: Buyers) -> None:
        self._world = world
        self._hooks = hooks
        self._buyers = buyers

    def routes(self) -> dict[str, tuple[str, Endpoint]]:
        """Path to method and endpoint."""
        posts: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "/sandbox/say": self.say,
            "/sandbox/seller-says": self.seller_says,
            "/sandbox/faults": self.faults,
            "/sandbox/reset": self.reset,
            "/sandbox/steal-webhook": self.steal_webhook,
            "/sandbox/buyers": self.buyers,
            "/sandbox/time": self.time,
            "/sandbox/age": self.age,
            "/sandbox/item": self.item,
            "/sandbox/read": self.read,
        }
        found = {path: ("POST", _post(act)) for path, act in posts.items()}
        found["/sandbox/state"] = ("GET", self.state)
        found["/sandbox/health"] = ("GET", self.health)
        return found

    def say(self, given: dict[str, Any]) -> dict[str, Any]:
        """A client writes; `{"chat_id","message_id"}`."""
        now = int(self._world.now())
        created = int(given.get("created") or now)
        chat = self._chat(given, created)
        kind = str(given.get("type") or "text")
        content = content_of(kind, given, base=self._world.config.base_url, voice=self._voice())
        if kind == "voice" and given.get("text") and "voice" in content:
            self._world.state.spoken[content["voice"]["voice_id"]] = str(given["text"])
        author = given.get("author_id", chat.client_id)
        if kind == "system" and "author_id" not in given:
            author = 0
        message = self._world.add(
            chat, author_id=author, kind=kind, content=content, created=created
        )
        return self._spoken(message, given)

    def seller_says(self, given: dict[str, Any]) -> dict[str, Any]:
        """The seller writes from the app; the echo goes out as for any message."""
        chat = self._known_chat(given.get("chat_id"))
        kind = str(given.get("type") or "text")
        content = content_of(kind, given, base=self._world.config.base_url, voice=self._voice())
        message = self._world.add(
            chat,
            author_id=chat.account_id,
            kind=kind,
            content=content,
            created=given.get("created"),
            sent_via="app",
        )
        return self._spoken(message, given)

    def faults(self, given: dict[str, Any]) -> dict[str, Any]:
        """Set faults; answers all that are set, and the names that exist."""
        try:
            actions = self._world.weather.change(given)
        except UnknownFault as error:
            raise _wrong(str(error)) from error
        if "expire_tokens" in actions:
            for access in self._world.state.access.values():
                access.expires = 0.0
        if "revoke_refresh" in actions:
            for refresh in self._world.state.refresh.values():
                refresh.used = True
        weather = self._world.weather
        waiting = {op: list(words) for op, words in weather.script.items() if words}
        return {"faults": weather.faults, "next": waiting, "known": sorted(NAMES)}

    def reset(self, given: dict[str, Any]) -> dict[str, Any]:
        """The world as it was at the start; with `"keep": "connections"`, tokens and hooks stay."""
        self._hooks.stop()
        self._buyers.stop()
        before = self._world.state
        self._world.reset()
        if given.get("keep") == "connections":
            state = self._world.state
            state.access, state.refresh = before.access, before.refresh
            state.subscriptions = before.subscriptions
        return {"ok": True}

    def steal_webhook(self, given: dict[str, Any]) -> dict[str, Any]:
        """Another service takes the account's subscription, and nobody is told."""
        account_id, url = given.get("account_id"), given.get("url")
        if account_id not in self._world.state.accounts or not isinstance(url, str):
            raise _wrong("account_id and url are needed")
        taken = Subscription(url, "3", self._world.now())
        self._world.state.subscriptions[account_id] = taken
        self._world.changed()
        return {"ok": True}

    def buyers(self, given: dict[str, Any]) -> dict[str, Any]:
        """`{"on": true, "pace": seconds, "item_ids": [...]}` starts the scripted clients."""
        if not given.get("on"):
            self._buyers.stop()
            return {"on": False}
        items = [int(number) for number in given.get("item_ids") or []]
        if unknown := [number for number in items if number not in self._world.state.items]:
            raise _wrong(f"no items {unknown}")
        pace = float(given.get("pace") or 5.0)
        return {"on": True, "scripts": self._buyers.start(pace, items)}

    def time(self, given: dict[str, Any]) -> dict[str, Any]:
        """`{"advance": seconds}` sets the clock of the sandbox forward: tokens run out."""
        self._world.state.clock_offset += float(given.get("advance") or 0.0)
        self._world.changed()
        return {"now": self._world.now(), "offset": self._world.state.clock_offset}

    def age(self, given: dict[str, Any]) -> dict[str, Any]:
        """`{"chat_id","seconds"}` makes everything in a chat that much older."""
        chat, seconds = self._known_chat(given.get("chat_id")), int(given.get("seconds") or 0)
        chat.created, chat.updated = chat.created - seconds, chat.updated - seconds
        for message in chat.messages:
            message.created -= seconds
            message.shown_from -= seconds
        self._world.changed()
        return {"ok": True}

    def item(self, given: dict[str, Any]) -> dict[str, Any]:
        """`{"item_id", "title"?, "price"?, "status"?, "address"?}` edits a listing."""
        item = self._world.state.items.get(given.get("item_id", 0))
        if item is None:
            raise _wrong(f"no item {given.get('item_id')}", 404)
        changes = {name: given[name] for name in EDITABLE if name in given}
        today = datetime.fromtimestamp(self._world.now(), UTC).date().isoformat()
        fresh = msgspec.convert({**msgspec.structs.asdict(item), **changes, "updated": today}, Item)
        self._world.state.items[item.id] = fresh
        self._world.changed()
        return msgspec.structs.asdict(fresh)

    def read(self, given: dict[str, Any]) -> dict[str, Any]:
        """`{"chat_id"}`: the client reads what the seller wrote."""
        chat = self._known_chat(given.get("chat_id"))
        for message in chat.messages:
            if message.author_id == chat.account_id and message.seen is None:
                message.seen = int(self._world.now())
        self._world.changed()
        return {"ok": True}

    async def state(self, request: Request) -> Response:
        """Everything, without the tokens; `?chat_id=` narrows the chats to one."""
        state, only = self._world.state, request.query_params.get("chat_id")
        chats = [chat for chat in state.chats.values() if only in {None, chat.id}]
        body = {
            "now": self._world.now(),
            "accounts": [self._account(number) for number in state.accounts],
            "items": list(state.items.values()),
            "chats": [self._shown(chat) for chat in chats],
            "leads": state.leads,
            "telegram": state.telegram,
            "model_calls": state.model_calls,
            "transcriptions": state.transcriptions,
            "webhooks": state.deliveries,
            "subscriptions": {str(k): v for k, v in state.subscriptions.items()},
            "faults": self._world.weather.faults,
            "buyers": {"on": self._buyers.on},
        }
        return Response(encode(body), media_type="application/json")

    async def health(self, _: Request) -> Response:
        """That it is there."""
        return rendered(Answer(body={"status": "ok", "time": time.time()}))

    def _account(self, number: int) -> dict[str, Any]:
        state, now = self._world.state, self._world.now()
        live = [t for t in state.access.values() if t.account_id == number and t.expires > now]
        shown = msgspec.structs.asdict(state.accounts[number])
        hook = state.subscriptions.get(number)
        return {**shown, "live_tokens": len(live), "webhook": hook.url if hook else None}

    def _shown(self, chat: Chat) -> dict[str, Any]:
        client = self._world.state.clients[chat.client_id]
        return {**msgspec.structs.asdict(chat), "client": client}

    def _voice(self) -> str:
        return self._world.hex(32)

    def _known_chat(self, chat_id: Any) -> Chat:
        chat = self._world.state.chats.get(str(chat_id))
        if chat is None:
            raise _wrong(f"no chat {chat_id}", 404)
        return chat

    def _chat(self, given: dict[str, Any], created: int) -> Chat:
        if given.get("chat_id"):
            return self._known_chat(given["chat_id"])
        kind, who = str(given.get("chat_type") or "u2i"), given.get("client")
        if kind != "u2i":
            account_id = int(given.get("account_id") or next(iter(self._world.state.accounts)))
            client = self._world.client(who)
            return self._world.new_chat(account_id, client, created, item_id=None, kind=kind)
        number = given.get("item_id")
        item = self._world.state.items.get(number) if isinstance(number, int) else None
        if item is None:
            raise _wrong(f"no item {number}", 404)
        return self._world.open_chat(item, self._world.client(who), created)

    def _spoken(self, message: Message, given: dict[str, Any]) -> dict[str, Any]:
        if not given.get("silent"):
            self._hooks.tell(message)
        return {"chat_id": message.chat_id, "message_id": message.id}


def _wrong(text: str, status: int = 400) -> Refused:
    return Refused(Answer(status, {"error": text}))


def _post(act: Callable[[dict[str, Any]], dict[str, Any]]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        try:
            given = msgspec.json.decode(raw or b"{}", type=dict[str, Any])
            return rendered(Answer(body=act(given)))
        except Refused as refusal:
            return rendered(refusal.answer)
        except (msgspec.DecodeError, TypeError, ValueError) as error:
            return rendered(Answer(400, {"error": str(error)}))

    return endpoint
