"""The playground: the same function as in production, and nothing is sent."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot.shop import Shop, open_shop
from tests.bot.town import ACCOUNT, LISTING, OTHER, build_town

ASKED = "Сколько стоит? Мой номер 89161234567"


@pytest.fixture
async def shop(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    async with (
        build_town(sqlite_url, tmp_path, openai_price_in_rub=100.0) as town,
        open_shop(town) as opened,
    ):
        yield opened


async def version(shop: Shop, *, publish: bool = False, **said: Any) -> int:
    saved = await shop.does("POST", "instructions", account_id=ACCOUNT, instructions=said)
    no = int(saved["version"]["no"])
    if publish:
        await shop.does("POST", f"instructions/{no}/publish")
    return no


async def rehearsed(shop: Shop, *texts: str, **more: Any) -> dict[str, Any]:
    lines = [{"by": "client", "text": text} for text in texts or (ASKED,)]
    given = {"account_id": ACCOUNT, "listing_id": LISTING, "lines": lines, **more}
    found: dict[str, Any] = await shop.does("POST", "playground", **given)
    return found


@pytest.mark.parametrize("vision", ["off", "on"])
async def test_it_asks_the_model_what_production_asks(
    sqlite_url: str, tmp_path: Path, vision: str
) -> None:
    """
    The same words of a client, the same listing and version: the same prompt, letter for letter, but for the minute; also
    where the model may see pictures, and where it sees personal data as they are.
    """
    settings = {"openai_vision": vision, "llm_pii_mode": "plain" if vision == "on" else "redact"}
    async with build_town(sqlite_url, tmp_path, **settings) as town, open_shop(town) as shop:
        await _asks_what_production_asks(shop)


async def _asks_what_production_asks(shop: Shop) -> None:
    no = await version(shop, publish=True, guarantee="Год по договору", tone="Коротко")
    chat = await shop.says(ASKED)
    await shop.passes(seconds=10)
    played = await rehearsed(shop)
    [live, trial] = await shop.prompts()

    def timeless(prompt: list[dict[str, str]]) -> list[str]:
        return [
            "\n".join(
                line for line in part["content"].split("\n") if not line.startswith("Сейчас ")
            )
            for part in prompt
        ]

    assert timeless(live) == timeless(trial) == timeless(played["prompt"])
    assert "Гарантия: Год по договору" in live[0]["content"]
    [reply] = (await shop.chat(chat))["replies"]
    assert reply["prompt_version"] == played["prompt_version"]
    assert played["prompt_version"].endswith(f"/i{no}")
    assert await shop.sent(chat) == [played["reply"]]


async def test_a_version_is_tried_before_it_holds(shop: Shop) -> None:
    """
    The one that is named is used and named in the answer; clients still get what is published.
    """
    holds = await version(shop, publish=True, guarantee="Год")
    tried = await version(shop, guarantee="Два года")
    played = await rehearsed(shop, "Гарантия есть?", version=tried)

    assert "Два года" in played["reply"]
    assert played["prompt_version"].endswith(f"/i{tried}")
    assert (await rehearsed(shop))["prompt_version"].endswith(f"/i{holds}")


async def test_a_listings_own_words_lie_upon_the_accounts(shop: Shop) -> None:
    """
    What the listing says holds there, the rest is the account's; both versions are named.
    """
    general = await version(shop, publish=True, guarantee="Год", payment="Наличными")
    body = {"guarantee": "Пять лет"}
    saved = await shop.does(
        "POST", "instructions", account_id=ACCOUNT, listing_id=LISTING, instructions=body
    )
    own = saved["version"]["no"]
    await shop.does("POST", f"instructions/{own}/publish")
    played = await rehearsed(shop)

    told = played["prompt"][0]["content"]
    assert ("Гарантия: Пять лет" in told, "Оплата: Наличными" in told) == (True, True)
    assert played["prompt_version"].endswith(f"/i{general}+i{own}")


async def test_nothing_is_kept_but_the_cost(shop: Shop) -> None:
    """
    No chat, no message, no lead, no reply; the calls and their roubles are in the log, as the playground's.
    """
    played = await rehearsed(shop, "Клопы! Звоните 8 926 441-08-73")

    assert {"phone"} <= set(played["lead"])
    assert played["cost_rub"] > 0
    for table in ("chat", "message", "lead", "reply", "draft"):
        assert 0 == (await shop.town.rows(f"SELECT count(*) FROM {table}"))[0][0]
    [call] = await shop.town.events("model.called")
    assert '"purpose":"playground"' in call.body
    assert LISTING == call.listing_id


async def test_a_model_in_trouble_is_an_answer_too(shop: Shop) -> None:
    """
    What the seller would find in production is shown: no reply, and why.
    """
    await shop.town.act("faults", next={"model": ["broken_json"] * 3})
    played = await rehearsed(shop)

    assert (None, "ModelUnusable", 3) == (played["reply"], played["error"], played["calls"])


async def test_what_cannot_be_rehearsed(shop: Shop) -> None:
    """
    A version of another account, a listing that is not there, a talk in which nobody asked anything: refused in words.
    """
    await shop.town.connect(OTHER)
    theirs = await shop.does(
        "POST", "instructions", account_id=OTHER, instructions={"about": "Чужое"}
    )
    lines = [{"by": "client", "text": ASKED}]
    given = [
        {"account_id": ACCOUNT, "lines": lines, "version": theirs["version"]["no"]},
        {"account_id": ACCOUNT, "lines": lines, "listing_id": 1},
        {"account_id": ACCOUNT, "lines": [{"by": "seller", "text": "Да"}]},
        {"account_id": ACCOUNT, "lines": []},
    ]
    answers = [await shop.town.ask("POST", "/api/avito/playground", json=one) for one in given]
    viewer = await shop.town.ask(
        "POST", "/api/avito/playground", json={"account_id": ACCOUNT, "lines": lines}, role="viewer"
    )

    assert [404, 404, 422, 422, 403] == [one.status_code for one in (*answers, viewer)]
