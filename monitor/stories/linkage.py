"""Linkage: which pieces of a component make one story each, from the probability of every pair.

Average linkage (Sokal and Michener 1958) in which a mean over many pairs needs less than one pair alone, and in which
two groups are joined only if they are not set apart: where the pieces find much closer company in their own group than
in the other, these are two events of one topic (after the relative closeness of Karypis, Han and Kumar 1999).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from monitor.stories.score import Probabilities

#: least mean probability of a group with another one or with a piece, as a share of the operating point, which two
#: pieces alone have to reach: the mean F1 is flat from 0.4 to 0.8 (benchmarks/fit_pair_score.py)
GROUP_SHARE = 0.7
#: the closest piece across, as a share of the closest inside: groups with a mean below it are set apart
#: (benchmarks/fit_pair_score.py: the mean F1 is flat from 0.65 to 0.76 and falls below 0.6)
SEPARATION = 0.7
#: all certain pairs lie this much closer than all others, so that nothing comes between a copy and its original
CERTAIN = 2.0
#: stands for the mean of two groups that must not be joined
APART = -1.0

Groups = npt.NDArray[np.int32]


def least_mean(one: int, other: int, operating_point: float) -> float:
    """Return the mean probability that joins two groups of so many pieces."""
    return operating_point if one == other == 1 else GROUP_SHARE * operating_point


def cluster(
    probabilities: Probabilities,
    vetoes: Iterable[tuple[int, int]],
    operating_point: float,
    together: Iterable[tuple[int, int]] = (),
    *,
    separation: float = SEPARATION,
) -> list[list[int]]:
    """Return clusters of row numbers.

    Args:
        probabilities: symmetric matrix, shape (n, n).
        vetoes: pairs of rows that must never be in one cluster; they outrank `together`.
        operating_point: least probability of two rows alone. Rows that no chain of such pairs connects are never in one
            cluster, so that the components of a window can be clustered one by one.
        together: pairs of rows that are one for certain (a copy and its original); what they connect is one cluster,
            or where vetoes divide it, several of the closest rows.
        separation: below this mean share groups are set apart; 0 never does.

    """
    if len(probabilities) < 2:  # noqa: PLR2004 - nothing to join
        return [[row] for row in range(len(probabilities))]
    # 1e-9: a mean that is the operating point but for its last bits reaches it
    point = operating_point - 1e-9
    certain = list(together)
    rows, columns = np.nonzero(np.triu(probabilities >= point, 1))
    linked = [*certain, *zip(rows.tolist(), columns.tolist(), strict=True)]
    work = _Linkage(probabilities, vetoes, *(connected(len(probabilities), pairs) for pairs in (certain, linked)))
    while (pair := work.closest_pair(GROUP_SHARE * point)) is not None:
        if work.too_far(*pair, point) or work.set_apart(*pair, separation):
            work.refuse(*pair)
        else:
            work.join(*pair)
    return sorted(sorted(rows) for rows in work.members if rows)


def connected(count: int, pairs: Iterable[tuple[int, int]]) -> Groups:
    """Return for each row the number of the group that pairs connect it to."""
    above = list(range(count))

    def top(row: int) -> int:
        while above[row] != row:
            above[row] = row = above[above[row]]
        return row

    for a, b in pairs:
        above[top(a)] = top(b)
    return np.array([top(row) for row in range(count)], dtype=np.int32)


class _Linkage:
    """Groups of rows on their way to clusters; a group goes by the number of one of its rows."""

    def __init__(
        self, probabilities: Probabilities, vetoes: Iterable[tuple[int, int]], copies: Groups, linked: Groups
    ) -> None:
        """Start with every row as a group of its own."""
        self._probabilities = probabilities
        self._copies = copies
        #: mean probability of each pair of groups. Rounding keeps rows that are alike in the last bit from being
        #: joined in the order of their arrival
        self._means = np.round(probabilities, 12) + CERTAIN * (copies[:, None] == copies)
        self._means[linked[:, None] != linked] = APART
        for i, j in vetoes:
            self._means[i, j] = self._means[j, i] = APART
        np.fill_diagonal(self._means, APART)
        self.members = [[row] for row in range(len(probabilities))]
        #: of each row: the closest row of its group that is no copy of it, 0 where there is none
        self._inside = np.zeros(len(probabilities))
        self._nearest = self._means.argmax(axis=1)
        self._best = self._means.max(axis=1)

    def closest_pair(self, least: float) -> tuple[int, int] | None:
        """Return the two groups with the highest mean, None when that is too low."""
        group = int(self._best.argmax())
        return (group, int(self._nearest[group])) if self._best[group] >= least else None

    def too_far(self, a: int, b: int, operating_point: float) -> bool:
        """Tell whether the mean of two groups is too low for their sizes."""
        return bool(self._means[a, b] < least_mean(len(self.members[a]), len(self.members[b]), operating_point))

    def set_apart(self, a: int, b: int, separation: float) -> bool:
        """Tell whether the rows of two groups find much closer company in their own group than in the other.

        A group without two rows that are no copies of each other has no inside to compare with.
        """
        if self._means[a, b] >= CERTAIN:
            return False
        across = self._across(a, b)
        shares = [self._shares(a, across.max(axis=1)), self._shares(b, across.max(axis=0))]
        return all(len(s) for s in shares) and float(np.mean([s.mean() for s in shares])) < separation

    def _shares(self, group: int, across: Probabilities) -> Probabilities:
        """Return how close each row of a group comes to the other one, as a share of its closest row inside."""
        inside = self._inside[self.members[group]]
        return across[inside > 0] / inside[inside > 0]

    def _across(self, a: int, b: int) -> Probabilities:
        """Return the probabilities between the rows of two groups, 0 for copies."""
        rows, columns = self.members[a], self.members[b]
        copies = self._copies[rows][:, None] == self._copies[columns]
        return np.where(copies, 0.0, self._probabilities[np.ix_(rows, columns)])

    def refuse(self, a: int, b: int) -> None:
        """Keep two groups apart, and with them everything that will join either."""
        self._means[a, b] = self._means[b, a] = APART
        self._look_again(np.array([a, b]))

    def join(self, a: int, b: int) -> None:
        """Make one group of two, which goes by the number of the first."""
        across = self._across(a, b)
        for group, near in ((a, across.max(axis=1)), (b, across.max(axis=0))):
            rows = self.members[group]
            self._inside[rows] = np.maximum(self._inside[rows], near)
        means = self._mean_of_both(a, b)
        self.members[a], self.members[b] = self.members[a] + self.members[b], []
        self._means[a], self._means[:, a] = means, means
        self._means[b] = self._means[:, b] = APART
        stale = (means > self._best) | (self._nearest == a) | (self._nearest == b)
        stale[[a, b]] = True
        self._look_again(np.flatnonzero(stale))

    def _mean_of_both(self, a: int, b: int) -> Probabilities:
        """Return the mean of the union of two groups with every other group."""
        sizes = len(self.members[a]), len(self.members[b])
        means = np.round((self._means[a] * sizes[0] + self._means[b] * sizes[1]) / sum(sizes), 12)
        means[(self._means[a] < 0) | (self._means[b] < 0)] = APART
        return np.asarray(means)

    def _look_again(self, groups: npt.NDArray[np.int64]) -> None:
        """Find the closest other group of some groups anew."""
        self._nearest[groups] = self._means[groups].argmax(axis=1)
        self._best[groups] = self._means[groups, self._nearest[groups]]
