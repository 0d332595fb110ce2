"""What is going to happen in a chaotic run, all of it drawn from one seed before the run begins."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

LISTINGS = 12
ASKED = (
    "Здравствуйте", "Алло?", "Сколько стоит?", "Приедете сегодня?", "А гарантия есть?", "Клопы в двушке",
    "Есть кто живой?", "Адрес: Лесная 7", "Работаете в выходные?", "А если дети дома?", "Понял", "Когда перезвоните?",
)  # fmt: skip
SEND = (
    "ok", "timeout", "timeout_after", "reset", "500_after", "429:2", "html_403", "garbage", "slow:2", "apply_late:6",
)  # fmt: skip
PERSON = ("Это Олег, сейчас отвечу", "Добрый день, уже смотрю", "Перезвоню вам через час")


@dataclass(frozen=True)
class Word:
    """Somebody writes in a chat, so many seconds after the start."""

    at: float
    chat: int
    by: Literal["client", "person"]
    text: str


@dataclass(frozen=True)
class Weather:
    """The faults from this second on, as the sandbox takes them."""

    at: float
    faults: dict[str, Any]


@dataclass(frozen=True)
class Kill:
    """The bot ends so many seconds after it was started, or after it answered for the first time."""

    after: Literal["start", "answer"]
    seconds: float


@dataclass(frozen=True)
class Plan:
    """The same seed and the same sizes give the same plan; what the machine makes of it differs from run to run."""

    seed: int
    seconds: float
    chats: int
    words: tuple[Word, ...]
    weather: tuple[Weather, ...]
    kills: tuple[Kill, ...]

    @property
    def messages(self) -> int:
        return sum(word.by == "client" for word in self.words)


def draw(
    seed: int, *, seconds: float, chats: int, messages: int, kills: int, harsh: bool = True
) -> Plan:
    """A plan. `harsh` includes faults from which Avito's history takes a minute to tell what happened."""
    chance = random.Random(seed)
    clients = _bursts(chance, seconds, chats, messages)
    people = _people(chance, seconds, clients)
    words = sorted([*clients, *people], key=lambda word: word.at)
    weather = _harsh(chance, seconds) if harsh else _mild(chance, seconds)
    return Plan(
        seed, seconds, chats, tuple(words), tuple(weather), tuple(_kills(chance, seconds, kills))
    )


def _bursts(chance: random.Random, seconds: float, chats: int, messages: int) -> list[Word]:
    """Every chat has at least one burst; a burst is one to five messages with short gaps between them."""
    said: list[Word] = []
    opening = list(range(chats))
    while len(said) < messages:
        chat = opening.pop() if opening else chance.randrange(chats)
        at = chance.uniform(1.0, 0.9 * seconds)
        for _ in range(min(chance.randint(1, 5), messages - len(said))):
            said.append(Word(at, chat, "client", _question(chance)))
            at += chance.choice((0.02, 0.2, 0.6, 1.5))
    return said


def _question(chance: random.Random) -> str:
    if chance.random() < 0.04:
        return f"Звоните 8 9{chance.randrange(10**9):09d}"
    return chance.choice(ASKED)


def _people(chance: random.Random, seconds: float, clients: list[Word]) -> list[Word]:
    """In a fifth of the chats the seller answers from the app, once or twice, some time after the first message."""
    said: list[Word] = []
    begins: dict[int, float] = {}
    for word in clients:
        begins[word.chat] = min(word.at, begins.get(word.chat, word.at))
    for chat in chance.sample(sorted(begins), len(begins) // 5):
        for _ in range(chance.randint(1, 2)):
            at = chance.uniform(begins[chat] + 0.5, max(0.95 * seconds, begins[chat] + 2))
            said.append(Word(at, chat, "person", chance.choice(PERSON)))
    return said


def _kills(chance: random.Random, seconds: float, kills: int) -> Iterator[Kill]:
    """One in six while it starts; the others after a life that is mostly short. A start takes about three seconds."""
    life = max(seconds / max(kills, 1) - 3.5, 0.4)
    for _ in range(kills):
        if chance.random() < 1 / 6:
            yield Kill("start", chance.uniform(0.2, 2.5))
        else:
            yield Kill("answer", min(chance.expovariate(1 / life), 4 * life))


def _harsh(chance: random.Random, seconds: float) -> Iterator[Weather]:
    """Changes every five to ten seconds; a quarter of the time nearly everything is wrong at once."""
    at = 0.0
    while at < seconds:
        often = 0.9 if chance.random() < 0.25 else 0.45
        yield Weather(at, _one_harsh(chance, often))
        at += chance.uniform(5, 10)


def _one_harsh(chance: random.Random, often: float) -> dict[str, Any]:
    rates = {
        "rate_429": 0.1,
        "rate_5xx": 0.1,
        "rate_timeout_after": 0.04,
        "rate_reset": 0.06,
        "rate_reset_after": 0.06,
        "webhook_drop": 0.25,
        "webhook_repeat": 0.25,
        "webhook_reorder": 0.25,
        "webhook_late": 0.25,
        "echo_before_answer": 0.7,
        "history_5xx": 0.15,
    }
    faults: dict[str, Any] = {
        name: round(chance.uniform(0.2, 1) * most, 3)
        for name, most in rates.items()
        if chance.random() < often
    }
    faults |= {
        "latency": chance.choice((0.0, 0.02, 0.2)),
        "model_latency": chance.choice((0.05, 0.3, 1.5)),
        "retry_after": chance.choice((None, 1.0, 3.0)),
        "html_errors": chance.random() < 0.3,
        "webhook_late_seconds": round(chance.uniform(1, 6), 1),
        "history_lag": round(chance.choice((0.0, 0.0, chance.uniform(1, 10))), 1),
        "expire_tokens": chance.random() < 0.25,
        "next": {"send": chance.choices(SEND, (8, *(1 for _ in SEND[1:])), k=12)},
    }
    if chance.random() < often:
        words = ("timeout", "429", "500", "empty", "broken_json", "wrong_language", "too_long")
        faults |= {"model": chance.choice(words), "model_rate": 0.4}
    if chance.random() < often:
        words = ("timeout_after", "500_after", "500", "429:2", "reset_after", "garbage", "timeout")
        faults |= {"crm": chance.choice(words), "crm_rate": 0.5}
    return faults


def _mild(chance: random.Random, seconds: float) -> Iterator[Weather]:
    """Faults whose outcome the chat's history tells at the first look, so that a short run settles soon."""
    at = 0.0
    while at < seconds:
        yield Weather(
            at,
            {
                "webhook_repeat": 0.2,
                "webhook_reorder": 0.2,
                "webhook_drop": 0.05,
                "history_5xx": 0.05,
                "history_lag": round(chance.uniform(0, 2), 1),
                "echo_before_answer": 0.5,
                "model_latency": 0.1,
                "model": chance.choice(("500", "empty", "broken_json")),
                "model_rate": 0.1,
                "crm": chance.choice(("500_after", "garbage")),
                "crm_rate": 0.3,
                "expire_tokens": chance.random() < 0.5,
                "next": {
                    "send": chance.choices(
                        ("ok", "reset_after", "500_after", "429:1", "garbage"), (9, 2, 2, 2, 1), k=8
                    )
                },
            },
        )
        at += 4.0
