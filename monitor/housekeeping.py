"""What the service does once a day beside its work, so that nobody has to: a backup, and the state in good order."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import structlog

from monitor import backing, pruning
from monitor.config import Config
from monitor.errors import StateError
from monitor.pruning import Retention
from monitor.store import retention
from monitor.store.storage import Storage

log = structlog.get_logger()


def keep(storage: Storage, config: Config, now: datetime) -> None:
    """Fold the log into the database, make the backup of the day, then prune; what fails is logged and tried again."""
    storage.checkpoint()
    folder = backups_of(storage, config)
    try:
        if config.backup.daily and backing.is_due(folder, now):
            made = backing.make(storage, folder, keep=config.backup.keep, now=now)
            log.info("backup_made", path=str(made.backup.path), size_bytes=made.backup.size_bytes)
        _prune(storage, rules_of(config), now)
    except StateError as error:
        log.error("housekeeping_failed", reason=str(error))  # noqa: TRY400 - what a user can mend has no traceback


def _prune(storage: Storage, rules: Retention, now: datetime) -> None:
    """Take away what is too old or too much, once a day."""
    if retention.pruned_since(storage.db, now - timedelta(days=1)):
        return
    found = pruning.prune(storage, rules, now)
    for gone in found.gone:
        log.info("pruned", what=gone.what, count=gone.count, reason=gone.reason)


def rules_of(config: Config) -> Retention:
    """Return how long things stay."""
    return Retention(**config.retention.model_dump())


def backups_of(storage: Storage, config: Config) -> Path:
    """Return where the backups of a state lie."""
    return config.backup.folder or backing.backup_folder(storage.folder)
