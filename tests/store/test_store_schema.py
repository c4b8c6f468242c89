"""The schema: strict tables, held foreign keys, migrations that never run backwards, a full-text index that follows."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database
from store_builders import NOW, add, at, piece, story

from monitor.errors import StateTooNew
from monitor.model import Reprint, ReprintKind, Role
from monitor.store import items, sketches, stories
from monitor.store.schema import migrate
from monitor.store.storage import Storage


def found(db: Database, word: str) -> list[int]:
    """Return the ids of the items that the full-text index finds."""
    rows = db.execute("select rowid from items_fts where items_fts match ? order by rowid", [f'"{word}"'])
    return [item_id for (item_id,) in rows]


# ---------------------------------------------------------------- tables


def test_every_table_is_strict(db: Database) -> None:
    """No table of ours takes a text where a number belongs."""
    shadows = {"items_fts", "_sqlite_migrations", "sqlite_sequence", "sqlite_stat1"}
    rows = list(db.query("select name, type, strict from pragma_table_list where schema = 'main'"))
    tables = {row["name"]: row["strict"] for row in rows if row["type"] == "table"}
    ours = {name: strict for name, strict in tables.items() if name not in shadows and not name.startswith("sqlite_")}
    assert len(ours) > 20
    assert [name for name, strict in ours.items() if not strict] == []


def test_wrong_type_is_refused(db: Database) -> None:
    """A strict column holds what it says."""
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT value in INTEGER column"):
        db.execute("insert into terms (term, items) values (1, 'many')")


def test_foreign_keys_are_held(db: Database) -> None:
    """A row cannot name an item that does not exist."""
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        stories.queue(db, [17])


def test_every_reference_names_a_table_that_exists(db: Database) -> None:
    """No foreign key of the schema points at a table or column that was misspelt."""
    tables = [row[0] for row in db.execute("select name from sqlite_master where type = 'table'")]
    references = [(t, row[2], row[4]) for t in tables for row in db.execute(f"pragma foreign_key_list([{t}])")]
    assert len(references) > 15
    for table, target, column in references:
        columns = {row[1] for row in db.execute(f"pragma table_info([{target}])")}
        assert column in columns, f"{table} names {target}.{column}"


# ---------------------------------------------------------------- migrations


def test_newer_state_is_refused(tmp_path: Path) -> None:
    """A state with a migration that this version does not know is not touched, and the remedy is to upgrade."""
    with Storage(tmp_path) as storage, storage.transaction() as db:
        db.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('monitor', 'm999_later', 'now')"
        )
    before = storage.path.read_bytes()
    with pytest.raises(StateTooNew, match=r"m999_later.*upgrade"):
        Storage(tmp_path)
    assert storage.path.read_bytes() == before


def test_migrations_of_others_are_none_of_our_business(tmp_path: Path) -> None:
    """A table that another program keeps in the same file with its own migrations does not make the state too new."""
    with Storage(tmp_path) as storage, storage.transaction() as db:
        db.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('notes', 'm999_later', 'now')"
        )
    Storage(tmp_path).close()


def test_migrating_again_changes_nothing(storage: Storage) -> None:
    """A state that is up to date is left alone."""
    before = storage.db.execute("select count(*), max(rowid) from sqlite_master").fetchone()
    migrate(storage.db, storage.folder / "backups")
    assert storage.db.execute("select count(*), max(rowid) from sqlite_master").fetchone() == before


def test_broken_off_migration_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that fails half-way is made from the beginning at the next opening."""
    with monkeypatch.context() as patched:
        patched.setattr(
            "monitor.store.migrations.m001_initial._VIEWS", "create view v_items as select 1;\ncreate nonsense;\n"
        )
        with pytest.raises(sqlite3.OperationalError):
            Storage(tmp_path)
    with Storage(tmp_path) as storage:
        assert storage.db.execute("select count(*) from v_items").fetchone() == (0,)


# ---------------------------------------------------------------- indexes


@pytest.mark.parametrize(
    ("query", "used"),
    [
        ("select min(first_seen_at) from items", {"items_by_first_seen"}),
        ("select id from items where url = ? order by id", {"items_by_url"}),
        (
            "select count(*) from item_sources x where x.source_id = ? and x.first_seen_at >= ? and x.first_seen_at < ?",
            {"item_sources_by_source"},
        ),
        ("select * from v_sources where configured", {"item_sources_by_source", "dropped_by_source"}),
        ("update stories set merged_into = ? where id = ? or merged_into = ?", {"stories_by_merged"}),
        ("select id from runs where started_at >= ?", {"runs_by_time"}),
        (
            "select v.outlets from digest_stories t join v_stories v on v.story_id = t.story_id where digest_date = ?",
            {"story_items_by_story"},
        ),
        ("select * from v_runs where run_id = ?", {"polls_by_run"}),
    ],
)
def test_frequent_queries_use_an_index(db: Database, query: str, used: set[str]) -> None:
    """What every pass, digest and overview asks does not read whole tables."""
    plan = " | ".join(row[3] for row in db.execute(f"explain query plan {query}", ["x"] * query.count("?")))
    assert {name for name in used if f"INDEX {name}" in plan} == used, plan
    assert not re.search(r"SCAN (?:i|x|d|items|item_sources|dropped|stories|runs)(?! USING)\b", plan), plan


# ---------------------------------------------------------------- the full-text index


def test_new_item_is_found(db: Database) -> None:
    """An item is in the full-text index as soon as it is stored, by its title and by its text."""
    item_id = add(db, "a", title="Ferry terminal reopens", text="Officers checked the lorries.")
    assert found(db, "ferry") == found(db, "lorries") == [item_id]


def test_revised_item_is_found_by_its_new_text_only(db: Database) -> None:
    """The index follows an edited text."""
    item_id = add(db, "a", text="A tonne of walnuts.")
    items.revise(db, item_id, piece("a", text="A tonne of almonds."), NOW)
    assert (found(db, "walnuts"), found(db, "almonds")) == ([], [item_id])


def test_deleted_item_is_not_found(db: Database) -> None:
    """The index forgets an item that is deleted."""
    item_id = add(db, "a", text="A tonne of walnuts.")
    db.execute("delete from item_keys")
    db.execute("delete from items where id = ?", [item_id])
    assert found(db, "walnuts") == []


def test_index_folds_diacritics(db: Database) -> None:
    """Who types without accents finds words with them."""
    item_id = add(db, "a", title="Gömrük xidməti", text="Hải quan thu giữ")
    assert found(db, "gomruk") == found(db, "hai") == [item_id]


# ---------------------------------------------------------------- views


def test_stories_view_counts_families_and_copies(db: Database) -> None:
    """Two outlets of one family count once; copies are counted apart; a merged story is not a row."""
    db.execute("insert into outlets values ('a', 'A', 'house'), ('b', 'B', 'house'), ('c', 'C', 'c')")
    lead, copy, other = (add(db, key, outlet_id=key, lang="en", listed_at=at("20 12:00")) for key in "abc")
    kept = story(db, lead, copy, other, roles=(Role.REPRINT,))
    gone = stories.create(db, other, NOW)
    stories.merge(db, gone, kept)
    rows = list(db.query("select story_id, headline, items, outlets, copies, langs from v_stories"))
    assert rows == [{"story_id": kept, "headline": "Title of a", "items": 3, "outlets": 2, "copies": 1, "langs": "en"}]


def test_series_view_links_editions_in_their_order(db: Database) -> None:
    """Editions of a series are sorted by their own order, whichever was stored first, without merged stories."""
    ids = [story(db, add(db, key)) for key in "abcd"]
    for story_id, label in zip(ids, ("89th", "87th", "88th", "86th"), strict=True):
        stories.set_edition(db, story_id, ("session", "Session", label, f"{label[:2]:0>8}"))
    stories.merge(db, ids[3], ids[1])
    rows = list(db.query("select edition, previous_story_id, next_story_id from v_series"))
    assert rows == [
        {"edition": "87th", "previous_story_id": None, "next_story_id": ids[2]},
        {"edition": "88th", "previous_story_id": ids[1], "next_story_id": ids[0]},
        {"edition": "89th", "previous_story_id": ids[2], "next_story_id": None},
    ]


def test_reprints_view_names_both_pieces(db: Database) -> None:
    """A copy stands beside its original with the external ids of both."""
    first, second = add(db, "a", external_id="x1"), add(db, "b", external_id="x2")
    sketches.replace_reprints(db, [second], [Reprint(second, first, ReprintKind.REPRINT, 0.9, 1.0, "same words")])
    (row,) = db.query("select external_id, original_external_id, kind, jaccard, containment from v_reprints")
    assert row == {
        "external_id": "x2",
        "original_external_id": "x1",
        "kind": "reprint",
        "jaccard": 0.9,
        "containment": 1.0,
    }
