"""The courier of the service: rounds in a thread of its own, an end in time, and a word past a state that is broken."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from mailserver import receiving
from pieces import at

from monitor import app as application
from monitor.config import load_config
from monitor.courier import Courier, working
from monitor.errors import DeliveryError, StateError, StateLocked
from monitor.model import Outlet, Poll, PollResult, Source, SourceRecord, SourceState
from monitor.notify.targets import Plan, Target
from monitor.store import sources
from monitor.store.outbox import Waiting
from monitor.store.storage import Storage

ADMIN = Target("admin", "ADMIN", health=True)
PLAN = Plan((ADMIN,), health_cooldown=timedelta(hours=6), host="quay")
NOW = at("20 06:00")


class Channel:
    """Keeps what it is given, or fails."""

    def __init__(self, problem: str | None = None) -> None:
        self.problem = problem
        self.subjects: list[str] = []
        self.sent = threading.Event()

    def __call__(self, _target: Target, waiting: Waiting, _note: Callable[[str], None]) -> None:
        """Take a notice."""
        if self.problem:
            raise DeliveryError(self.problem)
        self.subjects.append(waiting.notice.subject)
        self.sent.set()


def courier(
    channel: Channel, open_state: Callable[[], AbstractContextManager[Storage]], problems: tuple[str, ...] = ("disk",)
) -> Courier:
    """Return a courier that finds the monitor not well."""
    return Courier(open_state=open_state, plan=PLAN, send=channel, clock=lambda: NOW, problems=lambda _state: problems)


def test_a_round_tells_what_is_wrong_and_no_second_one_does(tmp_path: Path) -> None:
    """The thread queues and sends at its first round; the next ones have nothing to tell."""
    channel = Channel()
    with working(courier(channel, lambda: Storage(tmp_path)), round_s=0.001):
        assert channel.sent.wait(30)
    assert channel.subjects == ["The customs news monitor on quay is not well"]


def test_without_targets_there_is_no_thread(tmp_path: Path) -> None:
    """Who configured nothing pays nothing."""
    one = courier(Channel(), lambda: Storage(tmp_path))
    one.plan = Plan()
    before = threading.active_count()
    with working(one):
        assert threading.active_count() == before


def test_broken_state_is_told_past_the_outbox_once(tmp_path: Path) -> None:
    """When the outbox cannot be written the reason is sent directly, once in a cool-down; a failure there ends nothing."""
    channel = Channel()

    @contextmanager
    def broken() -> Iterator[Storage]:
        raise StateError("monitor.db: disk full: free disk space")
        yield Storage(tmp_path)

    one = courier(channel, broken)
    one.round()
    one.round()
    assert channel.subjects == ["The customs news monitor on quay is not well"]
    other = courier(Channel("no route"), broken)
    other.round()
    assert other.alarmed_at == NOW


def test_state_in_use_is_no_trouble(tmp_path: Path) -> None:
    """Another program that writes for long is waited for, and nobody is told."""
    channel = Channel()

    @contextmanager
    def locked() -> Iterator[Storage]:
        raise StateLocked("monitor.db: another process is writing to it")
        yield Storage(tmp_path)

    courier(channel, locked).round()
    assert channel.subjects == []


def test_failure_is_kept_for_the_next_round(tmp_path: Path) -> None:
    """What a channel refuses stays in the outbox with the reason, and a well monitor has nothing to tell."""
    courier(Channel("no route"), lambda: Storage(tmp_path)).round()
    with Storage(tmp_path) as storage:
        rows = storage.db.execute("select state, problem from v_notices").fetchall()
    assert rows == [("failing", "no route")]
    courier(Channel(), lambda: Storage(tmp_path / "well"), ()).round()
    with Storage(tmp_path / "well") as storage:
        assert storage.db.execute("select count(*) from v_notices").fetchone() == (0,)


def test_mail_arrives_when_no_source_answers_and_when_one_does_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service's own courier judges as `monitor status` does, and tells by real mail, without the sources' secrets."""
    path = tmp_path / "config.yaml"
    path.write_text("state: state\nnotify: {targets: [{name: admin, address: '${ADMIN}', health: true}]}\n")
    now = at("20 06:00")
    watched = [Source(name, "quay", f"https://quay.example/{name}") for name in ("one", "two")]

    def poll(storage: Storage, state: SourceState, reason: str | None) -> None:
        with storage.transaction() as db:
            run = sources.start_run(db, "pass", now)
            for source in watched:
                record = SourceRecord(source, state, reason, since_at=now, next_check_at=now, last_polled_at=now)
                sources.save_poll(db, run, Poll(record, PollResult.FAILED, now, now, reason=reason))
            sources.end_run(db, run, now, "")

    with receiving() as inbox:
        monkeypatch.setenv("ADMIN", f"mailto://127.0.0.1:{inbox.port}?mode=insecure&from=m@d.example&to=a@d.example")
        one = application.courier(load_config(path), lambda: now)
        with Storage(tmp_path / "state") as storage:
            with storage.transaction() as db:
                sources.sync(db, [Outlet("quay", "Quay Courier", "quay")], watched)
            poll(storage, SourceState.FAILING, "https://u:hunter22@quay.example/one: no route")
            one.round()
            one.round()
            poll(storage, SourceState.OK, None)
            one.round()
        (unwell, well) = (mail for _, mail in inbox.mails)
    assert str(unwell["Subject"]).endswith("is not well")
    assert "no source answers" in unwell.as_string()
    assert "hunter22" not in unwell.as_string()
    assert str(well["Subject"]).endswith("is well again")
