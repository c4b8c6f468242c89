"""Opening the state: one SQLite file in WAL mode, one writer; errors that a user can mend are mapped here."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sqlite_utils import Database

from monitor.errors import NotFound, StateError
from monitor.store import backups
from monitor.store.schema import migrate

#: how long a writer waits for another one
BUSY_TIMEOUT_MS = 10_000
DATABASE_NAME = "monitor.db"
#: of 4 KiB; half of what the log may keep on the disk when it is empty
_BULK_PAGES = 8_000


def to_text(at: datetime | None) -> str | None:
    """Return a moment as the state writes it; None stays None. Naive times are a bug and raise ValueError."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError(f"a time without zone reached the state: {at}")
    in_utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return in_utc.isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def to_time(text: str | None) -> datetime | None:
    """Return a moment of the state as aware UTC; None stays None."""
    return datetime.fromisoformat(text) if text else None


def moment(text: str) -> datetime:
    """Return a moment that the schema says is always there."""
    return datetime.fromisoformat(text)


def version(db: Database) -> int:
    """Return a number that stays the same while nobody but this connection writes."""
    return int(db.execute("pragma data_version").fetchone()[0])


class Storage:
    """An open state. `db` is the sqlite-utils database on which the modules of this package work."""

    def __init__(self, folder: Path, *, create: bool = True, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> None:
        """Open (and with `create` make) the state in a folder and bring it to the newest schema.

        Raises:
            NotFound: there is no state and `create` is False.
            StateError: the folder cannot be written or the file is not a database.
            StateLocked: another process has been writing for longer than the time-out.
            StateTooNew: a newer monitor wrote it.

        """
        self.folder = folder
        self.path = folder / DATABASE_NAME
        if not create and not self.path.exists():
            raise NotFound(f"no state in {folder} yet: run `monitor update` (or `monitor demo`) first, or name --state")
        with mapped_errors(self.path):
            if create:
                make_private(folder)
            self.db = _connect(self.path, busy_timeout_ms)
            try:
                migrate(self.db, folder / backups.FOLDER)
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Close the connection; the write-ahead log is folded into the file by the last one out."""
        self.db.close()

    def __enter__(self) -> Self:
        """Give the open state."""
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Close it; what SQLite said on the way names its remedy, so that reading outside transactions is covered.

        Errors of files pass: nearly all of them are about something else than the state, such as a closed pipe.
        """
        self.close()
        if isinstance(error, sqlite3.DatabaseError):
            with self.reading():
                raise error

    def checkpoint(self, *, wait_ms: int = 2000) -> bool:
        """Fold the write-ahead log into the file and cut it to nothing; False when a reader was longer than the wait.

        SQLite's own checkpoints never wait, so that readers which overlap would let the log grow for ever.
        """
        with mapped_errors(self.path):
            (usual,) = self.db.execute("pragma busy_timeout").fetchone()
            self.db.execute(f"pragma busy_timeout = {wait_ms}")
            try:
                (busy, _, _) = self.db.execute("pragma wal_checkpoint(truncate)").fetchone()
            finally:
                self.db.execute(f"pragma busy_timeout = {usual}")
        return not busy

    def write_in_bulk(self) -> None:
        """Let the write-ahead log grow to 32 MB before it is folded into the file, and not to 4 MB.

        Nothing is less durable. An import writes 4 MB and more with every commit, many pages of them each time: folding
        them in less often spares it a third of the time of its commits.
        """
        with mapped_errors(self.path):
            self.db.execute(f"pragma wal_autocheckpoint = {_BULK_PAGES}").fetchall()

    def forget_pages(self) -> None:
        """Free the memory in which SQLite keeps pages of the file, up to 32 MB: the system keeps them as well."""
        with mapped_errors(self.path):
            self.db.execute("pragma shrink_memory").fetchall()

    def give_back(self, *, pages: int = 25_000) -> int:
        """Return free pages of the file to the disk, at most so many (of 4 KiB) at a time; tell how many it were."""
        with mapped_errors(self.path):
            (before,) = self.db.execute("pragma freelist_count").fetchone()
            self.db.execute(f"pragma incremental_vacuum({pages})").fetchall()
            (after,) = self.db.execute("pragma freelist_count").fetchone()
        return int(before - after)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Name the remedy for what SQLite says in the block, of reads outside transactions too; bugs pass through."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            with mapped_errors(self.path):
                raise error from None

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """Write everything of the block or nothing of it; the lock is taken at once so that it cannot fail half-way."""
        with mapped_errors(self.path):
            self.db.conn.execute("begin immediate")
            try:
                yield self.db
                self.db.conn.commit()
            except BaseException:
                self.db.conn.rollback()
                raise


def make_private(folder: Path) -> None:
    """Make a folder, with those above it, that its owner alone can enter; one that is there already stays as it is.

    Path.mkdir would make those above it as the umask has it, and who can write there can put another folder in place.
    """
    for missing in [part for part in (*reversed(folder.parents), folder) if not part.exists()]:
        missing.mkdir(mode=0o700, exist_ok=True)
        backups.sync(missing.parent)  # or a power cut takes the folder away with all that was synced in it
    folder.mkdir(exist_ok=True)


def _connect(path: Path, busy_timeout_ms: int) -> Database:
    """Open the file with the settings that durability and speed need.

    WAL with synchronous=FULL: a committed source survives power loss; one commit a source makes the sync cheap
    (docs/reliability.md has the figures). A file of no bytes is what a killed start leaves behind.
    """
    if not path.exists():
        # made before SQLite does, which would let the umask decide; its other files get the mode of this one; and not
        # opened if it is there: closing a second handle of a file ends the locks that this process holds on it
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    conn = sqlite3.connect(path, timeout=busy_timeout_ms / 1000, check_same_thread=False)
    try:
        if path.stat().st_size == 0:
            conn.execute("pragma auto_vacuum = incremental")
        conn.execute("pragma journal_mode = wal")
        conn.execute("pragma synchronous = full")
        conn.execute("pragma foreign_keys = on")
        conn.execute("pragma journal_size_limit = 67108864")
        conn.execute("pragma cache_size = -32768")
    except BaseException:
        conn.close()
        raise
    return Database(conn, recursive_triggers=True)


@contextmanager
def mapped_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say into errors that name the remedy; bugs in our SQL pass through."""
    try:
        yield
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, "choose a writable folder with --state")
        raise StateError(f"{error.filename or path}: {error.strerror or error}: {remedy}") from error
    except sqlite3.DatabaseError as error:
        mapped = _mapped(path, error)
        if mapped is None:
            raise
        raise mapped from error


_RESTORE = "restore a backup with `monitor restore`, or move it away to begin anew"
#: what to do about what a file system says
_REMEDIES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "free disk space and run again, nothing that was saved is lost"),
    errno.EFBIG: "raise the limit on the size of files and run again, nothing that was saved is lost",
    errno.EIO: "check the disk, then run `monitor doctor`; nothing that was saved is lost while the disk can be read",
    errno.EROFS: "the disk is read-only: make it writable, or name another folder with --state",
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), "raise the limit on open files and run again"),
}


#: the same for what SQLite says, by its primary codes
_SQLITE_REMEDIES = {
    **dict.fromkeys(
        (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH),
        "make the folder writable or name another with --state",
    ),
    sqlite3.SQLITE_FULL: _REMEDIES[errno.ENOSPC],
    sqlite3.SQLITE_IOERR: "check the disk and its free space and run again, nothing that was saved is lost",
}


def _mapped(path: Path, error: sqlite3.DatabaseError) -> StateError | None:
    """Return what a user can do about an SQLite error, None for a bug."""
    primary = _primary_code(error)
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return backups.locked(path)
    if primary in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return StateError(f"{path}: not a usable database ({error}): {_RESTORE}")
    if _is_undecodable(error):
        return StateError(f"{path}: not a usable database (a text in it is damaged): {_RESTORE}")
    remedy = _SQLITE_REMEDIES.get(primary or 0)
    return StateError(f"{path}: {error}: {remedy}") if remedy else None


def damage(error: sqlite3.DatabaseError) -> str | None:
    """Return in one line what an error tells about damage to the file or the disk, None for any other error."""
    if _is_undecodable(error):
        return "a text in it is damaged"
    damaged = _primary_code(error) in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_IOERR)
    return str(error) if damaged else None


def _primary_code(error: sqlite3.DatabaseError) -> int | None:
    """Return the code of an error without its extension, None if it does not come from SQLite itself."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if code is not None else None


def _is_undecodable(error: sqlite3.DatabaseError) -> bool:
    """Tell whether a text was no UTF-8: all that we store is, and Python gives this error no code of its own."""
    return str(error).startswith("Could not decode to UTF-8")
