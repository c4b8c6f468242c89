"""Files that appear whole or not at all, and the remains of those that were broken off."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
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
    """Yield the remains of files that nobody is writing any more."""
    for path in sorted(folder.glob(f".*{PART}")):
        try:
            with path.open("rb") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, FileNotFoundError):
            continue
        yield path


def sweep(folder: Path) -> int:
    """Remove the remains of files that a killed process was writing; return how many there were."""
    remains = list(broken_off(folder))
    for path in remains:
        path.unlink(missing_ok=True)
    return len(remains)
