"""Notices that the entries of a feed share one wrong date, such as the moment at which the feed was written; pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.model import Dated, Entry, Feed

#: an editor may release three pieces at once
_FEWEST = 4
#: of the dated entries; a feed that is written anew keeps the dates of none
_SHARE = 0.8
#: a feed that asks for the time with every entry takes less
_SPAN = timedelta(seconds=60)
#: times on the half hour stand for a day (midnight in some zone) or for a schedule
_SLOT_S = 1800


def without_shared_date(feed: Feed) -> Feed:
    """Return a feed whose entries have no date where nearly all of them share the moment to the minute.

    The pages of the entries then decide; without a date on its page an entry is undated, as a wrong date is worse.
    """
    shared = _shared_moment([entry.published for entry in feed.entries])
    if shared is None:
        return feed
    moment, count = shared
    reason = (
        f"{count} of {len(feed.entries)} entries have the same date, {moment:%Y-%m-%d %H:%M} UTC: it is not believed"
    )
    entries = tuple(_undated(entry, moment, reason) for entry in feed.entries)
    return replace(feed, entries=entries, warning="; ".join(filter(None, (reason, feed.warning))))


def _shared_moment(dates: list[Dated]) -> tuple[datetime, int] | None:
    """Return the first moment of the minute that nearly all exact dates share, and how many do; None if none is."""
    exact = sorted(dated.at.astimezone(UTC) for dated in dates if dated.at is not None and dated.has_time)
    counts = [(sum(start <= at <= start + _SPAN for at in exact), start) for start in exact]
    count, start = max(counts, key=lambda pair: pair[0], default=(0, None))
    if start is None or count < max(_FEWEST, _SHARE * len(exact)) or not start.timestamp() % _SLOT_S:
        return None
    return start, count


def _undated(entry: Entry, moment: datetime, reason: str) -> Entry:
    """Return an entry without its date if that is the shared one, with the reason as evidence."""
    at = entry.published.at
    if at is None or not entry.published.has_time or not moment <= at <= moment + _SPAN:
        return entry
    return replace(entry, published=Dated(evidence=reason))
