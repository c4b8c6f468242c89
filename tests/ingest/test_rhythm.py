"""How often a source publishes, and when its silence is unusual."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.rhythm import KEPT, remembered, silence, spoken, wait_of
from monitor.model import Source

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SOURCE = Source("port-news", "port", "https://news.example/feed", interval_s=1800, max_interval_s=43_200)
MOMENTS = st.lists(st.integers(0, 10**8).map(lambda s: NOW - timedelta(seconds=s)), max_size=60)


def daily(count: int, *, last: float = 0, gap: float = 1) -> tuple[datetime, ...]:
    """Return publications with a gap in days, the last one so many days ago."""
    return tuple(NOW - timedelta(days=last + n * gap) for n in reversed(range(count)))


@given(MOMENTS, MOMENTS)
@settings(max_examples=100)
def test_memory_is_sorted_bounded_and_of_the_past(before: list[datetime], found: list[datetime]) -> None:
    """However often a publication is seen it counts once, and only the newest are kept."""
    times = remembered(before, [*found, *found, NOW + timedelta(days=1)], NOW)
    assert list(times) == sorted(set(times))
    assert len(times) == min(KEPT, len({*before, *found}))
    assert remembered(times, found, NOW) == times


@given(MOMENTS)
@settings(max_examples=100)
def test_wait_stays_within_the_bounds(times: list[datetime]) -> None:
    """Whatever was learnt, the configured bounds hold, and a reason is given."""
    wait, why = wait_of(SOURCE, remembered((), times, NOW), NOW)
    assert 1800 <= wait <= 43_200
    assert why


def test_long_silence_slows_down() -> None:
    """The time since the last publication counts, so a source that fell asleep is asked less and less."""
    waits = [wait_of(SOURCE, daily(10, last=days, gap=0.1), NOW)[0] for days in (0, 3, 30)]
    assert waits == sorted(waits)
    assert waits[0] < waits[-1] == 43_200


def test_no_publication_known() -> None:
    """A source that never published is asked as often as allowed, and not called silent."""
    assert wait_of(SOURCE, (), NOW)[0] == 1800
    assert silence((), NOW) is None


@pytest.mark.parametrize(
    ("times", "silent"),
    [
        (daily(10, last=2.9), False),
        (daily(10, last=3.1), True),
        (daily(3, last=300), False),
        (daily(4, last=300), True),
        (daily(20, last=2, gap=0.01), False),
        (daily(6, last=13, gap=7), False),
        (daily(6, last=15, gap=7), True),
        (daily(4, last=700, gap=365), False),
        ((*daily(5, last=30), NOW - timedelta(days=10)), False),
    ],
)
def test_silence_is_longer_than_the_rhythm_explains(times: tuple[datetime, ...], silent: bool) -> None:
    """Twice the longest gap and three days must have passed, and there must be a rhythm at all."""
    assert (silence(times, NOW) is not None) == silent


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "5 seconds"), (60, "1 minute"), (5400, "1.5 hours"), (86_400, "1 day"), (8e5, "9.3 days")],
)
def test_durations_are_spoken(seconds: float, words: str) -> None:
    """A duration reads in its largest unit."""
    assert spoken(seconds) == words
