"""Dates as they stand in a title or sentence: months, years beside them, ranges of days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.stories.mark_base import BREAKS, Segment
from monitor.stories.mark_words import DOUBTFUL_MONTHS

YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|o|a)?")
_LAST_DAY = 31
_MONTHS_IN_YEAR = 12
#: "tháng 1 năm 2026", "января 2026 года", "2025-ci ilin yanvarında": so many words to the year
_YEAR_REACH = 3
_MONTH_OF_VIETNAMESE = "tháng"
_LUNAR = {"giêng": 1, "chạp": 12}
#: "từ ngày 1 đến 15/1/2026", "16-31/1"
_NUMERIC = re.compile(
    r"(?<![\d/])(\d{1,2})(?:/\d{1,2})?(?:/\d{4})?\s?(?:-|đến(?: hết)?(?: ngày)?)\s?"
    r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?![\d/])"
)


@dataclass(frozen=True, slots=True)
class MonthAt:
    """A month that was read from the words from start up to, not including, stop."""

    number: int
    start: int
    stop: int
    #: a day stands beside it: it is part of a date
    has_day: bool


@dataclass(frozen=True, slots=True)
class Days:
    """Two days of one month, and the word behind them."""

    first: int
    last: int
    month: int
    year: int | None
    stop: int


def month_at(segment: Segment, i: int) -> MonthAt | None:
    """Return the month that starts at word i."""
    if i >= len(segment.words):
        return None
    if segment.words[i] == _MONTH_OF_VIETNAMESE:
        return _vietnamese_month(segment, i)
    number = segment.senses[i].get("month")
    if number is None or not _is_surely_month(segment, i):
        return None
    return MonthAt(int(number), i, i + 1, _day_before(segment, i) or _day_behind(segment, i + 1))


def _is_surely_month(segment: Segment, i: int) -> bool:
    """Tell whether a word that may be a month is one: "in May", "Jan. 2026", not "may" or "the march"."""
    languages = DOUBTFUL_MONTHS.get(segment.words[i])
    if languages is None or (segment.lang and segment.lang in languages):
        return True
    if not segment.written(i)[0].isupper():
        return False
    behind = segment.words[i + 1] if i + 1 < len(segment.words) else ""
    return (
        segment.has(i - 1, "function") or segment.has(i - 1, "than") or behind.isdecimal() or segment.gap(i)[:1] == "."
    )


def _vietnamese_month(segment: Segment, i: int) -> MonthAt | None:
    """Read "tháng 1", which is January, as against "1 tháng", which is one month."""
    if i + 1 >= len(segment.words):
        return None
    word = segment.words[i + 1]
    number = int(word) if word.isdecimal() and len(word) <= len("12") else _LUNAR.get(word, 0)
    if not 1 <= number <= _MONTHS_IN_YEAR or segment.gap(i) != " ":
        return None
    return MonthAt(number, i, i + 2, segment.words[i - 2 : i - 1] == ("ngày",) and _day(segment, i - 1) is not None)


def _day_before(segment: Segment, i: int) -> bool:
    """Tell whether a day stands before a month: "5 January", "5-го января", "5 de enero", "5th of January"."""
    k = i - 1
    if k > 0 and (segment.has(k, "function") or segment.gap(k - 1) == "-") and not segment.words[k][0].isdigit():
        k -= 1
    return k >= 0 and _day(segment, k) is not None and not set(segment.gap(k)) & set("%,;:")


def _day_behind(segment: Segment, k: int) -> bool:
    """Tell whether a day stands behind a month: "January 5", "fevralın 9-da"; not a figure such as 2.4."""
    if k >= len(segment.words) or _day(segment, k) is None or "," in segment.gap(k - 1):
        return False
    return k + 1 >= len(segment.words) or not (segment.gap(k) in {".", ","} and segment.words[k + 1][0].isdigit())


def _day(segment: Segment, k: int) -> int | None:
    """Return the day of the month that word k may be."""
    match = _DAY.fullmatch(segment.words[k]) if 0 <= k < len(segment.words) else None
    return int(match[1]) if match and 1 <= int(match[1]) <= _LAST_DAY else None


def year_near(segment: Segment, start: int, stop: int) -> tuple[int | None, int]:
    """Return the year behind or before a run of words, and the word behind the run with its year."""
    for k in range(stop, min(stop + _YEAR_REACH, len(segment.words))):
        if YEAR.fullmatch(segment.words[k]):
            return int(segment.words[k]), k + 1
        if not any(segment.has(k, category) for category in ("function", "year", "first")) or (
            k and set(segment.gap(k - 1)) & set(";:!?")
        ):
            break
    for k in range(start - 1, max(start - 1 - _YEAR_REACH, -1), -1):
        if YEAR.fullmatch(segment.words[k]) and k + 1 <= start:
            return int(segment.words[k]), stop
        if not segment.has(k, "year") or BREAKS & set(segment.gap(k)):
            break
    return None, stop


def day_range(segment: Segment, i: int) -> Days | None:
    """Return the range of days that starts at word i: "1-15 January 2026", "January 1-15", "du 1er au 15 janvier"."""
    month = month_at(segment, i)
    if month is not None:
        ends = _two_days(segment, month.stop)
        if ends is None:
            return None
        year, stop = year_near(segment, i, ends[2])
        return Days(ends[0], ends[1], month.number, year, stop)
    ends = _two_days(segment, i)
    if ends is None:
        return None
    k = ends[2]
    k += segment.has(k, "function")
    month = month_at(segment, k)
    if month is None:
        return None
    year, stop = year_near(segment, i, month.stop)
    return Days(ends[0], ends[1], month.number, year, stop)


def _two_days(segment: Segment, i: int) -> tuple[int, int, int] | None:
    """Return two days in order that start at word i, and the word behind them."""
    first = _day(segment, i)
    if first is None or i + 1 >= len(segment.words):
        return None
    k = i + 1
    if segment.gap(i).strip() != "-":
        while k < len(segment.words) and k < i + 3 and (segment.has(k, "to") or segment.words[k] == "ngày"):
            k += 1
        if k == i + 1:
            return None
    last = _day(segment, k)
    return (first, last, k + 1) if last is not None and first < last else None


def numeric_ranges(segment: Segment) -> Iterator[Days]:
    """Yield the ranges of days that are written in figures, as in Vietnamese: "từ 1 đến 15/1/2026"."""
    for match in _NUMERIC.finditer(segment.raw):
        first, last, month = int(match[1]), int(match[2]), int(match[3])
        if 1 <= first < last <= _LAST_DAY and 1 <= month <= _MONTHS_IN_YEAR:
            yield Days(first, last, month, int(match[4]) if match[4] else None, len(segment.words))
