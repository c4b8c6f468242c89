"""Outlets and sources in the state: what is configured, what is due, how each poll went."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlite_utils import Database
from store_builders import NOW, at, poll, watch

from monitor.model import (
    Outlet,
    Poll,
    PollResult,
    Selectors,
    Skipped,
    Source,
    SourceKind,
    SourceRecord,
    SourceState,
    Validators,
)
from monitor.store import sources


def names(records: list[SourceRecord]) -> list[str]:
    """Return the ids of some sources in their order."""
    return [record.source.id for record in records]


# ---------------------------------------------------------------- configuration


def test_source_comes_back_as_configured(db: Database) -> None:
    """Every setting of a source survives the state, and a fresh one was never polled."""
    source = Source(
        "front", "quay", "https://quay.example/", SourceKind.LISTING, "az", official=True, trusted=True, interval_s=9,
        match="/news/", pages=4, selectors=Selectors("li", date="time"),
    )  # fmt: skip
    sources.sync(db, [Outlet("quay", "Quay", "house")], [source])
    assert sources.records(db) == [SourceRecord(source)]


def test_source_that_left_the_configuration_is_kept_unpolled(db: Database) -> None:
    """What a former source brought still has a source; coming back it goes on where it was."""
    front, trade = watch(db, "front", "trade")
    poll(db, trade, at("20 12:00"), body_hash="b")
    watch(db, "front")
    assert names(sources.records(db)) == names(sources.due(db, NOW)) == ["front"]
    assert sources.due(db, NOW, only=["trade"]) == []
    watch(db, "front", "trade")
    assert sources.records(db)[1].body_hash == "b"
    assert sources.records(db)[0].source == front


@pytest.mark.parametrize(
    "change",
    [{"kind": SourceKind.LISTING}, {"match": "/news/"}, {"pages": 2}, {"selectors": Selectors("li")}],
    ids=lambda change: next(iter(change)),
)
def test_source_that_is_read_otherwise_is_read_anew(db: Database, change: dict[str, Any]) -> None:
    """When only the way of reading changes, the source keeps its condition, but the same bytes count as new."""
    (front,) = watch(db, "front")
    poll(db, front, at("20 12:00"), body_hash="b")
    (before,) = sources.records(db)
    sources.sync(db, (), [replace(before.source, **change)])
    assert sources.records(db) == [replace(before, source=replace(before.source, **change), body_hash=None)]


def test_source_with_another_address_starts_afresh(db: Database) -> None:
    """What was learnt from the old address says nothing about the new one."""
    (front,) = watch(db, "front")
    poll(db, front, at("20 12:00"), body_hash="b", state=SourceState.FAILING, reason="HTTP 500", failures=3)
    watch(db, "front", interval_s=60)
    assert (sources.records(db)[0].failures, sources.records(db)[0].source.interval_s) == (3, 60)
    watch(db, "front", url="https://quay.example/new.xml")
    (moved,) = sources.records(db)
    assert (moved.state, moved.reason, moved.failures) == (SourceState.NEW, None, 0)
    assert (moved.body_hash, moved.validators, moved.next_check_at) == (None, Validators(), None)


def test_outlets_are_renamed_but_not_by_hearsay(db: Database) -> None:
    """The configuration names outlets; a name that an import brings does not change one."""
    sources.save_outlets(db, [Outlet("quay", "Quay", "quay")])
    sources.save_outlets(db, [Outlet("quay", "Quay Courier", "house")])
    sources.add_unknown_outlets(db, ["quay", "Pier"])
    rows = db.execute("select id, name, family from outlets order by id").fetchall()
    assert rows == [("Pier", "Pier", "Pier"), ("quay", "Quay Courier", "house")]


def test_source_of_an_unknown_outlet_is_a_bug(db: Database) -> None:
    """A source without its outlet cannot be stored."""
    with pytest.raises(sqlite3.IntegrityError):
        sources.sync(db, [], [Source("front", "nobody", "https://quay.example/")])


# ---------------------------------------------------------------- due


def test_due_sources_come_longest_waiting_first(db: Database) -> None:
    """New sources come first, then those that wait longest; what is due later is not asked."""
    made = watch(db, "a", "b", "c", "d", "e")
    for source, when in zip(made[:3], (at("22 11:00"), at("22 10:00"), at("22 12:01")), strict=True):
        poll(db, source, at("20 12:00"), next_check_at=when)
    poll(db, made[3], at("20 12:00"), next_check_at=at("22 12:01"), state=SourceState.RETIRED)
    assert names(sources.due(db, NOW)) == ["e", "b", "a"]


def test_retired_source_is_due_at_its_moment(db: Database) -> None:
    """A source that was gone is asked again at its next check, unless it has left the configuration."""
    made = watch(db, "a", "b")
    for source in made:
        poll(db, source, at("20 12:00"), next_check_at=NOW, state=SourceState.RETIRED)
    assert sources.due(db, NOW - timedelta(seconds=1)) == []
    assert names(sources.due(db, NOW)) == ["a", "b"]
    watch(db, "b")
    assert names(sources.due(db, NOW)) == ["b"]


def test_source_is_due_at_its_very_moment(db: Database) -> None:
    """The moment of the next check belongs to the time in which it is due."""
    (source,) = watch(db, "a")
    poll(db, source, at("20 12:00"), next_check_at=NOW)
    assert names(sources.due(db, NOW)) == ["a"]
    assert sources.due(db, NOW - timedelta(seconds=1)) == []


def test_named_sources_are_due_whatever_their_time(db: Database) -> None:
    """Who names sources gets exactly these, retired ones included."""
    made = watch(db, "a", "b", "c")
    poll(db, made[0], at("20 12:00"), next_check_at=at("30 12:00"), state=SourceState.RETIRED)
    assert names(sources.due(db, NOW, only=["b", "a", "x"])) == ["a", "b"]


# ---------------------------------------------------------------- polls and runs


def test_poll_changes_the_source_and_adds_to_its_history(db: Database) -> None:
    """The newest condition stands with the source, each poll with its own condition in the history."""
    (source,) = watch(db, "a")
    poll(db, source, at("20 12:00"), new=3, entries=5, http_status=200)
    poll(db, source, at("21 12:00"), result=PollResult.FAILED, state=SourceState.FAILING, reason="timeout", failures=1)
    (record,) = sources.records(db)
    assert (record.state, record.reason, record.failures) == (SourceState.FAILING, "timeout", 1)
    assert record.last_polled_at == at("21 12:00")
    rows = db.execute("select result, entries, new, state, state_reason from polls order by id").fetchall()
    assert rows == [("ok", 5, 3, "ok", None), ("failed", 0, 0, "failing", "timeout")]


def test_record_survives_whole(db: Database) -> None:
    """Everything a poll learnt is there for the next one."""
    (source,) = watch(db, "a")
    record = SourceRecord(
        source, SourceState.BLOCKED, "a login page answered", at("19 00:00"), at("23 00:00"),
        Validators('W/"1"', "Fri, 20 Nov 2026 12:00:00 GMT"), "hash", 4, at("22 00:00"), at("18 00:00"), at("17 00:00"),
        "https://quay.example/moved.xml",
    )  # fmt: skip
    run_id = sources.start_run(db, "pass", NOW)
    sources.save_poll(db, run_id, Poll(record, PollResult.BLOCKED, NOW, NOW))
    assert sources.records(db) == [record]


def test_run_that_was_killed_stays_open(db: Database) -> None:
    """A run has an end only when it came to it, and a note of what it came to."""
    first, second = (sources.start_run(db, "pass", NOW) for _ in range(2))
    sources.end_run(db, second, NOW + timedelta(minutes=1), "2 new")
    rows = db.execute("select id, ended_at, note from runs order by id").fetchall()
    assert rows == [(first, None, None), (second, "2026-11-22T12:01:00Z", "2 new")]


def test_what_is_left_out_is_written_down(db: Database) -> None:
    """Nothing that a run could not take disappears without its reason."""
    run_id = sources.start_run(db, "import", NOW)
    sources.leave_out(db, run_id, None, [Skipped("line 3", "no id"), Skipped("line 9", "not JSON")])
    rows = db.execute("select run_id, source_id, what, reason from left_out order by id").fetchall()
    assert rows == [(run_id, None, "line 3", "no id"), (run_id, None, "line 9", "not JSON")]
