"""A demo state and a real server in front of it, for all tests of the pages."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn

from monitor.cli.demo import run_demo
from monitor.web.guard import Access
from monitor.web.server import application

LOOPBACK = frozenset({"127.0.0.1", "localhost"})


@dataclass(frozen=True)
class Served:
    """Where a state is served."""

    port: int

    def url(self, path: str = "/") -> str:
        """Return the address of a page."""
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the demo once."""
    folder = tmp_path_factory.mktemp("demo") / "state"
    run_demo(folder, fresh=True, advance=lambda _steps, _total: None)
    return folder


@contextmanager
def serving_state(folder: Path, access: Access = Access(LOOPBACK)) -> Iterator[Served]:  # noqa: B008 - frozen
    """Serve a state on a free port of this machine until the block ends."""
    app = application(folder, access)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        # connections wait in the socket's queue until the server takes them, so nobody has to wait for its start
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Served(listening.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="session")
def serve() -> Callable[..., object]:
    """Give the way to serve a state."""
    return serving_state


@pytest.fixture(scope="session")
def site(demo: Path) -> Iterator[Served]:
    """Serve the demo."""
    with serving_state(demo) as served:
        yield served
