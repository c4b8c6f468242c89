"""Titles without texts, and reports in two languages, through whole imports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pieces import GROUPING, partition, piece, reprints, sets, take

from monitor import explaining
from monitor.store.storage import Storage

RATES = "Customs exchange rates for the week as set by the national bank of Port Maren"


#: so much of the rest of the occasion that its name is no news
OCCASION = [
    piece(f"o{n}", f"Velmora Games: {what}", "", f"{n + 1:02} 18:00")
    for n, what in enumerate((
        "village opens its doors to athletes", "rowing course closed by storm", "hotel prices worry visitors",
        "torch reaches the harbour bridge", "volunteers learn three phrases of greeting", "metro runs all night",
        "sponsor leaves after dispute over seats", "tickets for the final sold twice", "a whale delays the sailing race",
        "handball hall floods before practice", "kitchen feeds nine thousand a day", "closing show kept secret",
    ))
]  # fmt: skip


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """Open an empty state."""
    with Storage(tmp_path, create=True) as opened:
        yield opened


def test_titles_on_one_event_meet_and_those_of_the_day_after_do_not(storage: Storage) -> None:
    """At one occasion everything shares its name: who did what and on which day tells the events."""
    take(
        storage,
        [
            piece("a", "Velmora Games: Dorcan takes judo gold for Sweden", "", "10 10:00"),
            piece("b", "Judo gold for Dorcan at the Velmora Games", "", "10 12:00"),
            piece("c", "Fencing silver goes to Hedvall of Kenya at the Velmora Games", "", "10 11:00"),
            piece("d", "Velmora Games: Dorcan out of team event with injury", "", "15 10:00"),
            *OCCASION,
        ],
    )
    assert partition(storage.db) >= sets("a b", "c", "d")


def test_titles_in_other_scripts_meet_by_names_and_figures(storage: Storage) -> None:
    """A name is heard in every script; another name on the same day is another event."""
    take(
        storage,
        [
            piece("en", "Mirela Dorcan sets world record of 52.81 seconds", "", "10 10:00"),
            piece("ru", "Мирела Доркан установила мировой рекорд: 52,81", "", "10 12:00", lang="ru"),
            piece("ar", "ميريلا دوركان تحطم الرقم القياسي 52.81", "", "10 11:00", lang="ar"),
            piece("other", "Tomas Hedvall sets world record of 14.22 seconds", "", "10 11:00"),
        ],
    )
    assert partition(storage.db) == sets("en ru ar", "other")


def test_equal_titles_are_copies_for_days_and_editions_after_weeks(storage: Storage) -> None:
    """A title that comes again every week is neither a reprint nor the same event."""
    take(
        storage,
        [
            piece("one", RATES, "", "02 08:00"), piece("same", RATES, "", "02 09:00"),
            piece("two", RATES, "", "09 08:00"), piece("three", RATES, "", "16 08:00"),
        ],
    )  # fmt: skip
    assert reprints(storage.db) == {"same": "one"}
    assert partition(storage.db) == sets("one same", "two", "three")


def test_a_pair_across_languages_is_explained_by_its_sounds(storage: Storage) -> None:
    """What is shown adds up to the score, and names the view that decided."""
    take(
        storage,
        [
            piece("en", "Mirela Dorcan sets world record of 52.81 seconds", "", "10 10:00"),
            piece("ru", "Мирела Доркан установила мировой рекорд: 52,81", "", "10 12:00", lang="ru"),
        ],
    )
    ids = dict(storage.db.execute("select external_id, item_id from v_items"))
    shown = explaining.explain_pair(storage.db, ids["en"], ids["ru"], GROUPING).comparison
    assert {share.view for share in shown.shares if share.adds > 0} == {"sounds", "numbers"}
