"""How long a reader of `monitor serve` waits on a state of a million items, and what the digest of its busy day takes.

The state is written straight into its tables (parts/large_state.py); the rest goes through the released commands.
Prints, for each page, the first and the median answer of a warm server in milliseconds.

    .venv/bin/python benchmarks/serve.py [--items N] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median

from parts import large_state

from monitor.web.questions import questions

ROOT = Path(__file__).resolve().parent.parent
#: answers of each page that the median is of
ROUNDS = 9
PAGES = (
    "/",
    "/monitor",
    "/monitor/v_items",
    "/monitor/v_items?_sort_desc=listed_at",
    "/monitor/v_items?_facet=outlet&outlet=The+Maren+Paper+0",
    "/monitor/v_items?_facet=lang&_facet=role",
    "/monitor/v_stories",
    "/monitor/v_stories?story_id=1000",
    "/monitor/v_story_items?story_id=1000",
    "/monitor/v_reprints",
    "/monitor/v_series",
    "/monitor/v_sources",
    "/monitor/v_runs",
    "/monitor/v_figures",
    "/monitor/v_digests",
)


def main() -> None:
    """Build the state, write the busy day's digest and ask every page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="a folder for the state, used again if it has one")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        state = chosen.keep or Path(temporary) / "state"
        if not (state / "monitor.db").exists():
            started = time.perf_counter()
            large_state.build(state, chosen.items)
            print(f"built {chosen.items:,} items in {time.perf_counter() - started:.0f} s")
        print(f"{(state / 'monitor.db').stat().st_size / 2**20:,.0f} MB")
        print(busy_day(state))
        with serving(state) as (port, server):
            for path in (
                *PAGES,
                *(f"/monitor/{question.name}" for question in questions()),
                "/monitor/search?words=ivory",
            ):
                print(asked(port, path))
            print(f"server: peak {peak_mb(server.pid):.0f} MB")


def busy_day(state: Path) -> str:
    """Write the digest of the last day through the command; return what it took."""
    # without sources and watchlists of its own, and with a day that begins when the invented one does
    config = state / "config.yaml"
    config.write_text("digest: {timezone: UTC}\n", encoding="utf-8")
    options = ["--date", str(large_state.LAST_DAY), "--state", str(state), "--config", str(config), "--rewrite"]
    command = [sys.executable, "-m", "monitor", "digest", *options]
    started = time.perf_counter()
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"monitor digest: exit code {child.returncode}")
    return (
        f"monitor digest of {large_state.BUSY_ITEMS:,} items: {time.perf_counter() - started:.1f} s "
        f"({usage.ru_utime + usage.ru_stime:.1f} s CPU), peak {usage.ru_maxrss / 1024:.0f} MB"
    )


@contextmanager
def serving(state: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run `monitor serve` on a free port until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "monitor", "serve", "--state", str(state), "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        while server.poll() is None:
            try:
                ask(port, "/-/versions.json")
            except ConnectionRefusedError:
                time.sleep(0.1)
            else:
                break
        yield port, server
    finally:
        server.terminate()
        server.wait()


def ask(port: int, path: str) -> tuple[int, float]:
    """Return the status of an answer and the milliseconds until it was read."""
    started = time.perf_counter()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
    return answer.status, 1000 * (time.perf_counter() - started)


def asked(port: int, path: str) -> str:
    """Return a line on a page."""
    status, first = ask(port, path)
    rounds = ROUNDS if first < 1000 else 3
    warm = median(ask(port, path)[1] for _ in range(rounds))
    return f"{path:60} {status} first {first:7.0f} ms, warm {warm:7.0f} ms"


def peak_mb(pid: int) -> float:
    """Return the peak of a running process's memory (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
