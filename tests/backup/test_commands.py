"""`python -m bot backup` beside a service at work, and a service that goes on from the copy."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.backup.manifest import read
from tests.whole.town import Town, eventually, town


def command(place: Town, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=place.home,
        env=place.env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.timeout(240)
def test_a_service_goes_on_from_a_backup(tmp_path: Path) -> None:
    """
    Taken while clients write; the service dies with its disk; another one starts from the copy in an empty folder. Every
    message has one verdict, also those that were written after the backup and those that nobody heard; nobody is
    answered twice; each event is in the log once.
    """
    (tmp_path / "first").mkdir()
    with town(tmp_path / "first") as place:
        place.connect()
        listings = [row.id for row in place.client().listings(status="active", limit=10).rows]
        for listing in listings:
            place.switch(listing)
        chats = [
            place.say(listings[n], "Сколько стоит обработка?", client=f"Клиент {n}")["chat_id"]
            for n in range(10)
        ]
        for chat in chats[:3]:
            place.settled(chat, 1)

        said = command(place, "backup", str(tmp_path / "copy"))
        assert 0 == said.returncode, said.stderr
        assert read(tmp_path / "copy").position <= read(tmp_path / "copy").place
        refused = command(place, "restore", str(tmp_path / "copy"), "--force")
        assert (1, True) == (refused.returncode, "Stop it first" in refused.stderr)

        place.say(listings[0], "А завтра?", client="Клиент 0")
        place.settled(chats[0], 2)
        place.stop_bot(signal.SIGKILL)
        place.say(listings[1], "Вы тут?", client="Клиент 1")
        shutil.rmtree(place.home / "data")
        place.home = tmp_path / "second"
        place.home.mkdir()

        said = command(place, "restore", str(tmp_path / "copy"))
        assert 0 == said.returncode, said.stderr
        place.start_bot()

        expected = dict.fromkeys(chats, 1) | {chats[0]: 2, chats[1]: 2}
        for chat, count in expected.items():
            place.settled(chat, count, within=60)  # what no webhook told: by the second sweep
        eventually(lambda: place.api("GET", "/api/avito/state").json()["queues"]["unpublished_events"] == 0)  # fmt: skip

        for chat, count in expected.items():
            assert count == len(place.verdicts(chat))
            assert count >= len(place.replies_at_avito(chat))
        told = place.query(
            "SELECT count(*) AS events, count(DISTINCT seq) AS places, max(seq) AS last, "
            "count(*) FILTER (kind = 'message.received') AS heard, "
            "count(DISTINCT message_id) FILTER (kind = 'message.received') AS messages, "
            "count(*) FILTER (kind = 'verdict.given') AS judged FROM events"
        )[0]
        assert told["events"] == told["places"] == told["last"]
        assert (12, 12, 12) == (told["heard"], told["messages"], told["judged"])
