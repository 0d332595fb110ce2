"""The count after a storm sees what it looks for: each promise is broken once on purpose."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from bench.chaos_count import Ledger, World, differences, duplicates, losses, talked_over

ASKED, ANSWERED, TRIED = 1000.0, 1010.0, 1009.0


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def line(message_id: str, text: str, at: float) -> dict[str, Any]:
    return {
        "id": message_id, "chat_id": "chat", "type": "text", "content": {"text": text}, "created": at, "shown_from": at,
    }  # fmt: skip


def row(**values: Any) -> Any:
    return SimpleNamespace(**values)


GOOD_WORLD = World(
    client=[line("q", "Сколько?", ASKED)],
    assistant=[line("a", "2500 ₽", ANSWERED)],
    people=[],
    leads=[{"key": "one"}],
    heard_at={"q": ASKED},
)
GOOD_LEDGER = Ledger(
    messages=[row(id="q", verdict="answered", reply_id="r")],
    replies=[row(id="r", chat_id="chat", text="2500 ₽", state="sent", author="assistant")],
    leads=[row(id="l", idempotency_key="one", state="sent")],
    attempts=[row(chat_id="chat", at=moment(TRIED), body='{"reply_id":"r"}')],
)
GOOD_LOG = {
    "client messages": 1, "messages by the assistant": 1, "messages by people": 0, "verdicts": 1, "leads at the CRM": 1,
    "places": 9, "events": 9, "distinct events": 9, "messages told twice": 0,
}  # fmt: skip


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    """A good end has no complaint."""
    found = [
        *duplicates(GOOD_WORLD, GOOD_LEDGER),
        *losses(GOOD_WORLD, GOOD_LEDGER),
        *talked_over(GOOD_WORLD, GOOD_LEDGER, 60),
        *differences(GOOD_WORLD, GOOD_LOG),
    ]
    assert [] == found


def test_a_second_text_is_seen() -> None:
    """A text that stands in the chat more often than it was sent, and a lead that the CRM has twice."""
    twice = replace(
        GOOD_WORLD,
        assistant=[*GOOD_WORLD.assistant, line("b", "2500 ₽ ", ANSWERED)],
        leads=[{"key": "one"}, {"key": "one"}],
    )
    assert 2 == len(list(duplicates(twice, GOOD_LEDGER)))


def test_each_loss_is_seen() -> None:
    """Without a verdict, never heard of, answered by nothing, sent and not there, a lead that the CRM lacks."""
    unjudged = replace(GOOD_LEDGER, messages=[row(id="q", verdict=None, reply_id=None)])
    unheard = replace(GOOD_LEDGER, messages=[])
    dropped = replace(
        GOOD_LEDGER, replies=[row(id="r", chat_id="chat", text="2500 ₽", state="dropped", author="assistant")]
    )  # fmt: skip
    assert [1, 1, 1] == [len(list(losses(GOOD_WORLD, one))) for one in (unjudged, unheard, dropped)]
    empty = replace(GOOD_WORLD, assistant=[], leads=[])
    assert 2 == len(list(losses(empty, GOOD_LEDGER)))


def test_talking_over_is_seen() -> None:
    """
    An attempt after the call that told of a person's message, or ten seconds after the history showed it; not before
    either, and not after the pause.
    """
    person = line("p", "Уже еду", ASKED + 1)

    def found(*, heard: float | None = None, shown: float = ASKED + 1, pause: float = 60) -> int:
        world = replace(
            GOOD_WORLD,
            people=[{**person, "shown_from": shown}],
            heard_at={} if heard is None else {"p": heard},
        )
        return len(list(talked_over(world, GOOD_LEDGER, pause)))

    assert 1 == found(heard=TRIED - 0.1)
    assert 0 == found(heard=TRIED + 0.1)
    assert 0 == found()
    assert 1 == found(shown=TRIED - 10.5)
    assert 0 == found(heard=TRIED - 5, pause=2)


def test_another_count_is_seen() -> None:
    """Each number of the log that is one too many or too few, or a gap between places."""
    for name in GOOD_LOG.keys() - {"events"}:
        assert 1 == len(list(differences(GOOD_WORLD, GOOD_LOG | {name: 7})))
