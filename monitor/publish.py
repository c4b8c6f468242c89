"""One digest: from the state to the ledger and from there to three files. An issued one never changes silently.

The digest of a day covers that calendar day in the configured zone. It is final once the day is over; written before,
it shows the day so far and is written again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.digest import render, select
from monitor.digest.composed import Digest
from monitor.digest.templating import Templates
from monitor.errors import NotFound, StateError, UsageError
from monitor.issuing import digest_folder, hand_out, write_feeds, write_files
from monitor.model import DigestInput, ToldStory, Watchlist, Window
from monitor.store import digests, issued, issued_files
from monitor.store.storage import Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSettings:
    """When a digest is due and what goes into it."""

    #: time of day, in `timezone`, at which the digest of the day before is written
    time: time
    timezone: str
    max_sentences: int
    max_age_days: int
    #: what the readers prefer, best first
    languages: tuple[str, ...] = ("en",)
    watchlists: tuple[Watchlist, ...] = ()
    #: stands before the links of the feeds; empty, or an address that ends in a slash
    site: str = ""
    #: take the place of shipped ones
    templates: Templates = ()


class Outcome(StrEnum):
    """What writing a digest came to."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    #: the state has changed since the digest was issued; the issued files were kept
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Published:
    """A digest on disk."""

    digest_date: date
    outcome: Outcome
    #: False while its day is not over
    final: bool
    stories: int
    items: int
    paths: tuple[Path, ...]


def window_of(digest_date: date, timezone: str) -> Window:
    """Return the calendar day in a zone as a half-open interval in UTC; on clock changes it has 23 or 25 hours."""
    zone = ZoneInfo(timezone)
    start = datetime.combine(digest_date, time(), tzinfo=zone).astimezone(UTC)
    end = datetime.combine(digest_date + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
    return Window(start, end)


def today(now: datetime, timezone: str) -> date:
    """Return the calendar day of a moment in a zone."""
    return now.astimezone(ZoneInfo(timezone)).date()


def due_days(
    issued: Collection[date], first_at: datetime | None, now: datetime, settings: DigestSettings
) -> Iterator[date]:
    """Yield the days whose digest should have been written by now and was not, the oldest first.

    Args:
        issued: days that have a final digest.
        first_at: when the state saw its first item; before it there is nothing to tell.
        now: aware; a day's digest is due on the next day at `settings.time`.
        settings: time of day and zone.

    """
    if first_at is None:
        return
    day, last = today(first_at, settings.timezone), today(now, settings.timezone) - timedelta(days=1)
    if due_at(last, settings) > now:
        last -= timedelta(days=1)
    while day <= last:
        if day not in issued:
            yield day
        day += timedelta(days=1)


def due_at(day: date, settings: DigestSettings) -> datetime:
    """Return when the digest of a day is to be written: on the next day, at the configured time of its zone."""
    return datetime.combine(day + timedelta(days=1), settings.time, tzinfo=ZoneInfo(settings.timezone))


def next_due_at(now: datetime, settings: DigestSettings) -> datetime:
    """Return the next moment at which a digest is due, later than now."""
    day = today(now, settings.timezone) - timedelta(days=1)
    while (at := due_at(day, settings).astimezone(UTC)) <= now:
        day += timedelta(days=1)
    return at


def overdue(storage: Storage, settings: DigestSettings, now: datetime) -> list[tuple[date, datetime]]:
    """Return the days that have something to tell and whose digest should have been written, each with its moment."""
    issued, first = digests.final_days(storage.db), digests.first_listed_at(storage.db)
    return [
        (day, due_at(day, settings).astimezone(UTC))
        for day in due_days(issued, first, now, settings)
        if digests.has_news(storage.db, window_from(storage, day, settings.timezone))
    ]


def window_from(storage: Storage, day: date, timezone: str) -> Window:
    """Return the window of a day: its calendar day, but end to end with its neighbours of another zone.

    A calendar day begins elsewhere in another zone: without this, some hours would be told twice or never.
    """
    # in zones east of Greenwich the first day of the calendar begins before the calendar does
    window = window_of(max(day, date.min + timedelta(days=1)), timezone)
    start, end = window.start_at, window.end_at
    if day > date.min and (before := digests.final_window(storage.db, day - timedelta(days=1))):
        start = start if before[0] == timezone else before[1].end_at
    if day < date.max and (after := digests.final_window(storage.db, day + timedelta(days=1))):
        end = end if after[0] == timezone else after[1].start_at
    return Window(min(start, end - timedelta(minutes=1)), end)


def publish(
    storage: Storage, digest_date: date, settings: DigestSettings, *, now: datetime, rewrite: bool = False
) -> Published:
    """Write the digest of a day as Markdown, HTML and JSON, and note it in the ledger.

    Args:
        storage: the open state; the files go to its `digests` folder.
        digest_date: a day that has begun.
        settings: what goes into it.
        now: aware.
        rewrite: replace an issued digest that would come out differently now.

    Raises:
        UsageError: the day has not begun.
        NotFound: the monitor did not watch on that day and knows no item of it.
        StateError: the folder cannot be written.

    """
    if digest_date > today(now, settings.timezone):
        raise UsageError(f"{digest_date} has not begun in {settings.timezone}: name today or an earlier day")
    window = window_from(storage, digest_date, settings.timezone)
    return _issue(storage, _source(storage, digest_date, window, settings), settings, now=now, rewrite=rewrite)


def publish_week(
    storage: Storage, day: date, settings: DigestSettings, *, now: datetime, rewrite: bool = False
) -> Published:
    """Write the roll-up of the calendar week (ISO 8601, from Monday) that holds a day; daily digests stay as they are.

    Raises as `publish` does.
    """
    year, number, weekday = day.isocalendar()
    monday, sunday = day - timedelta(days=weekday - 1), day + timedelta(days=7 - weekday)
    if monday > today(now, settings.timezone):
        raise UsageError(f"the week of {day} has not begun in {settings.timezone}: name today or an earlier day")
    window = Window(
        window_of(max(monday, date.min + timedelta(days=1)), settings.timezone).start_at,
        window_of(sunday, settings.timezone).end_at,
    )
    source = _source(storage, sunday, window, settings, week=f"{year}-W{number:02}")
    return _issue(storage, source, settings, now=now, rewrite=rewrite)


def _source(
    storage: Storage, digest_date: date, window: Window, settings: DigestSettings, week: str | None = None
) -> DigestInput:
    """Return what the state tells of a window.

    Raises:
        NotFound: nothing.

    """
    if not digests.has_news(storage.db, window):
        what, when = (f"the week {week}", "in it") if week else (str(digest_date), "on that day")
        raise NotFound(f"nothing is known of {what}: the monitor did not run {when}{_known_days(storage)}")
    return digests.digest_input(
        storage.db, digest_date, settings.timezone, window, max_age_days=settings.max_age_days,
        watchlists=settings.watchlists, week=week,
    )  # fmt: skip


def _known_days(storage: Storage) -> str:
    """Say from which day on there is something to tell."""
    first = digests.first_listed_at(storage.db)
    return f"; its first item is of {first.date()}" if first else "; run `monitor update` first"


def _issue(
    storage: Storage, source: DigestInput, settings: DigestSettings, *, now: datetime, rewrite: bool
) -> Published:
    """Render a digest and write it unless the issued one would be changed by that."""
    digest = select.compose(source, max_sentences=settings.max_sentences, languages=settings.languages)
    files = {
        "md": render.markdown(digest, settings.templates),
        "html": render.html(digest, settings.templates),
        "json": render.json_text(digest),
    }
    checksum = hashlib.sha256("\0".join(files.values()).encode()).hexdigest()
    entries = [(e.story_id, e.pieces) for section in digest.sections for e in (*section.entries, *section.brief)]
    final = source.window.end_at <= now and not digests.pass_under_way(storage.db, source.window)
    name = source.week or source.digest_date.isoformat()
    paths = {suffix: digest_folder(storage) / f"{name}.{suffix}" for suffix in files}
    before = _before(storage, source)

    def published(outcome: Outcome) -> Published:
        return Published(source.digest_date, outcome, final, len(entries), source.items, tuple(paths.values()))

    if before and before[0] and before[1] != checksum and not rewrite:
        _bring_back(storage, name, paths)
        return published(Outcome.KEPT)
    unchanged = before == (final, checksum) and bool(issued_files.texts(storage.db, name))
    if not unchanged:
        with storage.transaction() as db:
            if source.week:
                issued.record_week(db, source.week, sha256=checksum, final=final, now=now)
            else:
                digests.record(db, source, entries, sha256=checksum, final=final, now=now)
                _keep_told(storage, source, digest)
            issued_files.keep(db, name, files)
    handed_out = name in hand_out(storage, settings.watchlists, settings.site)
    _bring_back(storage, name, paths)
    if final and not source.week:
        write_feeds(storage, settings.watchlists, settings.site)
    return published(Outcome.WRITTEN if handed_out else Outcome.UNCHANGED)


def _bring_back(storage: Storage, name: str, paths: Mapping[str, Path]) -> None:
    """Write files that are gone as they were issued.

    Raises:
        StateError: they were issued before the ledger kept them.

    """
    missing = [path for path in paths.values() if not path.exists()]
    if missing and not write_files(storage, storage.db, name):
        raise StateError(f"{missing[0]} is gone and the state has changed since: write it anew with --rewrite")


def _before(storage: Storage, source: DigestInput) -> tuple[bool, str] | None:
    """Return whether the digest was final when it was written last, and its checksum; None when it never was."""
    if source.week:
        return issued.week(storage.db, source.week)
    found = digests.ledger(storage.db, source.digest_date)
    return (found.final, found.sha256) if found else None


def _keep_told(storage: Storage, source: DigestInput, digest: Digest) -> None:
    """Remember what a digest says, for feeds and corrections."""
    leads = {story.story_id: story.lead_item_id for story in source.stories}
    told = [
        ToldStory(e.story_id, e.headline, leads[e.story_id])
        for section in digest.sections
        for e in (*section.entries, *section.brief)
    ]
    found = {watchlist.name: [story.story_id for story in watchlist.stories] for watchlist in digest.watchlists}
    issued.keep_told(storage.db, source.digest_date, told, found)
    entries = [entry for section in digest.sections for entry in section.entries]
    spelled = {
        entry.story_id: [[(said.name, said.item_id, said.text) for said in name.spelled] for name in entry.names]
        for entry in entries
    }
    issued.keep_spellings(storage.db, source.digest_date, spelled)
