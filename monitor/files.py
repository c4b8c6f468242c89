"""Files that appear whole or not at all, and the remains of those that were broken off."""

from __future__ import annotations

import fcntl
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.store.backups import sync

#: ends the names of files that are being written
PART = ".part"


def write_atomically(path: Path, text: str) -> None:
    """Replace a file so that a reader, or a power cut, finds the old text or the new one, never a part.

    While it is written it is locked, so that `sweep` can tell it from what a killed process left.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
            Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync(path.parent)


def broken_off(folder: Path) -> Iterator[Path]:
    """Yield the remains of files and folders that nobody is writing any more."""
    for path in sorted(folder.glob(f".*{PART}")):
        try:
            handle = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        finally:
            os.close(handle)
        yield path
    for path in sorted(folder.glob(f".*{PART}-*")):
        # the log of a copy that has its name already, or none any more
        if not path.with_name(f"{path.name.rpartition(PART)[0]}{PART}").exists():
            yield path


def sweep(*folders: Path) -> list[Path]:
    """Remove the remains of what killed processes were writing in some folders; return what there was."""
    remains = [path for folder in folders for path in broken_off(folder)]
    for path in remains:
        for beside in (*path.parent.glob(f"{glob.escape(path.name)}-*"), path):
            shutil.rmtree(beside) if beside.is_dir() else beside.unlink(missing_ok=True)
    return remains


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Mark a file or folder as being worked on until the block or the process ends: `sweep` leaves it alone."""
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
