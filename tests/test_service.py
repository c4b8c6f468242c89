"""The service as a real process, and its jobs with stand-ins for what takes time."""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from harness import Clock, Killed, feed_of, hook, kill, opened, opened_on, page_of

from monitor import service
from monitor.app import App, utc_now
from monitor.errors import StateError
from monitor.pipeline import Advance, PassReport
from monitor.sample.web import SampleWeb
from monitor.service import Stop
from monitor.store.storage import Storage

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(Path(__file__).parent / "ingest"))

from webserver import Web, answer, serving  # noqa: E402 - it stands in a folder of its own

#: how long anything may take on a busy machine before the test gives up
PATIENCE_S = 30.0
#: how long the service may take to end once it is told to
END_S = 8.0

SEIZURE = ("/seizure", "Customs seizes 300 kg of cocaine", "Customs officers at Port Maren found the drug in bananas.")
PAGE = page_of(SEIZURE[1], "Customs officers at Port Maren found 300 kilograms of cocaine in a container of bananas.")


@pytest.fixture
def quay() -> Iterator[Web]:
    """Run a server with one feed and one page."""
    with serving() as running:
        feed = feed_of(SEIZURE).replace(b"quay.example", f"127.0.0.1:{running.port}".encode())
        html = answer("200 OK", PAGE, Content_Type="text/html")
        running.pages |= {"/feed": answer("200 OK", feed, Content_Type="application/rss+xml"), "/seizure": html}
        yield running


def config_for(web: Web, folder: Path, *, digest_time: str = "06:00", workers: int = 0) -> Path:
    """Write a configuration that watches the one feed of a server, and return its path."""
    path = folder / "config.yaml"
    folder.mkdir(exist_ok=True)
    path.write_text(
        f"""
state: state
fetch: {{allow_private: true, host_gap_s: 0}}
extract: {{workers: {workers}}}
digest: {{time: "{digest_time}", timezone: UTC}}
outlets:
  quay-news:
    name: Quay News
    sources:
      - {{id: quay-news, url: "http://127.0.0.1:{web.port}/feed", interval: 60}}
""",
        encoding="utf-8",
    )
    return path


class Service:
    """A running service and its log."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        """Pass every line of the log on; None is the end."""
        assert self.process.stderr
        for line in self.process.stderr:
            self._queue.put(line)
        self._queue.put(None)

    def wait_for(self, event: str) -> dict[str, Any]:
        """Return the first line of the log, from here on, that tells of an event."""
        while (line := self._queue.get(timeout=PATIENCE_S)) is not None:
            self.lines.append(line)
            if line.startswith("{") and json.loads(line)["event"] == event:
                return dict(json.loads(line))
        raise AssertionError(f"no {event} in the log:\n" + "".join(self.lines))

    def end(self, number: int) -> int:
        """Send a signal to the service and its workers, as a service manager does, and return the exit code."""
        os.killpg(self.process.pid, number)
        code = self.process.wait(timeout=END_S)
        self.wait_for("service_stopped")
        return code

    def close(self) -> None:
        """Leave nothing behind, whatever happened."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stderr
        self.process.stderr.close()


def monitor(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command of the monitor to its end."""
    command = [sys.executable, "-m", "monitor", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, text=True, capture_output=True, timeout=PATIENCE_S, check=False, **options)


@contextmanager
def running(config: Path, **environment: str) -> Iterator[Service]:
    """Run the service until the end of the block."""
    command = [sys.executable, "-m", "monitor", "run", "--config", str(config)]
    env = os.environ | environment
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True, env=env)
    started = Service(process)
    try:
        yield started
    finally:
        started.close()


# ---------------------------------------------------------------- the process


def test_it_polls_stores_reports_and_ends_on_sigterm(quay: Web, tmp_path: Path) -> None:
    """The service stores what a feed brings, refuses a second one, tells its health, and ends on SIGTERM with 0."""
    config = config_for(quay, tmp_path, workers=1)
    with running(config) as it:
        assert it.wait_for("service_started")["sources"] == 1
        done = it.wait_for("pass_done")
        second = monitor("run", "--config", config)
        code = it.end(signal.SIGTERM)
    assert (done["polled"], done["new"], done["with_trouble"]) == (1, 1, 0)
    assert second.returncode == 1
    assert second.stderr == (
        f"monitor: {tmp_path / 'state'}: a monitor is already working on this state (process {it.process.pid}, `monitor run`): "
        "stop it first, or name another folder with --state\n"
    )
    assert code == 0
    health = json.loads((tmp_path / "state" / "health.json").read_text(encoding="utf-8"))
    assert (health["last_pass"]["new"], health["last_digest"]) == (1, None)
    assert datetime.now(UTC) - datetime.fromisoformat(health["at"]) < timedelta(minutes=5)
    with Storage(tmp_path / "state", create=False) as storage:
        row = storage.db.execute("select title, text, role from v_items").fetchall()
    assert row == [
        (SEIZURE[1], "Customs officers at Port Maren found 300 kilograms of cocaine in a container of bananas.", "lead")
    ]


def test_it_ends_in_the_middle_of_a_fetch(quay: Web, tmp_path: Path) -> None:
    """Ctrl-C ends the service at once although a server keeps it waiting; nothing of that source is stored."""
    asked = threading.Event()

    def never(_head: str, _connection: object) -> None:
        """Keep the client waiting until the end of the test."""
        asked.set()
        quay.stop.wait(PATIENCE_S)

    quay.pages["/feed"] = never
    with running(config_for(quay, tmp_path)) as it:
        it.wait_for("service_started")
        assert asked.wait(PATIENCE_S)
        assert it.end(signal.SIGINT) == 0
    with Storage(tmp_path / "state", create=False) as storage:
        assert storage.db.execute("select count(*) from polls").fetchone() == (0,)
        assert storage.db.execute("select note from runs").fetchall() == [("1 broken off",)]


def test_a_missed_digest_is_caught_up(quay: Web, tmp_path: Path) -> None:
    """A service that was down when a digest was due writes it when it starts, and does not write it twice."""
    yesterday = Clock(utc_now() - timedelta(days=1))
    with (
        SampleWeb(yesterday.now.date()) as web,
        opened_on(web, tmp_path / "state", yesterday) as app,
    ):
        app.pipeline.run_pass(only=["ioca"])
    config = config_for(quay, tmp_path, digest_time="00:00")
    with running(config) as it:
        written = it.wait_for("digest_written")
        it.wait_for("pass_done")
        assert it.end(signal.SIGTERM) == 0
    day = yesterday.now.date().isoformat()
    assert (written["digest_date"], written["stories"] > 0) == (day, True)
    assert sorted(path.name for path in (tmp_path / "state" / "digests").iterdir()) == [
        f"{day}.html", f"{day}.json", f"{day}.md", "digests.atom",
    ]  # fmt: skip
    with Storage(tmp_path / "state", create=False) as storage:
        assert storage.db.execute("select digest_date, final from digests").fetchall() == [(day, 1)]
        with opened(tmp_path / "state", {}, ([], []), Clock(utc_now())) as app:
            assert service.write_due_digests(app) == []


@contextmanager
def managed(folder: Path) -> Iterator[tuple[socket.socket, dict[str, str]]]:
    """Listen as a service manager does, and give what it puts into the environment of a service."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(folder / "n"))
        listening.settimeout(PATIENCE_S)
        yield listening, {"NOTIFY_SOCKET": str(folder / "n"), "WATCHDOG_USEC": "60000000"}


def heard(listening: socket.socket, word: str) -> str:
    """Return the first message of a service that holds a word."""
    for _ in range(20):
        if word in (message := listening.recv(4096).decode()):
            return message
    raise AssertionError(f"no {word}, last {message}")


def test_a_service_manager_hears_of_its_life(quay: Web, tmp_path: Path) -> None:
    """The manager is told that the service is ready, that it lives, which configuration it takes, and that it ends."""
    config = config_for(quay, tmp_path)
    with managed(tmp_path) as (listening, environment), running(config, **environment) as it:
        assert "watching 1 sources" in heard(listening, "READY=1")
        heard(listening, "WATCHDOG=1")
        it.wait_for("pass_done")
        config.write_text(config.read_text(encoding="utf-8").replace("fetch:", "fetsch:"), encoding="utf-8")
        it.process.send_signal(signal.SIGHUP)
        refused = it.wait_for("config_refused")["reason"]
        status = monitor("status", "--config", config_for(quay, tmp_path / "other"), "--state", tmp_path / "state")
        other = config_for(quay, tmp_path, digest_time="07:00").read_text(encoding="utf-8")
        config.write_text(
            other + "      - {id: second, url: 'http://127.0.0.1:1/feed', interval: 60}\n", encoding="utf-8"
        )
        it.process.send_signal(signal.SIGHUP)
        assert it.wait_for("config_accepted")["sources"] == 2
        assert it.wait_for("service_started")["sources"] == 2
        assert "watching 2 sources" in heard(listening, "READY=1")
        assert it.end(signal.SIGTERM) == 0
        heard(listening, "STOPPING=1")
    assert refused.startswith(f"{config}:3: fetsch: is not a key here; did you mean `fetch`?")
    assert "the changed configuration was refused, the old one is in use" in status.stdout
    assert f"process {it.process.pid}, `monitor run`" in status.stdout
    assert json.loads((tmp_path / "state" / "health.json").read_text(encoding="utf-8"))["running"] is False


def test_it_ends_in_time_in_the_middle_of_many_slow_answers(quay: Web, tmp_path: Path) -> None:
    """With all its threads waiting for servers that answer a byte at a time, the service ends within ten seconds."""
    asked = threading.Semaphore(0)

    def trickle(_head: str, connection: socket.socket) -> None:
        """Send a feed so slowly that it lasts for minutes."""
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: 90000\r\n\r\n")
        asked.release()
        while not quay.stop.wait(0.05):
            connection.sendall(b" ")

    config = config_for(quay, tmp_path)
    for number in range(7):
        quay.pages[f"/slow{number}"] = trickle
    slow = "".join(
        f"      - {{id: slow{n}, url: 'http://127.0.0.1:{quay.port}/slow{n}', interval: 60}}\n" for n in range(7)
    )
    text = config.read_text(encoding="utf-8").replace("host_gap_s: 0", "host_gap_s: 0, per_host: 8")
    config.write_text(text + slow, encoding="utf-8")
    with running(config) as it:
        for _ in range(7):
            assert asked.acquire(timeout=PATIENCE_S)
        assert it.end(signal.SIGTERM) == 0
    with Storage(tmp_path / "state", create=False) as storage:
        assert storage.db.execute("select count(*) from polls where source_id like 'slow%'").fetchone() == (0,)


# ---------------------------------------------------------------- the jobs


class Log:
    """Remembers what was logged, and wakes whoever waits for it."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Mapping[str, object]]] = []
        self.slow = threading.Event()

    def info(self, event: str, **fields: object) -> None:
        """Remember an event."""
        self.events.append((event, fields))

    error = info

    def warning(self, event: str, **fields: object) -> None:
        """Remember a warning."""
        self.info(event, **fields)
        if event == "pass_slow":
            self.slow.set()


class Pipeline:
    """Stands for the passes of the service: does what it is told to, one thing a pass, and then ends the service."""

    def __init__(self, stop: Stop, *deeds: Callable[[], object]) -> None:
        self.deeds = list(deeds)
        self.cancelled = False
        self._stop = stop

    def settle(self) -> int:
        """Find nothing to settle."""
        return 0

    def run_pass(self, *, advance: Advance) -> PassReport:
        """Do the next thing."""
        advance(0, None)
        if self.deeds:
            self.deeds.pop(0)()
        else:
            self._stop()
        return PassReport((), 0, 0)

    def cancel(self) -> None:
        """Take note."""
        self.cancelled = True


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    """Replace the log of the service."""
    made = Log()
    monkeypatch.setattr(service, "log", made)
    return made


@contextmanager
def app_with(folder: Path, pipeline: Pipeline) -> Iterator[App]:
    """Build a monitor whose passes are stand-ins."""
    with opened(folder, {}, ([], []), Clock(utc_now())) as app:
        yield replace(app, pipeline=pipeline)


def fail(error: Exception) -> Callable[[], None]:
    """Return what raises an error."""

    def deed() -> None:
        """Raise it."""
        raise error

    return deed


def test_a_bug_in_a_job_ends_the_service(tmp_path: Path, log: Log) -> None:
    """A mistake in the code is not logged away: the service breaks off its work and raises it."""
    stop = Stop()
    pipeline = Pipeline(stop, fail(ZeroDivisionError("a bug")))
    with app_with(tmp_path, pipeline) as app, pytest.raises(ZeroDivisionError, match="a bug"):
        service.run(app, stop=stop, tick_s=0.05)
    assert pipeline.cancelled
    assert [event for event, _ in log.events] == ["service_started"]


def test_trouble_that_a_user_can_mend_does_not_end_the_service(tmp_path: Path, log: Log) -> None:
    """A full disk is logged with its reason, and the next pass is made in its time."""
    stop = Stop()
    pipeline = Pipeline(stop, fail(StateError("the disk is full")))
    with app_with(tmp_path, pipeline) as app:
        service.run(app, stop=stop, tick_s=0.05)
    assert ("job_failed", {"job": "tick", "reason": "the disk is full"}) in log.events
    assert log.events[-1] == ("service_stopped", {})


def test_a_clock_that_is_put_back_stops_no_tick(tmp_path: Path, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scheduler waits for a time of day; a turn that lies far ahead after the clock went back is made at once."""
    stop, hour = Stop(), 3600

    def put_back() -> None:
        """Let the clock tell a time of three hours ago from now on."""
        monkeypatch.setattr(service.application, "utc_now", lambda: datetime.now(UTC) - timedelta(hours=3))

    with app_with(tmp_path, Pipeline(stop, put_back)) as app:
        service.run(app, stop=stop, tick_s=hour)
    assert [event for event, _ in log.events].count("clock_put_back") == 1


def test_a_pass_that_takes_too_long_is_told(tmp_path: Path, log: Log) -> None:
    """While a pass is still running the next one is not started beside it, and the log says once that it is slow."""
    stop, under_way = Stop(), threading.Lock()

    def slow() -> None:
        """Work for more than ten turns."""
        with under_way:
            assert log.slow.wait(PATIENCE_S)

    def next_one() -> None:
        """Show that the slow one has ended."""
        assert under_way.acquire(blocking=False)

    with app_with(tmp_path, Pipeline(stop, slow, next_one)) as app:
        service.run(app, stop=stop, tick_s=0.05)
    assert [event for event, _ in log.events].count("pass_slow") == 1


def test_it_says_when_it_is_ready(tmp_path: Path, log: Log) -> None:
    """Whoever waits for the service is told when its jobs are set up."""
    stop, ready = Stop(), threading.Event()
    with app_with(tmp_path, Pipeline(stop)) as app:
        service.run(app, stop=stop, tick_s=0.05, on_ready=ready.set)
    assert ready.is_set()
    assert json.loads((tmp_path / "health.json").read_text(encoding="utf-8"))["level"] == "well"


def test_items_of_a_killed_pass_are_in_the_digest(tmp_path: Path, log: Log) -> None:
    """Items that a killed pass left without a story are put into one before the digest of their day is written."""
    clock = Clock(datetime(2026, 11, 21, 12, tzinfo=UTC))
    with SampleWeb(clock.now.date()) as web, opened_on(web, tmp_path, clock) as app:
        hook(app.storage, 4, "before", kill)
        with pytest.raises(Killed):
            app.pipeline.run_pass(only=["velmora-customs"])
        assert app.storage.db.execute("select count(*) from story_items").fetchone() == (0,)
        clock.move(days=1)
        service.tick(app)
    (written,) = [fields for event, fields in log.events if event == "digest_written"]
    assert (written["digest_date"], written["stories"] > 0) == ("2026-11-21", True)
