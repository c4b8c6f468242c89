"""Fixtures that tests of several folders share: a demo state and a real server in front of it."""

from __future__ import annotations

pytest_plugins = ["serving"]
