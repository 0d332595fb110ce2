"""Text without personal data: for the event log for good, for the language model with a way back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.assistant.name_case import nominative
from bot.assistant.personal import PLACEHOLDERS, Span, find_personal
from bot.assistant.phones import MESSAGE_BREAK, find_phones
from bot.assistant.web import carries_contact

__all__ = ["Mask", "Span", "find_personal", "mask", "mask_chat", "mask_for_model"]

_ROUNDS = 8
_BRACKETS = re.compile(r"\[[^\[\]\n]{1,60}\]")


def mask(text: str) -> str:
    """The text as the event log keeps it: `[телефон]`, `[имя]` … instead of personal data.

    Pages' addresses stay, unless they are somebody's WhatsApp or Telegram. Masking
    what is masked changes nothing.
    """
    for _ in range(_ROUNDS):
        spans = [span for span in find_personal(text) if is_hidden(text, span)]
        if not spans:
            break
        text = _replace(text, spans)
    return text


def is_hidden(text: str, span: Span) -> bool:
    """Whether the span is taken out; only pages that are nobody's own stay."""
    return span.kind != "link" or carries_contact(text[span.start : span.end])


def _replace(text: str, spans: list[Span]) -> str:
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], f"[{PLACEHOLDERS[span.kind]}]"]
        at = span.end
    return "".join([*parts, text[at:]])


@dataclass(frozen=True)
class Mask:
    """The messages of one chat with placeholders such as `[телефон 1]`, and the way back.

    `texts` are as many as were given. `values` tells what each placeholder stands for.
    """

    texts: tuple[str, ...]
    values: Mapping[str, str] = field(repr=False)

    @property
    def text(self) -> str:
        """The masked messages in one piece, joined as a burst is."""
        return MESSAGE_BREAK.join(self.texts)

    def restore(self, reply: str) -> str:
        """The reply with what the placeholders stand for; unknown brackets stay."""
        return _BRACKETS.sub(lambda one: self._value(one.group()), reply)

    def _value(self, bracketed: str) -> str:
        return self.values.get(_key(bracketed), bracketed)


def mask_for_model(texts: Sequence[str] | str, earlier: Mask | None = None) -> Mask:
    """Hide the personal data in the messages of one burst.

    The same value gets the same placeholder everywhere; another spelling of the same
    phone, or another case of the same name, gets `[телефон 1.2]`. A number split over
    messages becomes `[телефон 1, часть 1]`, `[телефон 1, часть 2]`, and `[телефон 1]` is
    all of it. Give the mask of `earlier` messages to keep their placeholders.
    """
    messages = (texts,) if isinstance(texts, str) else tuple(texts)
    return mask_chat([messages], earlier=earlier)


def mask_chat(
    bursts: Sequence[Sequence[str]], known: Sequence[str] = (), earlier: Mask | None = None
) -> Mask:
    """`mask_for_model` for a whole chat: what stands in different bursts is not read together.

    `known` are names that belong to the client although no list has them. The masked texts are those of all bursts, in
    one row.
    """
    book = _Book(
        earlier.values if earlier else {}, "\n".join(text for burst in bursts for text in burst)
    )
    masked = [text for burst in bursts for text in _masked(burst, known, book)]
    return Mask(tuple(masked), MappingProxyType(book.values))


def _masked(messages: Sequence[str], known: Sequence[str], book: "_Book") -> list[str]:
    joined = MESSAGE_BREAK.join(messages)
    spans = [span for span in find_personal(joined, known) if is_hidden(joined, span)]
    masked, start = [], 0
    for message in messages:
        end = start + len(message)
        inside = [span for span in spans if span.start < end and span.end > start]
        masked.append(_hide(joined, start, end, inside, book))
        start = end + len(MESSAGE_BREAK)
    return masked


def _hide(text: str, start: int, end: int, spans: list[Span], book: "_Book") -> str:
    parts, at = [], start
    for span in spans:
        first, last = max(start, span.start), min(end, span.end)
        parts += [text[at:first], book.placeholder(text, span, first, last)]
        at = last
    return "".join([*parts, text[at:end]])


class _Book:
    """Which placeholder stands for which value."""

    def __init__(self, values: Mapping[str, str], text: str) -> None:
        self.values = dict(values)
        self._names = {
            value: key for key, value in reversed(list(values.items())) if "часть" not in key
        }
        # What a client typed in brackets must not be taken for a placeholder of ours.
        self._typed = {_key(one.group()) for one in _BRACKETS.finditer(text)} - set(values)
        self._same = {
            whose: key
            for key, value in reversed(list(values.items()))
            if "часть" not in key and (whose := _identity(_kind(key), value)) is not None
        }

    def placeholder(self, text: str, span: Span, first: int, last: int) -> str:
        """The placeholder for the part of a span that one message holds."""
        said = text[span.start : span.end]
        if (first, last) == (span.start, span.end):
            return self._name(span.kind, said)
        name = self._name(span.kind, " ".join(said.split(MESSAGE_BREAK)))
        part = text.count(MESSAGE_BREAK, span.start, first) + 1
        key = f"{name[:-1]}, часть {part}]"
        self.values[key] = text[first:last]
        return key

    def _name(self, kind: str, value: str) -> str:
        if value in self._names:
            return self._names[value]
        whose = _identity(kind, value)
        if whose in self._same:
            name = self._free(self._same[whose][:-1] + ".{}]", first=2)
        else:
            name = self._free(f"[{PLACEHOLDERS[kind]} {{}}]", first=1)
        if whose:
            self._same.setdefault(whose, name)
        self._names[value] = name
        self.values[name] = value
        return name

    def _free(self, pattern: str, first: int) -> str:
        number = first
        while (name := pattern.format(number)) in self.values or name in self._typed:
            number += 1
        return name


def _identity(kind: str, value: str) -> str | None:
    """Whose the value is, however it is written; None where only the same letters are the same."""
    if kind == "name":
        return nominative(value)
    found = find_phones(value) if kind == "phone" else []
    return found[0].e164 if found else None


def _kind(key: str) -> str:
    return next(kind for kind, word in PLACEHOLDERS.items() if key.startswith(f"[{word}"))


def _key(bracketed: str) -> str:
    """A placeholder as the book writes it, however the model spelled it."""
    inner = " ".join(bracketed[1:-1].split()).lower()
    return "[" + inner.replace("инн", "ИНН") + "]"
