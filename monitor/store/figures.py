"""The figures of items in the state, behind the view `v_figures`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlite_utils import Database

from monitor.model import StatedFigure
from monitor.store.items import batched, placeholders


def save_figures(db: Database, figures: Mapping[int, Sequence[tuple[float, str, str, str]]]) -> None:
    """Store the figures of items (quantity, unit, what, sentence), by id, in place of earlier ones."""
    db.conn.executemany("delete from figures where item_id = ?", [(item_id,) for item_id in figures])
    db.conn.executemany(
        "insert into figures (item_id, position, quantity, unit, what, sentence) values (?, ?, ?, ?, ?, ?)",
        [(item_id, position, *figure) for item_id, own in figures.items() for position, figure in enumerate(own)],
    )


def of_items(db: Database, item_ids: Collection[int]) -> dict[int, tuple[StatedFigure, ...]]:
    """Return the figures of some items that say what they count, in the order of each text; many have none."""
    found: defaultdict[int, list[StatedFigure]] = defaultdict(list)
    for batch in batched(sorted(item_ids)):
        rows = db.execute(
            f"select item_id, quantity, unit, what, sentence from figures where item_id in ({placeholders(batch)})"  # noqa: S608 - placeholders only
            " and what <> '' order by item_id, position",
            batch,
        )
        for item_id, quantity, unit, what, sentence in rows:
            found[item_id].append(StatedFigure(quantity, unit, what, sentence))
    return {item_id: tuple(figures) for item_id, figures in found.items()}
