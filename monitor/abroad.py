"""Which of some pairs are in two languages and have a meaning each, and how these change their score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from monitor.store.vectors import Vector
from monitor.stories.meaning import shipped_across
from monitor.stories.score import Probabilities

Numbers = npt.NDArray[np.int64]

#: of a cosine of 32-bit floats
_DECIMALS = 5


@dataclass(frozen=True, slots=True)
class Abroad:
    """Pairs across languages; without any, scores stay as they are."""

    #: which pairs these are, of the shape of all pairs; None: no piece has a meaning
    pairs: npt.NDArray[np.bool_] | None
    #: of these pairs only, in their order
    cosines: Probabilities

    @classmethod
    def among(cls, one: Sequence[Vector], rows: Numbers, other: Sequence[Vector], columns: Numbers) -> Self:
        """Return those of some pairs, given by the numbers of their pieces on either side; these broadcast.

        Args:
            one: pieces of one side.
            rows: of each pair the number of its piece in `one`, for example of shape (n, 1).
            other: pieces of the other side.
            columns: of each pair the number of its piece in `other`, for example of shape (1, m).

        """
        if not (any(v.meaning for v in one) and any(v.meaning for v in other)):
            return cls(None, np.zeros(0))
        first, second = _languages(one)[rows], _languages(other)[columns]
        pairs = (first != second) & (first != "") & (second != "")
        a, b = (np.broadcast_to(numbers, pairs.shape)[pairs] for numbers in (rows, columns))
        size = max(len(v.meaning) for v in one)
        cosines = (_meanings(one, size) @ _meanings(other, size).T)[a, b]
        # the last bits of a product depend on what stands beside it
        return cls(pairs, np.round(cosines.astype(np.float64), _DECIMALS))

    def general(
        self, chances: Probabilities, views: npt.NDArray[np.float32], gaps: npt.NDArray[np.float64]
    ) -> Probabilities:
        """Return the probabilities of other news, with those across languages in place."""
        if self.pairs is None:
            return chances
        log_odds = shipped_across().log_odds(self.cosines, views[self.pairs], gaps[self.pairs])
        found = chances.copy()
        found[self.pairs] = 1.0 / (1.0 + np.exp(-log_odds))
        return found

    def customs(self, log_odds: Probabilities) -> Probabilities:
        """Return the log-odds of customs news, with those across languages in place."""
        if self.pairs is None:
            return log_odds
        found = log_odds.copy()
        found[self.pairs] = shipped_across().customs_log_odds(self.cosines, log_odds[self.pairs])
        return found


def _languages(found: Sequence[Vector]) -> npt.NDArray[np.str_]:
    """Return the languages of some pieces, empty for those without a meaning."""
    return np.array([(v.lang or "") if v.meaning else "" for v in found], dtype=np.str_)


def _meanings(found: Sequence[Vector], size: int) -> npt.NDArray[np.float32]:
    """Return the meanings of some pieces, each of so many bytes, as one matrix; nothing for pieces without one."""
    none = bytes(size)
    return np.frombuffer(b"".join(v.meaning or none for v in found), dtype=np.float32).reshape(len(found), -1)
