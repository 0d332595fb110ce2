"""What a backup consists of; written last, so that a folder without it is a backup that was not finished."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

FORMAT = 1
NAME = "manifest.json"
_BLOCK = 1 << 20


class BackupError(Exception):
    """The message is a sentence that says what is wrong, and what to do."""


class File(msgspec.Struct, frozen=True):
    """One file of the backup: its length in bytes and its SHA-256 in hex."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`place` and `position` are the last places in the log that the database and the log know.

    `revision` is the shape of the database, `tables` the columns of each table in the order in which tables are filled
    (PostgreSQL only). `log` is here, elsewhere (other tools back it up), or none (there was none yet).
    """

    format: int = FORMAT
    made_at: str
    version: str
    database: str
    revision: str
    tables: dict[str, Sequence[str]] = {}
    place: int
    log: str
    position: int
    files: Mapping[str, File] = {}


def write(folder: Path, manifest: Manifest) -> None:
    """In one step, on disk."""
    fresh = folder / f"{NAME}.new"
    raw = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    with fresh.open("wb") as file:
        file.write(raw + b"\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / NAME)
    to_disk(folder)


def read(folder: Path) -> Manifest:
    """Raises BackupError unless the folder holds a whole backup of a format that we know."""
    path = folder / NAME
    if not path.is_file():
        raise BackupError(
            f"{folder} holds no finished backup: {NAME} is missing. It is written last; take another backup."
        )
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except msgspec.DecodeError as error:
        raise BackupError(f"{path} cannot be read: {error}.") from error
    if found.format != FORMAT:
        raise BackupError(f"{folder} has format {found.format}; this version reads {FORMAT}.")
    return found


def verify(folder: Path, manifest: Manifest) -> None:
    """Raises BackupError when a file is missing or is not what it was."""
    for name, file in manifest.files.items():
        if not (folder / name).is_file():
            raise BackupError(f"{folder / name} is missing. Use another backup.")
        if summed(folder / name) != file:
            raise BackupError(f"{folder / name} was changed or is damaged. Use another backup.")


def files_in(folder: Path) -> dict[str, File]:
    """Every file below the folder by its relative name."""
    return {
        str(path.relative_to(folder)): summed(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def summed(path: Path) -> File:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return File(path.stat().st_size, digest.hexdigest())


def to_disk(path: Path) -> None:
    """Waits until a file, or the list of a folder, is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
