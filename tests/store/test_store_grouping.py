"""Signatures, vectors and stories in the state: what meets what, and how a story keeps its name."""

from __future__ import annotations

import numpy as np
import pytest
from sqlite_utils import Database
from store_builders import NOW, add, at, story

from monitor.model import Reprint, ReprintKind, Role
from monitor.store import sketches, stories, vectors
from monitor.store.stories import Membership
from monitor.store.vectors import Vector
from monitor.stories.candidates import pack_terms


def copy(item_id: int, original: int) -> Reprint:
    """Return a verified reprint."""
    return Reprint(item_id, original, ReprintKind.REPRINT, 0.9, 1.0, "same words")


# ---------------------------------------------------------------- signatures and reprints


def test_bands_name_their_items(db: Database) -> None:
    """Each band that several items have names them, whether it is asked for with others or alone."""
    a, b, c = (add(db, key) for key in "abc")
    for item_id, bands in ((a, [1, 2, 3]), (b, [3, 4, 2**63 - 1]), (c, [6, -(2**63), 2**63 - 1])):
        sketches.save_signatures(db, "recipe", [sketches.NewSignature(item_id, 10, b"\x01\x02", bands)])
    assert sketches.shared(db, [1, 3, 6, 7]) == {3: {a, b}}
    assert sketches.shared(db, [-(2**63), 2**63 - 1, *range(7, 1300)]) == {2**63 - 1: {b, c}}
    assert sketches.sketched(db, [a])[a].signature == b"\x01\x02"


def test_forgotten_signature_has_no_bands(db: Database) -> None:
    """Bands go together with their signature, those of other items stay."""
    a, b, c = (add(db, key) for key in "abc")
    for item_id in (a, b, c):
        sketches.save_signatures(db, "recipe", [sketches.NewSignature(item_id, 10, b"\x01", [1, 2])])
    sketches.forget_signature(db, a, [1, 2])
    assert sketches.sketched(db, [a])[a].signature is None
    assert sketches.shared(db, [1, 2]) == {1: {b, c}, 2: {b, c}}


def test_group_of_copies_is_found_from_any_member(db: Database) -> None:
    """A copy leads to its original and to the other copies of it."""
    a, b, c, d = (add(db, key) for key in "abcd")
    sketches.replace_reprints(db, [], [copy(b, a), copy(c, a)])
    found = sketches.copies_and_originals(db, [a, b, d])
    assert {one: others | {one} for one, others in found.items()} == {a: {a, b, c}, b: {a, b, c}, d: {d}}


def test_reprints_of_a_group_are_replaced(db: Database) -> None:
    """What a group's copies were before is forgotten, other groups are left alone."""
    a, b, c, d, e = (add(db, key) for key in "abcde")
    sketches.replace_reprints(db, [], [copy(b, a), copy(c, a), copy(e, d)])
    sketches.replace_reprints(db, [a, b, c], [copy(a, b)])
    assert sketches.reprints_of(db, [a, b, c, d, e]) == {a: copy(a, b), e: copy(e, d)}


def test_spun_copies_are_kept_apart_from_reprints(db: Database) -> None:
    """Regrouping reprints leaves spun copies alone, but one of a text that became a copy moves on to its original."""
    a, b, c, d = (add(db, key) for key in "abcd")
    spun = Reprint(c, b, ReprintKind.SPUN, 0.3, 0.4, "same order")
    sketches.save_copies(db, [spun, Reprint(d, a, ReprintKind.SPUN, 0.3, 0.4, "same order")])
    sketches.replace_reprints(db, [a, b, c], [copy(b, a)])
    found = sketches.reprints_of(db, [a, b, c, d])
    assert {i: (r.original_item_id, r.kind.value) for i, r in found.items()} == {
        b: (a, "reprint"),
        c: (a, "spun"),
        d: (a, "spun"),
    }
    sketches.forget_spun(db, [b, c])
    assert sorted(sketches.reprints_of(db, [a, b, c, d])) == [b, d]


def test_sketched_items_come_with_time_size_and_original(db: Database) -> None:
    """What is compared before texts are read; a spun copy counts as no reprint, an item without words has no signature."""
    a, b, c = (add(db, key) for key in "abc")
    sketches.save_signatures(db, "recipe", [sketches.NewSignature(a, 10, b"\x01", [1])])
    sketches.replace_reprints(db, [], [copy(b, a)])
    sketches.save_copies(db, [Reprint(c, a, ReprintKind.SPUN, 0.3, 0.4, "same order")])
    found = sketches.sketched(db, [a, b, c, 99])
    assert sorted(found) == [a, b, c]
    assert (found[a].shingles, found[a].signature, found[a].original_item_id) == (10, b"\x01", None)
    assert (found[b].shingles, found[b].signature, found[b].original_item_id) == (0, None, a)
    assert found[c].original_item_id is None
    expected = db.execute("select coalesce(published_at, listed_at) from items where id = ?", [a]).fetchone()
    assert (found[a].at,) == expected
    assert sketches.reprints_from(db, [a, b]) == {b}


# ---------------------------------------------------------------- vectors


def test_terms_are_counted_and_looked_up(db: Database) -> None:
    """A term's count is that of the items that hold it, however many terms are asked for at once."""
    vectors.count_terms(db, [(1, 1), (2, 1)], [])
    vectors.count_terms(db, [(2, 1), (2**32 - 1, 1)], [])
    assert vectors.term_counts(db, range(1, 1200)) == {1: 1, 2: 2}
    assert vectors.term_counts(db, [2**32 - 1, 5]) == {2**32 - 1: 1}


def test_an_item_is_counted_once(db: Database) -> None:
    """An item waits to be counted from its first reading on; a revised text only replaces its vectors and its day."""
    item_id = add(db, "a")
    vectors.save_read(db, [Vector(item_id, b"one", 1.5)])
    assert vectors.uncounted(db, [item_id, 99]) == [Vector(item_id, b"one", 1.5)]
    vectors.count_terms(db, [(7, 1)], [item_id])
    vectors.save_read(db, [Vector(item_id, b"two", None)])
    assert vectors.uncounted(db, [item_id]) == []
    assert vectors.load(db, [item_id, 99]) == {item_id: Vector(item_id, b"two", None)}
    assert vectors.counted_items(db) == 1


def index(db: Database, key: str, day: float | None, terms: list[int]) -> int:
    """Store an item with its day and index terms."""
    item_id = add(db, key)
    vector = Vector(item_id, b"", day)
    vectors.save_read(db, [vector])
    vectors.index(db, [(vector, pack_terms(terms))])
    return item_id


def found_in(db: Database, periods: list[tuple[int, int]] | None) -> dict[int, tuple[float | None, list[int]]]:
    """Return day and terms of what is indexed for some periods, by item."""
    return {
        item_id: (day, np.frombuffer(terms, dtype="<u4").tolist())
        for item_id, day, terms in vectors.indexed(db, periods)
    }


def test_index_is_read_by_days(db: Database) -> None:
    """Both ends of a period belong to it, undated items to every one; terms are whole 32-bit numbers in order."""
    old, early, late = index(db, "a", 85.99, [7]), index(db, "b", 86.0, [2**32 - 1, 3]), index(db, "c", 114.99, [7])
    undated, new = index(db, "d", None, [9]), index(db, "e", 115.0, [7])
    assert found_in(db, [(86, 114)]) == {early: (86.0, [3, 2**32 - 1]), late: (114.0, [7]), undated: (None, [9])}
    assert found_in(db, [(0, 85), (115, 200)]).keys() == {old, undated, new}
    assert found_in(db, None).keys() == {old, early, late, undated, new}


def test_indexing_again_forgets_the_old_terms_and_links(db: Database) -> None:
    """A revised item is no longer found by what it said before, nor linked to what it was close to."""
    a, b, c = index(db, "a", 5.0, [1]), index(db, "b", 5.0, [1]), index(db, "c", 5.0, [1])
    vectors.save_links(db, [(b, a, 0.5), (b, c, 0.6), (a, c, 0.7)])
    vectors.index(db, [(Vector(b, b"", 5.0), pack_terms([2]))])
    assert found_in(db, None)[b] == (5.0, [2])
    assert db.execute("select item_id, other_item_id from links").fetchall() == [(a, c)]


def test_links_are_stored_once_and_followed_both_ways(db: Database) -> None:
    """A pair has one row whichever item came first; items of one story are connected as well."""
    a, b, c, d = (add(db, key) for key in "abcd")
    vectors.save_links(db, [(b, a, 0.5), (a, b, 0.6)])
    assert db.execute("select * from links").fetchall() == [(a, b, 0.6)]
    assert vectors.links_of(db, [b, d]) == vectors.links_of(db, [a]) == {(a, b)}
    story(db, c, b)
    assert vectors.linked(db, [b]) >= {a, c}
    assert vectors.linked(db, [a]) == {b}
    assert vectors.linked(db, [d]) == set()


# ---------------------------------------------------------------- stories


def test_item_is_in_one_story_at_a_time(db: Database) -> None:
    """Placing an item takes it out of any other story, and its place comes back whole."""
    a, b = add(db, "a"), add(db, "b")
    first, second = story(db, a), story(db, b)
    place = Membership(a, second, Role.COVERAGE, 0.7, "close", first, 0.3, "below the operating point")
    stories.place(db, place)
    assert stories.memberships(db, [a, 99]) == {a: place}
    assert stories.items_of(db, [first, second]) == {first: [], second: [a, b]}
    assert stories.leads(db, [first, second]) == {first: a, second: b}
    stories.set_lead(db, second, a)
    assert stories.leads(db, [second]) == {second: a}


def test_stories_span_the_days_of_their_dated_items(db: Database) -> None:
    """A story has a first and a last day while all its items have one: what is undated can report on any day."""
    a, b, c, d = (
        index(db, "a", 5.5, [1]),
        index(db, "b", 9.0, [1]),
        index(db, "c", None, [1]),
        index(db, "d", None, [1]),
    )
    dated, undated, mixed = story(db, a, b), story(db, d), story(db, c, index(db, "e", 7.0, [1]))
    assert stories.of_items(db, [a, b, d, 99]) == {dated, undated}
    assert stories.spans(db, [dated, undated, mixed]) == {
        dated: (5.5, 9.0),
        undated: (None, None),
        mixed: (None, None),
    }


def test_story_ids_are_never_used_again(db: Database) -> None:
    """An id stands for one story for ever, even when that story is deleted."""
    item_id = add(db, "a")
    first = stories.create(db, item_id, NOW)
    db.execute("delete from stories")
    assert stories.create(db, item_id, NOW) > first


def test_merged_stories_keep_resolving(db: Database) -> None:
    """An id leads to the story that stands for it now, through any number of merges, in one step."""
    item_id = add(db, "a")
    a, b, c = (stories.create(db, item_id, NOW) for _ in range(3))
    stories.merge(db, c, b)
    stories.merge(db, b, a)
    assert [stories.resolve(db, s) for s in (a, b, c)] == [a, a, a]
    assert stories.resolve(db, 999) is None
    assert db.execute("select merged_into from stories order by id").fetchall() == [(None,), (a,), (a,)]


def test_history_of_a_story_keeps_its_order(db: Database) -> None:
    """Every change is a row with its time, its reason and what it concerns."""
    a, b = add(db, "a"), add(db, "b")
    one, two = story(db, a), story(db, b)
    stories.note(db, one, at("20 12:00"), "created", "no story is close enough", item_id=a)
    stories.note(db, one, at("21 12:00"), "merged", "same event", other_story_id=two)
    rows = db.execute("select story_id, at, change, item_id, other_story_id, reason from v_story_history").fetchall()
    assert rows == [
        (one, "2026-11-20T12:00:00Z", "created", a, None, "no story is close enough"),
        (one, "2026-11-21T12:00:00Z", "merged", None, two, "same event"),
    ]


def test_queue_holds_each_item_once(db: Database) -> None:
    """An item that is stored and revised before the next settle is settled once; one that was on its way begins anew."""
    a, b = add(db, "a"), add(db, "b")
    stories.queue(db, [b, a])
    stories.queue(db, [b])
    assert stories.queued(db) == [a, b]
    stories.advance(db, [a, b], stories.Stage.PLACED)
    stories.queue(db, [b])
    assert (stories.queued(db, stories.Stage.READ), stories.queued(db, stories.Stage.PLACED)) == ([b], [a])
    stories.clear_queue(db)
    assert stories.queued(db) == [b]


def test_marks_come_back_in_order_and_are_replaced(db: Database) -> None:
    """The marks of an item are those of its newest text."""
    item_id = add(db, "a")
    names = ("kind", "head", "value", "label", "place", "quote", "subject")
    marks = [dict.fromkeys(names, "one"), dict.fromkeys(names, "two")]
    stories.save_marks(db, {item_id: [dict.fromkeys(names, "old")] * 3})
    stories.save_marks(db, {item_id: marks})
    assert stories.marks_of(db, [item_id, 99]) == {item_id: marks}


@pytest.mark.parametrize("times", [1, 2])
def test_story_joins_and_leaves_a_series(db: Database, times: int) -> None:
    """Editions of one key are one series, however often they are filed, and a story can leave it."""
    a, b = story(db, add(db, "a")), story(db, add(db, "b"))
    for _ in range(times):
        stories.set_edition(db, a, ("k", "Policy Commission", "88th", "088"))
        stories.set_edition(db, b, ("k", "Policy Commission, renamed", "89th", "089"))
    rows = db.execute("select series, story_id, edition from v_series").fetchall()
    assert rows == [("Policy Commission", a, "88th"), ("Policy Commission", b, "89th")]
    stories.set_edition(db, a, None)
    assert db.execute("select story_id from v_series").fetchall() == [(b,)]
