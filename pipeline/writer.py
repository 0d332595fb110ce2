"""The sink's door: the only way by which events get into the log."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa

from pipeline.events import EventRow
from pipeline.lake import Lake, LakeBroken, connect_to_write, sql_text

_SCHEMA = pa.schema(
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
_STEPS = {
    "files_merged": "sum(files_processed) FROM ducklake_merge_adjacent_files('lake')",
    "snapshots_expired": "count(*) FROM ducklake_expire_snapshots('lake', older_than => $before)",
    "files_removed": "count(*) FROM ducklake_cleanup_old_files('lake', older_than => $before)",
}
"""What maintenance does, in this order, and what it counts."""


class LakeWriter:
    """Appends events to one log. Synchronous, for one thread of the one process that writes.

    Opens, and if need be creates, the log at the first call that needs it. After a LakeBroken the
    connection is dropped, so a later call starts afresh and succeeds when the log was mended.
    """

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._con: duckdb.DuckDBPyConnection | None = None
        self._position: int | None = None

    def position(self) -> int:
        """The highest seq in the log, 0 when it is empty. Raises LakeBroken."""
        if self._position is None:
            row = self._ask("SELECT coalesce(max(seq), 0) FROM lake.main.event_log")
            self._position = int(row[0])
        return self._position

    def append(self, rows: Sequence[EventRow]) -> None:
        """Adds the rows after the log's position, all or none of them, in one transaction.

        Rows up to the position are there already and are passed over, so a repeat does no harm.
        Raises LakeBroken; then nobody knows whether the rows were added, and the next call asks the
        log.
        """
        position = self.position()
        new = [row for row in rows if row.seq > position]
        if not new:
            return
        con = self._open()
        try:
            con.register("new_events", _table(new))
            con.execute(sql_text("append.sql"), {"position": position})
            con.unregister("new_events")
        except duckdb.Error as error:
            raise self._broken(error) from error
        self._position = max(row.seq for row in new)

    def maintain(self, keep: timedelta = timedelta(hours=1)) -> dict[str, int]:
        """Puts small pieces together and throws away what no reader needs; counts by step.

        Snapshots, and files that only they need, live for `keep`, so that no reader loses a file
        under its feet.
        """
        values = {"before": datetime.now(UTC) - keep}
        return {
            step: int(self._ask(f"SELECT {sql}", values if "$before" in sql else None)[0] or 0)
            for step, sql in _STEPS.items()
        }

    def close(self) -> None:
        """Lets go of the log. A later call opens it again."""
        con, self._con, self._position = self._con, None, None
        if con is not None:
            con.close()

    def _open(self) -> duckdb.DuckDBPyConnection:
        if self._con is None:
            con = connect_to_write(self._lake)
            try:
                con.execute(sql_text("log.sql"))
            except duckdb.Error as error:
                con.close()
                raise self._broken(error) from error
            self._con = con
        return self._con

    def _ask(self, sql: str, values: dict[str, datetime] | None = None) -> tuple[int, ...]:
        con = self._open()
        try:
            # All of it: a statement whose answer is not read to its end is rolled back, with its work.
            rows = con.execute(sql, values).fetchall()
        except duckdb.Error as error:
            raise self._broken(error) from error
        return tuple(rows[0])

    def _broken(self, error: duckdb.Error) -> LakeBroken:
        self.close()
        lake = self._lake
        return LakeBroken(f"the event log at {lake.name} takes no events: {lake.complaint(error)}")


def _table(rows: Sequence[EventRow]) -> pa.Table:
    """The rows as columns. A moment with a zone would be shifted to the machine's zone: hence UTC,
    and naive."""
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
    return pa.Table.from_pydict(columns, schema=_SCHEMA)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("an event's moment needs a zone")
    return moment.astimezone(UTC).replace(tzinfo=None)
