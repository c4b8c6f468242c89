"""A pair taken apart: shares, and the terms behind them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.compare import SHOWN_TERMS, Comparison, compare
from monitor.stories.features import rarity, read_features, similarities, term_id, weigh
from monitor.stories.score import shipped
from monitor.stories.views import VIEWS, read_views, spellings

#: the views that the shipped score weighs; the others are not shown
WEIGHED = [view for view, weight in zip(VIEWS, shipped().weights, strict=True) if weight]

WORDS = st.sampled_from(
    ["gold", "port", "Maren", "1,184", "Velmora", "lorry", "the", "seized", "海关查获", ".", "\ud800"]
)
TEXTS = st.lists(WORDS, max_size=20).map(" ".join)


def explain(one: str, other: str, *, counts: dict[str, int] | None = None, gap: float = 0.5) -> Comparison:
    """Compare two English texts under the title "Report", with words that so many of a hundred items hold."""
    bags = (read_views("Report", one, "en"), read_views("Report", other, "en"))
    idf = rarity({term_id(word): n for word, n in (counts or {}).items()}, 100)
    a, b = (weigh(read_features(bag), idf) for bag in bags)
    cosines = tuple(similarities([a], [b])[0, 0].tolist())
    shares = shipped().shares(cosines, gap)
    chance = 1 / (1 + math.exp(-sum(shares.values())))
    return compare(bags, (a, b), model=shipped(), cosines=cosines, gap=gap, probability=chance)


@settings(max_examples=150)
@given(TEXTS, TEXTS, st.floats(0, 5))
def test_shares_explain_the_probability(one: str, other: str, gap: float) -> None:
    """The shares add up to the log-odds, and each view names the terms that both pieces hold and no others."""
    found = explain(one, other, gap=gap)
    assert [share.view for share in found.shares] == [*WEIGHED, "time gap", "base"]
    odds = sum(share.adds for share in found.shares)
    assert found.probability == pytest.approx(1 / (1 + math.exp(-odds)), abs=2e-4)
    figures = [found.probability, *(figure for share in found.shares for figure in (share.value, share.adds))]
    assert figures == [round(figure, 4) for figure in figures]
    assert found.shares[-1].value == 1.0
    assert found.shares[-2].value == round(gap, 4)
    a, b = (dict(read_views("Report", text, "en").items()) for text in (one, other))
    for share in found.shares[: len(WEIGHED)]:
        assert 0 <= share.value <= 1
        assert set(share.terms) <= set(a[share.view]) & set(b[share.view])
        assert len(share.terms) == min(SHOWN_TERMS, len(set(a[share.view]) & set(b[share.view])))
        assert bool(share.terms) == (share.value > 0)


def test_rarest_shared_terms_come_first() -> None:
    """Terms are listed by what they add, a term that every item holds not at all."""
    text = "gold lorri maren"
    found = explain(text, text, counts={"gold": 50, "lorri": 10, "report": 100_000})
    assert found.shares[0].terms == ("maren", "lorri", "gold")
    assert found.shares[WEIGHED.index("numbers")].terms == ()


def test_at_most_eight_terms_are_shown() -> None:
    """Of many shared terms of one weight the first in order of the alphabet are shown."""
    text = " ".join(f"zq{letter}x" for letter in "mlkjihgfedcba")
    assert explain(text, text).shares[WEIGHED.index("lead")].terms == tuple(f"zq{letter}x" for letter in "abcdefgh")


def test_nothing_shared() -> None:
    """Two pieces with nothing in common but a title word that is everywhere differ in all views."""
    found = explain("gold in a lorry", "fees for importers", counts={"report": 100_000})
    assert [(share.value, share.adds, share.terms) for share in found.shares[: len(WEIGHED)]] == [(0.0, 0.0, ())] * len(
        WEIGHED
    )


def test_shared_terms_are_shown_as_the_words_that_were_written() -> None:
    """Stems are for counting: a reader sees the spelling that is most common in the text."""
    words = spellings("Customs seized cocaine. Customs officers; the CUSTOMS post. Seizures of cocaine", "en")
    assert (words["custom"], words["cocain"], words["offic"]) == ("Customs", "cocaine", "officers")
    bags = (read_views("Cocaine seized", "Cocaine was seized at Port Maren.", "en"),) * 2
    read = read_features(bags[0])
    found = compare(
        bags, (read, read), model=shipped(), cosines=(1.0,) * len(VIEWS), gap=0.0, probability=0.9,
        spelled={"cocain": "cocaine", "maren": "Maren", "port": "Port"},
    )  # fmt: skip
    shown = {term for share in found.shares for term in share.terms}
    assert {"cocaine", "Port Maren"} <= shown
    assert "cocain" not in shown
