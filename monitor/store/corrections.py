"""What persons said about pairs of items: stored for ever; what is taken back keeps its row."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlite_utils import Database

from monitor.model import Correction, Said
from monitor.store.items import batched, placeholders
from monitor.store.storage import moment, to_text, to_time

_SELECT = "select id, said, item_id, other_item_id, said_at, because, undone_at from corrections"


def add(db: Database, said: Said, pair: tuple[int, int], because: str | None, now: datetime) -> Correction:
    """Write a person's word on two items down; the smaller item id comes first."""
    first, second = sorted(pair)
    cursor = db.execute(
        "insert into corrections (said, item_id, other_item_id, because, said_at) values (?, ?, ?, ?, ?)",
        [said.value, first, second, because, to_text(now)],
    )
    return Correction(int(cursor.lastrowid or 0), said, first, second, now, because)


def undo(db: Database, correction_id: int, now: datetime) -> None:
    """Take a correction back."""
    db.execute("update corrections set undone_at = ? where id = ?", [to_text(now), correction_id])


def every(db: Database) -> list[Correction]:
    """Return all corrections, those taken back included, in the order in which they were made."""
    return [_correction(row) for row in db.execute(f"{_SELECT} order by id")]


def standing(db: Database) -> list[Correction]:
    """Return the corrections that hold, in the order in which they were made."""
    return [_correction(row) for row in db.execute(f"{_SELECT} where undone_at is null order by id")]


def of_items(db: Database, ids: Collection[int]) -> list[Correction]:
    """Return the corrections that hold and name one of some items, in the order in which they were made."""
    found: dict[int, Correction] = {}
    for batch in batched(sorted(ids)):
        for column in ("item_id", "other_item_id"):
            rows = db.execute(
                f"{_SELECT} where undone_at is null and {column} in ({placeholders(batch)})",
                batch,
            )
            found.update({row[0]: _correction(row) for row in rows})
    return [found[number] for number in sorted(found)]


def _correction(row: tuple[int, str, int, int, str, str | None, str | None]) -> Correction:
    """Read one row."""
    number, said, item_id, other_item_id, said_at, because, undone_at = row
    return Correction(number, Said(said), item_id, other_item_id, moment(said_at), because, to_time(undone_at))
