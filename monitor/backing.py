"""Backups of a state and the way back: which copies there are, which go, what is put in place of what."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.errors import NotFound, StateError, StateLocked, UsageError
from monitor.store import backups
from monitor.store.storage import DATABASE_NAME, Storage, make_private, mapped_errors

#: copies that the monitor makes before it changes much: before a migration, before a restore
BEFORE_KEPT = 3
#: what must stay free beside a copy
_ROOM_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the state."""

    path: Path
    size_bytes: int
    #: of its last change
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """A new copy, verified, and the ones that went for it."""

    backup: Backup
    removed: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place, and where that lies which was there before."""

    source: Path
    before: Path | None


def backup_folder(folder: Path) -> Path:
    """Return where the copies of a state lie, if nobody says otherwise."""
    return folder / backups.FOLDER


def listing(folder: Path) -> list[Backup]:
    """Return the copies in a folder, the newest first."""
    with mapped_errors(folder):
        found = [_described(path) for path in folder.glob("*.db") if not path.name.startswith(".")]
    return sorted(found, key=lambda backup: (backup.made_at, backup.path.name), reverse=True)


def make(storage: Storage, to: Path, *, keep: int, now: datetime, kind: str = "monitor") -> Made:
    """Copy the state into a folder while it is in use, verify the copy, and remove the oldest ones of its kind.

    Args:
        storage: the open state.
        to: a folder, made if it is missing; best on another disk.
        keep: how many copies of this kind stay there, the new one counted.
        now: aware; names the copy.
        kind: what its name begins with.

    Raises:
        StateError: there is no room, the folder cannot be written, or the state is damaged.

    """
    with mapped_errors(to):
        make_private(to)
        needed = storage.path.stat().st_size + _ROOM_BYTES
        free = shutil.disk_usage(to).free
    if free < needed:
        raise StateError(f"{to}: a backup needs {needed / 1e6:,.0f} MB and {free / 1e6:,.0f} are free: free disk space")
    target = to / f"{kind}-{_stamp(now)}.db"
    with mapped_errors(storage.path):
        backups.save(storage.db, target)
    return Made(_described(target), rotate(to, kind, keep))


def is_due(to: Path, now: datetime) -> bool:
    """Tell whether no copy in a folder is of the last day; one from the future does not count."""
    day = timedelta(days=1)
    return not any(_stamp(now - day) < path.stem.removeprefix("monitor-") <= _stamp(now) for path in _regular(to))


def rotate(folder: Path, kind: str, keep: int) -> tuple[Path, ...]:
    """Remove all but the newest copies of a kind, whose names sort by time; return those that went."""
    with mapped_errors(folder):
        old = sorted(folder.glob(f"{kind}-*.db"), reverse=True)[keep:]
        for path in old:
            path.unlink(missing_ok=True)
    return tuple(old)


def restore(folder: Path, source: Path | None, *, replace: bool, now: datetime) -> Restored:
    """Put a copy in place of a state, in one step: whoever is killed in it finds the old state or the new one.

    A live state is copied first, or moved aside with its log when it cannot be read. Hold it exclusively.

    Args:
        folder: of the state; may be empty.
        source: a copy; None for the newest one beside the state.
        replace: whether a state that is there may go.
        now: aware; names what was there before.

    Raises:
        NotFound: there is no such copy.
        UsageError: a state is there and `replace` is False.
        StateError: the copy is damaged, or the folder cannot be written; the state is as it was.
        StateTooNew: a newer monitor made the copy.

    """
    chosen = source or newest(backup_folder(folder))
    if not chosen.is_file():
        raise NotFound(f"{chosen}: there is no such backup: `monitor backup --list` shows them")
    live = folder / DATABASE_NAME
    if live.exists() and not replace:
        raise UsageError(f"{live} is there already: say --replace to put {chosen} in its place; it is kept aside")
    with mapped_errors(chosen):
        backups.verify(chosen)
        backups.refuse_newer(chosen)
    before, sound = _set_aside(folder, now) if live.exists() else (None, False)
    with mapped_errors(live):
        if sound:
            backups.put_back(chosen, live)
        else:
            _copy(chosen, live)
    rotate(backup_folder(folder), "before-restore", BEFORE_KEPT)
    return Restored(chosen, before)


def newest(folder: Path) -> Path:
    """Return the newest regular copy in a folder.

    Raises:
        NotFound: there is none.

    """
    found = _regular(folder)
    if not found:
        raise NotFound(f"no backup in {folder}: name the file to restore")
    return found[-1]


def _regular(folder: Path) -> list[Path]:
    """Return the copies that were asked for or made by the day, the newest last."""
    with mapped_errors(folder):
        return sorted(folder.glob("monitor-*.db"))


def _set_aside(folder: Path, now: datetime) -> tuple[Path, bool]:
    """Keep what is there, of whatever version: as a copy if it is sound, else as the files that it consists of."""
    live = folder / DATABASE_NAME
    target = backup_folder(folder) / f"before-restore-{_stamp(now)}.db"
    try:
        with mapped_errors(live):
            backups.save_file(live, target)
    except StateLocked:
        raise
    except StateError:
        return _keep_damaged(folder, now), False
    return target, True


def _keep_damaged(folder: Path, now: datetime) -> Path:
    """Keep a database that cannot be copied in a folder of its own, with its log; it stays until it is replaced."""
    aside = folder / f"damaged-{_stamp(now)}"
    with mapped_errors(aside):
        aside.mkdir(mode=0o700, exist_ok=True)
        for name in (f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm"):
            if (folder / name).exists():
                (folder / name).replace(aside / name)
        # a log that came back after a power cut would be read into the copy
        backups.sync(folder)
        (aside / DATABASE_NAME).unlink(missing_ok=True)
        (aside / DATABASE_NAME).hardlink_to(folder / DATABASE_NAME)
        backups.sync(aside)
    return aside


def _copy(source: Path, live: Path) -> None:
    """Copy a file in place of another one or of none; it appears whole or not at all."""
    make_private(live.parent)
    part = live.with_name(f".{live.name}.part")
    try:
        shutil.copyfile(source, part)
        part.chmod(0o600)
        backups.sync(part)
        part.replace(live)
    finally:
        part.unlink(missing_ok=True)
    backups.sync(live.parent)


def _stamp(now: datetime) -> str:
    """Return a moment as names of files have it: they sort by time."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _described(path: Path) -> Backup:
    """Return a copy with its size and age."""
    found = path.stat()
    return Backup(path, found.st_size, datetime.fromtimestamp(int(found.st_mtime), UTC))
