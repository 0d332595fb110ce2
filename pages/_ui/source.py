"""The pages' two doors: the bot for what is so, the log for what happened."""

import functools
import time
from collections.abc import Callable
from typing import TypeVar, cast

import httpx

from bot.client import Account, BotClient, BotError, mint_token
from pages._ui import guard
from pages._ui import settings as machine
from pages._ui.kept import Kept
from pages._ui.settings import Settings

T = TypeVar("T")
RECENT = 3
"""Seconds for which an answer is recent."""

PATIENCE = 4.0
"""Seconds that a page waits for the bot before it says that the bot is down."""

_said, _clients, _connected = Kept(64), Kept(512), Kept(512)


@functools.cache
def settings() -> Settings:
    return machine.load()


def bot() -> BotClient:
    """The bot, spoken to in the name and with the rights of the person who looks."""
    who = guard.person()
    return _client(settings().api_url, who.user, who.role)


class _Wires(httpx.HTTPTransport):
    """The connections to the bot, shared by everybody who looks: a person alone would open one anew.
    After a change, whoever made it, what the bot said before is no longer recent."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return super().handle_request(request)
        finally:
            if request.method != "GET":
                _said.forget()


@functools.cache
def _wires() -> _Wires:
    return _Wires(trust_env=False)


def recent(name: str, ask: Callable[[BotClient], T]) -> T:
    """What the bot said to the question `name` in the last seconds, to anybody: for what all roles
    may read. A hundred open pages ask it once. A bot that gave no answer is not asked at once
    again; raises its BotError."""
    tick, role = int(time.monotonic() // RECENT), guard.person().role
    said = _said.get((settings().api_url, name, role, tick), lambda: _answer(ask))
    if isinstance(said, BotError):
        raise said
    return cast(T, said)


def accounts() -> tuple[Account, ...]:
    """The connected accounts, at most ten seconds old; none when the bot is down."""
    who = guard.person()
    key = (settings().api_url, who.user, who.role, int(time.monotonic() // 10))
    try:
        return _connected.get(key, lambda: bot().accounts())
    except BotError:
        return ()


def forget_accounts() -> None:
    _connected.forget()


def _answer(ask: Callable[[BotClient], object]) -> object | BotError:
    try:
        return ask(bot())
    except BotError as error:
        return error


def _client(url: str, user: str, role: str) -> BotClient:
    def begun() -> BotClient:
        token = functools.partial(mint_token, settings().jwt_secret, user, role)
        return BotClient(url, token, timeout=PATIENCE, transport=_wires())

    return _clients.get((url, user, role), begun)
