"""The pages' two doors: the bot for what is so, the log for what happened."""

import functools
import time
from collections.abc import Callable
from typing import TypeVar, cast

import streamlit as st

from bot.client import Account, BotClient, BotError, mint_token
from pages._ui import guard
from pages._ui import settings as machine
from pages._ui.settings import Settings

T = TypeVar("T")
RECENT = 3
"""Seconds for which an answer is recent."""

PATIENCE = 4.0
"""Seconds that a page waits for the bot before it says that the bot is down."""


@functools.cache
def settings() -> Settings:
    return machine.load()


def bot() -> BotClient:
    """The bot, spoken to in the name and with the rights of the person who looks."""
    who = guard.person()
    return _client(settings().api_url, who.user, who.role)


def recent(name: str, ask: Callable[[BotClient], T]) -> T:
    """What the bot said to the question `name` in the last seconds, to anybody: for what all roles
    may read. A hundred open pages ask it once. A bot that gave no answer is not asked at once
    again; raises its BotError."""
    said = _recent(name, int(time.monotonic() // RECENT), bot(), ask)
    if isinstance(said, BotError):
        raise said
    return cast(T, said)


def accounts() -> tuple[Account, ...]:
    """The connected accounts, at most ten seconds old; none when the bot is down."""
    who = guard.person()
    try:
        return _accounts(who.user, who.role)
    except BotError:
        return ()


def forget_accounts() -> None:
    _accounts.clear()


@st.cache_resource(show_spinner=False, max_entries=64)
def _recent(
    name: str, tick: int, _bot: BotClient, _ask: Callable[[BotClient], object]
) -> object | BotError:
    try:
        return _ask(_bot)
    except BotError as error:
        return error


@st.cache_resource(show_spinner=False, max_entries=64)
def _client(url: str, user: str, role: str) -> BotClient:
    token = functools.partial(mint_token, settings().jwt_secret, user, role)
    return BotClient(url, token, timeout=PATIENCE)


@st.cache_data(show_spinner=False, ttl=10, max_entries=64)
def _accounts(user: str, role: str) -> tuple[Account, ...]:
    return _client(settings().api_url, user, role).accounts()
