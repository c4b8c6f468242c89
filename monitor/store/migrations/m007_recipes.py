"""Signatures by recipe."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations


@migrations()
def m007_recipes(db: Database) -> None:
    """Let signatures of another recipe than today's be found at once; grouping makes them anew."""
    db.execute("create index signatures_by_recipe on signatures (recipe)")
