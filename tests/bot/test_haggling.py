"""Promises of the haggling routes and of offers in the log."""

import json

import pytest

from bot.store import chats, haggling
from tests.bot.test_leads import chat_with
from tests.bot.town import LISTING, Town

PATH = f"/api/avito/listings/{LISTING}/haggling"


async def test_a_seller_sets_how_far_a_price_may_come_down(town: Town) -> None:
    """It is shown as set, twice is as once, null takes it back, and each change is an event."""
    await town.connect()
    price = (await town.get(PATH))["price"]
    wanted = {"floor": price - 300, "ladder": [price - 100, price - 300]}

    for body in (wanted, wanted, {"floor": None}):
        answer = await town.ask("PUT", PATH, json=body, role="manager")
        assert 200 == answer.status_code, answer.text
        assert body["floor"] == answer.json()["floor"]

    assert [wanted["floor"], None] == [
        json.loads(e.body)["floor"] for e in await town.events("haggling.set")
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"floor": 0},
        {"floor": 10**8},
        {"floor": 100, "ladder": [200, 300]},
        {"floor": 5, "ladder": [4]},
        {},
    ],
)
async def test_a_rule_without_sense_is_refused(village: Town, body: dict[str, object]) -> None:
    """Nothing is changed, and the answer says why."""
    await village.connect()

    answer = await village.ask("PUT", PATH, json=body)

    assert 422 == answer.status_code
    assert (await village.get(PATH))["floor"] is None


async def test_viewers_do_not_see_the_floor(village: Town) -> None:
    """It is what a buyer would like to know best."""
    await village.connect()

    assert 403 == (await village.ask("GET", PATH, role="viewer")).status_code
    assert 404 == (await village.ask("GET", PATH.replace(str(LISTING), "7"))).status_code


async def test_each_offer_becomes_one_event(town: Town) -> None:
    """Bids and counter-offers of a dialog, each once, and the sum that was agreed to."""
    await chat_with(town, "u2i-a")
    made = [("client", 15_000), ("seller", 18_000)]

    for agreed in (None, None, 18_000, 18_000):
        await town.bot.store.write(
            lambda tx, agreed=agreed: haggling.note(  # type: ignore[misc]
                tx,
                chats.get(tx, "u2i-a"),
                made,
                agreed,
                town.time.now(),  # type: ignore[arg-type]
            )
        )

    told = [json.loads(event.body) for event in await town.events("offer.made")]
    assert made == [(one["side"], one["roubles"]) for one in told]
    [accepted] = [json.loads(event.body) for event in await town.events("offer.accepted")]
    assert {"side": "seller", "roubles": 18_000} == accepted
