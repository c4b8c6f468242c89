"""Corrections to earlier digests: each change once, of the last digest that told the story."""

from __future__ import annotations

from datetime import date

from monitor.digest.amend import MOST_LISTED, amends
from monitor.model import LatePiece, StoryChange

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


def change(kind: str, day: date = MONDAY, number: int = 1, **values: object) -> StoryChange:
    """Return a change of story 12, which a digest told with item 5 as its lead."""
    plain = {"story_id": 12, "item_id": None, "other_story_id": None, "reason": "because"} | values
    return StoryChange(number, day, kind, plain["story_id"], 12, "Told", 5, *list(plain.values())[1:])  # type: ignore[arg-type]


def told(*changes: StoryChange) -> list[tuple[date, str, int | None]]:
    """Return what is said of which digest."""
    return [(one.digest_date, a.kind.value, a.other_story_id) for one in amends(changes, ()) for a in one.stories]


def test_the_younger_of_two_merged_stories_is_amended() -> None:
    """The story whose id stays is still what was told."""
    assert told(change("merged", other_story_id=3)) == [(MONDAY, "merged", 3)]
    assert told(change("merged", other_story_id=40)) == []


def test_a_split_names_the_new_story() -> None:
    """Readers learn where the other part is."""
    assert told(change("split", story_id=40, other_story_id=12)) == [(MONDAY, "split", 40)]


def test_a_lead_that_came_back_is_no_change() -> None:
    """Only a lead other than the one told is one; of several the last is said."""
    assert told(change("lead", item_id=5)) == []
    assert told(change("lead", item_id=6), change("lead", number=2, item_id=7)) == [(MONDAY, "lead", None)]


def test_a_change_is_said_of_the_last_digest_that_told_the_story() -> None:
    """A story of many days has one correction."""
    assert told(change("merged", TUESDAY, other_story_id=3), change("merged", MONDAY, other_story_id=3)) == [
        (TUESDAY, "merged", 3)
    ]


def test_late_pieces_are_listed_and_counted() -> None:
    """Beyond the first ones only their number is told."""
    late = [LatePiece(MONDAY, n, "Quay", f"Piece {n}", None, None, None) for n in range(MOST_LISTED + 5)]
    (one,) = amends((), late)
    assert ([piece.item_id for piece in one.late], one.late_items) == (list(range(MOST_LISTED)), MOST_LISTED + 5)
    assert amends((), ()) == ()
