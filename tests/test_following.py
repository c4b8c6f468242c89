"""Long arcs stay one story while they are reported; a new act by another actor is a story of its own, and linked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pieces import SEIZURE, SEIZURE_TITLE, TARIFF, TARIFF_TITLE, at, partition, piece, stories, take

from monitor import correcting
from monitor.linking import GroupingSettings
from monitor.model import Said
from monitor.store import relations
from monitor.store.storage import Storage
from monitor.stories import score

GROUPING = GroupingSettings(score.shipped())


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """Open an empty state."""
    with Storage(tmp_path) as opened:
        yield opened


def later(row: dict[str, Any], days: float) -> dict[str, Any]:
    """Return a piece so many days after the nineteenth of October."""
    when = at("19 08:00").replace(month=10) + timedelta(days=days)
    return row | {"published": when.isoformat()}


def take_on(storage: Storage, day: float, *rows: dict[str, Any]) -> None:
    """Take pieces in on the day on which they were published."""
    take(storage, [later(row, day) for row in rows], clock=lambda: now_of(day))


def now_of(day: float) -> datetime:
    """Return the evening of a day."""
    return at("19 20:00").replace(month=10) + timedelta(days=day)


LEVY = """The parliament of Velmora adopted the reed levy of four florins a bundle on imported thatching reed. The reed \
levy, which minister Ottla Brandis proposed, applies to bundles from the Merrow delta and is collected by the Velmora \
Customs Service. {extra}
Thatchers of the Guild of Osterhaven and importers in Port Veldt have argued about the reed levy since the spring; \
Brandis says that the delta sells its reed below cost."""


def levy(name: str, title: str, extra: str) -> dict[str, Any]:
    """Return a piece on the levy."""
    return piece(name, title, LEVY.format(extra=extra))


ARC = [
    (0, levy("announced", "Velmora parliament adopts reed levy of four florins", "The vote was 61 to 40.")),
    (9, levy("reaction", "Thatchers' guild calls Velmora reed levy a blow", "The guild of thatchers was angry.")),
    (18, levy("rules", "Velmora reed levy: customs explains how four florins are collected", "Forms are on line.")),
    (30, levy("force", "Velmora reed levy of four florins enters into force", "The first bundles paid on Monday.")),
]


def test_an_arc_of_weeks_is_one_story_while_it_is_reported(storage: Storage) -> None:
    """Announcement, reaction, rules and entry into force are one story with one id, pass by pass."""
    ids = set()
    for day, row in ARC:
        take_on(storage, day, row)
        ids |= set(stories(storage.db).values())
    assert partition(storage.db) == {frozenset(row["id"] for _, row in ARC)}
    assert len(ids) == 1


def test_an_arc_is_the_same_in_one_import(storage: Storage) -> None:
    """The same pieces in one import are the same story."""
    take(storage, [later(row, day) for day, row in ARC])
    assert partition(storage.db) == {frozenset(row["id"] for _, row in ARC)}


FIND = piece("find", SEIZURE_TITLE, SEIZURE)
ARRESTS = piece(
    "arrests",
    "Prosecutors arrest four inspectors over Port Veldt cocaine",
    "Four inspectors of the Veldt Revenue Service in Port Veldt were arrested on Monday, the prosecutor in Lorne said. "
    "They are charged with having let containers from Guayaquil pass for bribes. The case goes back to the cocaine "
    "that was found behind bananas of the freighter Alta Mirna.\nThe inspectors worked nights at terminal four. "
    "Investigators searched nine homes in Osterhaven and froze their accounts; a hearing is set for next week.",
)


def test_a_new_act_is_a_story_of_its_own_that_follows(storage: Storage) -> None:
    """Arrests three weeks after the find are another event; the link names the act, the days and the names."""
    take_on(storage, 0, FIND, piece("tiles", TARIFF_TITLE, TARIFF))
    take_on(storage, 22, ARRESTS)
    ids = stories(storage.db)
    assert ids["arrests"] != ids["find"]
    (link,) = relations.of_story(storage.db, ids["arrests"])
    assert (link.story_id, link.follows_story_id) == (ids["arrests"], ids["find"])
    assert "prosecution" in link.reason
    assert "22 days later" in link.reason
    assert 0.0 < link.probability < 1.0
    assert relations.of_story(storage.db, ids["find"]) == [link]
    assert relations.of_story(storage.db, ids["tiles"]) == []


@pytest.mark.parametrize(
    ("day", "row"),
    [
        (22, piece("tiles", TARIFF_TITLE, TARIFF)),
        (22, piece("again", SEIZURE_TITLE.replace("412", "97"), SEIZURE.replace("412", "97"))),
        (-22, ARRESTS),
        (200, ARRESTS),
    ],
)
def test_nothing_is_linked_that_does_not_answer(storage: Storage, day: float, row: dict[str, Any]) -> None:
    """Another matter, another find without a new act, an earlier piece and one of much later follow nothing."""
    take_on(storage, 0, FIND)
    take_on(storage, day, row)
    assert storage.db.execute("select * from v_follow_ups").fetchall() == []


def test_links_go_with_their_stories(storage: Storage) -> None:
    """A link leads to the story that took its story in, and is gone when both are said to be one."""
    take_on(storage, 0, FIND, piece("tiles", TARIFF_TITLE, TARIFF))
    take_on(storage, 22, ARRESTS)
    with storage.transaction() as db:
        correcting.say(db, Said.TOGETHER, ("find", "tiles"), None, settings=GROUPING, now=now_of(23))
    (link,) = storage.db.execute("select story_id, follows_story_id from v_follow_ups").fetchall()
    assert link[1] == stories(storage.db)["find"]
    with storage.transaction() as db:
        correcting.say(db, Said.TOGETHER, ("find", "arrests"), None, settings=GROUPING, now=now_of(24))
    assert storage.db.execute("select * from v_follow_ups").fetchall() == []
