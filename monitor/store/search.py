"""Reading the state for people: full-text search, overviews, the integrity checks of `monitor doctor`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlite_utils import Database

#: a phrase in double quotes, or a run without white space
_PART = re.compile(r'"([^"]*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Hit:
    """One item that matches a search, with the passage that does."""

    item_id: int
    story_id: int | None
    outlet: str
    title: str
    url: str | None
    at: str
    snippet: str


def fts_query(query: str) -> str:
    """Return what a user typed as an FTS5 query that cannot fail: words and phrases, all of which must occur.

    Every part is quoted, so that `anti-dumping`, `HS-code`, `AND` or a lone quote mean themselves; a `*` at the end of a
    word matches its beginnings.
    """
    parts = []
    for phrase, word in _PART.findall(query.replace("\x00", " ")):
        text = phrase or word.strip('"')
        prefix = not phrase and text.endswith("*")
        text = text.rstrip("*") if prefix else text
        if any(c.isalnum() for c in text):
            parts.append('"' + text.replace('"', '""') + '"' + ("*" if prefix else ""))
    return " ".join(parts)


def search(db: Database, query: str, *, limit: int) -> tuple[list[Hit], int]:
    """Return the best matches (bm25, title counting three times) and how many there are in all."""
    match = fts_query(query)
    if not match:
        return [], 0
    (total,) = db.execute("select count(*) from items_fts where items_fts match ?", [match]).fetchone()
    rows = db.execute(
        """select i.id, s.story_id, o.name, i.title, i.url, coalesce(i.published_at, i.first_seen_at),
        snippet(items_fts, -1, '[', ']', ' … ', 24)
        from items_fts f join items i on i.id = f.rowid join outlets o on o.id = i.outlet_id
        left join story_items s on s.item_id = i.id where items_fts match ?
        order by bm25(items_fts, 3.0, 1.0), i.id limit ?""",
        [match, limit],
    )
    return [Hit(*row) for row in rows], int(total)


def totals(db: Database) -> dict[str, int]:
    """Return how much of everything the state holds."""
    return {
        name: int(db.execute(f"select count(*) from {table}").fetchone()[0])  # noqa: S608 - constants
        for name, table in (
            ("items", "items"),
            ("stories", "stories where merged_into is null"),
            ("copies", "reprints"),
            ("series", "series"),
            ("dropped", "dropped"),
            ("left_out", "left_out"),
            ("digests", "digests"),
            ("waiting_to_settle", "settle_queue"),
        )
    }


def last_run(db: Database, kind: str) -> dict[str, object] | None:
    """Return the newest run of a kind (`pass`, `import`, `digest`), None when there was none."""
    rows = list(
        db.query("select id, started_at, ended_at, note from runs where kind = ? order by id desc limit 1", [kind])
    )
    return rows[0] if rows else None


def polls_of(db: Database, run_id: int) -> list[dict[str, object]]:
    """Return the polls of one run."""
    return list(
        db.query("select * from v_runs where run_id = ? and source_id is not null order by source_id", [run_id])
    )


def left_out_of(db: Database, run_id: int) -> list[dict[str, object]]:
    """Return what one run could not take, with the reasons."""
    return list(db.query("select source_id, what, reason from left_out where run_id = ? order by id", [run_id]))


def dropped(db: Database, *, limit: int) -> list[dict[str, object]]:
    """Return the newest pieces that the relevance stage refused."""
    return list(
        db.query(
            "select source_id, title, url, score, terms, reason, dropped_at from dropped order by id desc limit ?",
            [limit],
        )
    )


def check(db: Database) -> dict[str, list[str]]:
    """Return what is wrong with the state, by check; an empty list means that the check passed."""
    integrity = [row[0] for row in db.execute("pragma integrity_check(20)")]
    return {
        "database integrity": [] if integrity == ["ok"] else integrity,
        "foreign keys": [
            f"{row[0]} row {row[1]} names a missing {row[2]}" for row in db.execute("pragma foreign_key_check")
        ],
        "full-text index": _fts_problems(db),
        "items without a story": _orphans(
            db, "select id from items where id not in (select item_id from story_items) and id not in settle_queue"
        ),
        "stories without items": _orphans(
            db, "select id from stories where merged_into is null and id not in (select story_id from story_items)"
        ),
        "stories whose lead is elsewhere": _orphans(
            db,
            "select s.id from stories s left join story_items x on x.item_id = s.lead_item_id and x.story_id = s.id "
            "where s.merged_into is null and x.item_id is null",
        ),
        "bands without a signature": _orphans(
            db, "select distinct item_id from bands where item_id not in (select item_id from signatures)"
        ),
    }


def _orphans(db: Database, query: str) -> list[str]:
    """Return the ids that a check found, in words."""
    return [f"id {row[0]}" for row in db.execute(query).fetchmany(20)]


def _fts_problems(db: Database) -> list[str]:
    """Return whether the full-text index holds exactly the items."""
    (indexed,) = db.execute("select count(*) from items_fts_docsize").fetchone()
    (items,) = db.execute("select count(*) from items").fetchone()
    return [] if indexed == items else [f"{indexed} of {items} items are indexed"]
