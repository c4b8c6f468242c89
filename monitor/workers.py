"""Worker processes: spawned, deaf to the signals that the main process answers, ended with it or at its word."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module

from monitor.memory import collect_seldom, use_one_heap

#: memory of a worker: it needs 0.3 GB, and a page or a PDF file that unpacks into more than the rest is made to
WORKER_BYTES = 2_000_000_000


def start_pool(workers: int) -> ProcessPoolExecutor:
    """Return a pool of so many processes. They are spawned: forking a process that has threads can hang."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker)


@contextmanager
def started(workers: int, module: str) -> Iterator[ProcessPoolExecutor | None]:
    """Give a pool whose processes import a module at once, while the caller imports what it needs; None of none."""
    if not workers:
        yield None
        return
    pool = start_pool(workers)
    try:
        for _ in range(workers):
            pool.submit(import_module, module)
        yield pool
    finally:
        end_pool(pool)


def spare_cores(workers: int) -> int:
    """Return how many of some workers have a core of their own beside the main process: none on a machine of one."""
    return min(workers, (os.cpu_count() or 1) - 1)


def end_pool(pool: ProcessPoolExecutor) -> None:
    """End a pool at once, with whatever it is doing."""
    for process in list((pool._processes or {}).values()):  # noqa: SLF001 - the only way to end a worker that hangs
        process.kill()
    pool.shutdown(wait=True, cancel_futures=True)


def _start_worker() -> None:
    """Bound its memory, leave signals to the main process, which ends its workers in order; end with it when killed.

    A service manager sends SIGTERM to every process of the service: a page would be lost with the worker reading it.
    """
    use_one_heap()
    collect_seldom()
    resource.setrlimit(resource.RLIMIT_DATA, (WORKER_BYTES, WORKER_BYTES))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the end of the main process: without it, a worker would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
