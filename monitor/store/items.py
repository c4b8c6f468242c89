"""Items in the state: what is known under which key, inserting, revising, dropping; text blocks that repeat."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from sqlite_utils import Database
from sqlite_utils.db import Table

from monitor.model import DroppedData, ItemData, KnownItem
from monitor.store import spaceless
from monitor.store.storage import moment, to_text, to_time
from monitor.text import text_hash

Value = TypeVar("Value")

#: SQLite takes at most 32,766 parameters a statement; smaller lists plan faster
_BATCH = 500


@dataclass(frozen=True, slots=True)
class ItemText:
    """What comparing needs to know of a stored item."""

    item_id: int
    outlet_id: str
    title: str
    text: str
    lang: str | None
    published_at: datetime | None
    listed_at: datetime
    #: the relevance stage's score; None: nobody judged it
    relevance: float | None = None

    @property
    def at(self) -> datetime:
        """When it was published, as far as known."""
        return self.published_at or self.listed_at


@dataclass(frozen=True, slots=True)
class ItemVersion:
    """A stored item that may be the same piece as another one, in the same or another language."""

    item_id: int
    title: str
    text: str
    lang: str | None
    published_at: datetime | None
    #: the earliest item of its piece, if it is not that itself
    version_of: int | None


def batched(values: Iterable[Value]) -> Iterator[list[Value]]:
    """Cut values into lists that fit one SQL statement."""
    source = iter(values)
    while batch := list(islice(source, _BATCH)):
        yield batch


def placeholders(values: Sequence[object]) -> str:
    """Return the question marks for a list of SQL parameters."""
    return ", ".join("?" * len(values))


def known(db: Database, keys: Iterable[str], source_id: str | None = None) -> dict[str, KnownItem]:
    """Return what is remembered under each of the keys; keys that nobody knows are missing.

    With a source, the hash of an entry is what that source last showed: two sources of one outlet may tease a piece in
    different words, which is no revision.
    """
    column = "i.entry_hash" if source_id is None else "s.entry_hash"
    found: dict[str, KnownItem] = {}
    for batch in batched(sorted(set(keys))):
        rows = db.execute(
            f"""select k.key, k.item_id, k.dropped_id, {column}, i.page_pending, i.page_attempts, i.title, i.url,
            i.purged_at is not null
            from item_keys k left join items i on i.id = k.item_id
            left join item_sources s on s.item_id = i.id and s.source_id = ? where k.key in ({placeholders(batch)})""",  # noqa: S608 - a constant and placeholders
            [source_id, *batch],
        )
        for key, item_id, dropped_id, entry_hash, pending, attempts, title, url, purged in rows:
            if item_id is None:
                found[key] = KnownItem(0, "", dropped=dropped_id is not None, tombstone=dropped_id is None)
            else:
                found[key] = KnownItem(
                    item_id, entry_hash, bool(pending), attempts, tombstone=bool(purged), title=title, url=url
                )
    return found


def insert(db: Database, data: ItemData, keys: Iterable[str]) -> int:
    """Store a new item under all its keys and return its id.

    Its own key must be free (IntegrityError otherwise); further keys that another item has already stay that item's.
    """
    columns = _columns(data) | {"outlet_id": data.outlet_id, "external_id": data.external_id}
    values = list(columns.values())
    # plain SQL: sqlite-utils asks for the table's columns anew at each row
    cursor = db.execute(f"insert into items ({', '.join(columns)}) values ({placeholders(values)})", values)  # noqa: S608 - names of columns
    item_id = int(cursor.lastrowid or 0)
    # not by a trigger, whose savepoint would let FTS5 write a segment for each item
    db.execute("insert into items_fts (rowid, title, text) values (?, ?, ?)", [item_id, data.title, data.text])
    spaceless.index_new(db, item_id, data.title, data.text)
    _take_over_dropped(db, {data.key, *keys})
    db.execute("insert into item_keys (key, item_id) values (?, ?)", [data.key, item_id])
    add_keys(db, item_id, sorted(set(keys) - {data.key}))
    _save_removed(db, item_id, data.removed)
    if data.source_id:
        seen_through(db, data.source_id, {item_id: data.entry_hash}, data.first_seen_at)
    return item_id


def last_id(table: Table) -> int:
    """Return the id of the row that was just inserted."""
    return int(str(table.last_pk))


def _take_over_dropped(db: Database, keys: Collection[str]) -> None:
    """Forget that a piece was dropped which is stored after all: a trusted source or an import of everything has it."""
    for batch in batched(sorted(keys)):
        rows = db.execute(
            f"""select distinct dropped_id from item_keys
            where dropped_id is not null and key in ({placeholders(batch)})""",  # noqa: S608 - placeholders only
            batch,
        ).fetchall()
        for (dropped_id,) in rows:
            db.execute("delete from item_keys where dropped_id = ?", [dropped_id])
            db.execute("delete from dropped where id = ?", [dropped_id])


def _columns(data: ItemData) -> dict[str, object]:
    """Return the columns that a new item and a revised one share."""
    verdict = data.relevance
    return {
        "guid": data.guid,
        "url": data.url,
        "title": data.title,
        "text": data.text,
        "text_hash": text_hash(data.title, data.text),
        "text_origin": data.text_origin.value,
        "author": data.author,
        "attribution": data.attribution,
        "lang": data.lang,
        "published_at": to_text(data.published.at),
        "published_origin": data.published.origin.value,
        "published_has_time": int(data.published.has_time),
        "published_evidence": data.published.evidence,
        "first_seen_at": to_text(data.first_seen_at),
        "listed_at": to_text(data.listed_at),
        "entry_hash": data.entry_hash,
        "page_pending": int(data.page_pending),
        "page_attempts": data.page_attempts,
        "page_problem": data.page_problem,
        "relevance": verdict.score if verdict else None,
        "relevance_terms": json.dumps(verdict.terms, ensure_ascii=False) if verdict else None,
        "relevance_reason": verdict.reason if verdict else None,
        "piece_key": data.piece_key,
    }


def revise(db: Database, item_id: int, data: ItemData, now: datetime, *, changed: str = "title or text") -> bool:
    """Replace an item's text, keeping the old one as a revision; tell whether its text or date really changed.

    `changed` says in words what the new text changed. First seen and listed times stay: an edited piece is no new one.
    """
    old = db.execute(
        "select title, text, text_hash, revision, first_seen_at, listed_at, published_at from items where id = ?",
        [item_id],
    )
    title, text, old_hash, revision, first_seen_at, listed_at, published_at = old.fetchone()
    columns = _columns(data) | {"first_seen_at": first_seen_at, "listed_at": listed_at}
    is_other = bool(columns["text_hash"] != old_hash)
    moved = bool(columns["published_at"] != published_at)
    if is_other:
        db.execute(
            "insert into revisions (item_id, revision, title, text, replaced_at, changed) values (?, ?, ?, ?, ?, ?)",
            [item_id, revision, title, text, to_text(now), changed],
        )
        columns |= {"revision": revision + 1, "revised_at": to_text(now)}
    db.table("items").update(item_id, columns)
    if is_other:
        spaceless.index(db, item_id, data.title, data.text)
        db.execute("delete from removed_blocks where item_id = ?", [item_id])
        _save_removed(db, item_id, data.removed)
    return is_other or moved


def _save_removed(db: Database, item_id: int, removed: Sequence[str]) -> None:
    """Write down the page furniture that was taken out of an item."""
    db.conn.executemany(
        "insert into removed_blocks (item_id, position, block) values (?, ?, ?)",
        [(item_id, n, block) for n, block in enumerate(removed)],
    )


def add_keys(db: Database, item_id: int, keys: Iterable[str]) -> None:
    """Let an item be known under further keys; keys of other items stay theirs."""
    db.conn.executemany("insert or ignore into item_keys (key, item_id) values (?, ?)", [(k, item_id) for k in keys])


def versions(db: Database, outlet_id: str, piece_key: str | None, ids: Collection[int] = ()) -> list[ItemVersion]:
    """Return the items of an outlet that share a `piece_key`, and some further ones by id, the oldest first."""
    # SQLite reads every item for an `or` beside an empty list
    more = f"or id in ({placeholders(list(ids))})" if ids else ""
    rows = db.execute(
        f"""select id, title, text, lang, published_at, version_of from items
        where (outlet_id = ? and piece_key = ?) {more} order by id limit {_BATCH}""",  # noqa: S608 - placeholders
        [outlet_id, piece_key, *ids],
    )
    return [
        ItemVersion(item_id, title, text, lang, to_time(published_at), version_of)
        for item_id, title, text, lang, published_at, version_of in rows
    ]


def set_version(db: Database, item_id: int, first_id: int) -> None:
    """Note that an item is the same piece as an earlier one, in another language."""
    db.execute("update items set version_of = ? where id = ?", [first_id, item_id])


def purge(db: Database, ids: Collection[int], now: datetime, reason: str) -> int:
    """Remove the texts of items for good, and return of how many; they stay known, so that none comes back.

    What is left is the tombstone: keys, title, address, times and places in stories and digests, with the reason. Text,
    earlier revisions, author, furniture and everything to compare the text by are gone.
    """
    purged = 0
    for batch in batched(sorted(ids)):
        marks = placeholders(batch)
        purged += db.execute(
            f"""update items set text = '', text_hash = '', text_origin = 'none', author = null, page_pending = 0,
            relevance_terms = '[]', published_evidence = null, purged_at = ?, purge_reason = ?
            where purged_at is null and id in ({marks})""",  # noqa: S608 - placeholders only
            [to_text(now), reason, *batch],
        ).rowcount
        for table in ("revisions", "removed_blocks", "bands", "signatures", "meanings"):
            db.execute(f"delete from {table} where item_id in ({marks})", batch)  # noqa: S608 - constants
        for item_id, title in db.execute(f"select id, title from items where id in ({marks})", batch).fetchall():  # noqa: S608 - placeholders
            spaceless.index(db, item_id, title, "")
    return purged


def seen_through(db: Database, source_id: str, entry_hashes: Mapping[int, str], now: datetime) -> None:
    """Write down that items (by id, with the hash of the entry) were seen through a source; the first time counts."""
    db.conn.executemany(
        "insert into item_sources (item_id, source_id, first_seen_at, entry_hash) values (?, ?, ?, ?) "
        "on conflict (item_id, source_id) do update set entry_hash = excluded.entry_hash",
        [(item_id, source_id, to_text(now), entry_hash) for item_id, entry_hash in entry_hashes.items()],
    )


def page_failed(db: Database, item_id: int, problem: str, *, pending: bool, attempts: int = 1) -> None:
    """Count another attempt to read an item's page, or none if nobody was asked; `pending`: a further one is due."""
    db.execute(
        "update items set page_attempts = page_attempts + ?, page_problem = ?, page_pending = ? where id = ?",
        [attempts, problem, int(pending), item_id],
    )


def postponed(db: Database, keys: Iterable[str]) -> dict[str, int]:
    """Return how often the page of an entry could not be read that had to decide about it, by key."""
    found: dict[str, int] = {}
    for batch in batched(sorted(set(keys))):
        rows = db.execute(f"select key, attempts from postponed where key in ({placeholders(batch)})", batch)  # noqa: S608 - placeholders only
        found.update(dict(rows))
    return found


def postpone(db: Database, attempts: Mapping[str, int]) -> None:
    """Count further attempts to read the page of an entry that only it can decide about, by key."""
    db.conn.executemany(
        "insert into postponed (key, attempts) values (?, ?) "
        "on conflict (key) do update set attempts = attempts + excluded.attempts",
        attempts.items(),
    )


def sources_with_pending_pages(db: Database, since: datetime) -> set[str]:
    """Return the sources through which items were first seen since a moment whose page is still to be read."""
    rows = db.execute(
        "select distinct s.source_id from item_sources s join items i on i.id = s.item_id "
        "where i.page_pending and i.first_seen_at >= ?",
        [to_text(since)],
    )
    return {source_id for (source_id,) in rows}


def drop(db: Database, data: DroppedData, keys: Iterable[str]) -> None:
    """Keep a piece that the relevance stage refused as a row with its reason, so that it is not judged again."""
    v = data.verdict
    row = db.table("dropped").insert(
        {
            "source_id": data.source_id, "outlet_id": data.outlet_id, "external_id": data.external_id, "url": data.url,
            "title": data.title, "score": float(v.score), "terms": json.dumps(v.terms, ensure_ascii=False),
            "reason": v.reason, "dropped_at": to_text(data.dropped_at), "text": data.text,
        }
    )  # fmt: skip
    db.conn.executemany(
        "insert or ignore into item_keys (key, dropped_id) values (?, ?)",
        [(k, last_id(row)) for k in sorted(set(keys))],
    )


def texts(db: Database, ids: Collection[int]) -> dict[int, ItemText]:
    """Return the texts of some items by id."""
    found: dict[int, ItemText] = {}
    for batch in batched(sorted(ids)):
        rows = db.execute(
            f"""select id, outlet_id, title, text, lang, published_at, listed_at, relevance from items
            where id in ({placeholders(batch)})""",  # noqa: S608 - placeholders only
            batch,
        )
        for item_id, outlet_id, title, text, lang, published_at, listed_at, relevance in rows:
            at = to_time(published_at)
            found[item_id] = ItemText(item_id, outlet_id, title, text, lang, at, moment(listed_at), relevance)
    return found


def count_blocks(db: Database, outlet_id: str, blocks: Iterable[int]) -> None:
    """Count one more item of the outlet for each of its distinct text blocks."""
    db.conn.executemany(
        "insert into blocks (outlet_id, block, items) values (?, ?, 1) "
        "on conflict (outlet_id, block) do update set items = items + 1",
        [(outlet_id, block) for block in sorted(set(blocks))],
    )


def block_counts(db: Database, outlet_id: str, blocks: Iterable[int]) -> Mapping[int, int]:
    """Return on how many items of the outlet each of some blocks occurs."""
    found: dict[int, int] = {}
    for batch in batched(sorted(set(blocks))):
        rows = db.execute(
            f"select block, items from blocks where outlet_id = ? and block in ({placeholders(batch)})",  # noqa: S608 - placeholders only
            [outlet_id, *batch],
        )
        found.update(dict(rows))
    return found


def count_of_outlet(db: Database, outlet_id: str, *, limit: int) -> int:
    """Return how many items of an outlet are stored, up to a limit: to count 2,000 takes 0.4 ms."""
    counted = "select count(*) from (select 1 from items where outlet_id = ? limit ?)"
    return int(db.execute(counted, [outlet_id, limit]).fetchone()[0])
