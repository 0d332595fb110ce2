"""The world that a sandbox keeps: who writes what to whom, and who may look."""

import random
import time
from bisect import insort
from collections import deque
from typing import Any

from bot.sandbox import catalogue
from bot.sandbox.answers import Answer, Refused
from bot.sandbox.config import SandboxConfig
from bot.sandbox.faults import Weather
from bot.sandbox.records import (
    Access,
    Account,
    Chat,
    Client,
    Item,
    Message,
    Refresh,
    State,
)

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
FIRST_CLIENT = 159471000


class World:
    """The state of one sandbox, its clock, its dice and its faults."""

    def __init__(self, config: SandboxConfig, state: State | None = None) -> None:
        self.config = config
        self.version = 0
        self._begin(state or fresh_state())

    def _begin(self, state: State) -> None:
        self.state = state
        self.state.generation += 1
        self.weather = Weather(self.config.seed)
        # A world that goes on must not throw the same ids again.
        self._dice = random.Random(f"{self.config.seed} {state.generation}")
        self._calls: dict[tuple[int, str], deque[float]] = {}

    def reset(self) -> None:
        """Forget everything: messages, tokens, subscriptions, leads, faults."""
        self._begin(fresh_state())
        self.changed()

    def now(self) -> float:
        """Unix seconds by the sandbox's own clock, which can be set forward."""
        return time.time() + self.state.clock_offset

    def changed(self) -> None:
        """Note that there is something new to keep."""
        self.version += 1

    def word(self, length: int, alphabet: str = ALPHABET) -> str:
        """A random word, the same in each run with the same seed."""
        return "".join(self._dice.choices(alphabet, k=length))

    def hex(self, length: int) -> str:
        """Random lower-case hex digits."""
        return f"{self._dice.getrandbits(4 * length):0{length}x}"

    def issue(self, account_id: int, scopes: list[str] | None) -> dict[str, Any]:
        """A new pair of tokens (only the access token when scopes is None), as /token answers."""
        access, seconds = self.word(43), self.config.token_seconds
        self.state.access[access] = Access(account_id, scopes, self.now() + seconds)
        self.changed()
        answer = {"access_token": access, "expires_in": seconds, "token_type": "Bearer"}
        if scopes is not None:
            refresh = self.word(43)
            self.state.refresh[refresh] = Refresh(account_id, scopes)
            answer |= {"refresh_token": refresh, "scope": ",".join(scopes)}
        return answer

    def within(self, account_id: int, op: str, per_minute: int) -> None:
        """Count a call; Refused with 429, `{}` and the limit's headers beyond `per_minute`."""
        if self.weather.faults.no_rate_limits:
            return
        calls, now = self._calls.setdefault((account_id, op), deque()), self.now()
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= per_minute:
            headers = {"X-RateLimit-Limit": str(per_minute), "X-RateLimit-Remaining": "0"}
            raise Refused(Answer(429, {}, headers))
        calls.append(now)

    def items_of(self, account: Account) -> list[Item]:
        """The account's listings, in Avito's order."""
        return [item for item in self.state.items.values() if item.account_id == account.id]

    def client(self, who: str | int | None) -> Client:
        """The client of this name or id, met before or new; None is always somebody new."""
        if isinstance(who, int):
            return self.state.clients.setdefault(who, Client(who, f"Клиент {who % 1000}"))
        known = (c for c in self.state.clients.values() if who is not None and c.name == who)
        return next(known, None) or self.new_client(who)

    def new_client(self, name: str | None) -> Client:
        """Somebody who has never written, though perhaps of a name that others have too."""
        clients = self.state.clients
        number = FIRST_CLIENT + 37 * len(clients)
        while number in clients:
            number += 1
        clients[number] = Client(number, name or f"Клиент {len(clients) + 1}")
        return clients[number]

    def open_chat(self, item: Item, client: Client, created: int) -> Chat:
        """The chat of this client about this listing, a new one if there is none."""
        for chat in self.state.chats.values():
            if chat.item_id == item.id and chat.client_id == client.id:
                return chat
        return self.new_chat(item.account_id, client, created, item_id=item.id)

    def new_chat(
        self,
        account_id: int,
        client: Client,
        created: int,
        *,
        item_id: int | None,
        kind: str = "u2i",
    ) -> Chat:
        """An empty chat; `kind` is u2i, u2u or a2u."""
        chat_id = f"{kind}-{self.word(22, ALPHABET + '~')}"
        chat = Chat(chat_id, account_id, client.id, item_id, kind, created, created)
        self.state.chats[chat_id] = chat
        return chat

    def add(
        self,
        chat: Chat,
        *,
        author_id: int | None,
        kind: str,
        content: dict[str, Any],
        created: int | None = None,
        sent_via: str | None = None,
    ) -> Message:
        """Put a message into its place in a chat."""
        now = self.now()
        message = Message(
            id=self.hex(32),
            chat_id=chat.id,
            author_id=author_id,
            created=int(now) if created is None else created,
            type=kind,
            content=content,
            sent_via=sent_via,
            shown_from=now + (self.weather.faults.history_lag if sent_via else 0.0),
        )
        insort(chat.messages, message, key=lambda m: m.created)
        chat.updated = max(chat.updated, message.created)
        self.changed()
        return message


def fresh_state() -> State:
    """The world as it begins: sellers and listings, and nobody who has written yet."""
    return State(accounts=catalogue.accounts(), items=catalogue.items())
