"""Listings: synced, paged, searched, switched."""

import asyncio
from typing import Any

import pytest

from bot.errors import AvitoBusy
from bot.jobs import syncing
from bot.model import ListingRow
from tests.bot.town import ACCOUNT, LISTING, OTHER, Town


async def listed(town: Town, **query: Any) -> list[int]:
    return [row["id"] for row in (await town.get("/api/avito/listings", **query))["data"]]


async def switch(town: Town, enabled: bool, listing: int = LISTING) -> Any:
    return await town.ask(
        "POST", f"/api/avito/listings/{listing}/ai-toggle", json={"enabled": enabled}
    )


class Catalogue:
    """An account at Avito with as many listings as a test wants; each page may be made to wait."""

    def __init__(self, count: int) -> None:
        self.rows = [row(n) for n in range(1, count + 1)]
        self.pages: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails_at: int | None = None

    async def listings(self, page: int) -> list[ListingRow]:
        self.pages.append(page)
        if page > 1:
            await self.gate.wait()
        if page == self.fails_at:
            raise AvitoBusy("later", status=503)
        return self.rows[(page - 1) * 99 : page * 99]


def row(n: int, **changes: Any) -> ListingRow:
    usual = {
        "id": n,
        "title": f"Обработка {n}",
        "price": 1000 + n,
        "status": "active",
        "category": "Услуги",
        "address": None,
        "url": None,
    }
    return ListingRow(**(usual | changes))


def given(town: Town, count: int, monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    """Avito lists these."""
    from dataclasses import replace

    catalogue = Catalogue(count)
    bot = replace(town.bot, avito=lambda _: catalogue)  # type: ignore[arg-type, return-value]
    monkeypatch.setattr(town.api._transport.app.app.state, "bot", bot)  # type: ignore[attr-defined]
    town.bot = bot
    return catalogue


@pytest.mark.parametrize("count", [0, 1, 98, 99, 100, 198, 250])
async def test_every_page_is_read(
    village: Town, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """
    Avito gives 99 listings a page and no total: all are read, however many there are.
    """
    await village.connect(OTHER)
    catalogue = given(village, count, monkeypatch)
    await village.set("DELETE FROM listing")

    answer = await village.ask("POST", "/api/avito/listings", json={"account_id": OTHER})

    assert {"synced": count, "total": count} == answer.json()
    assert count == (await village.get("/api/avito/listings"))["pagination"]["total"]
    assert count // 99 + 1 == len(catalogue.pages)


async def test_how_far_a_sync_is_can_be_seen(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    While a sync runs the account tells how many listings are read; a second sync waits for the first.
    """
    await town.connect(OTHER)
    catalogue = given(town, 250, monkeypatch)
    await town.set("DELETE FROM listing")
    catalogue.gate.clear()

    syncs = [asyncio.create_task(syncing.sync(town.bot, OTHER)) for _ in range(3)]
    async with asyncio.timeout(5):
        while (await town.account(OTHER))["sync"]["done"] != 99:
            await asyncio.sleep(0.01)
    assert (await town.account(OTHER))["sync"]["running"]
    catalogue.gate.set()
    done = await asyncio.gather(*syncs)

    assert {syncing.Synced(250, 250)} == set(done)
    assert [1, 2, 3] == catalogue.pages
    assert {"running": False, "done": 250, "total": 250} == (await town.account(OTHER))["sync"]


async def test_connecting_waits_for_the_first_page_only(
    village: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    With many listings the first page is enough to go on; the rest comes behind.
    """
    await village.connect(OTHER)
    catalogue = given(village, 250, monkeypatch)
    catalogue.gate.clear()

    await syncing.sync_first_page(village.bot, OTHER)

    assert (await village.account(OTHER))["sync"]["running"]
    catalogue.gate.set()
    assert syncing.Synced(250, 250) == await syncing.sync(village.bot, OTHER)


async def test_a_sync_that_fails_can_be_begun_again(
    village: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    What was read stays, the words say that Avito is busy, and nothing is taken for gone.
    """
    await village.connect(OTHER)
    catalogue = given(village, 150, monkeypatch)
    await village.set("DELETE FROM listing")
    catalogue.fails_at = 2

    failed = await village.ask("POST", "/api/avito/listings", json={"account_id": OTHER})

    assert (503, "avito_down") == (failed.status_code, failed.json()["code"])
    assert failed.headers["retry-after"]
    assert 99 == (await village.get("/api/avito/listings"))["pagination"]["total"]
    assert not (await village.account(OTHER))["sync"]["running"]

    catalogue.fails_at = None
    again = await village.ask("POST", "/api/avito/listings", json={"account_id": OTHER})
    assert {"synced": 150, "total": 150} == again.json()


async def test_a_sync_tells_what_is_new_and_what_is_gone(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A second sync records only what changed; a listing that is not there any more is removed; switches stay.
    """
    await town.connect(OTHER)
    catalogue = given(town, 3, monkeypatch)
    await town.set("DELETE FROM listing")
    await syncing.sync(town.bot, OTHER)
    await switch(town, True, listing=2)
    await switch(town, True, listing=3)
    seen = len(await town.events("listing.seen"))

    catalogue.rows = [row(1), row(2, price=7, title="Новое имя"), row(4)]
    await syncing.sync(town.bot, OTHER)
    await syncing.sync(town.bot, OTHER)

    assert [2, 4, 3] == [event.listing_id for event in (await town.events("listing.seen"))[seen:]]
    rows = {one["id"]: one for one in (await town.get("/api/avito/listings"))["data"]}
    assert ("Новое имя", 7, True) == (rows[2]["title"], rows[2]["price"], rows[2]["ai_enabled"])
    assert ("removed", True) == (rows[3]["status"], rows[3]["ai_enabled"])
    assert [2] == await listed(town, q="НОВОЕ")


async def test_all_accounts_at_once(village: Town) -> None:
    """
    Without an account named, every account's listings are read.
    """
    first, second = await village.connect(ACCOUNT), await village.connect(OTHER)
    both = first["listings"]["total"] + second["listings"]["total"]

    for body in (None, {}):
        answer = await village.ask("POST", "/api/avito/listings", json=body)
        assert {"synced": both, "total": both} == answer.json()


async def test_no_accounts_have_no_listings(village: Town) -> None:
    """
    A sync of nothing is done at once; one of an account that is not there is a 404.
    """
    assert {"synced": 0, "total": 0} == (await village.ask("POST", "/api/avito/listings")).json()
    missing = await village.ask("POST", "/api/avito/listings", json={"account_id": 17})
    assert 404 == missing.status_code


async def test_pages_and_filters(town: Town) -> None:
    """
    Pages add up to the whole, each listing once; filters and search narrow it, without regard to case.
    """
    await town.connect(ACCOUNT)
    await town.connect(OTHER)
    about = (await town.get("/api/avito/listings", limit=7))["pagination"]

    pages = [await listed(town, limit=7, page=n + 1) for n in range(about["totalPages"])]
    whole = [id for page in pages for id in page]

    assert about["total"] == len(whole) == len(set(whole))
    assert [] == await listed(town, page=about["totalPages"] + 1, limit=7)
    one = (await town.get("/api/avito/listings", q=str(LISTING)))["data"]
    assert [LISTING] == [found["id"] for found in one]
    assert LISTING in await listed(town, q="  КЛОПОВ обработка ", limit=100)
    assert [] == await listed(town, q="клопов слонов")
    assert [] == await listed(town, q="%")
    assert [] == await listed(town, q="_________________________________")
    others = await listed(town, account_id=OTHER, limit=100)
    assert 0 < len(others) < about["total"]
    active = (await town.get("/api/avito/listings", status="active", limit=100))["data"]
    assert {"active"} == {one["status"] for one in active}


async def test_a_switch_says_what_should_be(town: Town) -> None:
    """
    Twice is as once, with one event, which names who did it.
    """
    await town.connect()

    for enabled in (True, True, False, False, True):
        answer = await switch(town, enabled)
        assert (True, enabled) == (answer.json()["success"], answer.json()["listing"]["ai_enabled"])

    events = await town.events("listing.ai_toggled")
    assert 3 == len(events)
    assert all('"actor":"anna"' in event.body for event in events)
    assert [LISTING] == [
        one["id"] for one in (await town.get("/api/avito/listings/ai-active"))["listings"]
    ]
    assert 1 == (await town.account())["listings"]["ai_enabled"]


@pytest.mark.parametrize("listing", [17, 2**63 - 1])
async def test_a_listing_that_is_not_there(village: Town, listing: int) -> None:
    """
    A switch of nothing is a 404.
    """
    assert 404 == (await switch(village, True, listing)).status_code


async def test_listings_of_a_removed_account_are_out_of_sight(village: Town) -> None:
    """
    When an account is let go, its listings go with it; connected again, their switches are as they were.
    """
    await village.connect()
    await switch(village, True)
    await village.ask("DELETE", f"/api/avito/accounts/{ACCOUNT}")

    assert [] == await listed(village)
    assert [] == (await village.get("/api/avito/listings/ai-active"))["listings"]
    assert 404 == (await switch(village, False)).status_code

    await village.connect()
    assert [LISTING] == [
        one["id"] for one in (await village.get("/api/avito/listings/ai-active"))["listings"]
    ]
