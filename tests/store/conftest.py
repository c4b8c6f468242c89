"""Fixtures of the store tests: a real state in a folder of its own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from monitor.store.storage import Storage

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def empty_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an empty state, once: migrating takes ten times as long as copying a closed file."""
    with Storage(tmp_path_factory.mktemp("empty") / "state") as storage:
        return storage.folder


@pytest.fixture
def storage(tmp_path: Path, empty_state: Path) -> Iterator[Storage]:
    """Open an empty state."""
    shutil.copytree(empty_state, tmp_path / "state")
    with Storage(tmp_path / "state") as opened:
        yield opened


@pytest.fixture
def db(storage: Storage) -> Iterator[Database]:
    """Give the database of an empty state, inside one transaction."""
    with storage.transaction() as opened:
        yield opened
