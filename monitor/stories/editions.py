"""Which edition of which series a story is, by the marks of its items, and which titles without a text are editions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from monitor.stories.marks import Mark, series_key, series_label, series_name, series_order
from monitor.text import words

#: an agency's headline is taken over within hours, and by weeklies within days
TITLE_TAKEN_OVER = timedelta(days=3)


def edition_of(marks: Iterable[Sequence[Mark]]) -> tuple[str, str, str, str] | None:
    """Return series key, series name, edition label and sort key of a story; None when no item names a series."""
    for found in marks:
        key, name, label, order = series_key(found), series_name(found), series_label(found), series_order(found)
        if key and name and label and order:
            return key, name, label, order
    return None


def title_again(title: str, other: str, apart: timedelta) -> str | None:
    """Name the sign that two titles without a text are two editions, None when they are not.

    "Customs exchange rates for the week" comes every week: the same words after days are written anew.
    """
    if apart <= TITLE_TAKEN_OVER or words(title) != words(other):
        return None
    return f"the same title again after {apart.days} days, without a text"
