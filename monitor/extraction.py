"""Extraction in worker processes: pages in, articles or problems out; a page that hangs costs only itself."""

from __future__ import annotations

from collections import deque
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
from monitor.workers import WORKER_BYTES, end_pool, start_pool

#: a page of average size takes 20 ms; what takes this long is made to
PAGE_DEADLINE_S = 60.0
#: bodies of pages that may wait for the workers; then whoever brings more waits, or a pass would hold all its pages
WAITING_BYTES = 16_000_000

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


@dataclass(slots=True, eq=False)
class Job:
    """A page that is being read, or was; its body is kept for a second attempt, until there is an outcome."""

    arguments: tuple[bytes, str, str | None, datetime]
    future: Future[Article | Unread]
    outcome: Article | Unread | None = None


class Extractor:
    """A pool of worker processes that is started with the first page; with 0 workers pages are read in this process."""

    def __init__(self, workers: int, *, read: Read = read_page) -> None:
        self._workers = workers
        self._read = read
        self._pool: ProcessPoolExecutor | None = None
        self._waiting: deque[Job] = deque()
        self._waiting_bytes = 0

    def __enter__(self) -> Self:
        """Give the extractor; nothing is started yet."""
        return self

    def __exit__(self, *_exc: object) -> None:
        """End the workers."""
        self._stop()

    def submit(self, response: Response, now: datetime) -> Job:
        """Hand a page over and return what `result` takes; first wait for earlier ones, when too much is waiting."""
        arguments = (response.body, response.url, response.headers.get("content-type"), now)
        while self._waiting and (
            self._waiting[0].future.done() or self._waiting_bytes + len(response.body) > WAITING_BYTES
        ):
            self.result(self._waiting[0])
        job = Job(arguments, self._begin(arguments))
        self._waiting.append(job)
        self._waiting_bytes += len(response.body)
        return job

    def result(self, job: Job) -> Article | Unread:
        """Wait for an article; a page that took too long or ended its worker comes back as `Unread`."""
        if job.outcome is None:
            job.outcome = self._outcome(job)
            self._waiting.remove(job)
            self._waiting_bytes -= len(job.arguments[0])
            job.arguments = (b"", *job.arguments[1:])
        return job.outcome

    def _outcome(self, job: Job) -> Article | Unread:
        """Wait for an article. When the pool breaks, nobody knows by which of its pages: each is read again, alone."""
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
        """Return the running pool."""
        if self._pool is None:
            self._pool = start_pool(self._workers)
        return self._pool

    def _stop(self) -> None:
        """End the pool at once, with whatever it is doing."""
        pool, self._pool = self._pool, None
        if pool is not None:
            end_pool(pool)
