"""A text as a set of shingles: every run of `SHINGLE_WORDS` neighbouring words, folded (Broder 1997)."""

from __future__ import annotations

from collections.abc import Sequence

import xxhash

from monitor.text import word_count, words

#: three words survive light copy-editing; five lose OCR noise and trimmed paragraphs
SHINGLE_WORDS = 3
#: below this many words a text alone says too little: the title is compared with it
SHORT_TEXT_WORDS = 30


def compared_text(title: str, text: str) -> str:
    """Return what is compared for reprints: the text, or title and text together when the text is short."""
    return text if word_count(text) >= SHORT_TEXT_WORDS else f"{title}\n{text}"


def shingles(text: str, size: int = SHINGLE_WORDS) -> frozenset[str]:
    """Return the distinct shingles of a text; a text shorter than one shingle is its own only shingle."""
    return _shingles(words(text), size)


def _shingles(tokens: Sequence[str], size: int) -> frozenset[str]:
    """Return the distinct runs of `size` neighbouring words."""
    if not tokens:
        return frozenset()
    if len(tokens) < size:
        return frozenset([" ".join(tokens)])
    return frozenset(map(" ".join, zip(*(tokens[i:] for i in range(size)), strict=False)))


def compared_shingles(title: str, text: str) -> frozenset[str]:
    """Return the shingles by which a piece is compared for reprints."""
    if not text.isascii():
        return shingles(compared_text(title, text))
    # in plain ASCII the words are what `word_count` counts: cutting a text once halves the time
    tokens = words(text)
    return _shingles(tokens if len(tokens) >= SHORT_TEXT_WORDS else words(f"{title}\n{text}"), SHINGLE_WORDS)


def hashed(found: frozenset[str]) -> frozenset[int]:
    """Return shingles as 64-bit hashes, which many texts at a time can be kept in."""
    return frozenset(xxhash.xxh3_64_intdigest(s.encode("utf-8", "surrogatepass")) for s in found)
