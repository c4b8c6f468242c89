"""Learns from its last publications how often a source publishes: when to ask again, when silence is unusual; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from monitor.model import Source

#: so many publications are remembered of each source
KEPT = 30
#: a source is asked so often between two publications, so that a piece waits half a gap at most
ASKED_PER_GAP = 2
#: fewer publications show no rhythm that could be broken
FEWEST = 4
#: the chance that a steady source (a Poisson process) is silent for twice its longest of 29 gaps is about 1 in 1,000
SILENCE_FACTOR = 2.0
#: nights and weekends are no silence, not even for a source whose remembered publications are all of one day
SHORTEST_SILENCE_S = 3 * 86_400.0
_DAY_S = 86_400.0
_UNITS = ((_DAY_S, "day"), (3600.0, "hour"), (60.0, "minute"))


def remembered(before: tuple[datetime, ...], found: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    """Return the newest publications of a source, ascending, each moment once; what lies in the future is left out.

    `before` is what this function returned earlier.
    """
    if not found and (not before or before[-1] <= now):  # a quiet poll, which most are
        return before
    moments = {at.replace(microsecond=0) for at in (*before, *found) if at <= now}
    return tuple(sorted(moments)[-KEPT:])


def wait_of(source: Source, times: tuple[datetime, ...], now: datetime) -> tuple[float, str]:
    """Return how many seconds to wait before a source is asked again, within its bounds, and why."""
    shortest = float(source.interval_s)
    longest = max(shortest, float(source.max_interval_s or 0))
    if longest == shortest:
        return shortest, f"always every {spoken(shortest)}, as configured"
    if not times:
        return shortest, "no publication is known yet, so the shortest configured interval"
    gap = _mean_gap_s(times, now)
    wait = min(max(gap / ASKED_PER_GAP, shortest), longest)
    bounds = f"within {spoken(shortest)} and {spoken(longest)}"
    return wait, f"one publication in {spoken(gap)} of late, so asked every {spoken(wait)} ({bounds})"


def silence(times: tuple[datetime, ...], now: datetime) -> str | None:
    """Return in words that a source has published nothing for longer than its rhythm explains, or None."""
    if len(times) < FEWEST:
        return None
    longest = max((later - earlier).total_seconds() for earlier, later in pairwise(times))
    quiet = (now - times[-1]).total_seconds()
    if quiet <= max(SILENCE_FACTOR * longest, SHORTEST_SILENCE_S):
        return None
    last = f"{times[-1]:%Y-%m-%d}"
    return f"nothing new for {spoken(quiet)} (since {last}); it used to publish at least every {spoken(longest)}"


def spoken(seconds: float) -> str:
    """Return a duration in its largest unit, with one decimal where that tells more."""
    for size, name in _UNITS:
        if seconds >= size:
            figure = f"{seconds / size:.1f}".removesuffix(".0")
            return f"{figure} {name}" + ("" if figure == "1" else "s")
    return f"{seconds:.0f} seconds"


def _mean_gap_s(times: tuple[datetime, ...], now: datetime) -> float:
    """Return the mean time between publications; the time since the last one counts, so that a long silence slows."""
    return (now - times[0]).total_seconds() / len(times)
