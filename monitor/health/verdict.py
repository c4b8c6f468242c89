"""Decides whether the monitor is well, from the vitals of its state and the signs of its service; pure.

Every problem says what is wrong and what to do. `trouble` means that the monitor does not do its job, `attention` that
part of it wants a look; only trouble is worth waking somebody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model import SourceState
from monitor.store.vitals import SourceVitals, Vitals

#: less free space than this and a day's writes may fail
MIN_FREE_BYTES = 200_000_000
#: the log is cut to 64 MB after each checkpoint that no reader holds up
LARGE_WAL_BYTES = 512_000_000
#: passes take minutes, and hosts that want pauses put some sources off by an hour
LATE = timedelta(hours=2)
#: a digest waits for the pass under way
DIGEST_LATE = timedelta(hours=2)
#: nothing that the service does takes so long without a sign of life between its steps
STALLED = timedelta(minutes=20)
_SKEW = timedelta(minutes=5)
_DUMB = frozenset({SourceState.FAILING, SourceState.BLOCKED})
_FINE = frozenset({SourceState.OK, SourceState.NEW})


class Level(StrEnum):
    """How well the monitor is, from best to worst."""

    WELL = "well"
    ATTENTION = "attention"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it should be."""

    #: a stable word for alerts and tables
    kind: str
    level: Level
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Service:
    """The signs of the service: who holds the state, and what it said of itself last."""

    #: who holds the state, None when nobody does
    holder: str | None = None
    #: whether the last service on this state said that it ended in order; None when none ever ran
    ended_in_order: bool | None = None
    #: for how long its worker gave no sign of life
    silent: timedelta = timedelta(0)
    #: why its last pass failed as a whole
    failed: str | None = None
    #: why a changed configuration was refused
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the monitor is well, and if not, what is wrong, the worst first."""

    level: Level
    problems: tuple[Problem, ...]

    @property
    def is_ready(self) -> bool:
        """Tell whether the monitor does its job."""
        return self.level is not Level.TROUBLE


def judge(vitals: Vitals | None, service: Service, now: datetime) -> Verdict:
    """Return the verdict; `now` may be later than the vitals, which are not known before the first look."""
    found = list(_of_service(service))
    if vitals:
        found += [*_of_passes(vitals, service, now), *_of_state(vitals, now)]
    found.sort(key=lambda problem: problem.level is not Level.TROUBLE)
    return Verdict(found[0].level if found else Level.WELL, tuple(found))


def _of_service(service: Service) -> Iterator[Problem]:
    """Yield what is wrong with the service itself."""
    if service.failed:
        yield Problem("pass_failed", Level.TROUBLE, f"the last pass failed: {service.failed}", "mend what it names")
    if service.silent > STALLED:
        what = f"no sign of life for {_spoken(service.silent)}"
        yield Problem("stalled", Level.TROUBLE, what, "restart the service and keep its log")
    if service.refused:
        what = f"the changed configuration was refused, the old one is in use: {service.refused}"
        yield Problem("config_refused", Level.ATTENTION, what, "mend the file: it is read again when it changes")
    if service.holder is None and service.ended_in_order is False:
        what = "the service ended without a word: it was killed, or the machine lost power"
        yield Problem("killed", Level.ATTENTION, what, "start it again: it repeats what was not finished")


def _of_passes(vitals: Vitals, service: Service, now: datetime) -> Iterator[Problem]:
    """Yield what is wrong with the polls and digests."""
    late = [source for source in vitals.sources if source.lag_s(now) > LATE.total_seconds()]
    if late:
        longest = _spoken(timedelta(seconds=max(source.lag_s(now) for source in late)))
        count = f"{len(late)} of {len(vitals.sources)} sources"
        if service.holder is None:
            what, remedy = f"nobody polls: {count} are due, for up to {longest}", "start the service: `monitor run`"
            yield Problem("not_polled", Level.TROUBLE, what, remedy)
        elif len(late) == len(vitals.sources):
            what = f"all {len(late)} sources are due, for up to {longest}"
            yield Problem("not_polled", Level.TROUBLE, what, "look into the log of the service")
        else:
            what, remedy = f"{count} are late, by up to {longest}", "raise their interval, or fetch.threads"
            yield Problem("late", Level.ATTENTION, what, remedy)
    if vitals.digest_due_since is not None and now - vitals.digest_due_since > DIGEST_LATE:
        days = ", ".join(map(str, vitals.digests_due[:3])) + (" and more" if len(vitals.digests_due) > 3 else "")  # noqa: PLR2004 - as many as fit a line
        what = f"the digest of {days} was not written: due for {_spoken(now - vitals.digest_due_since)}"
        yield Problem("digest_late", Level.TROUBLE, what, "start the service, or write it with `monitor digest --date`")
    yield from _of_sources(vitals.sources)


def _of_sources(sources: tuple[SourceVitals, ...]) -> Iterator[Problem]:
    """Yield what is wrong with the sources taken together."""
    asked = [source for source in sources if source.last_polled_at is not None]
    dumb = [source for source in asked if source.state in _DUMB]
    trouble = [source for source in asked if source.state not in _FINE]
    if len(dumb) == len(asked) > 1:
        what = f"no source answers, of {len(asked)}: {dumb[0].reason or dumb[0].state.value}"
        yield Problem("no_answers", Level.TROUBLE, what, "check the network of this machine")
    elif trouble:
        what = f"{len(trouble)} of {len(sources)} sources have trouble"
        yield Problem("sources", Level.ATTENTION, what, "`monitor sources` says what is wrong with each")


def _of_state(vitals: Vitals, now: datetime) -> Iterator[Problem]:
    """Yield what is wrong with disk and clock."""
    if vitals.free_bytes < MIN_FREE_BYTES:
        yield Problem("disk", Level.TROUBLE, f"only {vitals.free_bytes / 1e6:.0f} MB of disk are free", "free space")
    if vitals.wal_bytes > LARGE_WAL_BYTES:
        what = f"the write-ahead log has {vitals.wal_bytes / 1e6:.0f} MB"
        yield Problem("wal", Level.ATTENTION, what, "end the program that has been reading the database for long")
    if vitals.newest_at is not None and vitals.newest_at > now + _SKEW:
        what = f"the state was last written at {vitals.newest_at:%Y-%m-%d %H:%M} UTC, which is yet to come"
        yield Problem("clock", Level.TROUBLE, what, "set the clock of this machine")


def _spoken(span: timedelta) -> str:
    """Return a length of time in words of its largest unit."""
    seconds = int(span.total_seconds())
    for name, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} seconds"
