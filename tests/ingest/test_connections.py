"""Connections are kept for the next request to the same server, and only while they are good; real HTTP on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from monitor.ingest.fetch import Fetcher, FetchSettings
from monitor.model import FetchRequest, Response


@dataclass(slots=True)
class Keeper:
    """A server that keeps its connections, and counts them."""

    port: int
    #: the port at the other end of each request's connection, in order
    seen: list[int] = field(default_factory=list)


@contextmanager
def keeping() -> Iterator[Keeper]:
    """Serve 304 at /same, a close at /last, a page at anything else."""
    keeper = Keeper(0)

    class Handler(BaseHTTPRequestHandler):
        """Answers and keeps the connection."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answer one request."""
            keeper.seen.append(self.client_address[1])
            self.send_response(304 if self.path == "/same" else 200)
            body = b"" if self.path == "/same" else b"x" * 50_000
            self.send_header("Content-Length", str(len(body)))
            if self.path == "/last":
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        keeper.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield keeper
        server.shutdown()


@contextmanager
def fetching(keeper: Keeper, threads: int = 2) -> Iterator[Fetcher]:
    """Make a fetcher that reaches the server under any name."""
    connect_to = {"*.example": ("127.0.0.1", keeper.port)}
    with Fetcher(FetchSettings(user_agent="t", host_gap_s=0, threads=threads, connect_to=connect_to)) as fetcher:
        yield fetcher


def used(*requests: FetchRequest) -> list[int]:
    """Return for each of some requests, one after the other, the number of the connection that it used."""
    with keeping() as keeper, fetching(keeper) as fetcher:
        for request in requests:
            assert isinstance(fetcher.get(request), Response)
        order = list(dict.fromkeys(keeper.seen))
        return [order.index(port) for port in keeper.seen]


def ask(path: str, host: str = "a", enough: int | None = None) -> FetchRequest:
    """Return a request."""
    return FetchRequest(f"http://{host}.example{path}", enough_bytes=enough)


@pytest.mark.parametrize(
    ("requests", "connections"),
    [
        ((ask("/1"), ask("/2"), ask("/3")), [0, 0, 0]),
        ((ask("/same"), ask("/same"), ask("/1")), [0, 0, 0]),
        ((ask("/1"), ask("/1", "b"), ask("/2"), ask("/2", "b")), [0, 1, 0, 1]),
        ((ask("/last"), ask("/1")), [0, 1]),
        ((ask("/1", enough=10), ask("/2")), [0, 1]),
        # two are kept, the oldest goes
        ((ask("/1", "a"), ask("/1", "b"), ask("/1", "c"), ask("/2", "a"), ask("/2", "c")), [0, 1, 2, 3, 2]),
    ],
    ids=["again", "unchanged", "two hosts", "closed by the server", "broken off", "too many"],
)
def test_connections_are_used_again(requests: tuple[FetchRequest, ...], connections: list[int]) -> None:
    """A connection serves the next request to its host while it is good, also after a 304."""
    assert used(*requests) == connections


def test_many_threads_share_them() -> None:
    """Requests at once have a connection each, and no more are made than there are threads."""
    with keeping() as keeper, fetching(keeper, threads=4) as fetcher:
        answers = list(fetcher.get_many([ask(f"/{n}") for n in range(40)]))
        assert all(isinstance(answer, Response) and len(answer.body) == 50_000 for _, answer in answers)
        assert len(set(keeper.seen)) <= 4
