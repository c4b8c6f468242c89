"""The assembly that the same libraries suggest at first sight, to measure the monitor against; it keeps what it finds.

A service that takes pieces in passes: datasketch's `update` loop and in-memory MinHashLSH; scikit-learn's TF-IDF,
fitted anew on the window with every pass, and the cosines of each arriving piece with everything of the window; and
sqlite-utils row by row with full-text triggers. The story of the best match above the threshold is joined.

Cosines are asked for piece by piece, as the documentation of scikit-learn shows it, or with `--products` for a whole
pass at once: cleverer than what it stands for, and only as fast as a pass is large.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from datasketch import MinHash, MinHashLSH
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import linear_kernel
from sqlite_utils import Database
from sqlite_utils.db import Table

WINDOW_S = 14 * 86_400
JACCARD, COSINE = 0.5, 0.4
#: pieces of a pass; the more of them, the seldomer everything is fitted anew, and the faster this is
PASS = 500
_WORD = re.compile(r"\w+")

Row = Mapping[str, str]


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


class Window:
    """The texts of the last fortnight, with the story of each."""

    def __init__(self, *, products: bool) -> None:
        """Hold nothing yet; `products`: one product of matrices a pass, instead of one a piece."""
        self._products = products
        self._texts: list[str] = []
        self._times: list[float] = []
        self._stories: list[int] = []
        self._numbered = 0

    def add(self, rows: Sequence[Row]) -> list[int]:
        """Take a pass in; return the story of each piece: that of its closest earlier one, or a new one."""
        times = [datetime.fromisoformat(row["published"]).timestamp() for row in rows]
        self._forget(times[0] - WINDOW_S)
        held = len(self._texts)
        self._texts += [f"{row['title']}\n{row['text']}" for row in rows]
        self._times += times
        vectors = TfidfVectorizer(stop_words="english", sublinear_tf=True).fit_transform(self._texts)
        for number, cosines in enumerate(self._cosines(vectors, held), held):
            closest = int(np.argmax(cosines[:number])) if number else -1
            if closest >= 0 and cosines[closest] >= COSINE:
                self._stories.append(self._stories[closest])
            else:
                self._stories.append(self._numbered)
                self._numbered += 1
        return self._stories[held:]

    def _cosines(self, vectors: sp.csr_matrix, held: int) -> Iterator[np.ndarray]:
        """Yield for each arriving piece its cosines with everything of the window."""
        if self._products:
            yield from linear_kernel(vectors[held:], vectors)
        else:
            for number in range(held, vectors.shape[0]):
                yield linear_kernel(vectors[number], vectors)[0]

    def _forget(self, before: float) -> None:
        """Drop what is older than the window."""
        kept = [n for n, at in enumerate(self._times) if at >= before]
        self._texts, self._times, self._stories = (
            [held[n] for n in kept] for held in (self._texts, self._times, self._stories)
        )


def _table(path: Path) -> Table:
    """Return the table of pieces in a new database."""
    db = Database(path)
    db.enable_wal()
    items = db.table("items")
    items.create({"id": str, "outlet": str, "url": str, "title": str, "text": str, "published": str, "copy_of": str,
                  "story": int}, pk="id")  # fmt: skip
    items.enable_fts(["title", "text"], create_triggers=True)
    return items


def _passes(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Cut pieces into passes."""
    left = iter(rows)
    while found := list(islice(left, PASS)):
        yield found


def run(rows: Iterable[Row], path: Path, *, products: bool = False) -> None:
    """Take pieces in, the oldest first, each durable with its story."""
    items, index, window = _table(path), MinHashLSH(threshold=JACCARD, num_perm=128), Window(products=products)
    for taken in _passes(rows):
        copies = []
        for row in taken:
            signature = sign(shingles(row["text"]))
            copies.append(min(index.query(signature), default=None))
            index.insert(row["id"], signature)
        for row, copy_of, story in zip(taken, copies, window.add(taken), strict=True):
            items.insert({**row, "copy_of": copy_of, "story": story}, alter=True)
    items.db.close()


if __name__ == "__main__":
    with Path(sys.argv[1]).open(encoding="utf-8") as lines:
        run(map(json.loads, lines), Path(sys.argv[2]), products="--products" in sys.argv)
