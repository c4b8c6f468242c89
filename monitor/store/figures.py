"""The figures of items in the state, behind the view `v_figures`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlite_utils import Database


def save_figures(db: Database, item_id: int, figures: Sequence[tuple[float, str, str, str]]) -> None:
    """Store an item's figures (quantity, unit, what, sentence) in place of earlier ones."""
    db.execute("delete from figures where item_id = ?", [item_id])
    db.conn.executemany(
        "insert into figures (item_id, position, quantity, unit, what, sentence) values (?, ?, ?, ?, ?, ?)",
        [(item_id, position, *figure) for position, figure in enumerate(figures)],
    )
