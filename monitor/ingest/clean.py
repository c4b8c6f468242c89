"""Frees titles and texts from what a page puts around an article, line by line, in many languages; pure.

Removes what repeats the title, other stories, calls to follow or comment, galleries, buttons, dates and bylines.
It knows phrases and shapes; blocks that an outlet repeats on all its pages are found by `boilerplate`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache, lru_cache
from itertools import takewhile
from typing import NamedTuple

import regex

from monitor.ingest.datelines import author_of, is_prose, line_date, same_text
from monitor.ingest.phrases import after_phrase, any_of, compact, phrases, plain, starts_with
from monitor.text import squeeze, word_count

#: words of article that must stand before a heading such as Related News for it to end the article
_FEWEST_BEFORE = 15
#: lines in which the title is looked for, with the page's header above it
_HEADER_LINES = 12
#: characters of a line that can be anything but running text
_LONGEST = 500
_TITLE_WORDS = (3, 40)
_HEADING_CHARS = 250
#: letters of a title that are enough to know it by at the start of a caption
_ALT_TITLE = 20
#: letters of a text that is a title of its own when it stands twice
_HALF_TITLE = 9
_REPEATED_WORDS = 4
_SITE_WORDS = 8
_SHORT = 25
_BUTTON_WORDS = 6
_TAIL = 4
_END = regex.compile(r"[.!?。！？…؟:;,][\"'»”’)\]]*$")
_MARK_SIGNS = regex.compile(r"[\[\](（【\-–—|/:]")
_CUT_CHARS = 12
_CUT_SHORT = regex.compile(r"[\s\[(](?:\.\.\.|…)\s*[\])]?$")
_RIGHTS = regex.compile(r"(?:©|\(c\)\s|copyright\b).{0,200}$|.{0,100}all rights reserved.{0,60}$", regex.IGNORECASE)
_CAPITALS = regex.compile(r"READ(?: MORE| ALSO| NEXT)?\b\s*:?\s*")
_SEPARATED = regex.compile(r"^(?P<head>.+\S)\s+[-–—|»·:]{1,2}\s+(?P<tail>\S.*)$|^(?P<h2>.+\S)\s*[|_]\s*(?P<t2>\S.*)$")


class Cleaned(NamedTuple):
    """The lines that belong to the article, those that do not, and the author they named."""

    kept: list[str]
    removed: list[str]
    author: str | None


# ---------------------------------------------------------------- titles


def names(line: str, title: str) -> bool:
    """Tell whether a line is a title, as it should be read, with marks and said twice or not."""
    return compact(title) in compact(line) and same_text(clean_title(line), title)


def clean_title(title: str, *, site: str | None = None, host: str = "") -> str:
    """Return a title once, without marks such as [PHOTO] and without the name of its outlet."""
    return _clean_title(title, site, host) if len(title) <= _LONGEST else squeeze(title)


@lru_cache(maxsize=4096)
def _clean_title(title: str, site: str | None, host: str) -> str:
    """Return a short title as it should be read."""
    text = squeeze(title)
    while True:
        shorter = _once(_without_site(_without_mark(text), site, host))
        if shorter == text:
            return text
        text = shorter


def _without_mark(title: str) -> str:
    """Return a title without a mark in brackets, or in capitals behind a stroke, at one of its ends."""
    marks = _mark_patterns() if _MARK_SIGNS.search(title) else ()
    shorter = next((title[: m.start()] + title[m.end() :] for p in marks if (m := p.search(title))), title)
    return squeeze(shorter) or title


@cache
def _mark_patterns() -> tuple[regex.Pattern[str], ...]:
    """Return the patterns of marks, for titles as they are written."""
    mark = "|".join(sorted(map(regex.escape, phrases("title_marks")), key=len, reverse=True))
    some = rf"(?:{mark})(?:\s*[/,+&\s-]\s*(?:{mark}|\d+))*"
    return (
        regex.compile(rf"\s*[\[(（【]\s*{some}\s*[\])）】]\s*$", regex.IGNORECASE),
        regex.compile(rf"^\s*[\[(（【]\s*{some}\s*[\])）】]\s*", regex.IGNORECASE),
        regex.compile(rf"\s+[-–—|/:]\s*{some.upper()}\s*/?\s*$"),
        regex.compile(rf"\s+[-–—|/]\s+{some}\s*/?\s*$", regex.IGNORECASE),
    )


def _without_site(title: str, site: str | None, host: str) -> str:
    """Return a title without the name of the site behind or before a stroke."""
    for found in (
        _SEPARATED.search(title),
        regex.search(r"^(?P<tail>[^|–—-]{2,60}?)\s+[-–—|]\s+(?P<head>\S.*)$", title),
    ):
        if not found:
            continue
        parts = found.groupdict()
        head, tail = parts["head"] or parts["h2"], parts["tail"] or parts["t2"]
        if is_site_name(tail, site, host) and word_count(head) > 1:
            return str(head)
    return title


def is_site_name(text: str, site: str | None, host: str) -> bool:
    """Tell whether a text is the name of the site, as it says itself or as its host is called."""
    name = compact(text)
    if not name or word_count(text) > _SITE_WORDS:
        return False
    bare = host.lower().removeprefix("www.")
    names = {compact(site or ""), compact(bare), *(compact(label) for label in bare.split(".")[:-1])}
    return name in names or name.removeprefix("the") in names


def _once(title: str) -> str:
    """Return the half of a title that consists of the same text twice."""
    words = title.split()
    if compact(words[-1] if words else "") not in compact(" ".join(words[: (len(words) + 1) // 2])):
        return title
    for middle in (len(words) // 2, (len(words) + 1) // 2):
        first, second = " ".join(words[:middle]), " ".join(words[len(words) - len(words) // 2 :])
        if len(compact(first)) >= _HALF_TITLE and same_text(first.rstrip(" -–—|:/"), second):
            return first.rstrip(" -–—|:/")
    return title


def guess_title(lines: Sequence[str], *, now: datetime) -> str | None:
    """Return the first line that looks like a title, for a page that does not say which it is."""
    return next((line for line in lines[:_HEADER_LINES] if is_title(line, now=now)), None)


def repeated_title(lines: Sequence[str], *, now: datetime) -> str | None:
    """Return the title-like line that stands at least twice at the top of a page, as titles do and slogans do not."""
    top = [line for line in lines[:_HEADER_LINES] if word_count(line) >= _REPEATED_WORDS and is_title(line, now=now)]
    return next((line for line in top if sum(same_text(line, other) for other in top) > 1), None)


def is_title(line: str, *, now: datetime) -> bool:
    """Tell whether a line may be a title: a few words, no full stop, no date, no button."""
    fewest, most = _TITLE_WORDS
    return (
        len(line) <= _LONGEST
        and fewest <= word_count(line) <= most
        and not _END.search(line.rstrip("!?\"'»”’"))
        and line_date(line, now=now) is None
        and author_of(line) is None
        and not is_furniture(line)
    )


# ---------------------------------------------------------------- texts


def clean_lines(lines: Sequence[str], title: str, *, now: datetime) -> Cleaned:
    """Part the lines of an article from the rest; when nothing would be left, all are kept."""
    inside = _inside(lines, title)
    shown = [lines[number] for number in inside]
    gone = _unwanted(shown, title, now)
    kept = [line for number, line in enumerate(shown) if number not in gone]
    if not kept:
        return Cleaned(list(lines), [], None)
    keep = {inside[number] for number in range(len(shown)) if number not in gone}
    removed = [line for number, line in enumerate(lines) if number not in keep]
    return Cleaned(kept, removed, next((name for line in shown if (name := author_of(line))), None))


def cut_tail(lines: Sequence[str]) -> int:
    """Return the number of the line at which other stories or comments begin, or the number of lines."""
    words = 0
    for number, line in enumerate(lines):
        if is_heading(line) and words >= _FEWEST_BEFORE:
            return number
        words += word_count(line) if is_prose(line) else 0
    return len(lines)


def is_heading(line: str) -> bool:
    """Tell whether a line is a heading over other stories or over comments."""
    return len(line) <= _HEADING_CHARS and _is_heading(line)


@lru_cache(maxsize=4096)
def _is_heading(line: str) -> bool:
    """Tell whether a short line is a heading over other stories or over comments."""
    if word_count(line) > _SHORT:
        return False
    text = plain(line).strip(" :.*#>»-|")
    if _whole_pattern().fullmatch(text):
        return True
    found = starts_with("comment_headings").match(text)
    # a long phrase may have something behind it ("* marks required fields"), but not the rest of its sentence
    return bool(found) and found["phrase"].count(" ") > 1 and word_count(text[found.end() :].partition(".")[0]) <= _TAIL


@cache
def _whole_pattern() -> regex.Pattern[str]:
    """Return the pattern of a whole line that is a heading, with a number behind it or not."""
    headings = any_of([*phrases("related_headings"), *phrases("comment_headings")])
    return regex.compile(rf"{headings}(?:\s*\(?\d*\)?)|more (?:from|on|in) .{{1,40}}|\(?\d+\)?\s+comments?")


def is_furniture(line: str) -> bool:
    """Tell whether a line is a button, a call to follow, or a heading of something else."""
    return len(line) <= _LONGEST and _is_furniture(line)


@lru_cache(maxsize=4096)
def _is_furniture(line: str) -> bool:
    """Tell whether a short line is furniture."""
    return is_heading(line) or _is_call(line) or _is_widget(line)


def _is_call(line: str) -> bool:
    """Tell whether a short line asks to follow, share or subscribe; behind a single word only a few may follow."""
    found = starts_with("follow_us").match(plain(line)) if word_count(line) <= _SHORT else None
    return found is not None and (" " in found["phrase"] or word_count(line) <= _BUTTON_WORDS)


def _is_widget(line: str) -> bool:
    """Tell whether a line consists of the words of buttons, tabs and counters only."""
    return word_count(line) <= _BUTTON_WORDS and _widget_pattern().fullmatch(plain(line)) is not None


@cache
def _widget_pattern() -> regex.Pattern[str]:
    """Return the pattern of lines made of widget words, numbers and signs."""
    return regex.compile(rf"\W*(?:{any_of(phrases('widgets'))}[\W\d]*)+")


def _inside(lines: Sequence[str], title: str) -> list[int]:
    """Return the numbers of the lines from the title to where other stories begin."""
    end = cut_tail(lines)
    titles = [number for number in range(min(end, _HEADER_LINES)) if same_text(lines[number], title)]
    first = _doubled(lines, titles) or next(iter(titles), 0)
    above = sum(word_count(line) for line in lines[:first])
    start = first if above < sum(word_count(line) for line in lines[first:end]) else 0
    skipped: set[int] = set()
    for number in range(start, end):
        if is_heading(lines[number]):
            skipped.update(_box(lines, number, end))
    return [number for number in range(start, end) if number not in skipped]


def _doubled(lines: Sequence[str], titles: Sequence[int]) -> int | None:
    """Return the number of the line where a title stands twice in a row, under next to nothing such as a slogan."""
    found = next((number for number in titles if number + 1 in titles), None)
    above = lines[:found] if found else []
    return found if sum(word_count(line) for n, line in enumerate(above) if n not in titles) <= _SHORT else None


def _box(lines: Sequence[str], heading: int, end: int) -> Iterator[int]:
    """Yield a heading and the titles under it, up to the next running text."""
    yield heading
    yield from takewhile(lambda number: not is_prose(lines[number]), range(heading + 1, end))


def _unwanted(lines: Sequence[str], title: str, now: datetime) -> set[int]:
    """Return the numbers of the lines that do not belong to the article."""
    prose = [number for number, line in enumerate(lines) if is_prose(line)]
    first, last = (prose[0], prose[-1]) if prose else (len(lines), -1)
    gone: set[int] = set()
    for number, line in enumerate(lines):
        at_edge = number < first or number > last
        if (rest := _other_story(line)) is not None:
            gone.add(number)
            if not rest and number + 1 < len(lines) and not is_prose(lines[number + 1]):
                gone.add(number + 1)
        elif _is_title_line(line, title) or is_furniture(line) or (at_edge and _is_imprint(line, now)):
            gone.add(number)
        elif _CUT_SHORT.search(line[-_CUT_CHARS:]):
            gone.update(_teaser(lines, number))
    return gone


def _is_title_line(line: str, title: str) -> bool:
    """Tell whether a line repeats the title, alone or before a caption or the title of another story."""
    name, text = compact(clean_title(title)), compact(line) if len(line) <= _LONGEST else ""
    if not name or not text.startswith(name):
        return False
    return name in (text, compact(clean_title(line))) or (len(name) >= _ALT_TITLE and not _END.search(line))


def _is_imprint(line: str, now: datetime) -> bool:
    """Tell whether a line is a date, a note of a change or of rights, or a byline."""
    if len(line) > _LONGEST or word_count(line) > _SHORT:
        return False
    if line_date(line, now=now) is not None or author_of(line) is not None or _RIGHTS.match(line):
        return True
    rest = after_phrase(line, "update_labels")
    return rest is not None and any(char.isdecimal() for char in rest)


def _other_story(line: str) -> str | None:
    """Return what follows a phrase such as READ ALSO at the start of a line, or None when there is no such phrase."""
    if len(line) > _LONGEST or word_count(line) > 2 * _SHORT:
        return None
    if capitals := _CAPITALS.match(line):
        return line[capitals.end() :]
    rest = after_phrase(line, "read_also")
    if rest is None or (is_prose(line) and ":" not in line[: len(line) - len(rest)]):
        return None
    return rest


def is_read_also(line: str) -> bool:
    """Tell whether a line is a phrase such as READ ALSO and nothing else."""
    return len(line) <= _HEADING_CHARS and _other_story(line) == ""


def _teaser(lines: Sequence[str], number: int) -> Iterator[int]:
    """Yield a text that is cut short with dots, and its title above it."""
    yield number
    if number and not is_prose(lines[number - 1]) and not _END.search(lines[number - 1]):
        yield number - 1
