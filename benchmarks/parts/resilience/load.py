"""An hour of 500 sources and 20,000 new pieces, in real passes over HTTP, while two readers hold long queries.

Idle time is skipped, work takes the time it takes: a pass of 40 s is 40 s of the hour, as it would be in the service.
"""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path

from parts import newswire
from parts.figures import Figures, table
from parts.plots import line_plot
from parts.sampling import Samples, sampled

from monitor import app as application
from monitor import service
from monitor.config import Config, FetchSettings
from monitor.health.board import Board
from monitor.memory import use_one_heap
from monitor.pipeline import PassReport
from monitor.store import search

BEGINS = datetime(2026, 11, 23, 9, tzinfo=UTC)
#: how long a reader keeps its view of the state, and how long it then rests
HOLD_S, REST_S = 40.0, 5.0
#: memory of the main process
MOST_MB = 500
_QUERY = "select count(*), max(length(text)) from items where text like '%officers%found%lots%'"


@dataclass(slots=True)
class Skipping:
    """A clock that runs with the machine's and is put forward over idle time."""

    ahead: timedelta
    began: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        """Return the time it shows."""
        return datetime.fromtimestamp(time.time(), UTC) + self.ahead

    def skip_to(self, moment: datetime) -> None:
        """Put it forward to a moment, never back."""
        self.ahead += max(timedelta(0), moment - self())


@dataclass(slots=True)
class Hour:
    """What was seen of the hour."""

    passes: list[tuple[float, PassReport]] = field(default_factory=list)
    took_s: float = 0.0
    cpu_s: float = 0.0
    held: int = 0
    lost: int = 0
    more: int = 0
    published: int = 0
    stored: int = 0
    late: int = 0


def run(*, quick: bool) -> Figures:
    """Run the hour, or in a quick one five minutes of it with 25 sources."""
    sources, pieces, seconds = (25, 300, 300) if quick else (500, 20_000, 3600)
    plan = newswire.Plan(sources, pieces, seconds, BEGINS, interval_s=600, max_interval_s=600)
    with tempfile.TemporaryDirectory() as folder:
        hour, samples = _watch(plan, Path(folder) / "state")
    return _figures(plan, hour, samples)


def _watch(plan: newswire.Plan, state: Path) -> tuple[Hour, Samples]:
    """Make the passes of the hour and one more round for what came at its end."""
    clock = Skipping(BEGINS - datetime.fromtimestamp(time.time(), UTC))
    config = Config(state=state, fetch=FetchSettings(threads=16))
    use_one_heap()  # as the service does at its start
    with (
        newswire.running(plan) as wire,
        application.build(config, connect_to=wire.connect_to, watch=plan.watch(), clock=clock) as app,
    ):
        readers = [_Reader(state), _Reader(state)]
        ours = {reader.process.pid for reader in readers} | {p.pid for p in multiprocessing.active_children()}
        signs = service.Signs(Board(BEGINS, os.getpid(), "load", time.monotonic))
        hour, ends = Hour(), BEGINS + timedelta(seconds=plan.seconds)
        with sampled(state / "monitor.db-wal", skip=lambda pid: pid in ours) as samples:
            began, cpu = time.monotonic(), _cpu_s()
            clock.skip_to(BEGINS)
            while clock() < ends:
                _tick(app, signs, wire, clock, hour)
            # what was published up to the end is met by the next look at each source
            while _unseen(app, ends):
                _tick(app, signs, wire, clock, hour, until=ends)
            hour.took_s, hour.cpu_s = time.monotonic() - began, _cpu_s() - cpu
        hour.held = sum(reader.end() for reader in readers)
        wire.tell(ends)
        _compare(hour, wire.book(), app)
    return hour, samples


def _tick(
    app: application.App, signs: service.Signs, wire: newswire.Wire, clock: Skipping, hour: Hour,
    until: datetime | None = None,
) -> None:  # fmt: skip
    """Let the service do what it does once a minute, and go to the next minute."""
    began, shown = time.monotonic(), clock()
    wire.tell(min(shown, until) if until else shown)
    report = service.tick(app, signs)
    if report.polled:
        hour.passes.append((time.monotonic() - began, report))
        print(f"{shown:%H:%M:%S} {report.counts()} in {time.monotonic() - began:.1f} s", flush=True)
    clock.skip_to(shown + timedelta(seconds=service.TICK_S))


def _unseen(app: application.App, ends: datetime) -> int:
    """Return how many sources were not looked at since a moment; those that are being put off for ever would show."""
    rows = app.storage.db.execute(
        "select max(p.started_at) from sources s left join polls p on p.source_id = s.id where s.configured"
        " group by s.id"
    ).fetchall()
    return sum(at is None or datetime.fromisoformat(at) < ends for (at,) in rows)


def _compare(hour: Hour, book: set[str], app: application.App) -> None:
    """Compare what was stored with what was published."""
    stored = {url for (url,) in app.storage.db.execute("select url from items")}
    hour.published, hour.stored = len(book), len(stored)
    hour.lost, hour.more = len(book - stored), len(stored - book)
    hour.late = search.totals(app.storage.db)["waiting_to_settle"]


def _cpu_s() -> float:
    """Return the CPU seconds of this process and of its children that have ended."""
    return sum(os.times()[:4])


class _Reader:
    """Another process that holds its view of the state for long, again and again."""

    def __init__(self, state: Path) -> None:
        """Start it."""
        context = multiprocessing.get_context("spawn")
        self._ended, self._theirs = context.Event(), context.Value("i", 0)
        self.process = context.Process(
            target=_read, args=(str(state / "monitor.db"), self._ended, self._theirs), daemon=True
        )
        self.process.start()

    def end(self) -> int:
        """End it and return how many views it held."""
        self._ended.set()
        self.process.join(timeout=HOLD_S + 30)
        return int(self._theirs.value)


def _read(path: str, ended: Event, held: multiprocessing.Value) -> None:  # type: ignore[valid-type]
    """Hold a view, ask something slow of it, let it go, and begin again."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    while not ended.is_set():
        connection.execute("begin")
        before = connection.execute(_QUERY).fetchone()
        ended.wait(HOLD_S)
        if connection.execute(_QUERY).fetchone() != before:
            raise AssertionError("a view of the state changed while it was held")
        connection.execute("commit")
        held.value += 1  # type: ignore[attr-defined]
        ended.wait(REST_S)
    connection.close()


def _figures(plan: newswire.Plan, hour: Hour, samples: Samples) -> Figures:
    """Return what the hour came to."""
    took = sorted(seconds for seconds, _ in hour.passes)
    trouble = sum(report.failed for _, report in hour.passes)
    waiting = sum(report.waiting for _, report in hour.passes)
    rows = [
        ("sources", f"{plan.sources:,}"),
        ("published within the hour, stored", f"{hour.published:,}, {hour.stored:,}"),
        ("lost, stored but never published", f"{hour.lost:,}, {hour.more:,}"),
        ("items still without a story at the end", f"{hour.late:,}"),
        ("passes; polls; with trouble; put off", f"{len(took):,}; {_sum(hour, 'polled'):,}; {trouble:,}; {waiting:,}"),
        ("a pass: median, longest", f"{took[len(took) // 2]:.1f} s, {took[-1]:.1f} s"),
        ("all passes; CPU of the main process", f"{sum(took):,.0f} s; {hour.cpu_s:,.0f} s"),
        ("memory: main process; with its workers", f"{_most(samples.rss_mb):,.0f} MB; {_most(_both(samples)):,.0f} MB"),
        ("write-ahead log at most", f"{_most(samples.wal_mb):,.0f} MB"),
        (f"views held by two readers, {HOLD_S:.0f} s each", f"{hour.held:,}"),
    ]
    problems = [
        f"{hour.lost} of {hour.published} pieces were lost" if hour.lost else "",
        f"{hour.more} pieces were stored that nobody published" if hour.more else "",
        f"{hour.late} items have no story" if hour.late else "",
        "the readers held no view" if not hour.held else "",
        f"the main process took {_most(samples.rss_mb):,.0f} MB" if _most(samples.rss_mb) > MOST_MB else "",
    ]
    return Figures(table(("", ""), rows), _plots(hour, samples), tuple(filter(None, problems)))


def _plots(hour: Hour, samples: Samples) -> dict[str, str]:
    """Return memory, write-ahead log and pass times as plots."""
    memory = {"main process": _thinned(samples.rss_mb), "with workers": _thinned(_both(samples))}
    passes = [(float(n), seconds) for n, (seconds, _) in enumerate(hour.passes, 1)]
    return {
        "load-memory": line_plot("Memory in the hour of load", "seconds of work", "MB", memory),
        "load-wal": line_plot("Write-ahead log", "seconds of work", "MB", {"log": _thinned(samples.wal_mb)}),
        "load-passes": line_plot("Time of each pass that polled", "pass", "seconds", {"pass": passes}),
    }


def _both(samples: Samples) -> list[tuple[float, float]]:
    """Return the memory of the main process and its workers together."""
    return [(at, mb + more) for (at, mb), (_, more) in zip(samples.rss_mb, samples.workers_mb, strict=True)]


def _most(points: list[tuple[float, float]]) -> float:
    """Return the highest figure."""
    return max((figure for _, figure in points), default=0.0)


def _thinned(points: list[tuple[float, float]], wanted: int = 60) -> list[tuple[float, float]]:
    """Return so many points, each the highest of its stretch, so that no peak gets lost."""
    step = max(1, -(-len(points) // wanted))
    pick: Callable[[tuple[float, float]], float] = lambda point: point[1]  # noqa: E731 - a key, named for its type
    return [max(points[i : i + step], key=pick) for i in range(0, len(points), step)]


def _sum(hour: Hour, name: str) -> int:
    """Return the sum of a figure over all passes."""
    return sum(report.counts()[name] for _, report in hour.passes)
