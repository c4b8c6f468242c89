"""The pair score among news about customs, where facts weigh most; the general score counts as far as it is other news.

Pieces on customs tell one event in words that share little, and different events in the words of the trade. What
decides is what it is about, where and when. So a pair has two log-odds, the general ones and those of customs news, and
each counts by how surely both pieces are about customs. The weights are data (`customs_weights.json`), fitted by
`benchmarks/fit_customs_score.py`, those of likenesses never below zero: what two pieces share does not
speak against them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from monitor.stories.facts import FACTS
from monitor.stories.features import Features
from monitor.stories.score import Probabilities
from monitor.stories.views import VIEWS

#: relevance scores between which a piece turns from surely not about customs to surely about it (3 is what makes one
#: relevant; 1.8% of ecbplus and 1.3% of allsides_2021 reach 2, and all of customs_gold)
NOT_CUSTOMS, CUSTOMS = 1.0, 2.0
#: the same for a title without a text, which has less room for terms: none of the titles of ecbplus and allsides_2021
#: reaches it, and 65% of those of customs_gold
CUSTOMS_TITLE = 1.5
#: probabilities are kept this far from 0 and 1, so that log-odds are finite
_TINY = 1e-12


#: views, facts, how much two pieces look like twins (one subject in other places), and the time gap once more for
#: measures, which last
TWINS, LASTING = "other place", "lasting measure"
COLUMNS = (*VIEWS, *FACTS, TWINS, LASTING)
_LEAD_SUBJECT, PLACE = FACTS.index("lead subject"), FACTS.index("place")
#: cosine below which two pieces have no place in common: weights are stored with 16 bits
_SAME_PLACE = 0.01


@dataclass(frozen=True, slots=True)
class CustomsModel:
    """The weights of the pair score among news about customs, one a column: views, then facts."""

    weights: tuple[float, ...]
    gap: float
    intercept: float

    def log_odds(self, columns: npt.NDArray[np.float32], gaps: npt.NDArray[np.float64]) -> Probabilities:
        """Return the log-odds of each pair; `columns` are those of `with_signs`, shape (..., COLUMNS)."""
        return np.asarray(columns @ np.array(self.weights) + self.gap * gaps + self.intercept, dtype=np.float64)

    def shares(self, columns: Sequence[float], gap: float) -> dict[str, float]:
        """Return what each column and the gap add to the log-odds of one pair, for explanations."""
        parts = {name: w * value for name, w, value in zip(COLUMNS, self.weights, columns, strict=True)}
        return {**parts, "time gap": self.gap * gap, "base": self.intercept}


@cache
def shipped_customs() -> CustomsModel:
    """Return the customs score that comes with the monitor."""
    data = json.loads(files("monitor.stories").joinpath("customs_weights.json").read_text(encoding="utf-8"))
    return CustomsModel(
        tuple(data["weights"].get(column, 0.0) for column in COLUMNS), data["gap"], data["intercept"]
    )  # fmt: skip


def with_signs(
    views: npt.NDArray[np.float32], facts: npt.NDArray[np.float32], placed: npt.NDArray[np.bool_],
    lasting: npt.NDArray[np.float64],
) -> npt.NDArray[np.float32]:  # fmt: skip
    """Return all columns of pairs: cosines of views and of facts, the sign of twins, and the gap of lasting measures.

    Two seizures of the same goods are alike in all but the place. The sign is the likeness of the subjects of two leads
    whose pieces name places, but none in common; 0 for other pairs.

    Args:
        views: cosines of the views, shape (n, m, views).
        facts: cosines of the facts, shape (n, m, facts).
        placed: whether both pieces name a place, shape (n, m).
        lasting: time gap of pairs about one measure that lasts, 0 for others, shape (n, m).

    """
    twins = (placed & (facts[..., PLACE] < _SAME_PLACE)) * facts[..., _LEAD_SUBJECT]
    signs = (sign[..., None].astype(np.float32) for sign in (twins, lasting))
    return np.concatenate([views, facts, *signs], axis=-1)


def names_place(facts: Sequence[Features]) -> npt.NDArray[np.bool_]:
    """Return for each piece whether it names a place."""
    return np.array([bool(len(found.ids[PLACE])) for found in facts], dtype=bool)


def topic_share(
    relevance: npt.NDArray[np.float64], titles: npt.NDArray[np.float64] | float = 0.0
) -> npt.NDArray[np.float64]:
    """Return how surely pieces are about customs, 0 to 1.

    Args:
        relevance: their relevance scores; NaN, never judged, is 0.
        titles: how much they are titles only, 0 to 1.

    """
    sure = CUSTOMS - titles * (CUSTOMS - CUSTOMS_TITLE)
    return np.nan_to_num(np.clip((relevance - NOT_CUSTOMS) / (sure - NOT_CUSTOMS), 0.0, 1.0))


def blend(general: Probabilities, customs: Probabilities, share: npt.NDArray[np.float64]) -> Probabilities:
    """Return probabilities from general ones and the log-odds of customs news.

    Args:
        general: probabilities of the general pair score.
        customs: log-odds of `CustomsModel`, of the same pairs.
        share: how much customs news counts, 0 to 1, of the same pairs: the lower `topic_share` of the two.

    """
    safe = np.clip(general, _TINY, 1 - _TINY)
    log_odds = (1 - share) * np.log(safe / (1 - safe)) + share * customs
    blended = 1.0 / (1.0 + np.exp(-log_odds))
    return np.where(share > 0, blended, general)


def blended_shares(general: Mapping[str, float], customs: Mapping[str, float], share: float) -> dict[str, float]:
    """Return what each part adds to the blended log-odds of one pair."""
    return {
        name: (1 - share) * general.get(name, 0.0) + share * customs.get(name, 0.0)
        for name in dict.fromkeys((*general, *customs))
    }
