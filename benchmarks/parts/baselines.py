"""What the monitor's stories are measured against: MinHash alone, TF-IDF with average linkage, the plain pair score."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from datasketch import MinHash, MinHashLSH
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform
from sklearn.feature_extraction.text import TfidfVectorizer

Row = Mapping[str, str]
Labels = list[int]

JACCARDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
COSINES = tuple(round(float(v), 2) for v in np.arange(0.05, 0.61, 0.025))
_WORD = re.compile(r"\w+")


def content(row: Row) -> str:
    """Return title and text of a piece."""
    return f"{row['title'] or ''}\n{row['text'] or ''}"


def minhash(rows: Sequence[Row]) -> dict[float, Labels]:
    """Return for each LSH threshold the groups that datasketch's index connects (128 permutations, word triples)."""
    signatures = MinHash.bulk([_shingles(content(row)) for row in rows], num_perm=128)
    return {threshold: _connected(signatures, threshold) for threshold in JACCARDS}


def _shingles(text: str) -> list[bytes]:
    """Return the word triples of a text."""
    words = _WORD.findall(text.lower())
    return [" ".join(words[i : i + 3]).encode() for i in range(max(1, len(words) - 2))]


def _connected(signatures: Sequence[MinHash], threshold: float) -> Labels:
    """Return the connected groups of what an index at a threshold finds."""
    index = MinHashLSH(threshold=threshold, num_perm=128)
    pairs = []
    for number, signature in enumerate(signatures):
        pairs += [(number, other) for other in index.query(signature)]
        index.insert(number, signature)
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    graph = csr_matrix((np.ones(len(found)), (found[:, 0], found[:, 1])), shape=(len(signatures),) * 2)
    return connected_components(graph, directed=False)[1].tolist()


def tfidf(rows: Sequence[Row]) -> dict[float, Labels]:
    """Return for each cosine the clusters of average linkage over TF-IDF vectors."""
    vectors = TfidfVectorizer(sublinear_tf=True, stop_words="english", min_df=2).fit_transform(map(content, rows))
    cosines = (vectors @ vectors.T).toarray()
    return {cosine: average_linkage(cosines, cosine) for cosine in COSINES}


def average_linkage(likeness: np.ndarray, least: float) -> Labels:
    """Return the clusters of average linkage whose mean likeness, 0 to 1, is at least so much."""
    distances = np.clip(1.0 - likeness, 0.0, 1.0)
    np.fill_diagonal(distances, 0.0)
    tree = linkage(squareform(distances, checks=False), method="average")
    return fcluster(tree, t=1.0 - least, criterion="distance").tolist()
