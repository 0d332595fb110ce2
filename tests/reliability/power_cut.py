"""A file system that loses power, and a driver through which the store writes to it.

SQLite's own way of testing (sqlite.org/testing.html, 3.4): a shim below SQLite remembers what was written since the
last sync of each file. When the power goes, any part of that may have reached the disk, in any order, in sectors.
The driver is APSW, which lets Python be that shim, behind as much of DB-API 2 as SQLAlchemy's SQLite dialect asks for.
"""

import random
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512
_Write = tuple[int, bytes]  # where, what
_Length = int  # a file cut to so many bytes


class Disk(apsw.VFS):
    """A VFS over the real one; `after_power_cut` says what could be read when the machine comes back."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lock = threading.Lock()
        self.safe: dict[str, bytearray] = {}
        self.at_risk: dict[str, list[_Write | _Length]] = {}
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        return _File(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        with self.lock:
            self.safe.pop(filename, None)
            self.at_risk.pop(filename, None)

    def after_power_cut(self, chance: random.Random) -> dict[str, bytes]:
        """The files by name: what was synced, and whatever else the cut let through."""
        with self.lock:
            return {name: _torn(self.safe[name], self.at_risk[name], chance) for name in self.safe}


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._disk, self._name = disk, name.filename() if hasattr(name, "filename") else str(name)
        with disk.lock:
            disk.safe.setdefault(self._name, bytearray())
            disk.at_risk.setdefault(self._name, [])

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        with self._disk.lock:
            self._disk.at_risk[self._name].append((offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        with self._disk.lock:
            self._disk.at_risk[self._name].append(newsize)

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        with self._disk.lock:
            for step in self._disk.at_risk[self._name]:
                _apply(self._disk.safe[self._name], step)
            self._disk.at_risk[self._name].clear()


def _torn(safe: bytearray, at_risk: Sequence[_Write | _Length], chance: random.Random) -> bytes:
    image, luck = bytearray(safe), chance.choice((0.0, 0.5, 0.9, 1.0))
    for step in at_risk:
        for piece in [step] if isinstance(step, int) else _sectors(step):
            if chance.random() < luck:
                _apply(image, piece)
    return bytes(image)


def _sectors(write: _Write) -> Iterable[_Write]:
    offset, data = write
    return [(offset + at, data[at : at + SECTOR]) for at in range(0, len(data), SECTOR)]


def _apply(image: bytearray, step: _Write | _Length) -> None:
    if isinstance(step, int):
        del image[step:]
        return
    offset, data = step
    image.extend(bytes(max(0, offset + len(data) - len(image))))
    image[offset : offset + len(data)] = data


class Driver:
    """The module that SQLAlchemy's dialect takes in place of `sqlite3`."""

    paramstyle = "qmark"
    sqlite_version_info = tuple(int(n) for n in apsw.sqlite_lib_version().split("."))
    Error, DatabaseError, IntegrityError = (
        sqlite3.Error,
        sqlite3.DatabaseError,
        sqlite3.IntegrityError,
    )
    OperationalError, ProgrammingError = sqlite3.OperationalError, sqlite3.ProgrammingError
    InterfaceError, NotSupportedError = sqlite3.InterfaceError, sqlite3.NotSupportedError

    def __init__(self, disk: str, prepare: str = "") -> None:
        self._disk, self._prepare = disk, prepare

    def connect(self, path: str, **_more: Any) -> "_Connection":
        return _Connection(apsw.Connection(path, vfs=self._disk), self._prepare)


class _Connection:
    def __init__(self, con: apsw.Connection, prepare: str) -> None:
        self._con, self._prepare = con, prepare
        con.set_busy_timeout(5000)
        self.isolation_level: str | None = None

    def cursor(self) -> "_Cursor":
        return _Cursor(self._con)

    def execute(self, sql: str) -> "_Cursor":
        """As the store's preparation of a connection does; what the test wants otherwise comes after it."""
        return self.cursor().execute(sql + (f"; {self._prepare}" if self._prepare else ""))

    def create_function(self, name: str, args: int, call: Callable[..., Any], **_: Any) -> None:
        self._con.create_scalar_function(name, call, args)

    def commit(self) -> None:
        if self._con.in_transaction:
            self._con.execute("COMMIT")

    def rollback(self) -> None:
        if self._con.in_transaction:
            self._con.execute("ROLLBACK")

    def close(self) -> None:
        self._con.close()


class _Cursor:
    arraysize = 1

    def __init__(self, con: apsw.Connection) -> None:
        self._con = con
        self._rows: list[tuple[Any, ...]] = []
        self.description: Any = None
        self.rowcount, self.lastrowid = -1, 0

    def execute(self, sql: str, values: Sequence[Any] = ()) -> "_Cursor":
        before = self._con.total_changes()
        cursor = self._con.cursor()
        self.description = None
        cursor.exec_trace = self._describe
        self._rows = list(cursor.execute(sql, tuple(values)))
        self.rowcount = self._con.total_changes() - before
        self.lastrowid = self._con.last_insert_rowid()
        return self

    def executemany(self, sql: str, many: Iterable[Sequence[Any]]) -> "_Cursor":
        before = self._con.total_changes()
        for values in many:
            self.execute(sql, values)
        self.rowcount = self._con.total_changes() - before
        return self

    def _describe(self, cursor: apsw.Cursor, _sql: str, _values: Any) -> bool:
        if columns := cursor.get_description():
            self.description = [(name, *[None] * 6) for name, _ in columns]
        return True

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        taken, self._rows = self._rows[:size], self._rows[size:]
        return taken

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.fetchmany(len(self._rows))

    def close(self) -> None:
        self._rows = []


def write_out(image: dict[str, bytes], folder: Path) -> Path:
    """Puts the files of a disk into a folder; the path of the database."""
    folder.mkdir()
    for name, content in image.items():
        (folder / Path(name).name).write_bytes(content)
    return folder / "bot.sqlite3"
