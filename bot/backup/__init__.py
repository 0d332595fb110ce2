"""A whole copy of what the service keeps, made while it runs, and the way back.

The log is copied before the database. So the database is never older than the log, and holds every event that the log
lacks: after a restore the sink appends those, each once and in its old place. See `bot.backup.places` for logs that are
backed up by other tools.
"""

from bot.backup.making import back_up
from bot.backup.manifest import BackupError
from bot.backup.restoring import restore

__all__ = ["BackupError", "back_up", "restore"]
