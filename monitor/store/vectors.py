"""Weighted term vectors in the state: term counts, features, the index that finds candidates, and links."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from monitor.store.items import batched, placeholders

#: the day under which undated items stand in the index
UNDATED = 0


@dataclass(frozen=True, slots=True)
class Vector:
    """An item's packed features and its day (days since 1970, None when undated)."""

    item_id: int
    packed: bytes
    day: float | None


def count_terms(db: Database, terms: Iterable[int]) -> None:
    """Count one more item for each of an item's distinct terms."""
    db.conn.executemany(
        "insert into terms (term, items) values (?, 1) on conflict (term) do update set items = items + 1",
        [(term,) for term in terms],
    )


def term_counts(db: Database, terms: Collection[int]) -> Mapping[int, int]:
    """Return in how many items each of some terms occurs."""
    found: dict[int, int] = {}
    for batch in batched(sorted(terms)):
        found.update(dict(db.execute(f"select term, items from terms where term in ({placeholders(batch)})", batch)))  # noqa: S608 - placeholders only
    return found


def counted_items(db: Database) -> int:
    """Return how many items the term counts are made of."""
    return int(db.execute("select count(*) from features").fetchone()[0])


def weighed_at(db: Database) -> int:
    """Return how many items the term counts were made of when all items were last weighed, 0 before the first time."""
    row = db.execute("select items from weighings").fetchone()
    return int(row[0]) if row else 0


def set_weighed_at(db: Database, items: int) -> None:
    """Remember how many items the term counts are made of now that all items are weighed."""
    db.execute("insert or replace into weighings (id, items) values (1, ?)", [items])


def every_item(db: Database) -> list[int]:
    """Return the ids of all items that were read."""
    return [item_id for (item_id,) in db.execute("select item_id from features order by item_id")]


def save_read(db: Database, vector: Vector) -> bool:
    """Store an item's vectors as they were read, to be weighed by the settle; tell whether they are its first ones."""
    known = db.execute("select 1 from features where item_id = ?", [vector.item_id]).fetchone()
    db.execute(
        "insert into features (item_id, day, vectors) values (?, ?, ?) on conflict (item_id) do update set "
        "day = excluded.day, vectors = excluded.vectors",
        [vector.item_id, vector.day, vector.packed],
    )
    return known is None


def index(db: Database, vector: Vector, index_terms: Sequence[int]) -> None:
    """Store an item's weighed vectors and index it under its rare terms; its old index entries and links are gone."""
    db.execute("delete from postings where item_id = ?", [vector.item_id])
    db.execute("delete from links where item_id = ? or other_item_id = ?", [vector.item_id, vector.item_id])
    db.execute("update features set vectors = ? where item_id = ?", [vector.packed, vector.item_id])
    day = UNDATED if vector.day is None else int(vector.day)
    db.conn.executemany(
        "insert into postings (term, day, item_id) values (?, ?, ?)",
        [(term, day, vector.item_id) for term in sorted(index_terms)],
    )


def candidates(db: Database, vector: Vector, index_terms: Sequence[int], *, window_days: int, limit: int) -> list[int]:
    """Return the items that share most index terms with one, within the window around its day.

    Undated items meet everything, and everything meets them: their day cannot exclude anything.
    """
    days, parameters = "", list[object](index_terms)
    if vector.day is not None:
        days = f"and (day between ? and ? or day = {UNDATED})"
        parameters += [int(vector.day) - window_days, int(vector.day) + window_days]
    rows = db.execute(
        f"""select item_id, count(*) as shared from postings where term in ({placeholders(index_terms)}) {days}
        and item_id <> ? group by item_id order by shared desc, item_id desc limit ?""",  # noqa: S608 - placeholders only
        [*parameters, vector.item_id, limit],
    )
    return [item_id for item_id, _shared in rows]


def load(db: Database, ids: Collection[int]) -> dict[int, Vector]:
    """Return the vectors of some items, by id."""
    found: dict[int, Vector] = {}
    for batch in batched(sorted(ids)):
        rows = db.execute(f"select item_id, vectors, day from features where item_id in ({placeholders(batch)})", batch)  # noqa: S608 - placeholders only
        found.update({item_id: Vector(item_id, packed, day) for item_id, packed, day in rows})
    return found


def save_links(db: Database, links: Iterable[tuple[int, int, float]]) -> None:
    """Store pairs of items that may report one event, each pair once, the smaller id first."""
    db.conn.executemany(
        "insert or replace into links (item_id, other_item_id, probability) values (?, ?, ?)",
        [(min(a, b), max(a, b), probability) for a, b, probability in links],
    )


def links_of(db: Database, ids: Collection[int]) -> set[tuple[int, int]]:
    """Return the links of some items as pairs of ids, the smaller first."""
    found: set[tuple[int, int]] = set()
    for batch in batched(sorted(ids)):
        for column in ("item_id", "other_item_id"):
            rows = db.execute(
                f"select item_id, other_item_id from links where {column} in ({placeholders(batch)})",  # noqa: S608 - a constant and placeholders
                batch,
            )
            found |= {(a, b) for a, b in rows}
    return found


_LINKED = (
    "select other_item_id from links where item_id in ({ids})",
    "select item_id from links where other_item_id in ({ids})",
    "select b.item_id from story_items a join story_items b on b.story_id = a.story_id where a.item_id in ({ids})",
)


def linked(db: Database, ids: Collection[int]) -> set[int]:
    """Return the items that are linked to some items, or in one story with them."""
    found: set[int] = set()
    for batch in batched(sorted(ids)):
        for query in _LINKED:
            found |= {other for (other,) in db.execute(query.format(ids=placeholders(batch)), batch)}
    return found
