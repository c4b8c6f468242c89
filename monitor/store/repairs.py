"""The SQL of `monitor doctor --fix`: everything that can be made anew from the rows that nobody else has."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from sqlite_utils import Database

from monitor.store import spaceless
from monitor.store.migrations import migrations
from monitor.store.storage import damage

#: what is made of items, and by which column: rows of items that are not there are worth nothing
_DERIVED = (
    *((table, "item_id") for table in ("item_keys", "item_sources", "revisions", "removed_blocks", "signatures")),
    *((table, "item_id") for table in ("bands", "features", "index_terms", "marks", "figures", "settle_queue")),
    ("story_items", "item_id"), ("links", "item_id"), ("links", "other_item_id"),
    ("reprints", "item_id"), ("reprints", "original_item_id"),
)  # fmt: skip
_SPACELESS = "items_spaceless_fts"


def missing_parts(db: Database) -> dict[str, str]:
    """Return the views, indexes and triggers that the schema has and this database lacks, with how they are made."""
    fresh = Database(sqlite3.connect(":memory:"))
    try:
        migrations.apply(fresh)
        wanted = _parts(fresh)
    finally:
        fresh.close()
    there = _parts(db)
    return {name: sql for name, sql in wanted.items() if name not in there}


def _parts(db: Database) -> dict[str, str]:
    """Return the views, indexes and triggers of a database, in the order in which they were made."""
    rows = db.execute(
        "select name, sql from sqlite_master where type in ('view', 'index', 'trigger') and sql is not null"
    )
    return dict(rows.fetchall())


def make_parts(db: Database, parts: dict[str, str]) -> None:
    """Make missing views, indexes and triggers."""
    for sql in parts.values():
        db.execute(sql)


def rebuild_indexes(db: Database) -> None:
    """Make every index anew from its table."""
    db.execute("reindex")


def rebuild_search(db: Database) -> int:
    """Make both full-text indexes anew from the items; return how many items there are."""
    db.execute("insert into items_fts (items_fts) values ('rebuild')")
    (made,) = db.execute("select sql from sqlite_master where name = ?", [_SPACELESS]).fetchone()
    db.execute(f"drop table {_SPACELESS}")
    db.execute(made)
    count = 0
    for item_id, title, text in db.execute("select id, title, text from items").fetchall():
        spaceless.index(db, item_id, title, text)
        count += 1
    return count


def search_is_sound(db: Database) -> bool:
    """Tell whether both full-text indexes can be read at all and hold what they should."""
    try:
        db.execute("insert into items_fts (items_fts, rank) values ('integrity-check', 1)")
        db.execute("insert into items_spaceless_fts (items_spaceless_fts, rank) values ('integrity-check', 0)")
    except sqlite3.DatabaseError as error:
        if damage(error) is None:
            raise
        return False
    return True


def forget_items_that_are_gone(db: Database) -> int:
    """Remove what was made of items that are not there; return how many rows."""
    gone = 0
    for table, column in _DERIVED:
        query = f"delete from {table} where {column} is not null and {column} not in (select id from items)"  # noqa: S608 - constants
        gone += db.execute(query).rowcount
    return gone


def drop_orphaned_bands(db: Database) -> int:
    """Remove the bands of items without a signature; return how many."""
    return int(db.execute("delete from bands where item_id not in (select item_id from signatures)").rowcount)


def signatures_without_bands(db: Database) -> list[tuple[int, bytes]]:
    """Return the items whose signature nobody can meet, with it."""
    rows = db.execute(
        "select item_id, hash_values from signatures where item_id not in (select item_id from bands) order by item_id"
    )
    return [(item_id, values) for item_id, values in rows]


def add_bands(db: Database, item_id: int, bands: Sequence[int]) -> None:
    """Store the bands of an item."""
    db.conn.executemany("insert or ignore into bands (band, item_id) values (?, ?)", [(b, item_id) for b in bands])


def redirect_empty_stories(db: Database) -> int:
    """Let stories without items lead to the story that has their lead; return how many."""
    return int(
        db.execute(
            """update stories set merged_into = (select x.story_id from story_items x
            where x.item_id = stories.lead_item_id and x.story_id <> stories.id)
            where merged_into is null and id not in (select story_id from story_items)
            and lead_item_id in (select item_id from story_items)"""
        ).rowcount
    )


def mend_leads(db: Database) -> int:
    """Let the earliest piece lead a story whose lead is in another one; return how many there were."""
    query = """select s.id, (select m.item_id from story_items m join items i on i.id = m.item_id
        where m.story_id = s.id order by m.role = 'lead' desc, coalesce(i.published_at, i.listed_at), i.id limit 1)
        from stories s left join story_items x on x.item_id = s.lead_item_id and x.story_id = s.id
        where s.merged_into is null and x.item_id is null and s.id in (select story_id from story_items)"""
    found = db.execute(query).fetchall()
    for story_id, lead in found:
        db.execute("update stories set lead_item_id = ? where id = ?", [lead, story_id])
        db.execute("update story_items set role = 'lead' where item_id = ?", [lead])
    return len(found)


def items_without_story(db: Database) -> list[int]:
    """Return the items that are in no story and do not wait for one."""
    rows = db.execute(
        "select id from items where id not in (select item_id from story_items union select item_id from settle_queue)"
    )
    return [item_id for (item_id,) in rows]
