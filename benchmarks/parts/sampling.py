"""Samples of a running monitor: memory of its processes and the size of its write-ahead log, once a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_MB = 1e6


@dataclass(slots=True)
class Samples:
    """What was seen so far: (seconds since the beginning, figure) for each sample."""

    rss_mb: list[tuple[float, float]] = field(default_factory=list)
    workers_mb: list[tuple[float, float]] = field(default_factory=list)
    wal_mb: list[tuple[float, float]] = field(default_factory=list)


def rss_mb(pid: int | str = "self") -> float:
    """Return the resident memory of a process in MB; 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * 1024 / _MB for line in status.splitlines() if line.startswith("VmRSS:")), 0.0)


def children(pid: int | str = "self") -> list[int]:
    """Return the processes that a process started."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text(encoding="ascii").split())
        except OSError:
            continue  # the thread has ended
    return found


@contextmanager
def sampled(wal: Path, *, skip: Callable[[int], bool] = lambda _pid: False, every_s: float = 1.0) -> Iterator[Samples]:
    """Sample this process, its children (but those that `skip` names) and a write-ahead log until the block ends."""
    samples, ended, began = Samples(), threading.Event(), time.monotonic()

    def sample() -> None:
        """Take samples until the end."""
        while not ended.wait(every_s):
            at = time.monotonic() - began
            samples.rss_mb.append((at, rss_mb()))
            samples.workers_mb.append((at, sum(rss_mb(pid) for pid in children() if not skip(pid))))
            samples.wal_mb.append((at, wal.stat().st_size / _MB if wal.exists() else 0.0))

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield samples
    finally:
        ended.set()
        thread.join()
