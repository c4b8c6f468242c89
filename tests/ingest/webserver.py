"""A small real web server on loopback for the tests: each path answers as it was told to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

#: how a client begins that wants TLS
TLS_HELLO = b"\x16\x03"
#: gets the request head as text and a connection to answer on
Answer = Callable[[str, socket.socket], None]


def answer(status: str, body: bytes = b"", **headers: str) -> Answer:
    """Return an answer with a body of declared length; underscores in header names stand for dashes."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    message = "\r\n".join([*lines, "", ""]).encode() + body
    return lambda head, connection: connection.sendall(message)


@dataclass
class Web:
    """The server's port, what each path answers, and the heads of the requests it got."""

    port: int
    pages: dict[str, Answer] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def connect_to(self) -> dict[str, tuple[str, int]]:
        """Return the setting that leads all invented hosts here."""
        return {"*.example": ("127.0.0.1", self.port)}

    def handle(self, connection: socket.socket) -> None:
        """Answer one request and close."""
        with connection:
            head = b""
            while b"\r\n\r\n" not in head and not head.startswith(TLS_HELLO) and (data := connection.recv(4096)):
                head += data
            text = head.decode("latin-1")
            self.heads.append(text)
            path = text.split(" ")[1] if " HTTP/" in text else ""
            try:
                self.pages.get(path, answer("404 Not Found", b"nothing here"))(text, connection)
            except OSError:
                return  # the client went away, as some tests want


@contextmanager
def serving() -> Iterator[Web]:
    """Run a server on a free port until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        web = Web(listener.getsockname()[1])
        workers: list[threading.Thread] = []

        def accept() -> None:
            """Take connections, each in a thread of its own, until the listener is shut down."""
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                if web.stop.is_set():
                    connection.close()
                    return
                workers[:] = [worker for worker in workers if worker.is_alive()]
                workers.append(threading.Thread(target=web.handle, args=(connection,)))
                workers[-1].start()

        acceptor = threading.Thread(target=accept)
        acceptor.start()
        try:
            yield web
        finally:
            web.stop.set()
            socket.create_connection(("127.0.0.1", web.port)).close()
            for thread in [acceptor, *workers]:
                thread.join()
