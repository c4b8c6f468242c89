"""A person's word on two items: stored, settled at once, and stronger than everything that comes later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pieces import (
    COURT,
    NOW,
    SEIZURE,
    SEIZURE_AGAIN,
    SEIZURE_AGAIN_TITLE,
    SEIZURE_TITLE,
    TARIFF,
    TARIFF_TITLE,
    at,
    history,
    partition,
    piece,
    record,
    reprints,
    roles,
    session,
    sets,
    stories,
    take,
)
from pieces import GROUPING as SHIPPED
from sqlite_utils import Database

from monitor import correcting, importing
from monitor.errors import NotFound, UsageError
from monitor.model import Said
from monitor.store import search
from monitor.store.storage import Storage

FIRST = piece("first", SEIZURE_TITLE, SEIZURE, "19 08:00")
COPY = piece("copy", SEIZURE_TITLE, SEIZURE, "19 10:00")
AGAIN = piece("again", SEIZURE_AGAIN_TITLE, SEIZURE_AGAIN, "19 12:00")
TILES = piece("tiles", TARIFF_TITLE, TARIFF, "19 15:00")
TILES_COPY = piece("tiles2", TARIFF_TITLE, TARIFF, "19 16:00")


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """Open an empty state."""
    with Storage(tmp_path) as opened:
        yield opened


def say(storage: Storage, said: Said, a: str, b: str, because: str | None = None) -> correcting.Outcome:
    """Say something about two pieces."""
    with storage.transaction() as db:
        return correcting.say(db, said, (a, b), because, settings=SHIPPED, now=NOW)


def undo(storage: Storage, number: int) -> correcting.Outcome:
    """Take a correction back."""
    with storage.transaction() as db:
        return correcting.take_back(db, number, settings=SHIPPED, now=NOW)


def sound(db: Database) -> bool:
    """Tell whether every check of the state passes."""
    return not any(search.check(db).values())


def test_together_joins_two_stories_with_all_they_hold(storage: Storage) -> None:
    """Two items that share nothing are one story at once; the older id stays and the reason can be read everywhere."""
    take(storage, [FIRST, COPY, TILES, TILES_COPY])
    before = stories(storage.db)
    found = say(storage, Said.TOGETHER, "first", "tiles", "one raid")
    assert partition(storage.db) == sets("first copy tiles tiles2")
    assert set(stories(storage.db).values()) == {before["first"]}
    assert found.before == (before["first"], before["tiles"])
    assert found.after == (before["first"],) * 2
    assert history(storage.db, before["first"])[-2:] == ["together", "merged"]
    (reason,) = storage.db.execute("select reason from v_story_items where external_id = 'tiles'").fetchone()
    assert "a person said so (correction 1, 2026-11-22): one raid" in reason
    assert sound(storage.db)


def test_apart_divides_even_a_copy_from_its_original(storage: Storage) -> None:
    """A verified copy that was put apart leads a story of its own, still known as a copy."""
    take(storage, [FIRST, COPY, AGAIN])
    assert partition(storage.db) == sets("first copy again")
    say(storage, Said.APART, "first", "copy", "the archive took an old page up")
    assert stories(storage.db)["first"] != stories(storage.db)["copy"]
    assert reprints(storage.db) == {"copy": "first"}
    assert "copy" in {name for name, role in roles(storage.db).items() if role == "lead"}
    new = stories(storage.db)["copy"]
    (reason,) = storage.db.execute("select reason from v_story_history where story_id = ?", [new]).fetchone()
    assert "a person said so (correction 1" in reason
    assert sound(storage.db)


def test_together_outranks_the_marks_of_editions(storage: Storage) -> None:
    """Two sessions whose numbers forbid one story are one when a person says so."""
    take(storage, [session("88th", "Monday", "s88", "14 10:00"), session("89th", "Monday", "s89", "16 10:00")])
    say(storage, Said.TOGETHER, "s88", "s89")
    assert partition(storage.db) == sets("s88 s89")


def test_words_hold_against_later_evidence(storage: Storage) -> None:
    """What comes later, revisions included, changes nothing about what a person said."""
    take(storage, [FIRST, AGAIN, TILES])
    say(storage, Said.APART, "first", "again")
    say(storage, Said.TOGETHER, "first", "tiles")
    for further in (COPY, COURT, TILES_COPY, AGAIN | {"text": SEIZURE, "title": SEIZURE_TITLE}):
        take(storage, [further])
        now = stories(storage.db)
        assert now["first"] == now["tiles"] != now["again"]
    take(storage, [FIRST | {"text": TARIFF, "title": TARIFF_TITLE}])
    now = stories(storage.db)
    assert now["first"] == now["tiles"] != now["again"]
    assert sound(storage.db)


def test_together_reaches_over_the_window(storage: Storage) -> None:
    """Items that lie a year apart are one story when a person says so, and stay it when more is reported."""
    old = FIRST | {"published": (at("19 08:00") - timedelta(days=365)).isoformat()}
    take(storage, [old, TILES])
    say(storage, Said.TOGETHER, "first", "tiles")
    take(storage, [TILES_COPY, COURT])
    assert sets("first tiles tiles2") <= partition(storage.db)


def test_consequences_are_drawn_and_contradictions_refused(storage: Storage) -> None:
    """A with B and B with C puts A with C; to divide these names the earlier words and the way out."""
    take(storage, [FIRST, TILES, session("88th", "Monday", "s88", "14 10:00")])
    say(storage, Said.TOGETHER, "first", "tiles")
    say(storage, Said.TOGETHER, "tiles", "s88")
    assert partition(storage.db) == sets("first tiles s88")
    with pytest.raises(UsageError, match=r"correction 1 .*correction 2 .*--undo 1") as refused:
        say(storage, Said.APART, "first", "s88")
    assert "\n" not in str(refused.value)
    undo(storage, 1)
    say(storage, Said.APART, "first", "s88")
    with pytest.raises(UsageError, match="correction 3"):
        say(storage, Said.TOGETHER, "tiles", "first")


def test_a_word_can_be_taken_back(storage: Storage) -> None:
    """What was taken back is settled by the score again, keeps its row, and cannot be taken back twice."""
    take(storage, [FIRST, AGAIN, TILES])
    before = stories(storage.db)
    say(storage, Said.TOGETHER, "first", "tiles")
    undo(storage, 1)
    assert partition(storage.db) == sets("first again", "tiles")
    assert stories(storage.db)["first"] == before["first"]
    assert "undone" in history(storage.db, before["first"])
    say(storage, Said.APART, "first", "again")
    undo(storage, 2)
    assert partition(storage.db) == sets("first again", "tiles")
    assert [row["undone_at"] is None for row in search.correction_rows(storage.db)] == [False, False]
    with pytest.raises(UsageError, match="already"):
        undo(storage, 2)
    with pytest.raises(NotFound, match="no correction 9"):
        undo(storage, 9)


def test_saying_it_again_changes_nothing(storage: Storage) -> None:
    """The same word twice is one word."""
    take(storage, [FIRST, TILES])
    assert say(storage, Said.TOGETHER, "first", "tiles").is_new
    again = say(storage, Said.TOGETHER, "tiles", "first")
    assert not again.is_new
    assert again.correction.correction_id == 1
    assert len(search.correction_rows(storage.db)) == 1


def test_stories_go_by_the_item_that_stands_for_them(storage: Storage) -> None:
    """`story:ID` names the lead, also of a story that was merged into another one."""
    take(storage, [FIRST, COPY, TILES])
    ids = stories(storage.db)
    say(storage, Said.TOGETHER, f"story:{ids['copy']}", f"story:{ids['tiles']}")
    assert partition(storage.db) == sets("first copy tiles")
    with pytest.raises(UsageError, match="same item"):
        say(storage, Said.APART, f"story:{ids['tiles']}", "first")


@pytest.mark.parametrize("name", ["story:", "story:x", "story:99", f"story:{2**70}", "story:-1", "story:²", "77"])
def test_what_is_not_there_is_named(storage: Storage, name: str) -> None:
    """A name that means nothing is refused in one line, and nothing is written."""
    take(storage, [FIRST])
    with pytest.raises(NotFound):
        say(storage, Said.TOGETHER, name, "first")
    assert search.correction_rows(storage.db) == []


def test_reasons_are_cleaned_and_bounded(storage: Storage) -> None:
    """A reason is one harmless line; one that is a page long is refused."""
    take(storage, [FIRST, TILES])
    say(storage, Said.TOGETHER, "first", "tiles", "one\n\x1b[31mraid ")
    assert search.correction_rows(storage.db)[0]["because"] == "one [31mraid"
    with pytest.raises(UsageError, match="500"):
        say(storage, Said.APART, "first", "tiles", "x" * 501)


def test_what_waits_is_settled_first(storage: Storage) -> None:
    """A piece that a killed run left unsettled can be corrected: it gets its story, and then the word is applied."""
    take(storage, [FIRST])
    with storage.transaction() as db:
        importing._take_chunk(db, importing._sort_out(db, [record(1, TILES)], None, NOW), NOW)
    assert "tiles" not in stories(storage.db)
    assert say(storage, Said.TOGETHER, "tiles", "first").after == (1, 1)
