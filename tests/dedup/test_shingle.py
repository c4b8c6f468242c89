"""Texts as sets of shingles."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.dedup.shingle import SHINGLE_WORDS, compared_shingles, compared_text, shingles
from monitor.text import words

TEXT = st.lists(st.sampled_from(["customs", "Gold", "12", "порт", "海关查获", "–", "port", "\n", "\ud800"])).map(
    " ".join
)


FACTORS = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)


def hashed(shingle: str) -> int:
    """Return the hash of a shingle by the definition, its words joined by blanks."""
    padded = [*shingle.split(" "), "", ""][:SHINGLE_WORDS]
    return sum(xxhash.xxh3_64_intdigest(w.encode()) * f for w, f in zip(padded, FACTORS, strict=True)) % 2**64


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
    assert shingles(text).tolist() == sorted(map(hashed, expected))


@settings(max_examples=150)
@given(TEXT)
def test_shingles_are_all_runs_of_words(text: str) -> None:
    """Each run of words is there once, as the sorted hash of the definition, and nothing else."""
    tokens = words(text)
    size = SHINGLE_WORDS
    runs = {" ".join(tokens[i : i + size]) for i in range(max(1, len(tokens) - size + 1))} if tokens else set()
    found = shingles(text)
    assert (found.dtype, found.ndim) == (np.uint64, 1)
    assert found.tolist() == sorted(map(hashed, runs))


@settings(max_examples=150)
@given(TEXT, TEXT)
def test_shingles_of_a_part_are_among_those_of_the_whole(text: str, more: str) -> None:
    """A trimmed copy of at least one shingle keeps shingles of its original only."""
    if len(words(text)) >= SHINGLE_WORDS:
        for whole in (f"{text}\n{more}", f"{more}\n{text}"):
            assert np.isin(shingles(text), shingles(whole)).all()


def test_different_shingles_have_different_hashes() -> None:
    """All 262,144 triples of 64 words are told apart, and so few of their upper halves meet as chance lets meet."""
    names = [f"w{number}" for number in range(64)]
    found = shingles(" . ".join(" ".join(triple) for triple in product(names, repeat=3)))
    assert len(found) == 64**3
    # of n random 32-bit values about n * n / 2**33 meet: eight
    assert len(np.unique(found >> np.uint64(32))) >= 64**3 - 24


@pytest.mark.parametrize(
    "other", ["gold customs seized", "seized gold customs", "customs seized", "customs seized golds"]
)
def test_order_and_number_of_words_matter(other: str) -> None:
    """The same words in another order, or fewer of them, are another shingle."""
    assert shingles("customs seized gold").tolist() != shingles(other).tolist()


def test_writing_makes_no_other_shingles() -> None:
    """Case, dashes, quotes, accents and white space are no difference between two copies."""
    one = "Officers’ “anti-dumping” cafe\u0301 duties rose"
    other = 'OFFICERS\' "ANTI\u2011DUMPING"\n CAF\u00c9   duties\u00a0rose'
    assert shingles(one).tolist() == shingles(other).tolist()


@pytest.mark.parametrize("word", ["gold ", "золото ", "海关"])
def test_short_texts_are_compared_with_their_title(word: str) -> None:
    """Below thirty words the title is part of what is compared, from thirty on it is not."""
    short, enough = word * 29, word * 30
    assert compared_text("Title", short) == f"Title\n{short}"
    assert compared_text("Title", enough) == enough
    assert compared_text("Title", "") == "Title\n"
    assert compared_text("Title", " " * 300 + enough) == " " * 300 + enough
    assert compared_shingles("Title", short).tolist() == shingles(f"Title\n{short}").tolist()


def test_large_text() -> None:
    """A text of two hundred thousand words has as many shingles, less two."""
    assert len(shingles(" ".join(map(str, range(200_000))))) == 199_998
