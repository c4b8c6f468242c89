"""Finds the blocks that one outlet repeats across its pages, and takes them out of a text; pure.

A block is a line. On how many items of an outlet it stands makes it a candidate; furniture it is only if these items
are of different kinds. The paragraphs of a report that is published again, and the standing text of a notice that comes
every month, stand on items that are alike in the rest as well: they are text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from math import ceil

import regex
import xxhash

from monitor.text import cut_words, fold, paragraphs, word_count, words

#: on fewer items than this a repetition is chance, or two editions of one series
_FEWEST_ITEMS = 3
#: of the items of an outlet: a slogan is on all of them, a teaser on those of its days
_SHARE = 0.2
#: repetitions that are enough whatever the share, because an outlet has ever more items
_ENOUGH_ITEMS = 12
#: with more items of an outlet than these, their number no longer matters
PAGES_COUNTED = ceil(_ENOUGH_ITEMS / _SHARE)
#: share of words, without figures, from which on two texts are of one kind. In customs_gold the 15 pairs of editions of
#: one series have 0.81 and more in common; of the 188 pairs of other events of one outlet 179 have at most 0.36, and
#: nine that are written to one template 0.58 and more
_ALIKE = 0.35
#: a rest of fewer words cannot show that a text is of another kind
_FEWEST_WORDS = 8
#: share of the words of a title from which on a block tells of the same thing
_OWN = 0.6
_SHORT_WORD = 3
#: those of a batch, and those of its outlets that furniture is learnt from
_TEXTS_KEPT = 500
_FIGURE = regex.compile(r"\p{Nd}")


@lru_cache(maxsize=_TEXTS_KEPT)
def blocks(text: str) -> tuple[str, ...]:
    """Return the blocks of a text in order; a piece is asked for its blocks three times while it is taken in."""
    return tuple(paragraphs(text))


@lru_cache(maxsize=_TEXTS_KEPT)
def hashes(text: str) -> tuple[int, ...]:
    """Return the hashes of the blocks of a text in order; learning furniture asks for them again."""
    return tuple(map(block_hash, blocks(text)))


def block_hash(block: str) -> int:
    """Return a signed 64-bit hash of a block that ignores case, spacing and punctuation."""
    value = xxhash.xxh3_64_intdigest(" ".join(cut_words(fold(block))).encode("utf-8", "surrogatepass"))
    return value - (1 << 64) if value >= 1 << 63 else value


def candidates(counts: Mapping[int, int], pages: int) -> set[int]:
    """Return the hashes of the blocks that an outlet repeats so often that they may be furniture.

    `counts` tells on how many different items each block stands, `pages` how many items there are, up to
    `PAGES_COUNTED`.
    """
    needed = max(_FEWEST_ITEMS, min(_SHARE * pages, _ENOUGH_ITEMS))
    return {block for block, count in counts.items() if count >= needed}


def furniture(repeated: AbstractSet[int], texts: Sequence[str]) -> dict[int, str]:
    """Return those of some candidates that stand on texts of different kinds, by hash, as they are written.

    `texts` are items of the outlet; what of them is no candidate tells their kind.
    """
    found: dict[int, list[str]] = {}
    written: dict[int, str] = {}
    for text in texts:
        hashed = dict(zip(hashes(text), blocks(text), strict=True))
        rest = "\n".join(block for number, block in hashed.items() if number not in repeated)
        for number in repeated & hashed.keys():
            found.setdefault(number, []).append(rest)
            written[number] = hashed[number]
    return {number: written[number] for number, rests in found.items() if kinds(rests) >= _FEWEST_ITEMS}


def kinds(rests: Sequence[str]) -> int:
    """Count the kinds of some texts, up to what is needed; those of next to no words are of no kind of their own."""
    known: list[set[str]] = []
    for rest in rests:
        own = {word for word in words(rest) if not _FIGURE.search(word)}
        if len(own) >= _FEWEST_WORDS and all(len(own & other) < _ALIKE * len(own | other) for other in known):
            known.append(own)
            if len(known) == _FEWEST_ITEMS:
                break
    return len(known)


def strip(text: str, furniture: Collection[int], title: str = "") -> tuple[str, tuple[str, ...]]:
    """Return a text without the repeated blocks, and those blocks; a text of nothing else stays as it is.

    What an outlet shows beside other stories as a teaser is text where the title tells of the same thing.
    """
    all_blocks = blocks(text)
    repeated = [
        number in furniture and not _is_own(block, title)
        for number, block in zip(hashes(text), all_blocks, strict=True)
    ]
    kept = [block for block, gone in zip(all_blocks, repeated, strict=True) if not gone]
    if not any(word_count(block) for block in kept):
        return text, ()
    return "\n".join(kept), tuple(block for block, gone in zip(all_blocks, repeated, strict=True) if gone)


def _is_own(block: str, title: str) -> bool:
    """Tell whether a block tells of the same thing as a title."""
    named = {word for word in words(title) if len(word) > _SHORT_WORD}
    return bool(named) and len(named & set(words(block))) >= _OWN * len(named)
