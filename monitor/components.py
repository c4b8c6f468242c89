"""What settling looks at together: what links, copies, stories and persons connect with a queue, scored in pairs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from sqlite_utils import Database

from monitor.grouping import load_marks, vetoes_between
from monitor.linking import GroupingSettings, days_of, pair_probabilities
from monitor.model import Correction, Reprint, Said
from monitor.store import corrections, items, sketches, stories, vectors
from monitor.store.items import ItemText
from monitor.store.stories import Membership
from monitor.stories.corrections import divided, why
from monitor.stories.marks import Mark
from monitor.stories.score import Probabilities

#: items whose components are read and scored together; a larger component is a batch of its own
BATCH = 300


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


@dataclass(frozen=True, slots=True)
class Component:
    """Items that links or stories connect, with the probability of each pair."""

    ids: tuple[int, ...]
    #: days since 1970, NaN for undated items
    days: Probabilities
    probabilities: Probabilities
    #: reasons by pair of positions in `ids`, the smaller first
    vetoes: Mapping[tuple[int, int], str]
    reprints: Mapping[int, Reprint]
    #: where the items are now; new ones are missing
    old: Mapping[int, Membership]
    #: when each was published, as sortable text
    at: Mapping[int, str]
    marks: Mapping[int, tuple[Mark, ...]]
    #: what persons said about these items
    said: Sequence[Correction] = ()
    #: pairs of positions that are apart by what persons said
    apart: frozenset[tuple[int, int]] = frozenset()


def components(db: Database, queued: Sequence[int], settings: GroupingSettings) -> Iterator[Component]:
    """Yield what a queue connects with, component by component, each scored when its turn comes."""
    reach = _reach(db, queued, settings.window_days)
    for batch in _batched(_connected_items(db, queued, reach)):
        yield from _scored(db, batch, settings)


def _connected_items(db: Database, queued: Sequence[int], reach: Reach) -> Iterator[list[int]]:
    """Yield the items of a queue, in order, with all that they are connected with."""
    waiting = set(queued)
    for item_id in queued:
        if item_id in waiting:
            ids = _connected(db, item_id, reach)
            waiting -= ids
            yield sorted(ids)


def _batched(components: Iterable[list[int]]) -> Iterator[list[list[int]]]:
    """Gather components until they hold `BATCH` items: most hold one or two, and reading them one by one is slow."""
    batch: list[list[int]] = []
    for ids in components:
        if batch and sum(map(len, batch)) + len(ids) > BATCH:
            yield batch
            batch = []
        batch.append(ids)
    if batch:
        yield batch


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


def _scored(db: Database, batch: Sequence[Sequence[int]], settings: GroupingSettings) -> Iterator[Component]:
    """Score all pairs of each of some components; what they need is read for all at once."""
    everything = [i for ids in batch for i in ids]
    loaded, texts, marks = vectors.load(db, everything), items.texts(db, everything), load_marks(db, everything)
    reprints, old = sketches.reprints_of(db, everything), stories.memberships(db, everything)
    probabilities = pair_probabilities(loaded, everything, everything, settings.model)
    said = corrections.of_items(db, everything)
    start = 0
    for ids in batch:
        rows = slice(start, start := start + len(ids))
        block = probabilities[rows, rows]
        word = [c for c in said if {c.item_id, c.other_item_id} <= set(ids)]
        position = {item_id: n for n, item_id in enumerate(ids)}
        apart = {(position[a], position[b]): f"kept apart: {why(c)}" for (a, b), c in divided(word).items()}
        yield Component(
            ids=tuple(ids),
            days=days_of(loaded[i] for i in ids),
            probabilities=block,
            vetoes=dict(_vetoed(ids, block, settings.model.operating_point, texts, marks)) | apart,
            reprints={i: reprints[i] for i in ids if i in reprints},
            old={i: old[i] for i in ids if i in old},
            at={i: texts[i].at.isoformat() for i in ids},
            marks={i: marks[i] for i in ids if i in marks},
            said=tuple(word),
            apart=frozenset(apart),
        )


def _vetoed(
    ids: Sequence[int],
    probabilities: Probabilities,
    point: float,
    texts: Mapping[int, ItemText],
    marks: Mapping[int, tuple[Mark, ...]],
) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the pairs that can never be one story: conflicting marks anywhere, sister templates among close pairs."""
    if len(ids) == 1:
        return
    marked = [n for n, i in enumerate(ids) if i in marks]
    close = zip(*np.nonzero(np.triu(probabilities >= point, 1)), strict=True)
    pairs = {*combinations(marked, 2), *((int(a), int(b)) for a, b in close)}
    veto = vetoes_between(texts, marks)
    for a, b in sorted(pairs):
        if reason := veto(ids[a], ids[b]):
            yield (a, b), f"another edition: {reason}"
