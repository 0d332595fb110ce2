"""Puts Avito, the language model and the CRM behind one address."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox import core, crm, messenger, stats, subscriptions, telegram
from bot.sandbox.answers import Answer, no_route
from bot.sandbox.buyers import Buyers
from bot.sandbox.config import SandboxConfig
from bot.sandbox.control import Control
from bot.sandbox.door import REAL_SEND, Door, Handler, rendered
from bot.sandbox.faults import Fate
from bot.sandbox.files import image, voice
from bot.sandbox.hooks import Hooks
from bot.sandbox.model_api import ModelApi
from bot.sandbox.oauth import OAuth
from bot.sandbox.snapshot import kept, load
from bot.sandbox.world import World

CHATS = "/messenger/v1/accounts/{user_id}/chats/{chat_id}"
ACCOUNT = "/core/v1/accounts/{user_id}"

# method, path, operation, scope, handler
AVITO: list[tuple[str, str, str, str, Handler]] = [
    ("GET", "/core/v1/accounts/self", "self", "user:read", core.self_),
    ("GET", f"{ACCOUNT}/balance", "balance", "user_balance:read", core.balance),
    (
        "POST",
        "/core/v1/accounts/operations_history",
        "operations",
        "user_operations:read",
        core.operations,
    ),
    ("GET", "/core/v1/items", "items", "items:info", core.items),
    ("GET", f"{ACCOUNT}/items/{{item_id}}", "item", "items:info", core.item),
    ("POST", f"{ACCOUNT}/calls/stats", "calls", "items:info", core.calls),
    ("POST", "/stats/v1/accounts/{user_id}/items", "stats", "stats:read", stats.v1),
    ("POST", "/stats/v2/accounts/{user_id}/items", "stats_v2", "stats:read", stats.v2),
    ("GET", "/ratings/v1/info", "ratings", "ratings:read", core.ratings),
    ("GET", "/ratings/v1/reviews", "reviews", "ratings:read", core.reviews),
    (
        "GET",
        "/messenger/v2/accounts/{user_id}/chats",
        "chats",
        "messenger:read",
        messenger.chats,
    ),
    (
        "GET",
        "/messenger/v2/accounts/{user_id}/chats/{chat_id}",
        "chat",
        "messenger:read",
        messenger.chat,
    ),
    (
        "GET",
        "/messenger/v3/accounts/{user_id}/chats/{chat_id}/messages",
        "history",
        "messenger:read",
        messenger.history,
    ),
    ("POST", f"{CHATS}/messages", "send", "messenger:write", messenger.send),
    ("POST", f"{CHATS}/messages/image", "send_image", "messenger:write", messenger.send_image),
    ("POST", f"{CHATS}/messages/{{message_id}}", "delete", "messenger:write", messenger.delete),
    ("POST", f"{CHATS}/read", "read", "messenger:read", messenger.read),
    (
        "GET",
        "/messenger/v1/accounts/{user_id}/getVoiceFiles",
        "voice",
        "messenger:read",
        messenger.voices,
    ),
    (
        "POST",
        "/messenger/v1/accounts/{user_id}/uploadImages",
        "upload",
        "messenger:write",
        messenger.upload,
    ),
    (
        "POST",
        "/messenger/v2/accounts/{user_id}/blacklist",
        "blacklist",
        "messenger:write",
        messenger.blacklist,
    ),
    ("POST", "/messenger/v3/webhook", "subscribe", "messenger:read", subscriptions.subscribe),
    (
        "POST",
        "/messenger/v1/subscriptions",
        "subscriptions",
        "messenger:read",
        subscriptions.subscriptions,
    ),
    (
        "POST",
        "/messenger/v1/webhook/unsubscribe",
        "unsubscribe",
        "messenger:read",
        subscriptions.unsubscribe,
    ),
]


def create_app(config: SandboxConfig) -> ASGIApp:
    """The whole outside world as one ASGI app; `config.state_file` is read if it exists."""
    world = World(config, load(config.state_file))
    hooks = Hooks(world)
    buyers = Buyers(world, hooks)
    door, oauth = Door(world, hooks), OAuth(world)

    routes = [
        _route(path, method, door.avito(op, handler, scope))
        for method, path, op, scope, handler in AVITO
    ]
    control = Control(world, hooks, buyers).routes()
    routes += [_route(path, method, act) for path, (method, act) in control.items()]
    routes += [
        Route("/oauth", oauth.page, methods=["GET", "POST"]),
        _route("/token", "POST", _token(door, oauth)),
        _route("/crm/{path:path}", "POST", _crm(door)),
        _route("/telegram/{bot}/{method}", "POST", _telegram(door)),
        _route("/crm/{path:path}", "PATCH", _crm(door)),
        _route("/sandbox/images/{size}/{name}", "GET", image),
        _route("/sandbox/voices/{name}", "GET", voice(world)),
        *ModelApi(door).routes(),
        Route("/{path:path}", _nowhere, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
    ]

    @contextlib.asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        async with kept(world):
            yield
            buyers.stop()
            await hooks.close()

    return _Entrance(Starlette(routes=routes, lifespan=life))


class _Entrance:
    """Lets a path end with a slash or without, and keeps the way to the socket at hand."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, REAL_SEND: send, "path": scope["path"].rstrip("/") or "/"}
        await self._app(scope, receive, send)


def _route(path: str, method: str, act: Callable[[Request], Awaitable[Response]]) -> Route:
    return Route(path, act, methods=[method])


async def _nowhere(request: Request) -> Response:
    return rendered(no_route(request.url.path))


def _token(door: Door, oauth: OAuth) -> Callable[[Request], Awaitable[Response]]:
    async def token(request: Request) -> Response:
        raw = await request.body()

        async def work(_: Fate) -> Answer:
            return oauth.token(raw)

        latency = door.world.weather.faults.latency
        return await door.under_weather("token", request, work, latency=latency)

    return token


def _telegram(door: Door) -> Callable[[Request], Awaitable[Response]]:
    async def call(request: Request) -> Response:
        raw, path = await request.body(), request.path_params

        async def work(fate: Fate) -> Answer:
            return telegram.answer(door.world, path["bot"], path["method"], raw, fate)

        return await door.under_weather("telegram", request, work, latency=0.0)

    return call


def _crm(door: Door) -> Callable[[Request], Awaitable[Response]]:
    async def lead(request: Request) -> Response:
        raw = await request.body()

        async def work(_: Fate) -> Answer:
            act = crm.change if request.method == "PATCH" else crm.receive
            return act(door.world, request.url.path, request.headers, raw)

        latency = door.world.weather.faults.crm_latency
        return await door.under_weather("crm", request, work, latency=latency)

    return lead
