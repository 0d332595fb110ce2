"""What `python -m bot backup` and `restore` say."""

import sys
from pathlib import Path

from bot.backup.making import back_up as make
from bot.backup.manifest import BackupError, Manifest
from bot.backup.restoring import Restored
from bot.backup.restoring import restore as put_back
from bot.settings import SettingsError, load
from pipeline.lake import LakeBroken

ELSEWHERE = (
    "The log lies on a server (LAKE_CATALOG, LAKE_DATA): back it up with that server's own tools, and before the "
    "database, so that the database is never the older one."
)
SECRETS = "The secrets in .env.avito are not in it: without TOKEN_ENCRYPTION_KEYS every account must be connected again."


def back_up(folder: Path) -> int:
    """The exit code."""
    try:
        made = make(load(), folder)
    except (SettingsError, BackupError, LakeBroken) as error:
        return _wrong(error)
    print("\n".join(_made(folder, made)))
    return 0


def restore(folder: Path, *, force: bool) -> int:
    """The exit code."""
    try:
        done = put_back(load(), folder, force=force)
    except (SettingsError, BackupError) as error:
        return _wrong(error)
    print("\n".join(_restored(done)))
    return 0


def _made(folder: Path, made: Manifest) -> list[str]:
    size = sum(file.bytes for file in made.files.values()) / 1e6
    lines = [f"{folder}: {len(made.files)} files, {size:.1f} MB; place {made.place} in the log."]
    return [*lines, *([ELSEWHERE] if made.log == "elsewhere" else []), SECRETS]


def _restored(done: Restored) -> list[str]:
    lines = [f"Restored as of {done.backup.made_at}; place {done.backup.place} in the log."]
    lines += [f"Put aside: {path}" for path in done.aside]
    if done.recognised:
        lines.append(
            f"{done.recognised} events were in the log already; they will not go in again."
        )
    if done.missing:
        lines.append(
            f"{done.missing} events are neither in the log nor in the database: a gap in the log."
        )
    if done.backup.log == "elsewhere":
        lines.append(
            "The log is not in this backup: restore it with the tools of its server before the service starts."
        )
    return [
        *lines,
        "Tokens that were renewed since are void: an account that shows as disconnected is connected again.",
    ]


def _wrong(said: object) -> int:
    print(said, file=sys.stderr)
    return 1
