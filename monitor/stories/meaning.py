"""The pair score across languages: what a sentence encoder makes of title and lead, where two pieces share no words.

A meaning is a vector of a multilingual sentence encoder. The mean of all stored ones is taken off first: it is what a
niche has in common, and hides what sets its events apart (Mu and Viswanath 2018, "All-but-the-top"). Between pieces of
one language meanings add nothing to the words, so that they do not count there (benchmarks/fit_meaning_score.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from monitor.stories.score import Probabilities
from monitor.stories.views import VIEWS

Meanings = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

#: of a text, what an encoder is given: more words say more of the topic and less of the event, and cost time
LEAD_WORDS, MOST_CHARACTERS = 40, 320
#: the mean counts as if so many pieces without any meaning had been seen: that of a handful is noise
PRIOR_ITEMS = 100
#: log-odds (a probability of 0.69) up to which a meaning lifts a pair of customs news. Without this bound the linkage
#: sets groups of one language apart that are less close than what meanings connect (customs_gold .928; with 0.8 .939)
MOST_BY_MEANING = 0.8
#: asked pieces whose cosines with all held ones are in memory at once
_BLOCK = 250
#: a cosine below this never reaches the operating point by itself
LEAST_COSINE = 0.1
_NUMBERS = VIEWS.index("numbers")


@dataclass(frozen=True, slots=True)
class AcrossModel:
    """The weights of the pair score for two pieces in different languages that both have a meaning."""

    #: of other news: cosine of the meanings, cosine of the figures, time gap, intercept
    meaning: float
    numbers: float
    gap: float
    intercept: float
    #: of news about customs: its own log-odds (facts and words), cosine of the meanings, intercept
    customs_score: float
    customs_meaning: float
    customs_intercept: float

    def log_odds(
        self, cosines: Probabilities, views: npt.NDArray[np.float32], gaps: npt.NDArray[np.float64]
    ) -> Probabilities:
        """Return the log-odds of pairs of other news, from the cosines of meanings and views, and the time gaps."""
        numbers = views[..., _NUMBERS]
        return np.asarray(self.meaning * cosines + self.numbers * numbers + self.gap * gaps + self.intercept)

    def customs_log_odds(self, cosines: Probabilities, customs: Probabilities) -> Probabilities:
        """Return the log-odds of pairs of customs news, from those of `CustomsModel`.

        Meanings know the topic, not the event: they may lift a pair up to `MOST_BY_MEANING`, what facts say beyond that
        stands, and they never speak against a pair.
        """
        found = self.customs_score * customs + self.customs_meaning * cosines + self.customs_intercept
        return np.asarray(np.maximum(customs, np.minimum(found, MOST_BY_MEANING)))

    def shares(self, cosine: float, views: Sequence[float], gap: float) -> dict[str, float]:
        """Return what each part adds to the log-odds of one pair of other news, for explanations."""
        return {
            "meaning": self.meaning * cosine, "numbers": self.numbers * views[_NUMBERS], "time gap": self.gap * gap,
            "base": self.intercept,
        }  # fmt: skip

    def customs_shares(self, cosine: float, customs: Mapping[str, float]) -> dict[str, float]:
        """Return what each part adds to the log-odds of one pair of customs news, from the shares of `CustomsModel`."""
        before = sum(customs.values())
        lifted = self.customs_log_odds(np.array(cosine), np.array(before))
        return {**customs, "meaning": float(lifted) - before}


@cache
def shipped_across() -> AcrossModel:
    """Return the pair score across languages that comes with the monitor."""
    data = json.loads(files("monitor.stories").joinpath("meaning_weights.json").read_text(encoding="utf-8"))
    return AcrossModel(**data["weights"])


def encoded_text(title: str, text: str) -> str:
    """Return what an encoder is given of a piece: its title and the beginning of its text."""
    lead = " ".join(text.split(None, LEAD_WORDS)[:LEAD_WORDS])
    return f"{title}. {lead}"[:MOST_CHARACTERS] if title and lead else (title or lead)[:MOST_CHARACTERS]


def centred(meanings: Meanings, total: npt.NDArray[np.float64], items: int) -> Meanings:
    """Return meanings without what all have in common, each of length one.

    Args:
        meanings: vectors of one encoder, shape (n, dimensions).
        total: the sum of all stored vectors of this encoder, shape (dimensions,).
        items: how many these are.

    """
    apart = meanings - (total / (items + PRIOR_ITEMS)).astype(np.float32)
    norms = np.linalg.norm(apart, axis=1, keepdims=True)
    return np.asarray(apart / np.where(norms > 0, norms, 1.0), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Located:
    """Pieces with their meanings, days (NaN: undated) and languages, each language a number."""

    ids: Numbers
    days: npt.NDArray[np.float64]
    languages: Numbers
    meanings: Meanings


def nearest_meanings(asked: Located, held: Located, *, window_days: int, limit: int) -> Iterator[tuple[int, list[int]]]:
    """Yield each asked id with the ids of at most `limit` held pieces in other languages whose meanings are closest.

    They lie at most `window_days` before or after it; an undated piece meets everything.
    """
    for start in range(0, len(asked.ids) if len(held.ids) else 0, _BLOCK):
        rows = slice(start, start + _BLOCK)
        cosines = asked.meanings[rows] @ held.meanings.T
        far = np.abs(asked.days[rows, None] - held.days[None, :]) > window_days
        cosines[far | (asked.languages[rows, None] == held.languages[None, :])] = -1.0
        most = min(limit, len(held.ids))
        best = np.argpartition(-cosines, most - 1, axis=1)[:, :most]
        for item_id, row, columns in zip(asked.ids[rows].tolist(), cosines, best, strict=True):
            yield item_id, held.ids[columns[row[columns] >= LEAST_COSINE]].tolist()
