"""Extraction in worker processes: pages in, articles or problems out; a page that hangs costs only itself."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from monitor.errors import ParseError
from monitor.ingest.pagelinks import links_of
from monitor.model import Article, Response
from monitor.polling import Unread

#: a page of average size takes 20 ms; what takes this long is made to
PAGE_DEADLINE_S = 60.0
#: memory of a worker: it needs 0.3 GB, and a page or a PDF file that unpacks into more than the rest is made to
WORKER_BYTES = 2_000_000_000

#: takes body, address, content type and the present moment
Read = Callable[[bytes, str, str | None, datetime], Article | Unread]


def read_page(html: bytes, url: str, content_type: str | None, now: datetime) -> Article | Unread:
    """Extract one page; runs in a worker, so that problems travel as values."""
    from monitor.ingest import page, pdf  # noqa: PLC0415 - they take half a second to import, only workers pay for it

    try:
        if pdf.is_pdf(html, content_type):
            return replace(pdf.extract(html, url=url, now=now), address=url)
        article = page.extract(html, url=url, content_type=content_type, now=now)
        canonical, alternates = links_of(html, url)
        return replace(article, address=url, canonical=canonical, alternates=alternates)
    except ParseError as error:
        return Unread(error.message)
    except MemoryError:
        return Unread(f"reading it takes more than {WORKER_BYTES // 1_000_000} MB of memory")


def _start_worker() -> None:
    """Bound its memory, leave signals to the main process, which ends its workers in order; end with it when killed.

    A service manager sends SIGTERM to every process of the service: a page would be lost with the worker reading it.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (WORKER_BYTES, WORKER_BYTES))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the end of the main process: without it, a worker would wait for pages for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@dataclass(slots=True)
class Job:
    """A page that is being read, or was."""

    arguments: tuple[bytes, str, str | None, datetime]
    future: Future[Article | Unread]


class Extractor:
    """A pool of worker processes that is started with the first page; with 0 workers pages are read in this process."""

    def __init__(self, workers: int, *, read: Read = read_page) -> None:
        self._workers = workers
        self._read = read
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Give the extractor; nothing is started yet."""
        return self

    def __exit__(self, *_exc: object) -> None:
        """End the workers."""
        self._stop()

    def submit(self, response: Response, now: datetime) -> Job:
        """Hand a page over and return what `result` takes to wait for its article."""
        arguments = (response.body, response.url, response.headers.get("content-type"), now)
        return Job(arguments, self._begin(arguments))

    def result(self, job: Job) -> Article | Unread:
        """Wait for an article; a page that took too long or ended its worker comes back as `Unread`.

        When the pool breaks, nobody knows through which of its pages: each is read once more, alone.
        """
        try:
            return job.future.result(timeout=PAGE_DEADLINE_S)
        except (FutureTimeout, BrokenProcessPool, CancelledError):
            self._stop()
        try:
            return self._begin(job.arguments).result(timeout=PAGE_DEADLINE_S)
        except FutureTimeout:
            problem = f"its text could not be extracted within {PAGE_DEADLINE_S:.0f} s"
        except BrokenProcessPool:
            problem = "extracting its text ended the worker process"
        self._stop()
        return Unread(problem)

    def _begin(self, arguments: tuple[bytes, str, str | None, datetime]) -> Future[Article | Unread]:
        """Start to read a page, in a new pool if the old one broke."""
        if not self._workers:
            done: Future[Article | Unread] = Future()
            done.set_result(self._read(*arguments))
            return done
        try:
            return self._started().submit(self._read, *arguments)
        except BrokenProcessPool:
            self._stop()
            return self._started().submit(self._read, *arguments)

    def _started(self) -> ProcessPoolExecutor:
        """Return the running pool. Workers are spawned: forking a process that has threads can hang."""
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._workers, mp_context=context, initializer=_start_worker)
        return self._pool

    def _stop(self) -> None:
        """End the pool at once, with whatever it is doing."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - the only way to end a worker that hangs
            process.kill()
        pool.shutdown(wait=True, cancel_futures=True)
