"""Place and dates of a gathering that carries no number: "the forum in Seoul on 3-5 December"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from difflib import SequenceMatcher

from monitor.stories.mark_base import Mark, Segment
from monitor.stories.mark_calendar import nearest_year
from monitor.stories.mark_dates import Days, day_range, numeric_ranges
from monitor.stories.mark_han import han_gathering

_GATHERINGS = ("session", "conference", "forum", "congress", "summit", "consultation", "exhibition")
#: further down, a gathering with its days is the last one or the next
_DEEPEST_SENTENCE = 1
_IN = frozenset(["in", "at", "в", "во", "à", "en", "em", "im", "tại", "a"])
#: editions of one gathering lie further apart than this, reports that differ about its days do not
EDITIONS_APART_DAYS = 21
#: "Lisbon" and "Lissabon" are more alike than this, "Lisbon" and "Lima" are not
_SPELLINGS = 0.5


def place_marks(segment: Segment, published: datetime | None) -> Iterator[Mark]:
    """Yield the mark of a gathering of several days, one a segment; it needs a year, its own or the publication's."""
    if segment.index > _DEEPEST_SENTENCE:
        return
    base = next((found["noun"] for found in segment.senses if found and found.get("noun") in _GATHERINGS), None)
    in_han = han_gathering(segment) if not segment.raw.isascii() else None
    if base is None and in_han is None:
        return
    base = base or (in_han[0] if in_han else "")
    ranges = [_in_han(in_han[1])] if in_han else []
    ranges += [days for i in range(len(segment.words)) if (days := day_range(segment, i)) is not None]
    for days in (ranges or list(numeric_ranges(segment)))[:1]:
        value = _value(days, published)
        if value is not None:
            place = _place(segment)
            label = f"{base} of {value}" + (f" in {place}" if place else "")
            yield Mark("place_dates", base, frozenset([value]), label, segment.where, segment.raw, subject=place)


def _in_han(days: tuple[str | None, str, str, str]) -> Days:
    """Return the days of a gathering in Chinese."""
    year, month, first, last = days
    return Days(int(first), int(last), int(month), int(year) if year else None, 0)


def _value(days: Days, published: datetime | None) -> str | None:
    """Return the days as 2025-12-03..05, None without a year or for days that do not exist."""
    year = days.year or (nearest_year(days.month, published) if published else None)
    if year is None:
        return None
    try:
        first, last = date(year, days.month, days.first), date(year, days.month, days.last)
    except ValueError:
        return None
    return f"{first.isoformat()}..{last.day:02}"


def _place(segment: Segment) -> str:
    """Return the first capitalised word that stands behind a word for "in"; empty when there is none."""
    for i in range(1, len(segment.words)):
        written = segment.written(i)
        if segment.words[i - 1] in _IN and written[0].isupper() and not segment.has(i, "month"):
            return written
    return ""


def other_gathering(one: Mark, other: Mark) -> bool:
    """Tell whether two gatherings without a number are two: weeks apart, or on other days in another place.

    Places are compared when both are written in Latin letters, and spellings of one name are no difference.
    """
    pairs = [(left, right) for left in one.values for right in other.values]
    if all(_days_between(left, right) > EDITIONS_APART_DAYS for left, right in pairs):
        return True
    elsewhere = one.subject.isascii() and other.subject.isascii() and one.subject and other.subject
    if not elsewhere or SequenceMatcher(None, one.subject.casefold(), other.subject.casefold()).ratio() > _SPELLINGS:
        return False
    return all(_disjoint(left, right) for left, right in pairs)


def _days_between(left: str, right: str) -> int:
    """Return by how many days the beginnings of two values differ."""
    one, other = (date.fromisoformat(value.partition("..")[0]) for value in (left, right))
    return abs((one - other).days)


def _disjoint(left: str, right: str) -> bool:
    """Tell whether two values have no day in common; the days of a value are of one month."""
    spans = [(value.partition("..")[0], f"{value[:8]}{value.partition('..')[2]}") for value in (left, right)]
    return spans[0][1] < spans[1][0] or spans[1][1] < spans[0][0]
