"""The pages for machines on a loopback port: /healthz (alive), /readyz (does its job) and /metrics (Prometheus)."""

from __future__ import annotations

import ipaddress
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from monitor.errors import UsageError
from monitor.health.board import Board, health
from monitor.health.metrics import CONTENT_TYPE, Metrics

_OK, _UNAVAILABLE, _NOT_FOUND, _MISDIRECTED = 200, 503, 404, 421
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_JSON = "application/json"


class _Server(ThreadingHTTPServer):
    """Answers from the board; a client that is slow holds a thread for seconds at most, and never the end."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], answer: Callable[[str], tuple[int, str, bytes]]) -> None:
        self.answer = answer
        # on loopback a page from elsewhere could ask under a name of its own that resolves to this machine
        self.names = _LOCAL if ipaddress.ip_address(address[0]).is_loopback else None
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    timeout = 5
    server: _Server
    server_version, sys_version = "monitor", ""

    def do_GET(self) -> None:
        """Send a page."""
        status, kind, body = self._answer()
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

    def _answer(self) -> tuple[int, str, bytes]:
        """Return what the path gets, if the host that the client names is ours."""
        name = self.headers.get("Host", "").rpartition(":")[0].strip("[]") or self.headers.get("Host", "")
        if self.server.names is not None and name.lower() not in self.server.names:
            return _MISDIRECTED, "text/plain", b"this address is not served here\n"
        return self.server.answer(self.path.partition("?")[0])

    def log_message(self, *_args: object) -> None:
        """Say nothing: the log is for what the monitor does."""


def page(path: str, board: Board, metrics: Metrics, now: datetime) -> tuple[int, str, bytes]:
    """Return status, content type and body of a page."""
    if path == "/metrics":
        return _OK, CONTENT_TYPE, metrics.text(now)
    if path == "/healthz":
        return (_OK, "text/plain", b"alive\n") if board.is_alive else (_UNAVAILABLE, "text/plain", b"no sign of life\n")
    if path == "/readyz":
        verdict = board.verdict(now)
        body = json.dumps(health(board.known, verdict, now), indent=2, ensure_ascii=False)
        return (_OK if verdict.is_ready else _UNAVAILABLE), _JSON, f"{body}\n".encode()
    return _NOT_FOUND, "text/plain", b"/healthz /readyz /metrics\n"


@contextmanager
def answering(
    host: str, port: int, board: Board, metrics: Metrics, clock: Callable[[], datetime]
) -> Iterator[tuple[str, int]]:
    """Answer on an address until the block ends, and give the address; port 0 is any free one.

    Raises:
        UsageError: the address cannot be listened on.

    """
    try:
        server = _Server((host, port), lambda path: page(path, board, metrics, clock()))
    except OSError as error:
        problem = error.strerror or error
        raise UsageError(f"{host} port {port} cannot be listened on ({problem}): change health.port") from error
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, name="health", daemon=True)
    thread.start()
    try:
        yield host, server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
