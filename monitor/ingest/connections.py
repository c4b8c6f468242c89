"""Open connections to servers: each carries one request at a time and is kept for a moment for the next to its server.

httpcore2's own pool looks at every connection it holds before and after each request and asks the system whether the
idle ones are still good; this one looks at those to the same server. With the layers of httpx2 above it, that was a
third of the CPU time of a quiet poll (`./run.sh bench ingest`).
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpcore2

from monitor.ingest.wire import GuardedBackend

#: an idle connection is let go after so long
KEPT_S = 5.0


class Connections:
    """Lends connections to threads until it is closed; what is under way then ends by the backend's cancel."""

    def __init__(self, backend: GuardedBackend, context: ssl.SSLContext, *, kept: int) -> None:
        """Keep at most so many idle connections; `context` is that of TLS."""
        self._backend, self._context, self._kept = backend, context, kept
        self._context.set_alpn_protocols(["http/1.1"])
        self._idle: list[httpcore2.HTTP11Connection] = []  # the one used last is the last one
        self._lock = threading.Lock()
        self._is_closed = False

    @contextmanager
    def asked(self, request: httpcore2.Request, timeout_s: float) -> Iterator[httpcore2.Response]:
        """Send a request and give its answer, whose body is still to be read; raise an error of httpcore2."""
        origin = request.url.origin
        connection = self._taken(origin) or self._opened(origin, timeout_s)
        try:
            answer = connection.handle_request(request)
            try:
                yield answer
            finally:
                answer.close()
        finally:
            self._put_back(connection)

    def close(self) -> None:
        """Close what is idle, and from now on what comes back."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _taken(self, origin: httpcore2.Origin) -> httpcore2.HTTP11Connection | None:
        """Take an idle connection to a server that is still good."""
        while True:
            with self._lock:
                fitting = (one for one in reversed(self._idle) if one.can_handle_request(origin))
                connection = next(fitting, None)
                if connection is None:
                    return None
                self._idle.remove(connection)
            if not connection.has_expired():
                return connection
            connection.close()

    def _opened(self, origin: httpcore2.Origin, timeout_s: float) -> httpcore2.HTTP11Connection:
        """Open a connection to a server."""
        host = origin.host.decode("ascii")
        stream = self._backend.connect_tcp(host, origin.port, timeout_s)
        if origin.scheme == b"https":
            stream = stream.start_tls(self._context, host, timeout_s)
        return httpcore2.HTTP11Connection(origin, stream, KEPT_S)

    def _put_back(self, connection: httpcore2.HTTP11Connection) -> None:
        """Keep a connection on which another request may be sent, and let the oldest go when there are too many."""
        surplus = None
        with self._lock:
            if connection.is_idle():
                if self._is_closed:
                    surplus = connection
                else:
                    self._idle.append(connection)
                    surplus = self._idle.pop(0) if len(self._idle) > self._kept else None
        if surplus is not None:
            surplus.close()
