"""Signatures, bands and reprints in the state. Bands live beside the items: no index to rebuild, none to drift."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from sqlite_utils import Database

from monitor.model import Reprint, ReprintKind
from monitor.store.items import batched, placeholders


@dataclass(frozen=True, slots=True)
class Sketched:
    """What comparing needs to know of an item before its text is read; `signature` is None for one without words."""

    at: str
    shingles: int
    signature: bytes | None
    #: of a reprint; spun copies are told by other means
    original_item_id: int | None


@dataclass(frozen=True, slots=True)
class NewSignature:
    """The signature of an item and the bands that find it."""

    item_id: int
    shingles: int
    signature: bytes
    bands: Sequence[int]


def save_signatures(db: Database, recipe: str, found: Sequence[NewSignature]) -> None:
    """Store signatures and bands of items; `forget_signature` has to come first for those that had others."""
    db.conn.executemany(
        "insert into signatures (item_id, recipe, shingles, hash_values) values (?, ?, ?, ?)",
        [(new.item_id, recipe, new.shingles, new.signature) for new in found],
    )
    # in the order of the table: its pages are each written once
    bands = sorted((band, new.item_id) for new in found for band in new.bands)
    # with a statement for each, inserting takes a quarter longer
    for batch in batched(bands):
        values = ", ".join(["(?, ?)"] * len(batch))
        db.execute(f"insert or ignore into bands (band, item_id) values {values}", list(chain.from_iterable(batch)))  # noqa: S608 - placeholders only


def forget_signature(db: Database, item_id: int, bands: Sequence[int]) -> None:
    """Remove an item's signature and its bands, which are the primary key of their table."""
    db.conn.executemany("delete from bands where band = ? and item_id = ?", [(band, item_id) for band in bands])
    db.execute("delete from signatures where item_id = ?", [item_id])


def signed_otherwise(db: Database, recipe: str) -> list[int]:
    """Return the items whose signatures are of another recipe; two ranges of an index, so that asking costs nothing."""
    rows = db.execute(
        "select item_id from signatures where recipe < ? union all select item_id from signatures where recipe > ?",
        [recipe, recipe],
    )
    return [item_id for (item_id,) in rows]


def shared(db: Database, bands: Collection[int]) -> dict[int, set[int]]:
    """Return the items of those of some bands that several items have: most have one."""
    found: dict[int, set[int]] = {}
    for batch in batched(sorted(bands)):
        rows = db.execute(
            f"""select band, group_concat(item_id) from bands where band in ({placeholders(batch)})
            group by band having count(*) > 1""",  # noqa: S608 - placeholders only
            batch,
        )
        found.update({band: set(map(int, ids.split(","))) for band, ids in rows})
    return found


def sketched(db: Database, ids: Collection[int]) -> dict[int, Sketched]:
    """Return what is known of some items before their texts are read, by id."""
    found: dict[int, Sketched] = {}
    for batch in batched(sorted(ids)):
        rows = db.execute(
            f"""select i.id, coalesce(i.published_at, i.listed_at), coalesce(s.shingles, 0), s.hash_values,
            r.original_item_id from items i left join signatures s on s.item_id = i.id
            left join reprints r on r.item_id = i.id and r.kind = 'reprint' where i.id in ({placeholders(batch)})""",  # noqa: S608 - placeholders only
            batch,
        )
        found.update({item_id: Sketched(*values) for item_id, *values in rows})
    return found


def reprints_from(db: Database, originals: Collection[int]) -> set[int]:
    """Return the reprints of some items."""
    found: set[int] = set()
    for batch in batched(sorted(originals)):
        rows = db.execute(
            f"select item_id from reprints where kind = 'reprint' and original_item_id in ({placeholders(batch)})",  # noqa: S608 - placeholders only
            batch,
        )
        found |= {item_id for (item_id,) in rows}
    return found


_COPIES = (
    "select item_id, original_item_id from reprints where item_id in ({ids})",
    "select original_item_id, item_id from reprints where original_item_id in ({ids})",
    "select a.item_id, b.item_id from reprints a join reprints b using (original_item_id) where a.item_id in ({ids})",
)


def copies_and_originals(db: Database, ids: Collection[int]) -> dict[int, set[int]]:
    """Return for each of some items its original, its copies and those of its original; itself may be among them."""
    found: dict[int, set[int]] = {item_id: set() for item_id in ids}
    for batch in batched(sorted(ids)):
        for query in _COPIES:
            for item_id, other in db.execute(query.format(ids=placeholders(batch)), batch):
                found[item_id].add(other)
    return found


def replace_reprints(db: Database, group: Iterable[int], found: Iterable[Reprint]) -> None:
    """Make `found` the only reprints among the items of a group; spun copies of what became a copy move on with it."""
    for batch in batched(sorted(group)):
        db.execute(f"delete from reprints where kind = 'reprint' and item_id in ({placeholders(batch)})", batch)  # noqa: S608 - placeholders only
    copies = list(found)
    save_copies(db, copies)
    db.conn.executemany(
        "update reprints set original_item_id = ? where kind = 'spun' and original_item_id = ?",
        [(r.original_item_id, r.item_id) for r in copies],
    )


def save_copies(db: Database, found: Iterable[Reprint]) -> None:
    """Write copies down, each in place of what was known of the item before."""
    db.conn.executemany(
        "insert or replace into reprints (item_id, original_item_id, kind, jaccard, containment, reason, attribution) "
        "values (?, ?, ?, ?, ?, ?, ?)",
        [
            (r.item_id, r.original_item_id, r.kind.value, r.jaccard, r.containment, r.reason, r.attribution)
            for r in found
        ],
    )


def forget_spun(db: Database, ids: Iterable[int]) -> None:
    """Forget that some items are spun copies, before they are looked at again."""
    for batch in batched(sorted(ids)):
        db.execute(f"delete from reprints where kind = 'spun' and item_id in ({placeholders(batch)})", batch)  # noqa: S608 - placeholders only


def reprints_of(db: Database, ids: Collection[int]) -> dict[int, Reprint]:
    """Return the reprint rows of some items, by item id."""
    found: dict[int, Reprint] = {}
    for batch in batched(sorted(ids)):
        rows = db.execute(
            f"""select item_id, original_item_id, kind, jaccard, containment, reason, attribution from reprints
            where item_id in ({placeholders(batch)})""",  # noqa: S608 - placeholders only
            batch,
        )
        for item_id, original, kind, *rest in rows:
            found[item_id] = Reprint(item_id, original, ReprintKind(kind), *rest)
    return found
