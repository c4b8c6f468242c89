"""Clusters and the stories that they continue."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.settle import (
    Member,
    RunnerUp,
    Settled,
    choose_lead,
    reconcile,
    runner_up,
)

SET_APART = "as groups the two stories are set apart: most of their pieces are much closer to their own"


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


@settings(max_examples=300)
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


@settings(max_examples=150)
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
    ("means", "vetoes", "own", "expected"),
    [
        ({}, {}, 0.5, None),
        ({}, {4: "88th session / 82nd session"}, None, None),
        ({4: 0.2, 5: 0.1}, {}, None, RunnerUp(4, 0.2, "mean probability 0.20 is below the 0.35 that it takes")),
        ({4: 0.4, 5: 0.51239}, {}, 0.6, RunnerUp(5, 0.5124, "its own story is closer")),
        ({5: 0.4, 4: 0.4}, {}, 0.4, RunnerUp(4, 0.4, "its own story is closer")),
        ({4: 0.35}, {}, 0.3, RunnerUp(4, 0.35, SET_APART)),
        ({4: 0.35}, {}, None, RunnerUp(4, 0.35, SET_APART)),
        ({4: 0.9, 5: 0.5}, {4: "88th / 82nd"}, 0.95, RunnerUp(4, 0.9, "88th / 82nd")),
        ({4: 0.1}, {4: "88th / 82nd"}, None, RunnerUp(4, 0.1, "88th / 82nd")),
        ({4: 0.9, 5: 0.5}, {5: "88th / 82nd"}, 0.95, RunnerUp(4, 0.9, "its own story is closer")),
    ],
)
def test_runner_up(
    means: dict[int, float], vetoes: dict[int, str], own: float | None, expected: RunnerUp | None
) -> None:
    """The closest other story is named with the reason why the item is not in it, the older one of two alike."""
    assert runner_up(means, vetoes, dict.fromkeys(means, 0.35), own) == expected
