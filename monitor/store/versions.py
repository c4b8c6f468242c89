"""Reads what became of a piece: its earlier texts, and the same piece in other languages."""

from __future__ import annotations

from sqlite_utils import Database


def revisions_of(db: Database, item_id: int) -> list[dict[str, object]]:
    """Return the earlier texts of an item, the first ones first, each with what the next one changed."""
    return list(
        db.query(
            "select revision, title, text, replaced_at, changed from v_revisions where item_id = ? order by revision",
            [item_id],
        )
    )


def versions_of(db: Database, item_id: int) -> list[dict[str, object]]:
    """Return the other items that are the same piece in another language."""
    return list(
        db.query(
            """select i.item_id, i.lang, i.title, i.url from v_items i join items me on me.id = ?
            where i.item_id <> me.id and coalesce(i.version_of, i.item_id) = coalesce(me.version_of, me.id)
            order by i.item_id""",
            [item_id],
        )
    )
