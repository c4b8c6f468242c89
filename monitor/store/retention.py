"""The SQL of retention: which texts and which history are old enough to go, and a row for what went."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor.store.items import batched, placeholders
from monitor.store.storage import moment, to_text

#: texts of dropped pieces go with the history; the rows stay, so that none is judged again
_HISTORY = {
    "polls": ("polls", "started_at", "delete from polls where {old}"),
    "pieces left out": (
        "left_out join runs on runs.id = left_out.run_id",
        "runs.started_at",
        "delete from left_out where run_id in (select id from runs where {old})",
    ),
    "runs": (
        "runs",
        "started_at",
        (
            "delete from runs where {old} and id not in (select run_id from polls) "
            "and id not in (select run_id from left_out)"
        ),
    ),
    "texts of dropped pieces": ("dropped", "dropped_at", "update dropped set text = '' where {old}"),
}
_STILL = {"texts of dropped pieces": " and text <> ''"}


@dataclass(frozen=True, slots=True)
class Gone:
    """How much of what went or would go, of which time."""

    what: str
    count: int
    oldest_at: datetime
    newest_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class OldText:
    """An item whose text may go; `cited` is the newest issued digest that names its story."""

    item_id: int
    listed_at: datetime
    size_bytes: int
    cited: str | None


def old_texts(db: Database, before: datetime, limit: int) -> list[OldText]:
    """Return the items that were listed before a moment and still have a text, the oldest first."""
    rows = db.execute(
        """select i.id, i.listed_at, length(cast(i.text as blob)), (select max(d.digest_date) from digest_stories d
        join story_items s on s.story_id = d.story_id where s.item_id = i.id) from items i
        where i.purged_at is null and i.listed_at < ? order by i.listed_at, i.id limit ?""",
        [to_text(before), limit],
    )
    return [OldText(item_id, moment(at), size, cited) for item_id, at, size, cited in rows]


def old_history(db: Database, before: datetime, reason: str) -> list[Gone]:
    """Return how much history is from before a moment."""
    found = []
    for what, (table, column, _) in _HISTORY.items():
        query = f"select count(*), min({column}), max({column}) from {table} where {column} < ?{_STILL.get(what, '')}"  # noqa: S608 - constants
        count, oldest, newest = db.execute(query, [to_text(before)]).fetchone()
        if count:
            found.append(Gone(what, count, moment(oldest), moment(newest), reason))
    return found


def forget_history(db: Database, before: datetime) -> None:
    """Remove the history from before a moment; a run stays as long as anything is left of it."""
    for _, column, statement in _HISTORY.values():
        db.execute(statement.format(old=f"{column.removeprefix('runs.')} < ?"), [to_text(before)])


def forget_comparing(db: Database, ids: Collection[int]) -> None:
    """Remove the figures and links of items whose text goes; their places in stories stay."""
    for batch in batched(sorted(ids)):
        marks = placeholders(batch)
        for query in ("figures where item_id", "links where item_id", "links where other_item_id"):
            db.execute(f"delete from {query} in ({marks})", batch)  # noqa: S608 - constants and placeholders


def note(db: Database, gone: Gone, now: datetime) -> None:
    """Write down what went."""
    db.execute(
        "insert into pruned (at, what, count, oldest_at, newest_at, reason) values (?, ?, ?, ?, ?, ?)",
        [to_text(now), gone.what, gone.count, to_text(gone.oldest_at), to_text(gone.newest_at), gone.reason],
    )


def pruned(db: Database, *, limit: int) -> list[dict[str, object]]:
    """Return what went, the newest first."""
    return list(db.query("select * from v_pruned order by pruned_id desc limit ?", [limit]))


def pruned_since(db: Database, since: datetime) -> bool:
    """Tell whether anything went since a moment."""
    return db.execute("select 1 from pruned where at > ? limit 1", [to_text(since)]).fetchone() is not None


def used_bytes(db: Database) -> int:
    """Return how large the database is, without pages that are free."""
    count, free, size = (
        db.execute(f"pragma {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    return int((count - free) * size)


def merge_search(db: Database) -> None:
    """Let the full-text indexes forget what was deleted; until then a deletion makes them larger."""
    for table in ("items_fts", "items_spaceless_fts"):
        db.execute(f"insert into {table} ({table}) values ('optimize')")  # noqa: S608 - constants


def retained(db: Database) -> int:
    """Return how many items have lost their text to retention."""
    return int(db.execute("select count(*) from items where purge_reason like 'retention:%'").fetchone()[0])
