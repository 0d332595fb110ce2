"""What the store promises to those who write, on both databases and under real kills."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select
from sqlalchemy.exc import OperationalError

from bot.store import kept
from bot.store.engine import DatabaseInUse, Store, StoreUnavailable
from bot.store.tables import job

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 10, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Store]:
    opened = Store(sqlite_url)
    yield opened
    opened.close()


def mark(name: str, tx: Connection) -> str:
    kept.mark(tx, name, "done", NOW)
    return name


def names(store: Store) -> set[str]:
    return set(store.read_now(lambda tx: list(tx.scalars(select(job.c.name)))))


def _twice(tx: Connection) -> None:
    for _ in range(2):
        tx.execute(insert(job).values(name="twice"))


def _marked_and_fell(tx: Connection) -> None:
    kept.mark(tx, "fell", "", NOW)
    raise ValueError("a fault of the caller")


# --- one transaction for many ---------------------------------------------------------------------------------------


async def test_a_closure_that_fails_undoes_only_itself(store: Store) -> None:
    """Those who share its commit never hear of it, and what it wrote before is gone."""
    waits = [store.write(partial(mark, f"before {n}")) for n in range(20)]
    waits += [store.write(_marked_and_fell), store.write(_twice)]
    waits += [store.write(partial(mark, f"after {n}")) for n in range(20)]

    *before, fell, twice = (await asyncio.gather(*waits[:22], return_exceptions=True))[:22]
    after = await asyncio.gather(*waits[22:])

    assert "a fault of the caller" == str(fell)
    assert "IntegrityError" == type(twice).__name__
    assert {*before, *after} == names(store)
    assert 40 == len(names(store))


async def test_many_writes_share_one_commit(sqlite: Store) -> None:
    """A hundred closures that wait together cost one transaction, not a hundred."""
    begun = []
    hold = threading.Event()
    held = sqlite.write(lambda _tx: hold.wait(10))
    waits = [sqlite.write(lambda tx: begun.append(id(tx))) for _ in range(100)]
    tasks = [asyncio.ensure_future(wait) for wait in (held, *waits)]
    await asyncio.sleep(0.05)
    hold.set()
    await asyncio.gather(*tasks)

    assert 100 == len(begun)
    assert len(set(begun)) <= 2


async def test_a_transaction_that_cannot_begin_is_said(sqlite: Store) -> None:
    """Whoever waits hears of it, nobody for ever; and the next one may begin."""

    def busy(_connection: Connection) -> None:
        raise OperationalError("BEGIN IMMEDIATE", {}, sqlite3.OperationalError("database is busy"))

    event.listen(sqlite.engine, "begin", busy)
    with pytest.raises(StoreUnavailable, match="busy"):
        await asyncio.wait_for(sqlite.write(partial(mark, "refused")), 5)
    event.remove(sqlite.engine, "begin", busy)

    await sqlite.write(partial(mark, "taken"))
    assert {"taken"} == names(sqlite)


async def test_nobody_hears_of_success_before_the_commit(sqlite: Store, sqlite_url: str) -> None:
    """Whoever has an answer finds the row on a connection of another process."""
    path, seen = sqlite_url.removeprefix("sqlite:///"), []

    def look(_done: Any) -> None:
        with sqlite3.connect(path) as other:
            seen.append(other.execute("SELECT name FROM job WHERE name = 'first'").fetchone())

    hold = threading.Event()
    blocked = asyncio.ensure_future(sqlite.write(lambda _tx: hold.wait(10)))
    await asyncio.sleep(0.02)
    first = sqlite._writer.submit(partial(mark, "first"))
    first.add_done_callback(look)
    slow = threading.Event()
    second = asyncio.ensure_future(sqlite.write(lambda _tx: slow.wait(10)))
    await asyncio.sleep(0)
    hold.set()
    await blocked
    await asyncio.sleep(0.05)

    assert not first.done()
    slow.set()
    await second
    assert "first" == await asyncio.wrap_future(first)
    assert [("first",)] == seen


# --- real processes ---------------------------------------------------------------------------------------------------


@contextmanager
def writing(url: str, *more: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.reliability.writing", url, *more],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _first(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_what_was_acknowledged_survives_a_kill(database_url: str) -> None:
    """kill -9 while sixteen write: every write that was said to be done is there."""
    acknowledged: set[str] = set()
    for seconds in (0.2, 0.35, 0.5):
        with writing(database_url) as process:
            assert "begun" == _first(process)
            time.sleep(seconds)
            process.kill()
            told, _ = process.communicate()
        acknowledged |= set(told.split("\n")[:-1])

    store = Store(database_url)
    try:
        assert len(acknowledged) > 100
        assert set() == acknowledged - names(store)
    finally:
        store.close()


def test_a_second_process_on_one_sqlite_database_is_refused(sqlite_url: str) -> None:
    """Two writers on one file would stall each other; when the first is gone, however, the next may begin."""
    with writing(sqlite_url) as process:
        assert "begun" == _first(process)
        with pytest.raises(DatabaseInUse, match="several processes need PostgreSQL"):
            Store(sqlite_url)
        with writing(sqlite_url) as second:
            assert "in use" == _first(second)
    Store(sqlite_url).close()


def test_a_full_disk_is_said_and_passes(sqlite_url: str) -> None:
    """StoreUnavailable while nothing can be written, nothing acknowledged is lost, and it comes back by itself."""
    told: list[str] = []
    with writing(sqlite_url, str(600_000)) as process:
        assert process.stdin
        assert process.stdout
        while told.count("unavailable") < 20:
            told.append(_first(process))
        full = set(told[-5:])
        process.stdin.write("\n")
        process.stdin.flush()
        while "room" not in told or told.index("room") > len(told) - 200:
            told.append(_first(process))
        process.kill()
        process.communicate()

    acknowledged = {word for word in told if word[0].isdigit()}
    store = Store(sqlite_url)
    try:
        assert {"unavailable"} == full
        assert len(acknowledged) > 150
        assert set() == acknowledged - names(store)
    finally:
        store.close()
