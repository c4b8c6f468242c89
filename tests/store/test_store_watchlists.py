"""Watchlists ask the same index as a search, but only about the stories of one digest."""

from __future__ import annotations

from datetime import date

import pytest
from sqlite_utils import Database
from store_builders import add, at, story

from monitor.errors import UsageError
from monitor.model import Watchlist
from monitor.store import digests
from monitor.store.watchlists import watched

DAY = date(2026, 11, 20)


def found(db: Database, *queries: str, stories: list[int]) -> list[int]:
    """Return which of some stories a watchlist of these queries finds."""
    (one,) = watched(db, [Watchlist("w", queries)], digests.stories(db, stories), today=DAY)
    return sorted(one.story_ids)


def test_a_story_matches_by_any_piece_and_any_query(db: Database) -> None:
    """One piece that one query finds is enough; stories that are not asked about are not found."""
    parcels = story(db, add(db, "a", title="Ministers meet"), add(db, "b", title="Parcel duty agreed"))
    tea = story(db, add(db, "c", title="Tea tariff falls"))
    other = story(db, add(db, "d", title="Parcel duty in force"))
    assert found(db, "parcel* duty", "tea", stories=[parcels, tea]) == [parcels, tea]
    assert found(db, "tea", stories=[parcels, tea, other]) == [tea]
    assert found(db, "nothing of this", stories=[parcels, tea, other]) == []


def test_filters_hold_and_days_count_from_the_digest(db: Database) -> None:
    """A filter restricts what the words find, also alone; a query of signs finds nothing."""
    old = story(db, add(db, "a", title="Tea tariff", published_at=at("10 08:00"), lang="en"))
    new = story(db, add(db, "b", title="Tea tariff", published_at=at("19 08:00"), lang="ru"))
    assert found(db, "tea since:3d", stories=[old, new]) == [new]
    assert found(db, "lang:en", stories=[old, new]) == [old]
    assert found(db, '"!"', stories=[old, new]) == []
    with pytest.raises(UsageError, match="names no day"):
        found(db, "since:soon", stories=[old])


def test_scripts_without_spaces_are_found(db: Database) -> None:
    """A Chinese word is found inside its sentence, as in a search."""
    seized = story(db, add(db, "a", title="海关查获黄金", lang="zh"))
    assert found(db, "黄金", stories=[seized]) == [seized]
