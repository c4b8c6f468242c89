"""Vectors of items with a place for the sounds of their names."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations

#: bytes of the lengths of the five views that there were
_HEAD = 20


@migrations()
def m011_sounds(db: Database) -> None:
    """Give the vectors of every item a sixth view, empty until the item is read anew (`monitor replay`)."""
    db.execute(
        "update features set vectors = substr(vectors, 1, ?) || x'00000000' || substr(vectors, ? + 1) "
        "where length(vectors) >= ?",
        [_HEAD, _HEAD, _HEAD],
    )
