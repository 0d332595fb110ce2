"""Everything that differs between machines, read once from the environment and `.env.avito`."""

import base64
import binascii
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pydantic_settings
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ENV_FILE = ".env.avito"

_HOW_TO_GET = {
    "AVITO_CLIENT_ID": "register an application at developers.avito.ru/applications and copy its client_id",
    "AVITO_CLIENT_SECRET": "it stands beside the client_id at developers.avito.ru/applications",
    "OPENAI_API_KEY": "take it from the account of your model's provider; a local server takes any word",
    "JWT_SECRET": "run: python -m bot secrets",
    "WEBHOOK_SIGNATURE_SECRET": "run: python -m bot secrets",
    "TOKEN_ENCRYPTION_KEYS": "run: python -m bot secrets",
}


class SettingsError(Exception):
    """Names every setting that is missing or unusable, and says how to get each."""


class Settings(BaseSettings):
    """The settings by their names in the environment, in lower case. Secrets never show in a repr."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    avito_client_id: str = Field(min_length=1, description="The application registered at Avito")
    avito_client_secret: SecretStr = Field(min_length=1, description="Its secret")
    avito_api_base: str = Field("https://api.avito.ru", description="Where Avito's API answers")
    avito_oauth_url: str = Field("https://avito.ru/oauth", description="Avito's consent page")
    avito_redirect_uri: str = Field(
        "",
        description="Where Avito sends the owner back; `{PUBLIC_URL}/api/avito/oauth/callback` unless set",
    )
    public_url: str = Field("http://127.0.0.1:3001", description="Where Avito reaches the bot")
    dashboard_url: str = Field(
        "http://127.0.0.1:8501", description="Where the browser goes back to after consent"
    )
    avito_api_url: str = Field(
        "http://127.0.0.1:3001", description="Where the dashboard reaches the bot"
    )

    openai_api_key: SecretStr = Field(
        min_length=1, description="Key of the language model's server"
    )
    openai_base_url: str = Field(
        "https://api.openai.com/v1", description="Any server that speaks OpenAI's chat completions"
    )
    openai_model: str = Field("gpt-4o-mini", description="The model's name at that server")
    llm_pii_mode: Literal["redact", "plain"] = Field(
        "redact",
        description="`redact`: the model sees placeholders for phones, names, addresses; `plain`: it sees them as they are "
        "(a model in your own network)",
    )
    openai_audio_model: str = Field(
        "",
        description="Puts voice messages into words at the same server; unset: they are not listened to",
    )
    openai_audio_price_rub: float = Field(
        0.0,
        ge=0,
        description="Roubles for a minute of speech; 0: speech costs what its tokens cost the model that writes",
    )
    openai_vision: Literal["off", "on"] = Field(
        "off",
        description="`on`: the model sees clients' pictures, as they are (the model must be able to)",
    )
    unreadable_reply: Literal["off", "ask"] = Field(
        "off",
        description="`ask`: to voice or a picture alone that nobody hears or sees, ask kindly to write, once a dialog",
    )
    openai_price_in_rub: float = Field(
        0.0, ge=0, description="Roubles for a million tokens of prompt, for the costs"
    )
    openai_price_out_rub: float = Field(
        0.0, ge=0, description="Roubles for a million tokens of answer, for the costs"
    )

    openai_cheap_model: str = Field(
        "", description="A cheaper model at the same server, for when the budget runs short"
    )
    openai_cheap_price_in_rub: float = Field(
        0.0, ge=0, description="Roubles for a million tokens of its prompt"
    )
    openai_cheap_price_out_rub: float = Field(
        0.0, ge=0, description="Roubles for a million tokens of its answer"
    )

    dezexpert_api_url: str = Field(
        "", description="The CRM; leads stay in the dashboard while it is not set"
    )
    dezexpert_api_key: SecretStr = Field(SecretStr(""), description="The CRM's key")
    dezexpert_leads_path: str = Field("/api/v1/leads", description="Where leads are posted to")
    dezexpert_auth_header: str = Field("Authorization", description="Header that carries the key")
    dezexpert_auth_scheme: str = Field(
        "Bearer", description="Word before the key in that header; may be empty"
    )
    dezexpert_shape: Literal["lead", "order"] = Field(
        "lead", description="Body of a lead: `lead` or `order`"
    )
    dezexpert_field_map: dict[str, str] = Field(
        {}, description='Renamed fields, as JSON: `{"phone":"phoneNumber"}`'
    )
    dezexpert_fixed: dict[str, Any] = Field(
        {}, description='Fields added to each lead, as JSON: `{"partnerId":"7"}`'
    )

    telegram_bot_token: SecretStr = Field(
        SecretStr(""), description="A Telegram bot that tells managers when they are needed"
    )
    telegram_chat_id: str = Field("", description="The chat or group that it writes to")
    telegram_api_base: str = Field(
        "https://api.telegram.org", description="Where Telegram's bots are spoken to"
    )
    smtp_host: str = Field("", description="A mail server, for notices to managers by e-mail")
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port")
    smtp_user: str = Field("", description="Its user; none if empty")
    smtp_password: SecretStr = Field(SecretStr(""), description="The user's password")
    smtp_from: str = Field("", description="Who the letters come from")
    smtp_to: str = Field("", description="Who gets them; comma separated")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="`starttls`, `tls` from the first byte, or `none`"
    )
    notice_words: Literal["masked", "none"] = Field(
        "masked",
        description="Whether notices show the client's last words, `masked`, or `none` of them",
    )

    jwt_secret: SecretStr = Field(description="Signs API and dashboard tokens, 32 bytes or more")
    webhook_signature_secret: SecretStr = Field(
        description="Makes the secret part of each account's webhook address, 32 bytes or more"
    )
    token_encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        description="32 random bytes each, URL-safe base64, comma separated, newest first"
    )
    dashboard_password_hash: SecretStr = Field(
        SecretStr(""),
        description="Password login to the dashboard (`python -m bot password` makes it)",
    )

    database_url: str = Field("sqlite:///data/bot.sqlite3", description="Operational state")
    lake_catalog: str = Field(
        "sqlite:data/lake/catalog.sqlite", description="DuckLake catalog of the event log"
    )
    lake_data: str = Field("data/lake/files", description="Where the event log's Parquet files lie")

    bot_host: str = Field("127.0.0.1", description="Address that the bot listens on")
    bot_port: int = Field(3001, ge=1, le=65535, description="Port of the bot")
    dashboard_port: int = Field(8501, ge=1, le=65535, description="Port of the dashboard")
    sandbox_port: int = Field(3900, ge=1, le=65535, description="Port of the sandbox")

    reply_quiet_seconds: float = Field(6.0, ge=0, description="A burst ends after so much quiet")
    reply_max_wait_seconds: float = Field(
        30.0, ge=0, description="... or after so much waiting since its first message"
    )
    human_pause_hours: float = Field(
        12.0, gt=0, description="How long the assistant is silent after a person wrote"
    )
    answer_within_minutes: float = Field(
        120.0,
        gt=0,
        description="Older messages are not answered by themselves but listed for a manager",
    )
    replies_per_chat_hour: int = Field(
        10, ge=1, description="More than so many replies in one chat and hour are left to a person"
    )
    dialog_silence_hours: float = Field(
        72.0, gt=0, description="A new dialog of a chat begins after so much silence"
    )
    model_timeout_seconds: float = Field(
        60.0, gt=0, description="Longest wait for one answer of the model"
    )
    default_timezone: str = Field("Europe/Moscow", description="Until an account says otherwise")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much the bot tells"
    )

    @field_validator("jwt_secret", "webhook_signature_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value().encode()) < 32:
            raise ValueError("must have 32 bytes or more")
        return value

    @field_validator("token_encryption_keys", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return (
            tuple(v.strip() for v in value.split(",") if v.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("token_encryption_keys")
    @classmethod
    def _are_keys(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if not value or any(len(_decoded(key.get_secret_value())) != 32 for key in value):
            raise ValueError("must be 32 random bytes each in URL-safe base64, comma separated")
        return value

    @field_validator("default_timezone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("is no time zone, write it like Europe/Moscow") from error
        return value

    @field_validator(
        "avito_api_base",
        "avito_oauth_url",
        "public_url",
        "dashboard_url",
        "avito_api_url",
        "openai_base_url",
        "dezexpert_api_url",
        "telegram_api_base",
    )
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _cheap_has_a_price(self) -> Self:
        priced = self.openai_price_in_rub or self.openai_price_out_rub
        cheap = self.openai_cheap_price_in_rub or self.openai_cheap_price_out_rub
        if self.openai_cheap_model and priced and not cheap:
            raise ValueError(
                "OPENAI_CHEAP_MODEL has no price, so its calls would count as free: set "
                "OPENAI_CHEAP_PRICE_IN_RUB and OPENAI_CHEAP_PRICE_OUT_RUB"
            )
        return self

    @model_validator(mode="after")
    def _channels_are_whole(self) -> Self:
        """Half a channel would tell nobody, and nobody would know."""
        if bool(self.telegram_bot_token.get_secret_value()) != bool(self.telegram_chat_id):
            raise ValueError("TELEGRAM_BOT_TOKEN and TELEGRAM_CHAT_ID need each other: set both")
        if self.smtp_host and not (self.smtp_from and self.smtp_to):
            raise ValueError("SMTP_HOST is set, so SMTP_FROM and SMTP_TO are needed too")
        return self

    @property
    def redirect_uri(self) -> str:
        return self.avito_redirect_uri or f"{self.public_url}/api/avito/oauth/callback"

    @property
    def encryption_keys(self) -> tuple[bytes, ...]:
        return tuple(_decoded(key.get_secret_value()) for key in self.token_encryption_keys)


def load() -> Settings:
    """The settings of this process. Raises SettingsError with one message that names all that is wrong."""
    return _read({})


def _read(given: dict[str, Any]) -> Settings:
    """From the environment, but for what is given."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError(_in_words(error)) from None
    except pydantic_settings.SettingsError as error:  # a setting that should be JSON and is not
        raise SettingsError(f"A setting cannot be read: {error}. Write it as JSON.") from None


def load_for_model() -> Settings:
    """The settings for who only asks the model: what the others need may be missing. Raises SettingsError as `load`."""
    of_others: dict[str, Any] = {
        "avito_client_id": "-",
        "avito_client_secret": "-",
        "jwt_secret": "-" * 32,
        "webhook_signature_secret": "-" * 32,
        "token_encryption_keys": base64.urlsafe_b64encode(bytes(32)).decode(),
    }
    return _read(of_others)


def _in_words(error: ValidationError) -> str:
    lines = ["The settings are not complete. Set these in the environment or in .env.avito:"]
    for problem in error.errors(include_url=False, include_input=False):
        if not problem["loc"]:  # about several at once: it names them
            lines.append(f"  {_said(problem['msg'])}")
            continue
        name = str(problem["loc"][0]).upper()
        what = (
            "is missing"
            if problem["type"] in {"missing", "string_too_short", "too_short"}
            else _said(problem["msg"])
        )
        hint = f" ({_HOW_TO_GET[name]})" if name in _HOW_TO_GET else ""
        lines.append(f"  {name} {what}{hint}")
    return "\n".join(lines)


def _said(message: str) -> str:
    return message.removeprefix("Value error, ")


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
