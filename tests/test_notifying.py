"""Notices from the state to a real mail server and a real webhook on loopback: each once, none lost, none with a secret."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mailserver import Inbox, receiving
from pieces import SEIZURE, SEIZURE_AGAIN, SEIZURE_AGAIN_TITLE, SEIZURE_TITLE, TARIFF, TARIFF_TITLE, at, piece, take

from monitor import notifying
from monitor.model import Watchlist
from monitor.notify.targets import Alert, Plan, Target
from monitor.notifying import deliver, prepare, preview, sender, tell_health
from monitor.publish import DigestSettings, publish
from monitor.store import outbox
from monitor.store.storage import Storage

sys.path.insert(0, str(Path(__file__).parent / "ingest"))

from webserver import Web, answer, serving  # it stands in a folder of its own

DAY = date(2026, 11, 19)
MORNING = at("20 06:00")
SETTINGS = DigestSettings(
    time=time(6), timezone="UTC", max_sentences=3, max_age_days=30,
    watchlists=(Watchlist("Cocaine", ("cocaine",)), Watchlist("Tea", ("tea",))),
)  # fmt: skip
FIRST = piece("first", SEIZURE_TITLE, SEIZURE, "19 08:00", url="https://veldt.example/1")
AGAIN = piece("again", SEIZURE_AGAIN_TITLE, SEIZURE_AGAIN, "19 09:00", url="https://quay.example/2")
TILES = piece("tiles", TARIFF_TITLE, TARIFF, "19 19:00", url="https://quay.example/3")
PASSWORD = "s3cret-pass"  # noqa: S105 - of nothing
OFFICE = Target("office", "OFFICE", digest=True)


class Now:
    """A clock that is moved by hand."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def move(self, **by: float) -> None:
        """Move it."""
        self.now += timedelta(**by)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """Open a state with two stories of 19 November, and the final digest of that day."""
    with Storage(tmp_path / "state") as opened:
        take(opened, [FIRST, AGAIN, TILES], clock=lambda: at("19 20:00"))
        publish(opened, DAY, SETTINGS, now=MORNING)
        yield opened


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """Run a mail server."""
    with receiving() as running:
        yield running


@pytest.fixture
def web() -> Iterator[Web]:
    """Run a server with a webhook."""
    with serving() as running:
        running.pages["/hook/t0ken-of-hook"] = answer("200 OK")
        yield running


def mailto(inbox: Inbox, *to: str) -> str:
    """Return the address of a mail target."""
    query = f"mode=insecure&from=monitor@desk.example&to={','.join(to or ('a@desk.example',))}"
    return f"mailto://user:{PASSWORD}@127.0.0.1:{inbox.port}/?{query}"


def rows(storage: Storage) -> list[dict[str, object]]:
    """Return the notices as people see them, the oldest first."""
    return list(storage.db.query("select * from v_notices order by notice_id"))


def send_all(storage: Storage, plan: Plan, environment: dict[str, str], now: Now) -> list[notifying.Delivery]:
    """Queue and send, as a round of the courier does."""
    prepare(storage, plan, now())
    return deliver(storage, plan, sender(environment, now), now)


# ---------------------------------------------------------------- mail


def test_digest_goes_out_as_text_and_page_once(storage: Storage, inbox: Inbox) -> None:
    """The whole digest arrives with its own Markdown and HTML, and no later round sends it again."""
    now, plan, environment = Now(), Plan((OFFICE,)), {"OFFICE": mailto(inbox)}
    assert [d.problem for d in send_all(storage, plan, environment, now)] == [None]
    now.move(hours=7)
    assert send_all(storage, plan, environment, now) == []
    ((recipient, mail),) = inbox.mails
    assert (recipient, mail["To"], mail["From"]) == (
        "a@desk.example", "a@desk.example", "Customs news monitor <monitor@desk.example>",
    )  # fmt: skip
    assert mail["Subject"] == "Customs news of 2026-11-19: 2 stories"
    assert mail["Auto-Submitted"] == "auto-generated"
    parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
    folder = storage.folder / "digests"
    assert mail.get_content_type() == "multipart/alternative"
    assert parts["text/plain"].splitlines() == (folder / "2026-11-19.md").read_text().splitlines()
    assert parts["text/html"].splitlines() == (folder / "2026-11-19.html").read_text().splitlines()
    assert len(inbox.logins) == 1


def test_every_recipient_gets_a_mail_of_its_own_once(storage: Storage, inbox: Inbox) -> None:
    """When one of three recipients is refused, only that one is tried again, under the same Message-ID."""
    now, plan = Now(), Plan((OFFICE,))
    environment = {"OFFICE": mailto(inbox, "a@desk.example", "b@desk.example") + "&cc=c@desk.example"}
    inbox.refused.add("b@desk.example")
    (failure,) = send_all(storage, plan, environment, now)
    assert failure.problem is not None
    assert "550 no such box" in failure.problem
    assert {recipient for recipient, _ in inbox.mails} == {"a@desk.example", "c@desk.example"}
    inbox.refused.clear()
    now.move(minutes=1)
    assert [d.problem for d in send_all(storage, plan, environment, now)] == [None]
    assert sorted(recipient for recipient, _ in inbox.mails) == ["a@desk.example", "b@desk.example", "c@desk.example"]
    assert len({mail["Message-ID"] for _, mail in inbox.mails}) == 3


def test_message_id_stays_the_same_at_each_try(storage: Storage, inbox: Inbox) -> None:
    """A server that kept a mail and lost its answer gets the same Message-ID again, by which the copy is told."""
    now, plan, environment = Now(), Plan((OFFICE,)), {"OFFICE": mailto(inbox)}
    inbox.answers["END"] = "250 kept"
    prepare(storage, plan, now())
    (waiting,) = outbox.due(storage.db, now())
    send = sender(environment, now)
    for _ in range(2):
        send(OFFICE, waiting, lambda _part: None)
    one, two = (mail["Message-ID"] for _, mail in inbox.mails)
    assert one == two
    assert one.endswith("@desk.example>")


@pytest.mark.parametrize("command", ["HELLO", "AUTH", "MAIL", "DATA", "END"])
def test_failure_at_any_step_is_retried_with_back_off(storage: Storage, inbox: Inbox, command: str) -> None:
    """Whatever a server refuses, the reason is kept without the password, and the notice waits a minute, then two."""
    now, plan, environment = Now(), Plan((OFFICE,)), {"OFFICE": mailto(inbox)}
    inbox.answers[command] = f"451 not now, {PASSWORD}"
    for wait in (1, 2, 4):
        assert send_all(storage, plan, environment, now)[0].problem is not None
        (row,) = rows(storage)
        assert row["state"] == "failing"
        assert row["next_try_at"] == f"{now() + timedelta(minutes=wait):%Y-%m-%dT%H:%M:%SZ}"
        assert PASSWORD not in str(row)
        assert send_all(storage, plan, environment, now) == []
        now.move(minutes=wait)
    assert "451 not now, ***" in str(row["problem"])
    inbox.answers.clear()
    assert [d.problem for d in send_all(storage, plan, environment, now)] == [None]
    (row,) = rows(storage)
    assert (row["state"], row["attempts"], row["problem"], len(inbox.mails)) == ("sent", 4, None, 1)


def test_server_that_is_gone_is_a_problem_of_one_line(storage: Storage) -> None:
    """A refused connection, a variable that is not set, and one that holds no address are named with the remedy."""
    plan = Plan((OFFICE,))
    problems = []
    for number, environment in enumerate(({"OFFICE": f"mailto://u:{PASSWORD}@127.0.0.1:1/?mode=insecure&to=a@b.example&from=m@b.example"},
                                          {}, {"OFFICE": f"nonsense-{PASSWORD}"})):  # fmt: skip
        now = Now(MORNING + timedelta(hours=number))
        (done,) = send_all(storage, plan, environment, now)
        problems.append(str(done.problem))
    assert "refused" in problems[0]
    assert "OFFICE is not set" in problems[1]
    assert "OFFICE holds no address that Apprise knows" in problems[2]
    assert all(PASSWORD not in problem and "\n" not in problem for problem in problems)
    assert PASSWORD.encode() not in b"".join(path.read_bytes() for path in storage.folder.glob("monitor.db*"))


def test_killed_between_sending_and_marking_sends_again(storage: Storage, inbox: Inbox) -> None:
    """At least once: what was under way at a SIGKILL is shown as uncertain, and sent again under the same Message-ID."""
    prepare(storage, Plan((OFFICE,)), MORNING)
    script = Path(__file__).with_name("killed_delivery.py")
    environment = os.environ | {"OFFICE": mailto(inbox)}
    done = subprocess.run([sys.executable, str(script), str(storage.folder)], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(inbox.mails) == 1
    (row,) = rows(storage)
    assert (row["state"], row["sent_at"]) == ("uncertain", None)
    now = Now(MORNING + timedelta(minutes=5))
    assert send_all(storage, Plan((OFFICE,)), dict(environment), now) == []
    now.move(minutes=10)
    assert [d.problem for d in send_all(storage, Plan((OFFICE,)), dict(environment), now)] == [None]
    one, two = (mail["Message-ID"] for _, mail in inbox.mails)
    assert one == two


def test_two_senders_send_once(storage: Storage, inbox: Inbox, tmp_path: Path) -> None:
    """The service and a person who sends by hand at the same moment do not both send a notice."""
    now, plan, environment = Now(), Plan((OFFICE,)), {"OFFICE": mailto(inbox)}
    prepare(storage, plan, now())
    real = sender(environment, now)
    with Storage(storage.folder) as other:

        def slow(target: Target, waiting: outbox.Waiting, note: Callable[[str], None]) -> None:
            assert deliver(other, plan, real, now, early=True) == []
            real(target, waiting, note)

        assert len(deliver(storage, plan, slow, now)) == 1
    assert len(inbox.mails) == 1


# ---------------------------------------------------------------- webhooks, watchlists, alerts


def test_webhook_gets_the_short_form_with_a_key(storage: Storage, web: Web) -> None:
    """A webhook is given subject and headlines, and a key by which it can tell a repeated message."""
    bodies: list[str] = []
    web.pages["/hook/t0ken-of-hook"] = reading(bodies)
    plan = Plan((OFFICE,), site="https://desk.example/news/")
    (done,) = send_all(storage, plan, {"OFFICE": f"json://127.0.0.1:{web.port}/hook/t0ken-of-hook"}, Now())
    assert done.problem is None
    (row,) = rows(storage)
    assert f"Idempotency-Key: {row['message_id']}" in web.heads[0]
    told = json.loads(bodies[0])
    assert told["title"] == "Customs news of 2026-11-19: 2 stories"
    assert "(2 outlets)" in told["message"]
    assert told["message"].endswith("https://desk.example/news/2026-11-19.html")


def reading(bodies: list[str]) -> Callable[..., None]:
    """Return an answer that keeps the body of the request."""

    def reply(head: str, connection: object) -> None:
        length = next(
            int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length")
        )
        body = head.partition("\r\n\r\n")[2].encode("latin-1")
        while len(body) < length:
            body += connection.recv(65536)  # type: ignore[attr-defined]
        bodies.append(body.decode())
        answer("200 OK")(head, connection)  # type: ignore[arg-type]

    return reply


def test_webhook_that_fails_is_named_without_its_token(storage: Storage, web: Web) -> None:
    """What Apprise says about a failure is kept, the token in the address is not."""
    web.pages["/hook/t0ken-of-hook"] = answer("500 Oops")
    (done,) = send_all(storage, Plan((OFFICE,)), {"OFFICE": f"json://127.0.0.1:{web.port}/hook/t0ken-of-hook"}, Now())
    assert done.problem is not None
    assert "500" in done.problem
    assert "t0ken" not in str(rows(storage))


def test_watchlist_goes_to_its_target_only(storage: Storage, inbox: Inbox) -> None:
    """A target of watchlists is told what they found, and nothing of those that found nothing."""
    plan = Plan((Target("drugs", "DRUGS", watchlists=("Cocaine", "Tea")),))
    send_all(storage, plan, {"DRUGS": mailto(inbox)}, Now())
    ((_, mail),) = inbox.mails
    assert mail["Subject"] == "Cocaine, 2026-11-19: 1 story"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert SEIZURE_TITLE in text or SEIZURE_AGAIN_TITLE in text
    assert "https://veldt.example/1" in text
    assert TARIFF_TITLE not in text


def test_new_target_is_not_sent_old_digests(storage: Storage) -> None:
    """A target that was never told anything gets the newest digest; one that was told gets all that it missed."""
    take(
        storage,
        [piece("late", "Ferry office moves", "The ferry office moves.", "20 10:00")],
        clock=lambda: at("20 11:00"),
    )
    publish(storage, date(2026, 11, 20), SETTINGS, now=at("21 06:00"))
    prepare(storage, Plan((OFFICE,)), at("21 06:01"))
    assert [row["about"] for row in rows(storage)] == ["2026-11-20"]
    prepare(storage, Plan((OFFICE,)), at("21 06:02"))
    assert [row["about"] for row in rows(storage)] == ["2026-11-20", "2026-11-19"]


WIDE = Alert("Wide", 2, (), timedelta(hours=1))
ALERTED = Target("desk", "DESK", alerts=("Wide", "Tiles"))


def test_story_raises_an_alert_once_when_enough_families_tell_it(tmp_path: Path) -> None:
    """One family is not enough, two are; further pieces of the story raise nothing more."""
    plan, now = Plan((ALERTED,), (WIDE,)), at("19 12:00")
    with Storage(tmp_path) as storage:
        take(storage, [FIRST], clock=lambda: now)
        assert prepare(storage, plan, now) == 0
        take(storage, [AGAIN], clock=lambda: now)
        assert prepare(storage, plan, now) == 1
        take(storage, [FIRST | {"id": "third", "outlet": "Third"}], clock=lambda: now)
        assert prepare(storage, plan, now + timedelta(days=1)) == 0
        (row,) = rows(storage)
        assert (row["kind"], row["about"]) == ("alert", "Wide")
        assert list(storage.db.execute("select alert, families from v_alerts")) == [("Wide", 2)]


def test_cool_down_gathers_what_comes_up_meanwhile(tmp_path: Path) -> None:
    """Within the cool-down no second message is made; after it, one tells all that waited."""
    alert = Alert("Tiles", 1, ("tiles", "cocaine", "ferry"), timedelta(hours=1))
    plan, now = Plan((ALERTED,), (alert,)), at("19 12:00")
    ferry = piece("ferry", "Ferry office moves", "The ferry office moves to the old fish hall.", "19 10:00")
    with Storage(tmp_path) as storage:
        take(storage, [TILES | {"published": at("19 09:00").isoformat()}], clock=lambda: now)
        assert prepare(storage, plan, now) == 1
        take(storage, [FIRST], clock=lambda: now)
        assert prepare(storage, plan, now + timedelta(minutes=20)) == 0
        take(storage, [ferry], clock=lambda: now)
        assert prepare(storage, plan, now + timedelta(minutes=59)) == 0
        assert prepare(storage, plan, now + timedelta(minutes=60)) == 1
        assert prepare(storage, plan, now + timedelta(days=1)) == 0
        subjects = [str(row["subject"]) for row in rows(storage)]
        assert subjects[0].startswith(f"Tiles: {TARIFF_TITLE[:30]}")
        assert subjects[1].endswith("and 1 more")


def test_old_news_raises_no_alert(tmp_path: Path) -> None:
    """An archive that is imported today, with pieces of last month, is no reason to wake anybody."""
    plan, now = Plan((ALERTED,), (WIDE,)), at("30 12:00")
    with Storage(tmp_path) as storage:
        take(storage, [FIRST, AGAIN], clock=lambda: now)
        assert prepare(storage, plan, now) == 0


# ---------------------------------------------------------------- health, and the end of a notice


def test_health_is_told_once_and_when_it_is_well_again(storage: Storage) -> None:
    """Not well, still not well, well, not well within the cool-down, well: two messages; a third after the cool-down."""
    plan = Plan((Target("admin", "ADMIN", health=True),), health_cooldown=timedelta(hours=6))
    moments = [
        (0, ["no source answers"]),
        (1, ["no source answers", "disk"]),
        (2, []),
        (3, ["disk"]),
        (4, []),
        (7, ["disk"]),
    ]
    told = [tell_health(storage, plan, problems, MORNING + timedelta(hours=h)) for h, problems in moments]
    assert told == [1, 0, 1, 0, 0, 1]
    assert [row["about"] for row in rows(storage)] == ["unwell", "well", "unwell"]
    assert tell_health(storage, Plan((OFFICE,)), ["disk"], MORNING + timedelta(days=9)) == 0


def test_a_person_can_give_a_notice_up(storage: Storage) -> None:
    """What waits for a target that is gone can be dropped, is counted as such, and is not queued again."""
    prepare(storage, Plan((OFFICE,)), MORNING)
    gone = Plan((replace(OFFICE, name="other"),))
    now = Now()
    (done,) = deliver(storage, gone, sender({}, now), now)
    assert "no target 'office' any more: `monitor notify drop 1`" in str(done.problem)
    with storage.transaction() as db:
        assert outbox.drop(db, 1, now())
        assert not outbox.drop(db, 1, now())
    assert rows(storage)[0]["state"] == "dropped"
    assert prepare(storage, Plan((OFFICE,)), MORNING) == 0
    assert outbox.due(storage.db, now() + timedelta(days=400)) == []


def test_texts_of_sent_notices_are_not_kept(storage: Storage, inbox: Inbox) -> None:
    """A year of digests in the outbox weighs little."""
    send_all(storage, Plan((OFFICE,)), {"OFFICE": mailto(inbox)}, Now())
    assert storage.db.execute("select brief, body, html from outbox").fetchall() == [(None, None, None)]


def test_digest_is_sent_although_its_files_are_gone(storage: Storage) -> None:
    """What is sent is what was issued, whatever became of the files."""
    for path in (storage.folder / "digests").iterdir():
        path.unlink()
    assert prepare(storage, Plan((OFFICE,)), MORNING) == 1


def test_preview_keeps_nothing(storage: Storage) -> None:
    """A dry run shows what would be sent, and leaves neither a notice nor a raised alert."""
    plan = Plan((OFFICE, ALERTED), (WIDE,))
    shown = preview(storage, plan, MORNING)
    assert [(row["target"], row["state"]) for row in shown] == [("office", "waiting"), ("desk", "waiting")]
    assert rows(storage) == []
    assert prepare(storage, plan, MORNING) == 2


@given(st.integers(1, 10_000))
def test_back_off_grows_to_six_hours(attempts: int) -> None:
    """The wait doubles from a minute and never exceeds six hours."""
    wait = outbox.back_off(attempts)
    assert timedelta(minutes=1) <= wait <= timedelta(hours=6)
    assert outbox.back_off(attempts + 1) in (wait * 2, timedelta(hours=6))
