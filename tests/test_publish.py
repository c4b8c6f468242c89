"""Writing digests: which day is when, when a day is due, and files that never change behind anybody's back."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pieces import (
    SEIZURE,
    SEIZURE_AGAIN,
    SEIZURE_AGAIN_TITLE,
    SEIZURE_TITLE,
    TARIFF,
    TARIFF_TITLE,
    at,
    piece,
    take,
)

from monitor.errors import NotFound, StateError, UsageError
from monitor.files import write_atomically
from monitor.model import Outlet, Poll, PollResult, Source, SourceRecord, SourceState, Watchlist
from monitor.publish import DigestSettings, Outcome, due_days, publish, publish_week, today, window_of
from monitor.store import digests, sources, stories
from monitor.store.storage import Storage

#: zones with no clock change, one in the night, one at midnight, one of half an hour
ZONES = ["Asia/Baku", "Europe/Brussels", "Africa/Cairo", "Australia/Lord_Howe"]
SETTINGS = DigestSettings(time=time(6), timezone="Asia/Baku", max_sentences=3, max_age_days=30)
DAY = date(2026, 11, 19)
#: 06:00 in Baku on the day after
NEXT_MORNING = at("20 02:00")

FIRST = piece("first", SEIZURE_TITLE, SEIZURE, "19 08:00", url="https://veldt.example/1")
AGAIN = piece("again", SEIZURE_AGAIN_TITLE, SEIZURE_AGAIN, "19 09:00", url="https://quay.example/2")
TILES = piece("tiles", TARIFF_TITLE, TARIFF, "19 19:59", url="https://quay.example/3")


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """Open a state with two stories of 19 November."""
    with Storage(tmp_path / "state") as opened:
        take(opened, [FIRST, AGAIN, TILES])
        yield opened


def texts(storage: Storage) -> dict[str, bytes]:
    """Return the digests in their folder, by name of the file."""
    return {name: text for name, text in whole_folder(storage).items() if not name.endswith(".atom")}


def whole_folder(storage: Storage) -> dict[str, bytes]:
    """Return what stands in the folder of the digests, the feeds too."""
    return {path.name: path.read_bytes() for path in sorted((storage.folder / "digests").iterdir())}


def poll(storage: Storage, when: datetime) -> None:
    """Store a poll that brought nothing."""
    source = Source("quay", "quay", "https://quay.example/feed")
    with storage.transaction() as db:
        sources.sync(db, [Outlet("quay", "Quay Courier", "quay")], [source])
        record = SourceRecord(source, SourceState.OK, since_at=when, last_polled_at=when, last_ok_at=when)
        sources.save_poll(db, sources.start_run(db, "pass", when), Poll(record, PollResult.OK, when, when))


# ---------------------------------------------------------------- days and windows


@pytest.mark.parametrize(
    ("day", "zone", "start", "hours"),
    [
        ("2026-11-19", "UTC", "2026-11-19T00:00", 24),
        ("2026-11-19", "Asia/Baku", "2026-11-18T20:00", 24),
        ("2026-03-29", "Europe/Brussels", "2026-03-28T23:00", 23),
        ("2026-10-25", "Europe/Brussels", "2026-10-24T22:00", 25),
        ("2026-03-08", "America/New_York", "2026-03-08T05:00", 23),
        ("2026-11-01", "America/New_York", "2026-11-01T04:00", 25),
        # the clock jumps over midnight itself: the day begins at 01:00
        ("2026-04-24", "Africa/Cairo", "2026-04-23T22:00", 23),
        # midnight comes twice: the day begins with the first one
        ("2026-11-01", "America/Havana", "2026-11-01T04:00", 25),
        ("2026-04-05", "Australia/Lord_Howe", "2026-04-04T13:00", 24.5),
        # a day that the calendar of the islands skipped
        ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00", 0),
    ],
)
def test_window_is_the_calendar_day_of_the_zone(day: str, zone: str, start: str, hours: float) -> None:
    """A day lasts from midnight to midnight where the readers are, also when the clock changes."""
    window = window_of(date.fromisoformat(day), zone)
    assert window.start_at == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert window.end_at - window.start_at == timedelta(hours=hours)
    assert window.start_at.utcoffset() == timedelta(0)


@given(st.datetimes(datetime(2015, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)), st.sampled_from(ZONES))  # noqa: DTZ001 - Hypothesis adds the zone
def test_every_moment_is_in_the_window_of_its_day_only(moment: datetime, zone: str) -> None:
    """Windows of neighbouring days meet without gap or overlap, and `today` says in which one a moment is."""
    day = today(moment, zone)
    before, its_own, after = (window_of(day + timedelta(days=n), zone) for n in (-1, 0, 1))
    assert moment in its_own
    assert moment not in before
    assert moment not in after
    assert (before.end_at, its_own.end_at) == (its_own.start_at, after.start_at)


def test_today_is_that_of_the_readers() -> None:
    """At ten in the evening in London the next day has begun in Baku, but not in New York."""
    moment = at("19 22:00")
    assert [today(moment, zone).day for zone in ("America/New_York", "UTC", "Asia/Baku")] == [19, 19, 20]


# ---------------------------------------------------------------- when a digest is due


def due(last: str | None, now: str, *, first: str | None = "10 12:00") -> list[int]:
    """Return the days of November that are due."""
    first_at = at(first) if first else None
    issued = {date(2026, 11, day) for day in range(int(first[:2]) if first else 1, int(last) + 1)} if last else set()
    return [day.day for day in due_days(issued, first_at, at(now), SETTINGS)]


def test_digest_is_due_on_the_next_morning() -> None:
    """A day's digest is due at the set time of the next day, not a second earlier, and only once."""
    moment = at("20 02:00")
    first = at("19 12:00")
    assert list(due_days(set(), first, moment - timedelta(seconds=1), SETTINGS)) == []
    assert list(due_days(set(), first, moment, SETTINGS)) == [DAY]
    assert list(due_days({DAY}, first, moment, SETTINGS)) == []


def test_missed_digests_are_due_oldest_first() -> None:
    """After days without the service every day is made up for."""
    assert due("15", "20 12:00") == [16, 17, 18, 19]


def test_first_digest_is_that_of_the_first_day() -> None:
    """A new state owes no digest of days before it saw anything, and none at all while it is empty."""
    assert due(None, "12 12:00", first="10 12:00") == [10, 11]
    assert due(None, "12 12:00", first="10 21:00") == [11]
    assert due(None, "10 13:00", first="10 12:00") == []
    assert due(None, "20 12:00", first=None) == []


def test_a_digest_in_between_does_not_hide_the_missing_ones() -> None:
    """Whoever wrote one day by hand is still owed the days before it."""
    found = due_days({date(2026, 11, 17)}, at("15 12:00"), at("20 12:00"), SETTINGS)
    assert [day.day for day in found] == [15, 16, 18, 19]


def test_a_digest_is_not_final_while_a_pass_may_still_bring_items_of_its_day(storage: Storage) -> None:
    """A pass that began before midnight and goes on keeps the digest of the day open until it has ended."""
    with storage.transaction() as db:
        run_id = sources.start_run(db, "pass", at("19 19:59"))
    assert not publish(storage, DAY, SETTINGS, now=NEXT_MORNING).final
    with storage.transaction() as db:
        sources.end_run(db, run_id, at("19 20:30"))
    assert publish(storage, DAY, SETTINGS, now=NEXT_MORNING).final


@settings(max_examples=25)
@given(
    zone=st.sampled_from(ZONES),
    # a set time of day is never the second one of its kind
    at_time=st.times().map(lambda t: t.replace(fold=0)),
    gaps=st.lists(st.integers(45, 60 * 24 * 3), min_size=1, max_size=5),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - as above
)
def test_every_day_of_a_year_has_exactly_one_digest(zone: str, at_time: time, gaps: list[int], start: datetime) -> None:
    """However often the service looks, each day is written once, in order, after it is over and its time has come."""
    chosen = DigestSettings(time=at_time, timezone=zone, max_sentences=3, max_age_days=30)
    written: list[date] = []
    now, minutes = start, cycle(gaps)
    while now < start + timedelta(days=365):
        for day in due_days(set(written), start, now, chosen):
            assert window_of(day, zone).end_at <= now
            local = now.astimezone(ZoneInfo(zone))
            assert (local.date(), local.time()) >= (day + timedelta(days=1), at_time) or _clock_went_back(local)
            written.append(day)
        now += timedelta(minutes=next(minutes))
    assert written[0] == today(start, zone)
    assert all(b - a == timedelta(days=1) for a, b in pairwise(written))
    assert len(written) >= 360


def _clock_went_back(local: datetime) -> bool:
    """Tell whether a time of day has come for the second time."""
    return local.fold == 1


# ---------------------------------------------------------------- publish


def test_digest_is_three_files_and_a_row(storage: Storage) -> None:
    """A digest is written as Markdown, HTML and JSON, and the ledger knows it with the stories it names."""
    done = publish(storage, DAY, SETTINGS, now=NEXT_MORNING)
    assert (done.outcome, done.final, done.stories, done.items) == (Outcome.WRITTEN, True, 2, 3)
    assert [path.name for path in done.paths] == ["2026-11-19.md", "2026-11-19.html", "2026-11-19.json"]
    written = texts(storage)
    assert sorted(written) == sorted(path.name for path in done.paths)
    for body in written.values():
        assert "412 kg" in body.decode()
        assert "quay.example/2" in body.decode()
    assert json.loads(written["2026-11-19.json"])["digest_date"] == "2026-11-19"
    (row,) = storage.db.query("select * from v_digests")
    assert (row["digest_date"], row["final"], row["stories"], row["items"]) == ("2026-11-19", 1, 2, 3)
    assert (row["start_at"], row["end_at"]) == ("2026-11-18T20:00:00Z", "2026-11-19T20:00:00Z")
    assert storage.db.execute("select count(*) from digest_stories").fetchone() == (2,)


def test_same_state_and_day_are_the_same_bytes(storage: Storage, tmp_path: Path) -> None:
    """Nothing but the state and the day is in a digest: not the time of writing, nor the folder."""
    publish(storage, DAY, SETTINGS, now=NEXT_MORNING)
    first = texts(storage)
    with Storage(tmp_path / "elsewhere") as other:
        take(other, [FIRST, AGAIN, TILES])
        publish(other, DAY, SETTINGS, now=NEXT_MORNING + timedelta(days=2, minutes=17))
        assert texts(other) == first


def test_unchanged_digest_is_not_touched(storage: Storage) -> None:
    """Writing a day again that comes out the same leaves files and ledger alone."""
    done = publish(storage, DAY, SETTINGS, now=NEXT_MORNING)
    before = [(path.stat().st_ino, path.stat().st_mtime_ns) for path in done.paths]
    ledger = digests.ledger(storage.db, DAY)
    again = publish(storage, DAY, SETTINGS, now=NEXT_MORNING + timedelta(hours=1))
    assert again.outcome is Outcome.UNCHANGED
    assert [(path.stat().st_ino, path.stat().st_mtime_ns) for path in again.paths] == before
    assert digests.ledger(storage.db, DAY) == ledger


def test_issued_digest_is_kept_when_the_state_has_changed(storage: Storage) -> None:
    """What readers have seen stays, until somebody says that it is to be replaced."""
    publish(storage, DAY, SETTINGS, now=NEXT_MORNING)
    issued, ledger = texts(storage), digests.ledger(storage.db, DAY)
    take(storage, [piece("late", "Ferry office moves", "The ferry office moves behind the station.", "19 12:00")])
    kept = publish(storage, DAY, SETTINGS, now=NEXT_MORNING + timedelta(days=1))
    assert (kept.outcome, kept.final) == (Outcome.KEPT, True)
    assert (texts(storage), digests.ledger(storage.db, DAY)) == (issued, ledger)
    later = NEXT_MORNING + timedelta(days=2)
    assert publish(storage, DAY, SETTINGS, now=later, rewrite=True).outcome is Outcome.WRITTEN
    assert b"Ferry office" in texts(storage)["2026-11-19.md"]
    assert [row["items"] for row in storage.db.query("select items from v_digests")] == [4]
    assert publish(storage, DAY, SETTINGS, now=later).outcome is Outcome.UNCHANGED


def test_issued_files_that_are_gone_come_back_from_the_ledger(storage: Storage) -> None:
    """A lost file is what it was, byte for byte, though the state would tell the day differently now."""
    done = publish(storage, DAY, SETTINGS, now=NEXT_MORNING)
    before = texts(storage)
    take(storage, [piece("late", "Ferry office moves", "The ferry office moves behind the station.", "19 12:00")])
    done.paths[1].unlink()
    assert publish(storage, DAY, SETTINGS, now=NEXT_MORNING).outcome is Outcome.KEPT
    assert texts(storage) == before


def test_file_of_a_digest_from_before_the_ledger_kept_them_is_an_error(storage: Storage) -> None:
    """Nothing claims that a lost file was kept: the remedy is named, and it works."""
    done = publish(storage, DAY, SETTINGS, now=NEXT_MORNING)
    storage.db.execute("delete from issued_files")
    take(storage, [piece("late", "Ferry office moves", "The ferry office moves behind the station.", "19 12:00")])
    done.paths[1].unlink()
    with pytest.raises(StateError, match="--rewrite"):
        publish(storage, DAY, SETTINGS, now=NEXT_MORNING)
    assert publish(storage, DAY, SETTINGS, now=NEXT_MORNING, rewrite=True).outcome is Outcome.WRITTEN
    assert done.paths[1].exists()


def test_later_days_do_not_change_a_digest(storage: Storage) -> None:
    """A piece of the next day that joins a story of this one leaves this digest as it is."""
    publish(storage, DAY, SETTINGS, now=NEXT_MORNING)
    take(storage, [AGAIN | {"id": "next", "published": at("19 20:00").isoformat()}])
    assert publish(storage, DAY, SETTINGS, now=NEXT_MORNING).outcome is Outcome.UNCHANGED


def test_digest_of_a_day_that_is_not_over_is_written_again(storage: Storage) -> None:
    """Today's digest shows the day so far; it is final when the day is over, even if nothing came any more."""
    noon = publish(storage, DAY, SETTINGS, now=at("19 12:00"))
    assert (noon.outcome, noon.final) == (Outcome.WRITTEN, False)
    take(storage, [piece("late", "Ferry office moves", "The ferry office moves behind the station.", "19 12:30")])
    assert publish(storage, DAY, SETTINGS, now=at("19 13:00")).outcome is Outcome.WRITTEN
    assert publish(storage, DAY, SETTINGS, now=at("19 14:00")).outcome is Outcome.UNCHANGED
    assert digests.last_final(storage.db) is None
    morning = publish(storage, DAY, SETTINGS, now=NEXT_MORNING)
    assert (morning.outcome, morning.final) == (Outcome.WRITTEN, True)
    assert digests.last_final(storage.db) == DAY


def test_lost_file_is_written_again(storage: Storage) -> None:
    """A file that somebody deleted comes back as it was."""
    done = publish(storage, DAY, SETTINGS, now=NEXT_MORNING)
    before = texts(storage)
    done.paths[1].unlink()
    assert publish(storage, DAY, SETTINGS, now=NEXT_MORNING).outcome is Outcome.UNCHANGED
    assert texts(storage) == before


def test_unwatched_day_is_not_found(storage: Storage) -> None:
    """A day of which nothing is known gets no empty digest, and the answer says since when there is something."""
    with pytest.raises(NotFound, match=r"nothing is known of 2026-11-12.*its first item is of 2026-11-22"):
        publish(storage, date(2026, 11, 12), SETTINGS, now=NEXT_MORNING)
    assert not (storage.folder / "digests").exists()


def test_empty_state_says_how_to_begin(tmp_path: Path) -> None:
    """Without any item the remedy is to fetch some."""
    with Storage(tmp_path) as empty, pytest.raises(NotFound, match="run `monitor update` first"):
        publish(empty, DAY, SETTINGS, now=NEXT_MORNING)


def test_quiet_day_has_a_digest(storage: Storage) -> None:
    """A day on which the monitor watched and nothing came is told as such."""
    poll(storage, at("17 12:00"))
    done = publish(storage, date(2026, 11, 17), SETTINGS, now=NEXT_MORNING)
    assert (done.outcome, done.stories, done.items) == (Outcome.WRITTEN, 0, 0)
    assert "Quay Courier" in texts(storage)["2026-11-17.md"].decode()


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 12, 24), date.max])
def test_day_to_come_is_wrong_usage(storage: Storage, day: date) -> None:
    """No digest of a day that has not begun, however far ahead."""
    with pytest.raises(UsageError, match="has not begun in Asia/Baku"):
        publish(storage, day, SETTINGS, now=NEXT_MORNING)


def test_first_day_of_the_calendar_is_not_found(storage: Storage) -> None:
    """A slip in the year is no crash."""
    with pytest.raises(NotFound, match="nothing is known of 0001-01-01"):
        publish(storage, date.min, SETTINGS, now=NEXT_MORNING)


def test_day_begins_at_its_first_moment(storage: Storage) -> None:
    """Today's digest can be written as soon as today has begun for the readers."""
    start = window_of(DAY, SETTINGS.timezone).start_at
    with pytest.raises(UsageError):
        publish(storage, DAY, SETTINGS, now=start - timedelta(seconds=1))
    assert not publish(storage, DAY, SETTINGS, now=start).final


# ---------------------------------------------------------------- weeks


def test_week_rolls_its_days_up(storage: Storage) -> None:
    """The week has files of its own, tells stories as new that its own days told, and leaves the daily ledger alone."""
    publish(storage, DAY, SETTINGS, now=NEXT_MORNING)
    rows = storage.db.execute("select * from digests").fetchall()
    done = publish_week(storage, DAY, SETTINGS, now=at("23 06:00"))
    assert (done.outcome, done.final, done.stories) == (Outcome.WRITTEN, True, 2)
    assert [path.name for path in done.paths] == ["2026-W47.md", "2026-W47.html", "2026-W47.json"]
    assert texts(storage)["2026-W47.md"].startswith(b"# Customs digest, week 47 of 2026, 16 to 22 November\n")
    document = json.loads(texts(storage)["2026-W47.json"])
    assert {s["kind"]: len(s["entries"]) for s in document["sections"]}["developing"] == 0
    assert storage.db.execute("select * from digests").fetchall() == rows
    assert publish_week(storage, date(2026, 11, 22), SETTINGS, now=at("24 06:00")).outcome is Outcome.UNCHANGED


def test_issued_week_is_kept(storage: Storage) -> None:
    """A week that is over is not rewritten silently; one that goes on is."""
    assert not publish_week(storage, DAY, SETTINGS, now=at("20 06:00")).final
    before = publish_week(storage, DAY, SETTINGS, now=at("23 06:00"))
    assert (before.outcome, before.final) == (Outcome.WRITTEN, True)
    take(storage, [piece("late", "Ferry office moves", "The ferry office moves away.", "19 12:30")])
    old = texts(storage)
    assert publish_week(storage, DAY, SETTINGS, now=at("24 06:00")).outcome is Outcome.KEPT
    assert texts(storage) == old
    assert publish_week(storage, DAY, SETTINGS, now=at("24 06:00"), rewrite=True).outcome is Outcome.WRITTEN
    with pytest.raises(UsageError, match="has not begun"):
        publish_week(storage, date(2026, 11, 30), SETTINGS, now=at("24 06:00"))


# ---------------------------------------------------------------- corrections


def test_next_digest_corrects_the_issued_one(storage: Storage) -> None:
    """A late piece and a merged story are told in the digest of the day on which that happened, and in no other."""
    publish(storage, DAY, SETTINGS, now=NEXT_MORNING)
    issued = texts(storage)
    gone, stays = 2, 1
    with storage.transaction() as db:
        stories.note(db, gone, at("20 05:00"), "merged", "merged into story 1", other_story_id=stays)
    take(
        storage,
        [piece("late", "Ferry office moves", "The ferry office moves away.", "19 12:30")],
        clock=lambda: at("20 07:00"),
    )
    take(storage, [piece("next", "Quay wall cracks", "The quay wall cracked in the storm.", "20 12:30")])
    publish(storage, DAY + timedelta(days=1), SETTINGS, now=at("21 02:00"))
    (amends,) = json.loads(texts(storage)["2026-11-20.json"])["amends"]
    assert (amends["digest_date"], amends["late_items"]) == ("2026-11-19", 1)
    assert [(s["kind"], s["story_id"], s["other_story_id"]) for s in amends["stories"]] == [("merged", gone, stays)]
    assert {name: texts(storage)[name] for name in issued} == issued
    take(storage, [piece("third", "Tea wagon", "A wagon with tea was weighed twice.", "21 12:30")])
    publish(storage, DAY + timedelta(days=2), SETTINGS, now=at("22 02:00"))
    assert json.loads(texts(storage)["2026-11-21.json"])["amends"] == []


# ---------------------------------------------------------------- feeds

WATCHING = replace(SETTINGS, watchlists=(Watchlist("Tiles", ("tile*",)), Watchlist("Tea", ("tea",))))


def test_feeds_follow_the_final_digests(storage: Storage) -> None:
    """A digest of a day that is not over is in no feed; a final one is in that of digests and of its watchlists."""
    publish(storage, DAY, WATCHING, now=at("19 19:00"))
    assert not [name for name in whole_folder(storage) if name.endswith(".atom")]
    publish(storage, DAY, WATCHING, now=NEXT_MORNING)
    feeds = {name: text.decode() for name, text in whole_folder(storage).items() if name.endswith(".atom")}
    found = {name.partition(".")[0].rpartition("-")[0]: text.count("<entry>") for name, text in feeds.items()}
    assert found == {"": 1, "watchlist-tiles": 1, "watchlist-tea": 0}
    assert TARIFF_TITLE in feeds["digests.atom"]


def test_feeds_are_the_same_again(storage: Storage) -> None:
    """Run again, the feeds are not touched; lost ones come back byte for byte."""
    publish(storage, DAY, WATCHING, now=NEXT_MORNING)
    before = whole_folder(storage)
    path = storage.folder / "digests" / "digests.atom"
    stamp = path.stat().st_mtime_ns
    publish(storage, DAY, WATCHING, now=NEXT_MORNING + timedelta(hours=1))
    assert (whole_folder(storage), path.stat().st_mtime_ns) == (before, stamp)
    path.unlink()
    publish(storage, DAY, WATCHING, now=NEXT_MORNING + timedelta(hours=2))
    assert whole_folder(storage) == before


# ---------------------------------------------------------------- files


def test_folder_that_cannot_be_written_is_named(storage: Storage) -> None:
    """Where the digests cannot go, one line says so, and they go as soon as they can."""
    (storage.folder / "digests").write_text("in the way")
    with pytest.raises(StateError, match=r"digests.*--state"):
        publish(storage, DAY, SETTINGS, now=NEXT_MORNING)
    (storage.folder / "digests").unlink()
    assert publish(storage, DAY, SETTINGS, now=NEXT_MORNING).outcome is Outcome.WRITTEN
    assert len(texts(storage)) == 3


def test_read_only_folder_is_named(storage: Storage) -> None:
    """Without the right to write, one line says so and nothing is left half-way."""
    folder = storage.folder / "digests"
    folder.mkdir(mode=0o500)
    if os.access(folder, os.W_OK):
        pytest.skip("permissions do not bind this user; a file in place of the folder is tried instead")
    with pytest.raises(StateError, match=r"digests.*--state"):
        publish(storage, DAY, SETTINGS, now=NEXT_MORNING)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("failing_call", [1, 2, 3, 5])
def test_full_disk_leaves_old_or_new_files_and_no_rubbish(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, failing_call: int
) -> None:
    """When the disk is full in the middle, every file is whole, and the next attempt makes it good."""
    publish(storage, DAY, SETTINGS, now=at("19 12:00"))
    old = texts(storage)
    take(storage, [piece("late", "Ferry office moves", "The ferry office moves behind the station.", "19 12:30")])
    calls = iter(range(1, 100))
    sync = os.fsync

    def full(handle: int) -> None:
        if next(calls) == failing_call:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(handle)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(StateError, match="No space left"):
            publish(storage, DAY, SETTINGS, now=NEXT_MORNING)
    left = texts(storage)
    assert publish(storage, DAY, SETTINGS, now=NEXT_MORNING).outcome is Outcome.WRITTEN
    new = texts(storage)
    assert sorted(left) == sorted(old) == sorted(new)
    assert all(left[name] in (old[name], new[name]) for name in left)
    assert old != new


def test_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while a file is written leaves the old one and no temporary file."""
    path = tmp_path / "f.md"
    write_atomically(path, "old\n")

    def interrupted(_handle: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write_atomically(path, "new\n")
    assert [p.name for p in tmp_path.iterdir()] == ["f.md"]
    assert path.read_text(encoding="utf-8") == "old\n"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_written_text_is_the_text(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Files are UTF-8 with the line ends that they were given."""
    path = tmp_path_factory.getbasetemp() / "written.txt"
    write_atomically(path, text)
    assert path.read_bytes() == text.encode()
