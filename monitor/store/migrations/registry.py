"""The list of migrations, to which each module of this package adds its own; append-only."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("monitor")


def statements(script: str) -> list[str]:
    """Split a script at its semicolons, comments kept: `executescript` would commit the migration's transaction."""
    return [part for part in script.split(";\n") if part.strip()]


def widen(db: Database, view: str, table: str, columns: str) -> None:
    """Make a view anew with further columns at its end; `table` begins its outermost `from`."""
    (sql,) = db.execute("select sql from sqlite_master where type = 'view' and name = ?", [view]).fetchone()
    marker = f"\n  from {table} "
    if sql.count(marker) != 1:
        raise AssertionError(f"{view} has no single place for more columns")
    db.execute(f"drop view {view}")
    db.execute(sql.replace(marker, f", {columns}{marker}"))
