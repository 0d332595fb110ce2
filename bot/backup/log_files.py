"""Copies of the log: the catalog first, then the files that it names; they live for a quarter of an hour more at the least."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.backup import sqlite_file
from bot.backup.manifest import BackupError, to_disk
from pipeline.lake import Lake, connect

CATALOG, FILES = "lake/catalog.sqlite", "lake/files"

_NAMED = """
SELECT
    coalesce(s.path, '') || coalesce(t.path, '') || f.path AS path,
    f.path_is_relative AND t.path_is_relative AND s.path_is_relative AS inside,
    f.end_snapshot IS NULL AS needed
FROM (
    SELECT table_id, path, path_is_relative, end_snapshot FROM ducklake_data_file
    UNION ALL
    SELECT table_id, path, path_is_relative, end_snapshot FROM ducklake_delete_file
) f
JOIN ducklake_table t ON t.table_id = f.table_id AND t.end_snapshot IS NULL
JOIN ducklake_schema s ON s.schema_id = t.schema_id AND s.end_snapshot IS NULL
"""


def is_ours(lake: Lake) -> bool:
    """Whether catalog and files lie on this machine, so that we can copy them."""
    return lake.catalog_file is not None and not lake.is_remote


def copy_out(lake: Lake, folder: Path) -> int:
    """The log as of one moment; its last place. Raises BackupError."""
    assert lake.catalog_file
    catalog = folder / CATALOG
    sqlite_file.copy(lake.catalog_file, catalog)
    (folder / FILES).mkdir(parents=True)
    for name, needed in _named(catalog):
        _keep(Path(lake.files) / name, folder / FILES / name, needed=needed)
    return position(Lake(catalog=f"sqlite:{catalog}", data=str(folder / FILES)))


def copy_in(folder: Path, lake: Lake) -> None:
    """Puts a copied log where the settings want it. Copies, so that the backup stays what it is."""
    assert lake.catalog_file
    shutil.copytree(folder / FILES, lake.files, dirs_exist_ok=True)
    lake.catalog_file.parent.mkdir(parents=True, exist_ok=True)
    fresh = lake.catalog_file.with_name(lake.catalog_file.name + ".restoring")
    shutil.copyfile(folder / CATALOG, fresh)
    to_disk(fresh)
    fresh.replace(lake.catalog_file)
    to_disk(lake.catalog_file.parent)


def position(lake: Lake) -> int:
    """The last place in a log. Raises LakeMissing, LakeBroken."""
    with connect(lake) as con:
        row = con.execute("SELECT coalesce(max(seq), 0) FROM lake.main.event_log").fetchone()
    return int(row[0]) if row else 0


def _named(catalog: Path) -> list[tuple[str, bool]]:
    """The files of a catalog, relative to the folder of the data, and whether the newest state needs them.

    Files that wait to be thrown away are no part of the copy: no reader of it can need them.
    """
    with closing(sqlite3.connect(catalog, isolation_level=None)) as con:
        con.execute("DELETE FROM ducklake_files_scheduled_for_deletion")
        rows = con.execute(_NAMED).fetchall()
    if outside := [path for path, inside, _ in rows if not inside]:
        raise BackupError(f"The log names a file outside of its folder: {outside[0]}.")
    return [(path, bool(needed)) for path, _, needed in rows]


def _keep(source: Path, target: Path, *, needed: bool) -> None:
    """A file of the log never changes: another name for it is as good as a copy."""
    if not source.exists() and not needed:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        try:
            os.link(source, target)
        except FileNotFoundError:
            raise
        except OSError:  # another file system, or one without links
            shutil.copyfile(source, target)
    except OSError as error:
        raise BackupError(f"{source} cannot be copied: {error.strerror}.") from error
    to_disk(target)
