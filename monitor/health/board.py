"""What the service knows of itself, and what it tells of that in `health.json`; one thread writes, others read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from monitor.health.verdict import STALLED, Service, Verdict, judge
from monitor.pipeline import PassReport
from monitor.redaction import redacted, redacted_fields
from monitor.store.vitals import Vitals


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known at one moment."""

    started_at: datetime
    pid: int
    version: str
    alive_at: datetime
    #: the same by a clock that nobody can set, in seconds
    alive_s: float
    is_running: bool = True
    vitals: Vitals | None = None
    report: PassReport | None = None
    #: when the last pass that polled anything ended, and how long it took
    passed_at: datetime | None = None
    pass_s: float | None = None
    failed: str | None = None
    refused: str | None = None
    next_digest_at: datetime | None = None


class Board:
    """Holds what is known; a reader gets all of one moment."""

    def __init__(self, started_at: datetime, pid: int, version: str, seconds: Callable[[], float]) -> None:
        self._lock = threading.Lock()
        self._seconds = seconds
        self.known = Known(started_at=started_at, pid=pid, version=version, alive_at=started_at, alive_s=seconds())

    def note(self, **what: object) -> None:
        """Replace some of what is known; any thread may."""
        with self._lock:
            self.known = replace(self.known, **what)  # type: ignore[arg-type]  # its fields are checked by their readers

    def beat(self, now: datetime) -> None:
        """Note that the worker gives a sign of life."""
        self.note(alive_at=now, alive_s=self._seconds())

    @property
    def is_alive(self) -> bool:
        """Tell whether the worker gave a sign of life not long ago; a clock that is set does not matter."""
        return self._silent() <= STALLED

    def _silent(self) -> timedelta:
        """Return the time since the last sign of life."""
        return timedelta(seconds=self._seconds() - self.known.alive_s)

    def verdict(self, now: datetime) -> Verdict:
        """Return whether the monitor is well; before the first tick nothing speaks against it."""
        known = self.known
        service = Service(f"process {known.pid}", None, self._silent(), known.failed, known.refused)
        return judge(known.vitals, service, now)


def health(known: Known, verdict: Verdict, now: datetime) -> dict[str, object]:
    """Return what `health.json` and the pages tell: figures and texts without secrets, times in ISO 8601."""
    vitals, report = known.vitals, known.report
    return {
        "at": _text(now),
        "running": known.is_running,
        "level": verdict.level.value,
        "problems": [redacted_fields(asdict(problem)) for problem in verdict.problems],
        "failed": redacted(known.failed) if known.failed else None,
        "refused": redacted(known.refused) if known.refused else None,
        "version": known.version,
        "pid": known.pid,
        "started_at": _text(known.started_at),
        "alive_at": _text(known.alive_at),
        "last_pass": report.counts() if report else None,
        "last_pass_at": _text(known.passed_at),
        "last_pass_s": None if known.pass_s is None else round(known.pass_s, 1),
        "last_digest": vitals.last_digest.isoformat() if vitals and vitals.last_digest else None,
        "next_digest_at": _text(known.next_digest_at),
    }


def _text(at: datetime | None) -> str | None:
    """Return a moment as text."""
    return at.isoformat(timespec="seconds") if at else None
