"""Turn the items of a story into its report list: who was first, who followed how much later, who copied whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from monitor.digest.composed import Copy, Lag, OutletLine, When
from monitor.model import Role, StoryItem, Window

#: what is folded under the piece that it repeats
_COPIES = frozenset({Role.REPRINT, Role.SPUN, Role.TRANSLATION})


def report_list(items: Sequence[StoryItem], window: Window) -> tuple[OutletLine, ...]:
    """Return one line for each piece with a text of its own, in order of publication, copies folded under it."""
    originals = own_texts(items)
    first = originals[0]
    copies = _copies_by_original(items)
    return tuple(
        OutletLine(
            number=number,
            item_id=item.item_id,
            outlet_id=item.outlet_id,
            outlet=item.outlet_name,
            family=item.outlet_family,
            official=item.official,
            title=item.title,
            lang=item.lang,
            url=item.url,
            when=_when(item),
            first=item is first and item.published_at is not None,
            lag=None if item is first else lag(first, item),
            new=item.listed_at in window,
            copied_item_id=item.original_item_id if item.role in _COPIES else None,
            copies=tuple(_copy(copy, first, window) for copy in copies[item.item_id]),
        )
        for number, item in enumerate(originals, start=1)
    )


def own_texts(items: Iterable[StoryItem]) -> list[StoryItem]:
    """Return the pieces that are not copies of another piece of the story, in order of publication."""
    by_id = {item.item_id: item for item in items}
    return sorted((item for item in by_id.values() if _original(item, by_id) is item), key=by_publication)


def telling_texts(items: Iterable[StoryItem]) -> list[StoryItem]:
    """Return the pieces that a story can be told with: own texts and their translations, in order of publication."""
    by_id = {item.item_id: item for item in items}
    own = {item.item_id for item in own_texts(by_id.values())}
    told = own | {i for i, item in by_id.items() if item.role is Role.TRANSLATION and item.original_item_id in own}
    return sorted((by_id[i] for i in told), key=by_publication)


def by_publication(item: StoryItem) -> tuple[bool, datetime, bool, datetime, int]:
    """Return the sort key of publication order.

    A piece of which only the day is known cannot claim to be ahead of one with a time on that day, and an undated
    piece cannot claim to be ahead of a dated one.
    """
    at = told_at(item)
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return item.published_at is None, day, not item.published_has_time, at, item.item_id


def told_at(item: StoryItem) -> datetime:
    """Return when a piece was published, or else when it was first seen."""
    return item.published_at or item.first_seen_at


def lag(first: StoryItem, item: StoryItem) -> Lag | None:
    """Return how long after the first report an item came out, None unless both are dated."""
    if first.published_at is None or item.published_at is None:
        return None
    start, end = first.published_at.astimezone(UTC), item.published_at.astimezone(UTC)
    timed = first.published_has_time and item.published_has_time
    return Lag(days=(end.date() - start.date()).days, seconds=int((end - start).total_seconds()) if timed else None)


def _original(item: StoryItem, by_id: Mapping[int, StoryItem]) -> StoryItem:
    """Follow a copy to its original inside the story; one whose original is elsewhere stands for itself."""
    seen, current = {item.item_id}, item
    while current.role in _COPIES and (original := by_id.get(current.original_item_id or 0)) is not None:
        if original.item_id in seen:
            return item
        seen.add(original.item_id)
        current = original
    return current


def _copies_by_original(items: Sequence[StoryItem]) -> defaultdict[int, list[StoryItem]]:
    """Return the copies under the id of their original, in order of publication."""
    by_id = {item.item_id: item for item in items}
    folded: defaultdict[int, list[StoryItem]] = defaultdict(list)
    for item in sorted(by_id.values(), key=by_publication):
        if (original := _original(item, by_id)) is not item:
            folded[original.item_id].append(item)
    return folded


def _copy(item: StoryItem, first: StoryItem, window: Window) -> Copy:
    """Return the folded line of a copy."""
    return Copy(
        item_id=item.item_id,
        outlet_id=item.outlet_id,
        outlet=item.outlet_name,
        official=item.official,
        title=item.title,
        lang=item.lang,
        url=item.url,
        when=_when(item),
        lag=lag(first, item),
        new=item.listed_at in window,
        kind=item.role,
        jaccard=item.jaccard,
        containment=item.containment,
    )


def _when(item: StoryItem) -> When:
    """Return the times of a piece."""
    return When(item.published_at, item.published_has_time, item.first_seen_at)
