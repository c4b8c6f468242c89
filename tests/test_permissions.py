"""What the monitor writes is its owner's alone, whatever the umask of the shell or service that started it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from pieces import SEIZURE, SEIZURE_TITLE, piece, take

from monitor.app import exclusive, scratch_beside
from monitor.files import write_atomically
from monitor.publish import DigestSettings, publish
from monitor.store.storage import Storage

SETTINGS = DigestSettings(time=time(6), timezone="UTC", max_sentences=3, max_age_days=30)


@pytest.fixture(autouse=True)
def nothing_withheld() -> Iterator[None]:
    """Let the umask withhold nothing."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_state_is_its_owners_alone(tmp_path: Path) -> None:
    """Database, log, shared memory, lock, health and digests have mode 0600, their folders and those above 0700."""
    folder = tmp_path / "made" / "on the way" / "state"
    with exclusive(folder), Storage(folder) as storage, scratch_beside(storage):
        take(storage, [piece("first", SEIZURE_TITLE, SEIZURE, "19 08:00")])
        publish(storage, date(2026, 11, 19), SETTINGS, now=datetime(2026, 11, 20, tzinfo=UTC))
        write_atomically(folder / "health.json", "{}\n")
        modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "made").rglob("*")}
    names = {path.name for path in modes}
    assert {"monitor.db", "monitor.db-wal", "monitor.db-shm", "monitor.lock", "2026-11-19.html"} <= names
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o700


def test_folder_of_the_user_keeps_its_mode(tmp_path: Path) -> None:
    """A state folder that somebody made, and perhaps shares with a group, is not closed to it."""
    tmp_path.chmod(0o750)
    Storage(tmp_path).close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750
