"""Backups: made while the state is in use, verified, rotated, and put back whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import structlog

sys.path.insert(0, str(Path(__file__).parent / "store"))

from store_builders import NOW, add, story

from monitor import backing, housekeeping
from monitor.backing import backup_folder, is_due, listing, make, restore
from monitor.config import BackupSettings, Config
from monitor.errors import NotFound, StateError, StateLocked, StateTooNew, UsageError
from monitor.store import backups, search
from monitor.store.storage import Storage

PAGE = 4096


def titles(folder: Path) -> list[str]:
    """Return what a state holds, after the doctor's checks found nothing."""
    with Storage(folder, create=False) as storage:
        assert {name: found for name, found in search.check(storage.db).items() if found} == {}
        return [title for (title,) in storage.db.execute("select title from items order by id")]


def state(folder: Path, *keys: str) -> Path:
    """Make a state with some items, each in its own story."""
    with Storage(folder) as storage, storage.transaction() as db:
        for key in keys:
            story(db, add(db, key))
    return folder


def copied(folder: Path, **options: object) -> backing.Made:
    """Make a copy beside a state."""
    with Storage(folder, create=False) as storage:
        return make(storage, backup_folder(folder), **{"keep": 7, "now": NOW, **options})  # type: ignore[arg-type]


def spoil(path: Path, number: int) -> None:
    """Fill a page of a closed database with nonsense."""
    with path.open("r+b") as file:
        file.seek((number - 1) * PAGE)
        file.write(b"\xff" * PAGE)


def test_copy_of_a_state_in_use_is_whole(tmp_path: Path) -> None:
    """While a writer is in the middle of a transaction, the copy holds what was committed, in one private file."""
    state(tmp_path, "a")
    with Storage(tmp_path) as writer, writer.transaction() as db:
        add(db, "half")
        made = copied(tmp_path)
    assert stat.S_IMODE(made.backup.path.stat().st_mode) == 0o600
    assert [path.name for path in backup_folder(tmp_path).iterdir()] == ["monitor-20261122T120000Z.db"]
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copyfile(made.backup.path, copy / "monitor.db")
    assert titles(copy) == ["Title of a"]


def test_rotation_keeps_the_newest(tmp_path: Path) -> None:
    """Of five daily copies the last three stay, others than those that the monitor made are left alone."""
    state(tmp_path, "a")
    backup_folder(tmp_path).mkdir()
    (backup_folder(tmp_path) / "mine.db").write_bytes(b"")
    removed = [copied(tmp_path, keep=3, now=NOW + timedelta(days=day)).removed for day in range(5)]
    assert [len(gone) for gone in removed] == [0, 0, 0, 1, 1]
    assert sorted(b.path.name for b in listing(backup_folder(tmp_path))) == [
        "mine.db", "monitor-20261124T120000Z.db", "monitor-20261125T120000Z.db", "monitor-20261126T120000Z.db",
    ]  # fmt: skip


def test_copy_is_due_once_a_day(tmp_path: Path) -> None:
    """A copy of the last 24 hours is enough, one from the future is not: the clock was wrong then or is now."""
    state(tmp_path, "a")
    folder = backup_folder(tmp_path)
    assert is_due(folder, NOW)
    copied(tmp_path)
    assert not is_due(folder, NOW)
    assert not is_due(folder, NOW + timedelta(hours=23))
    assert is_due(folder, NOW + timedelta(hours=24))
    assert is_due(folder, NOW - timedelta(hours=1))


def test_service_makes_the_copy_of_the_day(tmp_path: Path) -> None:
    """Every look after the first one finds the day's copy; a folder that cannot be written stops nothing."""
    state(tmp_path / "s", "a")
    (tmp_path / "file").write_text("in the way")
    with Storage(tmp_path / "s") as storage, structlog.testing.capture_logs() as logs:
        for hours in (0, 1, 25):
            housekeeping.keep(storage, Config(), NOW + timedelta(hours=hours))
        housekeeping.keep(storage, Config(backup=BackupSettings(folder=tmp_path / "file" / "x")), NOW)
        housekeeping.keep(storage, Config(backup=BackupSettings(daily=False)), NOW + timedelta(days=9))
    assert [entry["event"] for entry in logs] == ["backup_made", "backup_made", "housekeeping_failed"]
    assert len(listing(backup_folder(tmp_path / "s"))) == 2


def test_copy_of_a_damaged_state_does_not_count(tmp_path: Path) -> None:
    """A copy that is not sound is an error that names the doctor, and no file is left of it."""
    state(tmp_path, "a")
    with Storage(tmp_path) as storage:
        (page,) = storage.db.execute("select rootpage from sqlite_master where name = 'polls_by_time'").fetchone()
    spoil(tmp_path / "monitor.db", page)
    with pytest.raises(StateError, match="monitor doctor"):
        copied(tmp_path)
    assert list(backup_folder(tmp_path).iterdir()) == []


def test_no_room_is_said_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without room for a copy none is begun, and the message says how much it needs."""
    state(tmp_path, "a")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**9, 10**9, 1_000_000))
    with pytest.raises(StateError, match=r"needs \d+ MB and 1 are free: free disk space"):
        copied(tmp_path)


def test_failed_copy_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk fails at the last moment, the older copies stay and nothing else does."""
    state(tmp_path, "a")
    kept = copied(tmp_path).backup.path

    def fail(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StateError, match="free disk space"):
        copied(tmp_path, now=NOW + timedelta(days=1))
    assert list(backup_folder(tmp_path).iterdir()) == [kept]


# ---------------------------------------------------------------- restoring


def test_copy_that_keeps_its_log_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails while SQLite ends the log of a copy is told of, for SQLite itself says nothing."""

    class Silent(sqlite3.Connection):
        """Cannot end a log, and does not say so."""

        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
            """Do anything else."""
            return super().execute("select 'wal'" if sql == "pragma journal_mode = delete" else sql, *values)

    with Storage(tmp_path / "state") as storage:
        monkeypatch.setattr(backups.sqlite3, "connect", partial(sqlite3.connect, factory=Silent))
        with pytest.raises(StateError, match="could not be finished: check the disk"):
            backups.save(storage.db, tmp_path / "copies" / "copy.db")
    assert list((tmp_path / "copies").iterdir()) == []


def test_restore_into_nothing(tmp_path: Path) -> None:
    """Where the state is gone, the newest copy beside it takes its place without further words."""
    state(tmp_path, "a")
    copied(tmp_path)
    for path in tmp_path.glob("monitor.db*"):
        path.unlink()
    found = restore(tmp_path, None, replace=False, now=NOW)
    assert (found.before, titles(tmp_path)) == (None, ["Title of a"])


def test_live_state_is_replaced_only_if_told(tmp_path: Path) -> None:
    """A state that is there stays unless `replace` is said, and is itself kept as a copy that can be restored."""
    state(tmp_path, "a")
    copied(tmp_path)
    state(tmp_path, "b")
    with pytest.raises(UsageError, match="--replace"):
        restore(tmp_path, None, replace=False, now=NOW)
    assert titles(tmp_path) == ["Title of a", "Title of b"]
    found = restore(tmp_path, None, replace=True, now=NOW)
    assert titles(tmp_path) == ["Title of a"]
    assert found.before is not None
    restore(tmp_path, found.before, replace=True, now=NOW + timedelta(seconds=1))
    assert titles(tmp_path) == ["Title of a", "Title of b"]


def test_a_state_that_somebody_holds_is_not_waited_for_without_end(tmp_path: Path) -> None:
    """Who writes to the state with another program makes a restore end with a line, not hang."""
    copy = copied(state(tmp_path, "a")).backup.path
    holder = sqlite3.connect(tmp_path / "monitor.db", isolation_level=None)
    holder.execute("begin immediate")
    with closing(holder), pytest.MonkeyPatch.context() as patched:
        patched.setattr(backups, "PATIENCE_S", 0.01)
        with pytest.raises(StateLocked, match="another process is writing to it: wait"):
            backups.put_back(copy, tmp_path / "monitor.db")
    assert titles(tmp_path) == ["Title of a"]


def test_reader_sees_the_old_state_then_the_new_one(tmp_path: Path) -> None:
    """Who reads while a copy is put back finishes with what it began, and reads the new state with the next query."""
    state(tmp_path, "a", "b")
    copied(tmp_path)
    state(tmp_path, "c")
    with Storage(tmp_path) as reader:
        rows = reader.db.execute("select id from items order by id")
        first = rows.fetchone()
        restore(tmp_path, None, replace=True, now=NOW)
        assert [first, *rows.fetchall()] == [(1,), (2,), (3,)]
        assert reader.db.execute("select count(*) from items").fetchone() == (2,)


@pytest.mark.parametrize("damage", ["header", "page", "truncated", "empty", "text"])
def test_damaged_state_is_kept_aside(tmp_path: Path, damage: str) -> None:
    """Whatever is wrong with the live file, a copy takes its place, and the damaged one stays for those who look."""
    state(tmp_path, "a")
    copied(tmp_path)
    live = tmp_path / "monitor.db"
    data = live.read_bytes()
    contents = {
        "header": b"\x00" * 100 + data[100:], "page": data[:PAGE] + b"\xff" * PAGE * 20 + data[21 * PAGE :],
        "truncated": data[: len(data) // 2], "empty": b"", "text": b"in the way\n" * 1000,
    }  # fmt: skip
    live.write_bytes(contents[damage])
    found = restore(tmp_path, None, replace=True, now=NOW)
    assert titles(tmp_path) == ["Title of a"]
    assert found.before is not None
    if found.before.is_dir():
        assert (found.before / "monitor.db").read_bytes() == contents[damage]


@pytest.mark.parametrize("damage", ["page", "truncated", "text", "empty", "other"])
def test_damaged_copy_is_refused(tmp_path: Path, damage: str) -> None:
    """A copy that is no sound state is refused in one line, and the live state is as it was."""
    state(tmp_path, "a")
    copy = copied(tmp_path).backup.path
    data = copy.read_bytes()
    copy.unlink()
    if damage == "other":
        with sqlite3.connect(copy) as other:
            other.execute("create table notes (text)")
        other.close()
    else:
        contents = {
            "page": data[:PAGE] + b"\xff" * PAGE * 20 + data[21 * PAGE :], "truncated": data[: len(data) // 2],
            "text": b"no database\n" * 1000, "empty": b"",
        }  # fmt: skip
        copy.write_bytes(contents[damage])
    with pytest.raises(StateError, match="no usable backup"):
        restore(tmp_path, copy, replace=True, now=NOW)
    assert titles(tmp_path) == ["Title of a"]


def test_missing_and_newer_copies_are_refused(tmp_path: Path) -> None:
    """A copy that is not there, and one of a newer monitor, leave the state as it was."""
    state(tmp_path, "a")
    with pytest.raises(NotFound, match="no backup in"):
        restore(tmp_path, None, replace=True, now=NOW)
    with pytest.raises(NotFound, match="no such backup"):
        restore(tmp_path, tmp_path / "gone.db", replace=True, now=NOW)
    copy = copied(tmp_path).backup.path
    with connected(copy) as db:
        db.execute("insert into _sqlite_migrations (migration_set, name, applied_at) values ('monitor', 'm999', '')")
    with pytest.raises(StateTooNew, match="m999"):
        restore(tmp_path, copy, replace=True, now=NOW)
    assert titles(tmp_path) == ["Title of a"]


def test_state_of_a_newer_monitor_can_be_left_behind(tmp_path: Path) -> None:
    """After a downgrade the copy from before the upgrade takes the place of the newer state, which is kept."""
    state(tmp_path, "a")
    copy = copied(tmp_path).backup.path
    with connected(tmp_path / "monitor.db") as db:
        db.execute("insert into _sqlite_migrations (migration_set, name, applied_at) values ('monitor', 'm999', '')")
    found = restore(tmp_path, copy, replace=True, now=NOW)
    assert titles(tmp_path) == ["Title of a"]
    assert found.before is not None
    with pytest.raises(StateTooNew):
        restore(tmp_path, found.before, replace=True, now=NOW)


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database without the monitor, commit and close it."""
    db = sqlite3.connect(path)
    try:
        with db:
            yield db
    finally:
        db.close()
