"""What the model may cost: never more, whoever asks, and never less counted than it was."""

import asyncio
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select

from bot.model import Cost, Grant
from bot.purses import Purses
from bot.store import budget_states, budgets
from bot.store.budgets import Limits, Period
from bot.store.engine import Store
from bot.store.tables import account, event, notice, reservation, spending
from tests.bot.town import ACCOUNT, OTHER, Town

NOW = datetime(2026, 11, 24, 20, 59, 59, tzinfo=UTC)  # 23:59:59 in Moscow
WORST = Cost(tokens=300, micro=1000)
CALLS = 10_000


class Time:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    opened.write_now(_furnish)
    yield opened
    opened.close()


def _furnish(tx: Connection) -> None:
    for id_ in (ACCOUNT, OTHER):
        row = {"id": id_, "name": "А", "zone": "Europe/Moscow", "state": "connected"}
        tx.execute(insert(account).values(**row, connected_by="anna", connected_at=NOW))


def limit(store: Store, **limits: int) -> None:
    store.write_now(lambda tx: budget_states.set_limits(tx, ACCOUNT, Limits(**limits), "anna", NOW))


def row(store: Store, period: str, of: int = ACCOUNT) -> Period:
    def reading(tx: Connection) -> Period:
        found = tx.execute(
            select(spending).where(spending.c.account_id == of, spending.c.period == period)
        ).one()
        return Period(**found._mapping)

    return store.read_now(reading)


def counted(store: Store, what: Any) -> int:
    return store.read_now(lambda tx: tx.scalar(select(func.count()).select_from(what)) or 0)


def purses(store: Store, time: Time) -> Purses:
    return Purses(store, time, lambda: None)


async def test_ten_thousand_calls_at_once_never_cost_more_than_the_budget(
    store: Store, database_url: str, time: Time
) -> None:
    """
    However many ask at the same moment, in two processes where the database allows two: overshoot 0, to the token.
    """
    limit(store, day_micro=2_000_000, month_tokens=450_000)
    other = store if store.is_sqlite else Store(database_url)
    doors = [purses(store, time), purses(other, time)]
    chance, true = random.Random(1), {"micro": 0, "tokens": 0}
    under_way, most = 0, 0

    async def one(n: int) -> bool:
        nonlocal under_way, most
        purse = doors[n % 2].of(ACCOUNT)
        grant = await purse.reserve([WORST])
        if grant is None:
            return False
        under_way += WORST.micro
        most = max(most, true["micro"] + under_way)
        await asyncio.sleep(0)
        cost = Cost(chance.randrange(301), chance.randrange(1001))
        true["micro"] += cost.micro
        true["tokens"] += cost.tokens
        under_way -= WORST.micro
        await purse.settle(grant, cost)
        return True

    paid = sum(await asyncio.gather(*(one(n) for n in range(CALLS))))
    day, month = row(store, "2026-11-24"), row(store, "2026-11")
    if other is not store:
        other.close()

    assert 1500 <= paid < CALLS
    assert most <= 2_000_000
    assert (true["micro"], true["tokens"]) == (day.micro, day.tokens)
    assert (day.micro, day.tokens, 0, 0) == (
        month.micro,
        month.tokens,
        month.held_micro,
        month.held_tokens,
    )
    assert day.micro <= 2_000_000
    assert month.tokens <= 450_000
    assert CALLS - paid == day.refused
    refusals = select(event.c.no).where(event.c.kind == "budget.refused").subquery()
    assert CALLS - paid == counted(store, refusals)


async def test_a_call_that_nobody_settles_counts_in_full(store: Store, time: Time) -> None:
    """
    While its process may live it is held; when its time is over it is spent; who speaks up later corrects it.
    """
    limit(store, day_micro=3000)
    purse = purses(store, time).of(ACCOUNT)
    lost, late = await purse.reserve([WORST]), await purse.reserve([WORST])
    assert late is not None

    assert 2000 == row(store, "2026-11-24").held_micro
    time.now += timedelta(minutes=9)
    assert 0 == await store.write(lambda tx: budgets.expire(tx, time.now))
    time.now += timedelta(minutes=2)
    assert 2 == await store.write(lambda tx: budgets.expire(tx, time.now))
    assert (2000, 0) == (row(store, "2026-11-24").micro, row(store, "2026-11-24").held_micro)

    await purse.settle(late, Cost(7, 150))

    assert lost is not None
    assert (1150, 307, 0) == (
        row(store, "2026-11-24").micro,
        row(store, "2026-11-24").tokens,
        row(store, "2026-11-24").held_micro,
    )
    assert 0 == counted(store, reservation)


async def test_an_answer_of_unknown_cost_counts_in_full(store: Store, time: Time) -> None:
    """
    A call that ended in silence may have been charged for.
    """
    purse = purses(store, time).of(ACCOUNT)
    grant = await purse.reserve([WORST])
    assert grant is not None

    await purse.settle(grant, None)

    assert (1000, 0) == (row(store, "2026-11-24").micro, row(store, "2026-11-24").held_micro)


async def test_days_are_the_accounts_and_accounts_do_not_share(store: Store, time: Time) -> None:
    """
    At midnight in Moscow a new day begins, whatever UTC says; a call counts in the day in which it was asked.
    """
    limit(store, day_micro=1000)
    door = purses(store, time)
    purse = door.of(ACCOUNT)
    asked = await purse.reserve([WORST])
    refused = await purse.reserve([WORST])
    others = await door.of(OTHER).reserve([WORST])
    time.now += timedelta(seconds=1)
    tomorrow = await purse.reserve([WORST])
    assert asked is not None
    await purse.settle(asked, Cost(1, 999))

    assert (True, False, True) == (bool(others), bool(refused), bool(tomorrow))
    assert (999, 1000) == (row(store, "2026-11-24").micro, row(store, "2026-11-25").held_micro)
    assert 1000 == row(store, "2026-11-24", OTHER).held_micro


def steps(grants: list[Grant | None]) -> str:
    """One letter a call: what could be done."""
    return "".join("x" if grant is None else grant.step[0] for grant in grants)


async def test_what_is_done_when_the_budget_runs_short(store: Store, time: Time) -> None:
    """
    First the cheaper model, then drafts for a manager, then nothing: each told once, the last one to managers.
    """
    limit(store, day_micro=10_000)
    purse = purses(store, time).of(ACCOUNT, chat_id="u2i-a", purpose="reply")

    grants = [await purse.reserve([WORST, Cost(300, 100)]) for _ in range(30)]

    assert "ffffffff" + "c" * 15 + "d" * 5 + "xx" == steps(grants)
    assert {0, 1} == {grant.offer for grant in grants if grant}
    assert 10_000 == row(store, "2026-11-24").held_micro

    def told(tx: Connection) -> list[Any]:
        return list(
            tx.execute(select(event.c.kind, event.c.body, event.c.chat_id).order_by(event.c.no))
        )

    news = [one for one in store.read_now(told) if one.kind in ("budget.short", "budget.refused")]
    assert ["budget.short"] * 3 + ["budget.refused"] * 2 == [one.kind for one in news]
    assert [
        '{"step":"cheaper","limit":"day_rub","period":"2026-11-24"}',
        '{"step":"drafts","limit":"day_rub","period":"2026-11-24"}',
        '{"step":"spent","limit":"day_rub","period":"2026-11-24"}',
    ] == [one.body for one in news if one.kind == "budget.short"]
    assert {"u2i-a"} == {one.chat_id for one in news if one.kind == "budget.refused"}
    assert 1 == counted(store, notice)


async def test_without_a_cheaper_model_the_one_there_is_goes_on(store: Store, time: Time) -> None:
    """
    Until only drafts are left, and then a person.
    """
    limit(store, day_tokens=6000)
    purse = purses(store, time).of(ACCOUNT)

    assert "f" * 19 + "d" + "x" == steps([await purse.reserve([WORST]) for _ in range(21)])


# --- set and seen over HTTP -------------------------------------------------------------------------------------------


async def test_a_budget_is_set_and_shown(town: Town) -> None:
    """
    Limits, what is spent and held today and this month, what is coming, and who set it.
    """
    town.bot.settings.__dict__["openai_price_in_rub"] = 15.0
    await town.connect()
    purse = town.bot.purses.of(ACCOUNT)
    paid = await purse.reserve([Cost(1000, 2_000_000)])
    await purse.reserve([Cost(500, 1_000_000)])
    assert paid is not None
    await purse.settle(paid, Cost(400, 750_000))

    answer = await town.ask(
        "PUT", f"/api/avito/accounts/{ACCOUNT}/budget", json={"day_rub": 100, "month_tokens": 5000}
    )

    assert 200 == answer.status_code, answer.text
    [shown] = (await town.get("/api/avito/budgets"))["data"]
    assert shown == answer.json()["budget"]
    assert {
        "day_rub": 100.0,
        "month_rub": None,
        "day_tokens": None,
        "month_tokens": 5000,
    } == shown["limits"]
    assert (
        {
            "rub": 0.75,
            "tokens": 400,
            "held_rub": 1.0,
            "held_tokens": 500,
            "calls": 2,
            "refused": 0,
        }
        == shown["today"]
        == shown["month"]
    )
    assert ("full", True, 0.75) == (shown["step"], shown["priced"], shown["forecast_rub"])
    assert [
        '{"day_rub":100.0,"month_rub":null,"day_tokens":null,"month_tokens":5000,"actor":"anna"}'
    ] == [one.body for one in await town.events("budget.set")]


NO_BUDGETS: list[dict[str, Any]] = [
    {"day_rub": -1},
    {"day_rub": 0},
    {"day_rub": 1e12},
    {"day_rub": "много"},
    {"month_tokens": -5},
    {"month_tokens": 1.5},
    {"day": 5},
]


async def test_budgets_that_are_none(village: Town, subtests: pytest.Subtests) -> None:
    """
    What cannot be meant is refused in words, and what was set before stays.
    """
    await village.connect()
    path = f"/api/avito/accounts/{ACCOUNT}/budget"
    await village.ask("PUT", path, json={"day_tokens": 7})
    for body in NO_BUDGETS:
        with subtests.test(str(body)):
            answer = await village.ask("PUT", path, json=body)

            assert (422, "invalid") == (answer.status_code, answer.json()["code"])
            assert next(iter(body)) in answer.json()["detail"]
    assert 7 == (await village.get("/api/avito/budgets"))["data"][0]["limits"]["day_tokens"]


async def test_roubles_need_prices_and_a_budget_needs_its_owner(village: Town) -> None:
    """
    A limit in roubles that could never bind is refused, with what to do; only an owner sets any.
    """
    await village.connect()
    path = f"/api/avito/accounts/{ACCOUNT}/budget"

    unpriced = await village.ask("PUT", path, json={"day_rub": 10})
    managers = await village.ask("PUT", path, json={"day_tokens": 10}, role="manager")
    nobodys = await village.ask("PUT", "/api/avito/accounts/1/budget", json={"day_tokens": 10})

    assert (409, "no_prices") == (unpriced.status_code, unpriced.json()["code"])
    assert "OPENAI_PRICE_IN_RUB" in unpriced.json()["detail"]
    assert [403, 404] == [managers.status_code, nobodys.status_code]


def test_where_the_month_is_going() -> None:
    """
    As the last seven days that are over: what is left of today, and every day to come, cost as much.
    """
    days = [Period(ACCOUNT, f"2026-11-{n:02}", micro=1000 * n) for n in range(16, 24)]
    today, month = (
        Period(ACCOUNT, "2026-11-24", micro=5000),
        Period(ACCOUNT, "2026-11", micro=161_000),
    )
    state = budget_states.State(ACCOUNT, "Europe/Moscow", Limits(), today, month, [*days, today])

    ahead = state.forecast(NOW - timedelta(hours=12))

    assert 161_000 + (20_000 - 5000) + 6 * 20_000 == ahead.micro
