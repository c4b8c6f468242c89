"""Reporting periods: the year a report leaves out, the normal form of a period, its name as people write it.

Values: 2026-01, 2026-Q1, 2026-H1, 2026-M09 (January to September), 2026-01A and 2026-01B (the halves of a month),
2026-01-01..10, 2026-W05, 2025, FY2026, FY2026-Q1. A year nobody can tell is XXXX.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import datetime

UNKNOWN_YEAR = "XXXX"
#: a report comes out within so many months; an older month of no year is a date of something else
_MONTH_AGE = 4
#: whole quarters and longer periods are reported later
_LONG_AGE = 5
#: prices and rates are set for the month to come
_AHEAD_MONTHS = 2
#: a period that names its year may be older, but not history
_HISTORY = 18
_CLOSE_ON_DAY = 20
_QUARTER, _HALF, _YEAR = 3, 6, 12
_MID_MONTH = 15
#: the shortest month's last day
_SHORTEST = 28
_TEN_DAYS = {(1, 10), (1, 20), (11, 20)}
_HALF_A, _HALF_B = "A", "B"


@dataclass(frozen=True, slots=True)
class Period:
    """A period in normal form: its unit ("month", "quarter", ...), value and label."""

    unit: str
    value: str
    label: str


def month_period(month: int, year: int | None, published: datetime | None, *, ahead: bool) -> Period | None:
    """Return a calendar month; None when it lies too far from the publication to be what is reported."""
    year, known = _reported_year(month, year, published, age=_MONTH_AGE, ahead=ahead)
    return Period("month", f"{_text(year)}-{month:02}", f"{calendar.month_name[month]}{_tail(year)}") if known else None


def months_period(last: int, year: int | None, published: datetime | None) -> tuple[Period, ...]:
    """Return January to the given month, also as the quarter, half or year that it is."""
    year, known = _reported_year(last, year, published, age=_LONG_AGE, ahead=False)
    if not known:
        return ()
    months = Period("months", f"{_text(year)}-M{last:02}", f"January-{calendar.month_name[last]}{_tail(year)}")
    same = {_QUARTER: _part("Q", "quarter", 1, year), _HALF: _part("H", "half", 1, year)}.get(last)
    return (same, months) if same else (months,)


def quarter_period(quarter: int, year: int | None, published: datetime | None) -> tuple[Period, ...]:
    """Return a quarter; the first one is also January to March."""
    year, known = _reported_year(quarter * _QUARTER, year, published, age=_LONG_AGE, ahead=False)
    if not known:
        return ()
    one = _part("Q", "quarter", quarter, year)
    return (one, *(p for p in months_period(_QUARTER, year, published) if p.unit == "months" and quarter == 1))


def half_period(half: int, year: int | None, published: datetime | None) -> tuple[Period, ...]:
    """Return a half-year; the first one is also January to June."""
    year, known = _reported_year(half * _HALF, year, published, age=_LONG_AGE, ahead=False)
    if not known:
        return ()
    one = _part("H", "half", half, year)
    return (one, *(p for p in months_period(_HALF, year, published) if p.unit == "months" and half == 1))


def days_period(first: int, last: int, month: int, year: int | None, published: datetime | None) -> Period | None:
    """Return a half or a ten-day part of a month; None for other days, which are the dates of an event."""
    if year is None and published is not None:
        year = nearest_year(month, published)
    name = f"{first}-{last} {calendar.month_name[month]}{_tail(year)}"
    if first == 1 and last == _MID_MONTH:
        return Period("days", f"{_text(year)}-{month:02}{_HALF_A}", name)
    if first == _MID_MONTH + 1 and last >= _SHORTEST:
        return Period("days", f"{_text(year)}-{month:02}{_HALF_B}", name)
    if (first, last) in _TEN_DAYS or (first == 21 and last >= _SHORTEST):  # noqa: PLR2004 - the last ten days
        return Period("days", f"{_text(year)}-{month:02}-{first:02}..{last:02}", name)
    return None


def half_month_period(half: int, month: int, year: int | None, published: datetime | None) -> Period | None:
    """Return the first or second half of a month."""
    return days_period(*((1, _MID_MONTH) if half == 1 else (_MID_MONTH + 1, 31)), month, year, published)


def year_period(year: int, published: datetime | None) -> Period | None:
    """Return a calendar year that has ended, or is about to."""
    if published is not None and (year, _YEAR) > (published.year, published.month):
        return None
    return Period("year", str(year), str(year))


def fiscal_period(quarter: int | None, year: int | None) -> Period:
    """Return a fiscal year, named after the year it ends in, or one of its quarters."""
    if quarter is None:
        return Period("fiscal year", f"FY{_text(year)}", f"FY{_text(year)}")
    return Period("fiscal quarter", f"FY{_text(year)}-Q{quarter}", f"Q{quarter} FY{_text(year)}")


def week_period(week: int, year: int | None, published: datetime | None) -> Period:
    """Return a numbered week."""
    if year is None and published is not None:
        year = published.year if week <= published.isocalendar().week else published.year - 1
    return Period("week", f"{_text(year)}-W{week:02}", f"week {week}{_tail(year)}")


def nearest_year(month: int, published: datetime) -> int:
    """Return the year in which a month lies nearest to the publication."""
    return min((published.year - 1, published.year, published.year + 1), key=lambda y: abs(_gap(month, y, published)))


def dates_clash(left: str, right: str) -> bool:
    """Tell whether two values are different periods of the same unit; an unknown year agrees with every year."""
    if UNKNOWN_YEAR in left or UNKNOWN_YEAR in right:
        return _without_year(left) != _without_year(right)
    return left != right


def _without_year(value: str) -> str:
    """Return a value without its year."""
    fiscal = value.startswith("FY")
    return value[len("FY") * fiscal + len(UNKNOWN_YEAR) :]


def _reported_year(
    month: int, year: int | None, published: datetime | None, *, age: int, ahead: bool
) -> tuple[int | None, bool]:
    """Return the year of a period that ends with a month, and whether such a period can be reported at all."""
    if published is None:
        return year, True
    latest = _AHEAD_MONTHS if ahead else 0
    if year is not None:
        return year, -_HISTORY <= _gap(month, year, published) <= latest
    if ahead and 0 < (month - published.month) % _YEAR <= 1:
        return published.year + (month < published.month), True
    found = published.year - (month > published.month)
    if age != _MONTH_AGE and month == published.month and published.day < _CLOSE_ON_DAY:
        found -= 1
    return found, -age <= _gap(month, found, published)


def _gap(month: int, year: int, published: datetime) -> int:
    """Return by how many months a month lies behind the publication."""
    return (year - published.year) * _YEAR + month - published.month


def _part(letter: str, unit: str, number: int, year: int | None) -> Period:
    """Return a quarter or half-year in normal form."""
    return Period(unit, f"{_text(year)}-{letter}{number}", f"{letter}{number}{_tail(year)}")


def _text(year: int | None) -> str:
    """Return the year of a value."""
    return UNKNOWN_YEAR if year is None else str(year)


def _tail(year: int | None) -> str:
    """Return the year behind a label."""
    return "" if year is None else f" {year}"
