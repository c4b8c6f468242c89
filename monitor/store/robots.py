"""robots.txt in the state: what each origin answered, until it expires."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from monitor.model import RobotsFile
from monitor.store.items import batched, placeholders
from monitor.store.storage import moment, to_text, to_time


def load(db: Database, origins: Iterable[str]) -> dict[str, RobotsFile]:
    """Return what is remembered of some origins; those that nobody asked are missing."""
    found: dict[str, RobotsFile] = {}
    for batch in batched(sorted(set(origins))):
        rows = db.execute(
            f"""select origin, fetched_at, expires_at, verdict, text, reason, unreachable_since_at from robots
            where origin in ({placeholders(batch)})""",  # noqa: S608 - placeholders only
            batch,
        )
        for origin, fetched, expires, verdict, text, reason, since in rows:
            found[origin] = RobotsFile(
                origin, moment(fetched), moment(expires), verdict, text, reason, to_time(since)
            )  # fmt: skip
    return found


def save(db: Database, files: Iterable[RobotsFile]) -> None:
    """Remember what origins answered, in place of what they answered before."""
    db.conn.executemany(
        """insert or replace into robots (origin, fetched_at, expires_at, verdict, text, reason, unreachable_since_at)
        values (?, ?, ?, ?, ?, ?, ?)""",
        [
            (f.origin, to_text(f.fetched_at), to_text(f.expires_at), f.verdict, f.text, f.reason,
             to_text(f.unreachable_since_at))
            for f in files
        ],
    )  # fmt: skip
