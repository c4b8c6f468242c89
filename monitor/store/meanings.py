"""The vectors of a sentence encoder in the state: one encoder at a time, one vector an item."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from monitor.store.items import batched, placeholders
from monitor.store.vectors import UNDATED

#: the languages of items without one, in counts
NO_LANGUAGE = ""


@dataclass(frozen=True, slots=True)
class StoredEncoder:
    """The encoder whose vectors the state holds."""

    encoder_id: int
    name: str
    version: str
    #: how many vectors it made, and their sum: 64-bit floats, little-endian
    items: int
    total: bytes


@dataclass(frozen=True, slots=True)
class Meaning:
    """The vector of an item (16-bit floats, little-endian), the hash of its text, its language and its day."""

    item_id: int
    text_hash: str
    vector: bytes
    lang: str | None = None
    day: float | None = None


def encoder(db: Database) -> StoredEncoder | None:
    """Return the encoder whose vectors the state holds, None without any."""
    row = db.execute("select id, name, version, items, total from encoders").fetchone()
    return StoredEncoder(*row) if row else None


def use_encoder(db: Database, name: str, version: str) -> StoredEncoder:
    """Return the encoder of a name and version; what another one made is gone for good."""
    stored = encoder(db)
    if stored and (stored.name, stored.version) == (name, version):
        return stored
    db.execute("delete from meanings")
    db.execute("delete from encoders")
    db.execute("insert into encoders (name, version, items, total) values (?, ?, 0, x'')", [name, version])
    return use_encoder(db, name, version)


def save(db: Database, stored: StoredEncoder, found: Iterable[Meaning], items: int, total: bytes) -> None:
    """Store vectors of items in place of those they had, and what the encoder has made in all."""
    db.conn.executemany(
        "insert or replace into meanings (item_id, encoder_id, text_hash, vector, lang) values (?, ?, ?, ?, ?)",
        [(m.item_id, stored.encoder_id, m.text_hash, m.vector, m.lang) for m in found],
    )
    db.execute("update encoders set items = ?, total = ? where id = ?", [items, total, stored.encoder_id])


_SELECT = """select m.item_id, m.text_hash, m.vector, m.lang, nullif(t.day, 0) from meanings m
  left join index_terms t on t.item_id = m.item_id"""


def of_items(db: Database, ids: Collection[int]) -> dict[int, Meaning]:
    """Return the vectors of some items, by id; those without are missing."""
    found: dict[int, Meaning] = {}
    for batch in batched(sorted(ids)):
        rows = db.execute(f"{_SELECT} where m.item_id in ({placeholders(batch)})", batch)
        found.update({row[0]: Meaning(*row) for row in rows})
    return found


def of_periods(db: Database, periods: Iterable[tuple[int, int]] | None) -> list[Meaning]:
    """Return the vectors of the indexed items of some periods (first and last day), and of the undated ones."""
    select = """select m.item_id, m.text_hash, m.vector, m.lang, nullif(t.day, 0) from index_terms t
      join meanings m on m.item_id = t.item_id"""
    if periods is None:
        return [Meaning(*row) for row in db.execute(select)]
    rows = db.execute(f"{select} where t.day = ?", [UNDATED]).fetchall()
    for first, last in periods:
        rows.extend(db.execute(f"{select} where t.day between ? and ? and t.day <> ?", [first, last, UNDATED]))
    return [Meaning(*row) for row in rows]


def without(db: Database, periods: Iterable[tuple[int, int]], limit: int) -> list[tuple[int, str | None]]:
    """Return the newest indexed items of some periods that have no vector, each with its language."""
    found: list[tuple[int, str | None]] = []
    for first, last in periods:
        found += db.execute(
            """select t.item_id, i.lang from index_terms t join items i on i.id = t.item_id
            where t.day between ? and ? and i.purged_at is null
            and not exists (select 1 from meanings m where m.item_id = t.item_id) order by t.day desc limit ?""",
            [first, last, limit],
        )
    return found


def counts(db: Database) -> tuple[int, Mapping[str, int]]:
    """Return how many items have a vector, and by language how many have none."""
    (encoded,) = db.execute("select count(*) from meanings").fetchone()
    rows = db.execute(
        """select coalesce(lang, ''), count(*) from items i where purged_at is null
        and not exists (select 1 from meanings m where m.item_id = i.id) group by 1"""
    )
    return int(encoded), dict(rows)


def copy_from(db: Database, attached: str) -> None:
    """Put the vectors of an attached state in place of those of the main one."""
    for table in ("meanings", "encoders"):
        db.execute(f"delete from main.{table}")  # noqa: S608 - constants
    for table in ("encoders", "meanings"):
        db.execute(f"insert into main.{table} select * from {attached}.{table}")  # noqa: S608 - constants
