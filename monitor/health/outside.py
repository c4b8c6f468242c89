"""How the monitor looks from another process: its state, the lock, and what the service wrote into `health.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from monitor import locking
from monitor.health.verdict import Service, Verdict, judge
from monitor.publish import DigestSettings, next_due_at, overdue
from monitor.store import vitals
from monitor.store.storage import Storage

NAME = "health.json"


@dataclass(frozen=True, slots=True)
class Look:
    """What one look from outside came to."""

    verdict: Verdict
    vitals: vitals.Vitals
    #: who works on the state, None when nobody does
    holder: str | None
    #: when the service that runs, or ran last, was started; None when none ever ran
    started_at: datetime | None
    #: when it last wrote that it is there
    seen_at: datetime | None
    next_digest_at: datetime


def look(storage: Storage, settings: DigestSettings, now: datetime) -> Look:
    """Look at a state and at whoever works on it; `now` is aware."""
    told = _told(storage.folder / NAME)
    holder = locking.holder(storage.folder)
    found = vitals.read(storage, now, tuple(overdue(storage, settings, now)))
    return Look(
        verdict=judge(found, _signs(told, holder, now), now),
        vitals=found,
        holder=holder,
        started_at=_moment(told.get("started_at")),
        seen_at=_moment(told.get("at")),
        next_digest_at=next_due_at(now, settings),
    )


def _signs(told: Mapping[str, object], holder: str | None, now: datetime) -> Service:
    """Return the signs of the service; what an earlier one said of itself does not count."""
    running = told.get("running")
    ended = None if running is None else not running
    if holder is None or f"process {told.get('pid')}," not in holder:
        return Service(holder, ended)
    alive = _moment(told.get("alive_at"))
    silent = now - alive if alive else timedelta(0)
    failed, refused = (str(why) if (why := told.get(name)) else None for name in ("failed", "refused"))
    return Service(holder, ended, silent, failed, refused)


def _told(path: Path) -> Mapping[str, object]:
    """Return what the service wrote, nothing when it never did or the file cannot be read."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _moment(text: object) -> datetime | None:
    """Return a moment that the service wrote; None for anything else."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return at if at.tzinfo else None
