"""Vectors of many pieces at once, one after the other in flat arrays: unpacking, weighing, cosines of chosen pairs.

What `features` does with one piece, here done with all pieces of a run: the same numbers at a tenth of the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt

from monitor.stories.candidates import Numbers, Vocabulary, distinct
from monitor.stories.features import Features, Ids, Weights

#: any odd number of more bits than are looked up
_MIXED = np.uint64(0x9E3779)

#: whose products are summed at once: one by one, numpy's calls take longer than the work (benchmarks/throughput.py)
_PAIRS = 500

Cosines = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse vectors of pieces, piece after piece, view after view."""

    #: terms of each view of each piece, shape (pieces, views)
    lengths: Numbers
    ids: Ids
    weights: Weights

    @property
    def segments(self) -> Numbers:
        """Return for each term the number of its vector: piece times views plus view."""
        return np.repeat(np.arange(self.lengths.size), self.lengths.ravel())

    @property
    def ends(self) -> Numbers:
        """Return where the terms of each piece begin, and where the last ones end."""
        return np.concatenate([[0], np.cumsum(self.lengths.sum(axis=1))])

    def features(self) -> list[Features]:
        """Return the vectors piece by piece."""
        cuts = np.concatenate([[0], np.cumsum(self.lengths.ravel())]).tolist()
        views = self.lengths.shape[1]
        parts = [slice(a, b) for a, b in pairwise(cuts)]
        return [
            Features(tuple(self.ids[p] for p in own), tuple(self.weights[p] for p in own))
            for own in (parts[n : n + views] for n in range(0, len(parts), views))
        ]


def unpack_rows(packed: Sequence[bytes], views: int) -> Rows:
    """Return the vectors that `features.pack` wrote, so many a piece; of empty bytes, none."""
    return _joined([_cut(packed, views)])


def unpack_beside(one: Sequence[bytes], other: Sequence[bytes], views: tuple[int, int]) -> Rows:
    """Return the vectors of the same pieces in two sets of views as those of one set."""
    return _joined([_cut(one, views[0]), _cut(other, views[1])])


@dataclass(frozen=True, slots=True)
class _Cut:
    """The packed vectors of pieces: how many terms each view has, and of each piece the bytes of ids and weights."""

    lengths: Numbers
    ids: Sequence[bytes]
    weights: Sequence[bytes]


def _cut(packed: Sequence[bytes], views: int) -> _Cut:
    """Cut what `features.pack` wrote, so many vectors a piece."""
    head = 4 * views
    none = bytes(head)
    packed = [one or none for one in packed]
    lengths = np.frombuffer(b"".join([one[:head] for one in packed]), dtype="<u4").reshape(-1, views).astype(np.int64)
    cuts = (head + 4 * lengths.sum(axis=1)).tolist()
    cut = list(zip(packed, cuts, strict=True))
    return _Cut(lengths, [one[head:end] for one, end in cut], [one[end:] for one, end in cut])


def _joined(sets: Sequence[_Cut]) -> Rows:
    """Return sets of views side by side, piece after piece."""
    ids = b"".join(chain.from_iterable(zip(*(one.ids for one in sets), strict=True)))
    weights = b"".join(chain.from_iterable(zip(*(one.weights for one in sets), strict=True)))
    lengths = np.concatenate([one.lengths for one in sets], axis=1)
    return Rows(lengths, np.frombuffer(ids, dtype="<u4"), np.frombuffer(weights, dtype="<f2").astype(np.float32))


def pack_rows(rows: Rows) -> list[bytes]:
    """Return the vectors of each piece as `features.pack` does."""
    head = rows.lengths.astype("<u4")
    ids, weights = rows.ids.astype("<u4", copy=False), rows.weights.astype("<f2")
    ends = rows.ends.tolist()
    return [head[n].tobytes() + ids[a:b].tobytes() + weights[a:b].tobytes() for n, (a, b) in enumerate(pairwise(ends))]


def weigh_rows(rows: Rows, rarity: Weights) -> Rows:
    """Return vectors weighed by rarity, each of length one; terms that are everywhere are left out.

    Args:
        rows: vectors as read.
        rarity: inverse document frequency of each term of `rows.ids`.

    """
    weighed, segments = rows.weights * rarity, rows.segments
    norms = np.sqrt(np.bincount(segments, weighed.astype(np.float64) ** 2, rows.lengths.size))
    kept = np.flatnonzero(weighed > 0)
    lengths = np.bincount(segments[kept], minlength=rows.lengths.size).reshape(rows.lengths.shape)
    unit = (weighed[kept] / norms[segments[kept]]).astype(np.float32)
    return Rows(lengths, rows.ids[kept], unit)


def document_counts(rows: Rows) -> Iterator[tuple[int, int]]:
    """Yield the terms of some pieces in order, each with the number of pieces that have it in any view."""
    owners = np.repeat(np.arange(len(rows.lengths), dtype=np.uint64), rows.lengths.sum(axis=1))
    once = distinct((owners << np.uint64(32)) | rows.ids)
    terms, counts = np.unique(once.astype(np.uint32), return_counts=True)
    return zip(terms.tolist(), counts.tolist(), strict=True)


class HeldRows:
    """Vectors made ready to be compared with many others: each of their terms has its place in one vocabulary."""

    def __init__(self, rows: Rows) -> None:
        """Take weighed vectors."""
        keys, self._places = np.unique(_keys(rows), return_inverse=True)
        self._vocabulary = Vocabulary(keys)
        self._rows = rows
        self._of = [slice(a, b) for a, b in pairwise(rows.ends.tolist())]

    def cosines(self, rows: Rows, wanted: Sequence[Numbers]) -> Cosines:
        """Return the cosine of each view for chosen pairs, shape (pairs, views), whichever side holds and which asks.

        Args:
            rows: weighed vectors of the same views.
            wanted: for each piece of `rows` the numbers of those held.

        """
        places = self._vocabulary.places(_keys(rows))
        known = np.flatnonzero(places >= 0)
        places, weights = places[known], rows.weights[known]
        asking = [(places[a:b], weights[a:b]) for a, b in pairwise(np.searchsorted(known, rows.ends).tolist())]
        query = np.zeros(len(self._vocabulary), dtype=np.float32)
        found = [np.zeros((0, rows.lengths.shape[1]), dtype=np.float32)]
        found += [self._products(query, asking[run], wanted[run]) for run in _runs(wanted)]
        # weights are stored with 16 bits: lengths are not exactly one
        return np.minimum(np.concatenate(found), np.float32(1.0))

    def _products(
        self, query: Weights, asking: Sequence[tuple[Numbers, Weights]], wanted: Sequence[Numbers]
    ) -> Cosines:
        """Return the products of some vectors with every view of the pieces that each of them wants.

        Weights were stored with 16 bits, so that the product of two is exact with 32. They are summed with 64: a pair
        has one cosine whichever side asks, and whatever else is asked.

        Args:
            query: zeros, in which each vector is made dense in turn.
            asking: the places of terms of the vectors, with their weights.
            wanted: for each vector the numbers of pieces held.

        """
        numbers = np.concatenate(wanted)
        parts = [self._of[n] for n in numbers.tolist()]
        lengths = self._rows.lengths[numbers]
        ends = np.concatenate([[0], np.cumsum(lengths.sum(axis=1))])[np.cumsum([0, *map(len, wanted)])].tolist()
        places = np.concatenate([self._places[part] for part in parts])
        weights = np.empty(len(places), dtype=np.float32)
        for (filled, own), (start, end) in zip(asking, pairwise(ends), strict=True):
            query[filled] = own
            # a place is that of a term: clipping saves the copy that checking makes
            query.take(places[start:end], out=weights[start:end], mode="clip")
            query[filled] = 0.0
        weights *= np.concatenate([self._rows.weights[part] for part in parts])
        flat = lengths.ravel()
        filled = np.flatnonzero(flat)
        out = np.zeros(flat.size, dtype=np.float32)
        if len(filled):
            out[filled] = np.add.reduceat(weights, (np.cumsum(flat) - flat)[filled], dtype=np.float64)
        return out.reshape(lengths.shape)


def _runs(wanted: Sequence[Numbers]) -> Iterator[slice]:
    """Cut vectors into runs that want `_PAIRS` pieces altogether, or one vector that wants more."""
    start = pairs = 0
    for n, numbers in enumerate(wanted):
        if pairs and pairs + len(numbers) > _PAIRS:
            yield slice(start, n)
            start, pairs = n, 0
        pairs += len(numbers)
    if pairs:
        yield slice(start, len(wanted))


def _keys(rows: Rows) -> npt.NDArray[np.uint64]:
    """Return terms together with their views, the terms in the low bits."""
    views = (rows.segments % rows.lengths.shape[1]).astype(np.uint64)
    # the view is mixed into the low bits, too, by which terms are looked up
    keys: npt.NDArray[np.uint64] = (views << np.uint64(32)) | (rows.ids.astype(np.uint64) ^ (views * _MIXED))
    return keys
