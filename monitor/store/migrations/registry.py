"""The list of migrations, to which each module of this package adds its own; append-only."""

from __future__ import annotations

from sqlite_utils import Migrations

migrations = Migrations("monitor")


def statements(script: str) -> list[str]:
    """Split a script at its semicolons, comments kept: `executescript` would commit the migration's transaction."""
    return [part for part in script.split(";\n") if part.strip()]
