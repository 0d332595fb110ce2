"""The first impression: what the sandbox's model says to a client passes the guard as it is composed in production."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from bot.assistant import answer
from bot.assistant.briefing import Subject
from bot.assistant.composing import Brief, Composed, compose
from bot.assistant.paying import BOTTOMLESS, Purse
from bot.assistant.prompt import Line
from bot.assistant.writer import Written, as_it_is
from bot.model import Draft
from bot.sandbox.catalogue import accounts, items
from bot.sandbox.scene import read_scene
from bot.sandbox.writer import write

LISTINGS = [item for item in items().values() if item.status == "active"]
ASKED = {
    "greeting": "Здравствуйте",
    "price": "Сколько стоит?",
    "availability": "Актуально ещё? Выезжаете?",
    "address": "Какой у вас адрес, куда ехать?",
    "timing": "Когда сможете, завтра утром?",
    "guarantee": "А гарантия есть?",
    "haggle": "Дорого, скидку сделаете? За 1000 отдадите?",
    "complaint": "Не помогло, снова полезли, верните деньги",
    "human_request": "Позовите живого человека",
    "delivery": "Доставка есть?",
    "documents": "Какие документы дадите, договор, чек?",
    "payment": "Оплата наличными или картой?",
    "phone_given": "Мой номер 8 916 555-01-42, меня зовут Олег",
    "thanks": "Спасибо, понятно",
    "spam": "Накрутка отзывов, продвижение объявлений дёшево",
    "other": "У нас кот боится чужих людей, как быть",
}


class Simulated:
    """The sandbox's language model without its server."""

    async def write(
        self,
        messages: Sequence[dict[str, str]],
        client_said: str,
        purse: Purse,
        judge: answer.Judge = as_it_is,
    ) -> Written:
        said = write(read_scene(messages))
        filled = {**asdict(said), "hand_off": said.hand_off_reason is not None}
        sound = answer.read(json.dumps(filled, ensure_ascii=False), client_said, judge)
        return Written(Draft(**vars(sound), model="simulated", tokens_in=0, tokens_out=0, cost_rub=0.0, latency_ms=0))  # fmt: skip

    async def close(self) -> None:
        """Nothing is open."""


def composed(place: int, text: str) -> Composed:
    item = LISTINGS[place]
    price = None if item.price is None else f"{item.price} ₽"
    seller = accounts()[item.account_id].name
    subject = Subject(item.title, price, item.category, item.address, seller)
    lines = [Line(ours=False, kind="text", text=text)]
    brief = Brief(subject, lines, datetime(2026, 11, 24, 12, tzinfo=UTC))
    return asyncio.run(compose(Simulated(), brief, BOTTOMLESS))


@pytest.mark.parametrize("intent", ASKED)
def test_a_simulated_answer_passes_the_guard(intent: str) -> None:
    """For listings of every kind of the sandbox: a reply of that intent is sent, nothing in it was stopped."""
    for place in range(0, len(LISTINGS), 7):
        found = composed(place, ASKED[intent])

        assert [(LISTINGS[place].title, one.text) for one in found.guarded.found] == []
        assert found.draft is not None
        assert (found.draft.intent, bool(found.draft.reply)) == (intent, True)
