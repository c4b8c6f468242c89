"""Signatures that estimate Jaccard, and the bands in which copies meet."""

from __future__ import annotations

import random
from collections.abc import Collection

import numpy as np
import pytest
import xxhash
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.dedup import sketch
from monitor.dedup.shingle import shingles
from monitor.dedup.sketch import (
    BANDS,
    PERMUTATIONS,
    RECIPE,
    ROWS,
    Signature,
    signed64,
    to_bytes,
)
from monitor.dedup.sketch import (
    estimates as estimated,
)

PAIRS = 80
SIZE = 120
SETS = st.frozensets(st.text(st.sampled_from("ab 海\ud800\x00"), max_size=4), max_size=12)


def hashes(names: Collection[str]) -> np.ndarray:
    """Return 64-bit hashes that stand for some shingles."""
    found = [xxhash.xxh3_64_intdigest(name.encode("utf-8", "surrogatepass")) for name in names]
    return np.array(found, dtype=np.uint64)


def bands(signature: Signature) -> list[int]:
    """Return the band keys of a signature as it is stored."""
    return list(sketch.bands(to_bytes(signature)))


def signatures(sets: Collection[Collection[str]]) -> list[Signature]:
    """Return the signatures of sets of names."""
    return sketch.signatures([hashes(names) for names in sets])


def pair(jaccard: float, number: int) -> tuple[set[str], set[str], float]:
    """Return two sets that no other pair shares anything with, about so alike, and their exact Jaccard."""
    shared = round(SIZE * jaccard)
    rest = (SIZE - shared) // 2
    names = [f"{jaccard} {number} {i}" for i in range(shared + 2 * rest)]
    random.Random(number).shuffle(names)
    return set(names[: shared + rest]), {*names[:shared], *names[shared + rest :]}, shared / len(names)


def estimates(jaccard: float) -> tuple[np.ndarray, np.ndarray]:
    """Return estimated minus exact Jaccard of many pairs, and which of them meet in a band."""
    made = [pair(jaccard, number) for number in range(PAIRS)]
    left, right = signatures([a for a, _, _ in made]), signatures([b for _, b, _ in made])
    errors = [float(np.mean(a == b)) - exact for a, b, (_, _, exact) in zip(left, right, made, strict=True)]
    met = [bool(set(bands(a)) & set(bands(b))) for a, b in zip(left, right, strict=True)]
    return np.array(errors), np.array(met)


@pytest.mark.parametrize(
    ("jaccard", "least_met", "most_met"), [(1.0, 1.0, 1.0), (0.8, 1.0, 1.0), (0.5, 0.95, 1.0), (0.1, 0.0, 0.15)]
)
def test_signatures_estimate_jaccard_and_bands_find_copies(jaccard: float, least_met: float, most_met: float) -> None:
    """The share of equal values is the Jaccard within sampling error, and pairs meet as often as the theory says."""
    errors, met = estimates(jaccard)
    spread = (jaccard * (1 - jaccard) / PERMUTATIONS) ** 0.5
    assert np.abs(errors).max() <= 5 * spread + 1e-9
    assert abs(errors.mean()) <= 4 * spread / PAIRS**0.5 + 1e-9
    assert least_met <= met.mean() <= most_met


def test_trimmed_copies_meet() -> None:
    """Most pairs of Jaccard 0.37, a copy cut to its first paragraphs, share a band."""
    assert estimates(0.37)[1].mean() >= 0.8


@settings(max_examples=60)
@given(st.lists(SETS, max_size=5), st.randoms(use_true_random=False))
def test_equal_sets_have_equal_signatures_and_bands(sets: list[frozenset[str]], shuffler: random.Random) -> None:
    """Neither the order of the shingles nor the batch they are signed in matters; an empty set has a signature, too."""
    together = signatures(sets)
    assert len(together) == len(sets)
    for shingle_set, signature in zip(sets, together, strict=True):
        shuffled = sorted(shingle_set)
        shuffler.shuffle(shuffled)
        (alone,) = signatures([shuffled])
        assert (signature.shape, signature.dtype) == ((PERMUTATIONS,), np.uint32)
        assert np.array_equal(signature, alone)
        assert bands(signature) == bands(alone)


def test_union_takes_the_least_values() -> None:
    """The signature of a union is the smaller value in each place, which is what makes it a MinHash."""
    a, b, union = signatures([{"a", "b"}, {"c"}, {"a", "b", "c"}])
    assert np.array_equal(np.minimum(a, b), union)


def test_recipe_names_what_is_signed() -> None:
    """Values that are stored under the recipe's name are the ones that the recipe gives today."""
    (signature,) = sketch.signatures([shingles("Customs seized gold, 海关查获")])
    assert RECIPE == "affine32/128/xxh3/word3"
    assert signature[:3].tolist() == [663367262, 1452840083, 1236530363]
    assert bands(signature)[:2] == [-6694837016723606224, -2454101017788993485]


def test_bands_are_told_apart_by_number() -> None:
    """Equal rows in two places are two bands, and the last two values stand in none."""
    signature = np.full(PERMUTATIONS, 7, dtype=np.uint32)
    assert len(set(bands(signature))) == BANDS
    changed = signature.copy()
    changed[BANDS * ROWS :] = 8
    assert bands(changed) == bands(signature)
    for row in range(BANDS):
        other = signature.copy()
        other[row * ROWS + row % ROWS] = 8
        assert [n for n, (a, b) in enumerate(zip(bands(other), bands(signature), strict=True)) if a != b] == [row]


@pytest.mark.parametrize(
    ("value", "expected"), [(0, 0), (1, 1), (2**63 - 1, 2**63 - 1), (2**63, -(2**63)), (2**64 - 1, -1)]
)
def test_signed64(value: int, expected: int) -> None:
    """Unsigned values become the signed ones of the same bits."""
    assert signed64(value) == expected


@settings(max_examples=60)
@given(st.lists(st.integers(0, 2**32 - 1), min_size=PERMUTATIONS, max_size=PERMUTATIONS))
def test_stored_signatures_come_back(values: list[int]) -> None:
    """A signature survives storing whatever the byte order of its array, and its bands fit SQLite's integers."""
    signature: Signature = np.array(values, dtype=np.uint32)
    stored = to_bytes(signature)
    assert stored == to_bytes(signature.astype(">u4")) == b"".join(v.to_bytes(4, "little") for v in values)
    assert np.array_equal(np.frombuffer(stored, dtype="<u4"), signature)
    assert bands(signature) == bands(signature.astype(">u4"))
    assert all(-(2**63) <= key < 2**63 for key in bands(signature))
    assert all(signed64(key % 2**64) == key for key in bands(signature))


def test_stored_signatures_are_compared_at_once() -> None:
    """The estimate of each pair is the share of equal values; no others give no estimates."""
    made = signatures([{"a", "b"}, {"a", "b"}, {"c"}, {"b", "c"}])
    stored = [to_bytes(signature) for signature in made]
    expected = [float(np.mean(made[0] == other)) for other in made[1:]]
    assert estimated(stored[0], stored[1:]).tolist() == expected
    assert expected[0] == 1.0
    assert estimated(stored[0], []).shape == (0,)


@given(st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=30), max_size=8), st.integers(1, 70))
@settings(max_examples=60)
def test_signatures_are_those_of_datasketch(found: list[list[int]], at_a_time: int) -> None:
    """Every bit is what the library's own affine32 scheme gives for the same hashes, however they are cut into parts."""
    halves = [[value >> 32 for value in one] for one in found]
    theirs = MinHash.bulk(halves, num_perm=PERMUTATIONS, hashfunc=int, scheme="affine32")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sketch, "_AT_A_TIME", at_a_time)
        ours = sketch.signatures([np.array(one, dtype=np.uint64) for one in found])
    assert [signature.tolist() for signature in ours] == [other.hashvalues.tolist() for other in theirs]


def test_estimates_are_those_of_datasketch() -> None:
    """A stored signature is read by the library, and its estimate of two texts is the monitor's."""
    one, other = signatures([{"a", "b", "c", "d"}, {"a", "b", "c", "e"}])
    theirs = [MinHash(hashvalues=signature, scheme="affine32") for signature in (one, other)]
    assert estimated(to_bytes(one), [to_bytes(other)]).tolist() == [theirs[0].jaccard(theirs[1])]
    assert 0.3 < theirs[0].jaccard(theirs[1]) < 0.9
