"""How far each queued item has come: a large queue is settled in steps, each a transaction of its own."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations


@migrations()
def m018_settle_stages(db: Database) -> None:
    """Note of each queued item whether it is read (0), weighed (1), linked (2) or placed (3)."""
    db.execute("alter table settle_queue add column stage integer not null default 0 check (stage between 0 and 3)")
