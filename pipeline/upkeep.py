"""Maintenance of a log's files: small ones become large ones, and what no reader needs any more goes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import duckdb

from pipeline.definitions import KEPT

TIERS = (1_000_000, 8_000_000, 64_000_000)
"""Bytes. Files below a tier are merged when there are enough of them, so that an event is written a few times in all,
however long the log grows."""

ENOUGH = 8

DELETED = 0.002
"""A file is written anew without its deleted rows when they are more than this share of it."""

KEEP = timedelta(minutes=15)
"""So long do old states live, and the files that only they need: longer than any question, and than a backup copies. Each
costs the catalog eighty rows, which every commit and every question reads: an hour of them would double what a commit takes."""

TABLES = ("event_log", "corrected", *(f"settled_{name}" for name in KEPT))

_MOMENTS_ARE_TEXTS = (
    "SELECT 1 FROM __ducklake_metadata_lake.ducklake_files_scheduled_for_deletion "
    "WHERE typeof(schedule_start) = 'VARCHAR' LIMIT 1"
)
_ONE_FORM = (
    "UPDATE __ducklake_metadata_lake.ducklake_files_scheduled_for_deletion "
    "SET schedule_start = replace(schedule_start, ' ', 'T') WHERE schedule_start LIKE '% %'"
)


Step = Callable[[duckdb.DuckDBPyConnection, datetime], int]


def steps() -> list[tuple[str, Step]]:
    """What a maintenance does, piece by piece, so that others may write in between: what a piece's number counts, and the
    piece, which is told from when on snapshots live."""
    return [
        *(("files_merged", partial(_tidied, table)) for table in TABLES),
        ("snapshots_expired", _expired),
        ("files_removed", _removed),
    ]


def _tidied(table: str, con: duckdb.DuckDBPyConnection, _before: datetime) -> int:
    return _rewritten(con, table) + _merged(con, table)


def _expired(con: duckdb.DuckDBPyConnection, before: datetime) -> int:
    """By their numbers: `older_than` compares moments of a catalog in SQLite as texts of two forms, so that all of a day
    would be older than any moment of it."""
    old = con.execute(
        "SELECT snapshot_id FROM lake.snapshots() "
        "WHERE snapshot_time < $before AND snapshot_id <> (FROM lake.current_snapshot())",
        {"before": before},
    ).fetchall()
    if not old:
        return 0
    call = "ducklake_expire_snapshots('lake', versions => $old)"
    return _number(con, f"count(*) FROM {call}", {"old": [number for (number,) in old]})


def _removed(con: duckdb.DuckDBPyConnection, before: datetime) -> int:
    """Files that are not needed since `before`; their moments get the form that `older_than` is compared in, see above."""
    if con.execute(_MOMENTS_ARE_TEXTS).fetchone():
        con.execute(_ONE_FORM)
    call = "ducklake_cleanup_old_files('lake', older_than => $before)"
    return _number(con, f"count(*) FROM {call}", {"before": before})


def _rewritten(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Files with deleted rows are merged with no other until they are written anew."""
    if not _number(con, f"count(delete_file) FROM ducklake_list_files('lake', '{table}')"):
        return 0
    call = f"ducklake_rewrite_data_files('lake', '{table}', delete_threshold => {DELETED})"
    return _number(con, f"sum(files_processed) FROM {call}")


def _merged(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return sum(_tier_merged(con, table, tier) for tier in TIERS)


def _tier_merged(con: duckdb.DuckDBPyConnection, table: str, tier: int) -> int:
    small = _number(
        con,
        f"count(*) FROM ducklake_list_files('lake', '{table}') "
        f"WHERE data_file_size_bytes < {tier} AND delete_file IS NULL",
    )
    if small < ENOUGH:
        return 0
    call = f"ducklake_merge_adjacent_files('lake', '{table}', max_file_size => {tier})"
    return _number(con, f"sum(files_processed) FROM {call}")


def _number(con: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any] | None = None) -> int:
    # All of it: a statement whose answer is not read to its end is rolled back, with its work.
    [(found,)] = con.execute(f"SELECT {sql}", values).fetchall()
    return int(found or 0)
