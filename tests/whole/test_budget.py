"""The budget runs short while clients write: a cheaper model, then a person, then as before."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.client import Limits
from tests.whole.town import Town


@pytest.fixture
def account(place: Town) -> Iterator[int]:
    id_ = place.client().accounts()[0].id
    yield id_
    place.client().set_budget(id_, Limits())


def model_calls(place: Town) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = place.world("GET", "/sandbox/state")["model_calls"]
    return calls


def test_short_of_money(place: Town, listing: int, account: int) -> None:
    """
    From four fifths on the cheaper model writes; when nothing fits any more the model is not asked and the message is
    left with the verdict `budget`; with a new budget the assistant goes on.
    """
    client = place.client()
    chat = place.say(listing, "Сколько стоит?", client="Ян")["chat_id"]
    assert ["answered"] == place.settled(chat, 1)
    spent = client.budgets()[0].today
    assert spent.rub > 0

    client.set_budget(account, Limits(day_rub=spent.rub / 0.85))
    place.say(listing, "А в выходные работаете?", client="Ян")
    assert ["answered"] * 2 == place.settled(chat, 2)
    assert "cheap-writer" == model_calls(place)[-1]["model"]
    assert "cheap-writer" == place.chat(chat)["replies"][-1]["model"]
    assert "cheaper" == client.budgets()[0].step

    client.set_budget(account, Limits(day_rub=spent.rub))
    asked = len(model_calls(place))
    place.say(listing, "Ау", client="Ян")
    assert "budget" == place.settled(chat, 3)[-1]
    assert asked == len(model_calls(place))
    assert ("assistant", "spent") == (place.chat(chat)["owner"], client.budgets()[0].step)

    client.set_budget(account, Limits())
    place.say(listing, "Вы тут?", client="Ян")

    assert "answered" == place.settled(chat, 4)[-1]
