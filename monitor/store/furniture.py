"""What is known for furniture of an outlet, and how far it was swept out of the items that are stored already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from monitor.store import spaceless
from monitor.text import text_hash


@dataclass(frozen=True, slots=True)
class StoredText:
    """The text of an item, as sweeping needs it."""

    item_id: int
    title: str
    text: str


def learnt(db: Database, outlet_id: str) -> set[int]:
    """Return the hashes of the blocks that are known for furniture of an outlet."""
    return {block for (block,) in db.execute("select block from furniture where outlet_id = ?", [outlet_id])}


def learn(db: Database, outlet_id: str, blocks: Mapping[int, str]) -> None:
    """Remember blocks, by hash, as furniture; all stored items of the outlet are to be swept again."""
    db.conn.executemany(
        "insert or ignore into furniture (outlet_id, block, text) values (?, ?, ?)",
        [(outlet_id, number, text) for number, text in sorted(blocks.items())],
    )
    db.execute(
        "insert or replace into sweeps (outlet_id, below) select ?, coalesce(max(id), 0) + 1 from items", [outlet_id]
    )


def unswept(db: Database) -> list[tuple[str, int]]:
    """Return the outlets with items that were not swept yet, each with the id below which these are."""
    return list(db.execute("select outlet_id, below from sweeps order by outlet_id"))


def swept(db: Database, outlet_id: str, below: int | None) -> None:
    """Write down how far an outlet was swept; None when there is nothing left to look at."""
    if below is None:
        db.execute("delete from sweeps where outlet_id = ?", [outlet_id])
    else:
        db.execute("update sweeps set below = ? where outlet_id = ?", [below, outlet_id])


def newest(db: Database, outlet_id: str, *, limit: int, below: int | None = None) -> list[StoredText]:
    """Return the items of an outlet that were stored last, the newest first; with `below`, of those before an id."""
    rows = db.execute(
        "select id, title, text from items where outlet_id = ? and id < coalesce(?, 9e18) order by id desc limit ?",
        [outlet_id, below, limit],
    )
    return [StoredText(*row) for row in rows]


def take_out(db: Database, item_id: int, title: str, text: str, removed: Sequence[str]) -> None:
    """Replace the text of an item by what is left without some blocks; no revision, the publisher changed nothing."""
    db.execute("update items set text = ?, text_hash = ? where id = ?", [text, text_hash(title, text), item_id])
    spaceless.index(db, item_id, title, text)
    (start,) = db.execute(
        "select coalesce(max(position) + 1, 0) from removed_blocks where item_id = ?", [item_id]
    ).fetchone()
    db.conn.executemany(
        "insert into removed_blocks (item_id, position, block) values (?, ?, ?)",
        [(item_id, start + number, block) for number, block in enumerate(removed)],
    )
