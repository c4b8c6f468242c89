"""One writer at a time: a lock on a file in the state folder, in which its holder says who it is."""

from __future__ import annotations

import fcntl
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import StateError, StateLocked
from monitor.files import sweep
from monitor.store.storage import make_private, mapped_errors

LOCK_NAME = "monitor.lock"
_INSTANT_S = 0.05


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the state for writing; a second writer is refused.

    Raises:
        StateLocked: another monitor holds it.
        StateError: the folder cannot be written.

    """
    path = folder / LOCK_NAME
    with mapped_errors(path):
        make_private(folder)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _taken(handle, path):
            raise StateLocked(
                f"{folder}: a monitor is already working on this state ({_said(handle)}): "
                "stop it first, or name another folder with --state"
            )
        with mapped_errors(path):
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"process {os.getpid()}, `{_command()}`\n".encode(errors="replace"), 0)
            sweep(folder, folder / "digests", folder / "backups")
        yield
    finally:
        os.close(handle)


def holder(folder: Path) -> str | None:
    """Return who holds the state for writing, for example ``process 17, `monitor run` ``; None when nobody does."""
    try:
        handle = os.open(folder / LOCK_NAME, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return _said(handle)
    else:
        return None
    finally:
        os.close(handle)


def _taken(handle: int, path: Path) -> bool:
    """Take the lock; who only asks for its holder has it for an instant, so a refusal is tried once more."""
    for last in (False, True):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not last:
                threading.Event().wait(_INSTANT_S)
        except OSError as error:
            raise StateError(f"{path}: cannot be locked ({error.strerror}): use a local folder with --state") from error
        else:
            return True
    return False


def _said(handle: int) -> str:
    """Return what the holder of the lock wrote about itself."""
    return os.pread(handle, 200, 0).decode(errors="replace").strip() or "an unknown process"


def _command() -> str:
    """Return how this process was called, without what may be secret."""
    return " ".join(["monitor", *(word for word in sys.argv[1:2] if word.isalpha())])
