"""How a source is read."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations


@migrations()
def m002_kinds(db: Database) -> None:
    """Keep how a source is read: which addresses of it, how many pages, where a list page has its parts (JSON)."""
    db.execute("alter table sources add column match text")
    db.execute("alter table sources add column pages integer not null default 1")
    db.execute("alter table sources add column selectors text")
