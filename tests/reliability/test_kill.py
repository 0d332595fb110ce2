"""kill -9 for real: the service and the sandbox as processes, faults on, and the counts of both sides compared."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.whole.town import Town, eventually

CHATS, KILLS = 10, 4
SEED = 11

FAULTS = {
    "latency": 0.05,
    "model_latency": 0.5,
    "only": ["send"],
    "rate_429": 0.1,
    "retry_after": 1,
    "rate_reset_after": 0.25,
    "webhook_repeat": 0.3,
    "webhook_reorder": 0.2,
    "echo_before_answer": 0.5,
}
"""Faults whose end is known within seconds; the simulator has those that take a minute."""

COUNTS = """
SELECT kind, count(*) AS events, count(DISTINCT message_id) AS messages,
       count(DISTINCT body->>'reply_id') AS replies
FROM events
WHERE kind IN ('verdict.given', 'reply.sent')
   OR (kind = 'message.received' AND (body->>'author') = 'client')
GROUP BY kind
"""


class HastyTown(Town):
    """Its bot waits for seconds where the real one waits for a minute; the sandbox does nothing late."""

    def _start(self, command: str) -> "subprocess.Popen[bytes]":
        if command != "serve":
            return super()._start(command)
        with (self.home / "serve.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.reliability.hasty"],
                cwd=self.home,
                env=self.env,
                stdout=log,
                stderr=log,
            )


@pytest.fixture
def place(tmp_path: Path) -> Iterator[HastyTown]:
    built = HastyTown(tmp_path, free_port(), free_port())
    try:
        built.start_sandbox()
        built.start_bot()
        built.connect()
        yield built
    finally:
        built.stop()


@pytest.mark.timeout(240)
def test_kills_lose_nothing_and_repeat_nothing(place: Town) -> None:
    """Every message has one verdict, every reply is in its chat once, and the log counts what the sandbox counts."""
    dice = random.Random(SEED)
    listings = [row.id for row in place.client().listings(status="active", limit=100).rows]
    for listing_id in listings[:CHATS]:
        place.switch(listing_id)
    place.faults(**FAULTS)

    said: list[str] = []
    chats = [place.say(listing_id, "Здравствуйте, актуально?") for listing_id in listings[:CHATS]]
    said += [told["message_id"] for told in chats]
    for number in range(KILLS):
        time.sleep(dice.uniform(0.3, 1.8))
        place.stop_bot(signal.SIGKILL)
        for told in dice.sample(chats, 3):
            more = place.world(
                "POST",
                "/sandbox/say",
                json={"chat_id": told["chat_id"], "text": f"И ещё вопрос, {number}"},
            )
            said.append(more["message_id"])
        place.start_bot()
    ids = {told["chat_id"] for told in chats}

    def settled() -> bool:
        verdicts = [verdict for chat_id in ids for verdict in place.verdicts(chat_id)]
        return len(verdicts) == len(said) and all(verdicts)

    eventually(settled, within=60)
    assert place.stop_bot() < 10

    at_avito = [
        message
        for chat_id in ids
        for message in place.at_avito(chat_id)
        if message.get("sent_via") == "api" and message["type"] == "text"
    ]
    counts = {row["kind"]: row for row in place.query(COUNTS)}

    assert len(said) == counts["message.received"]["events"]
    assert len(said) == counts["verdict.given"]["events"] == counts["verdict.given"]["messages"]
    assert len(at_avito) == counts["reply.sent"]["events"] == counts["reply.sent"]["replies"]
    assert [] == [id for id, times in Counter(m["id"] for m in at_avito).items() if times > 1]
    assert len(at_avito) >= CHATS
