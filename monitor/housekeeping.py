"""What the service does once a day beside its work, so that nobody has to: a backup, and the state in good order."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import structlog

from monitor import backing
from monitor.config import Config
from monitor.errors import StateError
from monitor.store.storage import Storage

log = structlog.get_logger()


def keep(storage: Storage, config: Config, now: datetime) -> None:
    """Fold the log into the database, and make the backup of the day; what fails is logged and tried again."""
    storage.checkpoint()
    folder = backups_of(storage, config)
    try:
        if config.backup.daily and backing.is_due(folder, now):
            made = backing.make(storage, folder, keep=config.backup.keep, now=now)
            log.info("backup_made", path=str(made.backup.path), size_bytes=made.backup.size_bytes)
    except StateError as error:
        log.error("backup_failed", reason=str(error))  # noqa: TRY400 - what a user can mend has no traceback


def backups_of(storage: Storage, config: Config) -> Path:
    """Return where the backups of a state lie."""
    return config.backup.folder or backing.backup_folder(storage.folder)
