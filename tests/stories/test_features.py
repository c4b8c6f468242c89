"""Sparse vectors: weighing by rarity, similarities, and the form in which they are stored."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.features import (
    INDEX_TERMS,
    PRIOR_ITEMS,
    Features,
    counted,
    index_terms,
    pack,
    prior,
    rarity,
    read_features,
    similarities,
    term_id,
    terms_of,
    unpack,
    weigh,
)
from monitor.stories.views import VIEWS, WORD_VIEWS, Views, read_views

TERMS = st.sampled_from(["gold", "port", "海关", "таможн", "1184", "port maren", "\ud800", "zzqx"])
BAGS = st.dictionaries(TERMS, st.integers(1, 1000), max_size=6)
VIEWS_OF_A_PIECE = st.builds(Views, BAGS, BAGS, BAGS, BAGS, BAGS, BAGS)
PIECES = VIEWS_OF_A_PIECE.map(read_features)
COUNTS = st.dictionaries(TERMS.map(term_id), st.integers(0, 500), max_size=8)
WEIGHED = st.builds(lambda piece, counts: weigh(piece, rarity(counts, 500)), PIECES, COUNTS)


def bag(features: Features, number: int) -> dict[int, float]:
    """Return one view as a mapping from term id to weight."""
    return dict(zip(features.ids[number].tolist(), features.weights[number].tolist(), strict=True))


def one_view(weights: Mapping[int, float]) -> Features:
    """Return vectors of which only the body has terms."""
    empty = (np.array([], dtype=np.uint32), np.array([], dtype=np.float32))
    ids = sorted(weights)
    body = (np.array(ids, dtype=np.uint32), np.array([weights[i] for i in ids], dtype=np.float32))
    vectors = [body] + [empty] * (len(VIEWS) - 1)
    return Features(tuple(ids for ids, _ in vectors), tuple(weights for _, weights in vectors))


def one_rarity(counts: Mapping[int, int], items: int, term: int) -> float:
    """Return the rarity of one term."""
    return float(rarity(counts, items)(np.array([term], dtype=np.uint32))[0])


def same(a: Features, b: Features) -> bool:
    """Tell whether two pieces have the same vectors."""
    pairs = zip([*a.ids, *a.weights], [*b.ids, *b.weights], strict=True)
    return all(one.dtype == other.dtype and np.array_equal(one, other) for one, other in pairs)


# ---------------------------------------------------------------- reading


def test_term_ids_are_stable() -> None:
    """The ids under which terms are stored stay what they are, and any text has one."""
    assert term_id("gold") == 3125804973
    assert term_id("海关") == 2026246655
    assert 0 <= term_id("\ud800") < 2**32


@settings(max_examples=100)
@given(VIEWS_OF_A_PIECE)
def test_read_vectors_hold_the_counts(views: Views) -> None:
    """Each view becomes sorted ids and one plus the logarithm of the counts."""
    features = read_features(views)
    for number, (_, terms) in enumerate(views.items()):
        assert bag(features, number) == pytest.approx({term_id(t): 1 + math.log(n) for t, n in terms.items()})
        assert features.ids[number].tolist() == sorted(features.ids[number].tolist())
        assert (features.ids[number].dtype, features.weights[number].dtype) == (np.uint32, np.float32)
    assert terms_of(features) == {term_id(t) for _, terms in views.items() for t in terms}


def test_of_terms_of_one_id_in_a_view_the_last_one_counts() -> None:
    """Two terms that are hashed alike are one in a vector, and remain in those of other views."""
    first, last = "term 32519", "term 256100"
    found = counted([{"gold": 1, first: 3, last: 7}, {}, {last: 7, first: 3}])
    assert term_id(first) == term_id(last)
    assert bag(found, 0) == pytest.approx({term_id("gold"): 1.0, term_id(last): 1 + math.log(7)})
    assert bag(found, 1) == {}
    assert bag(found, 2) == pytest.approx({term_id(last): 1 + math.log(3)})


# ---------------------------------------------------------------- rarity


def test_prior_knows_common_words_of_many_languages() -> None:
    """Common words are known before the first item arrives, each with a share of items."""
    ids, known = prior()
    shares = dict(zip(ids.tolist(), known.tolist(), strict=True))
    assert ids.tolist() == sorted(shares)
    assert len(shares) > 50_000
    assert all(0 < share <= 1 for share in shares.values())
    for word in ("custom", "عالم", "中国", "nước"):
        assert shares[term_id(word)] > 0.01
    assert term_id("velmora") not in shares


@settings(max_examples=100)
@given(TERMS.map(term_id), st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 5000))
def test_rarity_falls_with_counts(term: int, few: int, more: int, items: int) -> None:
    """The more items hold a term, the less it counts; nothing counts less than nothing."""
    few, more = sorted((few, more))
    rare, common = one_rarity({term: few}, items, term), one_rarity({term: more}, items, term)
    assert rare >= common >= 0.0
    assert (rare > common) == (few < more and rare > 0)
    assert one_rarity({}, items, term) == one_rarity({term: 0}, items, term)
    assert one_rarity({term: few}, items + 1, term) >= rare


def test_rarity_follows_prior_and_store() -> None:
    """A common word counts less than a name in an empty store, and a name that every item holds counts nothing."""
    custom, name = term_id("custom"), term_id("velmora")
    assert one_rarity({}, 0, custom) < one_rarity({}, 0, name)
    assert one_rarity({}, 0, name) == pytest.approx(math.log((PRIOR_ITEMS + 1) / 0.5))
    assert one_rarity({name: 10_000}, 10_000, name) < 0.04
    assert one_rarity({name: 10_301}, 10_000, name) == 0.0


@settings(max_examples=100)
@given(PIECES, COUNTS)
def test_weighed_vectors_have_length_one(read: Features, counts: dict[int, int]) -> None:
    """Each view that has a term of any rarity has length one, and its terms weigh by count and rarity."""
    idf = rarity(counts, 100)
    weighed = weigh(read, idf)
    for number in range(len(VIEWS)):
        weights = bag(read, number)
        rare = dict(zip(weights, idf(np.array(list(weights), dtype=np.uint32)).tolist(), strict=True))
        raw = {t: w * rare[t] for t, w in weights.items() if rare[t] > 0}
        length = math.sqrt(sum(w * w for w in raw.values()))
        assert bag(weighed, number) == pytest.approx({t: w / length for t, w in raw.items()}, rel=1e-5)
        assert not raw or np.linalg.norm(weighed.weights[number]) == pytest.approx(1.0, rel=1e-6)


def test_terms_that_are_everywhere_are_left_out() -> None:
    """A view of nothing but such terms is empty, without a division by nothing."""
    weighed = weigh(one_view({1: 1.0, 2: 3.0}), lambda terms: np.where(terms == 1, 0.0, 2.0).astype(np.float32))
    assert bag(weighed, 0) == {2: 1.0}
    assert terms_of(weigh(one_view({1: 1.0, 2: 3.0}), lambda terms: np.zeros(len(terms), dtype=np.float32))) == set()


# ---------------------------------------------------------------- the index


def test_heaviest_terms_are_indexed() -> None:
    """The heaviest terms of all views find candidates, at equal weight those of lower id, and never too many."""
    body = one_view(dict.fromkeys(range(1, 100), 0.5))
    assert index_terms(body) == list(range(1, INDEX_TERMS + 1))
    mixed = Features((body.ids[0], np.array([7, 500], dtype=np.uint32), *body.ids[2:]),
                     (body.weights[0], np.array([0.1, 0.9], dtype=np.float32), *body.weights[2:]))  # fmt: skip
    assert index_terms(mixed)[:3] == [500, 1, 2]
    assert index_terms(one_view({})) == []


@settings(max_examples=100)
@given(WEIGHED)
def test_indexed_terms_are_distinct_terms_of_the_piece(features: Features) -> None:
    """Every indexed term is a word of the piece, named once: sounds are no words."""
    found = index_terms(features)
    words = set(np.concatenate(features.ids[:WORD_VIEWS]).tolist())
    assert len(found) == len(set(found)) == min(INDEX_TERMS, len(words))
    assert set(found) <= words


# ---------------------------------------------------------------- similarities


@settings(max_examples=100)
@given(st.lists(WEIGHED, max_size=4), st.lists(WEIGHED, max_size=4))
def test_similarities_are_cosines(a: list[Features], b: list[Features]) -> None:
    """All pairs have the cosine that two mappings give, the same both ways and between nothing and one."""
    found = similarities(a, b)
    assert found.shape == (len(a), len(b), len(VIEWS))
    assert np.array_equal(found, similarities(b, a).transpose(1, 0, 2))
    assert ((found >= 0) & (found <= 1)).all()
    for row, one in enumerate(a):
        for column, other in enumerate(b):
            for number in range(len(VIEWS)):
                left, right = bag(one, number), bag(other, number)
                expected = sum(weight * right.get(term, 0.0) for term, weight in left.items())
                assert found[row, column, number] == pytest.approx(min(1.0, expected), abs=1e-5)


@settings(max_examples=100)
@given(WEIGHED)
def test_a_piece_is_like_itself(features: Features) -> None:
    """Every view that has terms is as like itself as can be, also after storing with 16 bits."""
    own = similarities([features], [features])[0, 0]
    stored = unpack(pack(features))
    packed = similarities([stored], [stored])[0, 0]
    for number in range(len(VIEWS)):
        expected = 1.0 if len(features.ids[number]) else 0.0
        assert own[number] == pytest.approx(expected, abs=1e-6)
        assert packed[number] == pytest.approx(expected, abs=2e-3)
        assert packed[number] <= 1.0


# ---------------------------------------------------------------- storing


@settings(max_examples=100)
@given(st.one_of(PIECES, WEIGHED))
def test_stored_vectors_come_back(features: Features) -> None:
    """Ids come back exactly and weights with the precision of 16 bits, and storing again changes nothing."""
    packed = pack(features)
    back = unpack(packed)
    assert len(packed) == 4 * len(VIEWS) + 6 * sum(len(ids) for ids in features.ids)
    assert pack(back) == packed
    assert same(unpack(packed), back)
    for number in range(len(VIEWS)):
        assert np.array_equal(back.ids[number], features.ids[number])
        assert back.weights[number] == pytest.approx(features.weights[number], rel=1e-3, abs=1e-6)
        assert back.weights[number].dtype == np.float32


def test_stored_form_is_fixed() -> None:
    """The bytes are six lengths, ids and half-precision weights, all little-endian."""
    assert pack(one_view({1: 0.5, 258: 1.0})) == bytes.fromhex(
        "02000000 00000000 00000000 00000000 00000000 00000000 01000000 02010000 0038 003c"
    )


def test_empty_piece_is_stored_and_compared() -> None:
    """A piece without a word has vectors like any other, and is like nothing."""
    empty = unpack(pack(weigh(read_features(read_views("", "", None)), rarity({}, 0))))
    assert terms_of(empty) == set()
    assert similarities([empty], [empty]).tolist() == [[[0.0] * len(VIEWS)]]


def test_torn_bytes_are_an_error() -> None:
    """Bytes that end too early are refused."""
    packed = pack(one_view({1: 0.5, 2: 0.5}))
    for end in (0, 10, len(packed) - 1):
        with pytest.raises(ValueError, match="buffer"):
            unpack(packed[:end])


def test_reports_of_one_event_are_closer_than_others() -> None:
    """Two reports that share names and figures are closer in every view than a report on something else."""
    texts = [
        ("Gold found in spare wheel", "Officers at Port Maren seized 1,184 grams of gold in the spare wheel of a lorry."),
        ("Lorry carried gold", "In Port Maren a lorry was stopped with 1 184 grams of gold hidden in its wheel, officers say."),
        ("Ministers discuss fees", "The Velmora council met for 3 days over a new handling fee of 20 crowns for importers."),
    ]  # fmt: skip
    read = [read_features(read_views(title, text, "en")) for title, text in texts]
    one, two, three = (weigh(features, rarity({}, 0)) for features in read)
    near, far = similarities([one], [two])[0, 0], similarities([one], [three])[0, 0]
    assert (near > far).all()
