"""What settling looks at together: what links, copies, stories and persons connect with a queue, scored in pairs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np
from sqlite_utils import Database

from monitor.grouping import load_marks, new_act_between, vetoes_between
from monitor.linking import GroupingSettings, Held, days_of, load, pair_probabilities
from monitor.model import Correction, Reprint, Said
from monitor.store import corrections, items, sketches, stories, vectors, versions
from monitor.store.items import ItemText
from monitor.store.stories import Membership
from monitor.store.vectors import Vector
from monitor.stories.corrections import divided, why
from monitor.stories.marks import Mark
from monitor.stories.parting import parted
from monitor.stories.score import PairModel, Probabilities

#: items whose components are read and scored together; a larger component is a batch of its own. Of 300 they are read
#: a little faster, but who shares a settle waits longer for the last one (benchmarks/throughput.py)
BATCH = 100
#: items of a component that are settled together where nothing but links connects them: five times the largest one of
#: allsides_2021; with 500, 140 new pieces among 20,000 of one hour took a minute, for each meets so many
LARGEST = 200
#: components of so many items are scored pair by pair with others, larger ones as a matrix of their own
_FEW = 40


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
    #: of pieces in several languages: the item that each version goes by
    pieces: Mapping[int, int]
    #: what persons said about these items
    said: Sequence[Correction] = ()
    #: pairs of positions that are apart by what persons said
    apart: frozenset[tuple[int, int]] = frozenset()


#: the ids of some components that are read and scored together
Batch = Sequence[Sequence[int]]


def connected(db: Database, start: Sequence[int], queued: Sequence[int], settings: GroupingSettings) -> Iterator[Batch]:
    """Yield what some items of a queue connect with, as many components at a time as are scored together."""
    yield from _batched(_connected_items(db, start, _reach(db, queued, settings.window_days)))


def _connected_items(db: Database, queued: Sequence[int], reach: Reach) -> Iterator[list[int]]:
    """Yield the items of a queue, in order, with all that they are connected with; what is too large, in parts.

    Nothing new came to a part without an item of the queue: it stays as it was settled.
    """
    waiting, ties = set(queued), _Ties(db)
    ties.expect(waiting)
    for item_id in queued:
        if item_id in waiting:
            ids = sorted(_connected(ties, item_id, reach))
            new = waiting.intersection(ids)
            waiting -= new
            yield from (part for part in _bounded(db, ids) if not new.isdisjoint(part))


def _bounded(db: Database, ids: list[int]) -> list[list[int]]:
    """Return the items of a component, in parts where they are too many to be settled together."""
    if len(ids) <= LARGEST:
        return [ids]
    copies, translations = sketches.copies_and_originals(db, ids), versions.tied(db, ids)
    certain = [(i, other) for tied in (copies, translations) for i, others in tied.items() for other in others]
    certain += [(c.item_id, c.other_item_id) for c in corrections.of_items(db, ids) if c.said is Said.TOGETHER]
    leads: dict[int, int] = {}
    certain += [(leads.setdefault(story_id, i), i) for i, story_id in sorted(stories.story_of(db, ids).items())]
    return parted(ids, certain, vectors.chances_among(db, ids), LARGEST)


class _Ties:
    """What ties items together, and where their stories lie in time: read for many items at once, and each once.

    A settle writes only about items of components that are done, which no later component asks for.
    """

    def __init__(self, db: Database) -> None:
        """Know nothing yet."""
        self._db = db
        self._tied: dict[int, set[int]] = {}
        self._named: dict[int, set[int]] = {}
        self._stories: dict[int, int | None] = {}
        self._spans: dict[int, tuple[float | None, float | None]] = {}

    def expect(self, ids: Collection[int]) -> None:
        """Read at once what a queue will be asked for: nearly all of it lies one step away."""
        self._place({*ids, *self.of(ids)})
        self._span({s for s in self._stories.values() if s is not None})

    def of(self, ids: Collection[int]) -> set[int]:
        """Return the items that links, copies, stories and persons tie to some items, and the items themselves."""
        self._read(ids)
        return set(ids).union(*(self._tied[i] for i in ids))

    def named(self, ids: Collection[int]) -> set[int]:
        """Return the items that a person put together with some items."""
        self._read(ids)
        return set[int]().union(*(self._named[i] for i in ids))

    def stories(self, ids: Collection[int]) -> dict[int, int]:
        """Return the stories of some items; those without are missing."""
        self._place(ids)
        return {i: story_id for i in ids if (story_id := self._stories[i]) is not None}

    def spans(self, story_ids: Collection[int]) -> dict[int, tuple[float | None, float | None]]:
        """Return the days of the first and last item of some stories."""
        self._span(story_ids)
        return {story_id: self._spans[story_id] for story_id in story_ids}

    def _read(self, ids: Collection[int]) -> None:
        """Read what ties some items, if that was not done yet."""
        if not (missing := [i for i in ids if i not in self._tied]):
            return
        links, copies = vectors.tied(self._db, missing), sketches.copies_and_originals(self._db, missing)
        translations = versions.tied(self._db, missing)
        self._named.update({i: set() for i in missing})
        for said in corrections.of_items(self._db, missing):
            if said.said is Said.TOGETHER:
                for i in {said.item_id, said.other_item_id} & set(missing):
                    self._named[i] |= {said.item_id, said.other_item_id}
        for i in missing:
            links[i].update(copies[i], translations[i], self._named[i])
        self._tied.update(links)

    def _place(self, ids: Collection[int]) -> None:
        """Read the stories of some items, if that was not done yet."""
        if missing := [i for i in ids if i not in self._stories]:
            self._stories.update(dict.fromkeys(missing) | stories.story_of(self._db, missing))

    def _span(self, story_ids: Collection[int]) -> None:
        """Read where some stories lie in time, if that was not done yet."""
        if missing := [s for s in story_ids if s not in self._spans]:
            self._spans.update(stories.spans(self._db, missing))


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


def _connected(ties: _Ties, start: int, reach: Reach) -> set[int]:
    """Return the items that links, copies, stories and persons connect with one, itself included.

    A story takes part whole or not at all: where it is out of reach, nothing is followed into it, unless a person said
    that an item of it is one with an item here.
    """
    found, frontier = {start}, {start}
    seen: set[int] = set()
    awake = set(reach.story_ids)
    while frontier:
        if woken := set(ties.stories(ties.named(frontier)).values()) - awake:
            awake |= woken
            seen.clear()
        frontier = ties.of(frontier) - found - seen
        seen |= frontier
        frontier = _within(ties, frontier, reach, awake)
        found |= frontier
    return found


def _within(ties: _Ties, ids: set[int], reach: Reach, awake: Collection[int]) -> set[int]:
    """Return the items whose stories take part; those that are `awake` do whatever their days."""
    story_of = ties.stories(ids)
    spans = ties.spans(set(story_of.values()).difference(awake))
    frozen = {s for s, (first, last) in spans.items() if not reach.covers(first, last)}
    return {i for i in ids if story_of.get(i) not in frozen}


def scored(db: Database, batch: Batch, settings: GroupingSettings) -> list[Component]:
    """Return some components with the scores of all their pairs; what they need is read for all at once."""
    everything = [i for ids in batch for i in ids]
    loaded, texts, marks = load(db, everything, settings), items.texts(db, everything), load_marks(db, everything)
    reprints, old = sketches.reprints_of(db, everything), stories.memberships(db, everything)
    said, pieces = corrections.of_items(db, everything), versions.pieces_of(db, everything)
    found: list[Component] = []
    for ids, block in zip(batch, _probabilities(loaded, batch, settings.model), strict=True):
        word = [c for c in said if {c.item_id, c.other_item_id} <= set(ids)]
        position = {item_id: n for n, item_id in enumerate(ids)}
        apart = {(position[a], position[b]): f"kept apart: {why(c)}" for (a, b), c in divided(word).items()}
        found.append(
            Component(
                ids=tuple(ids),
                days=days_of(loaded[i] for i in ids),
                probabilities=block,
                vetoes=dict(_vetoed(ids, block, settings.model.operating_point, texts, marks)) | apart,
                reprints={i: reprints[i] for i in ids if i in reprints},
                old={i: old[i] for i in ids if i in old},
                at={i: texts[i].at.isoformat() for i in ids},
                marks={i: marks[i] for i in ids if i in marks},
                pieces={i: pieces[i] for i in ids if i in pieces},
                said=tuple(word),
                apart=frozenset(apart),
            )
        )
    return found


def _probabilities(
    loaded: Mapping[int, Vector], batch: Sequence[Sequence[int]], model: PairModel
) -> Iterator[Probabilities]:
    """Yield the probabilities of all pairs of each of some components; that of an item with itself is 1."""
    pairs = [pair for ids in batch if len(ids) <= _FEW for pair in combinations(ids, 2)]
    few = {i: loaded[i] for i in dict.fromkeys(chain.from_iterable(pairs))}
    chances, start = Held(few, model).probabilities(few, pairs), 0
    for ids in batch:
        if len(ids) > _FEW:
            yield pair_probabilities(loaded, ids, ids, model)
            continue
        block = np.eye(len(ids))
        upper = np.triu_indices(len(ids), 1)
        block[upper] = chances[start : (start := start + len(upper[0]))]
        yield np.maximum(block, block.T)


def _vetoed(
    ids: Sequence[int],
    probabilities: Probabilities,
    point: float,
    texts: Mapping[int, ItemText],
    marks: Mapping[int, tuple[Mark, ...]],
) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the pairs that can never be one story: conflicting marks, and among close pairs templates and twins."""
    if len(ids) == 1:
        return
    marked = [n for n, i in enumerate(ids) if i in marks]
    close = zip(*np.nonzero(np.triu(probabilities >= point, 1)), strict=True)
    pairs = {*combinations(marked, 2), *((int(a), int(b)) for a, b in close)}
    veto = vetoes_between(texts, marks)
    for a, b in sorted(pairs):
        if reason := veto(ids[a], ids[b]) or new_act_between(texts[ids[a]], texts[ids[b]]):
            yield (a, b), reason
