"""What it costs to sync each commit, and how large the log becomes under readers that overlap without end."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median
from threading import Event, Thread

from parts.figures import Figures, table
from sqlite_utils import Database

from monitor.store.storage import Storage

#: what a poll of one source usually writes: a few pieces of 3 kB and its own row
PIECES, PIECE_BYTES = 5, 3000
#: commits between two checkpoints of ours: the sources of a pass
PASS = 60
#: how long a reader keeps its view
HOLD_S = 0.2


def run(*, quick: bool = False) -> Figures:
    """Measure both, the two ways of each in turns."""
    commits, passes = (20, 2) if quick else (300, 20)
    with tempfile.TemporaryDirectory() as folder:
        costs = _costs(Path(folder) / "cost", commits)
    logs = {}
    for name, ours in (("SQLite's own checkpoints", False), ("a checkpoint that waits after each pass", True)):
        with tempfile.TemporaryDirectory() as folder:
            logs[name] = _log_bytes(Path(folder), passes, ours=ours)
    text = table(
        ("commits of one source", "median, ms", "slowest of 100, ms"),
        [(f"synchronous={name}", f"{1000 * median(took):.2f}", f"{1000 * sorted(took)[-max(1, len(took) // 100)]:.1f}")
         for name, took in costs.items()],
    )  # fmt: skip
    rows = [(name, f"{size / 1e6:.1f}") for name, size in logs.items()]
    logged = table((f"largest log in {passes} passes of {PASS} commits, two readers overlapping", "MB"), rows)
    return Figures(f"{text}\n\n{logged}")


def _costs(folder: Path, commits: int) -> dict[str, list[float]]:
    """Return how long commits took with each setting, in seconds; the settings take turns."""
    costs: dict[str, list[float]] = {"full": [], "normal": []}
    with Storage(folder) as storage:
        _table(storage.db)
        for _ in range(commits):
            for name, took in costs.items():
                storage.db.execute(f"pragma synchronous = {name}")
                began = time.perf_counter()
                _write(storage)
                took.append(time.perf_counter() - began)
    return costs


def _log_bytes(folder: Path, passes: int, *, ours: bool) -> int:
    """Return how large the log became, while one of two readers always holds a view of the state."""
    ended, largest = Event(), 0
    with Storage(folder) as storage:
        _table(storage.db)
        readers = [Thread(target=_read, args=(folder, ended, turn)) for turn in (0, 1)]
        for reader in readers:
            reader.start()
        for _ in range(passes):
            for _ in range(PASS):
                _write(storage)
            largest = max(largest, (folder / "monitor.db-wal").stat().st_size)
            if ours:
                storage.checkpoint()
        ended.set()
        for reader in readers:
            reader.join()
    return largest


def _read(folder: Path, ended: Event, turn: int) -> None:
    """Hold a view of the state again and again, for a while that overlaps with that of the other reader."""
    time.sleep(turn * HOLD_S / 2)
    with Storage(folder) as storage:
        while not ended.is_set():
            storage.db.conn.execute("begin")
            storage.db.execute("select count(*) from room").fetchone()
            time.sleep(HOLD_S)
            storage.db.conn.rollback()


def _table(db: Database) -> None:
    """Make the table that is written to."""
    db.execute("create table room (id integer primary key, text text)")


def _write(storage: Storage) -> None:
    """Write what a poll of one source writes."""
    with storage.transaction() as db:
        db.conn.executemany("insert into room (text) values (?)", [("x" * PIECE_BYTES,)] * PIECES)
