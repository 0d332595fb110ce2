"""Questions from the command line: answered when they only ask, refused in one line when they do more."""

import csv
import hashlib
import io
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import Lake

ROOT = Path(__file__).resolve().parents[2]
Command = Callable[..., tuple[int, str, str]]


def fingerprint(lake: Lake) -> dict[str, str]:
    """What every file of a log holds. Who reads may leave an empty journal beside the catalog."""
    assert lake.catalog_file
    folder = lake.catalog_file.parent
    files = [
        each
        for each in sorted(folder.rglob("*"))
        if each.is_file() and each.suffix != ".sqlite-shm" and each.stat().st_size
    ]
    return {str(each): hashlib.sha256(each.read_bytes()).hexdigest() for each in files}


def test_json_is_an_array_of_objects_with_moments_that_have_a_zone(
    command: Command, month: Lake
) -> None:
    """
    Numbers are numbers, nothing is null, moments are RFC 3339, and a body is what it says.
    """
    sql = """
        SELECT seq, "at", account_id, body, NULL AS nothing, 'nan'::DOUBLE AS nan, sum(1) OVER () > 9 AS many,
               timezone('UTC', "at") AS zoned, [1, 2] AS both, 1.50::DECIMAL(9, 2) AS price
        FROM events WHERE kind = 'bot.started' ORDER BY seq LIMIT 1
    """

    code, out, _ = command("query", sql, "--format", "json", lake=month)

    assert 0 == code
    assert [
        {
            "seq": 1,
            "at": "2026-04-11T00:00:00Z",
            "account_id": None,
            "body": {"version": "0.1.0"},
            "nothing": None,
            "nan": None,
            "many": False,
            "zoned": "2026-04-11T00:00:00Z",
            "both": [1, 2],
            "price": 1.5,
        }
    ] == json.loads(out)


def test_csv_and_table_show_the_same(command: Command, month: Lake) -> None:
    """
    A comma and a line break in a text do not break CSV; two columns of one name stay two.
    """
    sql = """SELECT 'a, "b"' || chr(10) || 'c' AS x, 1 AS y, 2 AS y"""

    _, as_csv, _ = command("query", sql, "--format", "csv", lake=month)
    _, as_table, _ = command("query", "SELECT 'да' AS x, 10 AS long_name", lake=month)

    assert [["x", "y", "y"], ['a, "b"\nc', "1", "2"]] == list(csv.reader(io.StringIO(as_csv)))
    assert ["x   long_name", "--  ---------", "да  10"] == as_table.splitlines()


def test_no_rows_are_an_empty_array(command: Command, month: Lake) -> None:
    """
    An answer without rows is an answer.
    """
    assert (0, "[]\n", "") == command(
        "query", "FROM messages WHERE false", "--format", "json", lake=month
    )


@pytest.mark.parametrize(
    "sql", ["DESCRIBE messages", "SUMMARIZE leads", "SHOW TABLES", "FROM range(3)", "VALUES (1)"]
)
def test_what_only_reads_is_answered(command: Command, month: Lake, sql: str) -> None:
    """
    Not every question begins with SELECT.
    """
    code, out, err = command("query", sql, lake=month)

    assert (0, "") == (code, err)
    assert 3 <= len(out.splitlines())


HOSTILE = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT (SELECT count(*) FROM read_blob('/etc/passwd'))",
    "WITH x AS MATERIALIZED (FROM read_csv('/etc/passwd')) FROM x",
    "FROM '/etc/passwd'",
    "FROM '/etc/*.csv'",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM query('SELECT * FROM read_csv(''/etc/passwd'')')",
    "SELECT * FROM sqlite_scan('{other}', 'secret')",
    "SELECT * FROM sqlite_attach('{other}')",
    "SELECT * FROM sqlite_query('__ducklake_metadata_lake', 'select 1')",
    "ATTACH '{other}' AS o (TYPE sqlite)",
    "ATTACH '{catalog}' AS o (TYPE sqlite)",
    "ATTACH '{other}.duckdb'",
    "COPY (SELECT 1) TO '{files}/x.csv'",
    "COPY messages TO '{other}.csv'",
    "EXPORT DATABASE '{files}/x'",
    "INSERT INTO lake.main.event_log (seq) VALUES (1)",
    "DELETE FROM lake.main.event_log",
    "UPDATE lake.main.event_log SET kind = 'x'",
    "DROP TABLE lake.main.event_log",
    "CREATE TABLE x AS SELECT 1",
    "CREATE VIEW messages2 AS SELECT 1",
    "DROP VIEW messages",
    "SET lock_configuration = false",
    "SET threads = 1",
    "RESET enable_external_access",
    "PRAGMA enable_profiling",
    "INSTALL httpfs",
    "LOAD httpfs",
    "CALL ducklake_expire_snapshots('lake', older_than => now())",
    "FROM ducklake_cleanup_old_files('lake', cleanup_all => true)",
    "FROM ducklake_delete_orphaned_files('lake', cleanup_all => true)",
    "FROM ducklake_merge_adjacent_files('lake')",
    "EXPLAIN ANALYZE DELETE FROM lake.main.event_log",
    "USE lake",
    "DETACH lake",
    "CHECKPOINT",
    "SELECT 1; DELETE FROM lake.main.event_log",
    "BEGIN",
    "FROM duckdb_secrets()",
    "FROM __ducklake_metadata_lake.main.ducklake_snapshot",
    "FROM __DUCKLAKE_metadata_lake.ducklake_snapshot",
    """SELECT (SELECT count(*) FROM "__ducklake_metadata_lake".ducklake_table)""",
    "DESCRIBE __ducklake_metadata_lake.main.ducklake_snapshot",
    "SUMMARIZE __ducklake_metadata_lake.main.ducklake_snapshot",
    "SELECT path FROM duckdb_databases",
    "FROM system.main.duckdb_databases",
    "FROM pragma_database_list",
    "FROM pg_catalog.pg_settings",
    "SELECT current_setting('secret_directory')",
    "SELECT 1 WHERE (SELECT CURRENT_SETTING('temp_directory')) > ''",
    "SELECT getenv('HOME')",
    "SELECT write_log('x')",
    "FROM '{files}/../truth.json'",
    "FROM '{files}/../../*/truth.json'",
    "FROM read_parquet('{files}/**/*.parquet')",
    "FROM 'https://127.0.0.1:9/x.csv'",
    "SELECT unnest(glob('/etc/*'))",
    "FROM sniff_csv('/etc/passwd')",
    "FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "SUMMARIZE '/etc/passwd'",
    "MERGE INTO lake.main.about USING (SELECT 1) ON true WHEN NOT MATCHED THEN INSERT VALUES ('a', 'b')",
    "TRUNCATE lake.main.open_chats",
    "COMMENT ON TABLE lake.main.about IS 'x'",
    "ALTER TABLE lake.main.event_log ADD COLUMN x INT",
    "CALL lake.set_option('parquet_version', '1')",
    "PREPARE x AS SELECT 1",
    "SET VARIABLE x = 1",
    "EXECUTE x",
    "",
    "-- nothing",
    "SELECT nothing FROM messages",
    "SELEC 1",
    "SELECT 1 FROM nowhere",
    "SELECT 1 / 'a'",
]


@pytest.mark.parametrize("sql", HOSTILE)
def test_what_does_more_is_refused_in_one_line(
    command: Command, month: Lake, tmp_path: Path, sql: str
) -> None:
    """
    It neither reads nor writes anything but the log, and the log stays as it is, byte for byte.
    """
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE secret (word TEXT)")
    before = fingerprint(month)

    asked = sql.format(other=other, catalog=month.catalog_file, files=month.files.rstrip("/"))
    code, out, err = command("query", asked, "--format", "json", lake=month)

    assert (1, "") == (code, out)
    assert 1 == len(err.splitlines())
    assert "root:" not in err
    assert before == fingerprint(month)
    assert [other] == list(tmp_path.iterdir())


def test_a_missing_log_is_one_line(command: Command, tmp_path: Path) -> None:
    """
    And the line says how to get one.
    """
    code, out, err = command("query", "SELECT 1", lake=Lake.in_folder(tmp_path))

    assert (1, "") == (code, out)
    assert "python -m pipeline sample" in err
    assert 1 == len(err.splitlines())


def test_the_command_as_a_person_calls_it(month: Lake) -> None:
    """
    As a person calls it, in a shell of its own, with nothing in the environment but the log's place.
    """
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pipeline",
            "query",
            "SELECT count(*) AS n FROM leads",
            "--format",
            "csv",
        ],
        cwd=ROOT,
        env={
            "LAKE_CATALOG": month.catalog,
            "LAKE_DATA": month.data,
            "http_proxy": "http://127.0.0.1:9",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stderr)
    assert int(done.stdout.split()[1]) > 100
