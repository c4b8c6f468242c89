"""Texts as sets of shingles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.dedup.shingle import SHINGLE_WORDS, compared_text, hashed, shingles
from monitor.text import words

TEXT = st.lists(st.sampled_from(["customs", "Gold", "12", "порт", "海关查获", "–", "port", "\n", "\ud800"])).map(
    " ".join
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", set()),
        (" … — \x00 \ud800", set()),
        ("Gold", {"gold"}),
        ("Gold seized", {"gold seized"}),
        ("Gold seized today", {"gold seized today"}),
        ("Gold seized: “gold” seized!", {"gold seized gold", "seized gold seized"}),
        ("Таможня изъяла 12 кг", {"таможня изъяла 12", "изъяла 12 кг"}),
        ("海关查获黄金", {"海关 关查 查获", "关查 查获 获黄", "查获 获黄 黄金"}),
        ("查获12公斤", {"查获 12 公斤"}),
    ],
)
def test_shingles(text: str, expected: set[str]) -> None:
    """A text is the set of its runs of three words, a shorter one is its own only shingle, an empty one has none."""
    assert shingles(text) == expected


@settings(max_examples=150, deadline=None)
@given(TEXT, st.integers(1, 6))
def test_shingles_are_all_runs_of_words(text: str, size: int) -> None:
    """Whatever the size, each run of words is there and nothing else."""
    tokens = words(text)
    runs = {" ".join(tokens[i : i + size]) for i in range(max(1, len(tokens) - size + 1))} if tokens else set()
    assert shingles(text, size) == runs


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT)
def test_shingles_of_a_part_are_among_those_of_the_whole(text: str, more: str) -> None:
    """A trimmed copy of at least one shingle keeps shingles of its original only."""
    if len(words(text)) >= SHINGLE_WORDS:
        assert shingles(text) <= shingles(f"{text}\n{more}")
        assert shingles(text) <= shingles(f"{more}\n{text}")


def test_writing_makes_no_other_shingles() -> None:
    """Case, dashes, quotes, accents and white space are no difference between two copies."""
    one = "Officers’ “anti-dumping” cafe\u0301 duties rose"
    other = 'OFFICERS\' "ANTI\u2011DUMPING"\n CAF\u00c9   duties\u00a0rose'
    assert shingles(one) == shingles(other)


@pytest.mark.parametrize("word", ["gold ", "золото ", "海关"])
def test_short_texts_are_compared_with_their_title(word: str) -> None:
    """Below thirty words the title is part of what is compared, from thirty on it is not."""
    short, enough = word * 29, word * 30
    assert compared_text("Title", short) == f"Title\n{short}"
    assert compared_text("Title", enough) == enough
    assert compared_text("Title", "") == "Title\n"


def test_large_text() -> None:
    """A text of two hundred thousand words has as many shingles, less two."""
    assert len(shingles(" ".join(map(str, range(200_000))))) == 199_998


def test_hashed_shingles_stand_for_shingles() -> None:
    """Equal shingles have one hash, others have others, and a lone surrogate is no obstacle."""
    one, other = frozenset(["gold seized today", "\ud800", "x"]), frozenset(["x", "y"])
    assert len(hashed(one)) == 3
    assert hashed(one) & hashed(other) == hashed(frozenset(["x"]))
    assert all(0 <= value < 2**64 for value in hashed(one))
    assert hashed(frozenset()) == frozenset()
