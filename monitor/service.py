"""The background service: a scheduler that is only a ticker, one worker, and an orderly end on a signal.

What is due is decided by the state (each source's next check, the ledger of digests), never by the scheduler's memory,
so that a restart, a suspended machine or a changed clock neither skips nor repeats anything.
"""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable
from datetime import date
from types import FrameType
from zoneinfo import ZoneInfo

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from monitor.app import App
from monitor.errors import MonitorError
from monitor.memory import give_back, use_one_heap
from monitor.pipeline import PassReport
from monitor.publish import Published, due_days, publish, window_of, write_atomically
from monitor.store import digests

#: how often the state is asked which sources are due; the shortest interval a source can have
TICK_S = 60
_WAIT_SLICE_S = 0.2

log = structlog.get_logger()


def write_due_digests(app: App) -> list[Published]:
    """Write every digest that should have been written by now, the oldest first; unwatched days tell nothing."""
    now = app.clock()
    written = []
    issued, first = digests.final_days(app.storage.db), digests.first_listed_at(app.storage.db)
    for day in due_days(issued, first, now, app.digest):
        if digests.has_news(app.storage.db, window_of(day, app.digest.timezone)):
            written.append(publish(app.storage, day, app.digest, now=now))
            log.info("digest_written", digest_date=day.isoformat(), stories=written[-1].stories)
    return written


def tick(app: App) -> PassReport:
    """Write the digests that are due, poll the sources that are, and tell in `health.json` that we are alive."""
    with app.storage.reading():
        # a pass that was killed may have left items without a story, and a digest lists stories
        app.pipeline.settle()
        write_due_digests(app)
        report = app.pipeline.run_pass()
        if report.polled:
            log.info("pass_done", **report.counts())
        write_health(app, report)
    if report.polled:
        give_back()
    return report


def write_health(app: App, report: PassReport) -> None:
    """Write the outcome of the last pass for whoever watches the service from outside."""
    last = digests.last_final(app.storage.db)
    health = {
        "at": app.clock().isoformat(timespec="seconds"),
        "last_pass": report.counts(),
        "last_digest": last.isoformat() if isinstance(last, date) else None,
    }
    write_atomically(app.storage.folder / "health.json", json.dumps(health, indent=2, sort_keys=True) + "\n")


class Stop:
    """Waits until somebody asks the service to end: a signal, or a job that met a bug."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self.bug: BaseException | None = None

    def __call__(self, number: int = 0, _frame: FrameType | None = None) -> None:
        """Ask for the end; also serves as signal handler, so it only sets a flag."""
        self.signal = number
        self._asked.set()

    def failed(self, event: JobExecutionEvent) -> None:
        """Take note of a job that raised: what a user can mend is logged and tried again, a bug ends the service."""
        if isinstance(event.exception, MonitorError):
            log.error("job_failed", job=event.job_id, reason=str(event.exception))
            return
        self.bug = event.exception
        self._asked.set()

    def wait(self) -> None:
        """Block until the end is asked for; in slices, so that signals are seen at once on every platform."""
        while not self._asked.wait(_WAIT_SLICE_S):
            pass


def scheduler_for(app: App) -> BackgroundScheduler:
    """Return a scheduler with one worker, so that there is one writer and jobs never overlap.

    The defaults of APScheduler 3 would silently skip a job that starts one second late: a late one must run.
    """
    return BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        timezone=ZoneInfo(app.digest.timezone),
    )


def run(app: App, *, stop: Stop, tick_s: float = TICK_S, on_ready: Callable[[], None] = lambda: None) -> None:
    """Run until `stop` is called, then end in order: break off fetches, let the transaction under way finish.

    Raises:
        BaseException: whatever bug a job met.

    """
    use_one_heap()
    scheduler = scheduler_for(app)
    scheduler.add_listener(stop.failed, EVENT_JOB_ERROR)
    scheduler.add_listener(
        lambda event: log.warning("job_overdue", job=event.job_id, reason="the last one is still running"),
        EVENT_JOB_MAX_INSTANCES,
    )
    scheduler.add_job(tick, "interval", args=[app], seconds=tick_s, id="tick", next_run_time=app.clock())
    at = app.digest.time
    scheduler.add_job(write_due_digests, "cron", args=[app], hour=at.hour, minute=at.minute, id="digest")
    scheduler.start()
    log.info("service_started", state=str(app.storage.folder), sources=len(app.config.sources()))
    on_ready()
    try:
        stop.wait()
    finally:
        app.pipeline.cancel()
        scheduler.shutdown(wait=True)
    if stop.bug:
        raise stop.bug
    log.info("service_stopped")


def catch_signals(stop: Stop) -> None:
    """Let SIGTERM and SIGINT end the service in order."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
