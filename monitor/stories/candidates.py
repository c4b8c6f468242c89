"""Candidates: which items share most rare terms with an item, among those of the days around its own.

All terms of the days are held as one sparse matrix, so that a run of items is one product: a search in the database for
each item took four times as long (benchmarks/throughput.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

#: one is chance: of 7,805 pairs that reach the operating point on the labelled corpora, one pair shares one term only
FEWEST_SHARED = 2
#: items whose counts are held at once
_BLOCK = 50
#: of a row of counts that is sorted as one number: an item is found by at most some hundred terms
_RANK_BITS, _MOST_SHARED = 32, (1 << 16) - 1
_RANKS, _ROW_BITS = (1 << _RANK_BITS) - 1, _RANK_BITS + 16
#: terms are first looked up by so many of their low bits: searching for each takes six times as long
_SIEVE_BITS = 21

Numbers = npt.NDArray[np.int64]
Terms = npt.NDArray[np.uint32]
_T = TypeVar("_T", bound=np.unsignedinteger)


@dataclass(frozen=True, slots=True)
class Indexed:
    """The index terms of some items, one after the other; an undated item has no day (NaN)."""

    ids: Numbers
    days: npt.NDArray[np.float64]
    #: how many terms each item has
    counts: Numbers
    terms: Terms

    def __len__(self) -> int:
        """Count the items."""
        return len(self.ids)


def pack_terms(terms: Iterable[int]) -> bytes:
    """Return terms as stored: 32 bits each, little-endian, sorted."""
    return np.array(sorted(terms), dtype="<u4").tobytes()


def indexed(rows: Sequence[tuple[int, float | None, bytes]]) -> Indexed:
    """Return items, each with id, day and packed terms, as arrays."""
    packed = [found for _, _, found in rows]
    return Indexed(
        np.array([item_id for item_id, _, _ in rows], dtype=np.int64),
        np.array([np.nan if day is None else np.floor(day) for _, day, _ in rows], dtype=np.float64),
        np.array([len(found) // 4 for found in packed], dtype=np.int64),
        np.frombuffer(b"".join(packed), dtype="<u4"),
    )


def periods(days: Sequence[float | None], window_days: int) -> list[tuple[int, int]]:
    """Return the stretches of days, ends included, in which the candidates of items of some days lie."""
    found: list[tuple[int, int]] = []
    for day in sorted({int(np.floor(day)) for day in days if day is not None}):
        if found and day - window_days <= found[-1][1] + 1:
            found[-1] = found[-1][0], day + window_days
        else:
            found.append((day - window_days, day + window_days))
    return found


def nearest(asked: Indexed, held: Indexed, *, window_days: int, limit: int) -> Iterator[list[int]]:
    """Yield for each asked item the ids of at most `limit` held ones that share most terms, the newest of equals first.

    They lie at most `window_days` before or after it. An undated item meets everything, and everything meets it: its
    day cannot exclude anything. An item of several terms has to share `FEWEST_SHARED`.
    """
    mine, theirs = _matrices(asked, held)
    needed = np.minimum(FEWEST_SHARED, asked.counts)
    by_id = np.argsort(held.ids, kind="stable")
    newest_first = held.ids[by_id][::-1]
    rank = np.empty(len(held), dtype=np.int64)
    rank[by_id] = np.arange(len(held))[::-1]
    for start in range(0, len(asked), _BLOCK):
        shared = mine[start : start + _BLOCK] @ theirs
        row_of = np.repeat(np.arange(shared.shape[0]), np.diff(shared.indptr))
        # most share one term by chance: whatever else is asked, is asked of the others
        kept = np.flatnonzero(shared.data >= needed[row_of + start])
        rows, columns, counts = row_of[kept], shared.indices[kept], shared.data[kept]
        far = np.abs(asked.days[rows + start] - held.days[columns]) > window_days
        kept = np.flatnonzero(~far & (asked.ids[rows + start] != held.ids[columns]))
        rows, columns, counts = rows[kept], columns[kept], counts[kept].astype(np.int64)
        # row, count and rank as one number: sorting by three takes four times as long
        ordered = np.sort(rows << _ROW_BITS | (_MOST_SHARED - counts) << _RANK_BITS | rank[columns])
        ends = np.searchsorted(ordered, np.arange(shared.shape[0] + 1) << _ROW_BITS)
        for first, last in pairwise(ends.tolist()):
            yield newest_first[ordered[first : min(last, first + limit)] & _RANKS].tolist()


def _matrices(asked: Indexed, held: Indexed) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """Return the terms of asked items (a row each) and of held ones (a column each) over what is asked for."""
    vocabulary, columns = np.unique(asked.terms, return_inverse=True)
    place = Vocabulary(vocabulary).places(held.terms)
    hit = np.flatnonzero(place >= 0)
    owners = np.repeat(np.arange(len(held)), held.counts)[hit]
    ends = np.cumsum([0, *asked.counts.tolist()])
    width = max(1, len(vocabulary))
    mine = sp.csr_matrix((np.ones(len(columns), dtype=np.int32), columns, ends), shape=(len(asked), width))
    ones = np.ones(len(hit), dtype=np.int32)
    return mine, sp.csr_matrix((ones, (place[hit], owners)), shape=(width, len(held)))


def distinct(values: npt.NDArray[_T]) -> npt.NDArray[_T]:
    """Return values in order, each once: since numpy 2.3 its own `unique` hashes integers, a hundred times slower."""
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


class Vocabulary:
    """Sorted terms in which others are looked up."""

    def __init__(self, terms: npt.NDArray[np.unsignedinteger]) -> None:
        """Take the terms, each once and in order."""
        self._terms = terms
        self._low = terms.dtype.type((1 << _SIEVE_BITS) - 1)
        # of terms with the same low bits one is kept
        self._sieve = np.full(1 << _SIEVE_BITS, -1, dtype=np.int32)
        self._sieve[terms & self._low] = np.arange(len(terms), dtype=np.int32)

    def __len__(self) -> int:
        """Count the terms."""
        return len(self._terms)

    def places(self, values: npt.NDArray[np.unsignedinteger]) -> Numbers:
        """Return the place of each of some values, -1 for what is not among the terms."""
        found = self._sieve[values & self._low].astype(np.int64)
        if not len(self._terms):
            return found
        others = np.flatnonzero((found >= 0) & (self._terms[found] != values))
        sought = values[others]
        place = np.minimum(np.searchsorted(self._terms, sought), len(self._terms) - 1)
        found[others] = np.where(self._terms[place] == sought, place, -1)
        return found
