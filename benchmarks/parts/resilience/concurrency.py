"""The commands of people while the service works: each works or says why not, and none speaks of a locked database.

The service is a real process that polls outlets on loopback all the while; the commands are processes of their own,
several at once, as people and timers start them.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from parts import newswire
from parts.figures import Figures, table

QUICK_ROUNDS, ROUNDS = 1, 4
_PATIENCE_S = 240.0
#: what SQLite and Python say, and no reader of ours should
FORBIDDEN = ("database is locked", "Traceback", "OperationalError", "disk I/O error")
REFUSED = "a monitor is already working on this state"
#: the service was in the middle of a transaction for longer than a command waits
WAIT = "another process is writing to it: wait until it is done, or stop it"


@dataclass(frozen=True, slots=True)
class Command:
    """A command and what may come of it: done (0), or refused with a reason (1)."""

    arguments: tuple[str, ...]
    is_refused: bool = False


COMMANDS = (
    Command(("search", "officers")),
    Command(("status",)),
    Command(("doctor",)),
    Command(("backup",)),
    Command(("digest",)),
    Command(("export", "out.jsonl")),
    Command(("import", "one.jsonl"), is_refused=True),
    Command(("update",), is_refused=True),
    Command(("run",), is_refused=True),
)


@dataclass(slots=True)
class Seen:
    """What came of the commands."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    passes: int = 0
    problems: list[str] = field(default_factory=list)


def run(*, quick: bool) -> Figures:
    """Run all commands so many times while the service works."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        seen = watch(Path(folder), rounds)
    rows = [(f"`monitor {command.arguments[0]}`", *_counts(seen, command)) for command in COMMANDS]
    rows.append(("pages of `monitor serve`", seen.pages, 0))
    text = table(("command", "done", "refused with a reason"), rows)
    text += f"\n\n{rounds} rounds of all commands, three at a time, in {seen.passes} passes of the service."
    return Figures(text, problems=tuple(seen.problems))


def _counts(seen: Seen, command: Command) -> tuple[int, int]:
    """Return how often a command was done and refused."""
    name = command.arguments[0]
    return seen.done[name], seen.refused[name]


def watch(folder: Path, rounds: int) -> Seen:
    """Let the service work on a state in a folder, and people on the same one."""
    plan = newswire.Plan(8, 3000, 3600, datetime.now(UTC), interval_s=60, max_interval_s=60)
    seen = Seen()
    (folder / "one.jsonl").write_text('{"id": "1", "title": "Customs officers find tea"}\n', encoding="utf-8")
    asked = [command for _ in range(rounds) for command in COMMANDS]
    with (
        newswire.running(plan) as wire,
        _telling(wire),
        _service(_config(folder, wire.port), folder, seen),
        _pages(folder, seen),
        ThreadPoolExecutor(3) as people,
    ):
        for command, answer in zip(asked, people.map(lambda c: _asked(c, folder), asked), strict=True):
            _judge(command, answer, seen)
    return seen


def _config(folder: Path, port: int) -> Path:
    """Write a configuration that watches the outlets on their one port, and return its path."""
    sources = "".join(
        f"      - {{id: s{n}, url: 'http://127.0.0.1:{port}/press-{n:03d}/feed', interval: 60, trusted: true}}\n"
        for n in range(8)
    )
    path = folder / "config.yaml"
    path.write_text(
        "state: state\nfetch: {allow_private: true, host_gap_s: 0, per_host: 8}\nextract: {workers: 1}\n"
        f"outlets:\n  press:\n    name: Press\n    sources:\n{sources}",
        encoding="utf-8",
    )
    return path


@contextmanager
def _telling(wire: newswire.Wire) -> Iterator[None]:
    """Tell the outlets the time, twice a second, until the block ends."""
    with _repeating(0.5, lambda: wire.tell(datetime.now(UTC))):
        yield


@contextmanager
def _repeating(pause_s: float, work: Callable[[], None]) -> Iterator[None]:
    """Do some work again and again, in a thread of its own, until the block ends."""
    ended = threading.Event()

    def repeat() -> None:
        """Do it after each pause."""
        while not ended.wait(pause_s):
            work()

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextmanager
def _service(config: Path, folder: Path, seen: Seen) -> Iterator[None]:
    """Run the service until the block ends, from its first pass on; count its passes."""
    log = folder / "service.log"
    with log.open("w", encoding="utf-8") as stderr:
        process = subprocess.Popen(_monitor("run", "--config", str(config)), stderr=stderr, cwd=folder)
        try:
            ends = time.monotonic() + _PATIENCE_S
            while '"pass_done"' not in log.read_text(encoding="utf-8") and time.monotonic() < ends:
                if process.poll() is not None:
                    break
                time.sleep(0.2)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            if code := process.wait(30):
                seen.problems.append(f"the service ended with {code}")
    lines = log.read_text(encoding="utf-8")
    seen.passes = lines.count('"pass_done"')
    seen.problems += [f"the service logged: {word}" for word in (*FORBIDDEN, "job_failed") if word in lines]
    if not seen.passes:
        seen.problems.append(f"the service made no pass: {lines[-300:]}")


@contextmanager
def _pages(folder: Path, seen: Seen) -> Iterator[None]:
    """Serve the state in a browser's sense and read pages of it until the block ends."""
    port = _free_port()
    server = subprocess.Popen(
        _monitor("serve", "--port", str(port), "--state", "state"), cwd=folder, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip

    def read() -> None:
        """Read a page."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/monitor/v_items.json", timeout=60) as answer:
                text = answer.read().decode()
        except OSError:
            return  # it is not there yet, or no longer
        seen.pages += 1
        if any(word in text for word in FORBIDDEN):
            seen.problems.append(f"a page said: {text[:200]}")

    try:
        with _repeating(0.3, read):
            yield
    finally:
        server.terminate()
        server.wait(30)


def _free_port() -> int:
    """Return a port that nobody listens on."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _asked(command: Command, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    arguments = (*command.arguments, "--state", "state")
    return subprocess.run(
        _monitor(*arguments), cwd=folder, text=True, capture_output=True, timeout=_PATIENCE_S, check=False
    )


def _monitor(*arguments: str) -> list[str]:
    """Return the call of a command of the monitor."""
    return [sys.executable, "-m", "monitor", *arguments]


def _judge(command: Command, answer: subprocess.CompletedProcess[str], seen: Seen) -> None:
    """Note what came of a command, and what should not have."""
    name, said = command.arguments[0], answer.stdout + answer.stderr
    seen.problems += [f"{name} said: {word}: {said[-300:]}" for word in FORBIDDEN if word in said]
    if answer.returncode == 0:
        seen.done[name] += 1
    elif (REFUSED in said and "`monitor run`" in said) or WAIT in said:
        seen.refused[name] += 1
    else:
        seen.problems.append(f"{name} ended with {answer.returncode}: {json.dumps(said[-300:])}")
    if command.is_refused and answer.returncode == 0:
        seen.problems.append(f"{name} was not refused")
