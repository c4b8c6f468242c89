"""Grouping everything anew: what would change is told, and written only on demand, ids, corrections and history kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pieces import (
    BOTH,
    COURT,
    GROUPING,
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
    session,
    sets,
    stories,
    take,
)

from monitor import app, correcting, importing, replaying
from monitor.linking import GroupingSettings
from monitor.model import Said
from monitor.replaying import Replayed
from monitor.store import search
from monitor.store.storage import Storage
from monitor.stories.score import PairModel

#: everything but copies and what a person says stays alone
STRICT = GroupingSettings(PairModel((10.0, 0.0, 0.0, 0.0, 0.0, 0.0), gap=0.0, intercept=-5.0, operating_point=0.995))
LOOSE = GroupingSettings(PairModel((10.0, 0.0, 0.0, 0.0, 0.0, 0.0), gap=0.0, intercept=-2.0, operating_point=0.15))

PIECES = [
    piece("first", SEIZURE_TITLE, SEIZURE, "19 08:00"),
    piece("copy", SEIZURE_TITLE, SEIZURE, "19 10:00"),
    piece("again", SEIZURE_AGAIN_TITLE, SEIZURE_AGAIN, "19 12:00"),
    piece("tiles", TARIFF_TITLE, TARIFF, "19 15:00"),
    COURT,
    BOTH,
    session("88th", "Monday", "s88", "14 10:00"),
    session("89th", "Monday", "s89", "16 10:00"),
]


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """Open a state with some stories."""
    with Storage(tmp_path / "state") as opened:
        take(opened, PIECES)
        yield opened


def replay(storage: Storage, grouping: GroupingSettings = GROUPING, *, write: bool = False) -> Replayed:
    """Replay."""
    return app.replay(storage, grouping, NOW + timedelta(days=1), write=write, advance=lambda _steps, _total: None)


def sound(storage: Storage) -> bool:
    """Tell whether every check of the state passes and nothing was left behind."""
    beside = {path.name for path in storage.folder.iterdir()}
    return not any(search.check(storage.db).values()) and beside <= {"monitor.db", "monitor.db-wal", "monitor.db-shm"}


def test_present_settings_change_nothing(storage: Storage) -> None:
    """What was grouped with these settings is grouped alike again, and writing that leaves every id and history alone."""
    before = stories(storage.db), storage.db.execute("select count(*) from story_history").fetchone()
    found = replay(storage, write=True)
    assert (found.items, found.unchanged) == (8, found.stories_before)
    assert (found.joined, found.split, found.moved) == ((), (), ())
    assert (stories(storage.db), storage.db.execute("select count(*) from story_history").fetchone()) == before
    assert sound(storage)


def test_what_would_change_is_only_told(storage: Storage) -> None:
    """Without being told to write, a replay leaves the state byte for byte as it is."""
    before = list(storage.db.conn.iterdump())
    found = replay(storage, STRICT)
    assert found.split
    assert not found.applied
    assert list(storage.db.conn.iterdump()) == before
    assert sound(storage)


def test_splits_and_merges_are_written_with_their_history(storage: Storage) -> None:
    """The part with the lead keeps the id, the rest gets new ones; grouped loosely again, the older id stays."""
    assert sets("first copy again both court") <= partition(storage.db) or sets("first copy again both") <= partition(
        storage.db
    )
    old = stories(storage.db)["first"]
    found = replay(storage, STRICT, write=True)
    assert found.applied
    assert partition(storage.db) == sets("first copy", "again", "tiles", "court", "both", "s88", "s89")
    after = stories(storage.db)
    assert after["first"] == old
    assert {p.new_story_id for p in found.split} <= set(after.values())
    assert "split" in history(storage.db, after["again"])
    assert "left" in history(storage.db, old)
    assert reprints(storage.db) == {"copy": "first"}
    assert sound(storage)
    back = replay(storage, GROUPING, write=True)
    assert back.joined
    assert stories(storage.db)["again"] == old
    assert "merged" in history(storage.db, old)
    assert sound(storage)


def test_outcome_is_that_of_a_fresh_import(storage: Storage, tmp_path: Path) -> None:
    """After a replay the stories are those that an import with these settings makes, and later passes go on from there."""
    replay(storage, LOOSE, write=True)
    with Storage(tmp_path / "fresh") as fresh:
        take(fresh, PIECES, grouping=LOOSE)
        assert partition(storage.db) == partition(fresh.db)
        more = [piece("more", TARIFF_TITLE, TARIFF, "20 15:00"), piece("note", "Scanners", SEIZURE_AGAIN, "20 16:00")]
        take(storage, more, grouping=LOOSE)
        take(fresh, more, grouping=LOOSE)
        assert partition(storage.db) == partition(fresh.db)
    assert sound(storage)


def test_corrections_are_kept(storage: Storage) -> None:
    """What a person said holds in a replay as everywhere."""
    with storage.transaction() as db:
        correcting.say(db, Said.TOGETHER, ("tiles", "s88"), None, settings=GROUPING, now=NOW)
        correcting.say(db, Said.APART, ("first", "copy"), None, settings=GROUPING, now=NOW)
    for grouping in (STRICT, LOOSE, GROUPING):
        replay(storage, grouping, write=True)
        now = stories(storage.db)
        assert now["tiles"] == now["s88"]
        assert now["first"] != now["copy"]
    assert len(search.correction_rows(storage.db)) == 2
    assert sound(storage)


def test_items_are_grouped_slice_by_slice(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many items are taken at a time, the outcome is the same, and the progress adds up."""
    monkeypatch.setattr(replaying, "SLICE", 2)
    steps: list[tuple[int, int | None]] = []
    with app.scratch_beside(storage) as scratch:
        replaying.group_anew(scratch, storage, GROUPING, NOW, lambda n, total: steps.append((n, total)))
        assert partition(scratch.db) == partition(storage.db)
    assert steps[0] == (0, 16)
    assert sum(n for n, _ in steps) == 16


def test_what_waits_gets_its_story(storage: Storage) -> None:
    """An item that a killed run left unsettled has a story after a replay that writes."""
    with storage.transaction() as db:
        importing._take_chunk(db, importing._sort_out(db, [record(1, PIECES[3] | {"id": "late"})], None, NOW), NOW)
    assert "late" not in stories(storage.db)
    found = replay(storage, write=True)
    assert found.items == 9
    assert stories(storage.db)["late"] == stories(storage.db)["tiles"]
    assert search.check(storage.db)["items without a story"] == []


def test_an_interrupted_replay_leaves_nothing(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing fails half-way, the state is as before and the scratch folder is gone."""
    before = list(storage.db.conn.iterdump())

    def fail(*_args: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(replaying, "_note_moves", fail)
    with pytest.raises(RuntimeError):
        replay(storage, STRICT, write=True)
    assert list(storage.db.conn.iterdump()) == before
    assert sound(storage)


def test_moved_items_are_named(storage: Storage) -> None:
    """An item that a correction had put elsewhere and that is free again moves to the story that is there already."""
    with storage.transaction() as db:
        correcting.say(db, Said.TOGETHER, ("copy", "tiles"), None, settings=GROUPING, now=NOW)
        correcting.say(db, Said.APART, ("copy", "first"), None, settings=GROUPING, now=NOW)
        db.execute("update corrections set undone_at = ?", [at("22 10:00").strftime("%Y-%m-%dT%H:%M:%SZ")])
    here = stories(storage.db)
    found = replay(storage, write=True)
    after = stories(storage.db)
    assert after["copy"] == after["first"] != after["tiles"]
    assert found.moved or found.split or found.joined
    assert here["copy"] == here["tiles"]
    assert sound(storage)


def test_history_names_the_replay(storage: Storage) -> None:
    """Every change that a replay makes says so, with the operating point."""
    replay(storage, replace(STRICT, window_days=7), write=True)
    reasons = [r for (r,) in storage.db.execute("select reason from v_story_history where change in ('split', 'left')")]
    assert reasons
    assert all("replay with an operating point of" in reason for reason in reasons)
