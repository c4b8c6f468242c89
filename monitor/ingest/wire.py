"""Sockets for `fetch`: a name is resolved once, its addresses are checked, and the checked address is connected to.

Because nobody resolves the name a second time, a name server that changes its answer (DNS rebinding) gains nothing.
Every blocking call ends at the deadline of its request and when the backend is cancelled.
"""

from __future__ import annotations

import ipaddress
import os
import queue
import select
import socket
import ssl
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any

import httpcore2

#: a host name and a port become addresses, as text; raises OSError when the name does not exist
Resolve = Callable[[str, int], Sequence[str]]

#: how long a wait that cannot be interrupted goes on before the cancel flag is looked at again
_SLICE_S = 0.1
#: RFC 6052: the last 32 bits of such an address are an IPv4 address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: global to some versions of `ipaddress`, but nobody publishes there: site-local (RFC 3879), relays of 6to4 (RFC 7526),
#: protocol assignments (RFC 6890; a cloud answers with its secrets at 192.0.0.192), documentation (RFC 9637), and the
#: address at which another cloud answers its own machines
_INSIDE = tuple(
    map(ipaddress.ip_network, ("fec0::/10", "192.88.99.0/24", "192.0.0.0/24", "3fff::/20", "168.63.129.16/32"))
)


def system_addresses(host: str, port: int) -> list[str]:
    """Ask the system's resolver for the addresses of a name; raise OSError or UnicodeError when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Tell whether an address, given as text, is one of the open internet, also when it hides an IPv4 address."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(
        one.is_global and not one.is_multicast and not one.is_reserved and not any(one in net for net in _INSIDE)
        for one in _with_embedded(ip)
    )


def _with_embedded(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Iterator[Any]:
    """Yield an address, or instead of a translated one the IPv4 address inside it."""
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            yield inner
            return
    yield ip


class WireError(httpcore2.ConnectError):
    """A connection that we refused or gave up, with the kind of FetchError it becomes."""

    def __init__(self, kind: str, message: str) -> None:
        """Keep the kind beside the message."""
        super().__init__(message)
        self.kind = kind


class GuardedBackend(httpcore2.NetworkBackend):
    """Opens connections for httpcore2, only to addresses that may be connected to."""

    def __init__(
        self, *, resolve: Resolve, connect_to: Mapping[str, tuple[str, int]] | None = None, allow_private: bool = False
    ) -> None:
        self._resolve = resolve
        self._connect_to = dict(connect_to or {})
        self._allow_private = allow_private
        self._deadline = threading.local()
        self._live: weakref.WeakSet[GuardedStream] = weakref.WeakSet()
        self._lock = threading.Lock()
        self.cancelled = threading.Event()

    def start(self, seconds: float) -> None:
        """Give everything this thread does from now on so many seconds."""
        self._deadline.at = time.monotonic() + seconds

    def cancel(self) -> None:
        """Break off all connections; every call that is under way or follows raises WireError `cancelled`."""
        self.cancelled.set()
        with self._lock:
            streams = list(self._live)
        for stream in streams:
            stream.abort()

    def left(self, timeout: float | None) -> float:
        """Return how many seconds a call may take, or raise WireError when there are none."""
        if self.cancelled.is_set():
            raise WireError("cancelled", "the fetcher was stopped")
        left = getattr(self._deadline, "at", float("inf")) - time.monotonic()
        if left <= 0:
            raise WireError("timeout", "not finished before the deadline")
        return left if timeout is None else min(timeout, left)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002  part of the interface, never set by us
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002  the same
    ) -> GuardedStream:
        """Connect to the first address of a host that may be used and answers; raise httpcore2.ConnectError else."""
        addresses, port = self._targets(host, port, timeout)
        for number, address in enumerate(addresses, 1):
            try:
                return self._opened(address, port, timeout)
            except OSError as error:
                if number == len(addresses):
                    raise httpcore2.ConnectError(f"cannot connect to {address} port {port}: {error}") from error
        raise WireError("dns", f"the name {host} has no address")

    def _targets(self, host: str, port: int, timeout: float | None) -> tuple[Sequence[str], int]:
        """Return the addresses and the port to try for a host, or raise WireError when none is allowed."""
        for pattern, target in self._connect_to.items():
            if fnmatchcase(host.lower(), pattern.lower()):
                return [target[0]], target[1]
        addresses = self._looked_up(host, port, timeout)
        allowed = [address for address in addresses if self._allow_private or is_public(address)]
        if addresses and not allowed:
            raise WireError("private_address", f"{host} is at {addresses[0]}, which is not on the open internet")
        return allowed, port

    def _looked_up(self, host: str, port: int, timeout: float | None) -> Sequence[str]:
        """Resolve a name in a thread of its own, because the system's resolver knows neither timeout nor cancel."""
        answer: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

        def look_up() -> None:
            """Put the addresses or the failure where the waiting thread finds it."""
            try:
                answer.put(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                answer.put(error)

        threading.Thread(target=look_up, daemon=True, name=f"resolve {host}").start()
        ends_at = time.monotonic() + self.left(timeout)
        while (left := min(ends_at - time.monotonic(), self.left(None))) > 0:
            try:
                got = answer.get(timeout=min(_SLICE_S, left))
            except queue.Empty:
                continue
            if isinstance(got, Exception):
                raise WireError("dns", f"the name {host} cannot be resolved: {got}") from got
            return got
        raise WireError("timeout", f"resolving the name {host} took too long")

    def _opened(self, address: str, port: int, timeout: float | None) -> GuardedStream:
        """Open a connection to one address; raise OSError when it is refused or takes too long."""
        sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            sock.connect_ex((address, port))
            self._wait_connected(sock, time.monotonic() + self.left(timeout))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            sock.close()
            raise
        return self.guard(sock)

    def _wait_connected(self, sock: socket.socket, ends_at: float) -> None:
        """Wait until a connection is made; raise OSError when it is refused or the given moment has come."""
        poller = select.poll()
        poller.register(sock, select.POLLOUT)
        while not poller.poll(1000 * min(_SLICE_S, self.left(None))):
            if time.monotonic() >= ends_at:
                raise TimeoutError("no answer")
        if code := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(code, os.strerror(code))

    def guard(self, sock: socket.socket) -> GuardedStream:
        """Wrap a socket so that the deadline and a cancel reach it."""
        stream = GuardedStream(sock, self)
        with self._lock:
            self._live.add(stream)
        return stream


class GuardedStream(httpcore2.NetworkStream):
    """One open connection."""

    def __init__(self, sock: socket.socket, backend: GuardedBackend) -> None:
        self._sock = sock
        self._backend = backend

    @contextmanager
    def _bounded(
        self,
        timeout: float | None,
        *,
        late: type[Exception],
        broken: type[Exception],
        sock: socket.socket | None = None,
    ) -> Iterator[None]:
        """Run one socket call within its time, and raise httpcore2's errors for the system's."""
        used = sock or self._sock
        try:
            seconds = self._backend.left(timeout)
            if used.gettimeout() != seconds:  # setting it is a system call
                used.settimeout(seconds)
            yield
        except TimeoutError as error:
            raise late("no answer in time") from error
        except ssl.SSLError as error:
            raise WireError("tls", f"TLS failed ({error.reason or error})") from error
        except OSError as error:
            self._backend.left(None)  # a broken connection that we broke ourselves is a cancel, not a failure
            raise broken(str(error)) from error

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has arrived, at most so many bytes; nothing at the end of the stream."""
        with self._bounded(timeout, late=httpcore2.ReadTimeout, broken=httpcore2.ReadError):
            data = self._sock.recv(max_bytes)
        if not data:
            self._backend.left(None)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send the whole buffer; httpcore2 hands over two empty ones with each request."""
        if not buffer:
            return
        with self._bounded(timeout, late=httpcore2.WriteTimeout, broken=httpcore2.WriteError):
            self._sock.sendall(buffer)

    def close(self) -> None:
        """Close the connection."""
        self._sock.close()

    def abort(self) -> None:
        """Wake up the thread that waits for this connection; may be called from any thread."""
        try:
            # not the method of an SSLSocket, which would take its state away under the reading thread
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)
        except OSError:
            return  # closed already

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> GuardedStream:
        """Return the connection with TLS on it."""
        wrapped = ssl_context.wrap_socket(self._sock, server_hostname=server_hostname, do_handshake_on_connect=False)
        secure = self._backend.guard(wrapped)
        try:
            with self._bounded(timeout, late=httpcore2.ConnectTimeout, broken=httpcore2.ConnectError, sock=wrapped):
                wrapped.do_handshake()
        except BaseException:
            wrapped.close()
            raise
        return secure

    def get_extra_info(self, info: str) -> object:
        """Answer what httpcore2 asks of a stream: the socket's addresses, its TLS object, whether data wait."""
        match info:
            case "ssl_object":
                return self._sock if isinstance(self._sock, ssl.SSLSocket) else None
            case "socket":
                return self._sock
            case "client_addr":
                return self._sock.getsockname()
            case "server_addr":
                return self._sock.getpeername()
            case "is_readable":
                return self._readable()
        return None

    def _readable(self) -> bool:
        """Tell whether an idle connection has data or its end waiting, so that it must not be used again."""
        if self._sock.fileno() < 0:
            return True
        # httpcore2 asks this of every idle connection before each request: a selector costs five system calls
        poller = select.poll()
        poller.register(self._sock, select.POLLIN)
        return bool(poller.poll(0))
