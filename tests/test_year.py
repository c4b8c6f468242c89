"""A year of the service in simulated time: clock changes, a leap day, outages, a clock that jumps, another zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlite_utils import Database

from monitor.ingest import pacing
from monitor.ingest.pacing import Outcome
from monitor.model import Outlet, Poll, PollResult, Source
from monitor.publish import DigestSettings, due_at, overdue, publish, window_from
from monitor.store import backwards, digests, sources
from monitor.store.storage import Storage, to_text

#: a leap year; the first hours of New Year's Eve before it, wherever one is
BEGINS, ENDS = datetime(2027, 12, 30, tzinfo=UTC), datetime(2029, 1, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
#: how often the service looks; a tick of a minute would take a simulation minutes
STEP = timedelta(hours=2)
ZONES = ("Europe/Brussels", "America/New_York", "Pacific/Auckland", "Australia/Lord_Howe")
#: the machine is off: over a digest, over a clock change, for three days over the leap day
OUTAGES = (
    (datetime(2028, 1, 20, 2, tzinfo=UTC), 9 * HOUR),
    (datetime(2028, 2, 28, 1, tzinfo=UTC), 75 * HOUR),
    (datetime(2028, 3, 25, 20, tzinfo=UTC), 20 * HOUR),
)
#: its clock is wrong for a while: (from, for how long, by how much)
JUMPS = (
    (datetime(2028, 5, 5, 12, tzinfo=UTC), 3 * HOUR, timedelta(days=2)),
    (datetime(2028, 9, 1, 12, tzinfo=UTC), 5 * HOUR, timedelta(hours=-7)),
)
SOURCES = tuple(
    Source(f"s{n}", "press", f"https://press.example/{n}", interval_s=low, max_interval_s=high)
    for n, (low, high) in enumerate([(2 * 3600, 6 * 3600), (12 * 3600, 12 * 3600)])
)


def truth() -> Iterator[datetime]:
    """Yield the moments at which the machine is on."""
    at = BEGINS
    while at < ENDS:
        if not any(start <= at < start + length for start, length in OUTAGES):
            yield at
        at += STEP


def shown(at: datetime) -> datetime:
    """Return what the machine's clock shows."""
    return at + sum((by for start, length, by in JUMPS if start <= at < start + length), timedelta(0))


@dataclass
class Year:
    """What the service did: the true moments of the polls of each source, and how often each day was made final."""

    polls: dict[str, list[datetime]] = field(default_factory=lambda: {s.id: [] for s in SOURCES})
    issued: Counter[date] = field(default_factory=Counter)
    early: list[date] = field(default_factory=list)


def poll_all(storage: Storage, at: datetime, now: datetime, year: Year) -> None:
    """Poll what is due, as a pass does, and find something every time."""
    due = sources.due(storage.db, now)
    if not due:
        return
    with storage.transaction() as db:
        run = sources.start_run(db, "pass", now)
        for record in due:
            year.polls[record.source.id].append(at)
            outcome = Outcome(result=PollResult.OK, published_times=(now - HOUR,))
            sources.save_poll(
                db, run, Poll(pacing.after_poll(record, outcome, now=now, new=1), PollResult.OK, now, now)
            )
        sources.end_run(db, run, now)


def issue(storage: Storage, settings: DigestSettings, at: datetime, now: datetime, year: Year) -> None:
    """Enter what is due into the ledger, as the service does; composing texts is tested elsewhere."""
    for day, _ in overdue(storage, settings, now):
        window = window_from(storage, day, settings.timezone)
        if shown(at) == at:
            year.issued[day] += 1
            if window.end_at > at:
                year.early.append(day)
        with storage.transaction() as db:
            enter(db, day, settings.timezone, window.start_at, window.end_at, now)


def enter(db: Database, day: date, zone: str, start: datetime, end: datetime, now: datetime) -> None:
    """Write a row of the ledger of digests."""
    db.execute(
        """insert into digests (digest_date, timezone, start_at, end_at, written_at, final, stories, items, sha256)
        values (?, ?, ?, ?, ?, 1, 0, 0, '') on conflict (digest_date) do update set final = 1""",
        [day.isoformat(), zone, to_text(start), to_text(end), to_text(now)],
    )


def first_item(db: Database) -> None:
    """Let the state have seen an item on the first day."""
    at = to_text(BEGINS)
    db.execute(
        """insert into items (outlet_id, url, title, text, first_seen_at, listed_at, entry_hash, text_hash,
        published_origin, published_has_time, text_origin, page_pending, page_attempts)
        values ('press', 'x', 'x', 'x', ?, ?, '', '', 'none', 0, 'feed', 0, 0)""",
        [at, at],
    )


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_has_a_digest_a_day_and_keeps_its_rhythm(tmp_path: Path, zone: str) -> None:
    """Each day that the machine was on has one digest, after its end; no source is asked too early or too late."""
    settings = DigestSettings(time=time(2, 30), timezone=zone, max_sentences=4, max_age_days=7)
    year = Year()
    with Storage(tmp_path) as storage:
        # what is tested is what the ledger says, not that it survives a power cut
        storage.db.execute("pragma synchronous = off")
        with storage.transaction() as db:
            sources.sync(db, [Outlet("press", "Press", "press")], SOURCES)
            first_item(db)
        for at in truth():
            now = shown(at)
            if backwards.is_ahead(storage.db, now):
                with storage.transaction() as db:
                    assert backwards.bring_back(db, now)
            issue(storage, settings, at, now, year)
            poll_all(storage, at, now, year)
        final = digests.final_days(storage.db)
    watched = {at.astimezone(ZoneInfo(zone)).date() for polls in year.polls.values() for at in polls}
    assert (final, len(final) > 360) == ({day for day in watched if due_at(day, settings) <= ENDS - STEP}, True)
    assert (year.early, [day for day, count in year.issued.items() if count > 1]) == ([], [])
    for source in SOURCES:
        check_rhythm(source, year.polls[source.id])


def check_rhythm(source: Source, polls: list[datetime]) -> None:
    """Hold the gaps between polls against the bounds; the steps are two hours, a wait has a tenth on top.

    The machine cannot know how long it was off or how far its clock jumped on: it may look once too early after that.
    """
    low, high = timedelta(seconds=source.interval_s), timedelta(seconds=source.max_interval_s or source.interval_s)
    forward = [edge for start, length, by in JUMPS for edge in ((start,) if by > timedelta(0) else (start + length,))]
    back = [edge for start, length, by in JUMPS for edge in ((start + length,) if by > timedelta(0) else (start,))]
    for one, following in pairwise(polls):
        gap = following - one
        if not any(one < edge <= following for edge in forward):
            assert gap >= low, (source.id, one, gap)
        off = sum((length for start, length in OUTAGES if one < start + length <= following + length), timedelta(0))
        again = high * 1.1 if any(one < edge <= following for edge in back) else timedelta(0)
        assert gap <= high * 1.1 + STEP + off + again, (source.id, one, gap)


@pytest.mark.parametrize(
    ("before", "after"), [("Pacific/Auckland", "America/New_York"), ("America/New_York", "Asia/Tokyo")]
)
def test_another_zone_neither_skips_nor_repeats_an_hour(tmp_path: Path, before: str, after: str) -> None:
    """When the zone of the digest is changed, the windows of the digests still lie end to end, one a day."""
    changed = datetime(2028, 6, 10, 3, tzinfo=UTC)
    year = Year()
    with Storage(tmp_path) as storage:
        with storage.transaction() as db:
            sources.sync(db, [Outlet("press", "Press", "press")], SOURCES)
            first_item(db)
        for hour in range(20 * 24):
            at = datetime(2028, 6, 1, tzinfo=UTC) + hour * HOUR
            settings = DigestSettings(
                time=time(6), timezone=before if at < changed else after, max_sentences=4, max_age_days=7
            )
            issue(storage, settings, at, at, year)
            poll_all(storage, at, at, year)
        windows = storage.db.execute(
            "select start_at, end_at from digests where start_at > '2028-05' order by digest_date"
        ).fetchall()
    assert len(windows) >= 16
    assert [(one, following) for one, following in pairwise(windows) if one[1] != following[0]] == []
    assert set(year.issued.values()) == {1}


def test_a_day_that_is_not_over_is_written_again(tmp_path: Path) -> None:
    """A digest that a clock far ahead made final is made again when its day is really over, and pieces count as seen now."""
    settings = DigestSettings(time=time(6), timezone="UTC", max_sentences=4, max_age_days=7)
    now = BEGINS + timedelta(days=400)
    with Storage(tmp_path) as storage:
        with storage.transaction() as db:
            sources.sync(db, [Outlet("press", "Press", "press")], SOURCES)
            first_item(db)
            db.execute("update items set first_seen_at = ?, listed_at = ?", [to_text(now), to_text(now)])
            enter(db, now.date(), "UTC", now, now + timedelta(days=1), now + timedelta(days=2))
            run = sources.start_run(db, "pass", now)
            sources.end_run(db, run, now)
        with storage.transaction() as db:
            assert backwards.bring_back(db, BEGINS) == {"items": 1, "digests": 1, "runs": 1}
            assert not backwards.is_ahead(db, BEGINS)
        assert digests.final_days(storage.db) == set()
        assert digests.first_listed_at(storage.db) == BEGINS
        assert due_at(BEGINS.date(), settings) == datetime(2027, 12, 31, 6, tzinfo=UTC)
        written = publish(storage, BEGINS.date(), settings, now=BEGINS + timedelta(days=2))
    assert written.final
