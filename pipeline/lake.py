"""Where the event log lies, and a read-only door to it."""

import importlib.resources
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipeline.views import create_views

ENV_FILE = ".env.avito"
THREADS = 1
"""Of the writer."""

_ROOT = Path(__file__).resolve().parents[1]
_OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


class LakeMissing(Exception):
    """There is no event log where the settings point; the message says how to make a sample."""


class LakeBroken(OSError):
    """The event log is there but cannot be used now; the same call may succeed once it is
    mended."""


@dataclass(frozen=True)
class Lake:
    """The two places of a log: `catalog` is `sqlite:PATH` or `postgres:DSN`, `data` a folder or
    `s3://…`."""

    catalog: str = field(default="sqlite:data/lake/catalog.sqlite", repr=False)
    data: str = "data/lake/files"

    def __post_init__(self) -> None:
        if not self.catalog.startswith(("sqlite:", "postgres:")):
            raise ValueError(
                "LAKE_CATALOG must be sqlite:PATH or postgres:DSN, "
                f"not {self.catalog.partition(':')[0]}…"
            )

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Lake":
        """LAKE_CATALOG and LAKE_DATA; the environment wins over `.env.avito` in the working
        directory."""
        known = {**_env_file(), **env}
        return cls(
            catalog=known.get("LAKE_CATALOG") or cls.catalog,
            data=known.get("LAKE_DATA") or cls.data,
        )

    @classmethod
    def in_folder(cls, folder: Path) -> "Lake":
        """A log that lies in one folder: `catalog.sqlite` and `files`."""
        return cls(catalog=f"sqlite:{folder / 'catalog.sqlite'}", data=str(folder / "files"))

    @property
    def catalog_file(self) -> Path | None:
        """The catalog's file, absolute; None when a server keeps the catalog."""
        kind, _, place = self.catalog.partition(":")
        return Path(place).resolve() if kind == "sqlite" else None

    @property
    def name(self) -> str:
        """The log as messages may call it: without the secrets of a server's address."""
        return self.catalog if self.catalog_file else "the PostgreSQL catalog"

    def complaint(self, error: Exception) -> str:
        """The first line of what went wrong, without the secrets of a server's address."""
        address = self.catalog.partition(":")[2]
        text = str(error) if self.catalog_file else str(error).replace(address, "…")
        return next((line for line in text.splitlines() if line.strip()), type(error).__name__)

    @property
    def is_remote(self) -> bool:
        """The data lie in an object store."""
        return "://" in self.data

    @property
    def files(self) -> str:
        """Where the Parquet files lie: absolute, with a slash at the end."""
        return (self.data if self.is_remote else str(Path(self.data).resolve())).rstrip("/") + "/"


def connect(lake: Lake | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB of your own that sees the log and its views, read-only, while the bot writes it.

    The views of the interface are in the main schema, the log itself is the attached catalog
    `lake`. Every moment is UTC. Raises LakeMissing when there is no log yet, LakeBroken when it
    cannot be read.
    """
    with opened_to_read(lake or Lake.from_env(), "lake") as con:
        create_views(con)
    return con


@contextmanager
def opened_to_read(lake: Lake, name: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB that has the log attached as `name`, read-only; closed again when the block cannot use it.

    Raises LakeMissing, LakeBroken, as `connect` does.
    """
    lake = nearest(lake)
    if lake.catalog_file and not lake.catalog_file.exists():
        raise _missing(lake)
    con = duckdb.connect(config=_OFFLINE)
    try:
        load_extensions(con, lake)
        con.execute(
            f"ATTACH {quoted(f'ducklake:{_target(lake)}')} AS {name} "
            f"(READ_ONLY, DATA_PATH {quoted(lake.files)}, OVERRIDE_DATA_PATH true{_meta(lake)})"
        )
        con.execute("SET TimeZone = 'UTC'")
        yield con
    except duckdb.CatalogException as error:
        con.close()
        raise _missing(lake) from error
    except duckdb.Error as error:
        con.close()
        raise LakeBroken(
            f"the event log at {lake.name} cannot be read: {lake.complaint(error)}"
        ) from error


def connect_to_write(lake: Lake) -> duckdb.DuckDBPyConnection:
    """A connection that may change the log. Exactly one process may hold one; see
    `pipeline.writer`."""
    con = duckdb.connect(config=_OFFLINE)
    try:
        if lake.catalog_file:
            lake.catalog_file.parent.mkdir(parents=True, exist_ok=True)
        if not lake.is_remote:
            Path(lake.files).mkdir(parents=True, exist_ok=True)
        load_extensions(con, lake)
        journal = ", META_JOURNAL_MODE 'WAL'" if lake.catalog_file else ""
        # No rows in the catalog itself (inlining): when they are flushed into a file, a reader may for a moment see
        # them nowhere. Small files cost the same at a commit, and are merged by the maintenance.
        con.execute(
            f"ATTACH {quoted(f'ducklake:{_target(lake)}')} AS lake "
            f"(DATA_PATH {quoted(lake.files)}, OVERRIDE_DATA_PATH true, DATA_INLINING_ROW_LIMIT 0"
            f"{journal}{_meta(lake)})"
        )
        # Small commits gain nothing from more threads: with one they took 22 ms instead of 35, and less memory.
        con.execute(f"SET threads = {THREADS}")
        con.execute("SET TimeZone = 'UTC'")
    except (duckdb.Error, OSError) as error:
        con.close()
        raise LakeBroken(
            f"the event log at {lake.name} cannot be opened: {lake.complaint(error)}"
        ) from error
    return con


def newest_snapshot(con: duckdb.DuckDBPyConnection, name: str = "lake") -> int:
    """The number of the log's newest state: changes with every commit, so it belongs into cache
    keys."""
    row = con.execute(f"FROM {name}.current_snapshot()").fetchone()
    return int(row[0]) if row else 0


def data_path(con: duckdb.DuckDBPyConnection) -> str:
    """Where the attached log's Parquet files lie."""
    row = con.execute("SELECT data_path FROM ducklake_settings('lake')").fetchone()
    if row is None:
        raise LakeBroken("the event log does not say where its files lie")
    return str(row[0])


def load_extensions(con: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """Loads what this lake needs from the installed packages; nothing is ever downloaded."""
    names = ["sqlite_scanner" if lake.catalog_file else "postgres_scanner", "ducklake"]
    for name in names + (["httpfs"] if lake.is_remote else []):
        package = Path(str(importlib.resources.files(f"duckdb_extension_{name}")))
        file = next(package.rglob("*.duckdb_extension"))
        con.execute(f"LOAD {quoted(str(file))}")
    if lake.catalog_file:
        # Else each look into the catalog has a connection of its own, and sees what was committed since the last look:
        # a question that meets a commit or a merge would find tables of two states, or no file of a table at all.
        con.execute("SET GLOBAL sqlite_disable_multithreaded_scans = true")


def quoted(text: str) -> str:
    """A text as an SQL literal, for the few statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def _target(lake: Lake) -> str:
    return f"sqlite:{lake.catalog_file}" if lake.catalog_file else lake.catalog


def _meta(lake: Lake) -> str:
    return ", META_BUSY_TIMEOUT 5000" if lake.catalog_file else ""


def _missing(lake: Lake) -> LakeMissing:
    return LakeMissing(
        f"There is no event log at {lake.name} yet. The bot makes one when it starts; "
        "for a made-up month run: "
        "python -m pipeline sample --days 30 --seed 1 "
        "and set LAKE_CATALOG=sqlite:data/sample/catalog.sqlite LAKE_DATA=data/sample/files"
    )


def _folders() -> list[Path]:
    """The working directory, and what is above it within the repository: notebooks run below."""
    here = Path.cwd()
    return [here, *(each for each in here.parents if each.is_relative_to(_ROOT))]


def nearest(lake: Lake) -> Lake:
    """The same log by whole paths; relative ones are looked for in the working directory first."""
    for folder in _folders():
        place = folder / lake.catalog.removeprefix("sqlite:")
        if lake.catalog_file and place.exists():
            data = lake.data if lake.is_remote else str(folder / lake.data)
            return Lake(catalog=f"sqlite:{place}", data=data)
    return lake


def _env_file() -> dict[str, str]:
    path = next((each / ENV_FILE for each in _folders() if (each / ENV_FILE).is_file()), None)
    if path is None:
        return {}
    lines = (line.strip().removeprefix("export ") for line in path.read_text("utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, value in pairs}
