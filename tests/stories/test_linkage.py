"""Which pieces are one story: average linkage that keeps apart what is closer to its own."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.linkage import GROUP_SHARE, SEPARATION, cluster, least_mean

Pairs = set[tuple[int, int]]


@st.composite
def problems(draw: st.DrawFn) -> tuple[np.ndarray, Pairs, float, Pairs]:
    """Return a random matrix without ties, vetoes, an operating point and pairs that belong together."""
    count = draw(st.integers(1, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    upper = np.triu(rng.random((count, count)), 1)
    every = list(combinations(range(count), 2))
    pairs = st.sets(st.sampled_from(every), max_size=4) if every else st.just(set())
    return upper + upper.T + np.eye(count), draw(pairs), draw(st.floats(0.2, 0.8)), draw(pairs)


def closest(clusters: list[list[int]], p: np.ndarray, vetoes: Pairs) -> tuple[float, int, int]:
    """Return the best mean probability of two clusters that no veto divides, and which these are."""
    best = (-1.0, -1, -1)
    for a, b in combinations(range(len(clusters)), 2):
        crossing = [(i, j) for i in clusters[a] for j in clusters[b]]
        if not any((min(pair), max(pair)) in vetoes for pair in crossing):
            best = max(best, (float(np.mean([p[i, j] for i, j in crossing])), a, b))
    return best


def shares(one: list[int], other: list[int], p: np.ndarray, copies: Pairs) -> list[float]:
    """Return how close each row of a cluster is to another one, as a share of its closest row inside that is no copy."""
    found = []
    for row in one:
        inside, across = (
            max([p[row, k] for k in rows if k != row and (min(row, k), max(row, k)) not in copies], default=0.0)
            for rows in (one, other)
        )
        if inside:
            found.append(across / inside)
    return found


def set_apart(one: list[int], other: list[int], p: np.ndarray, copies: Pairs) -> bool:
    """Tell whether two clusters are closer to themselves than to each other, as the definition says."""
    sides = shares(one, other, p, copies), shares(other, one, p, copies)
    return all(sides) and (np.mean(sides[0]) + np.mean(sides[1])) / 2 < SEPARATION


def joined(clusters: list[list[int]], p: np.ndarray, vetoes: Pairs, point: float, copies: Pairs) -> list[list[int]]:
    """Join the two closest clusters until none are close enough; what is set apart stays apart."""
    refused = set(vetoes)
    while True:
        mean, a, b = closest(clusters, p, refused)
        if mean < GROUP_SHARE * point:
            return clusters
        one, other = clusters[a], clusters[b]
        if point and (mean < least_mean(len(one), len(other), point) or set_apart(one, other, p, copies)):
            refused |= {(min(i, j), max(i, j)) for i in one for j in other}
            continue
        clusters = [c for n, c in enumerate(clusters) if n not in (a, b)] + [one + other]


def connected(count: int, pairs: Pairs) -> list[list[int]]:
    """Return the groups of rows that pairs connect."""
    groups = [{row} for row in range(count)]
    for i, j in pairs:
        touched = [g for g in groups if i in g or j in g]
        groups = [g for g in groups if g not in touched] + [set().union(*touched)]
    return [sorted(g) for g in groups]


def naive(p: np.ndarray, vetoes: Pairs, least: float, together: Pairs) -> list[list[int]]:
    """Cluster as the definition says: first within what belongs together, then everything."""
    groups = connected(len(p), together)
    chains = connected(len(p), together | {(i, j) for i, j in combinations(range(len(p)), 2) if p[i, j] >= least})
    unlinked = {(min(i, j), max(i, j)) for one, other in combinations(chains, 2) for i in one for j in other}
    copies = {pair for group in groups for pair in combinations(group, 2)}
    parts = [c for group in groups for c in joined([[i] for i in group], p, vetoes, 0.0, copies)]
    return sorted(sorted(c) for c in joined(parts, p, vetoes | unlinked, least, copies))


@settings(max_examples=200)
@given(problems())
def test_clusters_are_those_of_the_definition(problem: tuple[np.ndarray, Pairs, float, Pairs]) -> None:
    """The clusters are a partition that keeps vetoes, together pairs and the definition of average linkage."""
    p, vetoes, point, together = problem
    before = p.copy()
    clusters = cluster(p, vetoes, point, together)
    assert np.array_equal(p, before)
    assert sorted(row for cluster in clusters for row in cluster) == list(range(len(p)))
    assert clusters == sorted(sorted(cluster) for cluster in clusters)
    place = {row: n for n, cluster in enumerate(clusters) for row in cluster}
    assert all(place[i] != place[j] for i, j in vetoes)
    for group in connected(len(p), together):
        if not any(i in group and j in group for i, j in vetoes):
            assert len({place[row] for row in group}) == 1
    assert clusters == naive(p, vetoes, point, together)


@settings(max_examples=200)
@given(problems(), st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(
    problem: tuple[np.ndarray, Pairs, float, Pairs], shuffler: random.Random
) -> None:
    """Rows in another order, and pairs the other way round, are clustered alike."""
    p, vetoes, point, together = problem
    order = list(range(len(p)))
    shuffler.shuffle(order)
    row_of = {old: new for new, old in enumerate(order)}
    moved = [[(row_of[j], row_of[i]) for i, j in pairs] for pairs in (vetoes, together)]
    clusters = cluster(p[np.ix_(order, order)], moved[0], point, moved[1])
    assert sorted(sorted(order[row] for row in c) for c in clusters) == cluster(p, vetoes, point, together)


@settings(max_examples=60)
@given(st.integers(1, 6), st.integers(2, 5), st.randoms(use_true_random=False))
def test_equal_rows_do_not_depend_on_order_either(kinds: int, copies: int, shuffler: random.Random) -> None:
    """Pieces that are word for word the same have ties in plenty, and end up in one cluster in any order."""
    rng = np.random.default_rng(kinds * 10 + copies)
    upper = np.triu(rng.random((kinds, kinds)) * 0.6, 1)
    p = np.kron(upper + upper.T + np.eye(kinds), np.ones((copies, copies)))
    order = list(range(len(p)))
    shuffler.shuffle(order)
    clusters = cluster(p[np.ix_(order, order)], [], 0.35)
    assert sorted(sorted(order[row] for row in c) for c in clusters) == cluster(p, [], 0.35)
    for kind in range(kinds):
        same = set(range(kind * copies, (kind + 1) * copies))
        assert any(same <= {order[row] for row in c} for c in clusters)


@pytest.mark.parametrize(
    ("chance", "point", "expected"),
    [(0.35, 0.35, [[0, 1]]), (0.349, 0.35, [[0], [1]]), (0.0, 0.35, [[0], [1]]), (1.0, 0.999, [[0, 1]])],
)
def test_operating_point_is_enough(chance: float, point: float, expected: list[list[int]]) -> None:
    """Two pieces whose probability is the operating point belong together, with less they do not."""
    assert cluster(np.array([[1, chance], [chance, 1.0]]), [], point) == expected


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_cluster(count: int) -> None:
    """No piece makes no cluster, one piece makes one."""
    assert cluster(np.ones((count, count)), [], 0.35) == [[row] for row in range(count)]


def test_the_average_decides_not_the_closest_pair() -> None:
    """A piece that is close to one of two others only stays outside."""
    p = np.array([[1, 0.9, 0.6], [0.9, 1, 0.05], [0.6, 0.05, 1]])
    assert cluster(p, [], 0.6) == [[0, 1], [2]]
    assert cluster(p, [], 0.46) == [[0, 1, 2]]


def test_copies_stay_with_their_original_however_unlike_each_other() -> None:
    """Any number of copies that nothing but their original connects is one cluster."""
    unlike = np.eye(8)
    assert cluster(unlike, [], 0.35, [(0, copy) for copy in range(1, 8)]) == [list(range(8))]


def test_a_certain_pair_comes_before_a_close_one() -> None:
    """A copy is joined to its original before a closer piece that may not be with the copy can take its place."""
    p = np.array([[1, 0.0, 1.0], [0.0, 1, 0.5], [1.0, 0.5, 1]])
    assert cluster(p, [(1, 2)], 0.35, [(0, 1)]) == [[0, 1], [2]]


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 1, 0), (1, 2, 0)])
def test_original_of_two_editions_goes_with_the_closer_copy(order: tuple[int, ...]) -> None:
    """When two copies may not be in one story, the closer one keeps the original."""
    p = np.array([[1, 0.9, 0.8], [0.9, 1, 0.95], [0.8, 0.95, 1]])
    row = {old: new for new, old in enumerate(order)}
    clusters = cluster(p[np.ix_(order, order)], [(row[1], row[2])], 0.35, [(row[0], row[1]), (row[2], row[0])])
    assert sorted(sorted(order[i] for i in c) for c in clusters) == [[0, 1], [2]]


def test_one_veto_divides_large_clusters() -> None:
    """Among a million pairs that are all certain a single veto still keeps two clusters apart."""
    count = 2100
    p = np.ones((count, count))
    p[: count // 2, count // 2 :] = p[count // 2 :, : count // 2] = 0.999
    clusters = cluster(p, [(0, count - 1)], 0.0)
    assert [len(c) for c in clusters] == [count // 2, count // 2]


def two_groups(inside: float, across: float, size: int = 4) -> np.ndarray:
    """Return the probabilities of two groups of pieces that are all alike inside and all alike across."""
    p = np.full((2 * size, 2 * size), across)
    p[:size, :size] = p[size:, size:] = inside
    np.fill_diagonal(p, 1.0)
    return p


@pytest.mark.parametrize(("across", "stories"), [(0.62, 2), (0.64, 1)])
def test_groups_that_are_closer_to_their_own_are_two_stories(across: float, stories: int) -> None:
    """Two events of one topic are kept apart although each pair alone would be one event."""
    assert len(cluster(two_groups(0.9, across), [], 0.25)) == stories


def test_one_piece_alone_is_never_set_apart() -> None:
    """A single piece has no company to compare with: the mean alone decides."""
    p = np.array([[1, 0.95, 0.3], [0.95, 1, 0.3], [0.3, 0.3, 1]])
    assert cluster(p, [], 0.25) == [[0, 1, 2]]


def test_copies_do_not_set_a_group_apart() -> None:
    """That a group is full of copies of one text says nothing about how far the next group is."""
    p = two_groups(0.98, 0.5, size=3)
    pairs = [(0, 1), (1, 2), (3, 4), (4, 5)]
    assert len(cluster(p, [], 0.25)) == 2
    assert len(cluster(p, [], 0.25, pairs)) == 1


def test_what_was_set_apart_stays_apart() -> None:
    """A piece that is close to two groups joins one of them, and does not make them one."""
    p = np.pad(two_groups(0.9, 0.4), (0, 1), constant_values=0.7)
    p[8, 8] = 1.0
    p[8, :4] = p[:4, 8] = 0.75
    assert cluster(p, [], 0.25) == [[0, 1, 2, 3, 8], [4, 5, 6, 7]]


def test_a_group_needs_less_than_a_pair_alone() -> None:
    """A mean over several pairs is better evidence than one pair, but one of them has to be a link."""
    p = np.array([[1, 0.9, 0.4], [0.9, 1, 0.2], [0.4, 0.2, 1]])
    assert cluster(p, [], 0.35) == [[0, 1, 2]]
    assert cluster(p, [], 0.41) == [[0, 1], [2]]
    assert cluster(p[1:, 1:], [], 0.35) == [[0], [1]]
    assert [least_mean(1, 1, 0.5), least_mean(1, 2, 0.5), least_mean(3, 2, 0.5)] == [0.5, 0.35, 0.35]
