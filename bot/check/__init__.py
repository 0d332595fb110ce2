"""Tries everything that the service depends on, and says in plain words what is wrong and what to do about it."""

import argparse
import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from bot.avito.client import read_profile
from bot.avito.door import make_http
from bot.avito.oauth import AvitoAuth
from bot.bootstrap import make_channels, utc_now
from bot.check.finding import PATIENCE, Finding
from bot.check.models import hearing, writing
from bot.errors import AvitoBusy, BotError, Forbidden, NoticeError, TokenRejected
from bot.hook_key import key_for
from bot.model import Channel
from bot.settings import Settings, SettingsError, load
from bot.store.seal import Sealer, Unsealable

LOCAL = ("127.0.0.1", "localhost", "::1", "0.0.0.0")  # noqa: S104 - to be recognised, not bound

ACCOUNTS = "SELECT id, name, state, access_token FROM account WHERE state <> 'removed' ORDER BY id"


@dataclass(frozen=True)
class Known:
    """An account as the database has it; the token is sealed."""

    id: int
    name: str
    state: str
    token: str | None


Try = Callable[[Settings], Awaitable[list[Finding]]]


def main(argv: Sequence[str]) -> int:
    """`python -m bot check`; 0 if nothing is wrong, else 1."""
    argparse.ArgumentParser(prog="python -m bot check", description=__doc__).parse_args(argv)
    try:
        settings = load()
    except SettingsError as error:
        print(f"{'problem':8}{'settings':12}{error}")
        return 1
    print(Finding("settings", "complete"))
    return asyncio.run(_all(settings))


async def _all(settings: Settings) -> int:
    wrong = 0
    for one in TRIES:
        for finding in await one(settings):
            print(finding, flush=True)
            wrong += finding.todo is not None
    print("Nothing is wrong." if not wrong else f"{wrong} to mend.")
    return 1 if wrong else 0


# --- the database -----------------------------------------------------------------------------------------------------


async def _database(settings: Settings) -> list[Finding]:
    try:
        known = await asyncio.to_thread(known_accounts, settings)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        said = f"cannot be read: {str(error).splitlines()[0]}"
        return [
            Finding("database", said, "Check DATABASE_URL, the disk's space and the file's rights.")
        ]
    if known is None:
        return [Finding("database", "not there yet; the first start of the bot makes it")]
    return [Finding("database", f"readable, {len(known)} accounts"), *map(_account, known)]


def _account(known: Known) -> Finding:
    name = f"{known.name} ({known.id})"
    match known.state:
        case "needs_reconnect":
            said = f"{name}: Avito does not accept its tokens any more"
            return Finding("account", said, "Connect it again on the dashboard's page Connection.")
        case "no_messenger":
            said = f"{name}: no access to the messenger API"
            return Finding("account", said, "Raise the account's subscription level at Avito.")
        case _:
            return Finding("account", f"{name}: connected")


def known_accounts(settings: Settings) -> list[Known] | None:
    """The accounts, None if there is no database yet. Reads beside a running bot, and changes nothing."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        engine = create_engine(url, connect_args={"connect_timeout": 5})
        with engine.connect() as connection:
            there = connection.execute(text("SELECT to_regclass('account')")).scalar()
            return [Known(*row) for row in connection.execute(text(ACCOUNTS))] if there else None
    path = Path(url.database or "")
    if not path.exists():
        return None
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as reader:
        there = reader.execute("SELECT 1 FROM sqlite_master WHERE name = 'account'").fetchone()
        return [Known(*row) for row in reader.execute(ACCOUNTS)] if there else None


def _known_or_none(settings: Settings) -> list[Known]:
    try:
        return known_accounts(settings) or []
    except (SQLAlchemyError, sqlite3.Error, OSError):
        return []  # said already


# --- Avito ------------------------------------------------------------------------------------------------------------


async def _avito(settings: Settings) -> list[Finding]:
    """A refresh token that is none tells whether Avito knows the application, and uses nothing up."""
    secret = settings.avito_client_secret.get_secret_value()
    async with make_http(settings.avito_api_base) as http:
        auth = AvitoAuth(http, settings.avito_client_id, secret, utc_now)
        try:
            await auth.refresh("check")
        except TokenRejected:
            good = Finding(
                "avito", f"answers at {settings.avito_api_base} and knows the application"
            )
            return [
                good,
                *[await _token(settings, http, known) for known in _known_or_none(settings)],
            ]
        except Forbidden:
            todo = "Compare AVITO_CLIENT_ID and AVITO_CLIENT_SECRET with developers.avito.ru/applications."
            return [Finding("avito", "does not know this application", todo)]
        except BotError as error:
            todo = "Check AVITO_API_BASE and this machine's way to the internet; then try again."
            return [Finding("avito", f"does not answer as it should: {error}", todo)]
        return [
            Finding(
                "avito",
                "gave a token for a made-up one",
                "Check AVITO_API_BASE: that is not Avito.",
            )
        ]


async def _token(settings: Settings, http: httpx.AsyncClient, known: Known) -> Finding:
    """Asks with the token that is kept, without renewing it: the bot may be doing so right now."""
    if known.state == "needs_reconnect" or known.token is None:
        return Finding("token", f"{known.id}: not tried, the account must be connected again")
    try:
        token = Sealer(settings.encryption_keys).open(
            known.token, "account", known.id, "access_token"
        )
        await read_profile(http, token)
    except Unsealable:
        todo = "Put the key under which it was sealed back into TOKEN_ENCRYPTION_KEYS, or connect again."
        return Finding("token", f"{known.id}: cannot be opened with these keys", todo)
    except (TokenRejected, Forbidden):
        todo = "The running bot renews it by itself. If this stays, connect the account again."
        return Finding("token", f"{known.id}: Avito does not accept it", todo)
    except AvitoBusy as error:
        return Finding("token", f"{known.id}: {error}", "Try again in a minute.")
    except BotError as error:
        return Finding("token", f"{known.id}: {error}", "Check this machine's way to Avito.")
    return Finding("token", f"{known.id}: works")


async def _webhook(settings: Settings) -> list[Finding]:
    """Calls our own address as Avito probes it."""
    public = settings.public_url
    if (
        urlsplit(public).hostname in LOCAL
        and urlsplit(settings.avito_api_base).hostname not in LOCAL
    ):
        todo = "Set PUBLIC_URL to the https address under which the internet reaches the bot."
        return [Finding("webhook", f"Avito cannot reach {public}", todo)]
    known = _known_or_none(settings)
    key = key_for(settings.webhook_signature_secret.get_secret_value(), known[0].id if known else 1)
    try:
        async with httpx.AsyncClient(timeout=2.0, trust_env=False) as http:
            answer = await http.post(f"{public}/api/avito/webhook/{key}", content=b"{}")
    except httpx.HTTPError as error:
        todo = (
            "Start the bot (python -m bot serve); check PUBLIC_URL and what stands before the bot."
        )
        return [Finding("webhook", f"nobody answers at {public} ({type(error).__name__})", todo)]
    if answer.status_code == 200 and answer.text == '{"ok":true}':
        return [Finding("webhook", f"reachable at {public}")]
    if answer.status_code == 404 and "wrong_key" in answer.text:
        todo = "The running bot has another WEBHOOK_SIGNATURE_SECRET: start it again with these settings."
        return [Finding("webhook", "the bot does not know its own address", todo)]
    todo = "Something else answers there: check PUBLIC_URL and what stands before the bot."
    return [Finding("webhook", f"{public} answers {answer.status_code}", todo)]


# --- the rest ---------------------------------------------------------------------------------------------------------


async def _crm(settings: Settings) -> list[Finding]:
    """Only looks whether somebody is there: a lead sent to try would be a lead."""
    if not settings.dezexpert_api_url:
        return [Finding("crm", "not set; leads stay in the dashboard")]
    address = settings.dezexpert_api_url + settings.dezexpert_leads_path
    try:
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as http:
            answer = await http.get(address)
    except httpx.HTTPError as error:
        said = f"nobody answers at {address} ({type(error).__name__})"
        return [Finding("crm", said, "Check DEZEXPERT_API_URL; leads wait until it answers.")]
    if answer.status_code >= 500:
        return [
            Finding(
                "crm",
                f"answers {answer.status_code}",
                "The CRM is in trouble; leads wait until it is well.",
            )
        ]
    return [Finding("crm", f"somebody answers at {address}; the key shows with the first lead")]


async def _lake(settings: Settings) -> list[Finding]:
    from pipeline.lake import Lake, LakeBroken, LakeMissing, connect

    def count() -> int:
        with connect(Lake(catalog=settings.lake_catalog, data=settings.lake_data)) as reader:
            row = reader.execute("SELECT count(*) FROM events").fetchone()
            return int(row[0]) if row else 0

    try:
        events = await asyncio.to_thread(count)
    except LakeMissing:
        return [Finding("log", "not there yet; the first start of the bot makes it")]
    except LakeBroken as error:
        todo = (
            "Check LAKE_CATALOG and LAKE_DATA; events wait in the database until the log is mended."
        )
        return [Finding("log", f"cannot be read: {str(error).splitlines()[0]}", todo)]
    return [Finding("log", f"readable, {events} events")]


async def _channels(settings: Settings) -> list[Finding]:
    """Goes the way of a notice without telling anything."""
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as http:
        ways = make_channels(settings, http, utc_now)
        if not ways:
            return [Finding("notices", "only in the dashboard: neither Telegram nor e-mail is set")]
        return [await _channel(way) for way in ways]


async def _channel(way: Channel) -> Finding:
    try:
        return Finding(way.name, await way.look())
    except NoticeError as error:
        said, _, todo = str(error).partition(": ")
        return Finding(way.name, said, f"{todo or said}. Notices wait in the dashboard meanwhile.")


TRIES: tuple[Try, ...] = (_database, _avito, _webhook, writing, hearing, _crm, _channels, _lake)
