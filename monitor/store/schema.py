"""The schema of `state/monitor.db`: append-only migrations; the views are the stable interface (docs/schema.md).

Times are ISO-8601 text in UTC with seconds (`2026-11-22T16:40:00Z`), which sorts as text; days are `YYYY-MM-DD`.
"""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from monitor.errors import StateTooNew
from monitor.store import backups
from monitor.store.migrations import migrations

__all__ = ["migrate", "migrations"]


def migrate(db: Database, kept_in: Path) -> None:
    """Bring a database to the newest schema, all of it or nothing; one that holds anything is copied first.

    The copy is named after the first step that was missing, `before-m010_ledger.db`, and lies in `kept_in`.

    Raises:
        StateTooNew: it holds migrations that this version does not know.

    """
    if unknown := backups.unknown_migrations(db):
        raise StateTooNew(
            f"the state was written by a newer monitor (it has {', '.join(unknown)}): upgrade this one, "
            "restore the backup from before the upgrade, or name another folder with --state"
        )
    pending = migrations.pending(db)
    if pending and migrations.applied(db):
        backups.save(db, kept_in / f"before-{pending[0].name}.db")
    if pending:
        _apply(db)


def _apply(db: Database) -> None:
    """Apply what is pending in one transaction; what another process has applied meanwhile is not pending any more."""
    db.conn.execute("begin immediate")
    try:
        migrations.apply(db)
        db.conn.commit()
    except BaseException:
        db.conn.rollback()
        raise
