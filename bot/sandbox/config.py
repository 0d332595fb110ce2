"""What can be chosen about a sandbox before it starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CALLBACK = "/api/avito/oauth/callback"


@dataclass(frozen=True)
class SandboxConfig:
    """The settings of one sandbox.

    `token_seconds` and `code_seconds` are lifetimes, `webhook_timeout` is how long a webhook call
    may take. `auto_consent` lets `GET /oauth` answer at once as if the owner had agreed.
    `state_file` keeps the world between two runs; without it everything is forgotten.
    """

    port: int = 3900
    host: str = "127.0.0.1"
    client_id: str = "sandbox-client"
    client_secret: str = "sandbox-secret"  # noqa: S105 - the secret of a stand-in
    redirect_uri: str = "http://127.0.0.1:3001" + CALLBACK
    crm_key: str = "sandbox-crm-key"
    telegram_token: str = "7001:sandbox-telegram-bot"  # noqa: S105 - the secret of a stand-in
    telegram_chat: str = "-100700"
    seed: int = 1
    state_file: Path | None = None
    auto_consent: bool = False
    token_seconds: int = 86_400
    code_seconds: int = 300
    webhook_timeout: float = 2.0

    @property
    def base_url(self) -> str:
        """Where the sandbox answers, without a slash at the end."""
        return f"http://{self.host}:{self.port}"


def config_from_env(env: Mapping[str, str], *, port: int | None = None) -> SandboxConfig:
    """The settings that the environment asks for; an empty variable counts as absent.

    Raises ValueError when SANDBOX_PORT is no number.
    """
    given = {name: value for name, value in env.items() if value}
    public = given.get("PUBLIC_URL", "http://127.0.0.1:3001").rstrip("/")
    state = given.get("SANDBOX_STATE_FILE")
    return SandboxConfig(
        port=int(given.get("SANDBOX_PORT", "3900")) if port is None else port,
        client_id=given.get("AVITO_CLIENT_ID", "sandbox-client"),
        client_secret=given.get("AVITO_CLIENT_SECRET", "sandbox-secret"),
        redirect_uri=given.get("AVITO_REDIRECT_URI", public + CALLBACK),
        crm_key=given.get("DEZEXPERT_API_KEY", "sandbox-crm-key"),
        telegram_token=given.get("TELEGRAM_BOT_TOKEN", SandboxConfig.telegram_token),
        telegram_chat=given.get("TELEGRAM_CHAT_ID", SandboxConfig.telegram_chat),
        seed=int(given.get("SANDBOX_SEED", "1")),
        state_file=Path(state) if state else None,
    )
