"""The pair score of titles and of pieces in different languages."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.cases import (
    COLUMNS,
    CaseModel,
    Pairs,
    general_probabilities,
    general_shares,
    shipped_cases,
    title_share,
)
from monitor.stories.score import PairModel, gap_of_pairs, shipped
from monitor.stories.views import VIEWS

COSINES = st.lists(st.floats(0, 1, width=32), min_size=len(COLUMNS), max_size=len(COLUMNS))
SHARES = st.floats(0, 1)
DAYS = st.floats(20_000, 20_030) | st.just(math.nan)


def pair(cosines: list[float], days: tuple[float, float], titles: float, *, across: bool) -> Pairs:
    """Return one pair."""
    return Pairs(
        np.array(cosines, dtype=np.float32), (np.array(days[0]), np.array(days[1])), np.array(titles), np.array(across)
    )


def lengths(body: int, title: int) -> np.ndarray:
    """Return the numbers of terms of one piece."""
    found = np.zeros((1, len(VIEWS)), dtype=np.int64)
    found[0, VIEWS.index("body")], found[0, VIEWS.index("title")] = body, title
    return found


def test_shipped_weights_make_sense() -> None:
    """Likeness speaks for one event and time against it; across languages names count most."""
    cases = shipped_cases()
    for case in (cases.titles, cases.languages):
        assert min(case.weights) >= 0 > case.gap
    across = dict(zip(COLUMNS, cases.languages.weights, strict=True))
    assert max(across, key=across.__getitem__) == "sounds"
    assert cases is shipped_cases()


@pytest.mark.parametrize(
    ("body", "title", "share"),
    [(9, 9, 1.0), (0, 0, 1.0), (24, 9, 1 / 6), (200, 9, 0.0), (120, 120, 0.0), (28, 14, 0.5)],
)
def test_titles_are_told_from_texts(body: int, title: int, share: float) -> None:
    """A piece with no more than its title is one, a long text without a title is none, a summary lies between."""
    assert title_share(lengths(body, title))[0] == pytest.approx(share)


@given(COSINES, st.tuples(DAYS, DAYS), SHARES, st.booleans())
@settings(max_examples=60)
def test_shares_add_up_to_the_score(
    cosines: list[float], days: tuple[float, float], titles: float, across: bool
) -> None:
    """What explain shows is what the pair was scored by."""
    one = pair(cosines, days, titles, across=across)
    chance = float(general_probabilities(one, shipped(), shipped_cases()))
    total = sum(general_shares(one, shipped(), shipped_cases()).values())
    assert 1 / (1 + math.exp(-total)) == pytest.approx(chance, abs=1e-6)


def test_texts_of_one_language_keep_their_score() -> None:
    """The cases change nothing for the pairs that the general weights were fitted on."""
    rng = np.random.default_rng(3)
    columns, days = rng.random((4, 4, len(COLUMNS)), dtype=np.float32), (rng.random((4, 4)), rng.random((4, 4)))
    pairs = Pairs(columns, days, np.zeros((4, 4)), np.zeros((4, 4), dtype=bool))
    model: PairModel = shipped()
    expected = model.probabilities(columns[..., : len(VIEWS)], gap_of_pairs(*days))
    assert general_probabilities(pairs, model, shipped_cases()) == pytest.approx(expected)


def test_undated_titles_are_scored_as_of_one_moment() -> None:
    """A title without a date is told by its words: each case says how far away an unknown day is."""
    case = CaseModel(tuple(0.0 for _ in COLUMNS), -2.0, 1.0, 0.0)
    gaps = gap_of_pairs(np.array([math.nan]), np.array([5.0]), undated_days=case.undated_days)
    assert case.log_odds(np.zeros((1, len(COLUMNS)), dtype=np.float32), gaps) == pytest.approx([1.0])
