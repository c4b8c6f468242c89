"""Items in the state: what is known under which key, what revising keeps, what dropping remembers."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta

import pytest
from sqlite_utils import Database
from store_builders import NOW, REFUSED, add, at, outlet, piece, refuse, watch

from monitor.model import Dated, DateOrigin, KnownItem, TextOrigin
from monitor.store import items, search
from monitor.store.query import Query, Term


def row(db: Database, item_id: int) -> dict[str, object]:
    """Return the stored columns of an item."""
    return dict(next(iter(db.query("select * from items where id = ?", [item_id]))))


# ---------------------------------------------------------------- known


def test_item_is_known_under_all_its_keys(db: Database) -> None:
    """Whatever name an entry comes by, the same item is found; names that nobody knows are missing."""
    item_id = add(db, "guid", "address", "title", page_pending=True, page_attempts=2)
    expected = KnownItem(item_id, "hash of guid", page_pending=True, page_attempts=2, title="Title of guid")
    assert items.known(db, ["title", "guid", "guid", "address", "nobody"]) == dict.fromkeys(
        ("guid", "address", "title"), expected
    )


def test_dropped_piece_is_known_as_dropped(db: Database) -> None:
    """A piece that the relevance stage refused is not judged again."""
    refuse(db, "a")
    assert items.known(db, ["a"]) == {"a": KnownItem(0, "", dropped=True)}


def test_purged_item_is_known_as_tombstone(db: Database) -> None:
    """A key without item and without refusal stands for something that must not come back."""
    db.execute("insert into item_keys (key) values ('a')")
    assert items.known(db, ["a"]) == {"a": KnownItem(0, "", tombstone=True)}


def test_many_keys_are_asked_in_several_statements(db: Database) -> None:
    """More keys than one statement takes are all looked up."""
    item_id = add(db, "key 0")
    items.add_keys(db, item_id, [f"key {n}" for n in range(1, 1300)])
    assert len(items.known(db, (f"key {n}" for n in range(2000)))) == 1300


def test_keys_stay_with_their_first_item(db: Database) -> None:
    """A further key that another item has already is left to it; a first key that is taken is a bug."""
    first = add(db, "a", "shared")
    second = add(db, "b", "shared")
    items.add_keys(db, second, ["shared", "own"])
    known = items.known(db, ["a", "shared", "b", "own"])
    assert {key: k.item_id for key, k in known.items()} == {"a": first, "shared": first, "b": second, "own": second}
    with pytest.raises(sqlite3.IntegrityError):
        add(db, "shared")


# ---------------------------------------------------------------- insert


def test_every_field_is_stored(db: Database) -> None:
    """What a piece says about itself is in its row."""
    item_id = add(
        db, "a", external_id="x", guid="g", url="https://quay.example/a", author="A. Writer", lang="en",
        attribution="The Herald reports, citing the port.",
        published=Dated(at("20 00:00"), DateOrigin.META, has_time=False, evidence="20 November"),
        text_origin=TextOrigin.FEED, page_problem="HTTP 503", page_pending=True, page_attempts=1, relevance=REFUSED,
        removed=("Follow us", "Subscribe"),
    )  # fmt: skip
    stored = row(db, item_id)
    assert stored.pop("text_hash")
    assert stored == {
        "id": item_id,
        "outlet_id": "Quay Courier",
        "external_id": "x",
        "guid": "g",
        "url": "https://quay.example/a",
        "title": "Title of a",
        "text": "Text of a.",
        "text_origin": "feed",
        "author": "A. Writer",
        "attribution": "The Herald reports, citing the port.",
        "lang": "en",
        "published_at": "2026-11-20T00:00:00Z",
        "published_origin": "meta",
        "published_has_time": 0,
        "published_evidence": "20 November",
        "first_seen_at": "2026-11-20T12:00:00Z",
        "listed_at": "2026-11-20T12:00:00Z",
        "entry_hash": "hash of a",
        "page_pending": 1,
        "page_attempts": 1,
        "page_problem": "HTTP 503",
        "relevance": 0.5,
        "relevance_terms": '["garden"]',
        "relevance_reason": REFUSED.reason,
        "revision": 1,
        "revised_at": None,
        "piece_key": None,
        "version_of": None,
        "purged_at": None,
        "purge_reason": None,
    }
    removed = db.execute("select block from removed_blocks where item_id = ? order by position", [item_id]).fetchall()
    assert removed == [("Follow us",), ("Subscribe",)]


def test_item_remembers_its_sources(db: Database) -> None:
    """The first sight through a source counts, and several sources may bring one item."""
    watch(db, "front", "trade")
    item_id = add(db, "a", source_id="front")
    items.seen_through(db, "front", {item_id: "new teaser"}, NOW)
    items.seen_through(db, "trade", {item_id: "other teaser"}, NOW)
    rows = db.execute("select source_id, first_seen_at from item_sources order by 1").fetchall()
    assert rows == [("front", "2026-11-20T12:00:00Z"), ("trade", "2026-11-22T12:00:00Z")]
    hashes = {source: items.known(db, ["a"], source)["a"].entry_hash for source in ("front", "trade", "third")}
    assert hashes == {"front": "new teaser", "trade": "other teaser", "third": None}


@pytest.mark.parametrize(
    "text", ["", "NUL \x00 inside", "\u202eoverride\ufeff", "e\u0301 \U0001f6c3", "long " * 200_000]
)
def test_texts_come_back_as_they_were(db: Database, text: str) -> None:
    """Any text is stored without loss, however odd or long."""
    item_id = add(db, "a", title=text[:1000], text=text)
    stored = items.texts(db, [item_id])[item_id]
    assert (stored.title, stored.text) == (text[:1000], text)


def test_texts_of_items(db: Database) -> None:
    """Comparing gets the text and the best known time: published, else listed."""
    dated = add(db, "a", lang="az", published_at=at("19 08:00"))
    undated = add(db, "b", published_at=None)
    found = items.texts(db, [undated, dated, 999])
    assert sorted(found) == [dated, undated]
    assert (found[dated].at, found[dated].lang, found[dated].text) == (at("19 08:00"), "az", "Text of a.")
    assert (found[undated].at, found[undated].published_at) == (at("20 12:00"), None)


# ---------------------------------------------------------------- revise


def test_revising_keeps_the_earlier_text(db: Database) -> None:
    """An edited piece keeps its place in time, and each earlier text is a numbered revision."""
    item_id = add(db, "a")
    for number, text in enumerate(("second", "third")):
        changed = piece("a", title="New", text=text, first_seen_at=NOW, listed_at=NOW, removed=(f"block {number}",))
        assert items.revise(db, item_id, changed, NOW)
    stored = row(db, item_id)
    assert (stored["title"], stored["text"], stored["revision"]) == ("New", "third", 3)
    assert (stored["listed_at"], stored["revised_at"]) == ("2026-11-20T12:00:00Z", "2026-11-22T12:00:00Z")
    revisions = db.execute("select revision, title, text, replaced_at from revisions order by 1").fetchall()
    assert revisions == [
        (1, "Title of a", "Text of a.", "2026-11-22T12:00:00Z"),
        (2, "New", "second", "2026-11-22T12:00:00Z"),
    ]
    assert db.execute("select block from removed_blocks").fetchall() == [("block 1",)]


def test_revising_without_another_text_makes_no_revision(db: Database) -> None:
    """A feed that touches its entry without changing the piece only updates what is known of the entry."""
    item_id = add(db, "a")
    assert not items.revise(db, item_id, piece("a", entry_hash="another"), NOW)
    assert (row(db, item_id)["revision"], row(db, item_id)["entry_hash"]) == (1, "another")
    assert db.execute("select count(*) from revisions").fetchone() == (0,)


def test_revised_item_keeps_outlet_and_external_id(db: Database) -> None:
    """Revising never moves a piece to another outlet."""
    item_id = add(db, "a", external_id="x")
    items.revise(db, item_id, piece("a", text="other", external_id=None, outlet_id="Elsewhere"), NOW)
    assert (row(db, item_id)["outlet_id"], row(db, item_id)["external_id"]) == ("Quay Courier", "x")


# ---------------------------------------------------------------- pages, drops, blocks


def test_failed_pages_are_counted(db: Database) -> None:
    """A page that cannot be read is tried again until it is given up, and its sources are polled for that."""
    watch(db, "front", "trade")
    item_id = add(db, "a", source_id="front", page_pending=True, page_attempts=1)
    add(db, "b", source_id="trade")
    assert items.sources_with_pending_pages(db, NOW - timedelta(days=7)) == {"front"}
    assert items.sources_with_pending_pages(db, NOW + timedelta(days=7)) == set()
    items.page_failed(db, item_id, "HTTP 503", pending=True)
    known = items.known(db, ["a"])["a"]
    assert (known.item_id, known.page_pending, known.page_attempts) == (item_id, True, 2)
    items.page_failed(db, item_id, "HTTP 410", pending=False)
    assert items.sources_with_pending_pages(db, NOW - timedelta(days=7)) == set()
    assert row(db, item_id)["page_problem"] == "HTTP 410"


def test_dropped_piece_keeps_its_reason(db: Database) -> None:
    """Who wonders where a piece is finds its row with the terms that decided."""
    refuse(db, "a", source_id="front", url="https://quay.example/a")
    (stored,) = db.query("select * from dropped")
    assert json.loads(str(stored.pop("terms"))) == ["garden"]
    assert stored == {
        "id": 1,
        "source_id": "front",
        "outlet_id": "Quay Courier",
        "external_id": None,
        "url": "https://quay.example/a",
        "title": "Title of a",
        "score": 0.5,
        "reason": REFUSED.reason,
        "dropped_at": "2026-11-20T12:00:00Z",
        "text": "",
    }


def test_dropping_leaves_keys_of_items_alone(db: Database) -> None:
    """A refused piece that shares an address with a stored item does not hide it."""
    item_id = add(db, "a")
    refuse(db, "a")
    assert items.known(db, ["a"])["a"].item_id == item_id


def test_blocks_are_counted_by_outlet(db: Database) -> None:
    """A block counts once an item, for its own outlet only."""
    for outlet_id, blocks in (("Quay", [1, 2, 2]), ("Quay", [2]), ("Pier", [2])):
        items.count_blocks(db, outlet_id, blocks)
    assert items.block_counts(db, "Quay", [1, 2, 3]) == {1: 1, 2: 2}
    assert items.block_counts(db, "Pier", [1, 2]) == {2: 1}


def test_items_are_counted_by_outlet(db: Database) -> None:
    """The count of an outlet is that of its items."""
    outlet(db, "Pier")
    add(db, "a")
    add(db, "b")
    assert [items.count_of_outlet(db, name, limit=n) for name in ("Quay Courier", "Pier") for n in (9, 1)] == [
        2,
        1,
        0,
        0,
    ]


def test_texts_without_spaces_are_found_from_their_first_moment_on(db: Database) -> None:
    """A stored item is found by a word inside a Chinese sentence, and after a revision by the words of the new one."""
    item_id = add(db, "zh", title="海关查获走私香烟", text="关员在码头查获走私香烟。")
    assert [hit.item_id for hit in search.search(db, Query((Term("走私"),)), limit=5)[0]] == [item_id]
    items.revise(db, item_id, piece("zh", title="海关发布公告", text="公告自今日起施行。"), NOW)
    assert search.search(db, Query((Term("走私"),)), limit=5) == ([], 0)
    assert [hit.item_id for hit in search.search(db, Query((Term("公告"),)), limit=5)[0]] == [item_id]
