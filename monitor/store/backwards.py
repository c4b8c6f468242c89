"""A clock that was put back: what the state has from a time that is yet to come is brought into the present.

Without this, a machine that was a year ahead for an hour would poll nothing for a year and hold digests of days to come
for written.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor.store.storage import moment, to_text

#: so far apart two clocks of one machine may be that are both right
TOLERANCE = timedelta(seconds=5)


def is_ahead(db: Database, now: datetime) -> bool:
    """Tell whether the newest run or poll is from the future, so that the clock must have been put back since."""
    limit = to_text(now + TOLERANCE)
    (ahead,) = db.execute(
        "select exists (select 1 from runs where id = (select max(id) from runs)"
        " and coalesce(ended_at, started_at) > ?) or exists (select 1 from sources where last_polled_at > ?)",
        [limit, limit],
    ).fetchone()
    return bool(ahead)


def bring_back(db: Database, now: datetime) -> dict[str, int]:
    """Date what lies in the future back to now; return how many rows of what.

    A source keeps the wait that was decided after its last poll, from now on; a piece counts as seen now; a digest
    whose day is not over is no longer final; rules of robots.txt from the future are asked for again.
    """
    at = to_text(now)
    done = {
        "sources": _sources(db, now),
        "items": db.execute(
            "update items set first_seen_at = ?, listed_at = min(listed_at, ?) where first_seen_at > ?", [at, at, at]
        ).rowcount,
        "digests": db.execute("update digests set final = 0 where final and end_at > ?", [at]).rowcount,
        "runs": db.execute("update runs set started_at = min(started_at, ?), ended_at = ?"
                           " where coalesce(ended_at, started_at) > ?", [at, at, at]).rowcount,
    }  # fmt: skip
    db.execute("update polls set started_at = min(started_at, ?), ended_at = ? where ended_at > ?", [at, at, at])
    db.execute("delete from robots where fetched_at > ?", [at])
    return {name: count for name, count in done.items() if count}


def _sources(db: Database, now: datetime) -> int:
    """Let the wait of each source that was last polled in the future begin now; return how many these are."""
    rows = db.execute(
        "select id, last_polled_at, next_check_at from sources where last_polled_at > ?", [to_text(now)]
    ).fetchall()
    for source_id, polled, following in rows:
        wait = moment(following) - moment(polled) if following else timedelta(0)
        db.execute(
            "update sources set last_polled_at = ?, next_check_at = ?, last_ok_at = min(last_ok_at, ?), "
            "last_new_at = min(last_new_at, ?), since_at = min(since_at, ?) where id = ?",
            [to_text(now), to_text(now + wait), to_text(now), to_text(now), to_text(now), source_id],
        )
    return len(rows)
