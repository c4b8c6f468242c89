"""Reads one date from one short text, and decides between the dates that several places give.

A wrong date is far worse than none: what can be read in two ways, leaves the year open or lies outside 1990 to
tomorrow is not a date. feedparser's own `*_parsed` values are not used: it reads 2016/6/29 as a day of this month,
IST, AEST and BST as UTC, epoch seconds as a year, and knows few languages (measured, feedparser 6.0.14).
A time without a zone is taken as UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import regex

from monitor.ingest.calendars import gregorian
from monitor.ingest.datewords import (
    day_comes_first,
    meridiem_words,
    month_words,
    weekday_abbreviations,
    weekday_words,
    zone_offsets,
    zone_words,
)
from monitor.ingest.phrases import any_of, phrases, plain
from monitor.model import Dated, DateOrigin

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
#: clocks that are wrong and zones that are missing put a fresh piece up to a day and a half ahead
FUTURE_LEEWAY = timedelta(hours=36)
_LONGEST = 120
#: years of two digits below this are of this century (RFC 2822, 4.3)
_CENTURY_TURN = 50
_TRUST = {origin: rank for rank, origin in enumerate(DateOrigin)}

#: no date has fewer
_FOUR_DIGITS = regex.compile(r"(?:\d\D*){4}")
_INSTANT = regex.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}t[0-9]{2}:[0-9]{2}:[0-9]{2}(?:z|[+-](?:0[0-9]|1[0-2]):[0-5][0-9])")
#: as a number, and as .NET writes it into JSON
_EPOCH = regex.compile(r"(?P<s>\d{9,10})(?:\.\d+)?|(?P<ms>\d{12,13})|/date\((?P<net>\d{12,13})(?:[+-]\d{4})?\)/")
_CJK = regex.compile(
    rf"(?P<y>\d{{4}})\s?[年{plain('년')}]+\s?(?P<m>\d\d?)\s?[月{plain('월')}]+\s?(?P<d>\d\d?)\s?[日号號]?"
)
_ISO = regex.compile(r"(?<!\d)(?P<y>\d{4})\s?(?P<sep>[-/.])\s?(?P<m>\d\d?)\s?(?P=sep)\s?(?P<d>\d\d?)(?!\d)")
_COMPACT = regex.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)")
_NUMERIC = regex.compile(r"(?<!\d)(?P<a>\d\d?)\s?(?P<sep>[-/.])\s?(?P<b>\d\d?)\s?(?P=sep)\s?(?P<y>\d{4})(?!\d)")
_ORDINAL = r"(?:\s?(?:st|nd|rd|th|er|o|a|e|го|-го|-е|-?ci|-?cu|-?i|-?u|日))?"
_DOTTED_TIME = regex.compile(r"(?<![\d.])(?P<h>\d\d?)\.(?P<mi>\d\d)(?![\d.])")
#: ISO 8601 without separators
_BASIC_TIME = regex.compile(r"(?<=(?<!\d)\d{8})t(\d\d)(\d\d)(\d\d)(?!\d)")
_PUNCTUATION = regex.compile(r"[\s,.;:|()\[\]/·•'،、，。।–—-]+")
#: browsers write the name of the zone behind its offset
_ZONE_NAME = regex.compile(r"(?<=\d\d:\d\d(?::\d\d)? gmt[+-]\d{4}) \([^()]{1,60}\)")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one text says: a day, a time of day with the zone offsets it may mean, and what is left unread."""

    day: date
    clock: time | None
    offsets: tuple[timedelta, ...]
    rest: str


def parse_date(
    text: str, *, now: datetime, origin: DateOrigin = DateOrigin.UNKNOWN, langs: Sequence[str] = ()
) -> Dated | None:
    """Read a text that is a date and nothing else.

    Knows RFC 822, ISO 8601, numeric and written dates in many languages, offsets and zone names, epoch seconds and
    milliseconds. `langs` (language tags of the source) decide what 6/7/2026 and CST mean. None when in doubt.
    """
    squeezed = plain(gregorian(text[: _LONGEST + 1]))
    if len(squeezed) > _LONGEST or not _FOUR_DIGITS.search(squeezed):
        return None
    at, has_time = _epoch(squeezed) or _instant(squeezed), True
    if at is None:
        reading = _read(squeezed, langs)
        if reading is None or reading.rest:
            return None
        at, has_time = _moment(reading, now), reading.clock is not None
    return Dated(at, origin, has_time, text.strip()) if plausible(at, now) else None


def plausible(at: datetime | None, now: datetime) -> bool:
    """Tell whether a piece of news can have been published then."""
    return at is not None and EARLIEST <= at <= now + FUTURE_LEEWAY


def decide_date(candidates: Iterable[Dated], *, now: datetime) -> Dated:
    """Return the plausible date of the most trusted origin, with the time of day from another one of the same day."""
    usable = sorted((c for c in candidates if plausible(c.at, now)), key=lambda c: _TRUST[c.origin])
    if not usable:
        return Dated()
    best = usable[0]
    if best.has_time:
        return best
    exact = (c for c in usable if c.has_time and c.at and best.at and c.at.date() == best.at.date())
    return next(exact, best)


def url_date(url: str, *, now: datetime) -> Dated:
    """Return the day that an address names as /2026/06/29/ or /2026-06-29-, or an unknown date."""
    found = regex.search(r"(?<=/)(?P<y>(?:19|20)\d\d)(?P<s>[-/])(?P<m>\d\d)(?P=s)(?P<d>\d\d)(?=[/-])", url)
    read = parse_date("-".join(found.group("y", "m", "d")), now=now, origin=DateOrigin.URL) if found else None
    return Dated() if read is None else replace(read, evidence=url)


def _epoch(text: str) -> datetime | None:
    """Read seconds or milliseconds since 1970."""
    found = _EPOCH.fullmatch(text)
    if not found:
        return None
    return datetime.fromtimestamp(int(found["s"] or (found["ms"] or found["net"])[:-3]), tz=UTC)


def _instant(text: str) -> datetime | None:
    """Read a moment in the one form of ISO 8601 that most feeds and archives write, without building the grammar."""
    if not _INSTANT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _moment(reading: _Reading, now: datetime) -> datetime | None:
    """Return the UTC time of a reading, of several possible ones the first not in the future; None beyond all years."""
    local = datetime.combine(reading.day, reading.clock or time(), tzinfo=UTC)
    shifted = (_minus(local, offset) for offset in reading.offsets or (timedelta(),))
    options = [at for at in shifted if at is not None]
    return next((at for at in options if at <= now), options[0] if options else None)


def _minus(at: datetime, offset: timedelta) -> datetime | None:
    """Return a time less an offset, or None when that is before the year 1 or after 9999."""
    try:
        return at - offset
    except OverflowError:
        return None


def _read(text: str, langs: Sequence[str]) -> _Reading | None:
    """Take a time of day and a day out of a text in matching form."""
    clock, offsets, text = _take_clock(_ZONE_NAME.sub("", _BASIC_TIME.sub(r"t\1:\2:\3", text)))
    found = _take_day(text, langs, short_year=clock is not None)
    if found is None:
        return None
    day, rest = found
    if clock is None and (dotted := _DOTTED_TIME.search(rest)):
        clock, rest = _clock(dotted["h"], dotted["mi"]), _cut(rest, dotted)
    spans = [zone_offsets(offset, langs) if isinstance(offset, str) else (offset,) for offset in offsets]
    return _Reading(day, clock, tuple(o for options in spans for o in options), _leftover(rest))


def _cut(text: str, found: regex.Match[str]) -> str:
    """Return a text without a match."""
    return f"{text[: found.start()]} {text[found.end() :]}"


def _leftover(text: str) -> str:
    """Return what is left of a text without weekdays, small words of dates and punctuation."""
    return str(_PUNCTUATION.sub(" ", _fillers().sub(" ", text))).strip()


@cache
def _fillers() -> regex.Pattern[str]:
    """Return the pattern of words that a date may have around it."""
    return regex.compile(any_of([*weekday_words(), *weekday_abbreviations(), *phrases("date_fillers")]))


# ---------------------------------------------------------------- the time of day


def _take_clock(text: str) -> tuple[time | None, list[str | timedelta], str]:
    """Take the time of day and its zone out of a text; a time that cannot be is left in it."""
    found = _clock_pattern().search(text)
    if not found:
        return None, [], text
    half = found["before"] or found["after"] or found["only"]
    clock = _clock(found["h"] or found["h2"] or found["h3"], found["mi"] or found["mi2"], found["s"], half)
    if clock is None:
        return None, [], text
    zone: list[str | timedelta] = []
    if found["offset"]:
        zone = [_offset(found["offset"])]
    elif found["zone"]:
        zone = [found["zone"]]
    return clock, zone, _cut(text, found)


def _clock(hour: str, minute: str | None, second: str | None = None, half: str | None = None) -> time | None:
    """Return a time of day, or None when there is no such time."""
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:  # noqa: PLR2004  hours on a clock face
            half_start = 0
        else:
            halves = meridiem_words()
            half_start = halves[half if half in halves else half.replace(".", "")]
            hours %= 12
        hours += half_start
    try:
        return time(hours, int(minute or 0), min(int(second or 0), 59))
    except ValueError:
        return None


def _offset(text: str) -> timedelta:
    """Return the offset that is written as +4, +04, +0400 or +04:00."""
    found = regex.fullmatch(r"[+-](\d\d?):?(\d\d)?", text)
    size = timedelta(hours=int(found[1]), minutes=int(found[2] or 0)) if found else timedelta()
    return -size if text[0] == "-" else size


@cache
def _clock_pattern() -> regex.Pattern[str]:
    """Return the pattern of a time of day with its half of the day and its zone."""
    half = "|".join(regex.escape(word) for word in sorted(meridiem_words(), key=len, reverse=True))
    zone = "|".join(sorted(map(regex.escape, zone_words()), key=len, reverse=True))
    clock = (
        r"(?:(?<=\d)t|(?<![\d:.]))(?P<h>\d\d?)\s?[:h]\s?(?P<mi>\d\d)(?::(?P<s>\d\d)(?:[.,]\d{1,9})?)?(?![\d:])"
        r"|(?<!\d)(?P<h2>\d\d?)\s?[时時点點]\s?(?P<mi2>\d\d)\s?分?"
    )
    offset = r"(?:(?:utc|gmt|ut)\s?)?(?P<offset>[+-](?:0?\d|1[0-4])(?::?[0-5]\d)?)(?![\d./:])"
    return regex.compile(
        rf"(?:(?:(?P<before>{half})\s?)?(?:{clock})(?:\s?(?P<after>{half})(?!\p{{L}}))?"
        rf"|(?<![\d:.])(?P<h3>\d\d?)\s?(?P<only>[ap]\.?m\.?)(?!\p{{L}}))(?:\s(?:uhr|hrs))?"
        rf"(?:[\s,]*\(?\s?(?:{offset}|(?P<zone>{zone})(?![\p{{L}}/+-]))\s?\)?)?(?:\s?\([a-z ]{{2,5}}\))?"
    )


# ---------------------------------------------------------------- the day


def _take_day(text: str, langs: Sequence[str], *, short_year: bool) -> tuple[date, str] | None:
    """Take the day out of a text, or return None when there is none or it can be read in two ways."""
    patterns = (_CJK, _ISO, *_written_patterns(), _NUMERIC, _COMPACT)
    found = next((match for pattern in patterns if (match := pattern.search(text))), None)
    if found is None and short_year:
        found = _short_year_pattern().search(text)
    if found is None:
        return None
    parts = found.groupdict()
    rest = _cut(text, found)
    day = _numeric_day(parts, rest, langs) if "a" in parts else _named_day(parts)
    return None if day is None else (day, rest)


def _named_day(parts: dict[str, str]) -> date | None:
    """Return the day whose parts are told apart by their form."""
    month = month_words()[parts["mon"]] if "mon" in parts else int(parts["m"])
    year = int(parts["y"])
    if len(parts["y"]) == len("yy"):
        year += 2000 if year < _CENTURY_TURN else 1900
    return _day(year, month, int(parts["d"]))


def _numeric_day(parts: dict[str, str], rest: str, langs: Sequence[str]) -> date | None:
    """Return the day of 6/7/2026 where size, separator, language or weekday say which number is the month."""
    first, second, year = int(parts["a"]), int(parts["b"]), int(parts["y"])
    if (day_first := day_comes_first(parts["sep"], langs)) is not None and max(first, second) <= 12:  # noqa: PLR2004  months
        return _day(year, second, first) if day_first else _day(year, first, second)
    readings = {day for day in (_day(year, second, first), _day(year, first, second)) if day}
    if len(readings) > 1:
        named = {weekday_words()[word] for word in regex.findall(any_of(weekday_words()), rest)}
        readings = {day for day in readings if day.weekday() in named}
    return readings.pop() if len(readings) == 1 else None


def _day(year: int, month: int, day: int) -> date | None:
    """Return a day, or None when the calendar has no such day or it is before all news."""
    try:
        return date(year, month, day) if year >= EARLIEST.year else None
    except ValueError:
        return None


@cache
def _written_patterns() -> tuple[regex.Pattern[str], ...]:
    """Return the patterns of days with the month as a word: day month year, month day year, year month day."""
    month = f"(?P<mon>{any_of(month_words())})"
    link = r"(?:\s?(?:de|del|of|d'|nam|год|г)(?!\p{L}))?"
    return (
        regex.compile(rf"(?<!\d)(?P<d>\d\d?){_ORDINAL}{link}[\s.,/-]*{month}\.?{link}[\s,./-]*(?P<y>\d{{4}})(?!\d)"),
        regex.compile(rf"{month}\.?\s*(?P<d>\d\d?){_ORDINAL}[\s,.]*{link}\s*(?P<y>\d{{4}})(?!\d)"),
        regex.compile(rf"(?<!\d)(?P<y>\d{{4}})[\s.,-]*{month}\.?[\s,-]*(?P<d>\d\d?)(?!\d)"),
    )


@cache
def _short_year_pattern() -> regex.Pattern[str]:
    """Return the pattern of RFC 822 days with a two-digit year, trusted only beside a time of day."""
    return regex.compile(rf"(?<!\d)(?P<d>\d\d?)[\s-](?P<mon>{any_of(month_words())})[\s-](?P<y>\d\d)(?!\d)")
