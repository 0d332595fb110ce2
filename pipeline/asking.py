"""Questions from outside, asked so that they can neither change the log nor read anything else of
the machine."""

import json
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.lake import Lake, connect, data_path, quoted
from pipeline.printing import JSON

HARMLESS_TABLE_FUNCTIONS = frozenset(
    {
        "range",
        "generate_series",
        "unnest",
        "json_each",
        "json_tree",
        "repeat",
        "summary",
        "histogram",
    }
)
"""Functions that may stand in FROM. All others are refused: some open files of their own accord
(SQLite's do)."""


_NAMES = ("catalog_name", "schema_name", "table_name", "function_name")

TELLTALES = frozenset(
    {
        "current_setting",
        "duckdb_databases",
        "duckdb_logs",
        "pg_settings",
        "pragma_database_list",
        "write_log",
    }
)
"""Views and functions that tell where things lie on this machine, with the passwords of a server's address."""

CATALOG_OF_THE_LOG = "__ducklake_metadata"
"""What DuckLake attaches for itself: with a catalog in PostgreSQL, every table of that database."""


class Refused(Exception):
    """The question was not asked, or had no answer; the message is one line that says why."""


def ask(sql: str, lake: Lake | None = None) -> pa.Table:
    """The answer to one SELECT over the views. Raises Refused, LakeMissing or LakeBroken.

    Two locks: DuckDB may open nothing but the log's own files, and only a statement that reads,
    with table functions from a short list, is asked at all. The second is needed because the SQLite
    extension opens files past the first, and because the log's catalog is attached too.
    """
    con = connect(lake)
    try:
        lock(con)
        check(con, sql)
        con.execute(sql)
        json_columns = [str(each[1]) == "JSON" for each in con.description or ()]
        return _marked(con.to_arrow_table(), json_columns)
    except duckdb.Error as error:
        raise Refused(_one_line(error)) from error
    finally:
        con.close()


def lock(con: duckdb.DuckDBPyConnection) -> None:
    """From here on this connection reads the log's files, and nothing else can be opened or set."""
    con.execute("SET python_enable_replacements = false")
    con.execute(f"SET allowed_directories = [{quoted(data_path(con))}]")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")


def check(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raises Refused unless the text is exactly one statement that only reads. Bad syntax is
    duckdb's own error."""
    statements = con.extract_statements(sql)
    if len(statements) != 1:
        raise Refused(f"one question at a time, please: this is {len(statements)} statements")
    row = con.execute("SELECT json_serialize_sql($sql)", {"sql": statements[0].query}).fetchone()
    tree = json.loads(row[0]) if row else {"error": True}
    if tree["error"]:
        raise Refused(
            "only questions are answered here (SELECT, DESCRIBE, SUMMARIZE), nothing that changes"
        )
    for node in _nodes(tree):
        if name := _refused(node):
            raise Refused(f"{name} is not available here: only the log can be read")


def _refused(node: dict[str, Any]) -> str | None:
    """What a part of a question names that is none of its business."""
    names = [str(node.get(key) or "").lower() for key in _NAMES]
    if node.get("type") == "TABLE_FUNCTION":
        name = str(node.get("function", {}).get("function_name", "a table function")).lower()
        return None if name in HARMLESS_TABLE_FUNCTIONS else f"{name}()"
    hidden = (n for n in names if n in TELLTALES or n.startswith(CATALOG_OF_THE_LOG))
    return next(hidden, None)


def _marked(answer: pa.Table, json_columns: list[bool]) -> pa.Table:
    """The mark says which strings are JSON."""
    fields = [
        field.with_metadata(JSON) if is_json else field
        for field, is_json in zip(answer.schema, json_columns, strict=True)
    ]
    return answer.cast(pa.schema(fields))


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every part of a parsed question."""
    if isinstance(tree, dict):
        yield tree
    for each in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(each)


def _one_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[:2]) if lines else type(error).__name__
