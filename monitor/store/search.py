"""Reading the state for people: full-text search, overviews, the integrity checks of `monitor doctor`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor.store.storage import to_time
from monitor.text import clean

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


@dataclass(frozen=True, slots=True)
class Overview:
    """The state at a glance."""

    totals: dict[str, int]
    #: the newest run of each kind
    last_runs: tuple[dict[str, object], ...]
    sources: tuple[dict[str, object], ...]
    last_digest: dict[str, object] | None


def fts_query(query: str) -> str:
    """Return what a user typed as an FTS5 query that cannot fail: words and phrases, all of which must occur.

    Every part is quoted, so that `anti-dumping`, `HS-code`, `AND` or a lone quote mean themselves; a `*` at the end of
    a word matches its beginnings.
    """
    parts = []
    for phrase, word in _PART.findall(clean(query.replace("\x00", " "))):
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


def overview(db: Database) -> Overview:
    """Return what `monitor status` tells."""
    runs = db.query(
        "select kind, started_at, ended_at, note from runs where id in (select max(id) from runs group by kind)"
        " order by kind"
    )
    newest = db.query("select * from v_digests order by digest_date desc limit 1")
    return Overview(totals(db), tuple(runs), tuple(source_rows(db)), next(iter(newest), None))


def left_out(db: Database, *, limit: int) -> list[dict[str, object]]:
    """Return the newest pieces that were refused or could not be read, with the reasons."""
    return list(
        db.query(
            """select dropped_at as at, source_id, coalesce(nullif(title, ''), url) as what, reason, terms from dropped
            union all select r.started_at, l.source_id, l.what, l.reason, null from left_out l
            join runs r on r.id = l.run_id order by at desc, what limit ?""",
            [limit],
        )
    )


def newest_moment(db: Database) -> datetime | None:
    """Return the latest moment at which a run wrote to the state."""
    (newest,) = db.execute("select max(coalesce(ended_at, started_at)) from runs").fetchone()
    return to_time(newest)


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


def find_item(db: Database, name: str) -> int | None:
    """Return the item that a name means: its id, its external id or its address; None when there is none."""
    name = clean(name)
    queries: list[tuple[str, object]] = [
        ("select id from items where external_id = ? order by id", name),
        ("select id from items where url = ? order by id", name),
    ]
    if name.isascii() and name.isdigit() and len(name) < 18:  # noqa: PLR2004 - what fits SQLite's integers
        queries.insert(0, ("select id from items where id = ?", int(name)))
    for query, value in queries:
        if row := db.execute(query, [value]).fetchone():
            return int(row[0])
    return None


def item_details(db: Database, item_id: int) -> dict[str, object]:
    """Return what is known about an item, by column, without its text."""
    rows = db.query(
        """select i.id as item_id, i.external_id, o.name as outlet, i.title, i.url, i.author, i.lang, i.published_at,
        i.published_origin, i.published_evidence, i.first_seen_at, i.text_origin, i.page_problem, i.relevance,
        i.relevance_terms, i.relevance_reason, i.revision,
        (select group_concat(source_id, ', ') from item_sources x where x.item_id = i.id) as sources
        from items i join outlets o on o.id = i.outlet_id where i.id = ?""",
        [item_id],
    )
    return dict(next(iter(rows)))


def removed_blocks(db: Database, item_id: int) -> list[str]:
    """Return the page furniture that was taken out of an item's text."""
    rows = db.execute("select block from removed_blocks where item_id = ? order by position", [item_id])
    return [block for (block,) in rows]


def history_of(db: Database, story_id: int) -> list[dict[str, object]]:
    """Return the changes of a story, the first ones first."""
    return list(
        db.query(
            "select at, change, item_id, other_story_id, reason from story_history where story_id = ? order by id",
            [story_id],
        )
    )


def poll_history(db: Database, source_id: str, *, limit: int) -> list[dict[str, object]]:
    """Return the newest polls of a source."""
    return list(
        db.query(
            "select run_id, started_at, result, http_status, reason, entries, new, revised, dropped from v_runs "
            "where source_id = ? order by started_at desc, run_id desc limit ?",
            [source_id, limit],
        )
    )


def source_rows(db: Database) -> list[dict[str, object]]:
    """Return the configured sources with how they are doing."""
    return list(db.query("select * from v_sources where configured order by outlet_id, source_id"))


def showpieces(db: Database) -> tuple[int, int]:
    """Return the story with the most outlets and an item worth explaining: a copy if there is one."""
    (story_id,) = db.execute("select story_id from v_stories order by outlets desc, items desc, story_id").fetchone()
    copy = db.execute("select item_id from reprints order by item_id").fetchone()
    (lead,) = db.execute("select lead_item_id from stories where id = ?", [story_id]).fetchone()
    return int(story_id), int(copy[0] if copy else lead)
