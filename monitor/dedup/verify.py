"""Verifying candidates exactly, and choosing the original of every copy. No chains: a copy matches its original.

A copy that lost what tells the editions of a series apart matches several of them: the closest one is its original.

Containment (the share of the smaller text's shingles that the larger one has; Broder 1997) decides, because it finds
the trimmed copy that Jaccard misses. Other editions of a series reach 0.92: their marks refuse them, not a threshold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import islice
from typing import Protocol

import numpy as np
import numpy.typing as npt

from monitor.model import Reprint, ReprintKind

#: reprints of the labelled customs corpus start at 0.81, shared page furniture and sister templates end at 0.78
MIN_CONTAINMENT = 0.8
#: a copy with words of the outlet's own, if it has the beginning of its original in one long passage: page furniture
#: reaches 0.69, but is no beginning, and the templates of editions begin with what differs
MIN_EMBEDDED = 0.65
#: below it the larger text is another piece that happens to quote the smaller one
MIN_JACCARD = 0.25
#: fewer shared shingles than in one sentence are a common phrase, not a copy
MIN_SHARED = 8
#: so many verified originals of a copy, the closest ones by their signatures, are compared exactly; among editions that
#: is more than there are in a window
COMPARED_ORIGINALS = 4
#: five standard deviations of a Jaccard that 128 permutations estimate (at most 0.044 each)
ESTIMATE_MARGIN = 0.22


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two shingle sets share."""

    shared: int
    jaccard: float
    containment: float


class Corpus(Protocol):
    """What choosing originals needs to know of the items; an item is named by its id."""

    def key(self, item_id: int, /) -> tuple[str, int]:
        """Return what sorts items by publication: the time as text, then the id."""

    def near(self, item_id: int, /) -> AbstractSet[int]:
        """Return the candidates of an item; each is a candidate of the other."""

    def original_of(self, item_id: int, /) -> int | None:
        """Return the original of a copy as it was known before."""

    def copies_of(self, item_id: int, /) -> AbstractSet[int]:
        """Return the copies of an original as they were known before."""

    def closest_first(self, item_id: int, others: Sequence[int], /) -> list[int]:
        """Return some items by how much their signatures share with that of one, equal ones in the order given."""

    def verified(self, item_id: int, others: Sequence[int], /) -> Iterator[int]:
        """Yield those of some items that are copies or originals of one, in the order in which they stand."""

    def likeness(self, item_id: int, other_id: int, /) -> Likeness:
        """Return how much two items share."""


def likeness(a: npt.NDArray[np.uint64], b: npt.NDArray[np.uint64]) -> Likeness:
    """Return the exact Jaccard and containment of two sets of shingle hashes, each once; empty texts are not alike."""
    shared = len(np.intersect1d(a, b, assume_unique=True))
    if not shared:
        return Likeness(0, 0.0, 0.0)
    return Likeness(shared, shared / (len(a) + len(b) - shared), shared / min(len(a), len(b)))


def is_copy(alike: Likeness) -> bool:
    """Tell whether the likeness of two texts is that of a copy."""
    return alike.containment >= MIN_CONTAINMENT and alike.jaccard >= MIN_JACCARD and alike.shared >= MIN_SHARED


def may_be_embedded(alike: Likeness) -> bool:
    """Tell whether the likeness of two texts is that of a copy among words of the outlet's own."""
    return alike.containment >= MIN_EMBEDDED and alike.jaccard >= MIN_JACCARD and alike.shared >= MIN_SHARED


def may_be_copies(size: int, sizes: npt.NDArray[np.int64], estimates: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Tell which texts are worth verifying against one: neither size nor estimated Jaccard rules a copy out.

    Args:
        size: number of shingles of the one text.
        sizes: number of shingles of each other text, shape (n,).
        estimates: estimated Jaccard of each with the one, shape (n,).

    """
    small, large = np.minimum(size, sizes), np.maximum(size, sizes)
    # a containment c of the smaller set means a Jaccard of at least c * small / (large + (1 - c) * small)
    least = np.maximum(MIN_JACCARD, MIN_CONTAINMENT * small / (large + (1 - MIN_CONTAINMENT) * small))
    fits: npt.NDArray[np.bool_] = (small >= MIN_JACCARD * large) & (small >= MIN_SHARED)
    return fits & (estimates >= least - ESTIMATE_MARGIN)


def regroup(changed: Iterable[int], corpus: Corpus) -> dict[int, int | None]:
    """Choose the originals of what changed and of all that depends on it: None for an item that is an original itself.

    In order of publication, an item is a copy of the closest original that it is verified against, among its earlier
    candidates and their originals; of equally close ones, the earliest. That depends on earlier items only, so one pass
    in this order settles everything, and the outcome does not depend on the order of arrival. `changed` has to hold the
    copies of changed items, too.
    """
    started = frozenset(changed)
    waiting = [(corpus.key(i), i) for i in started]
    heapify(waiting)
    met = set(started)
    found: dict[int, int | None] = {}

    def original_of(item_id: int) -> int | None:
        return found[item_id] if item_id in found else corpus.original_of(item_id)

    while waiting:
        _key, item_id = heappop(waiting)
        before = corpus.original_of(item_id)
        found[item_id] = now = _choose(item_id, corpus, original_of)
        if now != before or item_id in started:
            for other in _affected(item_id, (before, now), corpus, original_of, met):
                met.add(other)
                heappush(waiting, (corpus.key(other), other))
    return found


def _choose(item_id: int, corpus: Corpus, original_of: Callable[[int], int | None]) -> int | None:
    """Return the closest original among the earlier candidates of an item and their originals."""
    key = corpus.key(item_id)
    earlier = (other for other in corpus.near(item_id) if corpus.key(other) < key)
    originals = {other if (known := original_of(other)) is None else known for other in earlier}
    likely = corpus.closest_first(item_id, sorted(originals, key=corpus.key))
    found = list(islice(corpus.verified(item_id, likely), COMPARED_ORIGINALS))
    if len(found) < 2:  # noqa: PLR2004 - nothing to compare
        return found[0] if found else None
    return min(found, key=lambda o: (-corpus.likeness(item_id, o).jaccard, corpus.key(o)))


def _affected(
    item_id: int,
    turned: tuple[int | None, int | None],
    corpus: Corpus,
    original_of: Callable[[int], int | None],
    met: AbstractSet[int],
) -> set[int]:
    """Return the later items whose original may be another one since an item's original `turned` from old to new."""
    before, now = turned
    key, root = corpus.key(item_id), item_id if now is None else now
    later = [other for other in corpus.near(item_id) - met if corpus.key(other) > key]
    originals = {other: original_of(other) for other in later}
    freed = {o for o, known in originals.items() if known is not None and known == before != now}
    if now is not None:
        freed |= corpus.copies_of(item_id) - met
    open_to = [o for o, known in originals.items() if known != root]
    return freed.union(corpus.verified(root, open_to))


def reprint(item_id: int, original_id: int, alike: Likeness) -> Reprint:
    """Return a verified copy with its figures in words."""
    reason = (
        f"{alike.containment:.0%} of the shorter text's word triples stand in the other one "
        f"(Jaccard {alike.jaccard:.2f}), and it was published later"
    )
    return Reprint(item_id, original_id, ReprintKind.REPRINT, alike.jaccard, alike.containment, reason)
