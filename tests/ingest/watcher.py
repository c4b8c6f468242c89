"""A whole monitor in a process of its own, so that its memory is measured without that of the server it watches."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from unittest.mock import patch

from harness import NOW, Clock

from monitor import app as application
from monitor.config import Config, ExtractSettings, FetchSettings
from monitor.extraction import Extractor, read_page
from monitor.memory import use_one_heap
from monitor.model import Outlet, Source
from monitor.service import rest

PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Watch:
    """What the monitor is told: where its state is, what it watches, and how it may ask."""

    folder: Path
    sources: Sequence[Source]
    connect_to: Mapping[str, tuple[str, int]]
    per_host: int
    gap_s: float


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll came to."""

    source_id: str
    result: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass came to, and what the process holds and has used after it."""

    polls: tuple[Polled, ...]
    rss_mb: float
    cpu_s: float


class Watcher:
    """The other end of a monitor's process."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def run_pass(self, now: datetime) -> Pass:
        """Let the monitor run a pass at a moment; raises EOFError when it has died."""
        self._pipe.send(now)
        done: Pass = self._pipe.recv()
        return done


@contextmanager
def watching(watch: Watch) -> Iterator[Watcher]:
    """Run a monitor until the end of the block."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, watch), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Watcher(ours)
    finally:
        ours.close()  # which ends it
        process.join()


def serve(pipe: Connection, watch: Watch) -> None:
    """Run a pass for each moment that comes through the pipe, until it is closed; the whole life of the process."""
    use_one_heap()  # as the service does
    clock = Clock(NOW)
    with built(watch, clock) as app:
        while True:
            try:
                clock.now = pipe.recv()
            except EOFError:
                return
            polls = app.pipeline.run_pass().polls
            rest(app)  # the same
            said = tuple(Polled(poll.record.source.id, poll.result.value, poll.reason) for poll in polls)
            pipe.send(Pass(said, rss_mb(), sum(os.times()[:2])))


@contextmanager
def built(watch: Watch, clock: Clock) -> Iterator[application.App]:
    """Build the monitor; pages are read in its process, by the real reader."""
    fetch = FetchSettings(
        timeout_s=2, deadline_s=3, max_bytes=8_000_000, per_host=watch.per_host, host_gap_s=watch.gap_s
    )
    config = Config(state=watch.folder, fetch=fetch, extract=ExtractSettings(workers=0))
    outlets = [Outlet(source.outlet_id, source.id, source.id) for source in watch.sources]
    with (
        patch("monitor.extraction.Extractor", partial(Extractor, read=read_page)),
        patch("monitor.ingest.fetch.time", clock),  # pauses between two passes pass with the clock
        application.build(config, connect_to=watch.connect_to, watch=(outlets, watch.sources), clock=clock) as app,
    ):
        yield app


def rss_mb() -> float:
    """Return the resident memory of this process in megabytes (Linux)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE_SIZE / 1e6
