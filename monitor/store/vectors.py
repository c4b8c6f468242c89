"""Weighted term vectors in the state: term counts, features, the index that finds candidates, and links."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor

from sqlite_utils import Database

from monitor.store.items import batched, placeholders

#: the day under which undated items stand in the index
UNDATED = 0

#: an item's id, its day (None when undated) and the packed terms by which it is found
IndexRow = tuple[int, float | None, bytes]


@dataclass(frozen=True, slots=True)
class Vector:
    """An item's packed features and its day (days since 1970, None when undated)."""

    item_id: int
    packed: bytes
    day: float | None
    #: packed vectors of its facts; empty for items stored before facts were read
    facts: bytes = b""
    #: how surely it is about customs, as the relevance stage scores it; None: as above
    relevance: float | None = None
    lang: str | None = None
    #: where a sentence encoder is in use: its meaning (32-bit floats of length one); empty without
    meaning: bytes = b""


def count_terms(db: Database, counts: Iterable[tuple[int, int]], ids: Collection[int]) -> None:
    """Count for each term so many more items, which are these."""
    db.conn.executemany(
        "insert into terms (term, items) values (?, ?) on conflict (term) do update set items = items + excluded.items",
        counts,
    )
    db.conn.executemany("update features set counted = 1 where item_id = ?", [(item_id,) for item_id in ids])


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
    """Return the ids of all items that were read and can be read again: a purged one keeps what was read of it."""
    rows = db.execute(
        "select f.item_id from features f join items i on i.id = f.item_id where i.purged_at is null order by 1"
    )
    return [item_id for (item_id,) in rows]


def save_read(db: Database, found: Sequence[Vector]) -> None:
    """Store the vectors of items as they were read, to be counted and weighed by the settle."""
    db.conn.executemany(
        "insert into features (item_id, day, vectors, facts, relevance, counted) values (?, ?, ?, ?, ?, 0) "
        "on conflict (item_id) do update set day = excluded.day, vectors = excluded.vectors, facts = excluded.facts, "
        "relevance = excluded.relevance",
        [(v.item_id, v.day, v.packed, v.facts, v.relevance) for v in found],
    )


def uncounted(db: Database, ids: Collection[int]) -> list[Vector]:
    """Return those of some items whose terms are not counted yet."""
    found: list[Vector] = []
    for batch in batched(sorted(ids)):
        rows = db.execute(
            "select item_id, vectors, day, facts from features "  # noqa: S608 - placeholders only
            f"where counted = 0 and item_id in ({placeholders(batch)})",
            batch,
        )
        found += [Vector(*row) for row in rows]
    return found


def index(db: Database, found: Sequence[tuple[Vector, bytes]]) -> None:
    """Store weighed vectors and the packed terms that find each item; its old terms and links are gone."""
    ids = [(vector.item_id,) for vector, _terms in found]
    db.conn.executemany("delete from links where item_id = ?", ids)
    db.conn.executemany("delete from links where other_item_id = ?", ids)
    db.conn.executemany(
        "update features set vectors = ?, facts = ? where item_id = ?",
        [(vector.packed, vector.facts, vector.item_id) for vector, _terms in found],
    )
    db.conn.executemany(
        "insert or replace into index_terms (item_id, day, terms) values (?, ?, ?)",
        [(v.item_id, UNDATED if v.day is None else floor(v.day), terms) for v, terms in found],
    )


def index_rows(db: Database, ids: Collection[int]) -> list[IndexRow]:
    """Return what the index has of some items, in order of their ids; what has no vectors is missing."""
    found: list[IndexRow] = []
    for batch in batched(sorted(ids)):
        rows = db.execute(
            f"select item_id, day, terms from index_terms where item_id in ({placeholders(batch)}) order by item_id",  # noqa: S608 - placeholders only
            batch,
        )
        found += [_index_row(*row) for row in rows]
    return found


def weighed(db: Database, ids: Collection[int]) -> list[int]:
    """Return those of some items that are in the index, in order."""
    return [item_id for item_id, _, _ in index_rows(db, ids)]


def _index_row(item_id: int, day: int, terms: bytes) -> IndexRow:
    """Return a row of the index as it is compared."""
    return item_id, None if day == UNDATED else float(day), terms


def indexed(db: Database, periods: Iterable[tuple[int, int]] | None) -> list[IndexRow]:
    """Return the items of some periods (first and last day), and the undated ones; without periods, all of them."""
    select = "select item_id, day, terms from index_terms"
    if periods is None:
        rows = db.execute(select).fetchall()
    else:
        rows = db.execute(f"{select} where day = ?", [UNDATED]).fetchall()
        for first, last in periods:
            found = db.execute(f"{select} where day between ? and ? and day <> ?", [first, last, UNDATED])
            rows.extend(found)
    return [_index_row(*row) for row in rows]


def load(db: Database, ids: Collection[int]) -> dict[int, Vector]:
    """Return the vectors of some items, by id."""
    found: dict[int, Vector] = {}
    for batch in batched(sorted(ids)):
        rows = db.execute(
            "select item_id, vectors, day, facts, features.relevance, lang from features join items on id = item_id "  # noqa: S608 - placeholders only
            f"where item_id in ({placeholders(batch)})",
            batch,
        )
        found.update({i: Vector(i, p, day, facts or b"", score, lang) for i, p, day, facts, score, lang in rows})
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


def chances_among(db: Database, ids: Collection[int]) -> list[tuple[int, int, float]]:
    """Return the links of some items with their probabilities, the smaller id first."""
    found: list[tuple[int, int, float]] = []
    for batch in batched(sorted(ids)):
        found += db.execute(
            f"select item_id, other_item_id, probability from links where item_id in ({placeholders(batch)})",  # noqa: S608 - placeholders only
            batch,
        )
    return found


_TIED = (
    "select item_id, other_item_id from links where item_id in ({ids})",
    "select other_item_id, item_id from links where other_item_id in ({ids})",
    "select a.item_id, b.item_id from story_items a join story_items b using (story_id) where a.item_id in ({ids})",
)


def tied(db: Database, ids: Collection[int]) -> dict[int, set[int]]:
    """Return for each of some items those that are linked to it, or in one story with it; itself may be among them."""
    found: dict[int, set[int]] = {item_id: set() for item_id in ids}
    # SQLite makes a number of its own for each row: among many ties they fill 32 bytes each
    one_of: dict[int, int] = {}
    for batch in batched(sorted(ids)):
        for query in _TIED:
            for item_id, other in db.execute(query.format(ids=placeholders(batch)), batch):
                found[item_id].add(one_of.setdefault(other, other))
    return found


def linked(db: Database, ids: Collection[int]) -> set[int]:
    """Return the items that are linked to some items, or in one story with them."""
    return set[int]().union(*tied(db, ids).values())
