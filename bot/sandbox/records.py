"""What the sandbox's world is made of; plain records that turn into JSON and back."""

from typing import Any

import msgspec


class Account(msgspec.Struct):
    """An Avito account that may be connected."""

    id: int
    name: str
    email: str
    phone: str
    profile: str
    real: float
    bonus: float


class Item(msgspec.Struct):
    """A listing of an account; `price` is in roubles, `updated` a date."""

    id: int
    account_id: int
    title: str
    price: int | None
    status: str
    address: str
    category_id: int
    category: str
    url: str
    updated: str


class Client(msgspec.Struct):
    """Somebody who writes to sellers."""

    id: int
    name: str


class Message(msgspec.Struct):
    """One line in a chat.

    `sent_via` is "api" or "app" for the seller's own, None for anybody else's. `seen` is when the
    other side read it; `shown_from` is when the history begins to show it.
    """

    id: str
    chat_id: str
    author_id: int | None
    created: int
    type: str
    content: dict[str, Any]
    sent_via: str | None = None
    seen: int | None = None
    shown_from: float = 0.0


class Chat(msgspec.Struct):
    """A thread between an account and a client, messages in order of their time."""

    id: str
    account_id: int
    client_id: int
    item_id: int | None
    type: str
    created: int
    updated: int
    messages: list[Message] = []
    blocked: bool = False


class Code(msgspec.Struct):
    """An authorization code that waits to be exchanged."""

    account_id: int
    scopes: list[str]
    expires: float
    used: bool = False


class Access(msgspec.Struct):
    """An access token; scopes None means everything (a personal key)."""

    account_id: int
    scopes: list[str] | None
    expires: float


class Refresh(msgspec.Struct):
    """A refresh token; it works once."""

    account_id: int
    scopes: list[str]
    used: bool = False


class Subscription(msgspec.Struct):
    """Where an account's webhooks go."""

    url: str
    version: str
    since: float


class Lead(msgspec.Struct):
    """What the CRM was given; `attempts` counts the posts with the same key."""

    id: str
    path: str
    at: float
    headers: dict[str, str]
    body: dict[str, Any]
    key: str | None = None
    attempts: int = 1


class ModelCall(msgspec.Struct):
    """One question to the language model and what it said; `latency` in seconds."""

    at: float
    model: str
    response_format: str | None
    messages: list[Any]
    answer: str | None
    status: int
    fault: str | None
    latency: float


class Delivery(msgspec.Struct):
    """One webhook call; `status` None means no answer within the time."""

    at: float
    account_id: int
    chat_id: str
    message_id: str
    url: str
    fate: str
    status: int | None
    seconds: float


class TelegramMessage(msgspec.Struct):
    """What the bot wrote to managers."""

    id: int
    at: float
    text: str


class Picture(msgspec.Struct):
    """An image that was uploaded and may be sent by its account."""

    account_id: int
    sizes: dict[str, str]


class State(msgspec.Struct):
    """Everything that a sandbox remembers."""

    accounts: dict[int, Account] = {}
    items: dict[int, Item] = {}
    clients: dict[int, Client] = {}
    chats: dict[str, Chat] = {}
    codes: dict[str, Code] = {}
    access: dict[str, Access] = {}
    refresh: dict[str, Refresh] = {}
    subscriptions: dict[int, Subscription] = {}
    pictures: dict[str, Picture] = {}
    spoken: dict[str, str] = {}  # what is said in a recording, by its id
    leads: list[Lead] = []
    telegram: list[TelegramMessage] = []
    model_calls: list[ModelCall] = []
    transcriptions: int = 0  # recordings that were put into words, silent ones too
    deliveries: list[Delivery] = []
    clock_offset: float = 0.0
    generation: int = 0
