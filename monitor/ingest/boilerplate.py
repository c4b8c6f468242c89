"""Finds the blocks that one outlet repeats across its pages, and takes them out of a text; pure.

A block is a line. What counts is on how many different items of an outlet a block stands, so that the store needs only
a hash and a number for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache

import xxhash

from monitor.text import cut_words, fold, paragraphs, word_count

#: on fewer items than this a repetition is chance, or two editions of one series
_FEWEST_ITEMS = 3
#: of the items of an outlet: a slogan is on all of them, a teaser on those of its days
_SHARE = 0.2
#: repetitions that are enough whatever the share, because an outlet has ever more items
_ENOUGH_ITEMS = 12


def blocks(text: str) -> list[str]:
    """Return the blocks of a text in order."""
    return paragraphs(text)


@lru_cache(maxsize=4096)
def block_hash(block: str) -> int:
    """Return a signed 64-bit hash of a block that ignores case, spacing and punctuation.

    A piece is asked for three times while it is taken in: its blocks are counted, looked up and taken out.
    """
    value = xxhash.xxh3_64_intdigest(" ".join(cut_words(fold(block))).encode("utf-8", "surrogatepass"))
    return value - (1 << 64) if value >= 1 << 63 else value


def furniture(counts: Mapping[int, int], pages: int) -> set[int]:
    """Return the hashes of the blocks that an outlet repeats.

    `counts` tells on how many different items each block stands, `pages` how many items there are.
    """
    needed = max(_FEWEST_ITEMS, min(_SHARE * pages, _ENOUGH_ITEMS))
    return {block for block, count in counts.items() if count >= needed}


def strip(text: str, furniture: AbstractSet[int]) -> tuple[str, tuple[str, ...]]:
    """Return a text without the repeated blocks, and those blocks; a text of nothing else stays as it is."""
    all_blocks = blocks(text)
    repeated = [block_hash(block) in furniture for block in all_blocks]
    kept = [block for block, gone in zip(all_blocks, repeated, strict=True) if not gone]
    if not any(word_count(block) for block in kept):
        return text, ()
    return "\n".join(kept), tuple(block for block, gone in zip(all_blocks, repeated, strict=True) if gone)
