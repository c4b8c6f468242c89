"""A date that nearly all entries of a feed share is not believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.ingest.shared_dates import without_shared_date
from monitor.model import Dated, DateOrigin, Entry, Feed

NOW = datetime(2026, 11, 22, 12, 7, 41, tzinfo=UTC)


def feed(*moments: datetime | None, has_time: bool = True) -> Feed:
    """Return a feed of entries with the given dates."""
    dates = [Dated(at, DateOrigin.FEED, has_time) if at else Dated() for at in moments]
    return Feed("rss20", tuple(Entry(f"{n}", None, f"Title {n}", published=date) for n, date in enumerate(dates)))


def test_the_moment_of_the_poll_is_not_believed() -> None:
    """Ten entries of one minute lose their date, the reason says how many and which."""
    found = without_shared_date(feed(*(NOW + timedelta(seconds=n) for n in range(10))))
    assert [entry.published.at for entry in found.entries] == [None] * 10
    assert found.warning == "10 of 10 entries have the same date, 2026-11-22 12:07 UTC: it is not believed"
    assert found.entries[0].published.evidence == found.warning


def test_an_odd_one_out_keeps_its_date() -> None:
    """One entry of ten with a date of its own keeps it."""
    old = NOW - timedelta(days=3)
    found = without_shared_date(feed(*[NOW] * 9, old, None))
    assert [entry.published.at for entry in found.entries] == [None] * 9 + [old, None]


def test_dates_that_may_be_shared() -> None:
    """Few entries, days without a time, midnights, schedules and dates hours apart are believed."""
    midnight = datetime(2026, 11, 21, 20, tzinfo=UTC)
    for honest in (
        feed(*[NOW] * 3),
        feed(*[NOW] * 9, has_time=False),
        feed(*[midnight] * 9),
        feed(*[NOW.replace(minute=30, second=0)] * 9),
        feed(*(NOW - timedelta(hours=n) for n in range(9))),
        feed(*[NOW] * 5, *(NOW - timedelta(hours=n) for n in range(1, 6))),
        feed(),
        feed(None, None),
    ):
        assert without_shared_date(honest) is honest
