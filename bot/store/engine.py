"""The store's door: short transactions off the event loop, durable when they are answered.

On SQLite one thread writes. It commits whatever waits in one transaction (group commit), so that a hundred webhook
calls cost one flush to disk; each closure runs in a savepoint of its own, so that one failure undoes only itself.
On PostgreSQL every closure has its own transaction on a pool of connections.
"""

import asyncio
import fcntl
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import IO, Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")
Work = Callable[[Connection], T]

GROUP = 512
"""Closures that one transaction takes at most, so that the first of them does not wait for a whole backlog."""

LONGEST = 0.05
"""Seconds after which a transaction takes no more, however much waits: something urgent may have come."""

CLOSED = "the service is stopping"

_RETRIABLE = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock


class StoreUnavailable(Exception):
    """The database cannot take this now (locked, read-only, full, gone); it may be able to later."""


class DatabaseInUse(Exception):
    """Another process holds this SQLite database."""


class Store:
    """One database. `write` answers after the commit; `read` sees what was committed before it began."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._lock = hold(Path(self.url.database or "")) if self.is_sqlite else None
        self.engine = _sqlite(str(self.url.database)) if self.is_sqlite else _postgres(url)
        self._readers = ThreadPoolExecutor(4, thread_name_prefix="store-read")
        self._writer = _GroupWriter(self.engine) if self.is_sqlite else _PoolWriter(self.engine)

    async def write(self, work: Work[T], *, urgent: bool = False) -> T:
        """Runs `work` in a transaction; its result once it is on disk. Raises what `work` raises, or StoreUnavailable.

        What is `urgent` goes before what waits, for whoever asks has no patience.
        """
        return await asyncio.wrap_future(self._writer.submit(work, urgent=urgent))

    async def read(self, work: Work[T]) -> T:
        """Runs `work` in a transaction that is not kept. Raises what `work` raises, or StoreUnavailable."""
        try:
            reading = self._readers.submit(self.read_now, work)
        except RuntimeError as error:
            raise StoreUnavailable(CLOSED) from error
        return await asyncio.wrap_future(reading)

    def write_now(self, work: Work[T]) -> T:
        """`write` for callers without an event loop."""
        return self._writer.submit(work).result()

    def read_now(self, work: Work[T]) -> T:
        """`read` for callers without an event loop."""
        try:
            with self.engine.connect() as tx:
                return work(tx)
        except DBAPIError as error:
            raise _translated(error) from error

    def close(self) -> None:
        """Commits what was handed in, then lets go of the database."""
        self._writer.close()
        self._readers.shutdown()
        self.engine.dispose()
        if self._lock:
            self._lock.close()


@dataclass(order=True)
class _Task:
    """Work that waits for the writer. What is urgent goes first, the end comes last."""

    rank: int
    number: int
    work: Work[Any] | None = field(compare=False)
    future: Future[Any] = field(compare=False, default_factory=Future)


class _GroupWriter:
    """The one thread that writes to SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: queue.PriorityQueue[_Task] = queue.PriorityQueue()
        self._numbers = count()
        self._closing, self._closed = threading.Lock(), False
        self._thread = threading.Thread(target=self._run, name="store-write", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T], *, urgent: bool = False) -> Future[T]:
        task = _Task(0 if urgent else 1, next(self._numbers), work)
        with self._closing:
            if self._closed:  # nobody would ever answer
                raise StoreUnavailable(CLOSED)
            self._queue.put(task)
        return task.future

    def close(self) -> None:
        with self._closing:
            self._closed = True
            self._queue.put(_Task(2, next(self._numbers), None))
        self._thread.join()

    def _run(self) -> None:
        while (task := self._queue.get()).work is not None:
            self._commit(task)

    def _commit(self, first: _Task) -> None:
        """One transaction for all that waits, for a while; nobody hears of success before the commit."""
        # Whoever gave up waiting before we began is passed over; from here on nobody can.
        if not first.future.set_running_or_notify_cancel():
            return
        taken, alone = [first.future], self._queue.empty()
        try:
            with self._engine.begin() as tx:
                done = _done(tx, first, alone=alone)
                for task in () if alone else self._more():
                    if task.future.set_running_or_notify_cancel():
                        taken.append(task.future)
                        done += _done(tx, task, alone=False)
        except Exception as error:
            unavailable = _translated(error)
            for future in taken:
                if not future.done():
                    future.set_exception(unavailable)
            return
        for future, result in done:
            future.set_result(result)

    def _more(self) -> Iterator[_Task]:
        """What goes into a transaction that has begun."""
        ends = time.monotonic() + LONGEST
        for _ in range(GROUP - 1):
            if time.monotonic() > ends or self._queue.empty():
                return
            task = self._queue.get()
            if task.work is None:
                self._queue.put(task)
                return
            yield task


def _done(tx: Connection, task: _Task, *, alone: bool) -> list[tuple[Future[Any], Any]]:
    """What came of it; the failure of one among others belongs to whoever handed it in."""
    assert task.work is not None
    if alone:  # undone with the whole
        return [(task.future, task.work(tx))]
    try:
        with tx.begin_nested():
            return [(task.future, task.work(tx))]
    except Exception as error:
        if isinstance(error, DBAPIError) and (not tx.in_transaction() or _is_disk(error)):
            raise
        task.future.set_exception(error)
        return []


class _PoolWriter:
    """Each closure in its own transaction, repeated when PostgreSQL asks for it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pool = ThreadPoolExecutor(16, thread_name_prefix="store-write")

    def submit(self, work: Work[T], *, urgent: bool = False) -> Future[T]:
        try:
            return self._pool.submit(self._run, work)
        except RuntimeError as error:
            raise StoreUnavailable(CLOSED) from error

    def close(self) -> None:
        self._pool.shutdown()

    def _run(self, work: Work[T]) -> T:
        for attempt in range(5):
            try:
                with self._engine.begin() as tx:
                    return work(tx)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _RETRIABLE or attempt == 4:
                    raise _translated(error) from error
                time.sleep(random.uniform(0.005, 0.02) * 2**attempt)
        raise AssertionError("the loop returns or raises")


def _translated(error: Exception) -> Exception:
    """StoreUnavailable for what the machine does to us; a broken statement or constraint stays what it is."""
    if isinstance(error, DBAPIError) and (error.connection_invalidated or _is_disk(error)):
        return StoreUnavailable(str(error.orig).splitlines()[0])
    return error


def _is_disk(error: DBAPIError) -> bool:
    return type(error.orig).__name__ in {
        "OperationalError",
        "InterfaceError",
        "DiskFull",
        "AdminShutdown",
    }


def _sqlite(path: str) -> Engine:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        f"sqlite:///{path}", pool_size=6, connect_args={"timeout": 5.0, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = (
            None  # we begin transactions ourselves: sqlite3 would begin them too late
        )
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "journal_size_limit=67108864",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Only the writer's thread takes the write lock: a reader that became a writer later would fail at once.
        writer = threading.current_thread().name == "store-write"
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

    return engine


def _postgres(url: str) -> Engine:
    return create_engine(
        url, pool_size=20, pool_pre_ping=True, connect_args={"options": "-c timezone=UTC"}
    )


def hold(path: Path) -> IO[str]:
    """A lock on the database for the life of this process: two writers on one SQLite file would stall each other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = open(f"{path}.lock", "w")  # noqa: SIM115 - held open on purpose
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise DatabaseInUse(
            f"{path} is in use by another process; several processes need PostgreSQL"
        ) from None
    return handle
