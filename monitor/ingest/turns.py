"""Decides which request may start next: so many in all, so many to one host, and a pause between two to one host."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, TypeVar

Job = TypeVar("Job")


class Turns(Generic[Job]):
    """The queue of one batch; times are seconds of any clock that does not run backwards.

    `started_at` (host to time of its last start) may be shared between batches, so that the pause holds across them.
    `delays` are longer pauses that some hosts wish for.
    """

    def __init__(
        self,
        jobs: Iterable[tuple[Hashable, Job]],
        *,
        per_host: int,
        gap_s: float,
        started_at: dict[Hashable, float] | None = None,
        delays: Mapping[Hashable, float] | None = None,
    ) -> None:
        self._per_host = per_host
        self._gap_s = gap_s
        self._delays = dict(delays or {})
        self._started_at = {} if started_at is None else started_at
        self._running: dict[Hashable, int] = {}
        self._queues: dict[Hashable, deque[Job]] = {}
        for host, job in jobs:
            self._queues.setdefault(host, deque()).append(job)

    def __len__(self) -> int:
        """Count the jobs that have not started."""
        return sum(map(len, self._queues.values()))

    def __bool__(self) -> bool:
        """Tell whether some job has not started; counting them all takes a while with a thousand hosts."""
        return bool(self._queues)

    def take(self, now: float) -> tuple[Hashable, Job] | None:
        """Start the next job that may start now; the hosts take turns."""
        for host in self._queues:
            if self._free_at(host) <= now:
                job = self._queues[host].popleft()
                rest = self._queues.pop(host)
                if rest:
                    self._queues[host] = rest  # to the end of the line
                self._running[host] = self._running.get(host, 0) + 1
                self._started_at[host] = now
                return host, job
        return None

    def done(self, host: Hashable) -> None:
        """Give the place of a finished job back."""
        self._running[host] -= 1

    def wait_s(self, now: float) -> float | None:
        """Return the seconds until some job may start without another one ending first, or None when none may."""
        waits = [at - now for host in self._queues if (at := self._free_at(host)) != float("inf")]
        return max(0.0, min(waits)) if waits else None

    def drain(self) -> list[Job]:
        """Take all jobs that have not started, in order of their hosts."""
        left = [job for jobs in self._queues.values() for job in jobs]
        self._queues.clear()
        return left

    def hold(self, host: Hashable, until: float) -> None:
        """Let a host rest until a moment: it said that it is asked too often."""
        self._started_at[host] = max(self._started_at.get(host, float("-inf")), until - self.gap_of(host))

    def too_late(self, ends_at: float, now: float) -> list[tuple[Hashable, Job]]:
        """Take the jobs out that cannot start before a moment, however quickly those before them end."""
        late: list[tuple[Hashable, Job]] = []
        for host in list(self._queues):
            first = max(now, self._started_at.get(host, float("-inf")) + self.gap_of(host))
            gap, jobs = self.gap_of(host), self._queues[host]
            fitting = len(jobs) if gap == 0 else max(0, int((ends_at - first) / gap) + 1)
            fitting = 0 if first > ends_at else fitting
            late += [(host, job) for job in list(jobs)[fitting:]]
            if fitting:
                self._queues[host] = deque(list(jobs)[:fitting])
            else:
                del self._queues[host]
        return late

    def gap_of(self, host: Hashable) -> float:
        """Return the pause between the starts of two jobs of a host."""
        return max(self._gap_s, self._delays.get(host, 0.0))

    def _free_at(self, host: Hashable) -> float:
        """Return when a host may be asked again; infinite while it has all its places taken."""
        if self._running.get(host, 0) >= self._per_host:
            return float("inf")
        return self._started_at.get(host, float("-inf")) + self.gap_of(host)
