"""Two services on one PostgreSQL share the work; one is killed while it holds chats."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.ports import free_port
from tests.whole.town import Town, eventually

LEASE = 20
"""Seconds that a chat stays with a worker that is dead; a minute in earnest, which is long for a test."""

_SERVE = f"""
import sys
from datetime import timedelta
from bot.store import chats
chats.LEASE = timedelta(seconds={LEASE})
from bot.__main__ import main
sys.exit(main(["serve"]))
"""

pytestmark = [pytest.mark.xdist_group("two-bots"), pytest.mark.timeout(240)]


class ImpatientTown(Town):
    """A town whose bot takes over what a dead one held sooner."""

    def _start(self, command: str) -> subprocess.Popen[bytes]:
        if command != "serve":
            return super()._start(command)
        log = (self.home / "serve.log").open("ab")
        return subprocess.Popen(
            [sys.executable, "-c", _SERVE], cwd=self.home, env=self.env, stdout=log, stderr=log
        )


@pytest.fixture
def engine(postgres: str) -> Iterator[Engine]:
    """An empty database on PostgreSQL."""
    admin = create_engine(
        postgres.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    name = f"two_bots_{uuid4().hex}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine = create_engine(admin.url.set(database=name), isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture
def towns(engine: Engine, tmp_path: Path) -> Iterator[tuple[Town, Town]]:
    """Two bots, one sandbox, one database, one log; Avito calls the first."""
    first_port, sandbox_port = free_port(), free_port()
    more = {
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "LAKE_CATALOG": f"sqlite:{tmp_path}/catalog.sqlite",
        "LAKE_DATA": f"{tmp_path}/files",
        "PUBLIC_URL": f"http://127.0.0.1:{first_port}",
    }
    places = []
    for name, port in (("first", first_port), ("second", free_port())):
        (tmp_path / name).mkdir()
        places.append(ImpatientTown(tmp_path / name, sandbox_port, port, more=more))
    first, second = places
    try:
        first.start_sandbox()
        first.start_bot()
        second.start_bot()
        first.connect()
        yield first, second
    finally:
        second.stop()
        first.stop()


def offices(engine: Engine) -> dict[int, int]:
    """By office, how many sessions hold it."""
    asked = "SELECT objid, count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted GROUP BY objid"
    with engine.connect() as tx:
        return {row[0]: row[1] for row in tx.execute(text(asked))}


def holders(engine: Engine) -> dict[str, int]:
    """By process, how many chats it holds."""
    asked = "SELECT lease_by, count(*) FROM chat WHERE lease_by IS NOT NULL AND lease_until > now() AT TIME ZONE 'UTC' GROUP BY lease_by"
    with engine.connect() as tx:
        return {row[0]: row[1] for row in tx.execute(text(asked))}


def test_one_of_two_dies(towns: tuple[Town, Town], engine: Engine) -> None:
    """
    What the dead one held is taken over: every message has its verdict, every reply is in its chat once, and each event
    in the log once, although the dead one may have been the one that wrote it.
    """
    first, second = towns
    listings = [row.id for row in first.client().listings(status="active", limit=10).rows]
    for listing in listings:
        first.switch(listing)
    first.faults(model_latency=1.5)

    chats = {
        first.say(listings[n % 10], "Сколько стоит обработка?", client=f"Клиент {n}")["chat_id"]
        for n in range(40)
    }
    eventually(lambda: any(f":{second.bot.pid}" in name for name in holders(engine)))
    assert set(offices(engine).values()) <= {1}
    second.stop_bot(signal.SIGKILL)
    first.faults(clear=True)
    later = {
        first.say(listings[n % 10], "Алло?", client=f"Клиент {n}")["chat_id"] for n in range(10)
    }
    assert later <= chats

    for chat in chats:
        first.settled(chat, 2 if chat in later else 1, within=2 * LEASE)
    eventually(lambda: 3 == len(offices(engine)) and {1} == set(offices(engine).values()))
    eventually(lambda: _waiting(engine) == 0)

    for chat in chats:
        verdicts = first.verdicts(chat)
        assert verdicts.count("answered") == len(first.replies_at_avito(chat))
        assert {"answered", "merged"} >= set(verdicts)
    told = first.query(
        "SELECT count(*) AS events, count(DISTINCT seq) AS places, max(seq) AS last, "
        "count(*) FILTER (kind = 'message.received') AS heard, "
        "count(*) FILTER (kind = 'verdict.given') AS judged FROM events"
    )[0]
    assert told["events"] == told["places"] == told["last"]
    assert (50, 50) == (told["heard"], told["judged"])


def test_the_log_goes_on_without_its_writer(towns: tuple[Town, Town], engine: Engine) -> None:
    """
    Whichever process writes the log: when it is killed, the other goes on where it ended.
    """
    first, second = towns
    eventually(lambda: 3 == len(offices(engine)))
    # The second gets every office when the first leaves, and the first none when it comes back.
    first.stop_bot()
    eventually(lambda: 3 == len(offices(engine)) and {1} == set(offices(engine).values()))
    first.start_bot()
    listing = first.client().listings(status="active", limit=1).rows[0].id
    first.switch(listing)
    before = first.say(listing, "Здравствуйте", client="Анна")["chat_id"]
    first.settled(before, 1)
    eventually(lambda: _waiting(engine) == 0)

    second.stop_bot(signal.SIGKILL)
    after = first.say(listing, "Здравствуйте", client="Борис")["chat_id"]
    first.settled(after, 1, within=2 * LEASE)
    eventually(lambda: _waiting(engine) == 0)

    told = first.query("SELECT count(*) AS n, max(seq) AS last FROM events")[0]
    heard = first.query("SELECT count(*) AS n FROM messages WHERE author = 'client'")[0]
    assert told["n"] == told["last"]
    assert 2 == heard["n"]


def _waiting(engine: Engine) -> int:
    with engine.connect() as tx:
        return tx.execute(text("SELECT count(*) FROM event WHERE NOT published")).scalar_one()
