"""Say the facts of a digest in words: counts, times in the digest's zone, lags, copies, editions, source health.

The phrases hold names as the outlets wrote them; whoever prints a phrase escapes it.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from monitor.digest.composed import (
    Amendment,
    AmendmentKind,
    Copy,
    Digest,
    DigestEntry,
    Health,
    Lag,
    OutletLine,
    SectionKind,
    When,
)
from monitor.digest.language_names import LANGUAGE_NAMES
from monitor.digest.outside import clean, cut
from monitor.model import Role, SourceHealth, SourceState

#: not strftime, whose names follow the locale of the process
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

#: what is folded under a piece, one and many
_FOLDED = {
    Role.REPRINT: ("reprint", "reprints"),
    Role.SPUN: ("spun copy", "spun copies"),
    Role.TRANSLATION: ("translation", "translations"),
}
OFFICIAL, PRESS = "with an official source", "press only"
SECTION_TITLES = {
    SectionKind.TOP: "Top stories",
    SectionKind.DEVELOPING: "Developing",
    SectionKind.SINGLE: "Single-outlet stories",
}
SECTION_NOTES = {
    SectionKind.TOP: "New stories that two or more outlets carry.",
    SectionKind.DEVELOPING: "Stories of an earlier digest that have moved on.",
    SectionKind.SINGLE: "New stories that only one outlet carries so far.",
}
_STATES = {
    SourceState.NEW: "not asked yet",
    SourceState.OK: "well",
    SourceState.EMPTY: "answers with an empty feed",
    SourceState.UNDATED: "publishes without dates",
    SourceState.SILENT: "unusually silent",
    SourceState.BLOCKED: "blocked",
    SourceState.FAILING: "failing",
    SourceState.RETIRED: "retired",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """The zone in which times are shown, and the year that needs no mention."""

    zone: ZoneInfo
    year: int


def clock_of(digest: Digest) -> Clock:
    """Return the clock of a digest; raises `zoneinfo.ZoneInfoNotFoundError` for an unknown zone."""
    return Clock(ZoneInfo(digest.timezone), digest.digest_date.year)


def long_day(day: date) -> str:
    """Return a day as in "Friday 20 November 2026"."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def heading(digest: Digest) -> str:
    """Return what a digest is of: its day, or its week with the first and last day."""
    last = digest.digest_date
    if digest.week is None:
        return long_day(last)
    first = date.fromordinal(last.toordinal() - 6)
    year, _, number = digest.week.partition("-W")
    from_day = f"{first.day} {_MONTHS[first.month - 1]}" if first.month != last.month else f"{first.day}"
    return f"week {int(number)} of {year}, {from_day} to {last.day} {_MONTHS[last.month - 1]}"


def short_day(day: date, clock: Clock) -> str:
    """Return a day as in "20 Nov", with its year when that is not the digest's."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]}" + (f" {day.year}" if day.year != clock.year else "")


def moment(at: datetime, clock: Clock) -> str:
    """Return a time as in "20 Nov 14:00", in the zone of the digest."""
    local = at.astimezone(clock.zone)
    return f"{short_day(local.date(), clock)} {local:%H:%M}"


def weekday(day: date) -> str:
    """Return the three letters of a day of the week."""
    return _WEEKDAYS[day.weekday()][:3]


def tick(at: datetime, clock: Clock) -> str:
    """Return a moment as a scale shows it: the day at midnight, else the time of day."""
    local = at.astimezone(clock.zone)
    return f"{local.day} {_MONTHS[local.month - 1][:3]}" if (local.hour, local.minute) == (0, 0) else f"{local:%H:%M}"


def published(when: When, clock: Clock) -> str:
    """Return when a piece came out: the time, only the day, or that it has no date."""
    if when.published_at is None:
        return f"no date, first seen {moment(when.first_seen_at, clock)}"
    if not when.has_time:
        return short_day(when.published_at.astimezone(UTC).date(), clock)
    return moment(when.published_at, clock)


def zone_name(digest: Digest, clock: Clock) -> str:
    """Return the zone with its offset at the end of the window, as in "Asia/Baku (UTC+04:00)"."""
    offset = digest.window.end_at.astimezone(clock.zone).isoformat()[-6:]
    return f"{digest.timezone} (UTC{offset})"


def count(number: int, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many}"


def totals(digest: Digest) -> list[str]:
    """Return the figures of the window in words, without those that are zero for want of stories."""
    counts = digest.counts
    found = [f"{count(counts.stories, 'story', 'stories')} from {count(counts.outlets, 'outlet', 'outlets')}"]
    left_out = f", {counts.left_out:,} more left out (reasons below)" if counts.left_out else ""
    found = [*(found if counts.stories else []), f"{count(counts.items, 'piece', 'pieces')} listed{left_out}"]
    return found + ([f"{count(counts.copies, 'copy', 'copies')} folded under the originals"] if counts.copies else [])


def quiet(digest: Digest) -> str:
    """Return what a digest without stories says, so that a quiet day and a broken fetcher do not look alike."""
    listed, health = digest.counts.items, digest.health
    span = "this week" if digest.week else "today"
    came = (
        f"{count(listed, 'piece came', 'pieces came')} in, but no story" if listed else "nothing about customs came in"
    )
    if health.problems:
        return f"No stories {span}: {came}. Some sources need attention, so it may have been less quiet than it looks."
    return f"No stories {span}: {came}{', and every source that was asked answers' if health.well else ''}."


def facts(entry: DigestEntry) -> list[str]:
    """Return what backs a story: outlets (publisher families), kind of source, pieces and copies, its id."""
    found = [count(entry.outlets, "outlet", "outlets")]
    if entry.own_texts != entry.outlets:
        found.append(f"{entry.own_texts} with their own text" if entry.own_texts else "none with a text of its own")
    found.append(OFFICIAL if entry.official else PRESS)
    if entry.pieces > 1:
        copies = f", {count(entry.copies, 'of them a copy', 'of them copies')}" if entry.copies else ""
        found.append(f"{count(entry.pieces, 'piece', 'pieces')}{copies}")
    if len(entry.languages) > 1:
        found.append(f"in {listed([language(lang) for lang in entry.languages])}")
    return [*found, f"story {entry.story_id}"]


def language(lang: str | None) -> str:
    """Return a language by its English name, one without a name here by its code."""
    return LANGUAGE_NAMES.get(lang or "", lang or "another language")


def quantity(amount: float, unit: str) -> str:
    """Return a figure with its unit, as in "2,304 kg", "1,170,000 sticks" or "USD 1,200,000"."""
    digits = f"{amount:,.2f}".rstrip("0").rstrip(".")
    if unit.isupper():
        return f"{unit} {digits}"
    return digits if unit == "count" else f"{digits} {unit if unit == 'kg' else unit + 's'}"


def amended(amendment: Amendment) -> str:
    """Return what became of a story that an earlier digest told."""
    match amendment.kind:
        case AmendmentKind.MERGED:
            return f"is now part of story {amendment.other_story_id}"
        case AmendmentKind.SPLIT:
            return f"was divided: a part of it is now story {amendment.other_story_id}"
        case AmendmentKind.LEAD:
            return "has another lead now"


def news(entry: DigestEntry) -> str:
    """Return what is new in a developing story."""
    new = [
        count(number, one, many)
        for number, one, many in (
            (entry.news.pieces, "new piece", "new pieces"),
            (entry.news.copies, "new copy", "new copies"),
        )
        if number
    ]
    outlets = f"; now also {listed(entry.news.outlets)}" if entry.news.outlets else ""
    return f"{listed(new) or 'nothing new'}{outlets}"


def listed(names: list[str] | tuple[str, ...]) -> str:
    """Return names in a row, as in "A, B and C"."""
    short = [cut(clean(name)) for name in names]
    return " and ".join(filter(None, [", ".join(short[:-1]), *short[-1:]]))


def behind(gap: Lag | None) -> str:
    """Return a lag behind the first report, as in "2 h 5 min later"; empty when it is unknown."""
    if gap is None:
        return ""
    if gap.seconds is None:
        return _days(gap.days)
    return _duration(gap.seconds)


def _days(days: int) -> str:
    """Return a lag of which only the days are known."""
    if days == 0:
        return "same day"
    return f"{count(abs(days), 'day', 'days')} {'later' if days > 0 else 'earlier'}"


def _duration(seconds: int) -> str:
    """Return a lag in its two largest units; under a minute it is the same time."""
    minutes = abs(seconds) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{number} {unit}" for number, unit in ((days, "d"), (hours, "h"), (rest, "min")) if number][:2]
    if not parts:
        return "same minute"
    return f"{' '.join(parts)} {'later' if seconds > 0 else 'earlier'}"


def folded(line: OutletLine) -> str:
    """Return what is folded under a piece, as in "2 reprints, 1 spun copy, 1 translation"."""
    kinds = Counter(copy.kind for copy in line.copies)
    return ", ".join(count(kinds[kind], one, many) for kind, (one, many) in _FOLDED.items() if kinds[kind])


def likeness(copy: Copy) -> str:
    """Return the kind of a copy and how much of the text it shares, as in "reprint, Jaccard 97%, containment 99%"."""
    kind = {Role.REPRINT: "reprint", Role.TRANSLATION: f"translation ({language(copy.lang)})"}.get(
        copy.kind, "spun copy (words replaced)"
    )
    shares = [
        f"{name} {per_cent(share)}"
        for name, share in (("Jaccard", copy.jaccard), ("containment", copy.containment))
        if share is not None
    ]
    return ", ".join([kind, *shares])


def per_cent(share: float) -> str:
    """Return a share as per cent, rounded down: 100% is said of nothing less."""
    return f"{math.floor(share * 100 + 1e-9)}%"


def problem(source: SourceHealth, clock: Clock) -> str:
    """Return the condition of a source, as in "failing since 20 Nov 14:00: 503 from server"."""
    since = f" since {moment(source.since_at, clock)}" if source.since_at else ""
    reason = f": {cut(clean(source.reason))}" if source.reason else ""
    return f"{_STATES[source.state]}{since}{reason}"


def last_signs(source: SourceHealth, clock: Clock) -> str:
    """Return when a source last answered and last brought something new."""
    answered = f"last good answer {moment(source.last_ok_at, clock)}" if source.last_ok_at else "never answered well"
    brought = f"last new piece {moment(source.last_new_at, clock)}" if source.last_new_at else "no piece yet"
    return f"{answered}, {brought}"


def verdict(health: Health) -> str:
    """Return the state of the sources in one sentence."""
    polled = len(health.problems) + len(health.well)
    if not polled:
        return "No source has been asked yet." if health.idle else "No sources are watched."
    if not health.problems:
        return f"All is well with the sources: {_answered(polled)}."
    return f"{len(health.problems)} of {count(polled, 'source needs', 'sources need')} attention."


def _answered(polled: int) -> str:
    """Return that every source answers."""
    return "the only one answers" if polled == 1 else f"all {polled} answer"


def source_names(health: Health) -> dict[str, str]:
    """Return a name for each source id: its outlet's, with the id where an outlet has several sources."""
    sources = [*health.problems, *health.idle, *health.well]
    outlets = [source.outlet_name for source in sources]
    return {
        source.source_id: f"{source.outlet_name} ({source.source_id})"
        if outlets.count(source.outlet_name) > 1
        else source.outlet_name
        for source in sources
    }
