"""Hears voice messages over OpenAI's audio route, where a model for it is set."""

from typing import Protocol

import openai

from bot.errors import ModelBusy, ModelUnusable
from bot.settings import Settings

SECONDS = 30.0
"""Longest wait for one transcript."""


class Ear(Protocol):
    """Puts speech into words."""

    async def hear(self, sound: bytes) -> str:
        """What was said; "" for silence. Raises ModelBusy or ModelUnusable."""
        ...


class ModelEar:
    """The Ear that production runs with."""

    def __init__(self, client: openai.AsyncOpenAI, model: str) -> None:
        self._client = client
        self._model = model

    async def hear(self, sound: bytes) -> str:
        try:
            told = await self._client.audio.transcriptions.create(
                model=self._model, file=("voice.mp4", sound, "audio/mp4"), timeout=SECONDS
            )
        except openai.APIStatusError as error:
            kind = (
                ModelBusy if error.status_code in {408, 429} or error.status_code >= 500 else None
            )
            raise (kind or ModelUnusable)(f"HTTP {error.status_code}") from error
        except openai.OpenAIError as error:
            raise ModelBusy(type(error).__name__) from error
        return (told.text or "").strip()


def from_settings(settings: Settings) -> ModelEar | None:
    """None where no model for speech is set."""
    if not settings.openai_audio_model:
        return None
    client = openai.AsyncOpenAI(
        api_key=settings.openai_api_key.get_secret_value(),
        base_url=settings.openai_base_url,
        max_retries=1,
        http_client=openai.DefaultAsyncHttpxClient(trust_env=False),
    )
    return ModelEar(client, settings.openai_audio_model)
