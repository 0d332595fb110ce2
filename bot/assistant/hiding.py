"""Personal data on its way to the model and back: placeholders go out, the client's own words come back.

What stands for what is worked out anew from the same lines each time, always with the same result, so it is kept
nowhere but in the chat itself.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from typing import Any

from bot.assistant.answer import Answer, Unsound
from bot.assistant.masking import Mask, mask_chat
from bot.assistant.name_case import nominative
from bot.assistant.personal import PLACEHOLDERS
from bot.assistant.prompt import Line
from bot.model import LeadFields

_WORDS = "|".join(PLACEHOLDERS.values())
_PLACEHOLDER = re.compile(
    rf"[\[(<«{{]{{1,2}}\s?((?:{_WORDS})\s?[№#]?\s?\d+(?:\.\d+)?(?:, часть \d+)?)\s?[\])>»}}]{{1,2}}",
    re.IGNORECASE,
)
"""A placeholder as a model may write it: in other brackets, without the blank."""

_BLANK = re.compile(r"\[[^\[\]\n]{1,60}\]|\{\{?[^{}\n]{1,60}\}?\}|<[^<>\n/]{1,60}>")
_BLANKS_WORD = re.compile(
    rf"{_WORDS}|номер|фамили|отчеств|ссылк|дат[аы]|врем|цен[аы]|сумм|город|улиц|ваш|клиент|компани|name|phone|address|e-?mail"
    r"|date|time|price|link|your|city",
    re.IGNORECASE,
)
"""What a form left open says in its brackets: «[Ваше имя]», «{{phone}}»."""


@dataclass(frozen=True)
class Hidden:
    """The lines of a chat as the model may see them, and the way back."""

    lines: Sequence[Line]
    _mask: Mask = field(default_factory=lambda: Mask((), {}), repr=False)
    _typed: str = field(
        default="", repr=False
    )  # all that was really written: brackets in it are people's own

    def reveal(self, answer: Answer) -> Answer:
        """The answer with real words in its reply and its lead. Raises Unsound for a placeholder that is none of ours."""
        return replace(answer, reply=self._spoken(answer.reply), lead=self._lead(answer.lead))

    def _spoken(self, reply: str) -> str:
        """The reply as the client reads it: names as one is called, not in the case in which they were written."""
        spoken = _PLACEHOLDER.sub(self._word, reply)
        for blank in _BLANK.findall(spoken):
            if _BLANKS_WORD.search(blank) and blank not in self._typed:
                raise Unsound(
                    f"В reply осталась метка {blank}, за которой ничего не стоит. Напиши без неё."
                )
        return spoken

    def _word(self, match: re.Match[str]) -> str:
        key = self._key(match[1])
        value = self._mask.values.get(key)
        if value is None:
            return match.group()
        return nominative(value) if key.startswith("[имя") else " ".join(value.split("\n---\n"))

    def _key(self, inner: str) -> str:
        word, number = re.split(r"\s?[№#]?\s?(?=\d)", inner, maxsplit=1)
        return f"[{'ИНН' if word.lower() == 'инн' else word.lower()} {number.lower()}]"

    def _lead(self, lead: LeadFields) -> LeadFields:
        told = {name: value for name, value in asdict(lead).items() if isinstance(value, str)}
        shown: dict[str, Any] = {name: self._field(value) for name, value in told.items()}
        return replace(lead, **shown)

    def _field(self, value: str) -> str | None:
        """A field with a placeholder that nobody knows is as if the client had not said it."""
        try:
            return self._spoken(value)
        except Unsound:
            return None


def hide(lines: Sequence[Line], client: str | None = None) -> Hidden:
    """Hides what is personal in the lines, the seller's too: «Записали, Анна». `client` is their name at Avito."""
    spoken = [line for line in lines if line.text]
    bursts = [
        [str(line.text) for line in burst] for _, burst in groupby(spoken, lambda line: line.ours)
    ]
    mask = mask_chat(bursts, [client] if client else [])
    texts = iter(mask.texts)
    hidden = [replace(line, text=next(texts)) if line.text else line for line in lines]
    return Hidden(hidden, mask, "\n".join(str(line.text) for line in spoken))
