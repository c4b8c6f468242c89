"""What follows from a person's word on pairs of items."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Correction, Said
from monitor.stories.corrections import against, corrected, divided, groups, links, why
from monitor.stories.linkage import cluster

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def words(*said: str) -> list[Correction]:
    """Return corrections written as "1=2" and "1!3"."""
    found = []
    for number, word in enumerate(said, 1):
        kind = Said.TOGETHER if "=" in word else Said.APART
        a, b = map(int, word.replace("=", "!").split("!"))
        found.append(Correction(number, kind, a, b, NOW))
    return found


def test_together_is_passed_on() -> None:
    """A with B and B with C puts A with C; who was only divided stands alone."""
    found = groups(words("1=2", "2=3", "5!6", "7=8"))
    assert found[1] == found[2] == found[3] == {1, 2, 3}
    assert found[5] == {5}
    assert found[7] == {7, 8}


def test_apart_divides_whole_groups() -> None:
    """What divides two items divides everything that is one with either, and names the word it follows from."""
    found = divided(words("1=2", "3=4", "4!2"))
    assert set(found) == {(1, 3), (1, 4), (2, 3), (2, 4)}
    assert {c.correction_id for c in found.values()} == {3}


@pytest.mark.parametrize(
    ("standing", "said", "pair", "named"),
    [
        (["1=2"], Said.APART, (1, 2), [1]),
        (["1=2"], Said.TOGETHER, (1, 2), []),
        (["1=2", "2=3"], Said.APART, (3, 1), [2, 1]),
        (["1=2", "2=3", "1=3"], Said.APART, (1, 3), [3]),
        (["1!2"], Said.TOGETHER, (2, 1), [1]),
        (["1=2", "2!3", "3=4"], Said.TOGETHER, (4, 1), [2, 3, 1]),
        (["1!2"], Said.TOGETHER, (1, 3), []),
        (["1=2"], Said.APART, (1, 3), []),
        ([], Said.APART, (1, 2), []),
    ],
)
def test_contradictions_name_the_earlier_words(
    standing: list[str], said: Said, pair: tuple[int, int], named: list[int]
) -> None:
    """A word is refused with the fewest earlier words that say the opposite, and taken when there are none."""
    assert [c.correction_id for c in against(words(*standing), said, pair)] == named


@st.composite
def sayings(draw: st.DrawFn) -> tuple[int, list[Correction]]:
    """Return a number of items and words on them that do not contradict each other."""
    count = draw(st.integers(2, 8))
    pairs = st.sampled_from(list(combinations(range(count), 2)))
    standing: list[Correction] = []
    for said, pair in draw(st.lists(st.tuples(st.sampled_from(Said), pairs), max_size=8)):
        if not against(standing, said, pair):
            standing.append(Correction(len(standing) + 1, said, *pair, NOW))
    return count, standing


@settings(max_examples=150)
@given(sayings(), st.integers(0, 2**32 - 1), st.floats(0.1, 0.9))
def test_words_outrank_every_score(said: tuple[int, list[Correction]], seed: int, point: float) -> None:
    """Whatever the score, what was put together is in one cluster and what was put apart never is, in any order."""
    count, standing = said
    upper = np.triu(np.random.default_rng(seed).random((count, count)), 1)
    p = upper + upper.T + np.eye(count)
    apart = divided(standing)
    together = [(c.item_id, c.other_item_id) for c in standing if c.said is Said.TOGETHER]
    found = corrected(cluster(p, apart, point), p, together, apart)
    cluster_of = {row: n for n, rows in enumerate(found) for row in rows}
    assert sorted(cluster_of) == list(range(count))
    assert all(cluster_of[a] == cluster_of[b] for a, b in together)
    assert all(cluster_of[a] != cluster_of[b] for a, b in apart)
    order = np.random.default_rng(seed + 1).permutation(count)
    place = {row: n for n, row in enumerate(order.tolist())}
    moved = [(place[a], place[b]) for a, b in apart]
    again = corrected(
        cluster(p[np.ix_(order, order)], moved, point),
        p[np.ix_(order, order)],
        [(place[a], place[b]) for a, b in together],
        moved,
    )
    assert sorted(sorted(order[rows].tolist()) for rows in again) == sorted(map(sorted, found))


def test_words_on_two_items_tie_their_stories() -> None:
    """Whoever puts two items together means their stories: what is close to either comes along."""
    p = np.full((4, 4), 0.05)
    p[0, 1] = p[1, 0] = p[2, 3] = p[3, 2] = 0.9
    np.fill_diagonal(p, 1.0)
    assert corrected(cluster(p, [], 0.4), p, [(0, 2)], []) == [[0, 1, 2, 3]]


def test_a_further_word_divides_what_would_be_tied() -> None:
    """An item that was put apart from one side goes with the other side, to which nobody tied it, or stands alone."""
    p = np.full((4, 4), 0.05)
    p[0, 1] = p[1, 0] = p[2, 3] = p[3, 2] = 0.9
    np.fill_diagonal(p, 1.0)
    assert corrected(cluster(p, [(1, 3)], 0.4), p, [(0, 2)], [(1, 3)]) in (
        [[0, 1, 2], [3]],
        [[0, 2, 3], [1]],
    )


def test_a_word_is_said_with_its_number_day_and_reason() -> None:
    """Reasons name the correction so that it can be found and taken back."""
    (plain,) = words("1=2")
    assert why(plain) == "a person said so (correction 1, 2026-11-22)"
    assert why(Correction(7, Said.APART, 1, 2, NOW, "two ports")).endswith("correction 7, 2026-11-22): two ports")


def test_the_first_word_on_two_stories_is_found() -> None:
    """The words on items are found by the stories in which the items were; items in no story tie nothing."""
    standing = words("1=2", "1=3", "4!9")
    assert links(standing, {1: 10, 2: 20, 3: 20})[frozenset([10, 20])].correction_id == 1
