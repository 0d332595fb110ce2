"""What a demo keeps between its runs: its secrets, its ports, and where its files lie."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher

HOME = Path(os.environ.get("DEMO_HOME", "data/demo"))


@dataclass(frozen=True)
class Props:
    """Everything that the three processes are told, and what a person needs to log in."""

    bot: str
    dashboard: str
    sandbox: str
    password: str
    jwt_secret: str
    ports: Mapping[str, int]
    env: Mapping[str, str]


def prepare(environ: Mapping[str, str] = os.environ) -> Props:
    """The props of this folder's demo, made at its first run. Raises ValueError for a port that is no number."""
    kept = _kept(HOME / "secrets.json")
    ports = {
        "sandbox": _port(environ, "SANDBOX_PORT", 3900),
        "bot": _port(environ, "BOT_PORT", 3001),
        "dashboard": _port(environ, "DASHBOARD_PORT", 8501),
    }
    sandbox, bot, dashboard = (
        f"http://127.0.0.1:{ports[name]}" for name in ("sandbox", "bot", "dashboard")
    )
    env = {
        "AVITO_CLIENT_ID": "sandbox-client",
        "AVITO_CLIENT_SECRET": kept["client_secret"],
        "AVITO_API_BASE": sandbox,
        "AVITO_OAUTH_URL": f"{sandbox}/oauth",
        "AVITO_REDIRECT_URI": f"{bot}/api/avito/oauth/callback",
        "PUBLIC_URL": bot,
        "DASHBOARD_URL": dashboard,
        "AVITO_API_URL": bot,
        "OPENAI_API_KEY": "sandbox",
        "OPENAI_BASE_URL": f"{sandbox}/v1",
        "OPENAI_MODEL": "sandbox-writer",
        "OPENAI_PRICE_IN_RUB": "15",
        "OPENAI_PRICE_OUT_RUB": "60",
        "DEZEXPERT_API_URL": f"{sandbox}/crm",
        "DEZEXPERT_API_KEY": kept["crm_key"],
        "TELEGRAM_BOT_TOKEN": "7001:sandbox-telegram-bot",
        "TELEGRAM_CHAT_ID": "-100700",
        "TELEGRAM_API_BASE": f"{sandbox}/telegram",
        "JWT_SECRET": kept["jwt_secret"],
        "WEBHOOK_SIGNATURE_SECRET": kept["webhook_secret"],
        "TOKEN_ENCRYPTION_KEYS": kept["encryption_key"],
        "DASHBOARD_PASSWORD_HASH": kept["password_hash"],
        "DATABASE_URL": f"sqlite:///{HOME / 'bot.sqlite3'}",
        "LAKE_CATALOG": f"sqlite:{HOME / 'lake/catalog.sqlite'}",
        "LAKE_DATA": f"{HOME / 'lake/files'}",
        "BOT_HOST": "127.0.0.1",
        "BOT_PORT": str(ports["bot"]),
        "DASHBOARD_PORT": str(ports["dashboard"]),
        "SANDBOX_PORT": str(ports["sandbox"]),
        "SANDBOX_STATE_FILE": str(HOME / "sandbox.json"),
        "REPLY_QUIET_SECONDS": environ.get("REPLY_QUIET_SECONDS", "3"),
        "REPLY_MAX_WAIT_SECONDS": environ.get("REPLY_MAX_WAIT_SECONDS", "15"),
    }
    return Props(bot, dashboard, sandbox, kept["password"], kept["jwt_secret"], ports, env)


def _kept(path: Path) -> dict[str, str]:
    """The secrets of the first run: with others, the second could not open what the first has sealed."""
    if path.exists():
        kept: dict[str, str] = json.loads(path.read_text())
        return kept
    path.parent.mkdir(parents=True, exist_ok=True)
    password = "-".join(secrets.token_hex(2) for _ in range(3))
    made = {
        "password": password,
        "password_hash": PasswordHasher().hash(password),
        "client_secret": secrets.token_urlsafe(24),
        "crm_key": secrets.token_urlsafe(24),
        "jwt_secret": secrets.token_urlsafe(36),
        "webhook_secret": secrets.token_urlsafe(36),
        "encryption_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(made, file, indent=1)
    return made


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    said = environ.get(name) or str(default)
    if not said.isdigit() or not 0 < int(said) < 65536:
        raise ValueError(f"{name} is no port: {said}")
    return int(said)
