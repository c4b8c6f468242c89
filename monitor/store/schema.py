"""The schema of `state/monitor.db`: append-only migrations; the views are the stable interface (docs/schema.md).

Times are ISO-8601 text in UTC with seconds (`2026-11-22T16:40:00Z`), which sorts as text; days are `YYYY-MM-DD`.
"""

from __future__ import annotations

from sqlite_utils import Database

from monitor.errors import StateTooNew
from monitor.store.migrations import migrations

__all__ = ["migrate", "migrations"]


def migrate(db: Database) -> None:
    """Bring a database to the newest schema.

    Raises:
        StateTooNew: it holds migrations that this version does not know.

    """
    ours = {m.name for m in migrations._migrations}  # noqa: SLF001 - the library has no public list
    if unknown := sorted({m.name for m in migrations.applied(db)} - ours):
        raise StateTooNew(
            f"the state was written by a newer monitor (it has {', '.join(unknown)}): upgrade this one, "
            "or name another folder with --state"
        )
    if migrations.pending(db):
        migrations.apply(db)
