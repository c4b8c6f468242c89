"""Furniture that an outlet repeats is learnt from the store and taken out of what was stored before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import NOW
from sqlite_utils import Database

from monitor import furniture
from monitor.intake import Piece, take_in, tidy
from monitor.model import Dated, ItemData, TextOrigin
from monitor.store import search, sources
from monitor.store.query import parse
from monitor.store.storage import Storage

SLOGAN = "The customs service guards the wealth of the country."
REPORTS = [
    "Officers at the quay found forty kilos of cocaine behind bananas in a reefer from the south.",
    "A new scanner for lorries was handed over at the northern crossing by the ministry on Monday.",
    "Exporters of walnuts may now send their declarations by telephone, the portal operator announced.",
    "The appeal court set the fine for undervalued tiles aside and sent the case back to the tax tribunal.",
    "Thirty brokers sat the first examination for their licence since the law on agents was changed.",
]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Open an empty state with one outlet."""
    with Storage(tmp_path) as storage:
        sources.add_unknown_outlets(storage.db, ["Quay Courier"])
        yield storage.db


def piece(number: int, text: str, title: str | None = None) -> Piece:
    """Return a piece of the outlet."""
    key = f"item {number}"
    data = ItemData(
        key=key, outlet_id="Quay Courier", title=title or f"Title {number}", text=text, published=Dated(),
        first_seen_at=NOW, listed_at=NOW, text_origin=TextOrigin.PAGE,
    )  # fmt: skip
    return Piece(data, (key,))


def texts(db: Database) -> list[str]:
    """Return the texts of all items in order."""
    return [text for (text,) in db.execute("select text from items order by id")]


def test_late_learnt_furniture_leaves_stored_items(db: Database) -> None:
    """The third page with the slogan frees the two before it, which are signed anew and wait to be settled."""
    for number, report in enumerate(REPORTS[:2]):
        take_in(db, [piece(number, f"{SLOGAN}\n{report}")], NOW)
    assert texts(db) == [f"{SLOGAN}\n{report}" for report in REPORTS[:2]]
    db.execute("delete from settle_queue")
    before = dict(db.execute("select item_id, hash_values from signatures"))
    take_in(db, [piece(2, f"{SLOGAN}\n{REPORTS[2]}")], NOW)
    assert texts(db) == REPORTS[:3]
    after = dict(db.execute("select item_id, hash_values from signatures"))
    assert [after[i] != before[i] for i in sorted(before)] == [True, True]
    assert db.execute("select count(*) from settle_queue").fetchone() == (3,)
    assert list(db.execute("select block, count(*) from v_removed_blocks group by block")) == [(SLOGAN, 3)]
    hits, total = search.search(db, parse("slogan wealth country", today=NOW.date()), limit=5)
    assert (hits, total) == ([], 0)
    assert db.execute("select count(*) from revisions").fetchone() == (0,)


def test_what_is_known_for_furniture_is_taken_out_at_once(db: Database) -> None:
    """Once learnt, a block leaves every further item, and the list of what was removed goes on."""
    for number, report in enumerate(REPORTS):
        take_in(db, [piece(number, f"{report}\n{SLOGAN}")], NOW)
    assert texts(db) == REPORTS
    assert search.removed_blocks(db, 5) == [SLOGAN]


def test_a_first_poll_is_clean(db: Database) -> None:
    """Items that come together are freed of what they share."""
    take_in(db, [piece(n, f"{SLOGAN}\n{report}") for n, report in enumerate(REPORTS)], NOW)
    assert texts(db) == REPORTS


def test_a_report_that_is_published_again_stays_whole(db: Database) -> None:
    """Four publications of one report, among others, keep their paragraphs."""
    whole = "\n".join(REPORTS[:3])
    for number in range(4):
        take_in(db, [piece(number, f"{whole}\nUpdate {number}")], NOW)
    take_in(db, [piece(9, REPORTS[3])], NOW)
    assert [text.startswith(whole) for text in texts(db)] == [True] * 4 + [False]
    assert db.execute("select count(*) from v_removed_blocks").fetchone() == (0,)


def test_sweeping_is_bounded_and_goes_on(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep looks at so many items at a time, the newest first, and the next passes do the rest."""
    for number, report in enumerate(REPORTS[:2]):
        take_in(db, [piece(number, f"{SLOGAN}\n{report}")], NOW)
    monkeypatch.setattr(furniture.sweep, "__kwdefaults__", {"limit": 1})
    take_in(db, [piece(2, f"{SLOGAN}\n{REPORTS[2]}")], NOW)
    assert texts(db) == [*(f"{SLOGAN}\n{report}" for report in REPORTS[:2]), REPORTS[2]]
    tidy(db)
    assert texts(db) == [f"{SLOGAN}\n{REPORTS[0]}", *REPORTS[1:3]]
    tidy(db)
    tidy(db)
    assert texts(db) == REPORTS[:3]
    assert db.execute("select count(*) from sweeps").fetchone() == (0,)


def test_a_state_without_news_is_not_swept(db: Database) -> None:
    """Where nothing was learnt, tidying changes nothing."""
    take_in(db, [piece(0, REPORTS[0])], NOW)
    db.execute("delete from settle_queue")
    tidy(db)
    assert db.execute("select count(*) from settle_queue").fetchone() == (0,)
