"""Dates in the sample texts: each placeholder becomes a day, weekday or month counted from the given day."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from monitor.sample.data import CalendarData, load_calendars

#: the world covers this many days before the given one
WORLD_DAYS = 4
#: the last day of the first half of a month
HALF_DAY = 15

_PLACEHOLDER = re.compile(r"\{(day|date|weekday|month|month_year|half):([+-]?\d+)\}")


def fill(text: str, *, today: date, lang: str) -> str:
    """Return the text with its placeholders written out in a language (see calendar.yaml)."""
    calendar = load_calendars()[lang]
    return _PLACEHOLDER.sub(lambda found: _spell(found[1], int(found[2]), today, calendar), text)


def spell_date(day: date, lang: str) -> str:
    """Return a day with its year as a language writes it."""
    calendar = load_calendars()[lang]
    return _format(calendar.date, day, calendar)


def spell_visit(day: date) -> str:
    """Return the day of a visit as an American-style page header writes it."""
    calendar = load_calendars()["en"]
    return _format(calendar.visit, day, calendar)


def shift_month(day: date, months: int) -> date:
    """Return the first day of the month that is so many months later."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, 1)


def half_month(day: date, halves: int) -> tuple[date, date]:
    """Return the first and the last day of the half of a month that is so many halves later."""
    months, second = divmod(2 * (day.month - 1) + (day.day > HALF_DAY) + halves, 2)
    start = shift_month(date(day.year, 1, 1), months)
    if not second:
        return start, start.replace(day=HALF_DAY)
    return start.replace(day=HALF_DAY + 1), start.replace(day=monthrange(start.year, start.month)[1])


def _spell(kind: str, offset: int, today: date, calendar: CalendarData) -> str:
    """Write out one placeholder."""
    # months and halves are counted from the first day of the world: on the second of a month the pieces
    # of three days ago still speak of the month before as the current one
    begin = today - timedelta(days=WORLD_DAYS)
    match kind:
        case "weekday":
            return calendar.weekdays[(today + timedelta(days=offset)).weekday()]
        case "month":
            return calendar.months[shift_month(begin, offset).month - 1]
        case "month_year":
            return _format(calendar.month_year, shift_month(begin, offset), calendar)
        case "half":
            start, end = half_month(begin, offset)
            return _format(calendar.half, start, calendar, start=str(start.day), end=str(end.day))
        case _:
            pattern = calendar.date if kind == "date" else calendar.day
            return _format(pattern, today + timedelta(days=offset), calendar)


def _format(pattern: str, day: date, calendar: CalendarData, **extra: str) -> str:
    """Fill a pattern of the calendar with the parts of a day."""
    return pattern.format(
        d=calendar.first if day.day == 1 else day.day,
        weekday=calendar.weekdays[day.weekday()],
        month=calendar.months[day.month - 1],
        year=day.year,
        **extra,
    )
