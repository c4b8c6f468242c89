"""The only module that talks to the network: HTTP GET with etiquette, caps, deadlines and errors as values.

Redirects are followed by hand, so that each hop is checked and counted. Private addresses are refused where the
connection is made (see `wire`), so that neither a redirect nor a name server can lead us inside.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from types import TracebackType
from typing import Self

import httpcore2
import httpx2

from monitor.errors import FetchError
from monitor.ingest import messages
from monitor.ingest.body import read_body
from monitor.ingest.connections import Connections
from monitor.ingest.headers import retry_after
from monitor.ingest.turns import Turns
from monitor.ingest.wire import GuardedBackend, Resolve, WireError, system_addresses
from monitor.model import FetchRequest, Response

__all__ = ["FetchSettings", "Fetcher", "kind_of", "retry_after"]

Result = Response | FetchError
#: told an address and how to ask for another one on the way, returns why the address may not be asked, None if it may
Permit = Callable[[str, Callable[[FetchRequest], Result]], FetchError | None]

_NOT_MODIFIED = 304
_TOO_MANY = 429
#: how long a host rests that says it is asked too often, but not for how long
_REST_S = 60.0
#: many feeds of different publishers may share a host, so a longer wish binds only the address that it was told for
_LONGEST_REST_S = 600.0
_MAX_URL = 4000
_MAX_PORT = 65_535
#: what each exception of httpcore2 means to us; a test holds that none is missing
_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (httpcore2.TimeoutException, "timeout"),
    (httpcore2.NetworkError, "connect"),
    (httpcore2.ProxyError, "connect"),
    (httpcore2.UnsupportedProtocol, "bad_url"),
    (httpcore2.ProtocolError, "protocol"),
)
_ERRORS = tuple(error for error, _ in _KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How to fetch; sizes in bytes, times in seconds."""

    user_agent: str
    #: for each phase: resolve, connect, each read and write
    timeout_s: float = 20
    #: for the whole request with its redirects and however slow a body
    deadline_s: float = 60
    #: on the wire and after decompression
    max_bytes: int = 10_000_000
    max_redirects: int = 5
    threads: int = 8
    per_host: int = 2
    #: between the starts of two requests to one host
    host_gap_s: float = 1.0
    allow_private: bool = False
    #: host pattern (`*.example`) to the address and port to connect to instead; the URL and the Host header stay
    connect_to: Mapping[str, tuple[str, int]] = field(default_factory=dict)


def kind_of(error: Exception) -> str | None:
    """Return the kind of FetchError that an exception of httpcore2 becomes, or None for a bug of ours."""
    if isinstance(error, WireError):
        return error.kind
    return next((kind for known, kind in _KINDS if isinstance(error, known)), None)


@lru_cache(maxsize=1024)
def checked_url(text: str) -> httpx2.URL:
    """Return an absolute http or https address, or raise FetchError of kind `bad_url`."""
    if len(text) > _MAX_URL:
        raise FetchError(text[:100], "bad_url", f"the address has more than {_MAX_URL} characters")
    try:
        url = httpx2.URL(text)
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise FetchError(text, "bad_url", f"this is not an address ({error})") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise FetchError(text, "bad_url", "only http and https addresses with a host are fetched")
    # httpx2 takes any number for a port, the socket raises OverflowError for it
    if url.port is not None and not 1 <= url.port <= _MAX_PORT:
        raise FetchError(text, "bad_url", f"the port {url.port} is not one of 1 to {_MAX_PORT}")
    return url


def _host(request: FetchRequest) -> Hashable:
    """Return the host that a request is counted for; a broken address counts for itself."""
    try:
        return checked_url(request.url).host
    except FetchError:
        return request.url


def _now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


class Fetcher:
    """Fetches addresses until it is closed; all methods may be called from several threads."""

    def __init__(
        self,
        settings: FetchSettings,
        *,
        resolve: Resolve = system_addresses,
        clock: Callable[[], datetime] = _now,
        permit: Permit = lambda _url, _ask: None,
    ) -> None:
        self._settings = settings
        self._permit = permit
        self._clock = clock
        self._backend = GuardedBackend(
            resolve=resolve, connect_to=settings.connect_to, allow_private=settings.allow_private
        )
        context = httpx2.create_ssl_context(trust_env=False)
        self._connections = Connections(self._backend, context, kept=settings.threads)
        self._threads = ThreadPoolExecutor(settings.threads, thread_name_prefix="fetch")
        self._started_at: dict[Hashable, float] = {}

    def __enter__(self) -> Self:
        """Use the fetcher as a context."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the fetcher."""
        self.close()

    def cancel(self) -> None:
        """Make all requests, under way or yet to come, end at once with a FetchError of kind `cancelled`."""
        self._backend.cancel()

    def close(self) -> None:
        """Break off what is under way and let all connections go; the fetcher cannot be used again."""
        self.cancel()
        self._threads.shutdown(cancel_futures=True)
        self._connections.close()

    def get(self, request: FetchRequest) -> Result:
        """Fetch one address; every failure outside this program is a returned FetchError, never raised."""
        self._backend.start(self._settings.deadline_s)
        return self._answered(request)

    def _answered(self, request: FetchRequest) -> Result:
        """Fetch one address within the time that this thread has left; every failure is a value."""
        try:
            return self._followed(request)
        except FetchError as error:
            return error
        except _ERRORS as error:
            return FetchError(request.url, kind_of(error) or "protocol", str(error) or type(error).__name__)

    def get_many(
        self,
        requests: Iterable[FetchRequest],
        *,
        delays: Mapping[Hashable, float] | None = None,
        patience_s: float | None = None,
    ) -> Iterator[tuple[FetchRequest, Result]]:
        """Fetch many addresses in parallel and yield each with its answer, in order of completion.

        New requests start only while answers are taken, so that at most `threads` bodies wait in memory. `delays` are
        longer pauses for some hosts. What cannot start within `patience_s`, because its host wants pauses or answered
        429, comes back as FetchError of kind `turn`.
        """
        turns = Turns(
            [(_host(request), request) for request in requests],
            per_host=self._settings.per_host,
            gap_s=self._settings.host_gap_s,
            started_at=self._started_at,
            delays=delays,
        )
        ends_at = None if patience_s is None else time.monotonic() + patience_s
        is_changed = True  # whether somebody's turn may have moved behind the end
        finished: queue.SimpleQueue[tuple[Hashable, FetchRequest, Future[Result]]] = queue.SimpleQueue()
        under_way = 0
        while turns or under_way:
            if self._backend.cancelled.is_set():
                yield from ((request, _cancelled(request)) for request in turns.drain())
            if ends_at is not None and is_changed:
                is_changed = False
                late = turns.too_late(ends_at, time.monotonic())
                yield from ((request, _late(request, turns.gap_of(host))) for host, request in late)
            under_way += self._start_more(turns, finished, self._settings.threads - under_way)
            try:
                host, request, answer = finished.get(timeout=_patience(turns, under_way, self._settings.threads))
            except queue.Empty:
                continue
            turns.done(host)
            under_way -= 1
            result = answer.result()
            if ends_at is not None and isinstance(result, Response) and result.status == _TOO_MANY:
                rest = retry_after(result.headers, self._clock()) or _REST_S
                turns.hold(host, time.monotonic() + min(rest, _LONGEST_REST_S))
                is_changed = True
            yield request, result

    def _start_more(
        self,
        turns: Turns[FetchRequest],
        finished: queue.SimpleQueue[tuple[Hashable, FetchRequest, Future[Result]]],
        places: int,
    ) -> int:
        """Hand out as many requests as may start now, and return how many that were."""
        for started in range(places):
            turn = turns.take(time.monotonic())
            if turn is None:
                return started
            host, request = turn
            future = self._threads.submit(self.get, request)
            future.add_done_callback(lambda done, h=host, r=request: finished.put((h, r, done)))  # type: ignore[misc]
        return places

    def _followed(self, request: FetchRequest) -> Response:
        """Fetch an address and follow its redirects; raise FetchError or an error of httpcore2."""
        url, moved_to, permanent = checked_url(request.url), None, True
        cookies = httpx2.Cookies()  # some sites redirect to themselves until their cookie comes back
        for _ in range(self._settings.max_redirects + 1):
            if request.obeys_robots and (refused := self._permit(str(url), self._answered)):
                raise refused
            message = messages.message(url, request, cookies, self._settings.user_agent, self._settings.timeout_s)
            with self._connections.asked(message, self._settings.timeout_s) as answer:
                headers = messages.headers_of(answer)
                target = messages.target_of(url, answer.status, headers)
                if target is None:
                    return self._received(url, answer, headers, request, moved_to)
            if "set-cookie" in headers:
                messages.take_cookies(cookies, url, answer)
            permanent = permanent and answer.status in messages.PERMANENT
            moved_to = target if permanent else moved_to
            url = checked_url(target)
        raise FetchError(request.url, "redirects", f"more than {self._settings.max_redirects} redirects, last to {url}")

    def _received(
        self,
        url: httpx2.URL,
        answer: httpcore2.Response,
        headers: Mapping[str, str],
        request: FetchRequest,
        moved_to: str | None,
    ) -> Response:
        """Read the body of the last answer; that of a 304 is nothing, which leaves the connection ready for more."""
        body = read_body(
            answer.iter_stream(),
            url=request.url,
            encoding="" if answer.status == _NOT_MODIFIED else headers.get("content-encoding", ""),
            cap=self._settings.max_bytes,
            enough=request.enough_bytes,
        )
        return Response(
            requested_url=request.url,
            url=str(url),
            status=answer.status,
            headers=headers,
            body=body,
            fetched_at=self._clock(),
            moved_to=moved_to,
        )


def _cancelled(request: FetchRequest) -> FetchError:
    """Return the error of a request that never started."""
    return FetchError(request.url, "cancelled", "the fetcher was stopped")


def _late(request: FetchRequest, gap_s: float) -> FetchError:
    """Return the error of a request that was not sent because its host wants to be left in peace for longer."""
    return FetchError(request.url, "turn", f"its turn has not come: its host is asked every {gap_s:g} s at most")


def _patience(turns: Turns[FetchRequest], under_way: int, threads: int) -> float | None:
    """Return how long to wait for an answer before another request may start; never so long that a cancel hangs."""
    wait = turns.wait_s(time.monotonic()) if under_way < threads else None
    return 0.2 if wait is None else min(wait, 0.2)
