"""Who does what only one process may do: write the log, sweep, keep the timetable."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import structlog
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from bot.store.engine import Store

log = structlog.get_logger()

Leads = Callable[[], Awaitable[bool]]
"""Asks whether this process may go on with what only one may do."""

REACH = {"connect_timeout": 5, "keepalives_idle": 10, "tcp_user_timeout": 10_000}
"""Seconds, seconds and milliseconds after which a server that says nothing counts as gone."""

OFFICES = ("log", "sweep", "clock")
"""What one process of several does: writes the log, sweeps, keeps the timetable."""

ROOM = 0x61766974
"""The first half of every lock's key, so that other programs on the same server are not in the way."""


async def alone() -> bool:
    """Leads where no other process can be."""
    return True


class Leadership:
    """One office, held by at most one process at a time.

    On SQLite always ours: one process holds the file. On PostgreSQL a lock of a session that does nothing else: when the
    process dies, or its connection does, the server gives the lock to whoever asks next. A paused process keeps it.
    """

    def __init__(self, store: Store, name: str) -> None:
        self.name = name
        self._url = None if store.is_sqlite else store.url
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"leader-{name}")
        self._session: Connection | None = None

    async def held(self) -> bool:
        """Whether the office is ours just now; takes it when it is free. False while the server cannot be reached."""
        if self._url is None:
            return True
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.held_now)

    def held_now(self) -> bool:
        """`held` for callers without an event loop; from one thread at a time."""
        if self._url is None:
            return True
        try:
            return self._lives() or self._take()
        except DBAPIError as error:
            log.warning("leadership lost", office=self.name, error=type(error.orig).__name__)
            self.leave()
            return False

    async def close(self) -> None:
        """Lets somebody else have the office at once."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self.leave)
        self._thread.shutdown()

    def leave(self) -> None:
        """Ends the session, and with it the lock."""
        session, self._session = self._session, None
        if session is not None:
            engine = session.engine
            session.close()
            engine.dispose()

    def _lives(self) -> bool:
        """Whether the session that holds the lock is still there."""
        if self._session is None:
            return False
        self._session.execute(text("SELECT 1"))
        return True

    def _take(self) -> bool:
        assert self._url is not None
        # AUTOCOMMIT: an idle transaction would keep the server from cleaning up.
        engine = create_engine(
            self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=REACH
        )
        session = engine.connect()
        key = {"room": ROOM, "office": zlib.crc32(self.name.encode()) - 2**31}
        if session.scalar(text("SELECT pg_try_advisory_lock(:room, :office)"), key):
            self._session = session
            log.info("leadership taken", office=self.name)
            return True
        session.close()
        return False
