"""The views of a piece as sparse vectors of hashed terms, weighted by rarity, and their similarities.

Weights are (1 + log count) x inverse document frequency, each vector of length one (Salton and Buckley 1988). Document
frequencies are the store's own running counts over a shipped prior, so that the first hour is not noise. An item is
weighed once, when the run that brought it settles: everything of one run counts alike, whatever came first.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate, chain, pairwise, repeat

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import xxhash

from monitor.stories.views import VIEWS, WORD_VIEWS, Views
from monitor.text import ByWord

Ids = npt.NDArray[np.uint32]
Weights = npt.NDArray[np.float32]
Shares = npt.NDArray[np.float64]

#: the prior counts as much as so many items of the store's own: the corpora score alike from 300 to 5,000
#: (benchmarks/fit_pair_score.py), and the smaller one sooner learns the names that are common in a niche
PRIOR_ITEMS = 300
#: pseudo count for terms that nobody has seen yet
UNSEEN_ITEMS = 0.5
#: terms of an item that find its candidates
INDEX_TERMS = 40


@dataclass(frozen=True, slots=True)
class Features:
    """One sparse vector a view: sorted unique term ids and their weights.

    As read, the weight of a term is 1 + log of its count; once weighed, vectors have Euclidean length one.
    """

    ids: tuple[Ids, ...]
    weights: tuple[Weights, ...]


def term_id(term: str) -> int:
    """Return the 32-bit id of a term."""
    return int(xxhash.xxh32_intdigest(term.encode("utf-8", "surrogatepass")))


_TERM_IDS = ByWord(term_id)


@cache
def prior() -> tuple[Ids, Shares]:
    """Return common terms, sorted, and which share of items holds each, by general word frequencies (see NOTICE)."""
    table = gzip.decompress(files("monitor.stories").joinpath("prior.tsv.gz").read_bytes())
    fields = b"\t".join(line for line in table.splitlines() if not line.startswith(b"#")).split(b"\t")
    hashed = np.fromiter(map(xxhash.xxh32_intdigest, fields[::2]), dtype=np.uint32)
    # of words of one hash the last one counts
    ids, last = np.unique(hashed[::-1], return_index=True)
    return ids, np.array(fields[1::2], dtype=np.float64)[::-1][last]


def read_features(views: Views) -> Features:
    """Return the vectors of a piece before they are weighed."""
    return counted(bag for _name, bag in views.items())


def counted(bags: Iterable[Mapping[str, int]]) -> Features:
    """Return bags of terms as vectors, one a bag, before they are weighed."""
    listed = list(bags)
    sizes = [len(bag) for bag in listed]
    total = sum(sizes)
    ids = np.fromiter(map(_TERM_IDS.__getitem__, chain.from_iterable(listed)), dtype=np.uint64, count=total)
    counts = np.fromiter(chain.from_iterable(bag.values() for bag in listed), dtype=np.float64, count=total)
    numbers = np.arange(len(listed) + 1, dtype=np.uint64)
    owners = np.repeat(numbers[:-1], sizes)
    keys = (owners << np.uint64(32)) | ids
    order = keys.argsort(kind="stable")
    keys = keys[order]
    # of terms of one hash the last one counts
    is_last = np.ones(total, dtype=np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=is_last[:-1])
    last = order[is_last]
    all_ids, weights = ids[last].astype(np.uint32), (1.0 + np.log(counts[last])).astype(np.float32)
    ends = owners[last].searchsorted(numbers).tolist()
    parts = [slice(start, stop) for start, stop in pairwise(ends)]
    return Features(tuple(all_ids[part] for part in parts), tuple(weights[part] for part in parts))


def terms_of(features: Features) -> set[int]:
    """Return the ids of all terms of a piece."""
    return set(np.concatenate(features.ids).tolist())


def rarity(counts: Mapping[int, int], items: int) -> Callable[[Ids], Weights]:
    """Return the function from term ids to their inverse document frequencies.

    Args:
        counts: in how many items of the store each term occurs (terms that are missing: in none).
        items: how many items the store has counted.

    """
    common, shares = prior()
    total = np.log(items + PRIOR_ITEMS + 1)

    def idf(terms: Ids) -> Weights:
        place = np.minimum(np.searchsorted(common, terms), len(common) - 1)
        known = np.where(common[place] == terms, shares[place], 0.0)
        own = np.fromiter(map(counts.get, terms.tolist(), repeat(0)), dtype=np.float64, count=len(terms))
        seen = own + PRIOR_ITEMS * known + UNSEEN_ITEMS
        return np.asarray(np.maximum(0.0, total - np.log(seen)), dtype=np.float32)

    return idf


def weigh(read: Features, idf: Callable[[Ids], Weights]) -> Features:
    """Return the vectors of a piece weighed by rarity, each of length one; terms that are everywhere are left out."""
    vectors = [_weighed(ids, weights, idf) for ids, weights in zip(read.ids, read.weights, strict=True)]
    return Features(tuple(ids for ids, _ in vectors), tuple(weights for _, weights in vectors))


def _weighed(ids: Ids, weights: Weights, idf: Callable[[Ids], Weights]) -> tuple[Ids, Weights]:
    """Weigh one view."""
    weighed: Weights = weights * idf(ids)
    kept = weighed > 0
    norm = float(np.linalg.norm(weighed))
    return ids[kept], weighed[kept] / norm if norm else weighed[kept]


def index_terms(features: Features) -> list[int]:
    """Return the ids of the terms that characterise a piece most: its heaviest over the views of words."""
    return heaviest(np.concatenate(features.ids[:WORD_VIEWS]), np.concatenate(features.weights[:WORD_VIEWS]))


def heaviest(ids: Ids, weights: Weights) -> list[int]:
    """Return at most `INDEX_TERMS` of the terms of a piece, the heaviest first."""
    order = np.lexsort((ids, -weights))
    # a term of several views stands once for each, the heaviest first
    return list(dict.fromkeys(ids[order[: INDEX_TERMS * WORD_VIEWS]].tolist()))[:INDEX_TERMS]


def similarities(a: Sequence[Features], b: Sequence[Features]) -> npt.NDArray[np.float32]:
    """Return the cosine of each view for all pairs, shape (len(a), len(b), number of views)."""
    views = len(a[0].ids) if a else len(VIEWS)
    out = np.zeros((len(a), len(b), views), dtype=np.float32)
    if not out.size:
        return out
    for number in range(views):
        left, right = _matrices(a, b, number)
        out[:, :, number] = (left @ right.T).toarray()
    # weights are stored with 16 bits: lengths are not exactly one
    return np.minimum(out, np.float32(1.0))


def _matrices(a: Sequence[Features], b: Sequence[Features], number: int) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """Return one view of two lists of pieces as sparse matrices over their common terms, one row a piece."""
    everything = a if a is b else [*a, *b]
    terms, columns = np.unique(np.concatenate([f.ids[number] for f in everything]), return_inverse=True)
    starts = np.cumsum([0, *(len(f.ids[number]) for f in everything)])
    weights = np.concatenate([f.weights[number] for f in everything])
    whole = sp.csr_matrix((weights, columns, starts), shape=(len(everything), max(1, len(terms))))
    return (whole, whole) if a is b else (whole[: len(a)], whole[len(a) :])


def pack(features: Features) -> bytes:
    """Return the vectors as bytes: a length for each, then ids (32 bits) and weights (16 bits), little-endian."""
    lengths = np.array([len(ids) for ids in features.ids], dtype="<u4")
    ids = np.concatenate(features.ids).astype("<u4")
    weights = np.concatenate(features.weights).astype("<f2")
    return lengths.tobytes() + ids.tobytes() + weights.tobytes()


def unpack(packed: bytes, views: int = len(VIEWS)) -> Features:
    """Return the vectors that `pack` wrote, so many of them."""
    lengths = np.frombuffer(packed, dtype="<u4", count=views)
    total = int(lengths.sum())
    ids = np.frombuffer(packed, dtype="<u4", count=total, offset=4 * views)
    weights = np.frombuffer(packed, dtype="<f2", count=total, offset=4 * (views + total)).astype(np.float32)
    cuts = [0, *accumulate(lengths.tolist())]
    parts = [slice(start, stop) for start, stop in pairwise(cuts)]
    return Features(tuple(ids[part] for part in parts), tuple(weights[part] for part in parts))
