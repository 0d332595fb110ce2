"""Makes a backup while the service runs: it reads, takes no lock, and holds nobody up."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.backup import log_files, manifest, places, postgres, sqlite_file
from bot.backup.manifest import BackupError, Manifest
from bot.backup.postgres import Copied
from bot.settings import Settings
from bot.version import version
from pipeline.lake import Lake

DATABASE = "database.sqlite3"
TABLES = "database"


def back_up(settings: Settings, folder: Path) -> Manifest:
    """Into a folder that is empty or not there yet; what it consists of. Raises BackupError, LakeBroken."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} is not empty. Name a folder that is not there yet.")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        log, position = _log(_lake(settings), folder)
        copied = _database(settings, folder)
    except (OSError, SQLAlchemyError) as error:
        said = str(error).splitlines()[0]
        raise BackupError(f"The backup was not finished: {said}.") from error
    whole = Manifest(
        made_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        version=version(),
        database="postgresql" if copied.columns else "sqlite",
        revision=copied.revision,
        tables=copied.columns,
        place=copied.place,
        log=log,
        position=position,
        files=manifest.files_in(folder),
    )
    manifest.write(folder, whole)
    return whole


def _lake(settings: Settings) -> Lake:
    return Lake(catalog=settings.lake_catalog, data=settings.lake_data)


def _log(lake: Lake, folder: Path) -> tuple[str, int]:
    """Where the log is backed up, and its last place."""
    if not log_files.is_ours(lake):
        return "elsewhere", 0
    assert lake.catalog_file
    if not lake.catalog_file.exists():
        return "none", 0
    return "here", log_files.copy_out(lake, folder)


def _database(settings: Settings, folder: Path) -> Copied:
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        engine = create_engine(url)
        try:
            return postgres.copy_out(engine, folder / TABLES)
        finally:
            engine.dispose()
    source = Path(url.database or "")
    if not source.exists():
        raise BackupError(f"There is no database at {source} yet. Check DATABASE_URL.")
    sqlite_file.copy(source, folder / DATABASE)
    engine = create_engine(f"sqlite:///{folder / DATABASE}")
    try:
        with engine.connect() as tx:
            return Copied({}, places.shape(tx), places.last(tx))
    finally:
        engine.dispose()
