"""What the seller tells the assistant, through HTTP: written in versions, published, taken back to."""

import re
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text

from bot.assistant.instructions import Instructions, Used
from bot.jobs import instructing
from bot.store.engine import Store
from bot.store.migrate import config, migrate
from tests.bot.shop import open_shop
from tests.bot.town import ACCOUNT, LISTING, OTHER, Town, build_town

PATH = "/api/avito/instructions"


async def save(town: Town, listing: int | None = None, **said: Any) -> int:
    body = {"account_id": ACCOUNT, "listing_id": listing, "instructions": said}
    answer = await town.ask("POST", PATH, json=body, role="manager")
    assert 200 == answer.status_code, answer.text
    return int(answer.json()["version"]["no"])


async def publish(town: Town, no: int, **more: Any) -> bool:
    answer = await town.ask("POST", f"{PATH}/{no}/publish", json=more)
    assert 200 == answer.status_code, answer.text
    return bool(answer.json()["changed"])


async def test_a_version_is_written_published_and_taken_back_to(town: Town) -> None:
    """
    A version holds from its publication on; going back publishes the old one anew, and no history changes.
    """
    await town.connect()
    first = await save(town, about="Работаем с 9 до 21.", prices=["1 комната — 2 500 ₽"])
    await publish(town, first)
    second = await save(town, about="Работаем с 9 до 21.", prices=["1 комната — 2 900 ₽"])
    await publish(town, second, replaces=first)
    await publish(town, first)

    told = await town.get(PATH, account_id=ACCOUNT)
    assert (first, [second, first]) == (
        told["published"]["no"],
        [one["no"] for one in told["versions"]],
    )
    assert [(first, True), (second, False), (first, False)] == [
        (one["version"], one["rolled_back"]) for one in told["publications"]
    ]
    assert 3 == len(await town.events("instructions.published"))


async def test_the_difference_is_told_line_by_line(village: Town) -> None:
    """
    A version is compared with the one that held when it was written: which lines went, which came.
    """
    await village.connect()
    await publish(village, await save(village, prices=["1 комната — 2 500 ₽", "выезд — 0 ₽"]))
    second = await save(
        village, prices=["1 комната — 2 900 ₽", "выезд — 0 ₽"], templates={"price": "Это {цена}."}
    )

    compared = await village.get(f"{PATH}/{second}")
    assert [
        {"field": "prices", "removed": ["1 комната — 2 500 ₽"], "added": ["1 комната — 2 900 ₽"]},
        {"field": "templates.price", "removed": [], "added": ["Это {цена}."]},
    ] == compared["changes"]


async def test_saving_and_publishing_twice_is_once(village: Town) -> None:
    """
    The same words make no second version, and what holds already is not published again.
    """
    await village.connect()
    first = await save(village, about="Гарантия год.")

    assert first == await save(village, about="  Гарантия год.  ")
    assert [True, False] == [await publish(village, first) for _ in range(2)]
    assert 1 == len(await village.events("instructions.published"))


async def test_two_people_do_not_publish_over_each_other(village: Town) -> None:
    """
    Who saw an older version in force is told so, and nothing changes.
    """
    await village.connect()
    mine, theirs = await save(village, about="Моё"), await save(village, about="Чужое")
    await publish(village, theirs, replaces=0)

    answer = await village.ask("POST", f"{PATH}/{mine}/publish", json={"replaces": 0})

    assert (409, "overtaken", theirs) == (
        answer.status_code,
        answer.json()["code"],
        answer.json()["holds"],
    )
    assert theirs == (await village.get(PATH, account_id=ACCOUNT))["published"]["no"]


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({}, "", "empty"),
        ({"about": "   "}, "", "empty"),
        (
            {"templates": {"greeting": "Привет, {кличка}!"}},
            "templates.greeting",
            "unknown_variable",
        ),
        ({"templates": {"price": "Цена {цена"}}, "templates.price", "unknown_variable"),
        ({"about": "я" * 4001}, "about", "too_long"),
        ({"prices": ["я" * 301]}, "prices", "too_long"),
        ({"prices": ["строка"] * 101}, "prices", "too_many"),
        ({"lead_needs": ["shoeSize"]}, "lead_needs", "unknown_field"),
        ({"quick_replies": [{"title": "Адрес", "text": " "}]}, "quick_replies", "empty"),
        ({"tone": "мягко\0"}, "tone", "bad_character"),
    ],
)
async def test_what_cannot_be_taken_is_said_by_field(
    village: Town, said: dict[str, Any], field: str, code: str
) -> None:
    """
    Every fault has its field and a code; nothing is kept.
    """
    await village.connect()
    body = {"account_id": ACCOUNT, "instructions": said}
    answer = await village.ask("POST", PATH, json=body)

    assert 422 == answer.status_code
    assert (field, code) in [(one["field"], one["code"]) for one in answer.json()["errors"]]
    assert [] == (await village.get(PATH, account_id=ACCOUNT))["versions"]


async def test_accounts_are_kept_apart(village: Town) -> None:
    """
    A listing of another account takes no instructions, and versions of two accounts are not compared.
    """
    await village.connect()
    await village.connect(OTHER)
    await village.ask("POST", "/api/avito/listings", json={})
    body = {"account_id": OTHER, "listing_id": LISTING, "instructions": {"about": "Привет"}}
    mine = await save(village, about="Моё")
    theirs = await village.ask(
        "POST", PATH, json={"account_id": OTHER, "instructions": {"about": "Чужое"}}
    )
    other = theirs.json()["version"]["no"]

    assert 404 == (await village.ask("POST", PATH, json=body)).status_code
    compared = await village.ask("GET", f"{PATH}/{mine}", params={"against": other})
    assert (422, "other_scope") == (compared.status_code, compared.json()["code"])
    assert 404 == (await village.ask("GET", f"{PATH}/9999")).status_code


async def test_facts_are_a_part_of_the_instructions(village: Town) -> None:
    """
    The old field goes on working: it shows what the published version says, and writing it publishes a new one.
    """
    await village.connect()
    await publish(village, await save(village, about="Старое", tone="Коротко"))

    changed = await village.ask(
        "PATCH", f"/api/avito/accounts/{ACCOUNT}", json={"facts": "Гарантия год."}
    )

    assert "Гарантия год." == changed.json()["account"]["facts"]
    holds = (await village.get(PATH, account_id=ACCOUNT))["published"]["instructions"]
    assert ("Гарантия год.", "Коротко") == (holds["about"], holds["tone"])


async def test_a_preview_keeps_nothing(village: Town) -> None:
    """
    It says what is wrong, what would change, and what the assistant would read: templates filled in.
    """
    await village.connect()
    said = {
        "address": "Ленина, 5",
        "templates": {"address": "Мы здесь: {адрес}.", "price": "{руб}"},
    }
    answer = await village.ask(
        "POST", f"{PATH}/preview", json={"account_id": ACCOUNT, "instructions": said}, role="viewer"
    )

    assert ["templates.price"] == [one["field"] for one in answer.json()["faults"]]
    assert "Мы здесь: Ленина, 5." in answer.json()["told"]
    assert [] == (await village.get(PATH, account_id=ACCOUNT))["versions"]


async def test_quick_replies_are_filled_in_for_a_chat(sqlite_url: str, tmp_path: Path) -> None:
    """
    With the client's name and the listing's price; one that lacks what it cannot do without is not offered.
    """
    async with build_town(sqlite_url, tmp_path) as town, open_shop(town) as shop:
        ready = [
            {"title": "Цена", "text": "{имя}, цена {цена}"},
            {"title": "Адрес", "text": "Мы на {адрес}, часы {часы}"},
        ]
        await publish(town, await save(town, quick_replies=ready))
        chat = await shop.says("Здравствуйте", client="Анна")
        await shop.passes(seconds=10)

        [offered] = (await town.get(f"/api/avito/chats/{chat}/quick-replies"))["data"]
        assert "Цена" == offered["title"]
        assert re.fullmatch(r"Анна, цена \d[\d ]* ₽", offered["text"])


async def test_every_starting_set_can_be_published(village: Town) -> None:
    """
    Six niches; each is sound as it is, and holds no price, address or phone of anybody's.
    """
    await village.connect()
    sets = (await village.get(f"{PATH}/starting-sets"))["data"]

    for one in sets:
        await publish(village, await save(village, **one["instructions"]))
        assert ("", "", []) == tuple(one["instructions"][n] for n in ("address", "phone", "prices"))
        assert one["examples"]["prices"]
    assert 6 == len(sets)


def test_facts_of_an_old_database_become_the_first_version(tmp_path: Path) -> None:
    """
    A database of the first shape is brought up: what the seller had written is published as it was.
    """
    store = Store(f"sqlite:///{tmp_path}/old.sqlite3")
    store.write_now(lambda tx: command.upgrade(config(tx), "0001"))
    old = (
        "INSERT INTO account (id, name, zone, state, connected_by, connected_at, facts)"
        " VALUES (1, 'a', 'UTC', 'connected', 'b', '2026-01-01', 'С 9 до 21')"
    )
    store.write_now(lambda tx: tx.execute(text(old)) and None)
    migrate(store)

    found = store.read_now(lambda tx: instructing.used(tx, 1, None))
    assert Used(Instructions(about="С 9 до 21"), "i1") == found
    store.close()
