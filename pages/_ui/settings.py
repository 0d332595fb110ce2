"""What the dashboard needs to know about this machine."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

ENV_FILE = Path(".env.avito")
SHORTEST_SECRET = 32
"""Bytes that HS256 wants at least."""


@dataclass(frozen=True)
class Settings:
    """`problems` names the settings that are missing or unusable; empty when all is well."""

    api_url: str
    jwt_secret: str = field(repr=False)
    password_hash: str = field(repr=False)
    port: int
    url: str
    zone: str
    problems: tuple[str, ...] = ()

    @property
    def is_https(self) -> bool:
        return urlsplit(self.url).scheme == "https"

    @property
    def host(self) -> str:
        """Host and port of the dashboard's own address, as an Origin header names them."""
        return urlsplit(self.url).netloc


def load(env: Mapping[str, str] = os.environ, file: Path = ENV_FILE) -> Settings:
    """The settings; the environment wins over the file."""
    written = dotenv_values(file, interpolate=False) if file.exists() else {}
    known = {name: value for name, value in {**written, **env}.items() if value}
    secret = known.get("JWT_SECRET", "")
    api_url = known.get("AVITO_API_URL", "http://127.0.0.1:3001").rstrip("/")
    port = known.get("DASHBOARD_PORT", "8501")
    problems = []
    if len(secret.encode()) < SHORTEST_SECRET:
        problems.append("JWT_SECRET")
    if not api_url.startswith(("http://", "https://")):
        problems.append("AVITO_API_URL")
    if not port.isdigit():
        problems.append("DASHBOARD_PORT")
    return Settings(
        api_url=api_url,
        jwt_secret=secret,
        password_hash=known.get("DASHBOARD_PASSWORD_HASH", ""),
        port=int(port) if port.isdigit() else 8501,
        url=known.get("DASHBOARD_URL", "http://127.0.0.1:8501").rstrip("/"),
        zone=known.get("DEFAULT_TIMEZONE", "Europe/Moscow"),
        problems=tuple(problems),
    )
