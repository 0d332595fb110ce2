"""Asks the model's server as the assistant would: for a few words, and to listen to a second of silence."""

import io
import wave
from collections.abc import Mapping
from typing import Any

import httpx

from bot.check.finding import PATIENCE, Finding
from bot.settings import Settings

_ELSE = "Check OPENAI_BASE_URL, and the provider's own status."


async def writing(settings: Settings) -> list[Finding]:
    """One answer of a few words from the model that writes, and from the cheaper one if there is one."""
    found = [await _writes(settings, "model", "OPENAI_MODEL", settings.openai_model)]
    if cheap := settings.openai_cheap_model:
        found.append(await _writes(settings, "cheap model", "OPENAI_CHEAP_MODEL", cheap))
    return found


async def hearing(settings: Settings) -> list[Finding]:
    """One recording put into words, where voice messages are to be listened to."""
    model = settings.openai_audio_model
    if not model:
        said = "not set (OPENAI_AUDIO_MODEL); voice messages are not listened to"
        return [Finding("voice", said)]
    todo = {
        400: f"{model} takes no recordings: set OPENAI_AUDIO_MODEL to a model for speech, such as whisper-1.",
        404: "OPENAI_AUDIO_MODEL is wrong, or this server hears nothing (it has no /audio/transcriptions).",
        405: "This server hears nothing (it has no /audio/transcriptions): leave OPENAI_AUDIO_MODEL empty.",
    }
    return [
        await _ask(
            settings,
            Finding("voice", f"{model} at {settings.openai_base_url}"),
            "audio/transcriptions",
            {"data": {"model": model}, "files": {"file": ("voice.wav", _silence(), "audio/wav")}},
            '"text"',
            todo,
        )
    ]


async def _writes(settings: Settings, name: str, setting: str, model: str) -> Finding:
    body = {
        "model": model,
        "messages": [{"role": "user", "content": "Ответь одним словом: да."}],
    }
    todo = {404: f"{setting} or OPENAI_BASE_URL is wrong: there is no such model there."}
    tried = Finding(name, f"{model} at {settings.openai_base_url}")
    return await _ask(settings, tried, "chat/completions", {"json": body}, "choices", todo)


async def _ask(
    settings: Settings,
    tried: Finding,
    route: str,
    body: Mapping[str, Any],
    good: str,
    todo: Mapping[int, str],
) -> Finding:
    """What came of a question; `good` stands in every right answer, `todo` says what a status means here."""
    key = settings.openai_api_key.get_secret_value()
    try:
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as http:
            answer = await http.post(
                f"{settings.openai_base_url}/{route}",
                headers={"Authorization": f"Bearer {key}"},
                **body,
            )
    except httpx.HTTPError as error:
        said = f"{tried.said}: no answer ({type(error).__name__})"
        return Finding(tried.name, said, "Check OPENAI_BASE_URL.")
    if answer.is_success and good in answer.text:
        return Finding(tried.name, f"{tried.said} answers")
    known = {
        401: "OPENAI_API_KEY is wrong.",
        403: "OPENAI_API_KEY may not use this model.",
        429: "The provider's limit or balance is used up.",
        **todo,
    }
    said = f"{tried.said}: status {answer.status_code}"
    return Finding(tried.name, said, known.get(answer.status_code, _ELSE))


def _silence() -> bytes:
    """A second of silence, as a WAV file that every such server reads; it costs next to nothing."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(2 * 8000))
    return file.getvalue()
