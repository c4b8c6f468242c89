"""What a user types into a search: words, "phrases", beginn*, and filters such as `outlet:` or `since:`; pure.

Every part is quoted for FTS5, so that `anti-dumping`, `HS-code`, `AND` or a lone quote mean themselves. Filters of one
name are alternatives, filters of different names must all hold. A word before a colon that is no filter is a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.errors import UsageError
from monitor.text import clean

FILTERS = ("outlet", "lang", "since", "until", "series")
#: the longest look back that is a number of days: ten years
_MOST_DAYS = 3660

#: a filter, a phrase in double quotes, or a run without white space
_PART = re.compile(rf'(?i:\b({"|".join(FILTERS)}):(?:"([^"]*)"|(\S*)))|"([^"]*)"|(\S+)')
_DAYS = re.compile(r"(\d{1,4})d")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase that must occur; with `prefix` its beginnings match too."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A search as it was understood."""

    terms: tuple[Term, ...] = ()
    #: names or parts of names
    outlets: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    #: first day, and first day after the last one (UTC)
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        """Tell whether there is anything to search for."""
        return self != Query()


def parse(typed: str, *, today: date) -> Query:
    """Read what a user typed.

    Args:
        typed: words, phrases and filters; `since:` takes `2026`, `2026-11`, `2026-11-21` or days back, `7d`.
        today: the day from which days back are counted.

    Raises:
        UsageError: a filter has a value that cannot be meant; anything else is something to search for.

    """
    terms: list[Term] = []
    filters: dict[str, list[str]] = {name: [] for name in FILTERS}
    for name, quoted, bare, phrase, word in _PART.findall(clean(typed.replace("\x00", " "))):
        if name:
            filters[name.lower()].append(_value(name.lower(), quoted or bare))
        else:
            terms += _term(phrase, word)
    since = [_period(value, "since", today)[0] for value in filters["since"]]
    until = [_period(value, "until", today)[1] for value in filters["until"]]
    return Query(
        tuple(terms),
        outlets=tuple(filters["outlet"]),
        langs=tuple(value.lower() for value in filters["lang"]),
        series=tuple(filters["series"]),
        since=min(since, default=None),
        until=max(until, default=None),
    )


def fts(terms: Iterable[Term]) -> str:
    """Return terms as an FTS5 query that cannot fail: all of them must occur."""
    return " ".join('"' + term.text.replace('"', '""') + '"' + ("*" if term.prefix else "") for term in terms)


def _term(phrase: str, word: str) -> list[Term]:
    """Return the term that a phrase or word stands for, none when it is of signs only."""
    text = phrase or word.strip('"')
    prefix = not phrase and text.endswith("*")
    text = text.rstrip("*") if prefix else text
    return [Term(text, prefix)] if any(c.isalnum() for c in text) else []


def _value(name: str, value: str) -> str:
    """Return the value of a filter.

    Raises:
        UsageError: it is missing.

    """
    if not any(c.isalnum() for c in value):
        raise UsageError(f'{name}: has no value: write {name}:word or {name}:"two words", no blank after the colon')
    return value


def _period(value: str, name: str, today: date) -> tuple[date, date]:
    """Return the first day of what a value names and the first day after it.

    Raises:
        UsageError: it names no day, month, year or number of days.

    """
    if (days := _DAYS.fullmatch(value)) and int(days[1]) <= _MOST_DAYS:
        day = today - timedelta(days=int(days[1]))
        return day, day + timedelta(days=1)
    if written := _DAY.fullmatch(value):
        year, month, day_of_month = (int(part) if part else None for part in written.groups())
        try:
            return _span(year or 0, month, day_of_month)
        except (ValueError, OverflowError):
            pass
    raise UsageError(f"{name}:{value} names no day: write {name}:2026-11-21, {name}:2026-11, {name}:2026 or {name}:7d")


def _span(year: int, month: int | None, day: int | None) -> tuple[date, date]:
    """Return the first day of a year, month or day, and the first after it."""
    if month is None:
        return date(year, 1, 1), date(year + 1, 1, 1)
    if day is None:
        first = date(year, month, 1)
        return first, (first + timedelta(days=31)).replace(day=1)
    return date(year, month, day), date(year, month, day) + timedelta(days=1)
