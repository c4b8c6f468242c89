"""Clusters by average linkage, and the stories that they continue."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.settle import (
    Member,
    RunnerUp,
    Settled,
    average_linkage,
    choose_lead,
    reconcile,
    runner_up,
)

Pairs = set[tuple[int, int]]


# ---------------------------------------------------------------- average linkage


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


def joined(clusters: list[list[int]], p: np.ndarray, vetoes: Pairs, least: float) -> list[list[int]]:
    """Join the two closest clusters until none are close enough."""
    while True:
        mean, a, b = closest(clusters, p, vetoes)
        if mean < least:
            return clusters
        clusters = [c for n, c in enumerate(clusters) if n not in (a, b)] + [clusters[a] + clusters[b]]


def connected(count: int, pairs: Pairs) -> list[list[int]]:
    """Return the groups of rows that pairs connect."""
    groups = [{row} for row in range(count)]
    for i, j in pairs:
        touched = [g for g in groups if i in g or j in g]
        groups = [g for g in groups if g not in touched] + [set().union(*touched)]
    return [sorted(g) for g in groups]


def naive(p: np.ndarray, vetoes: Pairs, least: float, together: Pairs) -> list[list[int]]:
    """Cluster as the definition says: first within what belongs together, then everything."""
    parts = [c for group in connected(len(p), together) for c in joined([[i] for i in group], p, vetoes, 0.0)]
    return sorted(sorted(c) for c in joined(parts, p, vetoes, least))


@settings(max_examples=200, deadline=None)
@given(problems())
def test_clusters_are_those_of_the_definition(problem: tuple[np.ndarray, Pairs, float, Pairs]) -> None:
    """The clusters are a partition that keeps vetoes, together pairs and the definition of average linkage."""
    p, vetoes, point, together = problem
    before = p.copy()
    clusters = average_linkage(p, vetoes, point, together)
    assert np.array_equal(p, before)
    assert sorted(row for cluster in clusters for row in cluster) == list(range(len(p)))
    assert clusters == sorted(sorted(cluster) for cluster in clusters)
    place = {row: n for n, cluster in enumerate(clusters) for row in cluster}
    assert all(place[i] != place[j] for i, j in vetoes)
    for group in connected(len(p), together):
        if not any(i in group and j in group for i, j in vetoes):
            assert len({place[row] for row in group}) == 1
    assert clusters == naive(p, vetoes, point, together)


@settings(max_examples=200, deadline=None)
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
    clusters = average_linkage(p[np.ix_(order, order)], moved[0], point, moved[1])
    assert sorted(sorted(order[row] for row in c) for c in clusters) == average_linkage(p, vetoes, point, together)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(2, 5), st.randoms(use_true_random=False))
def test_equal_rows_do_not_depend_on_order_either(kinds: int, copies: int, shuffler: random.Random) -> None:
    """Pieces that are word for word the same have ties in plenty, and end up in one cluster in any order."""
    rng = np.random.default_rng(kinds * 10 + copies)
    upper = np.triu(rng.random((kinds, kinds)) * 0.6, 1)
    p = np.kron(upper + upper.T + np.eye(kinds), np.ones((copies, copies)))
    order = list(range(len(p)))
    shuffler.shuffle(order)
    clusters = average_linkage(p[np.ix_(order, order)], [], 0.35)
    assert sorted(sorted(order[row] for row in c) for c in clusters) == average_linkage(p, [], 0.35)
    for kind in range(kinds):
        same = set(range(kind * copies, (kind + 1) * copies))
        assert any(same <= {order[row] for row in c} for c in clusters)


@pytest.mark.parametrize(
    ("chance", "point", "expected"),
    [(0.35, 0.35, [[0, 1]]), (0.349, 0.35, [[0], [1]]), (0.0, 0.35, [[0], [1]]), (1.0, 0.999, [[0, 1]])],
)
def test_operating_point_is_enough(chance: float, point: float, expected: list[list[int]]) -> None:
    """Two pieces whose probability is the operating point belong together, with less they do not."""
    assert average_linkage(np.array([[1, chance], [chance, 1.0]]), [], point) == expected


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_cluster(count: int) -> None:
    """No piece makes no cluster, one piece makes one."""
    assert average_linkage(np.ones((count, count)), [], 0.35) == [[row] for row in range(count)]


def test_the_average_decides_not_the_closest_pair() -> None:
    """A piece that is close to one of two others only stays outside."""
    p = np.array([[1, 0.9, 0.6], [0.9, 1, 0.05], [0.6, 0.05, 1]])
    assert average_linkage(p, [], 0.35) == [[0, 1], [2]]
    assert average_linkage(p, [], 0.32) == [[0, 1, 2]]


def test_copies_stay_with_their_original_however_unlike_each_other() -> None:
    """Any number of copies that nothing but their original connects is one cluster."""
    unlike = np.eye(8)
    assert average_linkage(unlike, [], 0.35, [(0, copy) for copy in range(1, 8)]) == [list(range(8))]


def test_a_certain_pair_comes_before_a_close_one() -> None:
    """A copy is joined to its original before a closer piece that may not be with the copy can take its place."""
    p = np.array([[1, 0.0, 1.0], [0.0, 1, 0.5], [1.0, 0.5, 1]])
    assert average_linkage(p, [(1, 2)], 0.35, [(0, 1)]) == [[0, 1], [2]]


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 1, 0), (1, 2, 0)])
def test_original_of_two_editions_goes_with_the_closer_copy(order: tuple[int, ...]) -> None:
    """When two copies may not be in one story, the closer one keeps the original."""
    p = np.array([[1, 0.9, 0.8], [0.9, 1, 0.95], [0.8, 0.95, 1]])
    row = {old: new for new, old in enumerate(order)}
    clusters = average_linkage(p[np.ix_(order, order)], [(row[1], row[2])], 0.35, [(row[0], row[1]), (row[2], row[0])])
    assert sorted(sorted(order[i] for i in c) for c in clusters) == [[0, 1], [2]]


def test_one_veto_divides_large_clusters() -> None:
    """Among a million pairs that are all certain a single veto still keeps two clusters apart."""
    count = 2100
    p = np.ones((count, count))
    p[: count // 2, count // 2 :] = p[count // 2 :, : count // 2] = 0.999
    clusters = average_linkage(p, [(0, count - 1)], 0.0)
    assert [len(c) for c in clusters] == [count // 2, count // 2]


# ---------------------------------------------------------------- identity


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Member], list[list[int]], dict[int, int]]:
    """Return items of some stories and none, a new partition of them, and the leads of the stories."""
    old = draw(st.lists(st.none() | st.integers(1, 4), min_size=1, max_size=10))
    hours = draw(st.lists(st.integers(0, 3), min_size=len(old), max_size=len(old)))
    originals = draw(st.lists(st.none() | st.integers(100, 112), min_size=len(old), max_size=len(old)))
    labels = draw(st.lists(st.integers(0, 4), min_size=len(old), max_size=len(old)))
    members = [
        Member(100 + n, story, f"2026-03-01T{hour:02}:00:00+00:00", original)
        for n, (story, hour, original) in enumerate(zip(old, hours, originals, strict=True))
    ]
    leads = {
        story: draw(st.sampled_from([m.item_id for m in members if m.story_id == story]))
        for story in sorted({story for story in old if story is not None})
    }
    clusters = [[100 + n for n, label in enumerate(labels) if label == wanted] for wanted in sorted(set(labels))]
    return members, clusters, leads


def ids(settled: Sequence[Settled]) -> list[int]:
    """Return the ids of the stories that already had one."""
    return [s.story_id for s in settled if s.story_id is not None]


@settings(max_examples=300, deadline=None)
@given(stories())
def test_every_story_is_accounted_for(case: tuple[list[Member], list[list[int]], dict[int, int]]) -> None:
    """Each item is in one story, each old id is kept once or absorbed once, and a cluster's oldest id stays."""
    members, clusters, leads = case
    settled = reconcile(members, clusters, leads)
    assert sorted(sorted(s.item_ids) for s in settled) == sorted(map(sorted, clusters))
    absorbed = [story for s in settled for story in s.absorbed]
    assert sorted([*ids(settled), *absorbed]) == sorted(leads)
    story_of = {m.item_id: m.story_id for m in members}
    for s in settled:
        claimed = sorted(story for story, lead in leads.items() if lead in s.item_ids)
        left = {story_of[i] for i in s.item_ids} - {None}
        assert [s.story_id, *s.absorbed] == (claimed or [None])
        assert s.split_from == (min(left, key=int) if left and not claimed else None)
        assert s.lead_item_id in s.item_ids


@settings(max_examples=150, deadline=None)
@given(stories(), st.randoms(use_true_random=False))
def test_settling_again_changes_nothing(
    case: tuple[list[Member], list[list[int]], dict[int, int]], shuffler: random.Random
) -> None:
    """Neither the order of items and clusters matters, nor whether the outcome is settled once more."""
    members, clusters, leads = case
    settled = reconcile(members, clusters, leads)
    shuffled = [shuffler.sample(cluster, len(cluster)) for cluster in shuffler.sample(clusters, len(clusters))]
    assert reconcile(shuffler.sample(members, len(members)), shuffled, leads) == settled
    named = [replace(s, story_id=s.story_id or 1000 + n, absorbed=(), split_from=None) for n, s in enumerate(settled)]
    story_of = {i: s.story_id for s in named for i in s.item_ids}
    now = [replace(m, story_id=story_of[m.item_id]) for m in members]
    again = reconcile(now, clusters, {s.story_id: s.lead_item_id for s in named if s.story_id})
    assert again == named


def test_merge_split_and_new_story() -> None:
    """The older story absorbs the newer, what leaves a story without its lead gets a new id, new items a story."""
    members = [
        Member(1, 7, "01"), Member(2, 7, "02"), Member(3, 7, "03"),
        Member(4, 5, "04"), Member(5, None, "05"), Member(6, None, "00"),
    ]  # fmt: skip
    assert reconcile(members, [[6], [1, 4, 5], [3, 2]], {7: 1, 5: 4}) == [
        Settled(5, 1, (1, 4, 5), absorbed=(7,)),
        Settled(None, 2, (2, 3), split_from=7),
        Settled(None, 6, (6,)),
    ]


def test_story_stays_with_its_lead_not_with_the_larger_part() -> None:
    """The part of a story that keeps its lead keeps the id, whatever its size."""
    members = [Member(n, 3, f"0{n}") for n in range(1, 5)]
    settled = reconcile(members, [[1, 2, 3], [4]], {3: 4})
    assert [(s.story_id, s.item_ids, s.split_from) for s in settled] == [(3, (4,), None), (None, (1, 2, 3), 3)]


@pytest.mark.parametrize(
    ("members", "lead"),
    [
        ([Member(1, None, "02"), Member(2, None, "01")], 2),
        ([Member(2, None, "01"), Member(1, None, "01")], 1),
        ([Member(1, None, "01", 3), Member(2, None, "03"), Member(3, None, "02")], 3),
        ([Member(1, None, "01", 99), Member(2, None, "02")], 1),
        ([Member(1, None, "01", 2), Member(2, None, "02", 1)], 1),
        ([Member(4, None, "01")], 4),
    ],
)
def test_lead_is_the_earliest_that_is_no_copy(members: Collection[Member], lead: int) -> None:
    """A copy leads only where its original is elsewhere or all are copies."""
    assert choose_lead(list(members)) == lead
    assert choose_lead(list(members)[::-1]) == lead


# ---------------------------------------------------------------- the story that an item did not join


@pytest.mark.parametrize(
    ("means", "vetoes", "expected"),
    [
        ({}, {}, None),
        ({}, {4: "88th session / 82nd session"}, None),
        ({4: 0.2, 5: 0.1}, {}, RunnerUp(4, 0.2, "mean probability 0.20 is below the operating point 0.35")),
        ({4: 0.4, 5: 0.51239}, {}, RunnerUp(5, 0.5124, "its own story is closer")),
        ({5: 0.4, 4: 0.4}, {}, RunnerUp(4, 0.4, "its own story is closer")),
        ({4: 0.35}, {}, RunnerUp(4, 0.35, "its own story is closer")),
        ({4: 0.9, 5: 0.5}, {4: "another edition: 88th / 82nd"}, RunnerUp(4, 0.9, "another edition: 88th / 82nd")),
        ({4: 0.1}, {4: "another edition: 88th / 82nd"}, RunnerUp(4, 0.1, "another edition: 88th / 82nd")),
        ({4: 0.9, 5: 0.5}, {5: "88th / 82nd"}, RunnerUp(4, 0.9, "its own story is closer")),
    ],
)
def test_runner_up(means: dict[int, float], vetoes: dict[int, str], expected: RunnerUp | None) -> None:
    """The closest other story is named with the reason why the item is not in it, the older one of two alike."""
    assert runner_up(means, vetoes, 0.35) == expected
