"""Reading the state for people: full-text search, overviews, the integrity checks of `monitor doctor`."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor.store import outbox, spaceless
from monitor.store.query import Query, Term, fts
from monitor.store.storage import damage, to_time
from monitor.text import clean, fold

#: when an item was published, as far as that is known
_AT = "coalesce(i.published_at, i.first_seen_at)"
_MATCHING = """select rowid, bm25(items_fts, 3.0, 1.0) from items_fts where items_fts match ?
  union all
  select rowid, bm25(items_spaceless_fts, 3.0, 1.0) from items_spaceless_fts where items_spaceless_fts match ?"""
_ALL = "select id, 0.0 from items"


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
    #: for each target that waits for notices, how many, since when, and why
    unsent: dict[str, dict[str, object]]


def search(db: Database, query: Query, *, limit: int) -> tuple[list[Hit], int]:
    """Return the best matches (bm25, title counting three times) and how many there are in all.

    Both full-text indexes are asked, as either knows matches that the other cannot (spaceless.py); an item that both
    find counts once, with its better rank. A query of filters only finds the newest items first.
    """
    if not query:
        return [], 0
    where, values = conditions(db, query)
    apart = [Term(spaceless.apart(term.text), term.prefix) for term in query.terms]
    found, matches = (_MATCHING, [fts(query.terms), fts(apart)]) if query.terms else (_ALL, [])
    rows = db.execute(
        f"""with found (id, score) as materialized ({found}),
        best (id, score, total) as materialized (
          select f.id, min(f.score), count(*) over () from found f join items i on i.id = f.id
          left join story_items s on s.item_id = i.id left join stories x on x.id = s.story_id
          where {where} group by f.id order by min(f.score), {_AT} desc, f.id limit ?)
        select i.id, s.story_id, o.name, i.title, i.url, {_AT}, i.text, b.total
        from best b join items i on i.id = b.id join outlets o on o.id = i.outlet_id
        left join story_items s on s.item_id = i.id order by b.score, {_AT} desc, i.id""",  # noqa: S608 - own constants
        [*matches, *values, limit],
    ).fetchall()
    snippets = _snippets(db, fts(query.terms), [row[0] for row in rows]) if query.terms else {}
    words = [term.text for term in query.terms]
    hits = [
        Hit(key, story, outlet, title, url, at, snippets.get(key) or _passage(title, text, words))
        for key, story, outlet, title, url, at, text, _ in rows
    ]
    return hits, int(rows[0][-1]) if rows else 0


def _passage(title: str, text: str, words: list[str]) -> str:
    """Return where a text holds one of the words; without words, how it begins."""
    return spaceless.passage((text, title) if words else (text or title,), words)


def conditions(db: Database, query: Query) -> tuple[str, list[object]]:
    """Return the filters of a query as SQL over i (items) and x (stories), and the values to bind."""
    parts: list[tuple[str, Sequence[object]]] = []
    for names, table, column in ((query.outlets, "outlets", "i.outlet_id"), (query.series, "series", "x.series_id")):
        if names:
            ids = _named(db, table, names)
            parts.append((f"{column} in ({', '.join('?' * len(ids))})", ids))
    if query.langs:
        parts.append((f"i.lang in ({', '.join('?' * len(query.langs))})", query.langs))
    if query.since:
        parts.append((f"{_AT} >= ?", [query.since.isoformat()]))
    if query.until:
        parts.append((f"{_AT} < ?", [query.until.isoformat()]))
    where = " and ".join(condition for condition, _ in parts) or "true"
    return where, [value for _, values in parts for value in values]


def _named(db: Database, table: str, names: Sequence[str]) -> list[object]:
    """Return the ids of the outlets or series that have one of the names in theirs, in any case, accents or not."""
    columns = "id, id || ' ' || name || ' ' || family" if table == "outlets" else "id, name"
    wanted = [_bare(name) for name in names]
    rows = db.execute(f"select {columns} from {table}")  # noqa: S608 - own constants
    return [key for key, name in rows if any(part in _bare(name) for part in wanted)]


def _bare(name: str) -> str:
    """Return a name in folded case without accents, as people type it."""
    return "".join(c for c in unicodedata.normalize("NFD", fold(name)) if not unicodedata.combining(c))


def _snippets(db: Database, match: str, ids: list[int]) -> dict[int, str]:
    """Return the passages of the items that the index of words finds."""
    marks = ", ".join("?" * len(ids))
    rows = db.execute(
        f"""select rowid, snippet(items_fts, -1, '[', ']', ' … ', 24) from items_fts
        where items_fts match ? and rowid in ({marks})""",  # noqa: S608 - placeholders only
        [match, *ids],
    )
    return dict(rows)


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
    return Overview(totals(db), tuple(runs), tuple(source_rows(db)), next(iter(newest), None), outbox.unsent(db))


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


def first_pass_at(db: Database) -> datetime | None:
    """Return when the first pass began, None when there was none."""
    (first,) = db.execute("select min(started_at) from runs where kind = 'pass'").fetchone()
    return to_time(first)


def check(db: Database) -> dict[str, list[str]]:
    """Return what is wrong with the state, by check; an empty list means that the check passed.

    A check that the damage itself keeps from running has that as its problem.
    """
    return {name: _answer(db, ask) for name, ask in _CHECKS.items()}


def _answer(db: Database, ask: Callable[[Database], list[str]]) -> list[str]:
    """Return what a check finds, or what kept it from running; errors that are no damage pass."""
    try:
        return ask(db)
    except sqlite3.DatabaseError as error:
        problem = damage(error)
        if problem is None:
            raise
        return [f"cannot be checked: {problem}"]


def check_integrity(db: Database) -> list[str]:
    """Return what SQLite finds wrong with its pages and indexes."""
    found = [row[0] for row in db.execute("pragma integrity_check(20)")]
    return [] if found == ["ok"] else found


def _missing_references(db: Database) -> list[str]:
    """Return the rows that name a row which is not there."""
    return [f"{row[0]} row {row[1]} names a missing {row[2]}" for row in db.execute("pragma foreign_key_check")]


def _orphans(query: str) -> Callable[[Database], list[str]]:
    """Return a check whose problems are the ids that a query finds."""
    return lambda db: [f"id {row[0]}" for row in db.execute(query).fetchmany(20)]


def _fts_problems(db: Database) -> list[str]:
    """Return whether the full-text index holds exactly the items, and whether the spaceless one is sound in itself.

    FTS5 compares with the items only if told to by the 1. It asks for the write lock though it changes nothing.
    """
    problems = []
    for table, with_content in (("items_fts", 1), ("items_spaceless_fts", 0)):
        db.execute("savepoint integrity")
        try:
            db.execute(f"insert into {table} ({table}, rank) values ('integrity-check', ?)", [with_content])  # noqa: S608 - constants
        except sqlite3.DatabaseError as error:
            problem = damage(error)
            if problem is None:
                raise
            problems.append(f"{table} is not as it should be: {problem}")
        finally:
            if db.conn.in_transaction:  # some errors of the disk end it
                db.execute("rollback to integrity")
                db.execute("release integrity")
    return problems


_CHECKS: dict[str, Callable[[Database], list[str]]] = {
    "database integrity": check_integrity,
    "foreign keys": _missing_references,
    "full-text index": _fts_problems,
    "items without a story": _orphans(
        "select id from items where id not in (select item_id from story_items union select item_id from settle_queue)"
    ),
    "stories without items": _orphans(
        "select id from stories where merged_into is null and id not in (select story_id from story_items)"
    ),
    "stories whose lead is elsewhere": _orphans(
        "select s.id from stories s left join story_items x on x.item_id = s.lead_item_id and x.story_id = s.id "
        "where s.merged_into is null and x.item_id is null"
    ),
    "bands without a signature": _orphans(
        "select distinct item_id from bands where item_id not in (select item_id from signatures)"
    ),
}


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
        i.relevance_terms, i.relevance_reason, i.revision, i.attribution, i.purged_at, i.purge_reason,
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


def correction_rows(db: Database) -> list[dict[str, object]]:
    """Return what persons said about items, those words included that were taken back."""
    return list(db.query("select * from v_corrections order by correction_id"))


def poll_history(db: Database, source_id: str, *, limit: int) -> list[dict[str, object]]:
    """Return the newest polls of a source."""
    return list(
        db.query(
            "select run_id, started_at, result, http_status, reason, entries, new, revised, dropped, state from v_runs "
            "where source_id = ? order by started_at desc, run_id desc limit ?",
            [source_id, limit],
        )
    )


def source_rows(db: Database) -> list[dict[str, object]]:
    """Return the configured sources with how they are doing."""
    return list(db.query("select * from v_sources where configured order by outlet_id, source_id"))


def series_rows(db: Database) -> list[dict[str, object]]:
    """Return the series with how many editions each has and which of them was reported last, those with most first."""
    return list(
        db.query(
            """select e.series_id, e.series, count(*) as editions, e.edition as newest,
            max(s.last_published_at) as newest_at from v_series e join v_stories s on s.story_id = e.story_id
            group by e.series_id order by editions desc, e.series"""
        )
    )


def editions(db: Database, name: str) -> list[dict[str, object]]:
    """Return the editions of the series that have a text in their names, in the order of each series."""
    ids = _named(db, "series", [name])
    return list(
        db.query(
            f"""select e.series_id, e.series, e.edition, e.story_id, e.headline, s.first_published_at as first_at,
            s.items, s.outlets from v_series e join v_stories s on s.story_id = e.story_id
            where e.series_id in ({", ".join("?" * len(ids))}) order by e.series, e.edition_sort, e.story_id""",  # noqa: S608 - placeholders only
            ids,
        )
    )


def showpieces(db: Database) -> tuple[int, int]:
    """Return the story with the most outlets and an item worth explaining: a copy if there is one."""
    (story_id,) = db.execute("select story_id from v_stories order by outlets desc, items desc, story_id").fetchone()
    copy = db.execute("select item_id from reprints order by item_id").fetchone()
    (lead,) = db.execute("select lead_item_id from stories where id = ?", [story_id]).fetchone()
    return int(story_id), int(copy[0] if copy else lead)
