"""Vectors of many pieces at once: what is done with each alone, in fewer steps."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.stories import rows as many
from monitor.stories.features import Features, counted, pack, rarity, similarities, terms_of, unpack, weigh
from monitor.stories.rows import HeldRows, document_counts, pack_rows, unpack_beside, unpack_rows, weigh_rows

VIEWS = 3
BAGS = st.dictionaries(
    st.sampled_from(["the", "of", "customs", "veldt", "seized", "bananas", "412", "osterhaven"]), st.integers(1, 5)
)
PIECES = st.lists(st.lists(BAGS, min_size=VIEWS, max_size=VIEWS).map(counted), min_size=1, max_size=6)


def alike(one: Features, other: Features) -> bool:
    """Tell whether two pieces have the same terms with the same weights but for rounding to 16 bits."""
    return all(
        np.array_equal(a, b) and np.allclose(v, w, rtol=1e-3)
        for a, b, v, w in zip(one.ids, other.ids, one.weights, other.weights, strict=True)
    )


@settings(max_examples=50)
@given(PIECES)
def test_packing_is_that_of_one_piece(pieces: list[Features]) -> None:
    """Many pieces are unpacked and packed into the very bytes of each alone; empty bytes are empty vectors."""
    packed = [pack(piece) for piece in pieces]
    rows = unpack_rows([*packed, b""], VIEWS)
    assert pack_rows(rows) == [*packed, bytes(4 * VIEWS)]
    assert all(alike(one, unpack(p, VIEWS)) for one, p in zip(rows.features(), packed, strict=False))


@settings(max_examples=50)
@given(PIECES)
def test_weighing_is_that_of_one_piece(pieces: list[Features]) -> None:
    """Weighing all pieces gives what weighing each gives, and so do the cosines of all pairs."""
    idf = rarity({}, 500)
    rows = unpack_rows([pack(piece) for piece in pieces], VIEWS)
    weighed = weigh_rows(rows, idf(rows.ids))
    alone = [weigh(unpack(pack(piece), VIEWS), idf) for piece in pieces]
    assert all(map(alike, weighed.features(), alone))
    everyone = np.arange(len(pieces))
    found = HeldRows(weighed).cosines(weighed, [everyone] * len(pieces)).reshape(len(pieces), len(pieces), VIEWS)
    np.testing.assert_allclose(found, similarities(alone, alone), atol=1e-5)


@settings(max_examples=50)
@given(PIECES)
def test_views_side_by_side(pieces: list[Features]) -> None:
    """Two sets of views of the same pieces become one, the first ones first."""
    packed = [pack(piece) for piece in pieces]
    turned = [pack(Features(p.ids[::-1], p.weights[::-1])) for p in pieces]
    both = [Features((*p.ids, *p.ids[::-1]), (*p.weights, *p.weights[::-1])) for p in pieces]
    assert all(map(alike, unpack_beside(packed, turned, (VIEWS, VIEWS)).features(), both))


def test_nothing_wanted_is_nothing_found() -> None:
    """Without pairs there are no cosines."""
    rows = unpack_rows([pack(counted([{"tea": 1}, {}, {}]))], VIEWS)
    assert HeldRows(rows).cosines(rows, [np.zeros(0, dtype=np.int64)]).shape == (0, VIEWS)


@settings(max_examples=50)
@given(PIECES)
def test_a_term_counts_once_a_piece(pieces: list[Features]) -> None:
    """A term of several views of one piece is one piece more that has it."""
    found = dict(document_counts(unpack_rows([pack(piece) for piece in pieces], VIEWS)))
    assert found == dict(Counter(term for piece in pieces for term in terms_of(piece)))


@example([0, 600])
@given(st.lists(st.integers(0, 1200), max_size=12))
def test_runs_take_every_vector_once_and_none_is_of_nothing(sizes: list[int]) -> None:
    """However many pieces each vector wants, runs follow each other, want some, and more than the bound only for one."""
    wanted = [np.zeros(size, dtype=np.int64) for size in sizes]
    runs = [sizes[run] for run in many._runs(wanted)]
    taken = [size for run in runs for size in run]
    assert taken == sizes[: len(taken)]
    assert not any(sizes[len(taken) :])
    assert all(sum(run) for run in runs)
    assert all(sum(run) <= many._PAIRS or sum(map(bool, run)) == 1 for run in runs)
