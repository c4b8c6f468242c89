"""`monitor notify` as people type it, against a real mail server and a real webhook on loopback."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from mailserver import Inbox, receiving

from monitor.app import utc_now
from monitor.cli import main
from monitor.model import Notice, NoticeKind
from monitor.store import outbox
from monitor.store.storage import Storage

Run = Callable[..., tuple[int, str]]
SECRET = "hunter22"  # noqa: S105 - of nothing


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """Run a mail server."""
    with receiving() as running:
        yield running


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], inbox: Inbox) -> Run:
    """Return a function that runs a command in a folder with a configuration of two targets, one of them unset."""
    monkeypatch.chdir(tmp_path)
    for name in ("MONITOR_CONFIG", "MONITOR_STATE", "FORCE_COLOR", "OTHER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(
        "OFFICE", f"mailto://u:{SECRET}@127.0.0.1:{inbox.port}?mode=insecure&from=m@d.example&to=a@d.example"
    )
    targets = "\n".join(
        f"  - {{name: {name.lower()}, address: '${{{name}}}', digest: true}}" for name in ("OFFICE", "OTHER")
    )
    (tmp_path / "config.yaml").write_text(f"notify:\n  targets:\n{targets}\n")

    def monitor(*arguments: str) -> tuple[int, str]:
        """Run one command; return its exit code and all that it prints."""
        monkeypatch.setattr(sys, "argv", ["monitor", *arguments])
        capsys.readouterr()
        try:
            main()
            code: object = 0
        except SystemExit as end:
            code = end.code
        printed = "".join(capsys.readouterr())
        assert SECRET not in printed
        return int(str(code or 0)), printed

    return monitor


def queue(folder: Path, *targets: str) -> None:
    """Put a notice for each target into the state."""
    with Storage(folder) as storage, storage.transaction() as db:
        for target in targets:
            notice = Notice(
                key=target, target=target, kind=NoticeKind.DIGEST, about="2026-11-19", subject="The news", brief="brief",
                text="text", html="<p>html</p>",
            )  # fmt: skip
            outbox.put(db, [notice], utc_now() - timedelta(hours=1))


def test_targets_can_be_tried(run: Run, inbox: Inbox) -> None:
    """A test sends a notice to each target and names what is wrong; a dry run only reads the addresses."""
    code, printed = run("notify", "test", "office", "--dry-run")
    assert (code, inbox.mails) == (0, [])
    assert "office: its address can be read" in printed
    code, printed = run("notify", "test")
    assert code == 1
    assert "ok  office: sent" in printed
    assert "bad other: the environment variable OTHER is not set" in " ".join(printed.split())
    ((_, mail),) = inbox.mails
    assert str(mail["Subject"]).startswith("Test from the customs news monitor on ")
    assert run("notify", "test", "nobody") == (
        2,
        "monitor: no target is called 'nobody': the configuration has office, other\n",
    )
    code, printed = run("notify", "test", "other", "--json")
    assert json.loads(printed)[0]["target"] == "other"


def test_what_waits_can_be_seen_sent_and_dropped(run: Run, inbox: Inbox, tmp_path: Path) -> None:
    """The list and `status` name what waits and why; sending and dropping empty the outbox."""
    queue(tmp_path / "state", "office", "other")
    code, printed = run("notify", "send", "--dry-run", "--json")
    assert [(code, row["target"], row["state"]) for row in json.loads(printed)] == [
        (0, "office", "waiting"),
        (0, "other", "waiting"),
    ]
    assert inbox.mails == []
    code, printed = run("notify", "send")
    assert (code, len(inbox.mails)) == (1, 1)
    assert "sent" in printed
    assert "OTHER is not set" in " ".join(printed.split())
    code, printed = run("status")
    assert "1 notice for other since" in " ".join(printed.split())
    assert "OTHER is not set" in " ".join(printed.split())
    assert json.loads(run("status", "--json")[1])["unsent"]["other"]["waiting"] == 1
    assert run("notify", "drop", "2") == (0, "notice 2 is dropped\n")
    assert run("notify", "drop", "2")[0] == 1
    assert {row["state"] for row in json.loads(run("notify", "--json")[1])} == {"sent", "dropped"}
    assert run("notify", "send") == (0, "no notices\n")


def test_missing_extra_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra every target says what to install."""
    monkeypatch.delitem(sys.modules, "monitor.notify.channels", raising=False)
    monkeypatch.setitem(sys.modules, "apprise", None)
    code, printed = run("notify", "test", "office")
    assert code == 1
    assert "apprise is not installed: pip install 'customs-news-monitor[notify]'" in " ".join(printed.split())


def test_without_targets_there_is_nothing_to_try(run: Run, tmp_path: Path) -> None:
    """A configuration without targets is named as such."""
    (tmp_path / "config.yaml").write_text("state: state\n")
    assert run("notify", "test") == (
        2,
        "monitor: the configuration has no targets: add one under `notify`, as config.yaml shows\n",
    )
