"""The doctor finds what was broken by hand, and mends what can be made anew; what cannot stays found."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from pieces import SEIZURE, SEIZURE_TITLE, TARIFF, TARIFF_TITLE, piece, take
from sqlite_utils import Database

sys.path.insert(0, str(Path(__file__).parent / "store"))

from test_store_upgrades import shape

from monitor.checks import check_all, reachability
from monitor.config import BackupSettings, Config
from monitor.files import PART, held, sweep
from monitor.linking import GroupingSettings
from monitor.mending import mend
from monitor.model import PollResult
from monitor.probing import Probe
from monitor.publish import DigestSettings, publish
from monitor.store import sources
from monitor.store.storage import Storage
from monitor.stories import score

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GROUPING = GroupingSettings(score.shipped(), 14)
SETTINGS = DigestSettings(time=time(6), timezone="UTC", max_sentences=2, max_age_days=30)
DIGEST = "2026-11-19"


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """Open a state with a few items, a copy among them, and a digest."""
    with Storage(tmp_path / "state") as opened:
        take(opened, [piece("first", SEIZURE_TITLE, SEIZURE, "19 08:00")])
        take(opened, [piece("tariff", TARIFF_TITLE, TARIFF, "19 09:00", outlet="Lorne Post")])
        take(opened, [piece("copy", SEIZURE_TITLE, SEIZURE, "19 10:00", outlet="The Copy Herald")])
        publish(opened, date(2026, 11, 19), SETTINGS, now=NOW)
        yield opened


def found(storage: Storage, config: Config | None = None) -> dict[str, tuple[str, ...]]:
    """Return what the doctor finds, by check."""
    findings = check_all(storage, config or Config(), now=NOW)
    assert all(f.remedy for f in findings if f.problems)
    return {f.check: f.problems for f in findings if f.problems}


def sql(*statements: str) -> Callable[[Storage], None]:
    """Return what runs statements without regard for foreign keys."""

    def run(storage: Storage) -> None:
        storage.db.execute("pragma foreign_keys = off")
        for statement in statements:
            storage.db.execute(statement)
        storage.db.execute("pragma foreign_keys = on")

    return run


def spoil_index(storage: Storage) -> None:
    """Let an index lack what its table has."""
    (made,) = storage.db.execute("select sql from sqlite_master where name = 'runs_by_time'").fetchone()
    storage.db.execute("drop index runs_by_time")
    storage.db.execute(f"{made} where id < 0")
    change = "update sqlite_master set sql = ? where name = 'runs_by_time'"
    for statement, values in (
        ("pragma writable_schema = on", []),
        (change, [made]),
        ("pragma writable_schema = reset", []),
    ):
        storage.db.execute(statement, values)
    with storage.transaction() as db:
        db.execute("insert into terms values (-1, 0)")


def digest_file(change: Callable[[Path], object]) -> Callable[[Storage], None]:
    """Return what changes the file of the digest."""
    return lambda storage: (change(storage.folder / "digests" / f"{DIGEST}.html"), None)[1]


BREAKAGES: dict[str, tuple[str, Callable[[Storage], None]]] = {
    "an index": ("database integrity", spoil_index),
    "a view": ("schema", sql("drop view v_digests")),
    "an index that is gone": ("schema", sql("drop index items_by_url")),
    "a trigger": ("schema", sql("drop trigger items_ad")),
    "the search": ("full-text index", sql("delete from items_fts_docsize", "delete from items_fts_idx")),
    "the search of an item": (
        "full-text index",
        sql(
            "insert into items_fts (items_fts, rowid, title, text) select 'delete', id, title, text from items limit 1"
        ),
    ),
    "bands": ("bands without a signature", sql("delete from signatures where item_id = 1")),
    "signatures": ("signatures without bands", sql("delete from bands where item_id = 1")),
    "rows of no item": ("foreign keys", sql("insert into links values (1, 999, 0.5)")),
    "an item": ("items without a story", sql("delete from story_items where item_id = 3")),
    "a story": (
        "stories without items",
        sql("insert into stories (lead_item_id, created_at) values (1, '2026-11-22T12:00:00Z')"),
    ),
    "a lead": ("stories whose lead is elsewhere", sql("update stories set lead_item_id = 2 where lead_item_id = 1")),
    "a file": ("digest files", digest_file(Path.unlink)),
    "half a file": ("digest files", digest_file(lambda path: path.write_text("<html>"))),
    "remains": ("remains", lambda storage: (storage.folder / "digests" / f".x.md.abc{PART}").touch()),
    "a mode": ("permissions", lambda storage: storage.path.chmod(0o644)),
}


@pytest.mark.parametrize("what", BREAKAGES)
def test_what_can_be_made_anew_is_mended(storage: Storage, what: str) -> None:
    """Each kind of damage is found by its check, mended, told of, and then nothing is found any more."""
    check, breakage = BREAKAGES[what]
    before = shape(storage.db)
    files = {path.name: path.read_bytes() for path in (storage.folder / "digests").iterdir()}
    breakage(storage)
    assert check in found(storage)
    assert mend(storage, GROUPING, NOW) != []
    assert found(storage) == {}
    assert mend(storage, GROUPING, NOW) == []
    assert shape(storage.db) == before
    assert {path.name: path.read_bytes() for path in (storage.folder / "digests").iterdir()} == files
    assert storage.db.execute("select count(*) from v_items where story_id is not null").fetchone() == (3,)


def test_sound_state_is_left_alone(storage: Storage) -> None:
    """Where nothing is wrong, nothing is found and nothing done."""
    assert found(storage) == {}
    assert mend(storage, GROUPING, NOW) == []


def test_what_nobody_else_has_is_not_removed(storage: Storage) -> None:
    """A word of a person on an item that is gone stays, and stays found."""
    sql("insert into corrections values (1, 'apart', 1, 999, null, '2026-11-22T12:00:00Z', null)")(storage)
    mend(storage, GROUPING, NOW)
    assert found(storage) == {"foreign keys": ("corrections row 1 names a missing items",)}


def test_work_in_progress_is_no_remains(storage: Storage) -> None:
    """What a living process is writing is neither found nor swept away."""
    path = storage.folder / f".digest.md.abc{PART}"
    path.touch()
    with held(path):
        assert found(storage) == {}
        assert sweep(storage.folder) == []
    assert sweep(storage.folder) == [path]


def test_the_log_of_a_copy_that_is_gone_is_a_remain(storage: Storage) -> None:
    """What SQLite left beside a copy goes when the copy has its name, and stays while the copy is being made."""
    folder = storage.folder / "backups"
    folder.mkdir(mode=0o700)
    part, log = folder / f".monitor-1.db{PART}", folder / f".monitor-1.db{PART}-wal"
    log.touch(0o600)
    part.touch(0o600)
    with held(part):
        assert sweep(folder) == []
    part.rename(folder / "monitor-1.db")
    assert found(storage)["remains"] == (f"{log.name} was left by a killed process",)
    assert sweep(folder) == [log]
    assert [path.name for path in folder.iterdir()] == ["monitor-1.db"]


def test_missing_backups_are_found(storage: Storage) -> None:
    """A service that has run for days without a copy is told of, a state that was only imported to is not."""
    assert "backups" not in found(storage)
    with storage.transaction() as db:
        sources.start_run(db, "pass", NOW - timedelta(days=4))
    assert found(storage)["backups"] == (f"no copy in {storage.folder / 'backups'} yet",)
    assert "backups" not in found(storage, Config(backup=BackupSettings(daily=False)))
    (storage.folder / "backups").mkdir(mode=0o700)
    copy = storage.folder / "backups" / "monitor-1.db"
    copy.touch(0o600)
    os.utime(copy, (0, (NOW - timedelta(days=5)).timestamp()))
    (problem,) = found(storage)["backups"]
    assert re.search(r"is of 2026-11-17", problem)


def test_unknown_zone_is_found(storage: Storage) -> None:
    """A zone that this machine has no data of is told of."""
    config = Config().model_copy(update={"digest": Config().digest.model_copy(update={"timezone": "Mars/Base"})})
    assert "time zone" in found(storage, config)


def test_sources_that_cannot_be_read_are_found() -> None:
    """The reachability of sources is told by name and reason; those that answer are not."""
    well = Probe("well", "http://a.example", "feed", PollResult.OK, 200, "rss20", 3, 3, NOW, (), ())
    down = Probe("down", "http://b.example", "feed", PollResult.FAILED, 503, None, 0, 0, None, ("HTTP 503",), ())
    assert reachability([well, down]).problems == ("down: HTTP 503",)


def test_shape_tells_databases_apart(storage: Storage) -> None:
    """What the tests compare schemas by notices a column."""
    before = shape(storage.db)
    other: Database = storage.db
    other.execute("alter table runs add column more text")
    assert shape(other) != before
