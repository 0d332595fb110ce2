"""Puts a backup in the place of the service's state, while no service runs."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.backup import log_files, manifest, places, postgres
from bot.backup.making import DATABASE, TABLES
from bot.backup.manifest import BackupError, Manifest, to_disk
from bot.settings import Settings
from bot.store.engine import DatabaseInUse, Store, hold
from bot.store.leader import OFFICES, Leadership
from pipeline.lake import Lake, LakeBroken, LakeMissing


@dataclass(frozen=True)
class Restored:
    """What came of it. `aside` is where the files that were in the way are now.

    `recognised` events were in the log already; `missing` places are in neither the log nor the database.
    """

    backup: Manifest
    aside: tuple[Path, ...]
    recognised: int
    missing: int


def restore(settings: Settings, folder: Path, *, force: bool = False) -> Restored:
    """Checks the whole backup before it changes anything. Raises BackupError.

    With `force` files that are in the way are moved aside, and PostgreSQL's tables are replaced.
    """
    backup, url = manifest.read(folder), make_url(settings.database_url)
    lake = Lake(catalog=settings.lake_catalog, data=settings.lake_data)
    manifest.verify(folder, backup)
    _fits(backup, url, lake)
    engine = create_engine(url)
    try:
        with _nobody_else(url):
            in_the_way = _in_the_way(backup, url, engine, lake)
            if in_the_way and not force:
                names = ", ".join(str(one) for one in in_the_way)
                raise BackupError(f"There is something already: {names}. --force puts it aside.")
            aside = tuple(_put_aside(one) for one in in_the_way if isinstance(one, Path))
            if backup.log == "here":
                log_files.copy_in(folder, lake)
            _fill(backup, folder, url, engine)
            recognised, missing = _agree(engine, lake)
    except (OSError, SQLAlchemyError, LakeBroken) as error:
        said = str(error).splitlines()[0]
        raise BackupError(
            f"The restore was not finished: {said}. Repeat it with --force."
        ) from error
    finally:
        engine.dispose()
    return Restored(backup, aside, recognised, missing)


def _fits(backup: Manifest, url: URL, lake: Lake) -> None:
    kind = "sqlite" if url.get_backend_name() == "sqlite" else "postgresql"
    if backup.database != kind:
        raise BackupError(f"The backup is of {backup.database}, but DATABASE_URL is of {kind}.")
    if backup.log == "here" and not log_files.is_ours(lake):
        raise BackupError(
            "The backup holds the log as files, but LAKE_CATALOG or LAKE_DATA lies on a server."
        )


@contextmanager
def _nobody_else(url: URL) -> Iterator[None]:
    """As a service does: SQLite's file belongs to one process, and on PostgreSQL each office to one."""
    with ExitStack() as stack:
        if url.get_backend_name() == "sqlite":
            try:
                stack.enter_context(closing(hold(Path(url.database or ""))))
            except DatabaseInUse as error:
                raise BackupError(f"{error}. Stop it first.") from error
        else:
            store = stack.enter_context(closing(Store(url.render_as_string(hide_password=False))))
            for office in OFFICES:
                leadership = Leadership(store, office)
                stack.callback(leadership.leave)
                if not leadership.held_now():
                    raise BackupError("A service runs on this database. Stop it first.")
        yield


def _in_the_way(backup: Manifest, url: URL, engine: Engine, lake: Lake) -> list[Path | str]:
    """What a restore would write over."""
    places_: list[Path] = []
    if backup.database == "sqlite":
        name = str(url.database)
        places_ += [Path(name + ending) for ending in ("", "-wal", "-shm")]
    if backup.log == "here" and (catalog := lake.catalog_file):
        places_ += [Path(f"{catalog}{ending}") for ending in ("", "-wal", "-shm")]
        places_ += [Path(lake.files)]
    found: list[Path | str] = [one for one in places_ if one.is_file() or _has_files(one)]
    if backup.database == "postgresql" and postgres.is_used(engine):
        found.append("tables in the PostgreSQL database")
    return found


def _has_files(path: Path) -> bool:
    return path.is_dir() and any(path.iterdir())


def _put_aside(path: Path) -> Path:
    """Nothing is thrown away: whoever is sure removes it by hand."""
    now = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    return path.rename(path.with_name(f"{path.name}.before-{now}"))


def _fill(backup: Manifest, folder: Path, url: URL, engine: Engine) -> None:
    if backup.database == "postgresql":
        postgres.copy_in(engine, folder / TABLES, backup.tables, backup.revision)
        return
    target = Path(str(url.database))
    fresh = target.with_name(target.name + ".restoring")
    shutil.copyfile(folder / DATABASE, fresh)
    os.chmod(fresh, 0o600)  # it holds what clients wrote
    to_disk(fresh)
    fresh.replace(target)
    to_disk(target.parent)


def _agree(engine: Engine, lake: Lake) -> tuple[int, int]:
    """Events recognised in the log, and places that are nowhere. A log that is not there yet is an empty one."""
    try:
        position = log_files.position(lake)
        with engine.begin() as tx:
            return places.recognise(tx, lake), places.missing(tx, position)
    except LakeMissing:
        with engine.begin() as tx:
            return 0, places.missing(tx, 0)
