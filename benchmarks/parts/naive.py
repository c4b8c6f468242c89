"""The assembly that the same libraries suggest at first sight, to measure the monitor against; it keeps what it finds.

datasketch's `update` loop and in-memory MinHashLSH, TF-IDF cosines with everything of the window, sqlite-utils row by
row with full-text triggers. The story of the best match above the threshold is joined. Its cosines are one sparse
product a piece with a matrix over which it is never copied, so that it is slow for what it does, not for how.
"""

from __future__ import annotations

import json
import re
import sys
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from datasketch import MinHash, MinHashLSH
from sklearn.feature_extraction.text import HashingVectorizer
from sqlite_utils import Database

WINDOW_S = 14 * 86_400
JACCARD, COSINE = 0.5, 0.4
#: hashed columns of the vectors
COLUMNS = 1 << 18
_WORD = re.compile(r"\w+")


def shingles(text: str) -> set[str]:
    """Return the word triples of a text."""
    words = _WORD.findall(text.lower())
    return {" ".join(words[i : i + 3]) for i in range(len(words) - 2)}


def sign(found: Iterable[str]) -> MinHash:
    """Return the signature of shingles by datasketch's documented loop."""
    signature = MinHash(num_perm=128)
    for shingle in found:
        signature.update(shingle.encode())
    return signature


class Vectors:
    """TF-IDF vectors of all pieces, the oldest first; cosines with those of the window by brute force."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._hashing = HashingVectorizer(stop_words="english", alternate_sign=False, norm=None, n_features=COLUMNS)
        self._seen = np.zeros(COLUMNS)
        self._query = np.zeros(COLUMNS)
        self._times: list[float] = []
        self._starts = [0]
        self._columns, self._weights = np.zeros(1 << 20, dtype=np.int32), np.zeros(1 << 20)

    def add(self, text: str, at: float) -> tuple[int, float]:
        """Take a piece in; return number and cosine of the closest earlier one of the window (-1 and 0: none)."""
        counts = self._hashing.transform([text])
        self._seen[counts.indices] += 1
        weights = (1 + np.log(counts.data)) * np.log((len(self._times) + 2) / self._seen[counts.indices])
        weights /= float(np.linalg.norm(weights)) or 1.0
        first = bisect_left(self._times, at - WINDOW_S)
        closest = self._closest(first, counts.indices, weights)
        self._append(counts.indices, weights)
        self._times.append(at)
        return closest

    def _closest(self, first: int, columns: np.ndarray, weights: np.ndarray) -> tuple[int, float]:
        """Return the piece from the first one of the window on with the largest cosine."""
        if first == len(self._times):
            return -1, 0.0
        start, stop = self._starts[first], self._starts[-1]
        rows = np.array(self._starts[first:]) - start
        held = sp.csr_matrix((self._weights[start:stop], self._columns[start:stop], rows), (len(rows) - 1, COLUMNS))
        self._query[columns] = weights
        cosines = held @ self._query
        self._query[columns] = 0.0
        best = int(np.argmax(cosines))
        return first + best, float(cosines[best])

    def _append(self, columns: np.ndarray, weights: np.ndarray) -> None:
        """Hold one more vector; the arrays double when they are full."""
        start, stop = self._starts[-1], self._starts[-1] + len(columns)
        while stop > len(self._columns):
            self._columns, self._weights = (np.concatenate([held, held]) for held in (self._columns, self._weights))
        self._columns[start:stop], self._weights[start:stop] = columns, weights
        self._starts.append(stop)


def run(rows: Iterable[Mapping[str, str]], path: Path) -> int:
    """Take pieces in, the oldest first, each durable with its story; return the number of stories."""
    db = Database(path)
    db.enable_wal()
    items = db.table("items")
    items.create({"id": str, "outlet": str, "url": str, "title": str, "text": str, "published": str, "copy_of": str,
                  "story": int}, pk="id")  # fmt: skip
    items.enable_fts(["title", "text"], create_triggers=True)
    index, vectors = MinHashLSH(threshold=JACCARD, num_perm=128), Vectors()
    story_of: list[int] = []
    stories = 0
    for row in rows:
        signature = sign(shingles(row["text"]))
        copies = sorted(index.query(signature))
        index.insert(row["id"], signature)
        at = datetime.fromisoformat(row["published"]).timestamp()
        closest, cosine = vectors.add(f"{row['title']}\n{row['text']}", at)
        if cosine >= COSINE:
            story_of.append(story_of[closest])
        else:
            story_of.append(stories)
            stories += 1
        items.insert({**row, "copy_of": copies[0] if copies else None, "story": story_of[-1]}, alter=True)
    db.close()
    return stories


if __name__ == "__main__":
    with Path(sys.argv[1]).open(encoding="utf-8") as lines:
        run(map(json.loads, lines), Path(sys.argv[2]))
