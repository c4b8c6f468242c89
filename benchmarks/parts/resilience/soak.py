"""Half an hour of ticks without a pause, an hour of the monitor's time each: what memory, log and threads come to.

The outlets publish steadily, so that after two windows of grouping and the first digests the monitor holds as much as
it ever will: what still grows then is a leak. Its pages for machines are asked all the while.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from parts import newswire
from parts.figures import Figures, table
from parts.plots import line_plot
from parts.sampling import Samples, sampled

from monitor import app as application
from monitor import service
from monitor.config import Config, ExtractSettings, FetchSettings
from monitor.health.board import Board
from monitor.health.endpoint import answering
from monitor.memory import use_one_heap
from monitor.store import digests, search

BEGINS = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
STEP = timedelta(hours=1)
SOURCES, WINDOW_DAYS, PIECES_A_DAY = 24, 3, 96
MINUTES, QUICK_MINUTES = 30.0, 0.5
#: the first part of the run, in which the window of grouping and SQLite's pages fill
WARM_UP = 0.6
#: of the memory after warm-up, between the medians of the first and the last quarter of the rest
MOST_GROWTH = 0.03


@dataclass(slots=True)
class Seen:
    """What was seen of the run."""

    ticks: int = 0
    asked: int = 0
    threads: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    published: int = 0
    lost: int = 0
    days: int = 0
    digests: int = 0


def run(*, quick: bool) -> Figures:
    """Run it and say what grew."""
    minutes = QUICK_MINUTES if quick else MINUTES
    # enough for a machine on which a tick takes 0.2 s
    hours = minutes * 60 * 5
    plan = newswire.Plan(SOURCES, int(hours * PIECES_A_DAY / 24), hours * 3600, BEGINS, 3600, 6 * 3600, shown=12)
    with tempfile.TemporaryDirectory() as folder:
        seen, samples = _watch(plan, Path(folder) / "state", minutes * 60)
    return _figures(minutes, seen, samples, strict=not quick)


def _watch(plan: newswire.Plan, state: Path, seconds: float) -> tuple[Seen, Samples]:
    """Tick until the time is over."""
    now = [BEGINS]
    clock: Callable[[], datetime] = lambda: now[0]  # noqa: E731 - a clock of one line
    config = Config(
        state=state, fetch=FetchSettings(host_gap_s=0), extract=ExtractSettings(workers=1),
        stories={"window_days": WINDOW_DAYS},
    )  # fmt: skip
    signs = service.Signs(Board(BEGINS, os.getpid(), "soak", time.monotonic))
    seen = Seen()
    use_one_heap()  # as the service does at its start
    with (
        newswire.running(plan) as wire,
        application.build(config, connect_to=wire.connect_to, watch=plan.watch(), clock=clock) as app,
        answering("127.0.0.1", 0, signs.board, signs.metrics, clock) as (_, port),
        sampled(state / "monitor.db-wal") as samples,
        _Asking(port, seen),
    ):
        # SQLite keeps up to 32 MB of pages, which fill over days; with less they are full when the warm-up ends
        app.storage.db.execute("pragma cache_size = -8192")
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            wire.tell(now[0])
            service.tick(app, signs)
            now[0] += STEP
            seen.ticks += 1
            if seen.ticks % 25 == 0:
                seen.threads.append(threading.active_count())
                seen.files.append(len(list(Path("/proc/self/fd").iterdir())))
        _compare(seen, wire.book(), app, now[0] - STEP)
    return seen, samples


def _compare(seen: Seen, book: set[str], app: application.App, now: datetime) -> None:
    """Compare the state with what was published up to a while ago, and its digests with the days."""
    stored = {url for (url,) in app.storage.db.execute("select url from items")}
    seen.published = len(book)
    # what the last looks could not see yet is not lost: no source waits longer than six hours and a tenth
    seen.lost = max(0, len(book - stored) - int(7 * PIECES_A_DAY / 24) - 1)
    seen.days = (now - timedelta(hours=6)).date().toordinal() - BEGINS.date().toordinal()
    seen.digests = len(digests.final_days(app.storage.db))
    if search.totals(app.storage.db)["waiting_to_settle"]:
        raise AssertionError("items are left without a story")


class _Asking:
    """Asks the pages once a second."""

    def __init__(self, port: int, seen: Seen) -> None:
        self._port, self._seen, self._ended = port, seen, threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> None:
        """Begin."""
        self._thread.start()

    def __exit__(self, *_exc: object) -> None:
        """End."""
        self._ended.set()
        self._thread.join()

    def _ask(self) -> None:
        """Ask until the end."""
        while not self._ended.wait(1):
            for path in ("healthz", "metrics"):
                with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/{path}", timeout=30) as answer:
                    answer.read()
            self._seen.asked += 2


def _figures(minutes: float, seen: Seen, samples: Samples, *, strict: bool) -> Figures:
    """Return what the run came to."""
    main = [mb for _, mb in samples.rss_mb]
    steady = main[int(len(main) * WARM_UP) :]
    quarter = max(1, len(steady) // 4)
    early, late = median(steady[:quarter]), median(steady[-quarter:])
    growth = (late - early) / early
    rows = [
        ("ticks in so many minutes", f"{seen.ticks:,} in {minutes:g}"),
        ("days of the monitor's time; final digests", f"{seen.days}; {seen.digests}"),
        ("pieces published; lost", f"{seen.published:,}; {seen.lost}"),
        ("requests to /healthz and /metrics", f"{seen.asked:,}"),
        ("memory after warm-up: first quarter, last quarter", f"{early:.1f} MB, {late:.1f} MB ({growth:+.1%})"),
        ("most memory of the main process", f"{max(main):.0f} MB"),
        ("write-ahead log at most", f"{max(mb for _, mb in samples.wal_mb):.0f} MB"),
        ("threads, open files: first and last look", f"{_ends(seen.threads)}; {_ends(seen.files)}"),
    ]
    problems = [
        f"memory grew by {growth:.1%} after warm-up" if strict and growth > MOST_GROWTH else "",
        f"{seen.lost} pieces were lost" if seen.lost else "",
        f"{seen.digests} digests for {seen.days} days" if seen.digests != seen.days else "",
        "threads or files grew" if _grew(seen.threads) or _grew(seen.files) else "",
    ]
    step = max(1, len(samples.rss_mb) // 90)
    points = [(at / 60, mb) for at, mb in samples.rss_mb[::step]]
    plot = line_plot("Memory of the main process in the soak", "minutes", "MB", {"resident": points})
    return Figures(table(("", ""), rows), {"soak-memory": plot}, tuple(filter(None, problems)))


def _ends(counts: list[int]) -> str:
    """Return the first and the last of some counts."""
    return f"{counts[0]}, {counts[-1]}" if counts else "-"


def _grew(counts: list[int]) -> bool:
    """Tell whether the last counts are above all of the first half by more than a few."""
    return len(counts) > 8 and min(counts[-4:]) > max(counts[: len(counts) // 2]) + 3
