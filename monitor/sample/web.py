"""The sample web on the wire: a real HTTP server on loopback that answers for every invented host."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import ClassVar, Self

from monitor.model import Outlet, Source
from monitor.sample.site import Reply, render_web
from monitor.sample.world import World, build_world

LOOPBACK = "127.0.0.1"
#: a client that says nothing for so long is hung up on, so that the server can always end
IDLE_S = 5.0
#: how soon the server notices that it should end
POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class Request:
    """One answered request."""

    host: str
    path: str
    status: int


class SampleWeb:
    """The sample web of one day, served while the `with` block lasts.

    `today` is the day after the last piece; with `now` (aware), only what has appeared by then is there, and
    `advance` lets time pass. Point a client at it by resolving every host in `connect_to` to `address`.
    """

    def __init__(self, today: date, *, now: datetime | None = None, port: int = 0) -> None:
        """Render the world; nothing is served yet."""
        self._today = today
        self._port = port
        self._server: _Server | None = None
        self._ending = ExitStack()
        #: every request so far, in the order of the answers
        self.requests: list[Request] = []
        self.advance(now)

    def __enter__(self) -> Self:
        """Bind the port (0: any free one) and start to answer."""
        self._server = _Server((LOOPBACK, self._port), self)
        self._ending.callback(self._server.server_close)
        thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": POLL_S}, name="sample-web")
        thread.start()
        self._ending.callback(thread.join)
        self._ending.callback(self._server.shutdown)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the answers under way and free the port."""
        self._ending.close()

    @property
    def address(self) -> tuple[str, int]:
        """Return host and port of the running server."""
        if self._server is None:
            raise RuntimeError("the sample web has an address only inside its with block")
        return LOOPBACK, self._server.server_port

    @property
    def connect_to(self) -> dict[str, tuple[str, int]]:
        """Return where to connect to instead of asking the name service."""
        return {"*.example": self.address}

    @property
    def world(self) -> World:
        """Return the world as it is served at present."""
        return self._world

    @property
    def outlets(self) -> tuple[Outlet, ...]:
        """Return the invented outlets."""
        return self._world.outlets

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the sources to poll, those with something wrong included."""
        return self._world.sources

    @property
    def gold(self) -> dict[str, str]:
        """Return the event of each address; pieces that have nothing to do with customs are not in it."""
        return {piece.url: piece.event for piece in self._world.pieces if piece.event}

    def advance(self, now: datetime | None) -> None:
        """Let time pass: serve what has appeared by `now`, or everything when it is None."""
        self._world = build_world(self._today, now=now)
        self._replies = render_web(self._world)

    def reply(self, host: str, path: str) -> Reply | None:
        """Return what an address answers, or None where there is nothing."""
        return self._replies.get((host, path))


def choose_answer(reply: Reply | None, asked: Mapping[str, str]) -> tuple[HTTPStatus, dict[str, str], bytes]:
    """Return status, headers and body of the answer; `asked` holds the client's headers, names in lower case."""
    if reply is None:
        body = b"Not found\n"
        return HTTPStatus.NOT_FOUND, {"Content-Type": "text/plain", "Content-Length": str(len(body))}, body
    headers: dict[str, str] = {}
    if reply.retry_after_s is not None:
        headers["Retry-After"] = str(reply.retry_after_s)
    if reply.status is HTTPStatus.OK:
        headers |= {
            "ETag": reply.etag,
            "Last-Modified": format_datetime(reply.modified_at.astimezone(UTC), usegmt=True),
        }
        if is_unchanged(reply, asked):
            return HTTPStatus.NOT_MODIFIED, headers, b""
    headers |= {"Content-Type": reply.content_type, "Content-Length": str(len(reply.body))}
    return reply.status, headers, reply.body


def is_unchanged(reply: Reply, asked: Mapping[str, str]) -> bool:
    """Tell whether the client has the current body; `asked` holds its headers, names in lower case.

    An ETag outranks a date (RFC 9110, section 13.2.2).
    """
    tags = asked.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or reply.etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))
    try:
        since = parsedate_to_datetime(asked.get("if-modified-since", ""))
    except ValueError:
        return False
    return since.tzinfo is not None and reply.modified_at <= since


class _Server(ThreadingHTTPServer):
    """A threading server that waits for its answers before it ends."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], web: SampleWeb) -> None:
        """Bind the address and remember whose replies to send."""
        super().__init__(address, _Handler)
        self.web = web

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a client hangs up early; anything else is a bug and is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the rendered addresses."""

    protocol_version = "HTTP/1.1"
    timeout: ClassVar[float] = IDLE_S
    server: _Server

    def do_GET(self) -> None:
        """Answer a request, with its body."""
        self.wfile.write(self._answer_head())

    def do_HEAD(self) -> None:
        """Answer a request without the body."""
        self._answer_head()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server uses
        """Keep the terminal quiet: the requests are in the web's own list."""

    def _answer_head(self) -> bytes:
        """Send status line and headers for the address and return the body that belongs to them."""
        host = self.headers.get("Host", "").partition(":")[0].lower()
        path = self.path.partition("?")[0]
        asked = {name.lower(): value for name, value in self.headers.items()}
        status, headers, body = choose_answer(self.server.web.reply(host, path), asked)
        self.server.web.requests.append(Request(host, path, status))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        return body
