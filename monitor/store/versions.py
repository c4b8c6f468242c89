"""Reads what became of a piece: its earlier texts, and the same piece in other languages."""

from __future__ import annotations

from collections.abc import Collection

from sqlite_utils import Database

from monitor.store.items import batched, placeholders


def revisions_of(db: Database, item_id: int) -> list[dict[str, object]]:
    """Return the earlier texts of an item, the first ones first, each with what the next one changed."""
    return list(
        db.query(
            "select revision, title, text, replaced_at, changed from v_revisions where item_id = ? order by revision",
            [item_id],
        )
    )


def pieces_of(db: Database, ids: Collection[int]) -> dict[int, int]:
    """Return for each item that is a version of a piece in several languages the item that the piece goes by."""
    found: dict[int, int] = {}
    for batch in batched(sorted(ids)):
        marks = placeholders(batch)
        rows = db.execute(
            f"select id, version_of from items indexed by items_versioned where id in ({marks}) "  # noqa: S608 - placeholders only
            "and version_of is not null "
            f"union select version_of, version_of from items where version_of in ({marks})",
            [*batch, *batch],
        )
        found.update(dict(rows))
    return found


def tied(db: Database, ids: Collection[int]) -> dict[int, set[int]]:
    """Return for each of some items the versions of its piece in other languages."""
    piece_of = pieces_of(db, ids)
    members: dict[int, set[int]] = {piece: {piece} for piece in piece_of.values()}
    for batch in batched(sorted(members)):
        rows = db.execute(
            f"select id, version_of from items where version_of in ({placeholders(batch)})",  # noqa: S608 - placeholders only
            batch,
        )
        for item_id, piece in rows:
            members[piece].add(item_id)
    return {i: members[piece_of[i]] if i in piece_of else set() for i in ids}


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
