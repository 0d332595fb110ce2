"""E-mail by SMTP."""

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import aiosmtplib

from bot.errors import NoticeBusy, NoticeError, NoticeRefused
from bot.model import Clock, Letter

SECONDS = 20.0


@dataclass(frozen=True)
class MailConfig:
    """`tls`: `starttls`, `tls` from the first byte, or `none`. `to` may be several addresses, comma separated."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str = ""
    to: str = ""
    tls: str = "starttls"

    def recipients(self) -> list[str]:
        return [one.strip() for one in self.to.split(",") if one.strip()]


class Mail:
    """A Channel. A letter that is sent twice has the same Message-ID, so that most programs show it once."""

    name = "email"

    def __init__(self, config: MailConfig, clock: Clock) -> None:
        self._config = config
        self._clock = clock

    async def tell(self, letter: Letter) -> None:
        message = written(letter, self._config, self._clock())
        try:
            async with self._server() as server:
                await server.send_message(message)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise refusal(error, self._config) from None

    async def look(self) -> str:
        try:
            async with self._server() as server:
                await server.noop()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise refusal(error, self._config) from None
        return f"{self._config.host} lets us in and will write to {len(self._config.recipients())}"

    def _server(self) -> aiosmtplib.SMTP:
        config = self._config
        more: dict[str, Any] = {}
        if config.user:
            more = {"username": config.user, "password": config.password}
        return aiosmtplib.SMTP(
            hostname=config.host,
            port=config.port,
            use_tls=config.tls == "tls",
            start_tls=config.tls == "starttls",
            timeout=SECONDS,
            **more,
        )


def written(letter: Letter, config: MailConfig, now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = " ".join(letter.subject.split())[:200]
    message["From"] = config.sender
    message["To"] = ", ".join(config.recipients())
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{letter.key}@{config.sender.rpartition('@')[2].strip('<> ')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def refusal(error: Exception, config: MailConfig) -> NoticeError:
    """What went wrong, in words that say what to do. The library's own words may hold what we sent: they stay here."""
    where = f"{config.host}:{config.port}"
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            return NoticeRefused(f"{where} does not take SMTP_USER and SMTP_PASSWORD")
        case aiosmtplib.SMTPRecipientsRefused():
            return NoticeRefused(f"{where} takes no letters for SMTP_TO")
        case aiosmtplib.SMTPSenderRefused():
            return NoticeRefused(f"{where} takes no letters from SMTP_FROM")
        case aiosmtplib.SMTPServerDisconnected():
            return NoticeBusy(f"{where} hung up: look at SMTP_PORT and SMTP_TLS if it stays so")
        case aiosmtplib.SMTPConnectError() | aiosmtplib.SMTPTimeoutError() | OSError():
            said = "look at SMTP_HOST, SMTP_PORT and SMTP_TLS if it stays so"
            return NoticeBusy(f"{where} does not answer ({type(error).__name__}): {said}")
        case aiosmtplib.SMTPResponseException() if 400 <= error.code < 500:
            return NoticeBusy(f"{where} is busy (status {error.code})")
        case aiosmtplib.SMTPResponseException():
            return NoticeRefused(f"{where} refuses the letter (status {error.code})")
        case _:
            todo = "it cannot do what SMTP_TLS or SMTP_USER asks for"
            return NoticeRefused(f"{where} does not work with us ({type(error).__name__}): {todo}")
