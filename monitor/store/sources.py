"""Outlets and sources in the state: what is configured, what is due, how each poll went."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.model import Outlet, Poll, Selectors, Skipped, Source, SourceKind, SourceRecord, SourceState, Validators
from monitor.store.storage import moment, to_text, to_time

_COLUMNS = (
    "id, outlet_id, url, kind, lang, official, trusted, interval_s, state, reason, since_at, next_check_at, etag, "
    "last_modified, body_hash, failures, last_polled_at, last_ok_at, last_new_at, moved_to, max_interval_s, "
    "obeys_robots, published_times, floor_s, wait_s, wait_reason, move_target, move_sightings, match, pages, selectors"
)
#: how an address is read: when that changes, the same bytes give other entries
_SAME_READING = (
    "url = excluded.url and kind = excluded.kind and match is excluded.match and pages = excluded.pages "
    "and selectors is excluded.selectors"
)


def sync(db: Database, outlets: Iterable[Outlet], sources: Iterable[Source]) -> None:
    """Make the state hold exactly the configured outlets and sources; what has gone is kept, but no longer polled.

    A source whose address changed starts afresh: what was learnt from the old address says nothing about the new one.
    """
    save_outlets(db, outlets)
    db.execute("update sources set configured = 0")
    db.conn.executemany(
        f"""insert into sources (id, outlet_id, url, kind, lang, official, trusted, interval_s, max_interval_s,
        obeys_robots, match, pages, selectors)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do update set
        state = iif(url = excluded.url, state, 'new'), reason = iif(url = excluded.url, reason, null),
        since_at = iif(url = excluded.url, since_at, null), etag = iif(url = excluded.url, etag, null),
        last_modified = iif(url = excluded.url, last_modified, null),
        body_hash = iif({_SAME_READING}, body_hash, null), failures = iif(url = excluded.url, failures, 0),
        next_check_at = iif(url = excluded.url, next_check_at, null),
        moved_to = iif(url = excluded.url, moved_to, null), move_target = iif(url = excluded.url, move_target, null),
        move_sightings = iif(url = excluded.url, move_sightings, 0),
        published_times = iif(url = excluded.url, published_times, '[]'),
        floor_s = iif(url = excluded.url, floor_s, 0),
        wait_s = iif(url = excluded.url, wait_s, null), wait_reason = iif(url = excluded.url, wait_reason, null),
        outlet_id = excluded.outlet_id, url = excluded.url, kind = excluded.kind, lang = excluded.lang,
        official = excluded.official, trusted = excluded.trusted, interval_s = excluded.interval_s,
        max_interval_s = excluded.max_interval_s, obeys_robots = excluded.obeys_robots,
        match = excluded.match, pages = excluded.pages, selectors = excluded.selectors, configured = 1""",  # noqa: S608 - a constant
        [_row(source) for source in sources],
    )


def _row(source: Source) -> tuple[object, ...]:
    """Return a source as the values of its row."""
    s = source
    selectors = json.dumps(asdict(s.selectors)) if s.selectors else None
    return (
        s.id, s.outlet_id, s.url, s.kind.value, s.lang, int(s.official), int(s.trusted), s.interval_s,
        s.max_interval_s, int(s.obeys_robots), s.match, s.pages, selectors,
    )  # fmt: skip


def save_outlets(db: Database, outlets: Iterable[Outlet]) -> None:
    """Insert or rename outlets."""
    db.conn.executemany(
        "insert into outlets (id, name, family) values (?, ?, ?) "
        "on conflict (id) do update set name = excluded.name, family = excluded.family",
        [(o.id, o.name, o.family) for o in outlets],
    )


def add_unknown_outlets(db: Database, names: Iterable[str]) -> None:
    """Insert outlets that are known by name only, each its own family; known ones stay as they are."""
    db.conn.executemany(
        "insert or ignore into outlets (id, name, family) values (?, ?, ?)", [(name, name, name) for name in names]
    )


def due(db: Database, now: datetime, only: Sequence[str] = ()) -> list[SourceRecord]:
    """Return the configured sources that are to be polled now, the longest waiting first; `only` names them instead."""
    if only:
        marks = ", ".join("?" * len(only))
        rows = db.execute(
            f"select {_COLUMNS} from sources where configured and id in ({marks}) order by id",  # noqa: S608 - placeholders
            list(only),
        )
    else:
        rows = db.execute(
            f"select {_COLUMNS} from sources where configured "  # noqa: S608 - a constant
            "and (next_check_at is null or next_check_at <= ?) order by coalesce(next_check_at, ''), id",
            [to_text(now)],
        )
    return [_record(row) for row in rows]


def records(db: Database) -> list[SourceRecord]:
    """Return all configured sources, by id."""
    rows = db.execute(f"select {_COLUMNS} from sources where configured order by id")  # noqa: S608 - a constant
    return [_record(row) for row in rows]


def _record(row: Sequence[Any]) -> SourceRecord:
    """Build the record of one row."""
    (
        source_id, outlet_id, url, kind, lang, official, trusted, interval_s, state, reason, since_at, next_check_at,
        etag, last_modified, body_hash, failures, last_polled_at, last_ok_at, last_new_at, moved_to, max_interval_s,
        obeys_robots, published_times, floor_s, wait_s, wait_reason, move_target, move_sightings, match, pages,
        selectors,
    ) = row  # fmt: skip
    return SourceRecord(
        source=Source(
            source_id, outlet_id, url, SourceKind(kind), lang, bool(official), bool(trusted), interval_s,
            max_interval_s, bool(obeys_robots), match=match, pages=pages,
            selectors=Selectors(**json.loads(selectors)) if selectors else None,
        ),
        state=SourceState(state),
        reason=reason,
        since_at=to_time(since_at),
        next_check_at=to_time(next_check_at),
        validators=Validators(etag, last_modified),
        body_hash=body_hash,
        failures=failures,
        last_polled_at=to_time(last_polled_at),
        last_ok_at=to_time(last_ok_at),
        last_new_at=to_time(last_new_at),
        moved_to=moved_to,
        move_target=move_target,
        move_sightings=move_sightings,
        published_times=tuple(map(moment, json.loads(published_times))),
        floor_s=floor_s,
        wait_s=wait_s,
        wait_reason=wait_reason,
    )  # fmt: skip


def save_poll(db: Database, run_id: int, poll: Poll) -> None:
    """Write one poll: a row of history and the source's new condition."""
    r = poll.record
    db.execute(
        """update sources set state = ?, reason = ?, since_at = ?, next_check_at = ?, etag = ?, last_modified = ?,
        body_hash = ?, failures = ?, last_polled_at = ?, last_ok_at = ?, last_new_at = ?, moved_to = ?, move_target = ?,
        move_sightings = ?, published_times = ?, floor_s = ?, wait_s = ?, wait_reason = ? where id = ?""",
        [
            r.state.value, r.reason, to_text(r.since_at), to_text(r.next_check_at), r.validators.etag,
            r.validators.last_modified, r.body_hash, r.failures, to_text(r.last_polled_at), to_text(r.last_ok_at),
            to_text(r.last_new_at), r.moved_to, r.move_target, r.move_sightings,
            json.dumps([to_text(at) for at in r.published_times]), r.floor_s, r.wait_s, r.wait_reason, r.source.id,
        ],
    )  # fmt: skip
    db.execute(
        """insert into polls (run_id, source_id, result, http_status, reason, started_at, ended_at, entries, new,
        revised, dropped, state, state_reason, since_at, last_ok_at, last_new_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            run_id, r.source.id, poll.result.value, poll.http_status, poll.reason, to_text(poll.started_at),
            to_text(poll.ended_at), poll.entries, poll.new, poll.revised, poll.dropped,
            r.state.value, r.reason, to_text(r.since_at), to_text(r.last_ok_at), to_text(r.last_new_at),
        ],
    )  # fmt: skip


def start_run(db: Database, kind: str, now: datetime) -> int:
    """Open a run (`pass`, `import` or `digest`) and return its id."""
    return _rowid(db.execute("insert into runs (kind, started_at) values (?, ?)", [kind, to_text(now)]))


def end_run(db: Database, run_id: int, now: datetime, note: str | None = None) -> None:
    """Close a run; one that was killed stays open, which tells what happened."""
    db.execute("update runs set ended_at = ?, note = ? where id = ?", [to_text(now), note, run_id])


def leave_out(db: Database, run_id: int, source_id: str | None, skipped: Iterable[Skipped]) -> None:
    """Write down what a run could not take, and why."""
    db.conn.executemany(
        "insert into left_out (run_id, source_id, what, reason) values (?, ?, ?, ?)",
        [(run_id, source_id, s.what, s.reason) for s in skipped],
    )


def _rowid(cursor: sqlite3.Cursor) -> int:
    """Return the id that an insert made."""
    if cursor.lastrowid is None:
        raise AssertionError("an insert always makes a row")
    return cursor.lastrowid
