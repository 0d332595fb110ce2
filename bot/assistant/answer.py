"""What the model said, read with suspicion: any text may come, only a sound draft goes on."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from bot.assistant.guard.plain import tidy
from bot.assistant.prompt import HAND_OFF_REASONS, INTENTS
from bot.model import MAX_REPLY, LeadFields

_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")


class Unsound(Exception):
    """The answer cannot be used. The message tells the model, in Russian, what to mend."""


@dataclass(frozen=True)
class Answer:
    """A sound answer of the model."""

    reply: str
    intent: str
    lead: LeadFields
    hand_off: bool
    hand_off_reason: str | None


Judge = Callable[["Answer"], "Answer"]
"""Makes an answer fit to be sent. Raises Unsound."""


def read(said: str | None, client_said: str, judge: Judge = lambda answer: answer) -> Answer:
    """The answer in the model's words; `client_said` tells the language to expect.

    `judge` sees it before its length is checked: what is put back in counts. Raises Unsound.
    """
    data = _json(said or "")
    reply = data.get("reply")
    if not isinstance(reply, str):
        raise Unsound("В ответе нет текста reply. Верни объект JSON по описанию.")
    hand_off = data.get("hand_off") is True
    answer = judge(_answer(data, tidy(reply).strip(), hand_off))
    _check(answer.reply, hand_off, client_said)
    return answer


def _answer(data: dict[str, Any], reply: str, hand_off: bool) -> Answer:
    return Answer(
        reply=reply,
        intent=data["intent"] if data.get("intent") in INTENTS else "other",
        lead=_lead(data.get("lead")),
        hand_off=hand_off,
        hand_off_reason=_reason(data.get("hand_off_reason")) if hand_off else None,
    )


def _check(reply: str, hand_off: bool, client_said: str) -> None:
    if not reply and not hand_off:
        raise Unsound("Текст reply пуст. Напиши ответ клиенту.")
    if len(reply) > MAX_REPLY:
        raise Unsound(f"Текст reply длиннее {MAX_REPLY} знаков. Сократи его до 600.")
    if _foreign(reply) and not _foreign(client_said):
        raise Unsound("Ответ не на языке клиента. Напиши reply по-русски.")
    if "\x00" in reply or reply.startswith(("{", "```")):
        raise Unsound("В тексте reply разметка. Напиши простой текст.")


def _foreign(text: str) -> bool:
    """Whether a text has words, and hardly any of them in Cyrillic."""
    letters = len(_LETTER.findall(text))
    return letters >= 12 and len(_CYRILLIC.findall(text)) < 0.3 * letters


def _json(said: str) -> dict[str, Any]:
    """The object in the answer, also inside a fence or between sentences."""
    start, end = said.find("{"), said.rfind("}")
    try:
        data = json.loads(said[start : end + 1])
    except (ValueError, RecursionError):
        raise Unsound("Это не JSON. Верни только один объект JSON по описанию.") from None
    if not isinstance(data, dict):
        raise Unsound("Это не объект JSON. Верни один объект по описанию.")
    return data


def _reason(said: Any) -> str:
    return said if said in HAND_OFF_REASONS else "model_hand_off"


def _lead(said: Any) -> LeadFields:
    """The fields whose values have the right type; the rest are as if the client had not said them."""
    if not isinstance(said, dict):
        return LeadFields()
    kinds = {"rooms": int, "previousTreatment": bool}
    sound: dict[str, Any] = {}
    for field in fields(LeadFields):
        value = said.get(field.name)
        if isinstance(value, str):
            value = tidy(value).strip()[:500] or None
        if type(value) is kinds.get(field.name, str):
            sound[field.name] = value
    return LeadFields(**sound)
