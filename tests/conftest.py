"""Fixtures that tests of several folders share: a demo state, a real server in front of it, and logs of one's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

pytest_plugins = ["serving"]

# how long an example takes tells of the machine and of what was loaded before it, not of the code
settings.register_profile("monitor", deadline=None)
settings.load_profile("monitor")


@pytest.fixture(autouse=True)
def log_of_its_own() -> Iterator[None]:
    """Undo what a command made of the log: its stream ends with the test that captured it."""
    yield
    structlog.reset_defaults()
