"""What is asked of versions and meanings of many items is found without reading their texts."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations


@migrations()
def m014_versions(db: Database) -> None:
    """Index versions by id, and keep languages with meanings: in an item they stand behind its text."""
    db.execute("create index items_versioned on items (id, version_of) where version_of is not null")
    db.execute("alter table meanings add column lang text")
    db.execute("update meanings set lang = (select lang from items i where i.id = meanings.item_id)")
