"""The power goes: what was acknowledged is on disk, whatever of the rest got there."""

import asyncio
import functools
import itertools
import random
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, insert

from bot.store import engine
from bot.store.engine import Store
from bot.store.inbox import Call, Letterbox
from bot.store.tables import account, metadata
from tests.reliability.power_cut import Disk, Driver, write_out

NOW = datetime(2026, 10, 9, 9, 0, tzinfo=UTC)
CUTS = 100


@contextmanager
def store_on_a_disk(path: Path, prepare: str = "") -> Iterator[tuple[Store, Disk]]:
    """The store as it is, on a disk that can be cut off; `prepare` runs after its own settings of a connection."""
    disk = Disk(f"disk-{uuid.uuid4()}")
    driver = Driver(disk.name, prepare)
    make = functools.partial(create_engine, module=driver)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "create_engine", make)
        store = Store(f"sqlite:///{path}")
    try:
        yield store, disk
    finally:
        store.close()
        disk.unregister()


async def cut(path: Path, prepare: str, cuts: int) -> tuple[int, int, int]:
    """Webhook calls are dropped in while the power goes again and again: acknowledged at the last cut, missing, broken.

    Each cut leaves a copy of what would be on the disk; the service itself goes on.
    """
    acknowledged: set[str] = set()
    numbers, missing, broken = itertools.count(), 0, 0
    chance = random.Random(7)
    with store_on_a_disk(path / "bot.sqlite3", prepare) as (store, disk):
        await store.write(_shape)
        letterbox = Letterbox(store)

        async def drop() -> None:
            name = f"{next(numbers):032x}"
            await letterbox.drop(Call(1, name, "{" + "x" * chance.randrange(2000) + "}", NOW))
            acknowledged.add(name)

        for number in range(cuts):
            under_way = [asyncio.ensure_future(drop()) for _ in range(8)]
            await asyncio.sleep(chance.uniform(0, 0.004))
            promised = set(acknowledged)
            left = disk.after_power_cut(chance)
            assert any(name.endswith("-wal") for name in left)
            found = kept(write_out(left, path / f"cut-{number}"))
            missing, broken = missing + len(promised - found), broken + (found == {"broken"})
            await asyncio.gather(*under_way)
    return len(acknowledged), missing, broken


def _shape(tx: Connection) -> None:
    metadata.create_all(tx)
    tx.execute(
        insert(account).values(
            id=1, name="", zone="UTC", state="connected", connected_by="", connected_at=NOW
        )
    )


def kept(path: Path) -> set[str]:
    """The messages that a service would find after the start."""
    with sqlite3.connect(path) as con:
        try:
            sound = con.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            rows = con.execute("SELECT message_id FROM inbox").fetchall()
        except sqlite3.DatabaseError:
            return {"broken"}
    return {row[0] for row in rows} if sound else {"broken"}


async def test_an_acknowledged_message_survives_a_power_cut(tmp_path: Path) -> None:
    """A hundred cuts at any moment, with any part of the unsynced writes on the disk: nothing missing, nothing broken."""
    acknowledged, missing, broken = await cut(tmp_path, "", CUTS)

    assert acknowledged >= CUTS
    assert (0, 0) == (missing, broken)


async def test_the_disk_can_lose_what_was_not_synced(tmp_path: Path) -> None:
    """With synchronous=NORMAL the same cuts lose acknowledged messages: the test above can fail."""
    _, missing, _ = await cut(tmp_path, "PRAGMA synchronous=NORMAL", 20)

    assert missing > 0
