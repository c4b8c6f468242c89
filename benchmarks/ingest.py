"""Measure what ingest costs: a poll on which nothing has changed, and the extraction of new pages.

1. A real pass over 1,000 sources that answer 304 or an unchanged body, against the same addresses fetched and parsed
   with plain feedparser; CPU seconds of the polling process, the server runs in another one. At least 10 times fewer.
2. New pages through the extractor with two workers against bare trafilatura in two processes, metadata and dates
   included on both sides (`trafilatura.extract(page, fast=True, with_metadata=True)`). At least 0.9 of its rate; the
   ratio against its text alone is printed as well.

Both sides of a figure take turns in one run; the medians of the rounds decide. Pages are those of the sample web with
the menus, scripts and lists of a real outlet around them, and the seeds of ../shared where they are.

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
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from monitor import app
from monitor.config import Config, ExtractSettings, FetchSettings
from monitor.extraction import Extractor
from monitor.model import Article, Outlet, PollResult, Response, Source
from monitor.sample.site import render_web
from monitor.sample.world import Piece, World, build_world

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
FEWER_CPU_SECONDS = 10.0
SHARE_OF_RATE = 0.9
#: feeds have 10 to 100 entries, most with their text as HTML
ENTRIES = 30
NAMESPACE = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
SENTENCE = "The choir of the old town sings songs of the coast on the square at noon, the doors open an hour before. "
TEASER = (
    f'<p><a href="/choir"><img src="/i/choir.jpg" alt="Choir"></a> {SENTENCE}</p><p>{SENTENCE}<b>Entry is free.</b></p>'
)
CONTENT = f"<h2>Songs</h2>{TEASER * 3}<ul><li>{SENTENCE}</li><li><em>{SENTENCE}</em></li></ul>"
PARAGRAPHS = 14
MENU_LINKS = 90
TEASERS = 24
SCRIPT_BYTES = 40_000
WORKERS = 2
#: shorter lines of the seeds are titles, headings and dates
HEADING = 100

# ---------------------------------------------------------------- pages of real size


def pages(number: int) -> list[tuple[str, bytes]]:
    """Return the addresses and bytes of the pages of one round: no text stands on the pages of another one."""
    world = build_world(TODAY)
    long = replace(world, pieces=tuple(lengthened(world, piece, number) for piece in world.pieces))
    web, headlines = render_web(long), [piece.title for piece in world.pieces]
    places = [(piece.url, piece.site.data.encoding, urlsplit(piece.url)) for piece in world.pieces]
    found = [(url, surrounded(web[at.netloc, at.path].body, code, headlines)) for url, code, at in places]
    return found + seed_pages(number)


def lengthened(world: World, piece: Piece, number: int) -> Piece:
    """Return a sample piece with a text of usual length, out of other pieces of its outlet, and a title of its own."""
    others = (text for other in world.of_site(piece.site) for text in other.paragraphs)
    paragraphs = islice(dict.fromkeys([*piece.paragraphs, *others]), PARAGRAPHS)
    own = tuple(f"({piece.id}, {number}.{n}) {text}" for n, text in enumerate(paragraphs))
    return replace(piece, paragraphs=own, title=f"{piece.title} ({number})")


def surrounded(body: bytes, encoding: str, headlines: list[str]) -> bytes:
    """Return a page with the menus, lists and scripts of a real outlet around it."""
    head, _, rest = body.decode(encoding).partition("</head>")
    opened, close, tail = rest.rpartition("</body>")
    start = opened.index(">", opened.index("<body")) + 1
    inside = f"{opened[:start]}{menu()}{opened[start:]}{latest(headlines)}{scripts()}"
    return f"{head}{scripts()}</head>{inside}{close}{tail}".encode(encoding, "xmlcharrefreplace")


def menu() -> str:
    """Return the menus of an outlet."""
    links = "".join(
        f'<li class="menu-item menu-item-{n}"><a href="/section/{n}"><span>Section {n}</span></a></li>'
        for n in range(MENU_LINKS)
    )
    return (
        f'<div class="top"><nav class="menu"><ul>{links}</ul></nav><form action="/search"><input name="q"></form></div>'
    )


def latest(headlines: list[str]) -> str:
    """Return the lists of other stories under and beside an article."""
    cards = "".join(
        f'<div class="card card-{n}"><a href="/story/{n}"><img src="/i/{n}.jpg" alt=""><h4>{escape(title)}</h4></a>'
        f'<span class="meta"><time datetime="2026-11-{n % 20 + 1:02}">{n % 20 + 1} November 2026</time></span></div>'
        for n, title in enumerate(islice(cycle(headlines), TEASERS))
    )
    links = "".join(f'<li><a href="/about/{n}">About page {n}</a></li>' for n in range(MENU_LINKS // 3))
    return f'<aside class="sidebar"><h3>Latest news</h3>{cards}</aside><footer><ul>{links}</ul></footer>'


def scripts() -> str:
    """Return the scripts and styles of an outlet."""
    code = "window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)}" * (SCRIPT_BYTES // 160)
    return f"<script>{code}</script><style>{'.card{margin:0 auto;padding:1em}' * (SCRIPT_BYTES // 60)}</style>"


def seed_pages(number: int) -> list[tuple[str, bytes]]:
    """Return the real texts as pages, each line with the number of the round; none where they are not at hand."""
    found = []
    for path in sorted(SEEDS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        lines = [f"({number}) {line}" if len(line) > HEADING else line for line in lines]
        body = "".join(f"<p>{escape(line)}</p>" for line in lines)
        head = f"<head><title>{escape(lines[0])}</title>{scripts()}</head>"
        html = f"<html>{head}<body>{menu()}<div>{body}</div></body></html>"
        found.append((f"https://press.example/{path.stem}", html.encode()))
    return found


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
    ratios, of_text = [], []
    with Extractor(WORKERS) as extractor, ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        for number in range(rounds + 1):
            batch = pages(number)
            ours = our_rate(extractor, batch)
            bare, text = bare_rate(pool, read_with_metadata, batch), bare_rate(pool, read_bare, batch)
            if number:  # the first round starts the workers and fills their caches
                ratios.append(ours / bare)
                of_text.append(ours / text)
                print(
                    f"pages, round {number}: {ours:.1f} a second; bare trafilatura with metadata {bare:.1f}, "
                    f"ratio {ours / bare:.2f}; its text alone {text:.1f}, ratio {ours / text:.2f}"
                )
    ratio = median(ratios)
    size = sum(len(page) for _, page in batch) / len(batch)
    print(
        f"pages: {len(batch)} of {size / 1000:.0f} kB each, median ratio {ratio:.2f}, at least {SHARE_OF_RATE} wanted "
        f"(against text without metadata {median(of_text):.2f})"
    )
    return ratio >= SHARE_OF_RATE


def our_rate(extractor: Extractor, batch: list[tuple[str, bytes]]) -> float:
    """Return how many pages a second become articles with title, author, date and language."""
    answers = [Response(url, url, 200, {"content-type": "text/html"}, page, NOW) for url, page in batch]
    start = time.perf_counter()
    found = [extractor.result(job) for job in [extractor.submit(answer, NOW) for answer in answers]]
    seconds = time.perf_counter() - start
    if unread := [page for page in found if not isinstance(page, Article)]:
        raise SystemExit(f"a page of the benchmark was not read: {unread[0]}")
    return len(batch) / seconds


def bare_rate(
    pool: ProcessPoolExecutor, read: Callable[[bytes, str], str | None], batch: list[tuple[str, bytes]]
) -> float:
    """Return how many pages a second bare trafilatura reads."""
    start = time.perf_counter()
    found = [job.result() for job in [pool.submit(read, page, url) for url, page in batch]]
    seconds = time.perf_counter() - start
    if not all(found):
        raise SystemExit("trafilatura found no text on a page of the benchmark")
    return len(batch) / seconds


# ---------------------------------------------------------------- a poll on which nothing has changed


def feed(source: int) -> bytes:
    """Return the feed of a source, about anything but customs: nothing of it is kept, no page is asked for."""
    items = "".join(
        f"<item><title>Choir {source} sings at festival {n}</title><link>http://h{source}.example/choir/{n}</link>"
        f"<guid>http://h{source}.example/choir/{n}</guid><pubDate>Sun, 22 Nov 2026 {n % 12:02}:00:00 GMT</pubDate>"
        f"<description><![CDATA[{TEASER}]]></description><content:encoded><![CDATA[{CONTENT}]]></content:encoded></item>"
        for n in range(ENTRIES)
    )
    start = f'<?xml version="1.0"?><rss version="2.0" {NAMESPACE}><channel><title>Choirs</title>'
    return f"{start}{items}</channel></rss>".encode()


class Handler(BaseHTTPRequestHandler):
    """Answers 304 for sources with an even number when asked for a change, else the same body as ever."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer one request."""
        number = int(self.path.rpartition("/")[2]) if self.path.startswith("/feed/") else -1
        tag = f'"{number}"'
        if number < 0 or (number % 2 == 0 and self.headers.get("If-None-Match") == tag):
            self.send_response(404 if number < 0 else 304)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = feed(number)
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
        clock = Clock()
        with built(Path(folder), port, sources, clock) as monitor:
            monitor.pipeline.run_pass()
            ratios = [one_round(monitor, port, sources, clock, number) for number in range(1, rounds + 1)]
        child.stdin.close()
    print(f"poll: median ratio {median(ratios):.1f}, at least {FEWER_CPU_SECONDS:.0f} wanted")
    return median(ratios) >= FEWER_CPU_SECONDS


def one_round(monitor: app.App, port: int, sources: int, clock: Clock, number: int) -> float:
    """Return how many times the CPU seconds of a pass plain feedparser takes."""
    clock.now += timedelta(hours=3)
    start = cpu_seconds()
    report = monitor.pipeline.run_pass(only=[f"s{n}" for n in range(sources)])
    ours = cpu_seconds() - start
    if [poll for poll in report.polls if poll.result is not PollResult.NOT_MODIFIED] or report.polled != sources:
        raise SystemExit(f"a poll of the benchmark brought something: {report.counts()}")
    start = cpu_seconds()
    parse_plainly(port, sources)
    plain = cpu_seconds() - start
    print(f"poll, round {number}: {ours:.2f} CPU s, plain feedparser {plain:.2f}, ratio {plain / ours:.1f}")
    return plain / ours


def parse_plainly(port: int, sources: int) -> None:
    """Fetch every feed over one connection and parse it, as a plain reader would."""
    import feedparser

    connection = http.client.HTTPConnection("127.0.0.1", port)
    for number in range(sources):
        connection.request("GET", f"/feed/{number}")
        if len(feedparser.parse(connection.getresponse().read()).entries) != ENTRIES:
            raise SystemExit("feedparser did not read a feed of the benchmark")
    connection.close()


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


def built(folder: Path, port: int, sources: int, clock: Clock) -> AbstractContextManager[app.App]:
    """Return the monitor on an empty state, watching the server."""
    outlets = [Outlet(f"o{n}", f"Choir {n}", f"o{n}") for n in range(sources)]
    watched = [Source(f"s{n}", f"o{n}", f"http://h{n}.example/feed/{n}") for n in range(sources)]
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
