"""What an edited piece changed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.changes import changes, described

OLD = "Customs found 300 kg of cocaine. Two men were held. The hunt goes on."


@pytest.mark.parametrize(
    ("title", "text", "words"),
    [
        ("Find", OLD.replace("300", "350"), "1 sentence changed; figures 300 -> 350"),
        ("Find", OLD + " A third man was held on Friday.", "1 sentence added"),
        ("Find", OLD.replace(" Two men were held.", ""), "1 sentence removed"),
        ("Big find", OLD, "title was “Find”"),
        ("FIND", OLD.replace(". ", ".\n"), "spacing or marks only"),
        ("Big find", "Nothing is as it was.", "title was “Find”; 1 sentence changed; 2 sentences removed"),
    ],
)
def test_revision_in_words(title: str, text: str, words: str) -> None:
    """A line tells what became of title, sentences and figures."""
    assert described("Find", OLD, title, text, "en") == words


def test_sentence_by_sentence() -> None:
    """What went stands before what came in its place."""
    assert changes(OLD, OLD.replace("Two men were", "One man was"), "en") == (
        ("-", "Two men were held."), ("+", "One man was held."),
    )  # fmt: skip


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=100)
def test_same_text_changes_nothing(one: str, other: str) -> None:
    """A text does not differ from itself, and any two can be compared."""
    assert changes(one, one) == ()
    assert described(one, other, other, one)
