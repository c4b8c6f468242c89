"""What the relevance stage refused: listed, and found again when it is to be kept after all."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class DroppedRow:
    """A refused piece with every key it is known under."""

    keys: tuple[str, ...]
    source_id: str | None
    outlet_id: str
    external_id: str | None
    url: str | None
    title: str
    text: str
    score: float
    terms: tuple[str, ...]
    reason: str


def find(db: Database, dropped_id: int) -> DroppedRow | None:
    """Return a refused piece, or None when there is none of that number."""
    keys = db.execute("select key from item_keys where dropped_id = ? order by key", [dropped_id]).fetchall()
    row = db.execute(
        "select source_id, outlet_id, external_id, url, title, text, score, terms, reason from dropped where id = ?",
        [dropped_id],
    ).fetchone()
    if row is None or not keys:
        return None
    source_id, outlet_id, external_id, url, title, text, score, terms, reason = row
    return DroppedRow(
        keys=tuple(key for (key,) in keys), source_id=source_id, outlet_id=outlet_id, external_id=external_id, url=url,
        title=title, text=text, score=score, terms=tuple(json.loads(terms)), reason=reason,
    )  # fmt: skip


def newest(db: Database, *, limit: int) -> list[dict[str, object]]:
    """Return what was refused last."""
    return list(db.query("select * from v_dropped order by dropped_at desc, dropped_id desc limit ?", [limit]))
