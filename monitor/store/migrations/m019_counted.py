"""Which items the counts of terms are made of."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations


@migrations()
def m019_counted(db: Database) -> None:
    """Tell counted items from those that wait for it: terms are counted when a queue settles, not when items come."""
    db.execute("alter table features add column counted integer not null default 1")
