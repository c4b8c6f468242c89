"""Many invented outlets behind one loopback port, in a process of its own, with a book of what each published.

The time is told by the benchmark, so that a feed never shows what is still to come.
"""

from __future__ import annotations

import json
import multiprocessing
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from typing import Any

from parts import invented

from monitor.model import Outlet, Source

_DOMAIN = "press-{:03d}.example"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is published: so many pieces over so many seconds from a moment, by outlets with one source each."""

    sources: int
    pieces: int
    seconds: float
    begins_at: datetime
    interval_s: int
    max_interval_s: int
    seed: int = 1
    #: how many of its newest pieces a feed shows
    shown: int = 100

    def watch(self) -> tuple[Sequence[Outlet], Sequence[Source]]:
        """Return the outlets and sources to watch."""
        outlets = [Outlet(f"press-{n:03d}", f"Press {n}", f"press-{n:03d}") for n in range(self.sources)]
        sources = [
            Source(
                outlet.id, outlet.id, f"http://{_DOMAIN.format(n)}/feed", lang="en", trusted=True,
                interval_s=self.interval_s, max_interval_s=self.max_interval_s,
            )
            for n, outlet in enumerate(outlets)
        ]  # fmt: skip
        return outlets, sources


@dataclass(frozen=True, slots=True)
class Wire:
    """The running server."""

    port: int
    _now: Synchronized[float]
    _asks: Connection

    @property
    def connect_to(self) -> Mapping[str, tuple[str, int]]:
        """Return where the outlets are reached."""
        return {"*.example": ("127.0.0.1", self.port)}

    def tell(self, now: datetime) -> None:
        """Tell the outlets the time."""
        self._now.value = now.timestamp()

    def book(self) -> set[str]:
        """Return the addresses of everything that was published up to the time that was told last."""
        self._asks.send("book")
        return set(json.loads(self._asks.recv()))


@contextmanager
def running(plan: Plan) -> Iterator[Wire]:
    """Serve the outlets until the end of the block."""
    context = multiprocessing.get_context("spawn")
    now = context.Value("d", plan.begins_at.timestamp())
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(plan, now, theirs), daemon=True)
    process.start()
    try:
        yield Wire(ours.recv(), now, ours)
    finally:
        process.kill()
        process.join()


def _serve(plan: Plan, now: Synchronized[float], asks: Connection) -> None:
    """Write all pieces, answer requests, and open the book when asked."""
    published: list[list[tuple[float, str, str, str]]] = [[] for _ in range(plan.sources)]
    # 700 a day is what the outlets of the other benchmarks publish: pieces on one event come close together
    rows = islice(invented.stream(a_day=700, seed=plan.seed, varied=True), plan.pieces)
    for number, row in enumerate(rows):
        at = plan.begins_at.timestamp() + plan.seconds * number / plan.pieces
        # a multiplier without a common factor spreads what comes together over the outlets
        home = number * 7919 % plan.sources
        published[home].append((at, f"/{number}", row["title"], row["text"]))
    pages = {(home, path): (title, text) for home, pieces in enumerate(published) for _, path, title, text in pieces}

    class Handler(BaseHTTPRequestHandler):
        """Answers for all outlets."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            """Send a feed, a page, or 404."""
            host, path = self.headers["Host"], self.path
            if not host.startswith("press-"):
                # all outlets under the address of this machine, the first step of the path says which
                host, _, path = path[1:].partition("/")
                path = f"/{path}"
            home = int(host.removeprefix("press-")[:3]) if host.startswith("press-") else plan.sources
            if path == "/feed" and home < plan.sources:
                shown = [piece for piece in published[home] if piece[0] <= now.value][-plan.shown :]
                self._send("application/rss+xml", _feed(home, shown))
            elif (home, path) in pages:
                self._send("text/html; charset=utf-8", _page(*pages[home, path]))
            else:
                self.send_error(404)

        def _send(self, kind: str, body: str) -> None:
            """Send a body."""
            raw = body.encode()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        asks.send(server.server_address[1])
        threading.Thread(target=server.serve_forever, daemon=True).start()
        while True:
            asks.recv()
            out = [
                f"http://{_DOMAIN.format(home)}{path}"
                for home, pieces in enumerate(published)
                for at, path, *_ in pieces
                if at <= now.value
            ]
            asks.send(json.dumps(out))


def _feed(home: int, pieces: Sequence[tuple[float, str, str, str]]) -> str:
    """Return a feed, the newest piece first."""
    items = "".join(
        f"<item><title>{escape(title)}</title><link>http://{_DOMAIN.format(home)}{path}</link>"
        f"<guid>http://{_DOMAIN.format(home)}{path}</guid><pubDate>{_rfc(at)}</pubDate>"
        f"<description>{escape(text[:200])}</description></item>"
        for at, path, title, text in reversed(pieces)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Press {home}</title>{items}</channel></rss>'


def _rfc(at: float) -> str:
    """Return a moment as feeds write it."""
    return format_datetime(datetime.fromtimestamp(at, UTC), usegmt=True)


def _page(title: str, text: str) -> str:
    """Return a page with the furniture that pages have."""
    body = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    menu = "".join(f'<li><a href="/section-{n}">Section {n}</a></li>' for n in range(40))
    return (
        f"<!doctype html><html lang='en'><head><title>{escape(title)}</title></head><body><nav><ul>{menu}</ul></nav>"
        f"<article><h1>{escape(title)}</h1>{body}</article><footer><ul>{menu}</ul></footer></body></html>"
    )
