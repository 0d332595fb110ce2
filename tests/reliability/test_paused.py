"""A process that stands still at the worst moment: after the commit of an attempt, before the request."""

from sqlalchemy import select

from bot.store.tables import reply
from tests.reliability.fake_others import SAME
from tests.reliability.promises import broken
from tests.reliability.town import Plan, Town, run
from tests.reliability.weather import CALM

PLAN = Plan(2, CALM, chats=1, bursts=2, person=0, workers=2, always_the_same=True, follow_ups=())
PAUSE = 150.0
"""Seconds: the lease runs out, the other worker looks three times and sends, and then the first one wakes up."""


class PausedTown(Town):
    """The first process that has committed an attempt stands still before it can send."""

    paused = False

    def _pause(self) -> float:
        with self.engine.connect() as tx:
            begun = tx.execute(select(reply).where(reply.c.state == "sending")).first()
        if begun is None or self.paused:
            return 0.0
        self.paused = True
        self.tell("stands still")
        return PAUSE


def test_who_wakes_up_too_late_does_not_send() -> None:
    """The other worker takes the chat over and sends; the first one sees that its lease is over."""
    town = run(PLAN, town=PausedTown(PLAN, lambda _: False))
    said = [line for line in town.avito.lines["u2i-0"] if line.by != "client"]

    assert town.paused
    assert [] == broken(town)
    assert [SAME] * len(said) == [line.text for line in said]
    assert len(said) == len({line.by for line in said})
