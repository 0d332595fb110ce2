"""Which ways of logging in are configured on this machine."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pages._ui.door import passwords
from pages._ui.door.session import ROLES
from pages._ui.settings import Settings

SECRETS = Path(".streamlit/secrets.toml")


@dataclass(frozen=True)
class OpenId:
    """The provider, and the role of each e-mail address (lower case) that may come in."""

    metadata_url: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    roles: Mapping[str, str]


@dataclass(frozen=True)
class Methods:
    """`problem` is a sentence when a method is configured but unusable."""

    hashes: Mapping[str, str] = field(default_factory=dict, repr=False)
    openid: OpenId | None = None
    problem: str = ""

    @property
    def any(self) -> bool:
        return bool(self.hashes or self.openid)


def read(settings: Settings, secrets: Path = SECRETS) -> Methods:
    """OpenID Connect when `[auth]` is in the secrets, else passwords."""
    try:
        openid = _openid(secrets, settings)
        return Methods({} if openid else passwords.read(settings.password_hash), openid)
    except (ValueError, KeyError) as error:
        return Methods(problem=str(error))


def _openid(secrets: Path, settings: Settings) -> OpenId | None:
    if not secrets.exists():
        return None
    told = tomllib.loads(secrets.read_text(encoding="utf-8"))
    if "auth" not in told:
        return None
    auth = told["auth"]
    missing = [n for n in ("server_metadata_url", "client_id", "client_secret") if not auth.get(n)]
    roles = {email.lower(): role for email, role in told.get("roles", {}).items()}
    if missing:
        raise ValueError(f"[auth] in .streamlit/secrets.toml lacks {', '.join(missing)}")
    if not roles or not set(roles.values()) <= set(ROLES):
        raise ValueError(
            '.streamlit/secrets.toml needs a table [roles] with lines like "name@example.com" = '
            '"owner" (or "manager", "viewer")'
        )
    return OpenId(
        auth["server_metadata_url"],
        auth["client_id"],
        auth["client_secret"],
        auth.get("redirect_uri") or f"{settings.url}/oauth2callback",
        roles,
    )
