"""A reader for many questions: it looks into the catalog once for each state of the log, and not for each question.

A question to DuckLake asks the catalog half a dozen times before it reads a row, which takes longer than the answer when the
question is about a month. A dashboard that knows which state it shows need not ask again: here the tables of the log are
the very files of one state. They live for a quarter of an hour longer than the state (`upkeep.KEEP`), and longer than any
question.
"""

import threading

import duckdb

from pipeline.lake import Lake, newest_snapshot, opened_to_read, quoted
from pipeline.views import create_views, outlived


class SteadyLog:
    """A log as of its newest state, with the views of `connect`; `renew` goes on to what is newest then."""

    def __init__(self, lake: Lake | None = None) -> None:
        """Raises LakeMissing, LakeBroken."""
        self.edition = -1
        self._lock = threading.Lock()
        with opened_to_read(lake or Lake.from_env(), "log") as con:
            self._con = con
            con.execute("SET parquet_metadata_cache = true")
            con.execute("ATTACH ':memory:' AS lake")
            self.renew()
            create_views(con)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of one's own; close it as one likes."""
        return self._con.cursor()

    def renew(self) -> int:
        """Goes on to the newest state of the log; its number, which changes with every commit. Raises duckdb.Error."""
        with self._lock, self._con.cursor() as con:
            # One transaction: files that are merged meanwhile would hold rows of later states.
            con.execute("BEGIN")
            newest = newest_snapshot(con, "log")
            if newest != self.edition:
                for table in _tables(con):
                    con.execute(
                        f"CREATE OR REPLACE VIEW lake.main.{table} AS {_as_of(con, table, newest)}"
                    )
            con.execute("COMMIT")
            self.edition = newest
            return newest

    @property
    def outlived(self) -> bool:
        """Whether the log got another shape since, so that a new SteadyLog would see more."""
        with self._con.cursor() as con:
            return outlived(con)


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    found = con.execute("SELECT table_name FROM ducklake_table_info('log')").fetchall()
    return [name for (name,) in found]


def _as_of(con: duckdb.DuckDBPyConnection, table: str, state: int) -> str:
    """A table in one state, as a query. Where rows are deleted, or are not in files, DuckLake is asked for them."""
    columns = con.execute(f"DESCRIBE log.main.{table}").fetchall()
    listed = f"FROM ducklake_list_files('log', '{table}', snapshot_version => {state})"
    files = con.execute(f"{listed} SELECT data_file, delete_file").fetchall()
    if any(deleted for _, deleted in files) or _has_rows_elsewhere(con):
        return f"FROM log.main.{table} AT (VERSION => {state})"
    if not files:
        nothing = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind, *_ in columns)
        return f"SELECT {nothing} WHERE false"
    names = ", ".join(f'"{name}"' for name, *_ in columns)
    paths = ", ".join(quoted(file) for file, _ in files)
    return f"FROM read_parquet([{paths}], hive_partitioning => false) SELECT {names}"


def _has_rows_elsewhere(con: duckdb.DuckDBPyConnection) -> bool:
    """Rows in the catalog itself: this program writes none, another one might."""
    asked = "SELECT 1 FROM __ducklake_metadata_log.ducklake_inlined_data_tables LIMIT 1"
    return con.execute(asked).fetchone() is not None
