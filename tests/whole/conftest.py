"""One town for all stories of a worker: each story has clients, chats and listings of its own."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.whole.town import Town, town


@pytest.fixture(scope="session")
def _town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("town")) as place:
        place.connect()
        yield place


@pytest.fixture
def place(_town: Town) -> Iterator[Town]:
    """A town with a connected account, in good weather."""
    yield _town
    _town.faults(clear=True)


_next = count()


@pytest.fixture
def listing(place: Town) -> int:
    """A listing that nobody else in these tests uses, switched on."""
    rows = place.client().listings(status="active", limit=100).rows
    chosen = rows[next(_next) % len(rows)].id
    place.switch(chosen)
    return chosen
