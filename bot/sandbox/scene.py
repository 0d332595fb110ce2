"""Reads a prompt the way a language model would: what is sold, what is known, who said what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

CLIENT = {"client", "buyer", "user", "customer", "клиент", "покупатель"}
SELLER = {
    "assistant", "seller", "human", "manager", "operator", "human_app", "human_dashboard",
    "ассистент", "продавец", "менеджер", "помощник", "мы", "оператор", "магазин",
}  # fmt: skip
OTHERS = {"avito", "авито", "система", "system"}
_WHO = "|".join(sorted(CLIENT | SELLER | OTHERS, key=len, reverse=True))
_LABEL = re.compile(
    rf"^\W*(?:\[[^\]]*\]|\S*\d\d:\d\d\S*)?\W*({_WHO})\b[^:\n]{{0,40}}:[ \t]*(.*)$", re.IGNORECASE
)
_TAG = re.compile(rf"<({_WHO})(?:\s[^>]*)?>(.*?)</\1>", re.IGNORECASE | re.DOTALL)
_AUTHOR_TAG = re.compile(
    rf"<(\w+)[^>]*?(?:author|role|from|автор)=[\"']?({_WHO})[\"']?[^>]*>(.*?)</\1>",
    re.IGNORECASE | re.DOTALL,
)
_FACT = re.compile(r"^[\s\-•*]*([А-ЯЁа-яё][^:\n]{1,60}):[ \t]+(\S.{0,400})$", re.MULTILINE)
# Lines of the seller's facts that go on below their heading, as running words.
_LOOSE = re.compile(r"(?<=\n)[\-•* ]*([А-ЯЁа-яё][^:{}\n]{8,300})(?=\n)")
_LABELS = {"объявление", "категория", "цена", "сейчас"}
_MONEY = re.compile(r"(?:от\s*)?\d[\d\s\u00a0\u202f]*(?:₽|руб[а-я]*\.?|р\.)", re.IGNORECASE)
_BARE = re.compile(r"\d[\d\s\u00a0\u202f]*\d")

Turn = tuple[str, str]


@dataclass(frozen=True)
class Scene:
    """What the writer knows: facts by their name, and the turns, oldest first."""

    brief: str
    facts: dict[str, str]
    turns: tuple[Turn, ...]

    @property
    def last(self) -> str:
        """What the client wrote since the seller last spoke."""
        said: list[str] = []
        for who, text in reversed(self.turns):
            if who == "seller":
                break
            said.insert(0, text)
        return "\n".join(said)

    @property
    def client(self) -> str:
        """Everything the client wrote."""
        return "\n".join(text for who, text in self.turns if who == "client")

    @property
    def replies(self) -> int:
        """How often the seller spoke."""
        return sum(who == "seller" for who, _ in self.turns)

    @property
    def price(self) -> str | None:
        """The price as the prompt states it, None when it states none."""
        for name, value in self.facts.items():
            if re.match(r"(?:цена|стоимость|price)\b", name, re.IGNORECASE):
                if found := _MONEY.search(value):
                    return found[0].strip()
                if found := _BARE.search(value):
                    return f"{found[0].strip()} ₽"
        return None

    def fact(self, *stems: str) -> str | None:
        """What is known about something, as a sentence, by the beginnings of its words."""
        for stem in stems:
            for name, value in self.facts.items():
                if stem in name.lower():
                    return f"{name}: {value.strip().rstrip('.;')}."
        for stem in stems:
            for sentence in self._sentences():
                if stem in sentence.lower():
                    return f"{sentence[0].upper()}{sentence[1:]}."
        return None

    def _sentences(self) -> list[str]:
        """What is told about the seller in running words."""
        told = [value for name, value in self.facts.items() if name.lower() not in _LABELS]
        told += _LOOSE.findall(self.brief)
        parts = (part.strip(" .;!") for text in told for part in re.split(r"[.;!]\s+", text))
        return [part for part in parts if part]


def read_scene(messages: Sequence[Any]) -> Scene:
    """The scene of a chat-completions request; both one long prompt and real turns will do."""
    texts = [(str(m.get("role")), _text(m.get("content"))) for m in messages if isinstance(m, dict)]
    spoken = [(role, text) for role, text in texts if role in {"user", "assistant"}]
    brief = [text for role, text in texts if role not in {"user", "assistant"}]
    turns: list[Turn] = []
    for role, text in spoken:
        inner = list(_turns(text))
        if role == "user" and inner:
            turns += inner
            brief.append(_LABEL.sub("", text))
        else:
            turns.append(("client" if role == "user" else "seller", text))
    if not any(who == "client" for who, _ in turns):
        turns += [turn for text in brief for turn in _turns(text)]
    told = "\n".join(brief)
    facts = {name.strip(): value for name, value in _FACT.findall(told)}
    return Scene(told, facts, tuple(turns))


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _turns(text: str) -> Iterator[Turn]:
    """The turns that are written down inside a text, as JSON, in tags, or after labels."""
    if text.lstrip()[:1] in {"{", "["}:
        try:
            yield from _listed(msgspec.json.decode(text))
            return
        except msgspec.DecodeError:
            pass
    tagged = [(m[2], m[3]) for m in _AUTHOR_TAG.finditer(text)]
    tagged = tagged or [(m[1], m[2]) for m in _TAG.finditer(text)]
    yield from ((_side(who), said.strip()) for who, said in tagged or _labelled(text))


def _listed(value: Any) -> Iterator[Turn]:
    if isinstance(value, dict):
        who, said = (
            value.get("author") or value.get("role"),
            value.get("text", value.get("content")),
        )
        if str(who).lower() in CLIENT | SELLER | OTHERS and isinstance(said, str):
            yield _side(str(who)), said
            return
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _listed(part)


def _labelled(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    inside = False
    for line in text.splitlines():
        if label := _LABEL.match(line):
            found.append((label[1], label[2]))
            inside = True
        elif not line.strip():
            inside = False
        elif inside:
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{line.strip()}")
    return found


def _side(who: str) -> str:
    word = who.lower()
    return "client" if word in CLIENT else "seller" if word in SELLER else "other"
