"""Fixtures of the store tests: a real state in a folder of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from monitor.store.storage import Storage

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """Open an empty state."""
    with Storage(tmp_path / "state") as opened:
        yield opened


@pytest.fixture
def db(storage: Storage) -> Iterator[Database]:
    """Give the database of an empty state, inside one transaction."""
    with storage.transaction() as opened:
        yield opened
