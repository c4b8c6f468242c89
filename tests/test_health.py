"""Whether the monitor is well: the verdict, what the pages for machines say, and that no secret gets out."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import structlog
from harness import NOW, Clock, opened_on
from hypothesis import given
from hypothesis import strategies as st

from monitor import service
from monitor.cli import logs
from monitor.errors import UsageError
from monitor.health.board import Board
from monitor.health.endpoint import answering
from monitor.health.outside import look
from monitor.health.verdict import STALLED, Level, Service, judge
from monitor.model import SourceState
from monitor.redaction import redacted, redacted_fields
from monitor.sample.web import SampleWeb
from monitor.store.vitals import SourceVitals, Vitals

RUNNING = Service("process 7, `monitor run`")


def source(name: str, state: SourceState = SourceState.OK, *, due_in: timedelta = timedelta(hours=1)) -> SourceVitals:
    """Return a source that was polled an hour ago."""
    return SourceVitals(name, state, "timeout", NOW - timedelta(hours=1), NOW, NOW + due_in)


WELL = Vitals(
    at=NOW, totals={}, sources=(source("a"), source("b")), pass_started_at=NOW, pass_ended_at=NOW, newest_at=NOW,
    last_digest=date(2026, 11, 21), last_digest_at=NOW, digests_due=(), digest_due_since=None, changes={},
    database_bytes=1, wal_bytes=1, free_bytes=10**12,
)  # fmt: skip
LATE = (source("a", due_in=timedelta(hours=-3)), source("b", due_in=timedelta(hours=-30)))


@pytest.mark.parametrize(
    ("vitals", "signs", "kind", "level", "what"),
    [
        (WELL, Service(RUNNING.holder, failed="the disk is full"), "pass_failed", "trouble", "the disk is full"),
        (WELL, Service(RUNNING.holder, silent=STALLED * 2), "stalled", "trouble", "no sign of life for 40 minutes"),
        (WELL, Service(RUNNING.holder, refused="x.yaml:3"), "config_refused", "attention", "x.yaml:3"),
        (WELL, Service(None, ended_in_order=False), "killed", "attention", "ended without a word"),
        (replace(WELL, sources=LATE), Service(), "not_polled", "trouble", "nobody polls: 2 of 2 sources are due"),
        (replace(WELL, sources=LATE), RUNNING, "not_polled", "trouble", "all 2 sources are due, for up to 30 hours"),
        (replace(WELL, sources=(*LATE, source("c"))), RUNNING, "late", "attention", "2 of 3 sources are late"),
        (
            replace(WELL, digests_due=(date(2026, 11, 20),), digest_due_since=NOW - timedelta(days=2)),
            RUNNING, "digest_late", "trouble", "the digest of 2026-11-20 was not written: due for 2 days",
        ),
        (
            replace(WELL, sources=(source("a", SourceState.FAILING), source("b", SourceState.BLOCKED))),
            RUNNING, "no_answers", "trouble", "no source answers, of 2: timeout",
        ),
        (
            replace(WELL, sources=(source("a", SourceState.FAILING), source("b"))),
            RUNNING, "sources", "attention", "1 of 2 sources have trouble",
        ),
        (replace(WELL, free_bytes=10**6), RUNNING, "disk", "trouble", "only 1 MB of disk are free"),
        (replace(WELL, wal_bytes=10**9), RUNNING, "wal", "attention", "the write-ahead log has 1000 MB"),
        (replace(WELL, newest_at=NOW + timedelta(days=1)), RUNNING, "clock", "trouble", "which is yet to come"),
    ],
)  # fmt: skip
def test_each_problem_is_told_with_a_remedy(vitals: Vitals, signs: Service, kind: str, level: str, what: str) -> None:
    """Each thing that can be wrong is named by its kind, says what it is and what to do."""
    (problem,) = judge(vitals, signs, NOW).problems
    assert (problem.kind, problem.level.value) == (kind, level)
    assert what in problem.what
    assert problem.remedy


def test_trouble_comes_first_and_decides() -> None:
    """A monitor without problems is well and ready; with several the worst decides, and stands on top."""
    assert (judge(WELL, RUNNING, NOW).level, judge(None, RUNNING, NOW).is_ready) == (Level.WELL, True)
    found = judge(replace(WELL, free_bytes=0), Service("x", refused="y"), NOW)
    assert [problem.kind for problem in found.problems] == ["disk", "config_refused"]
    assert (found.level, found.is_ready) == (Level.TROUBLE, False)


def fetched(port: int, path: str, host: str = "localhost") -> tuple[int, str]:
    """Return status and body of a page."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_pages_tell_the_truth(tmp_path: Path) -> None:
    """After a pass the pages tell its figures; when the worker is silent it is not alive; other hosts get nothing."""
    clock, seconds = Clock(), [0.0]
    signs = service.Signs(Board(clock(), 7, "1.2.3", lambda: seconds[0]))
    with SampleWeb(clock.now.date()) as web, opened_on(web, tmp_path, clock) as app:
        service.tick(app, signs)
        seen = look(app.storage, app.digest, clock())
        with answering("127.0.0.1", 0, signs.board, signs.metrics, clock) as (host, port):
            with (
                pytest.raises(UsageError, match="cannot be listened on"),
                answering(host, port, signs.board, signs.metrics, clock),
            ):
                pass
            assert fetched(port, "/healthz") == (200, "alive\n")
            status, ready = fetched(port, "/readyz?x")
            metrics = fetched(port, "/metrics")[1]
            assert [fetched(port, "/healthz", "evil.example")[0], fetched(port, "/x")[0]] == [421, 404]
            clock.move(hours=9)
            seconds[0] += STALLED.total_seconds() + 1
            assert [fetched(port, path)[0] for path in ("/healthz", "/readyz")] == [503, 503]
            late = fetched(port, "/metrics")[1]
    told = json.loads(ready)
    assert (status, told["level"], told["last_pass"]["new"], told["pid"]) == (200, "attention", 64, 7)
    assert told == json.loads((tmp_path / "health.json").read_text(encoding="utf-8"))
    assert (seen.verdict.level, seen.holder) == (Level.ATTENTION, None)
    lines = set(metrics.splitlines())
    assert {
        "monitor_items 64.0", 'monitor_pieces_total{outcome="new"} 64.0', "monitor_ready 1.0", "monitor_digests_due 0.0",
        'monitor_sources{state="failing"} 2.0', 'monitor_polls_total{result="not_modified"} 0.0',
        "monitor_settle_queue_items 0.0", 'monitor_build_info{version="1.2.3"} 1.0', 'monitor_problem{kind="sources"} 1.0',
        'monitor_source_lag_seconds{source="ioca"} 0.0', "monitor_pass_duration_seconds_count 1.0",
    } <= lines  # fmt: skip
    assert any(line.startswith("monitor_wal_bytes ") and float(line.split()[1]) > 0 for line in lines)
    assert {"monitor_ready 0.0", 'monitor_problem{kind="stalled"} 2.0'} <= set(late.splitlines())


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("https://ann:pass@h.example/feed: timeout", "https://***@h.example/feed: timeout"),
        ("https://h.example/f?lang=en&token=abc&x=1", "https://h.example/f?lang=en&token=***&x=1"),
        ("https://h.example/f?api_key=abc#top", "https://h.example/f?api_key=***#top"),
        ("Authorization: Bearer abcdefgh.ijk", "Authorization: Bearer ***"),
        ("monkey=1, the key to the harbour", "monkey=1, the key to the harbour"),
    ],
)
def test_secrets_are_taken_out(text: str, clean: str) -> None:
    """Passwords and tokens disappear from a text, all else stays."""
    assert redacted(text) == clean


@given(st.text(alphabet="abcXYZ019", min_size=9), st.sampled_from(["token", "password", "api_key", "smtp_password"]))
def test_no_named_secret_reaches_the_log(secret: str, name: str) -> None:
    """Whatever a field that is named like a secret holds is not in the event, nor in an address within it."""
    fields = {"event": "x", "reason": f"https://h.example/?{name}={secret}Q", "inner": [{name: f"{secret}Q"}]}
    assert f"{secret}Q" not in repr(redacted_fields({**fields, name: f"{secret}Q"}))


def test_the_log_hides_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    """An event goes to stderr as one line of JSON without the password of the address in it."""
    logs.configure()
    try:
        service.log.error("job_failed", reason="https://ann:pw1234567@h.example/: timeout")
    finally:
        structlog.reset_defaults()
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["reason"]) == ("job_failed", "https://***@h.example/: timeout")
