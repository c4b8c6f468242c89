"""The shell around stories/settle: once a run, cluster what is new with what it touches; stories keep their ids.

queue | weigh, index, link | components -> average linkage -> what persons said -> `placing`
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

import numpy as np
from sqlite_utils import Database

from monitor.following import link_follow_ups
from monitor.grouping import load_marks, read_again, vetoes_between
from monitor.linking import GroupingSettings, days_of, link, pair_probabilities
from monitor.model import Correction, Said
from monitor.placing import Component, carry_over
from monitor.spinning import find_spun
from monitor.store import corrections, items, sketches, stories, vectors
from monitor.stories import score, settle
from monitor.stories.corrections import corrected, divided, why

#: a state with fewer items weighs all of them anew each time it has grown by this factor: what was weighed with the
#: counts of a handful of pieces costs allsides_2021 in 250 passes 0.0095 of its F1 (benchmarks/order.py)
YOUNG_ITEMS = 2000
GROWTH = 1.5


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the settling of a queue reaches: stories with a piece near a day of the queue, and its own stories."""

    #: the days of the queued items, in order
    days: tuple[int, ...]
    story_ids: frozenset[int]
    window_days: int

    def covers(self, first: float | None, last: float | None) -> bool:
        """Tell whether a story of these days takes part; one without days always does."""
        if first is None or last is None:
            return True
        place = bisect_left(self.days, int(first) - self.window_days)
        return place < len(self.days) and self.days[place] <= int(last) + self.window_days


def settle_queue(db: Database, settings: GroupingSettings, now: datetime) -> int:
    """Settle everything that was stored since the last time; return how many items were looked at."""
    queued = _with_outgrown(db, stories.queued(db))
    link(db, queued, settings)
    find_spun(db, queued)
    looked_at = settle_items(db, queued, settings, now)
    stories.clear_queue(db)
    return looked_at


def _with_outgrown(db: Database, queued: list[int]) -> list[int]:
    """Return the queue, with every item of a young state whose counts have grown too much since it was weighed."""
    items_now, items_then = vectors.counted_items(db), vectors.weighed_at(db)
    if not queued or items_now < GROWTH * items_then or items_then >= YOUNG_ITEMS:
        return queued
    vectors.set_weighed_at(db, items_now)
    outgrown = sorted(set(vectors.every_item(db)).difference(queued))
    read_again(db, outgrown)
    return sorted([*queued, *outgrown])


def settle_items(db: Database, item_ids: Collection[int], settings: GroupingSettings, now: datetime) -> int:
    """Cluster items that are linked already, with all they touch; return how many items were looked at."""
    waiting = set(item_ids)
    reach = _reach(db, sorted(waiting), settings.window_days)
    looked_at = 0
    while waiting:
        ids = _connected(db, min(waiting), reach)
        waiting -= ids
        looked_at += len(ids)
        _settle(db, _component(db, sorted(ids), settings), settings, now)
    link_follow_ups(db, item_ids, settings, now)
    return looked_at


def _reach(db: Database, queued: Sequence[int], window_days: int) -> Reach:
    """Return what takes part in settling a queue.

    What has no day can report on any: the stories that an undated piece is linked to take part whatever their days.
    """
    days = {i: v.day for i, v in vectors.load(db, queued).items()}
    undated = [i for i in queued if days.get(i) is None]
    own = stories.of_items(db, {*queued, *vectors.linked(db, undated)})
    return Reach(tuple(sorted({int(day) for day in days.values() if day is not None})), frozenset(own), window_days)


def _connected(db: Database, start: int, reach: Reach) -> set[int]:
    """Return the items that links, copies, stories and persons connect with one, itself included.

    A story takes part whole or not at all: where it is out of reach, nothing is followed into it, unless a person said
    that an item of it is one with an item here.
    """
    found, frontier = {start}, {start}
    seen: set[int] = set()
    awake = set(reach.story_ids)
    while frontier:
        named = _said_to_be_one(db, frontier)
        if woken := stories.of_items(db, named) - awake:
            awake |= woken
            seen.clear()
        frontier = vectors.linked(db, frontier) | sketches.copies_and_originals(db, frontier) | named
        frontier -= found | seen
        seen |= frontier
        frontier = _within(db, frontier, reach, awake)
        found |= frontier
    return found


def _said_to_be_one(db: Database, ids: Collection[int]) -> set[int]:
    """Return the items that a person put together with some items."""
    found = [c for c in corrections.of_items(db, ids) if c.said is Said.TOGETHER]
    return {i for c in found for i in (c.item_id, c.other_item_id)}


def _within(db: Database, ids: set[int], reach: Reach, awake: Collection[int]) -> set[int]:
    """Return the items whose stories take part; those that are `awake` do whatever their days."""
    story_of = {i: m.story_id for i, m in stories.memberships(db, ids).items()}
    spans = stories.spans(db, set(story_of.values()).difference(awake))
    frozen = {s for s, (first, last) in spans.items() if not reach.covers(first, last)}
    return {i for i in ids if story_of.get(i) not in frozen}


def _component(db: Database, ids: Sequence[int], settings: GroupingSettings) -> Component:
    """Score all pairs of connected items."""
    loaded = vectors.load(db, ids)
    probabilities = pair_probabilities(loaded, ids, ids, settings.model)
    said = _said_within(db, ids)
    position = {item_id: n for n, item_id in enumerate(ids)}
    apart = {(position[a], position[b]): f"kept apart: {why(c)}" for (a, b), c in divided(said).items()}
    vetoes = dict(_vetoed(db, ids, probabilities, settings.model.operating_point)) | apart
    reprints, old = sketches.reprints_of(db, ids), stories.memberships(db, ids)
    days = days_of(loaded[i] for i in ids)
    return Component(tuple(ids), days, probabilities, vetoes, reprints, old, tuple(said), frozenset(apart))


def _said_within(db: Database, ids: Sequence[int]) -> list[Correction]:
    """Return the corrections whose items are both among some items."""
    among = set(ids)
    return [c for c in corrections.of_items(db, ids) if {c.item_id, c.other_item_id} <= among]


def _vetoed(
    db: Database, ids: Sequence[int], probabilities: score.Probabilities, point: float
) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the pairs that can never be one story: conflicting marks anywhere, sister templates among close pairs."""
    marks = load_marks(db, ids)
    marked = [n for n, i in enumerate(ids) if i in marks]
    close = zip(*np.nonzero(np.triu(probabilities >= point, 1)), strict=True)
    pairs = {*combinations(marked, 2), *((int(a), int(b)) for a, b in close)}
    veto = vetoes_between(items.texts(db, ids), marks)
    for a, b in sorted(pairs):
        if reason := veto(ids[a], ids[b]):
            yield (a, b), f"another edition: {reason}"


def _settle(db: Database, part: Component, settings: GroupingSettings, now: datetime) -> None:
    """Cluster one component and carry the outcome over into the stories."""
    position = {item_id: n for n, item_id in enumerate(part.ids)}
    copies = [(position[a], position[b]) for a, b in _copies_together(part)]
    linked = settle.average_linkage(part.probabilities, part.vetoes, settings.model.operating_point, copies)
    clusters = [kept for rows in linked for kept in _within_window(part, rows, settings)]
    together = [(position[c.item_id], position[c.other_item_id]) for c in part.said if c.said is Said.TOGETHER]
    carry_over(db, part, corrected(clusters, part.probabilities, together, part.apart), settings, now)


def _copies_together(part: Component) -> Iterator[tuple[int, int]]:
    """Yield the pairs that are one for certain: a copy and its original, or two copies of one that is out of reach."""
    stands_for = {i: i for i in part.ids}
    for r in sorted(part.reprints.values(), key=lambda r: r.item_id):
        yield r.item_id, stands_for.setdefault(r.original_item_id, r.item_id)


def _within_window(part: Component, rows: Sequence[int], settings: GroupingSettings) -> Iterator[list[int]]:
    """Cut a cluster wherever nothing was reported for more than the window and nothing bridges the gap.

    Links respect the window, but an average over what they connect, or a copy of long ago, does not. A story that has
    grown over a gap keeps it, and an undated piece bridges what it is close to on both sides: so one import and many
    passes part alike (benchmarks/order.py). Any other undated piece stays with its closest stretch.
    """
    stretches = _stretches(part, rows, settings)
    if len(stretches) < 2:  # noqa: PLR2004 - nothing to cut
        yield list(rows)
        return
    means = [part.probabilities[:, stretch].mean(axis=1) for stretch in stretches]
    for row in sorted(set(rows).difference(*stretches)):
        stretches[int(np.argmax([mean[row] for mean in means]))].append(row)
    yield from stretches


def _stretches(part: Component, rows: Sequence[int], settings: GroupingSettings) -> list[list[int]]:
    """Return the dated rows of a cluster in order, cut at the gaps that nothing bridges."""
    dated = sorted((int(part.days[row]), row) for row in rows if not np.isnan(part.days[row]))
    ordered = [row for _, row in dated]
    undated = sorted(set(rows).difference(ordered))
    stretches: list[list[int]] = []
    for n, (day, row) in enumerate(dated):
        far = n == 0 or day - dated[n - 1][0] > settings.window_days
        if n == 0 or (far and not _bridged(part, (ordered[:n], ordered[n:]), undated, settings.model.operating_point)):
            stretches.append([])
        stretches[-1].append(row)
    return stretches


def _bridged(part: Component, sides: tuple[list[int], list[int]], undated: Sequence[int], point: float) -> bool:
    """Tell whether one story has rows on both sides of a gap, or an undated row is close to both."""
    before, after = ({part.old[part.ids[r]].story_id for r in side if part.ids[r] in part.old} for side in sides)
    if before & after:
        return True
    means = [part.probabilities[np.ix_(undated, side)].mean(axis=1) for side in sides]
    return bool((np.minimum(*means) >= point).any()) if undated else False
