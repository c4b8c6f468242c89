"""The thread of the service that sends notices, so that no pass waits for a mail server, and no mail for a pass.

It works on a connection of its own. When the state itself cannot be used, which keeps the outbox from being written,
it tells so directly.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from monitor import notifying
from monitor.errors import DeliveryError, MonitorError, StateLocked
from monitor.model import Notice
from monitor.notify.targets import Plan
from monitor.notifying import Send
from monitor.store.outbox import Waiting
from monitor.store.storage import Storage
from monitor.text import text_hash

#: between two looks at the state
ROUND_S = 30.0
#: how long the end of the service waits for a mail under way; what takes longer is sent again by the next service
PATIENCE_S = 3.0

log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Courier:
    """Sends what is to be told, round by round; `problems` says, a line each, why the monitor is not well."""

    open_state: Callable[[], AbstractContextManager[Storage]]
    plan: Plan
    send: Send
    clock: Callable[[], datetime]
    problems: Callable[[Storage], Sequence[str]]
    ending: threading.Event = field(default_factory=threading.Event)
    #: when somebody was last told directly that the state cannot be used
    alarmed_at: datetime | None = None

    def work(self, round_s: float = ROUND_S) -> None:
        """Make rounds until the end is asked for."""
        while not self.ending.wait(round_s):
            self.round()

    def round(self) -> None:
        """Queue what is to be told and send what is due; what a user can mend is logged and tried again."""
        try:
            with self.open_state() as storage:
                notifying.prepare(storage, self.plan, self.clock())
                notifying.tell_health(storage, self.plan, self.problems(storage), self.clock())
                self._deliver(storage)
        except StateLocked as error:
            log.info("notices_wait", reason=str(error))
        except MonitorError as error:
            log.error("notices_wait", reason=str(error))  # noqa: TRY400 - what a user can mend needs no traceback
            self.alarm(str(error))

    def _deliver(self, storage: Storage) -> None:
        """Send what is due, and log what became of it."""
        for done in notifying.deliver(
            storage, self.plan, self.send, self.clock, go_on=lambda: not self.ending.is_set()
        ):
            if done.problem is None:
                log.info("notice_sent", notice=done.notice_id, target=done.target, subject=done.subject)
            else:
                log.warning("notice_not_sent", notice=done.notice_id, target=done.target, reason=done.problem)

    def alarm(self, reason: str) -> None:
        """Tell past the outbox that the state cannot be used, once in a cool-down."""
        now = self.clock()
        if self.alarmed_at is not None and now - self.alarmed_at < self.plan.health_cooldown:
            return
        self.alarmed_at = now
        for notice in notifying.health_notices(self.plan, [reason], now):
            if problem := send_directly(notice, self.plan, self.send):
                log.warning("notice_not_sent", target=notice.target, reason=problem)


def send_directly(notice: Notice, plan: Plan, send: Send) -> str | None:
    """Send a notice that is not in the outbox, once; return why it could not be sent, None when it was."""
    target = plan.named(notice.target)
    if target is None:
        raise AssertionError(f"a notice for {notice.target}, which is no target")
    try:
        send(target, Waiting(0, notice, text_hash(notice.key), 0, frozenset()), lambda _part: None)
    except DeliveryError as error:
        return str(error)
    return None


@contextmanager
def working(courier: Courier, round_s: float = ROUND_S) -> Iterator[None]:
    """Let a courier work in a thread until the block ends; without targets there is none."""
    if not courier.plan.targets:
        yield
        return
    # a daemon: a server that never answers must not keep the process
    thread = threading.Thread(target=courier.work, args=(round_s,), name="courier", daemon=True)
    thread.start()
    try:
        yield
    finally:
        courier.ending.set()
        thread.join(PATIENCE_S)
