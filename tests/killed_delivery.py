"""Sends what is due and is killed after the channel took it, before that is noted: python killed_delivery.py STATE."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from monitor import notifying
from monitor.notify.targets import Plan, Target
from monitor.store import outbox
from monitor.store.storage import Storage, moment

NOW = moment("2026-11-20T06:00:00+00:00")


def die(*_args: object) -> None:
    """Go without a word."""
    os.kill(os.getpid(), signal.SIGKILL)


outbox.part_sent = die  # type: ignore[assignment]
with Storage(Path(sys.argv[1])) as storage:
    plan = Plan((Target("office", "OFFICE", digest=True),))
    notifying.deliver(storage, plan, notifying.sender(os.environ, lambda: NOW), lambda: NOW)
