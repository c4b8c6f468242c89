"""Copies of the state: made while it is in use, verified before they count, put back in one transaction."""

from __future__ import annotations

import fcntl
import glob
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from monitor.errors import StateError, StateLocked, StateTooNew
from monitor.store.migrations import migrations

#: beside the database, unless a copy is asked for elsewhere
FOLDER = "backups"
#: what a copy is called while it is being made: nobody takes it for a backup
_PART = ".part"
#: how long others may keep a database locked
PATIENCE_S = 10.0


def save(db: Database, target: Path) -> None:
    """Copy a state while others read and write it; the target appears whole, verified and synced, or not at all.

    One read transaction sees one moment of the state. The copy is a single file without a log.

    Raises:
        StateError: the copy is damaged, which means that the state is.
        StateLocked: another process does not let go of it.

    """
    if not target.parent.exists():
        target.parent.mkdir(mode=0o700, exist_ok=True)
        sync(target.parent.parent)
    part = target.with_name(f".{target.name}{_PART}")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # whoever sweeps up after killed processes sees that this one lives
        _fill(part, db)
        _refuse_damaged(part, target)
        _remove_beside(part)
        os.fsync(handle)
        part.replace(target)
    except BaseException:
        _remove_beside(part)
        part.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)
    sync(target.parent)


def _remove_beside(part: Path) -> None:
    """Remove the log and the index of a copy, which a failing disk may leave."""
    for path in part.parent.glob(f"{glob.escape(part.name)}-*"):
        path.unlink(missing_ok=True)


def _fill(part: Path, db: Database) -> None:
    """Copy a database into an empty file, which stays without a log beside it."""
    with closing(sqlite3.connect(part)) as copy:
        copy.execute("pragma synchronous = off")  # it is synced at the end
        (_, _, path) = db.execute("pragma database_list").fetchone()
        db.conn.backup(copy, progress=_not_locked(path))
        # SQLite does not say so when it could not leave the log, and pages of the copy could be in there
        (mode,) = copy.execute("pragma journal_mode = delete").fetchone()
        if mode != "delete":
            raise StateError(f"{part.parent}: a copy could not be finished: check the disk and its space and run again")


def _not_locked(path: Path | str) -> Callable[[int, int, int], None]:
    """Return what ends a copy whose lock was not given in the time that is waited for one: Python tries for ever."""

    def refuse(status: int, _left: int, _of: int) -> None:
        """Look at what SQLite said about a step."""
        if status & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise locked(path)

    return refuse


def locked(path: Path | str) -> StateLocked:
    """Return the error about a database that somebody else does not let go."""
    return StateLocked(f"{path}: another process is writing to it: wait until it is done, or stop it")


def save_file(live: Path, target: Path) -> None:
    """Copy a database of whatever version by its path, as `save` does; one that is there already is only read."""
    with closing(sqlite3.connect(live, timeout=PATIENCE_S)) as conn:
        save(Database(conn), target)


def unknown_migrations(db: Database) -> list[str]:
    """Return the migrations that a newer monitor made."""
    ours = {m.name for m in migrations._migrations}  # noqa: SLF001 - the library has no public list
    return sorted({m.name for m in migrations.applied(db)} - ours)


def refuse_newer(path: Path) -> None:
    """Look whether this version can use a copy.

    Raises:
        StateTooNew: a newer monitor made it.

    """
    with closing(connect_to_read(path)) as conn:
        if unknown := unknown_migrations(Database(conn)):
            raise StateTooNew(f"{path} was written by a newer monitor (it has {', '.join(unknown)}): upgrade this one")


def verify(path: Path) -> None:
    """Read a copy from end to end.

    Raises:
        StateError: it is damaged or no copy of a state.

    """
    if problem := _problem(path):
        raise StateError(f"{path}: no usable backup ({problem}): choose another one")


def _refuse_damaged(part: Path, target: Path) -> None:
    """Raise StateError unless a new copy is sound: a backup of damage would push the sound ones out."""
    if problem := _problem(part):
        raise StateError(f"{target.name}: no backup, for the state is damaged ({problem}): run `monitor doctor`")


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Return a connection to a database file that reads alone.

    Raises:
        sqlite3.OperationalError: there is none.

    """
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _problem(path: Path) -> str | None:
    """Return what is wrong with a copy; None if it can be read from end to end and all that it names is there."""
    try:
        with closing(connect_to_read(path)) as copy:
            found = [row[0] for row in copy.execute("pragma integrity_check(1)")]
            broken = copy.execute("pragma foreign_key_check").fetchone()
            copy.execute("select count(*) from items").fetchone()
    except sqlite3.DatabaseError as error:
        if not _tells_of_the_file(error):
            raise
        return str(error)
    if found != ["ok"]:
        return str(found[0]).splitlines()[-1]
    return f"a row of {broken[0]} names one of {broken[2]} that is missing" if broken else None


def _tells_of_the_file(error: sqlite3.DatabaseError) -> bool:
    """Tell whether an error is about what a file holds, and not about the disk it is on."""
    primary = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    return primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def put_back(source: Path, live: Path) -> None:
    """Write a verified copy over a database that can be opened, in one transaction: all of it or nothing.

    Whoever reads the state meanwhile goes on with what it was, and sees the new one with the next query.

    Raises:
        StateLocked: another process does not let go of it.

    """
    with (
        closing(connect_to_read(source)) as copy,
        closing(sqlite3.connect(live, timeout=PATIENCE_S)) as db,
    ):
        copy.backup(db, progress=_not_locked(live))
        db.execute("pragma journal_mode = wal")


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
