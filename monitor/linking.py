"""The shell around stories/features and score: weigh a run's items, index them, link what may be one event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from sqlite_utils import Database

from monitor.store import vectors
from monitor.store.vectors import Vector
from monitor.stories.features import Features, index_terms, pack, rarity, similarities, terms_of, unpack, weigh
from monitor.stories.score import PairModel, Probabilities, gap_feature

#: candidates of an item that are scored, those that share most rare terms first
CANDIDATES = 80
#: items that are scored together: the cost of a block grows with its rows, that of a lone row hardly shrinks
BLOCK = 200


@dataclass(frozen=True, slots=True)
class GroupingSettings:
    """How pieces are grouped: the pair score and the number of days over which an event is looked for."""

    model: PairModel
    window_days: int = 14


def link(db: Database, item_ids: Sequence[int], settings: GroupingSettings) -> None:
    """Weigh and index items, then store every pair with a candidate that reaches the operating point."""
    weighed = _weigh(db, item_ids)
    for vector, features in weighed.values():
        vectors.index(db, vector, index_terms(features))
    candidates = {i: _candidates(db, vector, features, settings) for i, (vector, features) in weighed.items()}
    order = sorted(weighed)
    for block in (order[n : n + BLOCK] for n in range(0, len(order), BLOCK)):
        vectors.save_links(db, _links(db, block, candidates, settings.model))


def _weigh(db: Database, item_ids: Sequence[int]) -> dict[int, tuple[Vector, Features]]:
    """Return the weighed vectors of items, by id."""
    read = {i: (v, unpack(v.packed)) for i, v in vectors.load(db, item_ids).items()}
    terms = {term for _, features in read.values() for term in terms_of(features)}
    idf = lru_cache(maxsize=None)(rarity(vectors.term_counts(db, terms), vectors.counted_items(db)))
    weighed = {i: (v, weigh(features, idf)) for i, (v, features) in read.items()}
    return {i: (Vector(i, pack(features), v.day), features) for i, (v, features) in weighed.items()}


def _candidates(db: Database, vector: Vector, features: Features, settings: GroupingSettings) -> list[int]:
    """Return the items of the window that share most rare terms with one."""
    terms = index_terms(features)
    if not terms:
        return []
    return vectors.candidates(db, vector, terms, window_days=settings.window_days, limit=CANDIDATES)


def _links(
    db: Database, block: Sequence[int], candidates: Mapping[int, Sequence[int]], model: PairModel
) -> Iterable[tuple[int, int, float]]:
    """Return the links between the items of a block and their candidates."""
    others = sorted({other for item_id in block for other in candidates[item_id]})
    if not others:
        return []
    chances = pair_probabilities(vectors.load(db, {*block, *others}), block, others, model)
    column = {other: n for n, other in enumerate(others)}
    pairs = ((i, other, float(chances[row, column[other]])) for row, i in enumerate(block) for other in candidates[i])
    return [(a, b, p) for a, b, p in pairs if p >= model.operating_point]


def pair_probabilities(
    loaded: Mapping[int, Vector], rows: Sequence[int], columns: Sequence[int], model: PairModel
) -> Probabilities:
    """Return the probability of one event for all pairs of two lists of item ids, shape (len(rows), len(columns))."""
    unpacked = {i: unpack(loaded[i].packed) for i in {*rows, *columns}}
    left = [unpacked[i] for i in rows]
    cosines = similarities(left, left if rows is columns else [unpacked[i] for i in columns])
    gaps = gap_feature(days_of(loaded[i] for i in rows), days_of(loaded[i] for i in columns))
    return model.probabilities(cosines, gaps)


def days_of(found: Iterable[Vector]) -> Probabilities:
    """Return the days of some items, NaN for undated ones."""
    return np.array([np.nan if v.day is None else v.day for v in found], dtype=np.float64)
