"""A store that was closed says so at once: whoever waited for it would never end."""

import asyncio

import pytest
from sqlalchemy import Connection

from bot.store.engine import Store, StoreUnavailable


def nothing(tx: Connection) -> None:
    """Work that does nothing."""


async def test_a_closed_store_refuses(database_url: str) -> None:
    """
    What comes too late is refused, reading as well as writing, so that the service ends although somebody has not.
    """
    store = Store(database_url)
    store.close()

    async with asyncio.timeout(5):
        with pytest.raises(StoreUnavailable, match="stopping"):
            await store.write(nothing)
        with pytest.raises(StoreUnavailable, match="stopping"):
            await store.read(nothing)
