"""Period marks: the month, quarter, half, days or year a report is about, as against the date of an event.

A period is a mark only where the sentence speaks of revenue, results, prices and the like, and where it is not the
other side of a comparison ("than in December"), a start or an end ("since January") or part of a date ("5 January").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import lru_cache

from monitor.stories import mark_calendar as cal
from monitor.stories.mark_base import BREAKS, Mark, Segment
from monitor.stories.mark_calendar import Period
from monitor.stories.mark_dates import YEAR, MonthAt, day_range, month_at, numeric_ranges, year_near
from monitor.stories.mark_lookup import senses
from monitor.stories.mark_numbers import may_start_ordinal, read_number
from monitor.stories.mark_words import CARDINALS
from monitor.text import WORDS_KEPT

_TAGGED = re.compile(r"(?:(?P<a>[qht])(?P<n>[1-4])|(?P<m>[1-4])(?P<b>[qht]))(?P<y>\d\d)?")
_FISCAL = re.compile(r"fy(\d{4}|\d\d)")
_FIGURE = re.compile(r"\d|%")
_CENTURY = 2000
_MOST = {"quarter": 4, "half": 2, "week": 53}
_MONTHS_IN_YEAR = 12
_QUARTER = 3
_NEAR = 3
_STARTS = frozenset(["month", "months", "part", "first", "fiscal"])
_PERIOD_WORDS = frozenset(["month", "months", "part", "fiscal"])
_ITS_YEAR = r"(?:\d\d)?(?!\w)"
#: 2026, 1/2, FY26, 4Q26 and Q4; begins with a set of characters, for which `re` looks in a third of the time
_SHORT_FORMS = re.compile(
    r"[\dfF](?:(?<=\d)(?:\d{3}|/\d)"
    rf"|(?<=\b[fF])[yY]{_ITS_YEAR}|(?<=\b[1-4])[qQhHtT]{_ITS_YEAR}|(?<=\b[qQhHtT][1-4]){_ITS_YEAR})"
)
_YEAR_HEADS = frozenset(["period:year", "period:fiscal year"])

#: a reader returns the periods that start at a word and the word behind them
Reader = Callable[[Segment, int, datetime | None], tuple[tuple[Period, ...], int] | None]


def period_marks(segment: Segment, published: datetime | None) -> list[Mark]:
    """Return the periods of a title or sentence, whether or not it is a report that speaks of them."""
    if not segment.categories & _PERIOD_WORDS and _SHORT_FORMS.search(segment.raw) is None:
        return []
    found = list(_all_periods(segment, published))
    # the year in "the second quarter of 2025" belongs to the quarter
    return [mark for mark in found if mark.head not in _YEAR_HEADS] or found


@lru_cache(maxsize=WORDS_KEPT)
def starts_a_period(word: str) -> bool:
    """Tell whether a folded word may be the first of a period; most words are ruled out here."""
    return word[0].isdigit() or bool(_STARTS & senses(word).keys()) or may_start_ordinal(word) or word in CARDINALS


def speaks_of_periods(segment: Segment) -> bool:
    """Tell whether a segment speaks of what is reported by periods; trade and prices need a figure or a change."""
    if "report" not in segment.categories:
        return False
    if segment.where == "title" or _is_strong(segment):
        return True
    # deeper in the lead, exports and prices are what the news is about, not what is reported by periods
    return segment.index == 0 and ("change" in segment.categories or _FIGURE.search(segment.raw) is not None)


def _all_periods(segment: Segment, published: datetime | None) -> Iterator[Mark]:
    """Yield all periods of a segment, each run of words read once."""
    i = 0
    while i < len(segment.words):
        readers = _READERS if starts_a_period(segment.words[i]) or segment.written(i).isupper() else ()
        for reader in readers:
            found = reader(segment, i, published)
            if found is not None:
                periods, stop = found
                if not _is_other_side(segment, i, stop):
                    yield from (_mark(segment, period, i, stop) for period in periods)
                i = stop
                break
        else:
            i += 1
    for days in numeric_ranges(segment):
        period = cal.days_period(days.first, days.last, days.month, days.year, published)
        if period is not None:
            yield _mark(segment, period, 0, len(segment.words))


def _is_strong(segment: Segment) -> bool:
    """Tell whether a segment names revenue, results or the like, and not only trade or prices."""
    return any(found.get("report") == "strong" for found in segment.senses if found)


def _is_other_side(segment: Segment, start: int, stop: int) -> bool:
    """Tell whether a period is what something is compared with, or a start, end or deadline."""
    k = start - 1
    while k >= 0 and not BREAKS & set(segment.gap(k)):
        if segment.has(k, "than"):
            return True
        if not (segment.has(k, "function") or segment.has(k, "months")):
            break
        k -= 1
    if _comes_from(segment, k):
        return True
    for k in range(stop, min(stop + _NEAR, len(segment.words))):
        if BREAKS & set(segment.gap(k - 1)):
            break
        if segment.has(k, "than_after"):
            return True
    return False


def _comes_from(segment: Segment, k: int) -> bool:
    """Tell whether a figure that ends at word k is what something has come from: "from 6% in March"."""
    start = k
    while k >= 0 and (segment.words[k][0].isdigit() or segment.has(k, "unit")):
        k -= 1
    return k < start and segment.has(k, "from")


def _mark(segment: Segment, period: Period, start: int, stop: int) -> Mark:
    """Return the mark of a period that was read from a run of words."""
    return Mark(
        kind="period",
        head=f"period:{period.unit}",
        values=frozenset([period.value]),
        label=period.label,
        where=segment.where,
        quote=segment.quote(start, min(stop, len(segment.words))),
    )


def _some(periods: Iterable[Period | None], stop: int) -> tuple[tuple[Period, ...], int]:
    """Return the periods that could be told; the words are used up either way."""
    return tuple(p for p in periods if p is not None), stop


def _days(segment: Segment, i: int, published: datetime | None) -> tuple[tuple[Period, ...], int] | None:
    """Read "1-15 January 2026", "January 1-15", "du 1er au 15 janvier"."""
    found = day_range(segment, i)
    if found is None:
        return None
    period = cal.days_period(found.first, found.last, found.month, found.year, published)
    return _some([period], found.stop)


def _half_month(segment: Segment, i: int, published: datetime | None) -> tuple[tuple[Period, ...], int] | None:
    """Read "first half of January", "nửa đầu tháng 1"."""
    found = _numbered_part(segment, i, "half")
    if found is None or (month := _month_soon(segment, found[1])) is None:
        return None
    year, stop = year_near(segment, month.start, month.stop)
    return _some([cal.half_month_period(found[0], month.number, year, published)], stop)


def _month_soon(segment: Segment, start: int) -> MonthAt | None:
    """Return the month that follows a part of it, function words left aside."""
    for k in range(start, min(start + _NEAR, len(segment.words))):
        if (month := month_at(segment, k)) is not None:
            return month
        if not segment.has(k, "function"):
            return None
    return None


def _month_range(segment: Segment, i: int, published: datetime | None) -> tuple[tuple[Period, ...], int] | None:
    """Read "January-November", "в январе-марте", "between October and December"."""
    first = month_at(segment, i)
    if first is None or first.stop >= len(segment.words):
        return None
    worded = segment.has(first.stop, "to") or (segment.has(first.stop, "and") and segment.has(i - 1, "between"))
    second = month_at(segment, first.stop + worded) if worded or segment.gap(first.stop - 1).strip() == "-" else None
    if second is None:
        return None
    year, stop = year_near(segment, i, second.stop)
    if first.number == 1:
        return _some(cal.months_period(second.number, year, published), stop)
    if second.number - first.number == _QUARTER - 1 and second.number % _QUARTER == 0:
        return _some(cal.quarter_period(second.number // _QUARTER, year, published), stop)
    return (), stop


def _part(segment: Segment, i: int, published: datetime | None) -> tuple[tuple[Period, ...], int] | None:
    """Read "second quarter of 2025", "II квартал", "quý 2/2025", "first half of the year", "week 5"."""
    for unit in _MOST:
        found = _numbered_part(segment, i, unit)
        if found is not None:
            year, stop = year_near(segment, i, found[1])
            return _some(_part_periods(segment, (unit, found[0]), (i, found[1]), (year, published)), stop)
    return None


def _part_periods(
    segment: Segment, part: tuple[str, int], span: tuple[int, int], when: tuple[int | None, datetime | None]
) -> tuple[Period, ...]:
    """Return the periods of a numbered quarter, half or week."""
    (unit, number), (year, published) = part, when
    if unit == "week":
        return (cal.week_period(number, year, published),) if segment.where == "title" else ()
    if any(segment.has(k, "fiscal") for k in range(span[0] - 2, span[1] + _NEAR)):
        return (cal.fiscal_period(number, year),) if unit == "quarter" else ()
    return (cal.quarter_period if unit == "quarter" else cal.half_period)(number, year, published)


def _numbered_part(segment: Segment, i: int, unit: str) -> tuple[int, int] | None:
    """Return number and end of a quarter, half or week that starts at word i, in either order."""
    if segment.senses[i].get("part") == unit:
        k = i + 1
        number = read_number(segment, k) if k < len(segment.words) else None
        if number and len(number.values) == 1 and number.values[0] <= _MOST[unit]:
            return number.values[0], number.stop
        return (1, k + 1) if segment.has(k, "first") else None
    number = read_number(segment, i) if unit != "week" else None
    value, k = (number.values[0], number.stop) if number else (1, i + 1)
    if (number is None and not segment.has(i, "first")) or value > _MOST[unit]:
        return None
    k += segment.has(k, "fiscal")
    return (value, k + 1) if k < len(segment.words) and segment.senses[k].get("part") == unit else None


def _tagged(segment: Segment, i: int, published: datetime | None) -> tuple[tuple[Period, ...], int] | None:
    """Read "Q2 2025", "1H25", "T2 2025"."""
    match = _TAGGED.fullmatch(segment.words[i])
    letter = (match["a"] or match["b"]) if match else None
    if match is None or (letter == "t" and segment.lang not in {"fr", "es", "pt", "it"}):
        return None
    number = int(match["n"] or match["m"])
    year, stop = year_near(segment, i, i + 1)
    year = _CENTURY + int(match["y"]) if match["y"] else year
    if letter == "h":
        return _some(cal.half_period(number, year, published) if number <= _MOST["half"] else (), stop)
    for k in (i - 1, i + 1):
        if segment.has(k, "fiscal") or (fiscal := _fiscal_year(segment, k)):
            return _some([cal.fiscal_period(number, year if segment.has(k, "fiscal") else fiscal)], stop)
    return _some(cal.quarter_period(number, year, published), stop)


def _fiscal(segment: Segment, i: int, published: datetime | None) -> tuple[tuple[Period, ...], int] | None:  # noqa: ARG001
    """Read "FY2026", "fiscal year 2025-26", "fiscal 2025" in a title; a lead cites the years of other budgets, too."""
    if segment.where != "title":
        return None
    year, stop = _fiscal_year(segment, i), i + 1
    if year is None and (segment.has(i, "fiscal") or segment.words[i] == "fy"):
        year, stop = year_near(segment, i, i + 1)
    if year is None:
        return None
    if stop < len(segment.words) and segment.gap(stop - 1) in {"-", "/"} and _is_short_number(segment.words[stop]):
        year, stop = _full_year(segment.words[stop]), stop + 1
    return _some([cal.fiscal_period(None, year)], stop)


def _fiscal_year(segment: Segment, k: int) -> int | None:
    """Return the year of a word such as FY26."""
    match = _FISCAL.fullmatch(segment.words[k]) if 0 <= k < len(segment.words) else None
    return _full_year(match[1]) if match else None


def _full_year(figures: str) -> int:
    """Return the year of two or four figures."""
    return int(figures) % 100 + _CENTURY


def _is_short_number(word: str) -> bool:
    """Tell whether a word is a year in two or four figures."""
    return word.isdecimal() and len(word) in {len("26"), len("2026")}


def _months(segment: Segment, i: int, published: datetime | None) -> tuple[tuple[Period, ...], int] | None:
    """Read "first nine months", "9 tháng đầu năm", "за девять месяцев 2025 года"."""
    number = _cardinal(segment, i)
    if number is None or not 1 < number <= _MONTHS_IN_YEAR:
        return None
    k = i + 1 + segment.has(i + 1, "first")
    if not segment.has(k, "months"):
        return None
    year, stop = year_near(segment, i, k + 1)
    from_january = year is not None or any(segment.has(j, "first") for j in (i - 1, i + 1, k + 1))
    return _some(cal.months_period(number, year, published), stop) if from_january else None


def _cardinal(segment: Segment, i: int) -> int | None:
    """Return the value of a cardinal, in digits or words."""
    word = segment.words[i]
    return int(word) if word.isdecimal() and len(word) <= len("12") else CARDINALS.get(word)


def _month(segment: Segment, i: int, published: datetime | None) -> tuple[tuple[Period, ...], int] | None:
    """Read "January", "January 2026", "tháng 1/2026"; not as part of a date."""
    month = month_at(segment, i)
    if month is None:
        return None
    year, stop = year_near(segment, i, month.stop)
    if month.has_day:
        return (), stop
    ahead = "ahead" in segment.categories
    return _some([cal.month_period(month.number, year, published, ahead=ahead)], stop)


def _year(segment: Segment, i: int, published: datetime | None) -> tuple[tuple[Period, ...], int] | None:
    """Read a year in a title that speaks of results and not of plans."""
    if segment.where != "title" or "plan" in segment.categories or not _is_strong(segment):
        return None
    if not YEAR.fullmatch(segment.words[i]):
        return None
    return _some([cal.year_period(int(segment.words[i]), published)], i + 1)


_READERS: tuple[Reader, ...] = (_days, _half_month, _month_range, _part, _tagged, _fiscal, _months, _month, _year)
