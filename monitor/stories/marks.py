"""Edition marks: which session, operation, act or period a piece is about, so that editions never share a story.

Editions of a recurring event share 50 to 90% of their wording, more than two reports of one event do. Marks are read
from the title and the first sentences only: a mention deeper down ("the next session will follow") is no mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from monitor.stories.mark_base import Mark, Segment, read_segments
from monitor.stories.mark_calendar import dates_clash
from monitor.stories.mark_han import han_marks, han_periods, speaks_of_periods_in_han
from monitor.stories.mark_identifiers import NUMBER_OF, identifier_marks
from monitor.stories.mark_named import act_marks, operation_marks
from monitor.stories.mark_periods import period_marks, speaks_of_periods
from monitor.stories.mark_places import other_gathering, place_marks
from monitor.stories.mark_series import series_key, series_label, series_name, series_order, with_subject
from monitor.stories.mark_sessions import session_marks
from monitor.stories.mark_sisters import template_conflict

__all__ = [
    "Mark", "conflict", "read_marks", "series_key", "series_label", "series_name", "series_order",
    "template_conflict",
]  # fmt: skip

#: "third meeting", "second round" are also counted by the way; from ten on a number is that of an edition
_FORMAL = 10
#: kinds that number an event: two pieces that agree on such a number are not told apart by a period or place
_NUMBERED = frozenset(["session", "operation", "act"])


def read_marks(title: str, text: str, *, lang: str | None, published_at: datetime | None) -> tuple[Mark, ...]:
    """Return the edition marks of a piece, those of the title first.

    A mark of the title outranks marks of the same head in the lead, and an earlier sentence a later one. Periods that
    leave out their year are resolved with `published_at`; without it their year stays open. Never raises.
    """
    segments = read_segments(title, text, lang)
    kept: list[Mark] = []
    for segment in segments:
        new = _joined(with_subject(mark, segment) for mark in _numbered_marks(segment))
        kept = [_completed(mark, new) for mark in kept]
        kept += [mark for mark in new if not any(_outranks(known, mark) for known in kept)]
    kept += _reported_periods(segments, published_at)
    return tuple(kept if any(mark.kind == "session" for mark in kept) else [*kept, *_places(segments, published_at)])


def conflict(a: Sequence[Mark], b: Sequence[Mark]) -> str | None:
    """Return why two pieces are about different editions ("88th session / 82nd session"), None when they may be one.

    Marks are compared when they count the same thing; a body or issuer that only one side names is no difference.
    One number in common (the 141st in 141st/142nd) is agreement. Low session numbers divide only when both stand in a
    title or with their body: a report on the third round of talks may open with the second.
    """
    if not a or not b:
        return None
    agreed: set[str] = set()
    reasons: dict[str, str] = {}
    for one in a:
        for other in b:
            if _comparable(one, other):
                if _agree(one, other):
                    agreed.add(one.kind)
                elif _is_formal(one, other):
                    reasons.setdefault(one.kind, f"{_phrase(one)} / {_phrase(other)}")
    if agreed & _NUMBERED:
        return None
    return next((reason for kind, reason in reasons.items() if kind not in agreed), None) or _other_gathering(a, b)


def _other_gathering(a: Sequence[Mark], b: Sequence[Mark]) -> str | None:
    """Return why two pieces whose titles each number a gathering are about different ones, None when they may be one.

    "88th session of the Policy Commission" and "141st session of the Council" count different things, but what a title
    numbers is what the piece is about: the same people in the same building within a week are two events.
    """
    mine, theirs = ([m for m in marks if m.kind == "session" and m.where == "title"] for marks in (a, b))
    pairs = [(one, other) for one in mine for other in theirs]
    if not pairs or any(_comparable(one, other) or one.values & other.values for one, other in pairs):
        return None
    return f"{_phrase(mine[0])} / {_phrase(theirs[0])}"


def _numbered_marks(segment: Segment) -> Iterator[Mark]:
    """Yield the sessions, operations and acts of a title or sentence."""
    yield from session_marks(segment)
    yield from operation_marks(segment)
    acts = list(act_marks(segment))
    yield from acts or identifier_marks(segment)
    if not segment.raw.isascii():
        yield from han_marks(segment)


def _reported_periods(segments: Sequence[Segment], published_at: datetime | None) -> list[Mark]:
    """Return the periods of the first segment that has any, when it or a later one on the same period is a report.

    "X adds 194,000 jobs in September" over a lead that says what the figures are: the title names the period. A lead
    whose first period is a mere date says nothing, whatever follows it.
    """
    found = ((segment, list(_periods(segment, published_at))) for segment in segments)
    read = [(segment, marks) for segment, marks in found if marks]
    if not read:
        return []
    first, periods = read[0]
    reports = (marks for segment, marks in read if _is_report(segment))
    if not any(_share_a_period(periods, marks) for marks in reports):
        return []
    return _joined(with_subject(mark, first) for mark in periods)


def _periods(segment: Segment, published_at: datetime | None) -> Iterator[Mark]:
    """Yield the periods of a title or sentence, in whatever script."""
    yield from period_marks(segment, published_at)
    if not segment.raw.isascii():
        yield from han_periods(segment, published_at)


def _is_report(segment: Segment) -> bool:
    """Tell whether a title or sentence speaks of what is reported by periods."""
    return speaks_of_periods(segment) or speaks_of_periods_in_han(segment)


def _share_a_period(one: Iterable[Mark], other: Iterable[Mark]) -> bool:
    """Tell whether two lists of periods have one in common."""
    return bool({value for mark in one for value in mark.values} & {value for mark in other for value in mark.values})


def _places(segments: Iterable[Segment], published_at: datetime | None) -> list[Mark]:
    """Return the first place and dates of a gathering, title first."""
    return list(islice((mark for segment in segments for mark in place_marks(segment, published_at)), 1))


def _joined(marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks of one segment, those of one head as one: a report on two months agrees with either."""
    found: dict[tuple[str, str], Mark] = {}
    for mark in marks:
        known = found.setdefault((mark.kind, mark.head), mark)
        if not mark.values <= known.values:
            found[mark.kind, mark.head] = replace(
                known, values=known.values | mark.values, label=f"{known.label}, {mark.label}"
            )
    return list(found.values())


def _completed(mark: Mark, later: Iterable[Mark]) -> Mark:
    """Return a session whose body stands only in a later sentence together with that body."""
    if mark.kind != "session" or mark.subject:
        return mark
    same = (m for m in later if m.subject and _comparable(mark, m) and m.values & mark.values)
    return next((replace(mark, head=m.head, subject=m.subject) for m in same), mark)


def _outranks(known: Mark, mark: Mark) -> bool:
    """Tell whether a mark that was read earlier settles what a later one could say."""
    if known.kind == mark.kind == "session":
        return known.head.partition(":")[0] == mark.head.partition(":")[0]
    return _comparable(known, mark)


def _comparable(one: Mark, other: Mark) -> bool:
    """Tell whether two marks count the same thing."""
    if one.kind != other.kind:
        return False
    if one.kind not in {"session", "act"}:
        return one.head == other.head
    (base, _, detail), (other_base, _, other_detail) = one.head.partition(":"), other.head.partition(":")
    return base == other_base and (detail == other_detail or not detail or not other_detail)


def _agree(one: Mark, other: Mark) -> bool:
    """Tell whether two marks of one head may be the same edition."""
    if one.values & other.values:
        return True
    pairs = [(left, right) for left in one.values for right in other.values]
    if one.kind == "period":
        return not all(dates_clash(left, right) for left, right in pairs)
    if one.kind == "place_dates":
        return not other_gathering(one, other)
    # "Circular 39" and "Circular 39/2018": a year that only one side names is no difference
    return one.kind == "act" and any(_same_act(left, right) for left, right in pairs)


def _is_formal(one: Mark, other: Mark) -> bool:
    """Tell whether two numbers that differ are surely those of editions."""
    if one.kind != "session" or min(map(int, one.values | other.values)) >= _FORMAL:
        return True
    return one.where == other.where == "title" or (":" in one.head and one.head == other.head)


def _same_act(left: str, right: str) -> bool:
    """Tell whether two act numbers may be one, of which at most one names its year."""
    (number, _, year), (other_number, _, other_year) = left.partition("-"), right.partition("-")
    return number == other_number and not (year and other_year)


def _phrase(mark: Mark) -> str:
    """Return a mark as a reader would say it: "88th session", "Silver Net IV", "notice No. 741"."""
    base = mark.head.partition(":")[0]
    match mark.kind:
        case "session":
            return f"{mark.label} {base}"
        case "operation":
            return f"{mark.subject} {mark.label}"
        case "act" if base.startswith(NUMBER_OF):
            return f"{mark.subject} {mark.label}"
        case "act":
            return f"{base} {mark.label}"
        case _:
            return mark.label
