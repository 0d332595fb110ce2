"""Makes a whole log in a folder at once: everything or nothing is there afterwards."""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.events import EventRow
from pipeline.lake import Lake
from pipeline.writer import LakeWriter, events_table

AT_ONCE = 50_000
"""Rows in one file of the log: little memory however long the log."""

NOTES = ("truth.json", "loaded.json")
"""A folder that holds one of these was made here, and may be made anew. A bot's own log holds
none."""


def make_log(
    folder: Path, rows: Iterable[EventRow], note: str, about: Callable[[], Mapping[str, Any]]
) -> Lake:
    """A log of `rows` in `folder`, with what `about` says of them beside it in the file `note`; it
    is asked when all rows are written.

    Goes through the same door as the bot's events. Takes the place of a log that was made here
    before; raises FileExistsError when the folder holds any other.
    """
    old = _parts(folder)
    if old and not any((folder / name).exists() for name in NOTES):
        raise FileExistsError(
            f"{folder} holds something already that was not made here; choose another --out"
        )
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _fill(Lake.in_folder(fresh), rows)
    text = json.dumps(about(), ensure_ascii=False, indent=2)
    (fresh / note).write_text(text + "\n", encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    for part in old:
        shutil.rmtree(part) if part.is_dir() else part.unlink()
    for part in sorted(fresh.iterdir()):
        part.rename(folder / part.name)
    fresh.rmdir()
    return Lake.in_folder(folder)


def _fill(lake: Lake, rows: Iterable[EventRow]) -> None:
    writer = LakeWriter(lake)
    try:
        writer.fill(_in_parts(iter(rows)))
    finally:
        writer.close()


def _in_parts(rows: Iterator[EventRow]) -> Iterator[pa.Table]:
    while some := list(islice(rows, AT_ONCE)):
        yield events_table(some)


def _parts(folder: Path) -> list[Path]:
    names = ("files", "catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm", *NOTES)
    return [folder / name for name in names if (folder / name).exists()]
