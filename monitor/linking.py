"""The shell around stories/features and score: weigh a run's items, index them, link what may be one event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

from monitor.store import vectors
from monitor.store.vectors import Vector
from monitor.stories.customs_score import blend, names_place, shipped_customs, topic_share, with_twins
from monitor.stories.facts import FACTS, happening_ids, no_facts
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
    for vector, terms in weighed.values():
        vectors.index(db, vector, terms)
    candidates = {i: _candidates(db, vector, terms, settings) for i, (vector, terms) in weighed.items()}
    order = sorted(weighed)
    for block in (order[n : n + BLOCK] for n in range(0, len(order), BLOCK)):
        vectors.save_links(db, _links(db, block, candidates, settings.model))


def _weigh(db: Database, item_ids: Sequence[int]) -> dict[int, tuple[Vector, list[int]]]:
    """Return the weighed vectors of items and the terms that find each, by id."""
    read = {i: (v, unpack(v.packed), facts_of(v)) for i, v in vectors.load(db, item_ids).items()}
    terms = {term for _, words, facts in read.values() for term in (*terms_of(words), *terms_of(facts))}
    idf = lru_cache(maxsize=None)(rarity(vectors.term_counts(db, terms), vectors.counted_items(db)))
    return {i: _weighed(v, weigh(words, idf), weigh(facts, idf)) for i, (v, words, facts) in read.items()}


def _weighed(vector: Vector, words: Features, facts: Features) -> tuple[Vector, list[int]]:
    """Return an item with its weighed vectors, and the terms that find it."""
    packed = replace(vector, packed=pack(words), facts=pack(facts))
    return packed, list(dict.fromkeys((*index_terms(words), *happening_ids(facts))))


def _candidates(db: Database, vector: Vector, terms: Sequence[int], settings: GroupingSettings) -> list[int]:
    """Return the items of the window that share most rare terms with one."""
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
    general = model.probabilities(cosines, gaps)
    share = customs_shares([loaded[i] for i in rows], [loaded[i] for i in columns])
    if not share.any():
        return general
    found = customs_columns(cosines, [loaded[i] for i in rows], [loaded[i] for i in columns])
    return blend(general, shipped_customs().log_odds(found, gaps), share)


def customs_columns(
    cosines: npt.NDArray[np.float32], rows: Sequence[Vector], columns: Sequence[Vector]
) -> npt.NDArray[np.float32]:
    """Return what the customs score needs of all pairs of two lists of items, given the cosines of their views."""
    one, other = [facts_of(v) for v in rows], [facts_of(v) for v in columns]
    placed = names_place(one)[:, None] & names_place(other)[None, :]
    return with_twins(cosines, similarities(one, other), placed)


def facts_of(vector: Vector) -> Features:
    """Return the vectors of an item's facts."""
    return unpack(vector.facts, len(FACTS)) if vector.facts else no_facts()


def customs_shares(rows: Sequence[Vector], columns: Sequence[Vector]) -> Probabilities:
    """Return for all pairs of two lists of items how surely both are about customs."""
    one, other = (
        topic_share(np.array([np.nan if v.relevance is None else v.relevance for v in found], dtype=np.float64))
        for found in (rows, columns)
    )
    return np.minimum(one[:, None], other[None, :])


def days_of(found: Iterable[Vector]) -> Probabilities:
    """Return the days of some items, NaN for undated ones."""
    return np.array([np.nan if v.day is None else v.day for v in found], dtype=np.float64)
