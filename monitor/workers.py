"""Worker processes: spawned, deaf to the signals that the main process answers, ended with it or at its word."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from threading import Lock, Thread
from typing import Any, TypeVar

from monitor.memory import collect_seldom, use_one_heap

Result = TypeVar("Result")

#: memory of a worker: it needs 0.3 GB, and a page or a PDF file that unpacks into more than the rest is made to
WORKER_BYTES = 2_000_000_000


def start_pool(workers: int) -> ProcessPoolExecutor:
    """Return a pool of so many processes. They are spawned: forking a process that has threads can hang."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker)


class WorkersGone(Exception):
    """A call was not done because its worker was killed or its pool was ended: whoever wanted it has to do it."""


@dataclass(frozen=True, slots=True)
class _Call:
    """A call, and where its result goes."""

    do: Callable[[], Any]
    future: Future[Any]


class Pool:
    """Worker processes for two kinds of calls: some wait for their turn, others are wanted at once and go before them.

    A future of it that is cancelled in time is not begun, and one that can no longer be done raises `WorkersGone`.
    The processes are handed one call more than they can do: what they were handed cannot be taken back, and when one
    of them is killed, `ProcessPoolExecutor` of Python 3.11 fails over calls that were cancelled and lets the others
    wait for ever.
    """

    def __init__(self, workers: int) -> None:
        """Start so many processes."""
        self._executor = start_pool(workers)
        self._most = workers + 1
        self._lock = Lock()
        self._first: deque[_Call] = deque()
        self._later: deque[_Call] = deque()
        self._handed = 0
        self._held = self._gone = False

    def later(self, do: Callable[..., Result], *arguments: object) -> Future[Result]:
        """Have something done when its turn comes."""
        return self._queue(self._later, do, arguments)

    def first(self, do: Callable[..., Result], *arguments: object) -> Future[Result]:
        """Have something done before all that has to wait for its turn."""
        return self._queue(self._first, do, arguments)

    def hold(self) -> None:
        """Begin nothing that can wait: what is wanted first will be there in a moment."""
        self._held = True

    def go_on(self) -> None:
        """Begin again what can wait."""
        self._held = False
        self._hand_over()

    def end(self) -> None:
        """End the processes at once, with whatever they are doing."""
        end_pool(self._executor)
        self._give_up()

    def _queue(self, queue: deque[_Call], do: Callable[..., Result], arguments: tuple[object, ...]) -> Future[Result]:
        """Put a call into a queue."""
        future: Future[Result] = Future()
        with self._lock:
            queue.append(_Call(partial(self._executor.submit, do, *arguments), future))
        self._hand_over()
        return future

    def _hand_over(self) -> None:
        """Hand calls to the processes until these have enough; without processes, say so of all calls."""
        while (call := self._next()) is not None:
            try:
                begun = call.do()
            except RuntimeError:  # the processes have ended
                call.future.set_exception(WorkersGone())
                self._gone = True
            else:
                begun.add_done_callback(partial(self._done, call.future))
        if self._gone:
            self._give_up()

    def _next(self) -> _Call | None:
        """Take the next call that may be begun, if there is one and the processes have room for it."""
        with self._lock:
            while self._handed < self._most and not self._gone:
                queue = self._first or (not self._held and self._later)
                if not queue:
                    return None
                if (call := queue.popleft()).future.set_running_or_notify_cancel():
                    self._handed += 1
                    return call
        return None

    def _done(self, future: Future[Any], begun: Future[Any]) -> None:
        """Pass on what a call came to; called by the thread of the pool."""
        error = None if begun.cancelled() else begun.exception()
        if begun.cancelled() or isinstance(error, BrokenProcessPool):
            # nothing must be handed over here: newer versions of Python hold their lock while they tell of it
            future.set_exception(WorkersGone())
            self._give_up()
            return
        with self._lock:
            self._handed -= 1
        self._hand_over()
        if error is None:
            future.set_result(begun.result())
        else:
            future.set_exception(error)

    def _give_up(self) -> None:
        """Begin nothing any more."""
        with self._lock:
            self._gone = True
            left = [*self._first, *self._later]
            self._first.clear()
            self._later.clear()
        for call in left:
            if call.future.set_running_or_notify_cancel():
                call.future.set_exception(WorkersGone())


@contextmanager
def started(workers: int, module: str) -> Iterator[Pool | None]:
    """Give a pool whose processes import a module at once, while the caller imports what it needs; None of none."""
    if not workers:
        yield None
        return
    pool = Pool(workers)
    try:
        for _ in range(workers):
            pool.first(import_module, module)
        yield pool
    finally:
        pool.end()


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
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the end of the main process: without it, a worker would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
