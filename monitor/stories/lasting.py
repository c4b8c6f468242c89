"""Measures that last: a duty, ban or procedure is announced, answered and put in force over weeks as one event.

A find, an arrest or a month's figures are told within days, so time between two pieces speaks against one event. Where
both are about a measure it does so by less (`customs_score`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from monitor.stories.facts import FACTS, fact_id
from monitor.stories.features import Features, Ids
from monitor.stories.rows import Rows

#: what is planned, announced, criticised, put off and put in force (acts of `fact_terms.yaml`)
MEASURES = (
    "levy", "suspension", "raise", "cut", "inforce", "antidumping", "sanctions", "singlewindow", "reform", "closure",
    "aeo", "pilot", "freetrade", "dataexchange",
)  # fmt: skip
#: what is over on its day; a piece on a measure that also speaks of these may be on another event of the same place
MOMENTS = ("seizure", "arrest", "court", "session", "revenue")
_LEAD_SUBJECT = FACTS.index("lead subject")
_MOMENT = np.uint32(1 << 31)

#: of a piece: a bit for each measure that its lead is about, and one for moments
Measures = npt.NDArray[np.uint32]


def measures_of_rows(rows: Rows, facts: int = 0) -> Measures:
    """Return the measures of each piece, shape (pieces,), from rows in which the view `facts` is the first of facts."""
    segments, views = rows.segments, rows.lengths.shape[1]
    within = np.flatnonzero(segments % views == facts + _LEAD_SUBJECT)
    return _masks(len(rows.lengths), segments[within] // views, rows.ids[within])


def measures_of(facts: Sequence[Features]) -> Measures:
    """Return the measures of each piece, shape (pieces,), from its facts."""
    ids = [found.ids[_LEAD_SUBJECT] for found in facts]
    owners = np.repeat(np.arange(len(ids)), [len(i) for i in ids])
    return _masks(len(ids), owners, np.concatenate([np.zeros(0, dtype=np.uint32), *ids]))


def last(one: Measures, other: Measures) -> npt.NDArray[np.bool_]:
    """Tell which pairs are about one measure, and neither side about a moment; the shapes broadcast."""
    return np.asarray(((one & other) > 0) & (((one | other) & _MOMENT) == 0), dtype=np.bool_)


def _masks(pieces: int, owners: npt.NDArray[np.int64], ids: Ids) -> Measures:
    """Return the bits of all pieces from terms and the pieces that they belong to."""
    known, bits = _known()
    at = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    held = np.flatnonzero(known[at] == ids)
    masks = np.zeros(pieces, dtype=np.uint32)
    np.bitwise_or.at(masks, owners[held], bits[at[held]])
    return masks


@cache
def _known() -> tuple[Ids, Measures]:
    """Return the ids of the acts in order, and the bit of each."""
    bits = [(fact_id(act), 1 << n) for n, act in enumerate(MEASURES)] + [
        (fact_id(act), int(_MOMENT)) for act in MOMENTS
    ]
    ids, values = zip(*sorted(bits), strict=True)
    return np.array(ids, dtype=np.uint32), np.array(values, dtype=np.uint32)
