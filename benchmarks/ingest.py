"""Measure what ingest costs: a poll on which nothing has changed, and the extraction of new pages.

1. A real pass over 1,000 sources that answer 304 or an unchanged body, against the same addresses fetched and parsed
   with plain feedparser; CPU seconds of the polling process, the server runs in another one. At least 10 times fewer
   on a mixture of feeds in the sizes of real ones, of which each is measured alone as well.
2. New pages through the extractor with two workers, with title, author, date and language, against bare trafilatura
   in two processes: once for the text alone (`trafilatura.extract(page, fast=True)`), of whose rate ours must be at
   least 0.9, once with metadata and dates as well. The pages are those of `heavy_pages`.

Both sides of a figure take turns in one run, in an order that changes; the medians of the rounds decide.

    .venv/bin/python benchmarks/ingest.py [--only poll|pages] [--rounds N] [--sources N]
"""

from __future__ import annotations

import argparse
import http.client
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from heavy_pages import Page, pages

from monitor import app
from monitor.config import Config, ExtractSettings, FetchSettings
from monitor.extraction import Extractor
from monitor.model import Article, Outlet, PollResult, Response, Source

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEWER_CPU_SECONDS = 10.0
SHARE_OF_RATE = 0.9
#: entries of a feed and what they carry. Administrations show 20 to 30 with a teaser, or the last 100; press on
#: WordPress shows 10 with their whole texts, or more of them
SIZES = {"20 teasers": (20, False), "100 teasers": (100, False), "10 texts": (10, True), "30 texts": (30, True)}
#: every source another size in turn
MIXED = "mixed"
NAMESPACE = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
SENTENCE = "The choir of the old town sings songs of the coast on the square at noon, the doors open an hour before. "
TEASER = (
    f'<p><a href="/choir"><img src="/i/choir.jpg" alt="Choir"></a> {SENTENCE}</p><p>{SENTENCE}<b>Entry is free.</b></p>'
)
#: some 450 words, as short news have
CONTENT = f"<h2>Songs</h2>{TEASER * 3}<ul><li>{SENTENCE}</li><li><em>{SENTENCE}</em></li></ul>"
WORKERS = 2

# ---------------------------------------------------------------- new pages


def read_bare(page: bytes, url: str) -> str | None:
    """Return what bare trafilatura makes of a page, its text alone; runs in a worker."""
    import trafilatura

    return trafilatura.extract(page, url=url, fast=True)


def read_with_metadata(page: bytes, url: str) -> str | None:
    """Return what bare trafilatura makes of a page with title, author and date, as ours has; runs in a worker."""
    import trafilatura

    return trafilatura.extract(page, url=url, fast=True, with_metadata=True)


def compare_pages(rounds: int) -> bool:
    """Print the rates of extraction and of bare trafilatura; tell whether ours is high enough."""
    of_text, of_all = [], []
    with Extractor(WORKERS) as extractor, ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        for number in range(rounds + 1):
            batch = pages(number)
            measure = [
                partial(our_rate, extractor, batch),
                partial(bare_rate, pool, read_bare, batch),
                partial(bare_rate, pool, read_with_metadata, batch),
            ]
            turns = [(number + turn) % len(measure) for turn in range(len(measure))]
            rates = dict(sorted((turn, measure[turn]()) for turn in turns))
            ours, text, everything = rates.values()
            if number:  # the first round starts the workers and fills their caches
                of_text.append(ours / text)
                of_all.append(ours / everything)
                print(
                    f"pages, round {number}: {ours:.1f} a second; bare trafilatura, text alone {text:.1f}, "
                    f"ratio {ours / text:.2f}; with metadata {everything:.1f}, ratio {ours / everything:.2f}"
                )
    sizes = sorted(len(page) for _, page in batch)
    print(
        f"pages: {len(batch)} of {sizes[0] // 1000} to {sizes[-1] // 1000} kB; median ratio {median(of_text):.2f} "
        f"against the text alone, at least {SHARE_OF_RATE} wanted; {median(of_all):.2f} against text with metadata"
    )
    return median(of_text) >= SHARE_OF_RATE


def our_rate(extractor: Extractor, batch: list[Page]) -> float:
    """Return how many pages a second become articles with title, author, date and language."""
    answers = [Response(url, url, 200, {"content-type": "text/html"}, page, NOW) for url, page in batch]
    start = time.perf_counter()
    found = [extractor.result(job) for job in [extractor.submit(answer, NOW) for answer in answers]]
    seconds = time.perf_counter() - start
    if unread := [page for page in found if not isinstance(page, Article)]:
        raise SystemExit(f"a page of the benchmark was not read: {unread[0]}")
    return len(batch) / seconds


def bare_rate(pool: ProcessPoolExecutor, read: Callable[[bytes, str], str | None], batch: list[Page]) -> float:
    """Return how many pages a second bare trafilatura reads."""
    start = time.perf_counter()
    found = [job.result() for job in [pool.submit(read, page, url) for url, page in batch]]
    seconds = time.perf_counter() - start
    if not all(found):
        raise SystemExit("trafilatura found no text on a page of the benchmark")
    return len(batch) / seconds


# ---------------------------------------------------------------- a poll on which nothing has changed


def entries_of(size: str, source: int) -> tuple[int, bool]:
    """Return how many entries the feed of a source has, and whether they carry texts."""
    return SIZES[size] if size != MIXED else list(SIZES.values())[source // 2 % len(SIZES)]


def feed(size: str, source: int) -> bytes:
    """Return the feed of a source, about anything but customs: nothing of it is kept, no page is asked for."""
    entries, whole = entries_of(size, source)
    text = f"<content:encoded><![CDATA[{CONTENT}]]></content:encoded>" if whole else ""
    items = "".join(
        f"<item><title>Choir {source} sings at festival {n}</title><link>http://h{source}.example/choir/{n}</link>"
        f"<guid>http://h{source}.example/choir/{n}</guid><pubDate>Sun, 22 Nov 2026 {n % 12:02}:00:00 GMT</pubDate>"
        f"<description><![CDATA[{TEASER}]]></description>{text}</item>"
        for n in range(entries)
    )
    start = f'<?xml version="1.0"?><rss version="2.0" {NAMESPACE}><channel><title>Choirs</title>'
    return f"{start}{items}</channel></rss>".encode()


class Handler(BaseHTTPRequestHandler):
    """Answers 304 for sources with an even number when asked for a change, else the same body as ever."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer one request."""
        size, _, number_text = self.path.removeprefix("/feed/").partition("/")
        number = int(number_text) if self.path.startswith("/feed/") else -1
        tag = f'"{number}"'
        if number < 0 or (number % 2 == 0 and self.headers.get("If-None-Match") == tag):
            self.send_response(404 if number < 0 else 304)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = feed(size.replace("-", " "), number)
        self.send_response(200)
        if number % 2 == 0:
            self.send_header("ETag", tag)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Takes the connections of a whole pass at once."""

    request_queue_size = 256
    daemon_threads = True


def serve() -> None:
    """Serve until standard input ends; runs in a process of its own."""
    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_port, flush=True)
        sys.stdin.read()
        server.shutdown()


def compare_polls(rounds: int, sources: int) -> bool:
    """Print the CPU seconds of a poll without news and of plain feedparser; tell whether ours are few enough."""
    with (
        subprocess.Popen([sys.executable, __file__, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child,
        tempfile.TemporaryDirectory() as folder,
    ):
        port = int(child.stdout.readline())
        found = {size: median(ratios_of(Path(folder), port, sources, rounds, size)) for size in (*SIZES, MIXED)}
        child.stdin.close()
    for size, ratio in found.items():
        bytes_of = sum(len(feed(size, source)) for source in range(8)) / 8
        print(f"poll: {size} ({bytes_of / 1000:.0f} kB a feed): median ratio {ratio:.1f}")
    print(f"poll: at least {FEWER_CPU_SECONDS:.0f} wanted on mixed feeds")
    return found[MIXED] >= FEWER_CPU_SECONDS


def ratios_of(folder: Path, port: int, sources: int, rounds: int, size: str) -> list[float]:
    """Return how many times the CPU seconds of a pass plain feedparser takes, round by round, on feeds of a size."""
    clock = Clock()
    with built(folder / size, port, sources, clock, size) as monitor:
        monitor.pipeline.run_pass()
        return [one_round(monitor, port, sources, clock, size) for _ in range(rounds)]


def one_round(monitor: app.App, port: int, sources: int, clock: Clock, size: str) -> float:
    """Return how many times the CPU seconds of a pass plain feedparser takes."""
    clock.now += timedelta(hours=3)
    start = cpu_seconds()
    report = monitor.pipeline.run_pass(only=[f"s{n}" for n in range(sources)])
    ours = cpu_seconds() - start
    if [poll for poll in report.polls if poll.result is not PollResult.NOT_MODIFIED] or report.polled != sources:
        raise SystemExit(f"a poll of the benchmark brought something: {report.counts()}")
    start = cpu_seconds()
    parse_plainly(port, sources, size)
    plain = cpu_seconds() - start
    print(f"poll, {size}: {ours:.2f} CPU s, plain feedparser {plain:.2f}, ratio {plain / ours:.1f}")
    return plain / ours


def parse_plainly(port: int, sources: int, size: str) -> None:
    """Fetch every feed over one connection and parse it, as a plain reader would."""
    import feedparser

    connection = http.client.HTTPConnection("127.0.0.1", port)
    for number in range(sources):
        connection.request("GET", path_of(size, number))
        if len(feedparser.parse(connection.getresponse().read()).entries) != entries_of(size, number)[0]:
            raise SystemExit("feedparser did not read a feed of the benchmark")
    connection.close()


def path_of(size: str, source: int) -> str:
    """Return the path of the feed of a source."""
    return f"/feed/{size.replace(' ', '-')}/{source}"


def cpu_seconds() -> float:
    """Return the CPU seconds of this process, without its children's."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Return the time it shows."""
        return self.now


def built(folder: Path, port: int, sources: int, clock: Clock, size: str) -> AbstractContextManager[app.App]:
    """Return the monitor on an empty state, watching the server."""
    outlets = [Outlet(f"o{n}", f"Choir {n}", f"o{n}") for n in range(sources)]
    watched = [Source(f"s{n}", f"o{n}", f"http://h{n}.example{path_of(size, n)}") for n in range(sources)]
    config = Config(state=folder, fetch=FetchSettings(host_gap_s=0), extract=ExtractSettings(workers=0))
    return app.build(config, connect_to={"*.example": ("127.0.0.1", port)}, watch=(outlets, watched), clock=clock)


# ---------------------------------------------------------------- the command


def main() -> int:
    """Print the figures; return 1 when one is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["poll", "pages"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve()
        return 0
    met = []
    if args.only != "pages":
        met.append(compare_polls(args.rounds, args.sources))
    if args.only != "poll":
        met.append(compare_pages(args.rounds))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
