"""Reads the configuration again while the service runs: on request, or when its file has changed and stayed so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

import structlog

from monitor.config import Config
from monitor.errors import MonitorError, UsageError
from monitor.health.board import Board

log = structlog.get_logger()


@dataclass(slots=True)
class Renewal:
    """Reads the configuration again when its file has changed or somebody asks for it; a wrong one changes nothing."""

    #: reads the configuration with the options of the command
    read: Callable[[], Config]
    #: raises MonitorError for what else is wrong with one
    check: Callable[[Config], object]
    #: tells one version of the file from another
    version: Callable[[], object]
    #: a clock that nobody can set, in seconds
    seconds: Callable[[], float]
    #: seconds between two looks at the file
    every_s: float = 5.0
    is_asked: bool = False
    _known: object = None
    _seen: object = None
    _looked_at: float = 0.0

    def __post_init__(self) -> None:
        """Take the present version for known."""
        self._known = self._seen = self.version()

    def ask(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Read it again soon; also serves as signal handler, so it only sets a flag."""
        self.is_asked = True

    def _is_due(self) -> bool:
        """Tell whether to read now: when asked, or when the file has changed and then stayed for one look."""
        if self.is_asked:
            self.is_asked, self._known = False, self.version()
            return True
        if self.seconds() - self._looked_at < self.every_s:
            return False
        self._looked_at = self.seconds()
        before, self._seen = self._seen, self.version()
        if self._seen == before and self._seen != self._known:
            self._known = self._seen
            return True
        return False

    def renewed(self, current: Config, board: Board) -> Config | None:
        """Return another configuration that is to be used from now on, None when the current one stays."""
        if not self._is_due():
            return None
        try:
            found = self.read()
            self.check(found)
            if found.state != current.state:
                raise UsageError(f"the state cannot move while the service runs: restart it to use {found.state}")
        except MonitorError as error:
            first, *more = str(error).splitlines()
            reason = first + (f" (and {len(more)} more; `monitor doctor` lists all)" if more else "")
            board.note(refused=reason)
            log.error("config_refused", reason=reason, kept="the one of before")  # noqa: TRY400 - a traceback helps no user
            return None
        board.note(refused=None)
        if found == current:
            log.info("config_unchanged")
            return None
        log.info("config_accepted", sources=len(found.sources()))
        return found
