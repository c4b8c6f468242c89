"""Retention: what is too old or too much goes, is counted and listed, and what stays hangs together."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from pieces import GROUPING, SEIZURE, SEIZURE_TITLE, TARIFF, TARIFF_TITLE, piece, take

sys.path.insert(0, str(Path(__file__).parent / "store"))

from store_builders import add, poll, refuse, watch

from monitor import app, housekeeping
from monitor.checks import check_all
from monitor.config import Config, RetentionSettings
from monitor.errors import UsageError
from monitor.pruning import Pruned, Retention, prune, would_go
from monitor.publish import DigestSettings, publish
from monitor.store import items, retention, search, sources
from monitor.store.query import Query, Term
from monitor.store.storage import Storage

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=60)
SETTINGS = DigestSettings(time=time(6), timezone="UTC", max_sentences=2, max_age_days=30)
AGE = Retention(max_age_days=60)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """Open a state with a cited item and its copy, an item that no digest cites, and history."""
    with Storage(tmp_path) as opened:
        take(opened, [piece("first", SEIZURE_TITLE, SEIZURE, "19 08:00")])
        take(opened, [piece("copy", SEIZURE_TITLE, SEIZURE, "19 10:00", outlet="The Copy Herald")])
        publish(opened, date(2026, 11, 19), SETTINGS, now=NOW)
        take(opened, [piece("tariff", TARIFF_TITLE, TARIFF, "20 09:00", outlet="Lorne Post")])
        with opened.transaction() as db:
            (source,) = watch(db, "quay")
            poll(db, source, NOW)
            run = sources.start_run(db, "pass", NOW)
            sources.end_run(db, run, NOW)
            refuse(db, "garden", text="The garden shows its tulips.")
        yield opened


def told(found: Pruned) -> list[tuple[str, int]]:
    """Return what went, and how much."""
    return [(gone.what, gone.count) for gone in found.gone]


def sound(storage: Storage) -> bool:
    """Tell whether the doctor finds nothing."""
    return not any(f.problems for f in check_all(storage, Config(), now=LATER) if f.check != "backups")


def test_nothing_goes_without_a_rule(storage: Storage) -> None:
    """Without rules, and for what is young, nothing goes."""
    assert told(prune(storage, Retention(), LATER)) == []
    assert told(prune(storage, Retention(60, 10, 60), NOW)) == []
    assert retention.pruned(storage.db, limit=9) == []


def test_old_texts_go_and_the_pieces_stay_known(storage: Storage) -> None:
    """A text above the age goes, with a reason that names the digest that cites it; its piece stays in its story."""
    before = storage.db.execute("select item_id, story_id, title, url from v_items order by 1").fetchall()
    files = {path.name: path.read_bytes() for path in (storage.folder / "digests").iterdir()}
    planned = would_go(storage, AGE, NOW + timedelta(days=57, hours=-1))
    found = prune(storage, AGE, NOW + timedelta(days=57, hours=-1))
    assert told(planned) == told(found) == [("texts that issued digests cite", 2)]
    assert (planned.cited, found.cited) == (2, 2)
    rows = storage.db.execute("select external_id, text = '', purge_reason from v_items order by 1").fetchall()
    reason = "retention: older than 60 days; cited in the digest of 2026-11-19"
    assert rows == [("copy", 1, reason), ("first", 1, reason), ("tariff", 0, None)]
    assert storage.db.execute("select item_id, story_id, title, url from v_items order by 1").fetchall() == before
    assert {path.name: path.read_bytes() for path in (storage.folder / "digests").iterdir()} == files
    assert [row["count"] for row in retention.pruned(storage.db, limit=9)] == [2]
    assert search.search(storage.db, Query((Term("bananas"),)), limit=9)[1] == 0
    assert sound(storage)
    assert told(prune(storage, AGE, NOW + timedelta(days=57, hours=-1))) == []


def test_story_goes_on_without_the_old_text(storage: Storage) -> None:
    """New pieces are grouped, and all stories settled anew, though texts are gone; a replay says why it cannot be."""
    prune(storage, AGE, LATER)
    with storage.transaction() as db:
        items.postpone(db, {})
    take(storage, [piece("later", "Ferry office moves", "The ferry office moves behind the station.", "22 12:30")])
    stories = storage.db.execute("select story_id, count(*) from story_items group by 1 order by 1").fetchall()
    assert [count for _, count in stories] == [2, 1, 1]
    assert sound(storage)
    with pytest.raises(UsageError, match="texts of 3 items went"):
        app.replay(storage, GROUPING, LATER, write=True, advance=lambda _steps, _total: None)


def test_old_history_goes_and_is_counted(storage: Storage) -> None:
    """Polls, runs and texts of refused pieces above their age go; the refused piece stays refused."""
    found = prune(storage, Retention(history_days=30), LATER)
    assert told(found) == [("polls", 1), ("runs", 5), ("texts of dropped pieces", 1)]
    assert storage.db.execute("select title, text from dropped").fetchall() == [("Title of garden", "")]
    assert items.known(storage.db, ["garden"])["garden"].dropped
    assert (search.totals(storage.db)["items"], sound(storage)) == (3, True)


def test_too_large_state_loses_the_oldest_texts(storage: Storage, tmp_path: Path) -> None:
    """Above the size the oldest texts go until it fits, those of the last month never; the file becomes smaller."""
    with storage.transaction() as db:
        for number in range(30):
            words = " ".join(f"w{number}x{n}" for n in range(60_000 // 8))
            seen = datetime(2026, 11, number % 15 + 1, 8, tzinfo=UTC)
            add(db, f"long {number}", text=words, first_seen_at=seen, listed_at=seen)
    storage.checkpoint()  # what the log holds is not in the file yet
    size = tmp_path.joinpath("monitor.db").stat().st_size
    used = retention.used_bytes(storage.db)
    assert used > 2_500_000
    rules = Retention(max_size_mb=2)
    assert told(prune(storage, rules, NOW + timedelta(days=5))) == []
    planned = would_go(storage, rules, LATER)
    found = prune(storage, rules, LATER)
    assert planned.gone
    assert found.gone
    assert found.size_bytes <= 2_000_000
    assert found.given_back_bytes > 0
    assert tmp_path.joinpath("monitor.db").stat().st_size < size
    left = storage.db.execute("select min(listed_at) from items where text <> ''").fetchone()[0]
    assert left > "2026-11-03"


def test_service_prunes_once_a_day(storage: Storage) -> None:
    """The service takes away what is old, and the next look of the day finds that it did."""
    config = Config(retention=RetentionSettings(max_age_days=60))
    for hours in (0, 1, 25):
        housekeeping.keep(storage, config, LATER + timedelta(hours=hours))
    assert [row["count"] for row in retention.pruned(storage.db, limit=9)] == [1, 2]
