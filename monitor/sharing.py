"""Work that this process shares with its workers: parts of a settle, each of which is asked of the state.

A part goes to whoever is free first. Workers read the state as it was committed last: what a part is made of must not
have been written in the transaction that asks for it. While one is open nobody else commits, so that all see the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from monitor.errors import StateError
from monitor.store.backups import connect_to_read
from monitor.store.storage import mapped_errors
from monitor.workers import Pool, WorkersGone

Part = TypeVar("Part")
Settings = TypeVar("Settings")
Result = TypeVar("Result")

#: what is done with each part: a function of a module, with arguments and results that can be pickled
Work = Callable[[Database, Part, Settings], Result]


class Hands:
    """Who does the parts of some work: this process alone, or with the workers of a pool."""

    def __init__(self, state: Path | None = None, pool: Pool | None = None) -> None:
        """Take a database file and the workers that may read it."""
        self._shared = (state, pool) if state and pool else None

    def soon(self) -> None:
        """Let workers begin nothing else: there will be parts in a moment."""
        if self._shared:
            self._shared[1].hold()

    def no_more(self) -> None:
        """Let workers go on with what waits: there will be no further parts."""
        if self._shared:
            self._shared[1].go_on()

    def each(
        self, db: Database, work: Work[Part, Settings, Result], parts: Sequence[Part], settings: Settings
    ) -> Iterator[Result]:
        """Yield what the parts of some work come to, in their order.

        What a worker cannot do, because it was ended or could not read the state, is done here: nothing depends on
        workers but the time. Behind the parts they go on with what waits.
        """
        if not self._shared or len(parts) < 2:  # noqa: PLR2004 - nothing to share
            self.no_more()
            yield from (work(db, part, settings) for part in parts)
            return
        state, pool = self._shared
        theirs = [pool.first(_with_state, state, work, part, settings) for part in parts]
        self.no_more()
        ours: dict[int, Result] = {}
        try:
            for n, part in enumerate(parts):
                # while a worker is at this part, one that nobody has begun is done here
                while not theirs[n].done() and (own := _claimed(theirs, n)) is not None:
                    ours[own] = work(db, parts[own], settings)
                if n in ours:
                    yield ours.pop(n)
                    continue
                try:
                    result = theirs[n].result()
                except (WorkersGone, StateError):
                    result = work(db, part, settings)
                yield result
        finally:
            for future in theirs:
                future.cancel()


def _claimed(theirs: Sequence[Future[Result]], start: int) -> int | None:
    """Take the next part back that nobody has begun; None when there is none."""
    return next((n for n in range(start, len(theirs)) if not theirs[n].cancelled() and theirs[n].cancel()), None)


def _with_state(state: Path, work: Work[Part, Settings, Result], part: Part, settings: Settings) -> Result:
    """Do a part in a worker."""
    with mapped_errors(state):
        return work(_opened(state), part, settings)


@lru_cache(maxsize=1)
def _opened(state: Path) -> Database:
    """Return the database, which a worker keeps open: it ends with the work that it was started for."""
    return Database(connect_to_read(state))
