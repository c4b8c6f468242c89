"""Finds the date of publication among the visible lines of a page; pure.

Only a line that is a date counts, with at most a label, a byline and counters beside it; never a date in a sentence.
A day above the title is the day of the visit (many sites print it in their header), and other stories bring their own
dates, so place decides: under the title, or at the end of the text. Where places contradict each other: unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache

import regex

from monitor.ingest.dates import parse_date
from monitor.ingest.phrases import after_phrase, any_of, compact, phrases, place, plain, starts_with
from monitor.model import Dated, DateOrigin
from monitor.text import squeeze, word_count

_LONGEST = 160
#: how many lines under the title may stand before the date: a standfirst, a byline, a picture's caption
_NEAR = 3
#: a text with the same letters is at most so many times as long: signs between them, ligatures
_SAME_LENGTH = 4
_PROSE_WORDS = 8
_BYLINE_WORDS = 4
_CREDIT_WORDS = 12
_SPLIT = regex.compile(r"\s*[|•·]\s*|\s+[-–—/]\s+|\t+")
_ENDING = regex.compile(r"[.!?。！？…؟][\"'»”’)\]]*$")
_NAME = regex.compile(
    r"(?:\p{Lu}[\p{L}\p{M}.'’-]*|\p{Lo}[\p{L}\p{M}]*|de|del|da|van|von|der|al|bin|et|and|y|und|i|и|və)"
)
_DIGIT = regex.compile(r"\p{Nd}")
#: a full stop with the quotation marks and brackets behind it
_ENDING_CHARS = 12
_COUNTER = regex.compile(r"[\d\s.,:kK+]*")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with the date it is, if it is one."""

    number: int
    dated: Dated
    near: bool


def visible_dates(
    lines: Sequence[str], title: str, *, now: datetime, fetched_at: datetime, langs: Sequence[str] = ()
) -> Dated:
    """Return the date of publication that the lines of a page show, or an unknown one when in doubt."""
    titles = [number for number, line in enumerate(lines) if same_text(line, title)]
    found = [
        _Line(number, dated, near=_is_near(lines, titles, number))
        for number, line in enumerate(lines)
        if (not titles or number > titles[0]) and (dated := line_date(line, now=now, langs=langs))
    ]
    today = fetched_at.date()
    of_visit = [line for line in found if _day(line) == today and not (line.near and line.dated.has_time)]
    if len(of_visit) < len(found):
        found = [line for line in found if line not in of_visit]
    near = [line for line in found if line.near]
    return _agreed(near) if near else _agreed([line for line in found if _closes_text(lines, line.number)])


def line_date(line: str, *, now: datetime, langs: Sequence[str] = ()) -> Dated | None:
    """Return the date of publication that a line is, or None when it is anything else."""
    if len(line) > _LONGEST or not _DIGIT.search(line):
        return None
    return _line_date(line, now, tuple(langs))


@lru_cache(maxsize=1024)
def _line_date(line: str, now: datetime, langs: tuple[str, ...]) -> Dated | None:
    """Return the date of publication that a short line with digits is; the stages of one page ask again."""
    parts = [part for part in _SPLIT.split(squeeze(line)) if part]
    whole = _part_date(line, now=now, langs=langs)
    if whole or len(parts) < 2:  # noqa: PLR2004  nothing to split
        return whole
    dates = []
    for part in parts:
        if dated := _part_date(part, now=now, langs=langs):
            dates.append(dated)
        elif not (_is_update(part) or _is_counter(part) or _is_name(part)):
            return None
    return replace(dates[0], evidence=line) if len({dated.at for dated in dates}) == 1 else None


def filed_at(line: str, *, now: datetime, langs: Sequence[str] = ()) -> datetime | None:
    """Return the date of a line that names it and the section of the site, such as "2 May 2026 in Cargo", else None.

    It may as well be the day and place of an event, so it is no date of publication by itself.
    """
    if len(line) > _LONGEST or is_prose(line) or not _DIGIT.search(line):
        return None
    for found in _filed_pattern().finditer(plain(line)):
        when, where = line[: place(line, found.start())], line[place(line, found.end() - 1) :]
        if _is_name(where.strip(" :")) and (dated := _part_date(when.strip(" ,|-"), now=now, langs=langs)):
            return dated.at
    return None


@cache
def _filed_pattern() -> regex.Pattern[str]:
    """Return the pattern of a word between a date and a section."""
    return regex.compile(rf"[\s|,-]{any_of(phrases('filed_words'))}[\s:]")


@lru_cache(maxsize=4096)
def is_prose(line: str) -> bool:
    """Tell whether a line is a sentence of a running text, not a heading, label or date."""
    return bool(_ENDING.search(line[-_ENDING_CHARS:])) and word_count(line) >= _PROSE_WORDS


def is_byline(line: str) -> bool:
    """Tell whether a line names its author after a word such as By."""
    return author_of(line) is not None


def author_of(line: str) -> str | None:
    """Return the author that a line names after a word such as By, or None when it is no byline."""
    return _author_of(line) if len(line) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _author_of(line: str) -> str | None:
    """Return the author that a short line names."""
    rest = after_phrase(squeeze(line), "by_words")
    names = [name for name in regex.split(r"\s*[/,;]\s*", rest or "") if name]
    return ", ".join(names) if names and all(_is_name(name) for name in names) else None


def same_text(line: str, title: str) -> bool:
    """Tell whether two texts have the same letters and digits."""
    return bool(compact(title)) and len(line) <= _SAME_LENGTH * len(title) and compact(line) == compact(title)


def _day(line: _Line) -> object:
    """Return the day of a line's date."""
    return line.dated.at.date() if line.dated.at else None


def _is_near(lines: Sequence[str], titles: Iterable[int], number: int) -> bool:
    """Tell whether a line stands right under a title, with no running text between."""
    return any(
        0 < number - title <= _NEAR and not any(is_prose(line) for line in lines[title + 1 : number])
        for title in titles
    )


def _closes_text(lines: Sequence[str], number: int) -> bool:
    """Tell whether a line follows the end of a text, or the office or author that signed it."""
    before = next((line for line in reversed(lines[:number]) if line.strip()), "")
    return is_prose(before) or is_byline(before) or is_credit(before)


def is_credit(line: str) -> bool:
    """Tell whether a line says which office or agency issued a text."""
    if len(line) > _LONGEST or word_count(line) > _CREDIT_WORDS or _ENDING.search(line):
        return False
    return _any_pattern("credit_words").search(plain(line)) is not None


def _agreed(found: Sequence[_Line]) -> Dated:
    """Return the date on which the lines agree; those with a time of day speak before those without."""
    timed = [line for line in found if line.dated.has_time] or list(found)
    if len({_day(line) for line in timed}) != 1:
        return Dated()
    return timed[0].dated


def _part_date(part: str, *, now: datetime, langs: Sequence[str]) -> Dated | None:
    """Return the date that a part of a line is, without its label, byline, counter and note of a change."""
    if _is_update(part):
        return None
    for text in _readings(squeeze(part)):
        if dated := parse_date(text, now=now, origin=DateOrigin.VISIBLE, langs=langs):
            return replace(dated, evidence=part)
    return None


def _readings(part: str) -> Iterator[str]:
    """Yield what may be the date in a part of a line, the part itself first."""
    yield part
    if (labelled := after_phrase(part, "date_labels")) is not None:
        part = labelled
        yield part
    if more := _appendix_pattern().search(plain(part)):
        part = part[: place(part, more.start())]
        yield part
    who, comma, when = part.partition(", ")
    if comma and _is_name(who):
        yield when
    cut = _middle_pattern().search(plain(part))
    if cut and is_byline(part[(at := place(part, cut.start())) :]):
        yield part[:at]
    if (rest := after_phrase(part, "by_words")) is not None:
        yield from _after_names(rest)


@cache
def _any_pattern(kind: str) -> regex.Pattern[str]:
    """Return the pattern of any phrase of a kind, anywhere."""
    return regex.compile(any_of(phrases(kind)))


@cache
def _middle_pattern() -> regex.Pattern[str]:
    """Return the pattern of a word such as By in the middle of a line."""
    return regex.compile(rf"\s{any_of(phrases('by_words'))}\s")


@cache
def _appendix_pattern() -> regex.Pattern[str]:
    """Return the pattern of what may follow a date on its line: a note of a change, or the source of the text."""
    return regex.compile(rf"[\s,;(]+(?:{any_of(phrases('update_labels'))}|{any_of(phrases('source_labels'))}\s?:)")


def _after_names(text: str) -> Iterator[str]:
    """Yield what follows one to four names at the start of a text."""
    words = text.split()
    for count in range(1, min(_BYLINE_WORDS, len(words) - 1) + 1):
        if all(_NAME.fullmatch(word.strip(",:")) for word in words[:count]):
            yield " ".join(words[count:])


def _is_update(part: str) -> bool:
    """Tell whether a part of a line says when the text was changed."""
    return starts_with("update_labels").match(plain(part)) is not None


def _is_counter(part: str) -> bool:
    """Tell whether a part of a line counts views, minutes or comments."""
    rest = _any_pattern("stats").sub("", plain(part))
    return bool(_COUNTER.fullmatch(rest))


def _is_name(part: str) -> bool:
    """Tell whether a part of a line is a short run of capitalised words, as names of people and places are."""
    words = squeeze(part).split()
    return 0 < len(words) <= _BYLINE_WORDS and all(_NAME.fullmatch(word) for word in words)
