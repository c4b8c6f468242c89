"""Series: what the editions of one recurring event have in common, and their order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from monitor.stories.mark_base import Mark, Segment
from monitor.stories.mark_lookup import fold_word, senses

_SITE = re.compile(r"\s(?:\||[-\u00b7])\s[^|]{1,40}$")
_WORD = re.compile(r"[^\W\d_]+")
#: begins where a run of digits and points does: tried at every place within, a run would take the square of its length
_FIGURE = re.compile(r"(?<![\d.,])[\d.,]*\d%?|%")
_HAN_CHANGE = re.compile(r"增长|下降|上涨|下跌|回落|同比|环比|年|月|日")
#: a name of fewer letters would link what has nothing to do with each other
_SHORTEST_SUBJECT = 8
_SHORTEST_HAN = 3
_PASSED_OVER = ("month", "months", "part", "year", "first", "fiscal", "change", "function", "to", "number")
_PADDING = 8
_KINDS = ("session", "operation", "act", "period")
_UNITS = {
    "days": "half-monthly",
    "month": "monthly",
    "months": "cumulative",
    "quarter": "quarterly",
    "half": "half-yearly",
}


def with_subject(mark: Mark, segment: Segment) -> Mark:
    """Return an act or period of a title together with what the title says beside it, the subject of its series."""
    if mark.kind not in {"act", "period"} or segment.where != "title" or mark.subject:
        return mark
    rest = _HAN_CHANGE.sub("", _FIGURE.sub("", _SITE.sub("", segment.raw).replace(mark.quote, " ")))
    kept = [word for word in _WORD.findall(rest) if not any(c in senses(fold_word(word)) for c in _PASSED_OVER)]
    return replace(mark, subject=" ".join(kept))


def series_mark(marks: Iterable[Mark]) -> Mark | None:
    """Return the mark that places a piece in a series, None when no mark names its series well enough."""
    named = [mark for mark in marks if mark.kind in _KINDS and _says_enough(mark)]
    return min(named, key=lambda mark: (_KINDS.index(mark.kind), mark.where == "lead"), default=None)


def _says_enough(mark: Mark) -> bool:
    """Tell whether the subject of a mark names a series; a name in Chinese says as much in fewer letters."""
    if mark.kind == "operation":
        return True
    return len(mark.subject) >= (_SHORTEST_SUBJECT if mark.subject < "\u2e80" else _SHORTEST_HAN)


def series_key(marks: Iterable[Mark]) -> str | None:
    """Return what all editions of the series of a piece have in common, whatever the outlet; None without a series.

    Only the kind of gathering and the folded name of its body, the name of the operation, or the kind of act or period
    and the words of the title beside it go into the key, never the number or date.
    """
    mark = series_mark(marks)
    if mark is None:
        return None
    head = mark.head if mark.kind == "act" else mark.head.partition(":")[0]
    unit = f":{mark.head.partition(':')[2]}" if mark.kind == "period" else ""
    base = "operation" if mark.kind == "operation" else head + unit
    return f"{base}|{' '.join(fold_word(word) for word in mark.subject.split())}"


def series_name(marks: Iterable[Mark]) -> str | None:
    """Return the series of a piece as a reader would call it: "policy commission session", "Operation Silver Net"."""
    mark = series_mark(marks)
    if mark is None:
        return None
    if mark.kind == "operation":
        return f"Operation {mark.subject}"
    base, _, detail = mark.head.partition(":")
    tail = base if mark.kind != "period" else _UNITS.get(detail, detail)
    return f"{mark.subject} ({tail})"


def series_label(marks: Iterable[Mark]) -> str | None:
    """Return the edition of a piece within its series as people write it: "88th", "January 2026"."""
    mark = series_mark(marks)
    return mark.label if mark else None


def series_order(marks: Iterable[Mark]) -> str | None:
    """Return a text that sorts the editions of one series: numbers padded with zeros, periods in ISO form."""
    mark = series_mark(marks)
    if mark is None:
        return None
    value = min(mark.values)
    number, _, year = value.partition("-")
    if mark.kind == "period" or not number.isdecimal():
        return value
    return f"{year}-{number.zfill(_PADDING)}" if year else min(v.zfill(_PADDING) for v in mark.values)
