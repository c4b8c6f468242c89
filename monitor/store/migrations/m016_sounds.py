"""Vectors of items with a place for the sounds of their names."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations

#: bytes of the lengths of the five views that there were
_HEAD = 20


@migrations()
def m016_sounds(db: Database) -> None:
    """Give the vectors of every item a sixth view, empty until the item is read anew (`monitor replay`)."""
    db.conn.create_function("with_sixth_view", 1, _with_sixth_view, deterministic=True)
    db.execute("update features set vectors = with_sixth_view(vectors)")


def _with_sixth_view(packed: bytes) -> bytes:
    """Return packed vectors with the length of one more view, which is empty."""
    return packed[:_HEAD] + bytes(4) + packed[_HEAD:]
