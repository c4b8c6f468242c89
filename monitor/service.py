"""The background service: a scheduler that ticks once a minute, an orderly end on a signal, a changed configuration.

What is due is decided by the state (each source's next check, the ledger of digests), never by the scheduler's memory,
so that a restart, a suspended machine or a changed clock neither skips nor repeats anything.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from monitor import __version__, courier, housekeeping
from monitor import app as application
from monitor.app import App
from monitor.config import Config
from monitor.errors import MonitorError, UsageError
from monitor.files import write_atomically
from monitor.health.board import Board, health
from monitor.health.endpoint import answering
from monitor.health.metrics import Metrics
from monitor.issuing import hand_out
from monitor.memory import empty_caches, give_back, use_one_heap
from monitor.pipeline import PassReport
from monitor.publish import Published, next_due_at, overdue, publish
from monitor.renewal import Renewal
from monitor.store import backwards, vitals
from monitor.store.storage import mapped_errors
from monitor.systemd import Manager

#: how often the state is asked which sources are due; the shortest interval a source can have
TICK_S = 60
#: how long the worker may take to end once it is asked to: service managers kill after ten seconds and more
END_S = 6.0
#: a tick that takes so many times its turn is told, once: hosts that want pauses may take five minutes of a pass
SLOW_TURNS = 10
_WAIT_SLICE_S = 0.2

log = structlog.get_logger()


# ---------------------------------------------------------------- one tick


def write_due_digests(app: App) -> list[Published]:
    """Write every digest that should have been written by now, the oldest first; unwatched days tell nothing."""
    now = app.clock()
    hand_out(app.storage, app.digest.watchlists, app.digest.site)
    written = []
    for day, _ in overdue(app.storage, app.digest, now):
        written.append(publish(app.storage, day, app.digest, now=now))
        log.info("digest_written", digest_date=day.isoformat(), stories=written[-1].stories)
    return written


def tick(app: App, signs: Signs | None = None) -> PassReport:
    """Write the digests that are due, poll the sources that are, and tell in `health.json` how we are."""
    signs = signs or Signs(_board(app.clock()))
    with app.storage.reading():
        if backwards.is_ahead(app.storage.db, app.clock()):
            with app.storage.transaction() as db:
                log.warning("clock_went_back", **backwards.bring_back(db, app.clock()))
        # a pass that was killed may have left items without a story, and a digest lists stories
        app.pipeline.settle()
        write_due_digests(app)
        signs.board.beat(app.clock())
        began = time.monotonic()
        report = app.pipeline.run_pass(advance=lambda _steps, _total: signs.board.beat(app.clock()))
        if report.polled:
            took = time.monotonic() - began
            log.info("pass_done", **report.counts(), seconds=round(took, 1))
            signs.passed(app, report, took)
        signs.look(app)
        write_health(app, signs.board)
        housekeeping.keep(app.storage, app.config, app.clock())
    if report.polled:
        rest(app)
    return report


def rest(app: App) -> None:
    """Let go of the memory that a pass has used."""
    app.storage.forget_pages()
    empty_caches()
    give_back()


class Signs:
    """What the service tells of itself: board and metrics; they outlive a changed configuration."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.metrics = Metrics(board)

    def passed(self, app: App, report: PassReport, seconds: float) -> None:
        """Note what a pass came to."""
        self.board.note(report=report, passed_at=app.clock(), pass_s=seconds)
        self.metrics.passed(report, seconds)

    def look(self, app: App) -> None:
        """Read the vitals after a tick that went well, and tell the log when the verdict is another one."""
        now = app.clock()
        before = self.board.verdict(now)
        found = vitals.read(app.storage, now, tuple(overdue(app.storage, app.digest, now)))
        due = next_due_at(now, app.digest)
        self.board.note(vitals=found, failed=None, next_digest_at=due)
        self.board.beat(now)
        after = self.board.verdict(now)
        if after.level is not before.level:
            what = [problem.what for problem in after.problems]
            log.warning("health_changed", before=before.level.value, now=after.level.value, problems=what)


def _board(now: datetime) -> Board:
    """Return an empty board of this process."""
    return Board(now, os.getpid(), __version__, time.monotonic)


def write_health(app: App, board: Board) -> None:
    """Write for whoever watches from outside how the service is."""
    now = app.clock()
    told = health(board.known, board.verdict(now), now)
    text = json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False)
    path = app.storage.folder / "health.json"
    with mapped_errors(path):
        write_atomically(path, f"{text}\n")


def try_health(app: App, board: Board) -> None:
    """Do the same beside what is more important: a disk that is full is told by other means."""
    with suppress(OSError, MonitorError):
        write_health(app, board)


# ---------------------------------------------------------------- signals and the configuration


class Stop:
    """Waits until somebody asks the service to end."""

    def __init__(self) -> None:
        self.is_asked = False

    def __call__(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Ask for the end; also serves as signal handler, which may take no lock, so it only sets a flag."""
        self.is_asked = True

    def wait(self, seconds: float) -> bool:
        """Return whether the end was asked for, after so many seconds if not at once."""
        if not self.is_asked:
            time.sleep(seconds)
        return self.is_asked


def catch_signals(stop: Stop, renewal: Renewal | None = None) -> None:
    """Let SIGTERM and SIGINT end the service in order, and SIGHUP read its configuration again."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    if renewal:
        signal.signal(signal.SIGHUP, renewal.ask)


# ---------------------------------------------------------------- the worker


class Worker:
    """Has the scheduler make one tick after the other in a thread of its own, so that there is one writer."""

    def __init__(self, app: App, signs: Signs, tick_s: float) -> None:
        self._app, self._signs, self._turn = app, signs, timedelta(seconds=tick_s)
        self._is_finishing = False
        self._one_at_a_time = threading.Lock()
        # A tick that comes late must run: the defaults of APScheduler 3 skip a job that starts a second late.
        defaults = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(1)}, job_defaults=defaults, timezone=UTC
        )
        # the service itself tells of a pass that takes its time, and of one that failed
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self.began: float | None = None
        self.bug: BaseException | None = None

    def start(self) -> None:
        """Begin with the first tick."""
        self._scheduler.add_job(
            self._work, "interval", seconds=self._turn.total_seconds(), id="tick", next_run_time=application.utc_now()
        )
        self._scheduler.start()

    def keep_turn(self) -> None:
        """Make the next tick at once when it lies more than a turn ahead.

        APScheduler waits for a time of day: after a clock was put back by an hour it would stand still for an hour.
        """
        job, now = self._scheduler.get_job("tick"), application.utc_now()
        if job and job.next_run_time > now + 2 * self._turn:
            log.warning("clock_put_back", waited_for=job.next_run_time.isoformat(timespec="seconds"))
            job.modify(next_run_time=now)

    def finish(self) -> None:
        """Ask it to end after the tick under way."""
        self._is_finishing = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def has_ended(self, within_s: float = 0.0) -> bool:
        """Return whether it has ended, at once or within so many seconds."""
        if not self._is_finishing and self.bug is None:
            return False
        if is_free := self._one_at_a_time.acquire(timeout=within_s):
            self._one_at_a_time.release()
        return is_free

    def _work(self) -> None:
        """Make a tick; what a user can mend is logged and tried again, a bug ends the service."""
        with self._one_at_a_time:
            if self._is_finishing or self.bug:
                return
            self.began = time.monotonic()
            try:
                tick(self._app, self._signs)
            except MonitorError as error:
                log.error("job_failed", job="tick", reason=str(error))  # noqa: TRY400 - a traceback helps no user
                self._failed(str(error))
            except BaseException as bug:  # noqa: BLE001 - the main thread raises it
                self.bug = bug
            self.began = None

    def _failed(self, reason: str) -> None:
        """Note why a tick failed, and tell it if the disk lets us."""
        board = self._signs.board
        board.note(failed=reason)
        board.beat(self._app.clock())
        try_health(self._app, board)


# ---------------------------------------------------------------- the run


def run(
    app: App, *, stop: Stop, signs: Signs | None = None, renewed: Callable[[], Config | None] = lambda: None,
    tick_s: float = TICK_S, on_ready: Callable[[], None] = lambda: None,
    give_up: Callable[[int], object] = os._exit,
) -> Config | None:  # fmt: skip
    """Run until `stop` is called or another configuration is to be used, which is returned after the pass under way.

    At the end fetches are broken off, and the transaction under way may finish. One that takes longer than END_S is
    left to the next start, which finds the state as if the process had been killed.

    Raises:
        BaseException: whatever bug a tick met.

    """
    signs = signs or Signs(_board(app.clock()))
    worker = Worker(app, signs, tick_s)
    use_one_heap()
    worker.start()
    log.info("service_started", state=str(app.storage.folder), sources=len(app.config.sources()))
    on_ready()
    following: Config | None = None
    try:
        for _ in _slices(stop, worker, signs, SLOW_TURNS * tick_s):
            refused = signs.board.known.refused
            if following is None and (following := renewed()):
                worker.finish()
            if signs.board.known.refused != refused:
                try_health(app, signs.board)
            if worker.has_ended():
                break
            worker.keep_turn()
    finally:
        worker.finish()
        app.pipeline.cancel()
        if not worker.has_ended(END_S):
            log.error("stop_forced", reason=f"a transaction takes longer than {END_S:.0f} s; the next start undoes it")
            give_up(0)
    if worker.bug:
        raise worker.bug
    if stop.is_asked:
        log.info("service_stopped")
        return None
    return following


def _slices(stop: Stop, worker: Worker, signs: Signs, slow_s: float) -> Iterator[None]:
    """Yield a few times a second until the end is asked for; tell the manager that we are alive, and of slow passes."""
    manager = Manager()
    watchdog_s, patted, told = manager.watchdog_s(), 0.0, None
    while not stop.wait(_WAIT_SLICE_S):
        yield
        began, now = worker.began, time.monotonic()
        if began is not None and told != began and now - began > slow_s:
            told = began
            log.warning("pass_slow", minutes=round((now - began) / 60, 1), reason="the last one is still running")
        if watchdog_s and signs.board.is_alive and now - patted > watchdog_s / 3:
            patted = now
            manager.tell("WATCHDOG=1")


def serve(config: Config, renewal: Renewal, stop: Stop, *, tick_s: float = TICK_S) -> None:
    """Hold the state and run on it until the end, each accepted configuration after the other.

    Raises:
        StateLocked: another monitor holds the state.
        MonitorError: the state or the configuration cannot be used.
        BaseException: whatever bug a tick met.

    """
    signs, manager = Signs(_board(application.utc_now())), Manager()
    current: Config | None = config
    with application.exclusive(config.state):
        while current is not None:
            used = current
            with application.build(used) as app, courier.working(application.courier(used)), _pages(used, app, signs):
                ready = partial(_ready, app, manager)
                try:
                    renewed = partial(renewal.renewed, used, signs.board)
                    current = run(app, stop=stop, signs=signs, renewed=renewed, tick_s=tick_s, on_ready=ready)
                finally:
                    manager.tell("STOPPING=1" if stop.is_asked else "STATUS=taking over a changed configuration")
                if current is None:
                    signs.board.note(is_running=False)
                    try_health(app, signs.board)


def _ready(app: App, manager: Manager) -> None:
    """Say that the service works."""
    manager.tell("READY=1", f"STATUS=watching {len(app.config.sources())} sources")


@contextmanager
def _pages(config: Config, app: App, signs: Signs) -> Iterator[None]:
    """Answer on the configured port; one that is taken is told, and no reason not to watch the news."""
    wanted = config.health
    with ExitStack() as stack:
        if wanted.port is not None:
            pages = answering(wanted.host, wanted.port, signs.board, signs.metrics, app.clock)
            try:
                host, port = stack.enter_context(pages)
                log.info("health_served", host=host, port=port)
            except UsageError as error:
                log.error("health_not_served", reason=str(error))  # noqa: TRY400 - a traceback helps no user
        yield
