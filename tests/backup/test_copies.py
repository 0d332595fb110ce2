"""A backup is taken while events flow; after a restore each event is in the log once, its places without a gap."""

import shutil
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.backup import BackupError, back_up, restore, sqlite_file
from bot.bootstrap import Bot, build
from bot.jobs.sink import Sink
from bot.settings import Settings
from bot.store import journal
from bot.store.leader import Leadership
from bot.store.tables import event
from pipeline.events import SweepFinished
from pipeline.lake import Lake, connect
from tests.bot.town import ACCOUNT, settings_for


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Of a service on an empty database, its log in a folder of its own."""
    return settings_for(database_url, tmp_path / "log")


class Life:
    """One run of what records and publishes events, from its start to its end."""

    def __init__(self, bot: Bot) -> None:
        self.bot, self.sink = bot, Sink(bot)

    async def record(self, *numbers: int) -> None:
        """Events that can be told apart by their number."""

        def work(tx: Connection) -> None:
            for number in numbers:
                news = SweepFinished(account_id=ACCOUNT, chats=0, found=number)
                journal.record(tx, news, at=self.bot.now())

        await self.bot.store.write(work)

    async def __aenter__(self) -> "Life":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.bot.close()


def live(settings: Settings) -> Life:
    return Life(build(settings))


def told(settings: Settings) -> list[tuple[int, int]]:
    """Place and number of every event in the log."""
    with connect(Lake(catalog=settings.lake_catalog, data=settings.lake_data)) as con:
        asked = "SELECT seq, CAST(body ->> '$.found' AS INT) FROM events ORDER BY seq"
        return [(int(seq), int(number)) for seq, number in con.execute(asked).fetchall()]


def in_order(*numbers: int) -> list[tuple[int, int]]:
    return list(enumerate(numbers, 1))


async def test_events_go_on_after_a_restore(settings: Settings, tmp_path: Path) -> None:
    """
    Published, placed only, and not even placed: after the restore all are in the log once, in their order, and what
    happens next follows.
    """
    async with live(settings) as life:
        await life.record(1, 2, 3)
        await life.sink.publish()
        await life.record(4, 5)
        await life.bot.store.write(lambda tx: journal.number(tx, after=3, limit=1))
        made = back_up(settings, tmp_path / "backup")
        await life.record(6)
        await life.sink.close()
    assert (3, 4) == (made.position, made.place)

    done = restore(settings, tmp_path / "backup", force=True)

    assert (0, 0) == (done.recognised, done.missing)
    assert in_order(1, 2, 3) == told(settings)
    async with live(settings) as life:
        await life.record(7)
        await life.sink.close()
    assert in_order(1, 2, 3, 4, 5, 7) == told(settings)


async def test_a_log_that_was_kept_knows_its_events(settings: Settings, tmp_path: Path) -> None:
    """
    A database older than the log (the log has other backups) gives no event twice: what the log got since is recognised.
    """
    async with live(settings) as life:
        await life.record(1, 2)
        await life.sink.publish()
        await life.record(3, 4, 4)
        elsewhere = settings.model_copy(update={"lake_data": "s3://bucket/log/"})
        made = back_up(elsewhere, tmp_path / "backup")
        await life.sink.close()
    assert "elsewhere" == made.log
    assert in_order(1, 2, 3, 4, 4) == told(settings)

    done = restore(settings, tmp_path / "backup", force=True)

    assert 3 == done.recognised
    async with live(settings) as life:
        await life.record(5)
        await life.sink.close()
    assert in_order(1, 2, 3, 4, 4, 5) == told(settings)


async def test_a_log_older_than_the_database_is_filled_up(
    settings: Settings, tmp_path: Path
) -> None:
    """
    What the database marked as published goes into an older log once more, in its old places.
    """
    async with live(settings) as life:
        await life.record(1, 2)
        await life.sink.publish()
        old = back_up(settings, tmp_path / "old")
        await life.record(3, 4)
        await life.sink.publish()
        back_up(settings, tmp_path / "new")
        await life.sink.close()
    assert 2 == old.position
    # The database of the new backup beside the log of the old one.
    restore(settings, tmp_path / "old", force=True)
    shutil.copytree(tmp_path / "new", tmp_path / "mixed")
    _forget_the_log(tmp_path / "mixed")
    assert restore(settings, tmp_path / "mixed", force=True).missing == 0

    async with live(settings) as life:
        await life.record(5)
        await life.sink.close()

    assert in_order(1, 2, 3, 4, 5) == told(settings)


def _forget_the_log(folder: Path) -> None:
    """As if the log were backed up elsewhere."""
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"log": "here"', '"log": "elsewhere"'))


async def test_rows_come_back_as_they_were(settings: Settings, tmp_path: Path) -> None:
    """
    Every column of every event, and the counters: new rows do not take old numbers.
    """
    async with live(settings) as life:
        await life.record(*range(50))
        before = await life.bot.store.read(lambda tx: tx.execute(select(event)).all())
        back_up(settings, tmp_path / "backup")
        await life.record(99)

    restore(settings, tmp_path / "backup", force=True)

    async with live(settings) as life:
        assert before == await life.bot.store.read(lambda tx: tx.execute(select(event)).all())
        await life.record(100)
        newest = await life.bot.store.read(
            lambda tx: tx.scalar(select(event.c.no).order_by(event.c.no.desc()))
        )
        assert newest > max(row.no for row in before)


async def test_a_restore_refuses(settings: Settings, tmp_path: Path) -> None:
    """
    While a service runs; over something that is there; from a backup that is not finished, or not what it was.
    """
    async with live(settings) as life:
        await life.record(1)
        await life.sink.publish()
        back_up(settings, tmp_path / "backup")
        office = Leadership(life.bot.store, "log")
        assert await office.held()
        with pytest.raises(BackupError, match="Stop it first"):
            restore(settings, tmp_path / "backup", force=True)
        await office.close()
        await life.sink.close()

    with pytest.raises(BackupError, match="--force"):
        restore(settings, tmp_path / "backup")
    with pytest.raises(BackupError, match="not empty"):
        back_up(settings, tmp_path / "backup")

    half = shutil.copytree(tmp_path / "backup", tmp_path / "half")
    (half / "manifest.json").unlink()
    with pytest.raises(BackupError, match="no finished backup"):
        restore(settings, half, force=True)

    damaged = next(p for p in (tmp_path / "backup").rglob("*") if p.is_file() and "lake" in p.parts)
    damaged.chmod(0o600)
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    with pytest.raises(BackupError, match="damaged"):
        restore(settings, tmp_path / "backup", force=True)

    assert in_order(1) == told(settings)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_nothing_in_the_way_is_thrown_away(settings: Settings, tmp_path: Path) -> None:
    """
    With --force the files that were there get another name.
    """
    async with live(settings) as life:
        await life.record(1)
        await life.sink.close()
    back_up(settings, tmp_path / "backup")

    done = restore(settings, tmp_path / "backup", force=True)

    assert {"bot.sqlite3", "lake.sqlite", "lake"} <= {
        p.name.split(".before-")[0] for p in done.aside
    }
    assert all(path.exists() for path in done.aside)


@pytest.fixture
async def busy(tmp_path: Path) -> AsyncIterator[Path]:
    """A SQLite file of some megabytes that somebody writes to without a pause; two counters are always equal."""
    path, stop = tmp_path / "busy.sqlite3", threading.Event()
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        con.execute("PRAGMA journal_mode=WAL")
        con.execute("CREATE TABLE pair (a INTEGER, b INTEGER)")
        con.execute("CREATE TABLE filling (x BLOB)")
        con.execute("INSERT INTO pair VALUES (0, 0)")
        con.executemany("INSERT INTO filling VALUES (?)", [(b"x" * 500_000,)] * 16)

    def write() -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as con:
            while not stop.is_set():
                con.execute("BEGIN IMMEDIATE")
                con.execute("UPDATE pair SET a = a + 1")
                con.execute("UPDATE pair SET b = b + 1")
                con.execute("COMMIT")

    thread = threading.Thread(target=write)
    thread.start()
    yield path
    stop.set()
    thread.join()


async def test_a_copy_ends_although_somebody_writes(busy: Path, tmp_path: Path) -> None:
    """
    Writers neither hold the copy up nor tear it.
    """
    for number in range(3):
        copy = tmp_path / f"copy-{number}"
        sqlite_file.copy(busy, copy)
        with closing(sqlite3.connect(copy)) as con:
            a, b = con.execute("SELECT a, b FROM pair").fetchone()
        assert a == b
        assert not copy.with_name(copy.name + "-wal").exists()
