"""What breaks around the service, and what it does then: it goes on, loses nothing, and says what is wrong."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.whole.town import Town, eventually, town


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town of its own: here the bot is stopped and its files are broken."""
    with town(tmp_path_factory.mktemp("troubled")) as troubled:
        troubled.connect()
        yield troubled


@pytest.fixture(scope="module")
def listing(place: Town) -> int:
    chosen = place.client().listings(status="active", limit=1).rows[0].id
    place.switch(chosen)
    return chosen


def test_a_broken_log_stops_nothing(place: Town, listing: int) -> None:
    """
    With a catalog that is no catalog clients are answered all the same; the events wait, readiness says why, and when
    the catalog is mended they are all in the log, once.
    """
    catalog = place.home / "data/lake/catalog.sqlite"
    place.stop_bot()
    kept = _put_aside(catalog)
    catalog.write_bytes(b"this is no catalog " * 1000)
    place.start_bot()

    chat = place.say(listing, "Сколько стоит?", client="Анна")["chat_id"]
    assert ["answered"] == place.settled(chat, 1)
    lake = eventually(lambda: (found := place.checks()["lake"]) and not found["ok"] and found)
    assert lake["detail"]

    _put_back(catalog, kept)
    found = eventually(lambda: place.query(f"FROM verdicts WHERE chat_id = '{chat}'"), within=30)
    assert ["answered"] == [row["verdict"] for row in found]
    assert eventually(lambda: place.checks()["lake"]["ok"])
    gaps = "SELECT count(*) - max(seq) AS gaps, count(*) - count(DISTINCT seq) AS twins FROM events"
    assert [{"gaps": 0, "twins": 0}] == place.query(gaps)


def test_stopping_and_starting_loses_nothing(place: Town, listing: int) -> None:
    """
    A stop ends within ten seconds, whatever is in hand; what was said meanwhile is found and answered after the start.
    """
    place.faults(model_latency=30.0)
    first = place.say(listing, "Вы работаете?", client="Борис")["chat_id"]
    eventually(lambda: place.chat(first).get("state") == "answering")

    assert place.stop_bot() < 10.5
    place.faults(clear=True)
    second = place.say(listing, "А сегодня?", client="Вера")["chat_id"]
    place.start_bot()

    assert ["answered"] == place.settled(first, 1, within=90)
    assert ["answered"] == place.settled(second, 1, within=60)
    assert 1 == len(place.replies_at_avito(first)) == len(place.replies_at_avito(second))


def test_two_services_do_not_share_one_file(place: Town) -> None:
    """
    A second start on the same SQLite database ends with one line that says why.
    """
    second = Town(place.home, place.sandbox_port, place.sandbox_port + 1)
    code, said = second.run_bot()

    assert 1 == code
    assert 1 == len(said.strip().splitlines())
    assert "in use" in said


def _put_aside(catalog: Path) -> Path:
    """The catalog and what SQLite keeps beside it."""
    kept = catalog.parent / "kept"
    kept.mkdir()
    for file in catalog.parent.glob("catalog.sqlite*"):
        shutil.move(file, kept / file.name)
    return kept


def _put_back(catalog: Path, kept: Path) -> None:
    for file in catalog.parent.glob("catalog.sqlite*"):
        file.unlink()
    for file in kept.iterdir():
        shutil.move(file, catalog.parent / file.name)
