"""Which edition of which series a story is: read from the marks of its items, the earliest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.stories.marks import Mark, series_key, series_label, series_name, series_order


def edition_of(marks: Iterable[Sequence[Mark]]) -> tuple[str, str, str, str] | None:
    """Return series key, series name, edition label and sort key of a story; None when no item names a series."""
    for found in marks:
        key, name, label, order = series_key(found), series_name(found), series_label(found), series_order(found)
        if key and name and label and order:
            return key, name, label, order
    return None
