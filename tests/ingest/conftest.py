"""Fixtures of the ingest tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from webserver import Web, serving


@pytest.fixture
def web() -> Iterator[Web]:
    """Run a web server on loopback."""
    with serving() as server:
        yield server
