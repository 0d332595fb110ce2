"""How fast an account may speak."""

import asyncio

import pytest

from bot.avito.budget import REST, TROUBLES, Budget, Budgets, Trickle, Window, avito_lanes
from bot.errors import AvitoBusy

pytestmark = pytest.mark.filterwarnings("error")


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    async def sleep(self, seconds: float) -> None:
        until = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, until)


def budget(time: Time, **lanes: Window | Trickle) -> Budget:
    return Budget(lanes or avito_lanes(), lambda: time.now, time.sleep)


def test_avitos_own_limits_are_kept() -> None:
    """No minute, wherever it begins, has more requests than Avito allows in one."""
    time = Time()
    ours = budget(time)
    taken: dict[str, list[float]] = {"listings": [], "stats_v2": [], "item": []}

    async def spend(route: str, times: int) -> None:
        for _ in range(times):
            await ours.take(route)
            taken[route].append(time.now)

    asyncio.run(spend("listings", 80))
    asyncio.run(spend("stats_v2", 4))
    asyncio.run(spend("item", 1200))

    for route, limit in {"listings": 25, "stats_v2": 1, "item": 500}.items():
        moments = taken[route]
        fullest = max(sum(start <= m < start + 60 for m in moments) for start in moments)
        assert limit == fullest, route


def test_a_burst_of_messages_waits_for_nobody() -> None:
    """A thousand chats at once are read and answered at once; an endless stream is slowed."""
    time = Time()
    ours = budget(time)

    async def spend(times: int) -> float:
        began = time.now
        for _ in range(times):
            await ours.take("send")
        return time.now - began

    assert 0 == asyncio.run(spend(2000))
    assert 60 == pytest.approx(asyncio.run(spend(500)), rel=0.01)


def test_first_come_first_served() -> None:
    """Turns are given in the order of asking."""
    time, order = Time(), list[int]()
    ours = budget(time, one=Window(1))

    async def take(number: int) -> None:
        await ours.take("one", patience=1e9)
        order.append(number)

    async def together() -> None:
        await asyncio.gather(*(take(number) for number in range(6)))

    asyncio.run(together())

    assert list(range(6)) == order


def test_impatience_takes_no_turn() -> None:
    """Who cannot wait is told at once how long it would have been, and holds up nobody."""
    time = Time()
    ours = budget(time, one=Window(1))

    async def scene() -> None:
        await ours.take("one")
        for _ in range(3):
            with pytest.raises(AvitoBusy) as busy:
                await ours.take("one", patience=5)
            assert 60.5 == busy.value.retry_after
        await ours.take("one")

    asyncio.run(scene())

    assert 1060.5 == time.now


def test_a_429_closes_the_route_and_no_other() -> None:
    """Nobody asks again before Avito said one may; other routes go on."""
    time = Time()
    ours = budget(time)

    async def scene() -> list[float]:
        moments = list[float]()
        ours.refused("messenger", 30.0)
        await ours.take("send")
        moments.append(time.now)
        await ours.take("messenger")
        moments.append(time.now)
        return moments

    assert [1000, 1030] == asyncio.run(scene())


def test_who_already_waits_hears_of_a_429() -> None:
    """A turn given before the route was closed counts from its opening."""
    time = Time()
    ours = budget(time, one=Trickle(60, 1))

    async def scene() -> float:
        await ours.take("one")
        waiting = asyncio.create_task(ours.take("one"))
        await asyncio.sleep(0)
        ours.refused("one", 40.0)
        await waiting
        return time.now

    assert 1040 == asyncio.run(scene())


def test_an_untold_wait_grows_and_is_forgotten() -> None:
    """Without Retry-After each further 429 doubles the wait, up to a minute; a success ends it."""
    time = Time()
    ours = budget(time)

    async def waits(times: int) -> list[float]:
        found = []
        for _ in range(times):
            ours.refused("messenger", None)
            began = time.now
            await ours.take("messenger")
            found.append(time.now - began)
        return found

    assert [1, 2, 4, 8, 16, 32, 60, 60] == asyncio.run(waits(8))
    ours.went_well("messenger")
    assert [1] == asyncio.run(waits(1))


def test_none_remaining_is_a_hint() -> None:
    """After Avito's "none left" the route rests before a 429 must say so."""
    time = Time()
    ours = budget(time)
    ours.went_well("listings", remaining=0)

    asyncio.run(ours.take("listings"))

    assert 1000 < time.now


def test_the_circuit_opens_and_half_opens() -> None:
    """After failures in a row nobody asks; then one may; its success lets all in again."""
    time, waits = Time(), list[float]()
    ours = budget(time)

    async def may() -> bool:
        try:
            await ours.take("send")
        except AvitoBusy as busy:
            waits.append(busy.retry_after or 0)
            return False
        return True

    async def scene() -> None:
        for _ in range(TROUBLES - 1):
            ours.failed()
        assert await may()
        ours.failed()
        assert not await may()
        time.now += REST
        assert [True, False, False] == [await may() for _ in range(3)]
        ours.failed()
        assert not await may()
        time.now += REST
        assert await may()
        ours.went_well("send")
        assert [True, True] == [await may() for _ in range(2)]

    asyncio.run(scene())

    assert [REST, REST, REST, REST] == waits


def test_accounts_do_not_share() -> None:
    """Each account has one budget, and its own."""
    budgets = Budgets()

    assert budgets.of(1) is budgets.of(1)
    assert budgets.of(1) is not budgets.of(2)
