"""Extraction in worker processes: whatever happens to a page or a worker, the other pages are read."""

from __future__ import annotations

import os
import signal

import pytest
from harness import NOW, page_of
from page_readers import read

from monitor import extraction
from monitor.extraction import Extractor
from monitor.ingest import page
from monitor.model import Article, Response
from monitor.polling import Unread


def response(body: bytes, kind: str = "text/html; charset=utf-8") -> Response:
    """Return the answer of a page."""
    url = "http://quay.example/news"
    return Response(url, url, 200, {"content-type": kind}, body, NOW)


def texts(extractor: Extractor, *bodies: bytes) -> list[object]:
    """Hand pages over together and return the text or the problem of each."""
    jobs = [extractor.submit(response(body), NOW) for body in bodies]
    found = [extractor.result(job) for job in jobs]
    return [page.text if isinstance(page, Article) else page for page in found]


def test_without_workers_pages_are_read_here() -> None:
    """An article comes back as an article and a body that is no page as a problem; no process is started."""
    prose = "Customs officers at Port Maren found three hundred kilograms of cocaine in a container of bananas."
    with Extractor(0) as extractor:
        jobs = [extractor.submit(response(page_of("Cocaine", prose)), NOW)]
        jobs.append(extractor.submit(response(b"%PDF-1.7", "application/pdf"), NOW))
        article, problem = (extractor.result(job) for job in jobs)
        assert extractor._pool is None
    assert isinstance(article, Article)
    assert article.text == prose
    assert isinstance(problem, Unread)
    assert not problem.pending


def test_a_page_that_ends_its_worker_costs_only_itself() -> None:
    """When a worker dies, only the page that killed it is given up, wherever it stands among the others."""
    with Extractor(1, read=read) as extractor:
        found = texts(extractor, b"one", b"deadly", b"two", b"three")
    assert found == ["one", Unread("extracting its text ended the worker process"), "two", "three"]


def test_a_page_that_hangs_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that takes for ever is given up at its deadline, and the page behind it is read by a new worker."""
    with Extractor(1, read=read) as extractor:
        assert texts(extractor, b"one") == ["one"]
        hanging, waiting = (extractor.submit(response(body), NOW) for body in (b"endless", b"two"))
        with monkeypatch.context() as patched:
            patched.setattr(extraction, "PAGE_DEADLINE_S", 0.2)
            assert extractor.result(hanging) == Unread("its text could not be extracted within 0 s")
        assert extractor.result(waiting) == Article("two")


def test_bodies_that_wait_for_workers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever hands over more than may wait waits itself, and a page that was read lets go of its body."""
    monkeypatch.setattr(extraction, "WAITING_BYTES", 10)
    with Extractor(1, read=read) as extractor:
        jobs = []
        for number in range(6):
            jobs.append(extractor.submit(response(b"page %d" % number), NOW))
            assert sum(len(job.arguments[0]) for job in jobs) <= extraction.WAITING_BYTES
        assert [extractor.result(job) for job in jobs] == [Article(f"page {number}") for number in range(6)]
        assert not any(job.arguments[0] for job in jobs)


def test_a_page_that_hangs_holds_up_nobody_beyond_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for room behind a page that takes for ever gets it at the deadline, and the pages behind it are read."""
    with Extractor(1, read=read) as extractor:
        assert texts(extractor, b"one") == ["one"]
        hanging = extractor.submit(response(b"endless"), NOW)
        with monkeypatch.context() as patched:
            patched.setattr(extraction, "WAITING_BYTES", 10)
            patched.setattr(extraction, "PAGE_DEADLINE_S", 0.2)
            waiting = extractor.submit(response(b"another"), NOW)
        assert extractor.result(hanging) == Unread("its text could not be extracted within 0 s")
        assert extractor.result(waiting) == Article("another")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_workers_leave_signals_to_the_main_process(number: int) -> None:
    """A signal that a service manager or Ctrl-C sends to every process does not cost the page a worker is reading."""
    with Extractor(1, read=read) as extractor:
        assert texts(extractor, b"one") == ["one"]
        assert extractor._pool is not None
        (worker,) = extractor._pool._processes.values()
        os.kill(worker.pid or 0, number)
        assert texts(extractor, b"two") == ["two"]
        assert list(extractor._pool._processes.values()) == [worker]


def test_workers_end_with_the_extractor() -> None:
    """After the block no worker is left."""
    with Extractor(1, read=read) as extractor:
        assert texts(extractor, b"one") == ["one"]
        assert extractor._pool is not None
        (worker,) = extractor._pool._processes.values()
    assert not worker.is_alive()


def test_memory_of_a_worker_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker gets no more memory than it may have, and a page that wants more comes back as a problem that says so."""
    with Extractor(1, read=read) as extractor:
        assert texts(extractor, b"greedy", b"two") == ["refused", "two"]

    def burst(*_args: object, **_named: object) -> Article:
        raise MemoryError

    monkeypatch.setattr(page, "extract", burst)
    problem = extraction.read_page(b"<html>", "http://quay.example/news", "text/html", NOW)
    assert problem == Unread("reading it takes more than 2000 MB of memory")
