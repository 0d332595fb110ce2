"""Simulated days: virtual clock, the real workers, Avito's faults, and a service that dies at any point."""

import os
from dataclasses import replace

import pytest

from tests.reliability.climates import CLIMATES
from tests.reliability.promises import broken
from tests.reliability.town import run

DAYS = int(os.environ.get("SIMULATED_DAYS", "20"))
"""Seeds for each climate."""

BATCH = 5


@pytest.mark.timeout(max(120, DAYS * 10))
@pytest.mark.parametrize("first", range(0, DAYS, BATCH))
@pytest.mark.parametrize("climate", CLIMATES)
def test_every_promise_is_kept(climate: str, first: int) -> None:
    """Each message one verdict, each reply once, nobody talked over: whatever goes wrong, wherever it dies."""
    for seed in range(first, min(first + BATCH, DAYS)):
        problems = broken(run(CLIMATES[climate](seed)))

        again = f'run again with: python -m tests.reliability "{climate}" {seed}'
        assert [] == problems, "\n".join([again, *problems])


def test_the_same_seed_is_the_same_day() -> None:
    """A failure that was seen once can be seen again."""
    long = replace(CLIMATES["two workers"](3), chats=4, bursts=3)
    one, two, other = run(long), run(long), run(replace(long, seed=4))

    assert len(one.trace) > 30
    assert len(one.deaths) > 1
    assert one.trace == two.trace
    assert one.trace != other.trace
