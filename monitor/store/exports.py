"""Reading the state whole, for other programs: items with their stories, stories, reprints; in small reads.

A read that lasted as long as the export would keep the write-ahead log from being folded in, so rows come in blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlite_utils import Database

from monitor.model import Exported

#: rows a read: some megabytes of texts
BLOCK = 1000

Row = Mapping[str, object]


#: the columns of items begin with those that an import reads
_QUERIES = {
    Exported.ITEMS: """select coalesce(i.external_id, cast(i.id as text)) as id, o.name as outlet, i.url, i.title,
          i.text, iif(i.published_has_time, i.published_at, substr(i.published_at, 1, 10)) as published, i.lang,
          i.author, i.first_seen_at, s.story_id, s.role, s.probability, r.original_item_id, i.id as key
        from items i join outlets o on o.id = i.outlet_id left join story_items s on s.item_id = i.id
          left join reprints r on r.item_id = i.id
        where i.id > :after order by i.id limit :block""",
    Exported.STORIES: """select v.*, v.story_id as key from v_stories v
        where v.story_id in (select id from stories where id > :after and merged_into is null order by id limit :block)
        order by v.story_id""",
    Exported.REPRINTS: """select r.*, c.outlet, o.outlet as original_outlet, r.item_id as key
        from v_reprints r join v_items c on c.item_id = r.item_id join v_items o on o.item_id = r.original_item_id
        where r.item_id > :after order by r.item_id limit :block""",
}


def rows(db: Database, what: Exported) -> Iterator[Row]:
    """Yield all items, stories or reprints in the order of their ids, each as values by column."""
    after = 0
    while block := list(db.query(_QUERIES[what], {"after": after, "block": BLOCK})):
        for row in block:
            after = int(str(row.pop("key")))
            yield row


def count(db: Database, what: Exported) -> int:
    """Return how many rows there are."""
    table = {
        Exported.ITEMS: "items",
        Exported.STORIES: "stories where merged_into is null",
        Exported.REPRINTS: "reprints",
    }[what]
    return int(db.execute(f"select count(*) from {table}").fetchone()[0])  # noqa: S608 - own names


def copying(db: Database) -> list[tuple[str, str, int, float]]:
    """Return who copied from whom: copying outlet, original outlet, pieces, mean containment; the most pieces first."""
    return list(
        db.execute(
            """select c.name, o.name, count(*), avg(r.containment) from reprints r
            join items a on a.id = r.item_id join outlets c on c.id = a.outlet_id
            join items b on b.id = r.original_item_id join outlets o on o.id = b.outlet_id
            group by c.id, o.id order by count(*) desc, c.name, o.name"""
        )
    )
