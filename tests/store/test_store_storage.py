"""Opening the state: what can go wrong outside becomes one line with a remedy, and a transaction is all or nothing."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database
from store_builders import add

from monitor.errors import NotFound, StateError, StateLocked
from monitor.store import storage as storage_module
from monitor.store.schema import migrations
from monitor.store.storage import Storage, moment, to_text, to_time

SECOND = timedelta(seconds=1)


def count(storage: Storage, table: str) -> int:
    """Return how many rows a table has."""
    return int(storage.db.execute(f"select count(*) from {table}").fetchone()[0])


# ---------------------------------------------------------------- opening


def test_state_opens_twice(tmp_path: Path) -> None:
    """What the first opening stored is there at the second one, and the schema is made only once."""
    with Storage(tmp_path / "deep" / "state") as first, first.transaction() as db:
        add(db, "a")
    with Storage(tmp_path / "deep" / "state", create=False) as second:
        assert count(second, "items") == 1
        assert count(second, "_sqlite_migrations") == len(migrations._migrations)


def test_two_connections_read_while_one_writes(tmp_path: Path) -> None:
    """A reader sees the committed state, neither blocked by a writer nor shown half of its work."""
    with Storage(tmp_path) as writer, Storage(tmp_path, busy_timeout_ms=1) as reader:
        with writer.transaction() as db:
            add(db, "a")
            assert count(reader, "items") == 0
        assert count(reader, "items") == 1


def test_settings_of_the_file(storage: Storage) -> None:
    """The database is in WAL mode, synced in full, bounded in its log, and holds its foreign keys."""
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "journal_size_limit", "auto_vacuum", "recursive_triggers")
    found = {name: storage.db.execute(f"pragma {name}").fetchone()[0] for name in pragmas}
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "journal_size_limit": 64 * 1024 * 1024,
        "auto_vacuum": 2,
        "recursive_triggers": 1,
    }


@pytest.mark.parametrize("bulk", [False, True])
def test_the_log_of_bulk_writing_grows_further_and_is_folded_in_at_the_end(tmp_path: Path, *, bulk: bool) -> None:
    """Eight megabytes are copied into the file while they are written, or at the end in one go; none are lost."""
    with Storage(tmp_path) as storage:
        if bulk:
            storage.write_in_bulk()
        storage.db.execute("create table blobs (content blob)")
        for _ in range(8):
            with storage.transaction() as db:
                db.execute("insert into blobs values (zeroblob(1000000))")
        assert (storage.path.stat().st_size > 2_000_000) is not bulk
    assert storage.path.stat().st_size > 8_000_000
    assert not storage.path.with_name(f"{storage.path.name}-wal").exists()


def test_state_belongs_to_its_owner(tmp_path: Path) -> None:
    """Folder and file cannot be read by other users of the machine."""
    with Storage(tmp_path / "state") as storage:
        assert stat.S_IMODE(storage.folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(storage.path.stat().st_mode) == 0o600


def test_missing_state_is_not_made_by_reading(tmp_path: Path) -> None:
    """A command that only reads says how to begin and leaves no empty database behind."""
    with pytest.raises(NotFound, match=r"no state in .*: run `monitor update`"):
        Storage(tmp_path, create=False)
    assert list(tmp_path.iterdir()) == []


def test_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    """A state folder that cannot be made is named, with the option that names another one."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StateError, match=r"file.*--state"):
        Storage(tmp_path / "file" / "state")


def test_read_only_folder_is_refused(tmp_path: Path) -> None:
    """A folder that does not let files be made in it is named, with the option that names another one."""
    tmp_path.chmod(0o500)
    try:
        (tmp_path / "probe").touch()
    except PermissionError:
        with pytest.raises(StateError, match="--state"):
            Storage(tmp_path)
    else:
        pytest.skip("permissions do not bind this user; a folder below a file is tried instead")
    finally:
        tmp_path.chmod(0o700)


def test_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    """A database that cannot be opened is named together with the remedy."""
    (tmp_path / "monitor.db").mkdir()
    with pytest.raises(StateError, match=r"monitor\.db.*--state"):
        Storage(tmp_path)


@pytest.mark.parametrize("content", [b"this is a text file, long enough to have a header\n" * 40, b"\x00" * 5000])
def test_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    """Another kind of file under the name of the database is left as it is."""
    (tmp_path / "monitor.db").write_bytes(content)
    with pytest.raises(StateError, match="not a usable database"):
        Storage(tmp_path)
    assert (tmp_path / "monitor.db").read_bytes() == content


def test_damaged_database_is_refused(tmp_path: Path) -> None:
    """A database whose pages were overwritten is an error with a remedy, not a crash."""
    with Storage(tmp_path) as storage:
        path = storage.path
    damaged = path.read_bytes()
    path.write_bytes(damaged[:100] + b"\xff" * (len(damaged) - 100))
    with pytest.raises(StateError, match="restore a backup"):
        Storage(tmp_path)


# ---------------------------------------------------------------- locks


def test_second_writer_is_refused_after_the_time_out(tmp_path: Path) -> None:
    """Who cannot get the lock learns that somebody else is writing, and nothing of its block happened."""
    entered = False
    with Storage(tmp_path) as first, Storage(tmp_path, busy_timeout_ms=20) as second, first.transaction():
        with pytest.raises(StateLocked, match="another process is writing"), second.transaction():
            entered = True
        assert not entered


def test_locked_database_cannot_be_opened(tmp_path: Path) -> None:
    """A database that another process keeps to itself is reported as locked."""
    with Storage(tmp_path) as storage:
        path = storage.path
    other = sqlite3.connect(path)
    other.execute("pragma locking_mode = exclusive")
    other.execute("begin exclusive")
    other.execute("create table held (x)")
    try:
        with pytest.raises(StateLocked):
            Storage(tmp_path, busy_timeout_ms=20)
    finally:
        other.rollback()
        other.close()
    Storage(tmp_path, busy_timeout_ms=20).close()


# ---------------------------------------------------------------- transactions


def test_transaction_is_all_or_nothing(storage: Storage) -> None:
    """An error in the middle of a block leaves the state as it was, and the next block can write."""

    def break_off(db: Database) -> None:
        add(db, "a")
        raise KeyError("in the middle")

    with pytest.raises(KeyError, match="in the middle"), storage.transaction() as db:
        break_off(db)
    assert count(storage, "items") == 0
    with storage.transaction() as db:
        add(db, "b")
    assert count(storage, "items") == 1


def test_failed_commit_is_rolled_back(storage: Storage) -> None:
    """A commit that the database refuses leaves nothing behind that would block the next one."""

    def queue_an_unknown_item() -> None:
        with storage.transaction() as db:
            db.execute("pragma defer_foreign_keys = on")
            db.execute("insert into settle_queue (item_id) values (999)")

    with pytest.raises(sqlite3.IntegrityError):
        queue_an_unknown_item()
    with storage.transaction() as db:
        add(db, "a")
    assert (count(storage, "settle_queue"), count(storage, "items")) == (0, 1)


def test_bug_in_our_sql_is_not_hidden(storage: Storage) -> None:
    """A wrong statement crashes as what it is, so that it is found."""
    with pytest.raises(sqlite3.OperationalError, match="no such table"), storage.transaction() as db:
        db.execute("select * from nowhere")


@pytest.mark.parametrize(
    ("code", "kind", "remedy"),
    [
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StateLocked, "wait until it is done"),
        (sqlite3.SQLITE_PROTOCOL, StateLocked, "wait until it is done"),
        (sqlite3.SQLITE_FULL, StateError, "free disk space"),
        (sqlite3.SQLITE_IOERR_FSYNC, StateError, "check the disk"),
        (sqlite3.SQLITE_READONLY_DBMOVED, StateError, "make the folder writable"),
        (sqlite3.SQLITE_CORRUPT_VTAB, StateError, "restore a backup"),
    ],
)
def test_errors_of_the_machine_name_a_remedy(tmp_path: Path, code: int, kind: type[StateError], remedy: str) -> None:
    """What SQLite reports about disk and locks, extended codes included, becomes one line that says what to do."""
    error = sqlite3.OperationalError("something of the machine")
    error.sqlite_errorcode = code
    with pytest.raises(kind, match=remedy) as raised, storage_module.mapped_errors(tmp_path / "monitor.db"):
        raise error
    assert "\n" not in str(raised.value)
    assert str(tmp_path) in str(raised.value)


def test_damage_met_while_reading_names_a_remedy(tmp_path: Path) -> None:
    """What a query outside of a transaction says about the file is one line too, and the state is closed."""
    with Storage(tmp_path) as storage, storage.transaction() as db:
        add(db, "a")
        (page,) = db.execute("select rootpage from sqlite_master where name = 'items'").fetchone()
    with storage.path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    with pytest.raises(StateError, match="restore a backup"), Storage(tmp_path) as storage:
        storage.db.execute("select title from items").fetchall()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        storage.db.execute("select 1")


def test_lock_met_while_reading_names_a_remedy(tmp_path: Path) -> None:
    """A statement outside of a transaction that another process blocks is reported as locked."""
    with (
        Storage(tmp_path) as first,
        first.transaction(),
        pytest.raises(StateLocked),
        Storage(tmp_path, busy_timeout_ms=20) as second,
    ):
        second.db.execute("insert into terms values (1, 1)")


def test_damaged_text_names_a_remedy(tmp_path: Path) -> None:
    """A text whose bytes were overwritten is damage, though SQLite itself hands it out."""
    with pytest.raises(StateError, match="a text in it is damaged") as raised, Storage(tmp_path) as storage:
        storage.db.execute("select cast(x'ff0aff' as text)").fetchall()
    assert "\n" not in str(raised.value)


def test_bug_met_while_reading_is_not_hidden(tmp_path: Path) -> None:
    """A wrong statement outside of a transaction crashes as what it is."""
    with pytest.raises(sqlite3.OperationalError, match="no such table"), Storage(tmp_path) as storage:
        storage.db.execute("select * from nowhere")


# ---------------------------------------------------------------- times


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()))  # noqa: DTZ001 - Hypothesis adds the zone
def test_times_round_trip_to_the_second(at: datetime) -> None:
    """A moment of any zone comes back as the same moment in UTC, without its fraction of a second."""
    stored = to_text(at)
    assert stored is not None
    back = moment(stored)
    assert back.utcoffset() == timedelta(0)
    assert timedelta(0) <= at.astimezone(UTC) - back < SECOND
    assert to_text(back) == stored
    assert to_time(stored) == back


@given(*[st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))] * 2)  # noqa: DTZ001 - see above
def test_stored_times_sort_as_text(a: datetime, b: datetime) -> None:
    """The order of stored times as text is their order in time."""
    assert (str(to_text(a)) < str(to_text(b))) == (a.replace(microsecond=0) < b.replace(microsecond=0))


def test_written_form_of_times() -> None:
    """Times are ISO 8601 in UTC with seconds, and what is unknown stays unknown."""
    east = timezone(timedelta(hours=4))
    assert to_text(datetime(2026, 11, 22, 20, 40, 0, 999_999, tzinfo=east)) == "2026-11-22T16:40:00Z"
    assert to_text(None) is None
    assert to_time(None) is None


def test_times_without_zone_are_a_bug() -> None:
    """A naive time never reaches the state: nobody could tell what it meant."""
    with pytest.raises(ValueError, match="without zone"):
        to_text(datetime(2026, 11, 22))  # noqa: DTZ001 - the point of the test
