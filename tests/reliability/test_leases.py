"""Workers that share one database: who holds a chat, and what a worker may still do that was paused too long."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, insert, update

from bot.store import chats
from bot.store.chats import LEASE, Hold
from bot.store.engine import Store
from bot.store.tables import account, chat

NOW = datetime(2026, 10, 9, 9, 0, tzinfo=UTC)
LATER = NOW + LEASE + timedelta(seconds=1)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """Ten chats that are due."""
    opened = Store(database_url)
    opened.write_now(_furnish)
    yield opened
    opened.close()


def _furnish(tx: Connection) -> None:
    tx.execute(
        insert(account).values(
            id=1, name="А", zone="UTC", state="connected", connected_by="a", connected_at=NOW
        )
    )
    about = {"account_id": 1, "chat_type": "u2i", "created_at": NOW, "updated_at": NOW}
    for n in range(10):
        tx.execute(insert(chat).values(id=f"u2i-{n}", due_at=NOW, **about))


def claimed(store: Store, worker: str, now: datetime, limit: int = 10) -> list[Hold]:
    return store.write_now(lambda tx: chats.claim(tx, worker, now, limit))


def test_a_chat_is_in_one_pair_of_hands(store: Store) -> None:
    """What one worker holds another does not get, as long as the first says that it is alive."""
    first = claimed(store, "one", NOW, 6)
    second = claimed(store, "two", NOW)

    assert 6 == len(first)
    assert 4 == len(second)
    assert set() == {hold.chat_id for hold in first} & {hold.chat_id for hold in second}

    half = NOW + LEASE / 2
    assert all(store.write_now(partial(chats.alive, hold=hold, now=half)) for hold in first)
    assert {hold.chat_id for hold in second} == {h.chat_id for h in claimed(store, "two", LATER)}


def test_who_was_away_too_long_holds_nothing(store: Store) -> None:
    """After the lease another worker has the chat, and the first can neither prolong, hold nor release it."""
    old = claimed(store, "one", NOW, 1)[0]
    new = next(h for h in claimed(store, "two", LATER) if h.chat_id == old.chat_id)

    assert not store.write_now(lambda tx: chats.still_held(tx, old))
    assert not store.write_now(lambda tx: chats.alive(tx, old, LATER))
    store.write_now(lambda tx: chats.release(tx, old))
    assert store.write_now(lambda tx: chats.still_held(tx, new))
    assert [] == claimed(store, "three", LATER)


def test_two_who_claim_at_once_share(store: Store) -> None:
    """However two workers' claims fall together, no chat goes to both."""
    for round_ in range(20):
        store.write_now(lambda tx: tx.execute(update(chat).values(lease_until=None, due_at=NOW)))
        futures = [
            store._writer.submit(lambda tx, w=worker: chats.claim(tx, w, NOW, 10))
            for worker in ("one", "two", "three")
        ]
        holds = [hold.chat_id for future in futures for hold in future.result()]

        assert sorted(set(holds)) == sorted(holds), f"round {round_}"
        assert len(holds) <= 10
