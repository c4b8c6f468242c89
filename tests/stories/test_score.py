"""The probability that two pieces report one event."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.score import PairModel, gap_feature, shipped
from monitor.stories.views import VIEWS

COSINES = st.tuples(*[st.floats(0, 1, width=32)] * len(VIEWS))
GAPS = st.floats(0, 15)
DAYS = st.floats(0, 4_000_000) | st.just(math.nan)


def probability(cosines: tuple[float, ...], gap: float) -> float:
    """Return the shipped model's probability of one pair."""
    return float(shipped().probabilities(np.array(cosines, dtype=np.float32), np.array(gap)))


def test_shipped_weights_make_sense() -> None:
    """Every view that is weighed speaks for one event, time against it; the operating point is a probability."""
    model = shipped()
    assert len(model.weights) == len(VIEWS)
    assert min(model.weights) >= 0 > model.gap
    assert sum(weight > 0 for weight in model.weights) >= 4
    assert 0 < model.operating_point < 1
    assert model is shipped()


def test_pieces_without_likeness_are_apart_and_copies_together() -> None:
    """Pieces of one day that share nothing stay below the operating point, equal ones come far above it."""
    assert probability((0.0,) * len(VIEWS), 0.0) < shipped().operating_point
    assert probability((1.0,) * len(VIEWS), 0.0) > 0.99
    assert probability((1.0,) * len(VIEWS), math.log1p(3650)) < shipped().operating_point


@settings(max_examples=200)
@given(COSINES, GAPS, st.integers(0, len(VIEWS) - 1), st.floats(0, 1, width=32))
def test_probability_rises_with_every_view(cosines: tuple[float, ...], gap: float, view: int, other: float) -> None:
    """A pair that is more alike in one view is at least as likely one event, and never certain."""
    low, high = sorted((cosines[view], other))
    chances = [probability((*cosines[:view], value, *cosines[view + 1 :]), gap) for value in (low, high)]
    assert 0 < chances[0] <= chances[1] < 1
    assert chances[0] < chances[1] or high - low < 1e-6 or not shipped().weights[view]


@settings(max_examples=200)
@given(COSINES, GAPS, GAPS)
def test_probability_falls_with_time(cosines: tuple[float, ...], one: float, other: float) -> None:
    """The further apart in time, the less likely."""
    near, far = sorted((one, other))
    assert probability(cosines, near) >= probability(cosines, far) > 0


@settings(max_examples=200)
@given(COSINES, GAPS)
def test_shares_add_up_to_the_log_odds(cosines: tuple[float, ...], gap: float) -> None:
    """What the views, the gap and the base add is exactly what makes the probability."""
    shares = shipped().shares(cosines, gap)
    assert list(shares) == [*VIEWS, "time gap", "base"]
    chance = probability(cosines, gap)
    assert sum(shares.values()) == pytest.approx(math.log(chance / (1 - chance)), abs=1e-4)


def test_shares_of_too_few_views_are_refused() -> None:
    """A pair with a view missing is a mistake, not a smaller score."""
    with pytest.raises(ValueError, match="zip"):
        shipped().shares((0.5, 0.5), 0.0)


def test_all_pairs_are_scored_as_each_alone() -> None:
    """A matrix of pairs gives what the formula gives for each."""
    model = PairModel((1.0, 2.0, 0.5, 3.0, 0.25, 0.5), gap=-1.5, intercept=-2.0, operating_point=0.4)
    rng = np.random.default_rng(5)
    views, gaps = rng.random((3, 4, len(VIEWS)), dtype=np.float32), rng.random((3, 4))
    found = model.probabilities(views, gaps)
    assert (found.shape, found.dtype) == ((3, 4), np.float64)
    for row, column in product(range(3), range(4)):
        logit = sum(w * float(v) for w, v in zip(model.weights, views[row, column], strict=True))
        logit += model.gap * gaps[row, column] + model.intercept
        assert found[row, column] == pytest.approx(1 / (1 + math.exp(-logit)), rel=1e-6)


@pytest.mark.parametrize(
    ("a", "b", "days"),
    [(0.0, 0.0, 0.0), (20_000.0, 20_001.5, 1.5), (5.0, 2.0, 3.0), (math.nan, 3.0, 1.0),
     (3.0, math.nan, 1.0), (math.nan, math.nan, 1.0)],
)  # fmt: skip
def test_gap_of_two_days(a: float, b: float, days: float) -> None:
    """The gap is the logarithm of one plus the days between; without a date a day is taken."""
    assert gap_feature(np.array([a]), np.array([b])).tolist() == [[pytest.approx(math.log(1 + days))]]


@settings(max_examples=150)
@given(st.lists(DAYS, max_size=5), st.lists(DAYS, max_size=5))
def test_gaps_are_symmetric_and_finite(a: list[float], b: list[float]) -> None:
    """The gap of all pairs is the same both ways, never negative and always a number."""
    one, other = np.array(a, dtype=np.float64), np.array(b, dtype=np.float64)
    gaps = gap_feature(one, other)
    assert gaps.shape == (len(a), len(b))
    assert np.array_equal(gaps, gap_feature(other, one).T)
    assert np.isfinite(gaps).all()
    assert (gaps >= 0).all()
