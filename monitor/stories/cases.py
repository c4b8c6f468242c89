"""The pair score of pairs that share little text: titles without a text, and pieces in different languages.

The weights of `score` were fitted on texts. Two titles on one event share few words, and in different languages hardly
any: there names by their sound, numbers, places and days decide. Each case has weights of its own (`cases.json`, fitted
by `benchmarks/fit_cases.py`); a piece with a summary of a line or two lies between a title and a text.
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
from monitor.stories.score import PairModel, Probabilities, gap_of_pairs
from monitor.stories.views import VIEWS

#: what a pair of these cases is scored by
COLUMNS = (*VIEWS, *FACTS)
#: a piece that has so many times the terms of its title is a title, and a text: between them it counts as both
TITLE_ONLY, WITH_TEXT = 1.0, 3.0
#: and so many terms are no title, however long the title
LONG_TITLE, SHORT_TEXT = 20.0, 36.0
_BODY, _TITLE = VIEWS.index("body"), VIEWS.index("title")


@dataclass(frozen=True, slots=True)
class CaseModel:
    """The weights of one case, one a column."""

    weights: tuple[float, ...]
    gap: float
    intercept: float
    #: a pair of which one piece has no date is scored as if so many days lay between them
    undated_days: float

    def log_odds(self, columns: npt.NDArray[np.float32], gaps: Probabilities) -> Probabilities:
        """Return the log-odds of pairs from their columns, shape (..., COLUMNS), and `gap_of_pairs` of this case."""
        return np.asarray(columns @ np.array(self.weights) + self.gap * gaps + self.intercept, dtype=np.float64)

    def shares(self, columns: Sequence[float], gap: float) -> dict[str, float]:
        """Return what each column and the gap add to the log-odds of one pair, for explanations."""
        parts = {name: w * value for name, w, value in zip(COLUMNS, self.weights, columns, strict=True)}
        return {**parts, "time gap": self.gap * gap, "base": self.intercept}


@dataclass(frozen=True, slots=True)
class Cases:
    """The models of the cases."""

    titles: CaseModel
    languages: CaseModel


@cache
def shipped_cases() -> Cases:
    """Return the models that come with the monitor."""
    data = json.loads(files("monitor.stories").joinpath("cases.json").read_text(encoding="utf-8"))
    return Cases(read_case(data["titles"]), read_case(data["languages"]))


def read_case(data: Mapping[str, object]) -> CaseModel:
    """Return a model as `benchmarks/fit_cases.py` writes it."""
    weights = dict(data["weights"])  # type: ignore[call-overload]  # a JSON object
    numbers = (float(str(data[name])) for name in ("gap", "intercept", "undated_days"))
    return CaseModel(tuple(float(weights.get(column, 0.0)) for column in COLUMNS), *numbers)


def title_share(lengths: npt.NDArray[np.int64]) -> Probabilities:
    """Return how much pieces are titles only, 0 to 1, from the number of terms in each view, shape (n, views)."""
    terms = lengths[:, _BODY]
    alike = (WITH_TEXT - terms / np.maximum(lengths[:, _TITLE], 1)) / (WITH_TEXT - TITLE_ONLY)
    short = (SHORT_TEXT - terms) / (SHORT_TEXT - LONG_TITLE)
    return np.asarray(np.clip(np.minimum(alike, short), 0.0, 1.0), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Pairs:
    """What pairs are scored by; all arrays of one shape, the columns with one more axis."""

    columns: npt.NDArray[np.float32]
    #: days of either piece, NaN: undated
    days: tuple[Probabilities, Probabilities]
    #: how much a pair is one of titles: the mean of both, as a title and a text are better told by half the weights of
    #: either case (allsides_2021 with every second text: .948, by the higher one .939; benchmarks/titles.py)
    titles: Probabilities
    #: whether the languages differ
    across: npt.NDArray[np.bool_]


def general_probabilities(pairs: Pairs, model: PairModel, cases: Cases) -> Probabilities:
    """Return the probability of one event by the words of texts and titles, or across languages."""
    found = model.log_odds(pairs.columns[..., : len(VIEWS)], gap_of_pairs(*pairs.days))
    short = (pairs.titles > 0) & ~pairs.across
    for where, case in ((short, cases.titles), (pairs.across, cases.languages)):
        if where.any():
            one, other = (days[where] for days in pairs.days)
            gaps = gap_of_pairs(one, other, undated_days=case.undated_days)
            share = np.where(pairs.across, 1.0, pairs.titles)[where]
            found[where] = (1 - share) * found[where] + share * case.log_odds(pairs.columns[where], gaps)
    return np.asarray(1.0 / (1.0 + np.exp(-found)), dtype=np.float64)


def general_shares(pair: Pairs, model: PairModel, cases: Cases) -> dict[str, float]:
    """Return what each column and the gap add to the log-odds of `general_probabilities` of one pair (shape ())."""
    columns = pair.columns.tolist()
    case, share = (cases.languages, 1.0) if pair.across else (cases.titles, float(pair.titles))
    parts = [
        (1 - share, model.shares(columns[: len(VIEWS)], float(gap_of_pairs(*pair.days)))),
        (share, case.shares(columns, float(gap_of_pairs(*pair.days, undated_days=case.undated_days)))),
    ]
    names = dict.fromkeys(name for weight, shares in parts if weight for name in shares)
    return {name: sum(weight * shares.get(name, 0.0) for weight, shares in parts) for name in names}
