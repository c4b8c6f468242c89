"""The pair score across languages: what is encoded, centring, nearest pieces in other languages, weights that explain."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.meaning import (
    LEAD_WORDS,
    MOST_BY_MEANING,
    MOST_CHARACTERS,
    Located,
    centred,
    encoded_text,
    nearest_meanings,
    shipped_across,
)
from monitor.stories.views import VIEWS


@pytest.mark.parametrize(
    ("title", "text", "given_text"),
    [
        ("Seizure at the port", "Officers found tea.", "Seizure at the port. Officers found tea."),
        ("Seizure at the port", "", "Seizure at the port"),
        ("", "Officers found tea.", "Officers found tea."),
        ("", "", ""),
    ],
)
def test_title_and_lead_are_encoded(title: str, text: str, given_text: str) -> None:
    """An encoder is given the title and the beginning of the text, whichever there is."""
    assert encoded_text(title, text) == given_text


def test_long_texts_are_cut() -> None:
    """Only the first words count, and a text without blanks is cut by its length."""
    assert encoded_text("A", "word " * 500).count("word") == LEAD_WORDS
    assert len(encoded_text("", "海" * 5000)) == MOST_CHARACTERS


def test_what_all_have_in_common_is_taken_off() -> None:
    """Vectors that differ only beside a large common part are far apart once it is taken off."""
    rows = np.array([[10.0, 1.0, 0.0], [10.0, -1.0, 0.0], [10.0, 0.0, 1.0]] * 400, dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    before = float(rows[0] @ rows[1])
    apart = centred(rows, rows.sum(axis=0).astype(np.float64), len(rows))
    assert before > 0.9
    assert float(apart[0] @ apart[1]) < 0.5
    assert np.allclose(np.linalg.norm(apart, axis=1), 1.0, atol=1e-5)


def test_mean_of_a_handful_counts_little() -> None:
    """In an almost empty state the vectors stay nearly as they are."""
    rows = np.eye(3, dtype=np.float32)
    assert np.allclose(centred(rows, rows.sum(axis=0).astype(np.float64), 3), rows, atol=0.05)


def located(rows: list[tuple[int, float, int]], vectors: np.ndarray) -> Located:
    """Return pieces, each of id, day and language."""
    ids, days, languages = zip(*rows, strict=True)
    return Located(np.array(ids), np.array(days), np.array(languages), vectors.astype(np.float32))


def test_nearest_are_of_other_languages_and_days_near() -> None:
    """A piece finds the closest ones in other languages within the window, not those of its own, nor far ones."""
    vectors = np.array([[1, 0], [0.99, 0.1], [0.9, 0.4], [1, 0], [-1, 0], [0.8, 0.6]])
    rows = [(1, 10.0, 0), (2, 10.0, 0), (3, 12.0, 1), (4, 90.0, 1), (5, 10.0, 1), (6, math.nan, 1)]
    held = located(rows, vectors)
    asked = located(rows[:1], vectors[:1])
    found = dict(nearest_meanings(asked, held, window_days=14, limit=5))
    assert sorted(found[1]) == [3, 6]
    assert dict(nearest_meanings(asked, held, window_days=14, limit=1)) == {1: [3]}


@settings(max_examples=40)
@given(st.integers(1, 40), st.integers(1, 5), st.integers(0, 2**16))
def test_nearest_agree_with_looking_at_every_pair(count: int, limit: int, seed: int) -> None:
    """The nearest pieces are those that a comparison of all pairs finds."""
    chance = np.random.default_rng(seed)
    vectors = chance.normal(size=(count, 4))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    rows = [(n + 1, float(chance.integers(0, 30)), int(chance.integers(0, 3))) for n in range(count)]
    held = located(rows, vectors)
    for item_id, found in nearest_meanings(held, held, window_days=7, limit=limit):
        _, day, language = rows[item_id - 1]
        likely = [
            (float(vectors[item_id - 1] @ vectors[other - 1]), other)
            for other, when, lang in rows
            if lang != language and abs(when - day) <= 7
        ]
        best = [other for cosine, other in sorted(likely, reverse=True)[:limit] if cosine >= 0.1]
        assert sorted(found) == sorted(best)


def test_shares_add_up_to_the_log_odds() -> None:
    """What an explanation says of each part adds up to the score."""
    model = shipped_across()
    views = np.linspace(0.1, 0.6, len(VIEWS), dtype=np.float32)
    general = model.log_odds(np.array(0.6), views, np.array(1.5))
    assert sum(model.shares(0.6, views.tolist(), 1.5).values()) == pytest.approx(float(general), abs=1e-5)
    for cosine, base in ((0.6, -2.0), (0.6, -1.0), (0.99, -1.0), (0.0, 3.0)):
        customs = {"subject": 1.5, "base": base}
        scored = model.customs_log_odds(np.array(cosine), np.array(1.5 + base))
        assert sum(model.customs_shares(cosine, customs).values()) == pytest.approx(float(scored))


@settings(max_examples=60)
@given(st.floats(-1, 1), st.floats(-12, 12))
def test_meanings_lift_a_pair_up_to_a_bound(cosine: float, facts: float) -> None:
    """Among customs news a meaning never speaks against a pair, and lifts it no higher than facts may leave it."""
    lifted = float(shipped_across().customs_log_odds(np.array(cosine), np.array(facts)))
    assert facts <= lifted <= max(facts, MOST_BY_MEANING)


def test_likeness_speaks_for_a_pair() -> None:
    """No weight of a likeness is below zero, and distance in time never speaks for a pair."""
    model = shipped_across()
    assert min(model.meaning, model.numbers, model.customs_score, model.customs_meaning) >= 0
    assert model.gap <= 0
