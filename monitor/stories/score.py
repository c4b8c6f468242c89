"""The pair score: the probability that two pieces report one event, a logistic function of the views and the time gap.

The weights are data (`weights.json`), fitted by `benchmarks/fit_pair_score.py`, which also reports each corpus scored
with weights fitted on the other ones.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from monitor.stories.views import VIEWS

#: a pair of which one piece has no date is scored as if a day lay between them
UNDATED_GAP_DAYS = 1.0

#: what the score of a pair can be made of, in the order of `PairModel.weights`; the model weighs some of it with 0
COLUMNS = VIEWS

Probabilities = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PairModel:
    """The weights of the pair score, one a column, and where two pieces are taken to report one event."""

    weights: tuple[float, ...]
    gap: float
    intercept: float
    #: probability from which two pieces alone belong together (`linkage` says what groups need)
    operating_point: float

    def probabilities(self, views: npt.NDArray[np.float32], gaps: npt.NDArray[np.float64]) -> Probabilities:
        """Return the probability of each pair.

        Args:
            views: the columns of each pair, shape (..., number of columns).
            gaps: `gap_feature` of the same pairs, shape (...).

        """
        return np.asarray(1.0 / (1.0 + np.exp(-self.log_odds(views, gaps))), dtype=np.float64)

    def log_odds(self, views: npt.NDArray[np.float32], gaps: npt.NDArray[np.float64]) -> Probabilities:
        """Return the log-odds of each pair, of the same arguments."""
        return np.asarray(views @ np.array(self.weights) + self.gap * gaps + self.intercept, dtype=np.float64)

    def shares(self, views: Sequence[float], gap: float) -> dict[str, float]:
        """Return what each column and the gap add to the log-odds of one pair, for explanations."""
        parts = {name: weight * value for name, weight, value in zip(COLUMNS, self.weights, views, strict=True)}
        return {**parts, "time gap": self.gap * gap, "base": self.intercept}


@cache
def shipped() -> PairModel:
    """Return the pair score that comes with the monitor."""
    return read_model(files("monitor.stories").joinpath("weights.json").read_text(encoding="utf-8"))


def read_model(document: str) -> PairModel:
    """Return the pair score that a JSON document of `benchmarks/fit_pair_score.py` holds.

    Raises:
        ValueError: it is not JSON.
        LookupError, TypeError: a part is missing or of another kind.

    """
    data = json.loads(document)
    return PairModel(
        weights=tuple(dict(data["weights"]).get(column, 0.0) for column in COLUMNS),
        gap=data["gap"],
        intercept=data["intercept"],
        operating_point=data["operating_point"],
    )


def gap_feature(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return log(1 + days between) for all pairs of two lists of days; NaN stands for an unknown day."""
    return gap_of_pairs(a[:, None], b[None, :])


def gap_of_pairs(
    a: npt.NDArray[np.float64], b: npt.NDArray[np.float64], *, undated_days: float = UNDATED_GAP_DAYS
) -> npt.NDArray[np.float64]:
    """Return `gap_feature` of days that stand side by side."""
    gaps = np.abs(a - b)
    return np.asarray(np.log1p(np.where(np.isnan(gaps), undated_days, gaps)), dtype=np.float64)
