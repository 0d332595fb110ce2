"""The sink's door: the only way by which events get into the log."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial

import duckdb
import pyarrow as pa

from pipeline import upkeep
from pipeline.definitions import fingerprint, speak, sql_text
from pipeline.events import EventRow
from pipeline.kept import OPEN_CHATS, Kept
from pipeline.lake import THREADS, Lake, LakeBroken, connect_to_write, newest_snapshot
from pipeline.views import silence_of, told_about

SCHEMA = pa.schema(
    [
        ("seq", pa.int64()),
        ("at", pa.timestamp("us")),
        ("kind", pa.string()),
        ("account_id", pa.int64()),
        ("listing_id", pa.int64()),
        ("chat_id", pa.string()),
        ("message_id", pa.string()),
        ("body", pa.string()),
    ]
)
"""Events as columns; `at` is UTC without a zone."""


class LakeWriter:
    """Appends events to one log, and keeps the rows of dialogs, waits, replies and leads with them.

    Synchronous, for one thread of the one process that writes. Opens, and if need be creates, the log at the first call
    that needs it; a log whose rows were kept by other definitions, or by none, is brought up to date then, which takes a
    minute for ten million events. After a LakeBroken the connection is dropped, so a later call starts afresh and succeeds
    when the log was mended. `silence` ends a dialog; None leaves it as the log has it.
    """

    def __init__(
        self, lake: Lake, silence: timedelta | None = None, open_chats: int = OPEN_CHATS
    ) -> None:
        self._lake = lake
        self._silence = silence
        self._open_chats = open_chats
        self._opened: tuple[duckdb.DuckDBPyConnection, Kept] | None = None
        self._position = 0
        self._snapshot = 0

    def position(self) -> int:
        """The highest seq in the log, 0 when it is empty. Raises LakeBroken."""
        self._open()
        return self._position

    def append(self, rows: Sequence[EventRow]) -> None:
        """Adds the rows after the log's position, all or none of them, in one transaction.

        Rows up to the position are there already and are passed over, so a repeat does no harm.
        Raises LakeBroken; then nobody knows whether the rows were added, and the next call asks the
        log.
        """
        self._look_whether_others_wrote()
        position = self.position()
        new = [row for row in rows if row.seq > position]
        if new:
            self.append_table(events_table(new))

    def append_table(self, events: pa.Table) -> None:
        """The same for events as columns, of SCHEMA, all of them after the log's position."""
        con, kept = self._open()
        with self._writing(con):
            _hear(con, events)
            kept.follow()
            con.execute("INSERT INTO lake.main.event_log FROM fresh")
        self._position = events["seq"][-1].as_py()
        self._snapshot = _own_snapshot(con) or 0

    def fill(self, parts: Iterable[pa.Table]) -> None:
        """Adds very many events, as `append_table` would, part by part, and computes the rows once, at the end.

        All of it in one transaction, and quicker than batch by batch when the log was empty. Raises LakeBroken.
        """
        con, _ = self._open()
        with self._writing(con):
            for events in parts:
                _hear(con, events)
                con.execute("INSERT INTO lake.main.event_log FROM fresh")
            self._compute_anew(con)
        self.close()

    def rebuild(self) -> None:
        """Computes the kept rows anew from all events: the same rows. Raises LakeBroken."""
        self.fill(())

    def maintain(self, keep: timedelta = upkeep.KEEP) -> dict[str, int]:
        """Puts small pieces together and throws away what no reader needs; counts by step.

        Snapshots, and files that only they need, live for `keep`, so that no reader loses a file
        under its feet.
        """
        done: Counter[str] = Counter()
        for step in self.maintenance(keep):
            done.update(step())
        return dict(done)

    def maintenance(self, keep: timedelta = upkeep.KEEP) -> list[Callable[[], dict[str, int]]]:
        """The same piece by piece, so that events which come meanwhile need not wait for all of it. Each raises LakeBroken."""
        before = datetime.now(UTC) - keep
        return [partial(self._step, name, step, before) for name, step in upkeep.steps()]

    def _step(self, name: str, step: upkeep.Step, before: datetime) -> dict[str, int]:
        self._look_whether_others_wrote()
        con, _ = self._open()
        try:
            done = step(con, before)
            self._snapshot = _own_snapshot(con) or self._snapshot
        except duckdb.Error as error:
            raise self._broken(error) from error
        return {name: done}

    def close(self) -> None:
        """Lets go of the log. A later call opens it again."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened[0].close()

    def _open(self) -> tuple[duckdb.DuckDBPyConnection, Kept]:
        if self._opened is None:
            con = connect_to_write(self._lake)
            try:
                kept = self._prepared(con)
                [(self._position,)] = con.execute(
                    "SELECT coalesce(max(seq), 0) FROM lake.main.event_log"
                ).fetchall()
                self._snapshot = newest_snapshot(con)
            except duckdb.Error as error:
                con.close()
                raise self._broken(error) from error
            self._opened = con, kept
        return self._opened

    def _prepared(self, con: duckdb.DuckDBPyConnection) -> Kept:
        """The keeper of the rows; where there are none, or by other definitions or another silence, it makes them first."""
        about = told_about(con)
        silence = self._silence or silence_of(about)
        speak(con, silence)
        wanted = {"kept": fingerprint(), "silence_seconds": str(silence.total_seconds())}
        if {name: about.get(name) for name in wanted} != wanted:
            with _transaction(con):
                con.execute(sql_text("log.sql"))
                self._compute_anew(con)
                con.execute("DELETE FROM lake.main.about")
                con.executemany("INSERT INTO lake.main.about VALUES (?, ?)", [*wanted.items()])
        kept = Kept(con, self._open_chats)
        kept.load()
        return kept

    def _compute_anew(self, con: duckdb.DuckDBPyConnection) -> None:
        con.execute("RESET threads")
        Kept(con).rebuild()
        con.execute(sql_text("layout.sql"))
        con.execute(f"SET threads = {THREADS}")

    def _look_whether_others_wrote(self) -> None:
        """What is in memory holds only as long as nobody else writes to the log."""
        if self._opened is not None:
            try:
                others = newest_snapshot(self._opened[0]) != self._snapshot
            except duckdb.Error as error:
                raise self._broken(error) from error
            if others:
                self.close()

    @contextmanager
    def _writing(self, con: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """One transaction; what goes wrong in the database is a LakeBroken."""
        try:
            with _transaction(con):
                yield
        except duckdb.Error as error:
            raise self._broken(error) from error

    def _broken(self, error: duckdb.Error) -> LakeBroken:
        self.close()
        lake = self._lake
        return LakeBroken(f"the event log at {lake.name} takes no events: {lake.complaint(error)}")


def _hear(con: duckdb.DuckDBPyConnection, events: pa.Table) -> None:
    """Makes the table `fresh` of them."""
    con.register("new_events", events)
    con.execute(sql_text("fresh.sql"))
    con.unregister("new_events")


def _own_snapshot(con: duckdb.DuckDBPyConnection) -> int | None:
    """The state of the log that this connection wrote last; None when it wrote none."""
    [(number,)] = con.execute("FROM ducklake_last_committed_snapshot('lake')").fetchall()
    return None if number is None else int(number)


@contextmanager
def _transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of it or nothing."""
    con.execute("BEGIN")
    try:
        yield
        con.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.Error):
            con.execute("ROLLBACK")
        raise


def events_table(rows: Sequence[EventRow]) -> pa.Table:
    """The rows as columns. A moment with a zone would be shifted to the machine's zone: hence UTC, and naive."""
    columns = {
        "seq": [row.seq for row in rows],
        "at": [_utc(row.at) for row in rows],
        "kind": [row.kind for row in rows],
        "account_id": [row.account_id for row in rows],
        "listing_id": [row.listing_id for row in rows],
        "chat_id": [row.chat_id for row in rows],
        "message_id": [row.message_id for row in rows],
        "body": [row.body for row in rows],
    }
    return pa.Table.from_pydict(columns, schema=SCHEMA)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("an event's moment needs a zone")
    return moment.astimezone(UTC).replace(tzinfo=None)
