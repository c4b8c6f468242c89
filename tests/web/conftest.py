"""The fixtures of serving.py, which the browser tests use too."""

from __future__ import annotations

pytest_plugins = ["serving"]
