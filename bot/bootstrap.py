"""The one place that knows which adapter stands behind which port."""

import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from bot.assistant import ear, guard
from bot.assistant.ear import Ear
from bot.assistant.writer import ModelWriter, Writer
from bot.avito.budget import Budget
from bot.avito.client import AvitoAccount
from bot.avito.door import make_http
from bot.avito.oauth import AvitoAuth
from bot.bells import Bells
from bot.channels.mail import Mail, MailConfig
from bot.channels.telegram import Telegram
from bot.crm import dezexpert
from bot.crm.dezexpert import DezExpert, DezExpertConfig
from bot.hook_key import key_for
from bot.model import Avito, Channel, Clock, Crm
from bot.pulse import Pulse
from bot.purses import Purses
from bot.settings import Settings
from bot.store.engine import Store
from bot.store.migrate import migrate
from bot.store.seal import Sealer
from bot.tokens import KeptTokens
from pipeline.lake import Lake


@dataclass(frozen=True)
class Bot:
    """Everything that a route or a job may need. Tests build one with other parts."""

    settings: Settings
    store: Store
    sealer: Sealer
    http: httpx.AsyncClient
    auth: AvitoAuth
    tokens: KeptTokens
    avito: Callable[[int], Avito]
    writer: Writer
    ear: Ear | None  # None: voice messages are not listened to
    purses: Purses
    crm: Crm | None
    crm_http: httpx.AsyncClient
    channels: Sequence[Channel]
    lake: Lake
    bells: Bells
    pulse: Pulse
    now: Clock
    name: str  # of this process, for leases

    def webhook_url(self, account_id: int) -> str:
        """The secret address under which Avito tells us about this account."""
        secret = self.settings.webhook_signature_secret.get_secret_value()
        return f"{self.settings.public_url}/api/avito/webhook/{key_for(secret, account_id)}"

    async def close(self) -> None:
        await self.http.aclose()
        await self.crm_http.aclose()
        await self.writer.close()
        self.store.close()


def utc_now() -> datetime:
    return datetime.now(UTC)


def build(settings: Settings, now: Clock = utc_now) -> Bot:
    """The service with its real parts, its database in the newest shape. Call it inside the event loop.

    Raises DatabaseInUse, StoreUnavailable.
    """
    store = Store(settings.database_url)
    migrate(store)
    guard.warm_up()
    sealer = Sealer(settings.encryption_keys)
    http = make_http(settings.avito_api_base)
    auth = AvitoAuth(
        http,
        client_id=settings.avito_client_id,
        client_secret=settings.avito_client_secret.get_secret_value(),
        clock=now,
    )
    bells, crm_http = Bells(), dezexpert.make_http()
    tokens = KeptTokens(store, sealer, auth, now, bells.events.ring)
    return Bot(
        settings=settings,
        store=store,
        sealer=sealer,
        http=http,
        auth=auth,
        tokens=tokens,
        avito=_accounts(http, tokens, now),
        writer=ModelWriter.from_settings(settings),
        ear=ear.from_settings(settings),
        purses=Purses(store, now, bells.events.ring),
        crm=_crm(settings, crm_http),
        crm_http=crm_http,
        channels=make_channels(settings, crm_http, now),
        lake=Lake(catalog=settings.lake_catalog, data=settings.lake_data),
        bells=bells,
        pulse=Pulse(started_at=now()),
        now=now,
        name=f"{socket.gethostname()}:{os.getpid()}",
    )


def _accounts(http: httpx.AsyncClient, tokens: KeptTokens, now: Clock) -> Callable[[int], Avito]:
    """One adapter for each account, made when it is first asked for; its budget lives as long as the process."""
    made: dict[int, Avito] = {}

    def avito(account_id: int) -> Avito:
        if account_id not in made:
            made[account_id] = AvitoAccount(
                http, account_id, token=tokens.of(account_id), budget=Budget(), clock=now
            )
        return made[account_id]

    return avito


def _crm(settings: Settings, http: httpx.AsyncClient) -> Crm | None:
    if not settings.dezexpert_api_url:
        return None
    return DezExpert(
        DezExpertConfig(
            url=settings.dezexpert_api_url,
            key=settings.dezexpert_api_key.get_secret_value(),
            path=settings.dezexpert_leads_path,
            auth_header=settings.dezexpert_auth_header,
            auth_scheme=settings.dezexpert_auth_scheme,
            shape=settings.dezexpert_shape,
            field_map=settings.dezexpert_field_map,
            fixed=settings.dezexpert_fixed,
        ),
        http,
    )


def make_channels(settings: Settings, http: httpx.AsyncClient, now: Clock) -> Sequence[Channel]:
    """The ways to managers that are set up."""
    made: list[Channel] = []
    if token := settings.telegram_bot_token.get_secret_value():
        made.append(Telegram(http, settings.telegram_api_base, token, settings.telegram_chat_id))
    if settings.smtp_host:
        config = MailConfig(
            host=settings.smtp_host,
            port=settings.smtp_port,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
            sender=settings.smtp_from,
            to=settings.smtp_to,
            tls=settings.smtp_tls,
        )
        made.append(Mail(config, now))
    return made
