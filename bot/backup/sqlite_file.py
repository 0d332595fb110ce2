"""Copies of SQLite files that are being written to."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from bot.backup.manifest import BackupError, to_disk

PAGES = 512
PAUSE = 0.002
"""Pages in a step and seconds between steps, so that a webhook finds the disk free."""


def copy(source: Path, target: Path) -> None:
    """The source as it is at one moment, as one file without a journal. Raises BackupError.

    One read transaction is open all the while: without it the copy would begin anew with each commit of the writer, and
    under load never end. Writers are not held up; their journal grows until we are done.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    address = f"file:{quote(str(source.resolve()))}?mode=rw"
    try:
        with (
            closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=30)) as from_,
            closing(sqlite3.connect(target, isolation_level=None)) as to,
        ):
            from_.execute("BEGIN")
            from_.execute("SELECT count(*) FROM sqlite_master").fetchone()
            from_.backup(to, pages=PAGES, sleep=PAUSE)
            from_.execute("ROLLBACK")
            to.execute("PRAGMA journal_mode=DELETE")
            said = to.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        raise BackupError(f"{source} cannot be copied: {error}.") from error
    if said != "ok":
        raise BackupError(f"{source} is damaged: {said}.")
    to_disk(target)
