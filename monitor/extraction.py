"""Extraction in worker processes: pages in, articles or problems out; a page that hangs costs only itself."""

from __future__ import annotations

import multiprocessing
import signal
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from typing import Self

from monitor.errors import ParseError
from monitor.model import Article, Response
from monitor.polling import Unread

#: a page of average size takes 20 ms; what takes this long is made to
PAGE_DEADLINE_S = 60.0


def read_page(html: bytes, url: str, content_type: str | None, now: datetime) -> Article | Unread:
    """Extract one page; runs in a worker, so that problems travel as values."""
    from monitor.ingest import page  # noqa: PLC0415 - trafilatura takes half a second to import, only workers pay for it

    try:
        return page.extract(html, url=url, content_type=content_type, now=now)
    except ParseError as error:
        return Unread(error.message)


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the main process, which ends its workers in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Extractor:
    """A pool of worker processes that is started with the first page; with 0 workers pages are read in this process."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Give the extractor; nothing is started yet."""
        return self

    def __exit__(self, *_exc: object) -> None:
        """End the workers."""
        self._stop()

    def submit(self, response: Response, now: datetime) -> Future[Article | Unread]:
        """Hand a page over and return where its article will be; `result` takes it from there."""
        arguments = (response.body, response.url, response.headers.get("content-type"), now)
        if not self._workers:
            done: Future[Article | Unread] = Future()
            done.set_result(read_page(*arguments))
            return done
        try:
            return self._started().submit(read_page, *arguments)
        except BrokenProcessPool:
            self._stop()
            return self._started().submit(read_page, *arguments)

    def result(self, future: Future[Article | Unread]) -> Article | Unread:
        """Wait for an article; a page that took too long or killed its worker comes back as `Unread`."""
        try:
            return future.result(timeout=PAGE_DEADLINE_S)
        except FutureTimeout:
            self._stop()
            return Unread(f"its text could not be extracted within {PAGE_DEADLINE_S:.0f} s")
        except BrokenProcessPool:
            self._stop()
            return Unread("extracting its text ended the worker process")

    def _started(self) -> ProcessPoolExecutor:
        """Return the running pool. Workers are spawned: forking a process that has threads can hang."""
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._workers, mp_context=context, initializer=_ignore_interrupts)
        return self._pool

    def _stop(self) -> None:
        """End the pool at once, with whatever it is doing."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - the only way to end a worker that hangs
            process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)
