"""Vectors of many pieces at once, one after the other in flat arrays: unpacking, weighing, cosines of chosen pairs.

What `features` does with one piece, here done with all pieces of a run: the same numbers at a tenth of the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from monitor.stories.candidates import Numbers, located
from monitor.stories.features import Features, Ids, Weights

#: any odd number of more bits than are looked up
_MIXED = np.uint64(0x9E3779)

Cosines = npt.NDArray[np.float32]
Sums = npt.NDArray[np.float64]


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
    none = bytes(4 * views)
    packed = [one or none for one in packed]
    head = 4 * views
    lengths = np.frombuffer(b"".join(one[:head] for one in packed), dtype="<u4").reshape(-1, views).astype(np.int64)
    cuts = [head + 4 * total for total in lengths.sum(axis=1).tolist()]
    ids = b"".join(one[head:cut] for one, cut in zip(packed, cuts, strict=True))
    weights = b"".join(one[cut:] for one, cut in zip(packed, cuts, strict=True))
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


def beside(one: Rows, other: Rows) -> Rows:
    """Return the vectors of the same pieces in two sets of views as those of one set."""
    order = np.argsort(_owners(one, other), kind="stable")
    lengths = np.concatenate([one.lengths, other.lengths], axis=1)
    ids, weights = np.concatenate([one.ids, other.ids]), np.concatenate([one.weights, other.weights])
    return Rows(lengths, ids[order], weights[order])


def _owners(one: Rows, other: Rows) -> Numbers:
    """Return the piece of each term of two sets of views."""
    return np.concatenate([np.repeat(np.arange(len(r.lengths)), r.lengths.sum(axis=1)) for r in (one, other)])


def pair_cosines(left: Rows, right: Rows, wanted: Sequence[Numbers]) -> Cosines:
    """Return the cosine of each view for chosen pairs, shape (pairs, views).

    Args:
        left: weighed vectors.
        right: weighed vectors of the same views.
        wanted: for each piece of `left` the numbers of those of `right`.

    """
    views = left.lengths.shape[1]
    vocabulary, columns = np.unique(_keys(left), return_inverse=True)
    right, places = _known(right, vocabulary)
    # summed with 64 bits: a pair has one cosine whichever side asks, and whatever else is asked
    query, ends, starts = np.zeros(len(vocabulary)), left.ends, right.ends
    found = [np.zeros((0, views), dtype=np.float32)]
    for n, others in enumerate(wanted):
        if len(others):
            own = slice(ends[n], ends[n + 1])
            query[columns[own]] = left.weights[own]
            found.append(_products(query, right, places, starts, others))
            query[columns[own]] = 0.0
    # weights are stored with 16 bits: lengths are not exactly one
    return np.minimum(np.concatenate(found), np.float32(1.0))


def _keys(rows: Rows) -> npt.NDArray[np.uint64]:
    """Return terms together with their views, the terms in the low bits."""
    views = (rows.segments % rows.lengths.shape[1]).astype(np.uint64)
    # the view is mixed into the low bits, too, by which terms are looked up
    keys: npt.NDArray[np.uint64] = (views << np.uint64(32)) | (rows.ids.astype(np.uint64) ^ (views * _MIXED))
    return keys


def _known(rows: Rows, vocabulary: npt.NDArray[np.uint64]) -> tuple[Rows, Numbers]:
    """Return vectors without the terms that are not in a vocabulary, and the place of each of the others in it."""
    places = located(_keys(rows), vocabulary)
    kept = np.flatnonzero(places >= 0)
    lengths = np.bincount(rows.segments[kept], minlength=rows.lengths.size).reshape(rows.lengths.shape)
    return replace(rows, lengths=lengths, ids=rows.ids[kept], weights=rows.weights[kept]), places[kept]


def _products(query: Sums, right: Rows, places: Numbers, starts: Numbers, others: Numbers) -> Cosines:
    """Return the products of a dense vector with every view of some pieces."""
    lengths = right.lengths[others]
    totals = lengths.sum(axis=1)
    offsets = np.cumsum(totals) - totals
    entries = np.arange(int(totals.sum())) + np.repeat(starts[others] - offsets, totals)
    flat = lengths.ravel()
    filled = np.flatnonzero(flat)
    out = np.zeros(flat.size, dtype=np.float32)
    if len(filled):
        products = query[places[entries]] * right.weights[entries]
        out[filled] = np.add.reduceat(products, (np.cumsum(flat) - flat)[filled])
    return out.reshape(lengths.shape)
