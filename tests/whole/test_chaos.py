"""A short storm over real processes; `make chaos` is the long one."""

from pathlib import Path

import pytest

from bench.chaos import complaints, run
from bench.chaos_plan import draw

pytestmark = [pytest.mark.xdist_group("chaos"), pytest.mark.timeout(420)]


def test_the_plan_comes_from_the_seed() -> None:
    """
    The same seed draws the same plan, another one another; the sizes are kept.
    """
    sizes = {"seconds": 180.0, "chats": 100, "messages": 2000, "kills": 30}
    plan = draw(5, **sizes)

    assert plan == draw(5, **sizes)
    assert plan != draw(6, **sizes)
    assert (2000, 30) == (plan.messages, len(plan.kills))
    assert set(range(100)) == {word.chat for word in plan.words}


def test_a_short_storm(tmp_path: Path) -> None:
    """
    Nothing lost, nothing said twice, nobody talked over, and the log counts what the world outside counts; through faults
    of all kinds and four kills.
    """
    plan = draw(11, seconds=10, chats=20, messages=120, kills=4, harsh=False)

    outcome = run(plan, "sqlite", tmp_path)

    assert [] == complaints(outcome)
    assert 4 == outcome.kills
    assert 120 == outcome.counts["verdicts"]
    assert outcome.counts["replies sent"] > 0
