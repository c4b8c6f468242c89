"""Measures that last: which pieces are about one, and that time counts less between these."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.stories.customs_score import COLUMNS, LASTING, shipped_customs
from monitor.stories.facts import FACTS, fact_features, no_facts, read_facts
from monitor.stories.features import Features, pack, unpack
from monitor.stories.lasting import last, measures_of, measures_of_rows
from monitor.stories.rows import unpack_rows

LEVY = "The ministry will charge a levy of 4 percent on imports from April."
BAN = "The ban on exports of gas by truck starts in September."
FIND = "Officers seized 40 kg of cocaine; the levy on ships pays for the scanner."


def facts(*texts: str) -> list[Features]:
    """Return the facts of some texts, as the state keeps them."""
    return [unpack(pack(fact_features(read_facts("", text, "en"))), len(FACTS)) for text in texts]


@pytest.mark.parametrize(
    ("one", "other", "lasts"),
    [(LEVY, LEVY, True), (LEVY, BAN, False), (LEVY, FIND, False), (BAN, BAN, True), (LEVY, "It rained.", False)],
)
def test_one_measure_lasts_and_a_find_does_not(one: str, other: str, lasts: bool) -> None:
    """Both sides are about one measure, and neither about what is over on its day."""
    mine, theirs = measures_of(facts(one, other))
    assert bool(last(mine, theirs)) is lasts
    assert bool(last(theirs, mine)) is lasts


def test_rows_tell_the_same_as_single_pieces() -> None:
    """Facts of many pieces in flat arrays and of one after the other give the same measures; none give none."""
    found = [*facts(LEVY, BAN, FIND), no_facts()]
    rows = unpack_rows([pack(one) for one in found], len(FACTS))
    assert measures_of_rows(rows).tolist() == measures_of(found).tolist()
    assert measures_of([]).tolist() == []
    assert measures_of_rows(rows)[-1] == 0


def test_time_counts_less_between_pieces_on_one_measure() -> None:
    """What the sign gives back is a part of what the gap takes, whatever was fitted."""
    model = shipped_customs()
    gap = float(np.log1p(20))
    plain = [0.0] * len(COLUMNS)
    lasting = [gap if column == LASTING else 0.0 for column in COLUMNS]
    shares = model.shares(lasting, gap)
    assert 0 < shares[LASTING] < -shares["time gap"]
    assert model.shares(plain, gap)[LASTING] == 0
