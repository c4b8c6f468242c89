"""The figures that tell whether the monitor is well, read in a few milliseconds: counts, sources, runs, sizes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime

from monitor.model import SourceState
from monitor.store import digests, search
from monitor.store.storage import Storage, moment, to_time


@dataclass(frozen=True, slots=True)
class SourceVitals:
    """How one configured source is doing."""

    source_id: str
    state: SourceState
    reason: str | None
    last_polled_at: datetime | None
    last_ok_at: datetime | None
    #: None: it was never polled and is due
    next_check_at: datetime | None

    def lag_s(self, now: datetime) -> float:
        """Return for how many seconds it has been due."""
        return max(0.0, (now - self.next_check_at).total_seconds()) if self.next_check_at else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """What the state says about the monitor's health at a moment; sizes in bytes."""

    at: datetime
    totals: dict[str, int]
    sources: tuple[SourceVitals, ...]
    #: the newest pass; it has not ended when it is under way or was killed
    pass_started_at: datetime | None
    pass_ended_at: datetime | None
    #: when a run last wrote to the state
    newest_at: datetime | None
    last_digest: date | None
    last_digest_at: datetime | None
    #: days whose digest should have been written and was not, with the moment at which the first one was due
    digests_due: tuple[date, ...]
    digest_due_since: datetime | None
    changes: dict[str, int]
    database_bytes: int
    wal_bytes: int
    free_bytes: int


def read(storage: Storage, now: datetime, due: tuple[tuple[date, datetime], ...]) -> Vitals:
    """Read them; `due` are the digests that should have been written by now and were not, each with its moment."""
    db = storage.db
    run = db.execute("select started_at, ended_at from runs where kind = 'pass' order by id desc limit 1").fetchone()
    started, ended = run or (None, None)
    issued = db.execute(
        "select max(written_at) from digests where final and digest_date = (select max(digest_date) from digests"
        " where final)"
    ).fetchone()
    return Vitals(
        at=now,
        totals=search.totals(db),
        sources=_sources(storage),
        pass_started_at=to_time(started),
        pass_ended_at=to_time(ended),
        newest_at=search.newest_moment(db),
        last_digest=digests.last_final(db),
        last_digest_at=to_time(issued[0]),
        digests_due=tuple(day for day, _ in due),
        digest_due_since=due[0][1] if due else None,
        changes=dict(db.execute("select change, count(*) from story_history group by change").fetchall()),
        database_bytes=_size(storage, ""),
        wal_bytes=_size(storage, "-wal"),
        free_bytes=shutil.disk_usage(storage.folder).free,
    )


def _sources(storage: Storage) -> tuple[SourceVitals, ...]:
    """Return how the configured sources are doing, by id."""
    rows = storage.db.execute(
        "select id, state, reason, last_polled_at, last_ok_at, next_check_at from sources where configured order by id"
    )
    return tuple(
        SourceVitals(
            i, SourceState(state), reason, to_time(polled), to_time(ok), moment(following) if following else None
        )
        for i, state, reason, polled, ok, following in rows
    )


def _size(storage: Storage, ending: str) -> int:
    """Return the size of the database or of its log, 0 when it is not there."""
    path = storage.path.with_name(storage.path.name + ending)
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
