"""Candidates: who shares most rare terms with whom, within the days around."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.candidates import FEWEST_SHARED, Vocabulary, distinct, indexed, nearest, pack_terms, periods

Row = tuple[int, float | None, list[int]]


def near(asked: Sequence[Row], held: Sequence[Row], *, window_days: int = 14, limit: int = 10) -> list[list[int]]:
    """Return the candidates of rows written with plain lists."""
    mine, theirs = (indexed([(i, d, pack_terms(t)) for i, d, t in rows]) for rows in (asked, held))
    return list(nearest(mine, theirs, window_days=window_days, limit=limit))


def test_candidates_lie_in_the_window() -> None:
    """Items from `window_days` before to as many after meet, both ends included; a day more is too far."""
    held = [(n, day, [7]) for n, day in enumerate((86.0, 100.9, 114.99, 85.99, 115.0), 1)]
    assert [sorted(found) for found in near([(0, 100.5, [7])], held)] == [[1, 2, 3]]


def test_undated_items_meet_everything() -> None:
    """No day excludes an undated item, and an undated item meets items of every day."""
    rows: list[Row] = [(1, None, [7]), (2, 10.0, [7]), (3, 9000.0, [7])]
    assert near(rows, rows) == [[3, 2], [1], [1]]


def test_candidates_that_share_most_come_first() -> None:
    """A limit keeps those that share most terms, the newest of equals; one term of several is chance."""
    held: list[Row] = [(1, 5.0, [1, 2]), (2, 5.0, [1]), (3, 5.0, [1, 2, 3]), (4, 5.0, [3, 1]), (5, 5.0, [9])]
    asked: list[Row] = [(0, 5.0, [1, 2, 3]), (9, 5.0, []), (8, 5.0, [9])]
    assert near(asked, held) == [[3, 4, 1], [], [5]]
    assert near(asked, held, limit=2) == [[3, 4], [], [5]]
    assert near(asked, []) == [[], [], []]


ROWS = st.lists(
    st.tuples(st.none() | st.integers(0, 40).map(float), st.lists(st.integers(0, 12), unique=True, max_size=6)),
    max_size=12,
).map(lambda rows: [(n, day, terms) for n, (day, terms) in enumerate(rows)])


@settings(max_examples=60)
@given(ROWS, st.integers(1, 4))
def test_candidates_are_what_counting_one_by_one_finds(rows: list[Row], limit: int) -> None:
    """The product of matrices finds what comparing each pair of sets does."""

    def counted(one: Row) -> list[int]:
        (i, day, terms), found = one, []
        for j, other, theirs in rows:
            shared = len({*terms} & {*theirs})
            within = day is None or other is None or abs(day - other) <= 14
            if i != j and within and shared and shared >= min(FEWEST_SHARED, len(terms)):
                found.append((-shared, -j))
        return [-j for _, j in sorted(found)[:limit]]

    assert near(rows, rows, limit=limit) == [counted(row) for row in rows]


def test_periods_that_touch_are_one() -> None:
    """Each day is widened on both sides; days of different summers are read apart, and undated items ask for none."""
    assert periods([100.7, 105.0, None, 400.0], 14) == [(86, 119), (386, 414)]
    assert periods([None], 14) == []


@given(st.lists(st.integers(0, 2**64 - 1), max_size=30), st.lists(st.integers(0, 2**64 - 1), max_size=30))
def test_places_in_a_vocabulary(values: list[int], words: list[int]) -> None:
    """What is in the vocabulary has its place in it, all else -1."""
    vocabulary = np.unique(np.array(words, dtype=np.uint64))
    asked = np.array([*values, *words], dtype=np.uint64)
    known = {int(word): n for n, word in enumerate(vocabulary)}
    assert Vocabulary(vocabulary).places(asked).tolist() == [known.get(int(value), -1) for value in asked]


@given(st.lists(st.integers(0, 9), max_size=30))
def test_distinct_values(values: list[int]) -> None:
    """Values come in order, each once."""
    assert distinct(np.array(values, dtype=np.uint32)).tolist() == sorted(set(values))
