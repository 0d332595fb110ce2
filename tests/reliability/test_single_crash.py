"""One crash, at every point there is, for every way in which a send can fail."""

import os

import pytest

from tests.reliability.fake_others import SAME
from tests.reliability.promises import broken
from tests.reliability.town import Plan, Town, run
from tests.reliability.weather import CALM, SEND_FAULTS

PLAN = Plan(4, CALM, chats=1, bursts=2, person=0, always_the_same=True, follow_ups=())

LONGEST = 300.0
"""Seconds until the client is answered: two times a time-out and three looks, and up to 100 s until it starts again."""

LEFT_OUT = ("read of the database", "before asking for chat", "after getting chat")
"""Points that leave the same behind as the commit or the request before them."""

FAULTS = ["ok", *SEND_FAULTS]

if int(os.environ.get("SIMULATED_DAYS", "0")) < 100:
    # A reset is a time-out that comes sooner, an unreadable answer leaves the same doubt; every refusal goes the same way back.
    FAULTS = [
        f for f in FAULTS if not f.startswith(("reset", "bad_answer", "unreachable", "busy_"))
    ]
    LEFT_OUT += ("before a commit", "before asking for history")


class OneCrash:
    """The power goes at the `k`-th point (never, if None) after the first reply is in the chat."""

    def __init__(self, k: int | None) -> None:
        self._k = k
        self.passed = 0
        self.where = ""
        self.town: Town | None = None
        self._begun = False

    def __call__(self, point: str) -> bool:
        lines = self.town.avito.lines.get("u2i-0", []) if self.town else []
        begun = lines and lines[-1].by == "client" and any(line.by != "client" for line in lines)
        self._begun = self._begun or bool(begun)
        if not self._begun or point.startswith(LEFT_OUT):
            return False
        self.passed += 1
        if self.passed - 1 == self._k:
            self.where = point
            return True
        return False


def _live(fault: str, k: int | None) -> tuple[Town, OneCrash]:
    crash = OneCrash(k)
    town = Town(PLAN, crash)
    crash.town = town
    return run(PLAN, town=town, send_plan=["ok", fault]), crash


@pytest.mark.timeout(300)
@pytest.mark.parametrize("fault", FAULTS)
def test_each_reply_is_there_once_wherever_the_process_ends(fault: str) -> None:
    """Two replies of the same words: after one crash at any point both are in the chat, once each."""
    _, whole = _live(fault, None)
    assert whole.passed > 20

    for k in range(whole.passed):
        town, crash = _live(fault, k)
        said = [line for line in town.avito.lines["u2i-0"] if line.by != "client"]

        where = f"{fault}, crash {k} of {whole.passed}, {crash.where}"
        assert [] == broken(town), where
        assert said[-1].at - town.avito.lines["u2i-0"][-2].at < LONGEST, where
        assert 2 == len({line.by for line in said if not line.deleted}), where
        assert [SAME, SAME] == [line.text for line in said if not line.deleted], where
