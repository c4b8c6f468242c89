"""Recognising spun copies: a machine replaced the words, but the text still runs like its original.

The anchors of a text are its figures and capitalised words in order, sentence openings left out. Two reports of one
event share many, but each tells them in its own order; a spun or machine-translated copy keeps the order, and it keeps
about half of all words in theirs. Both are measured as longest common subsequences. On the labelled
corpora spun copies keep 0.75 to 1.0 of the shorter text's anchors (one of seven 0.64) and 0.48 to 0.58 of its words;
independent reports of one event that happen to keep as many anchors keep 0.14 to 0.43 of the words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from monitor.text import canonical, fold, has_uncommon, words

#: share of the shorter text's anchors that come in the order of the other text
MIN_ORDER = 0.75
#: the same of the longer text: a report is no copy of a round-up that mentions its figures
MIN_ORDER_OF_LONGER = 0.3
#: fewer anchors in common come in the same order by chance
MIN_ANCHORS = 6
#: share of the shorter text's words that come in the order of the other text
MIN_WORD_ORDER = 0.45
#: so few anchors say enough where half of the longer text's come in order, and of its words as many as of the shorter
#: one's: of the pairs of allsides_2021 none keeps more than 0.40
FEW_ANCHORS, MIN_ORDER_OF_FEW = 3, 0.5
#: anchors and words that are looked at: the top of a story, and a bound on the time that comparing takes
MAX_ANCHORS, MAX_WORDS = 150, 250

_ENDS = frozenset(".!?\n")
_ANCHOR = regex.compile(r"\d+(?:[.,]\d+)*|\p{L}[\p{L}\p{M}\p{N}]*|[.!?\n]")
#: the same where letters are Latin, Greek and Cyrillic, in a third of the time
_COMMON_ANCHOR = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_][^\W_]*|[.!?\n]")


@dataclass(frozen=True, slots=True)
class Order:
    """How many anchors two texts have in the same order, and as a share of the shorter and of the longer list."""

    shared: int
    of_shorter: float
    of_longer: float


def anchors(text: str) -> tuple[str, ...]:
    """Return the figures and names of a text in order, folded; scripts without case give their figures only."""
    content = canonical(text)
    tokens = (_ANCHOR if has_uncommon(content) else _COMMON_ANCHOR).findall(content)
    found = [
        token
        for token, before in zip(tokens, ["\n", *tokens], strict=False)
        if not token.islower() and (token[0].isdecimal() or (token[0].isupper() and before not in _ENDS))
    ]
    return tuple(map(fold, found[:MAX_ANCHORS]))


def order_of(a: Sequence[str], b: Sequence[str]) -> Order:
    """Return how far two lists of anchors run in the same order."""
    if not a or not b:
        return Order(0, 0.0, 0.0)
    shared = _common_subsequence(a, b)
    return Order(shared, shared / min(len(a), len(b)), shared / max(len(a), len(b)))


def is_anchored(order: Order) -> bool:
    """Tell whether the anchors of two texts run enough alike for one to be a spun copy of the other."""
    least = MIN_ORDER_OF_FEW if order.shared < MIN_ANCHORS else MIN_ORDER_OF_LONGER
    return order.shared >= FEW_ANCHORS and order.of_shorter >= MIN_ORDER and order.of_longer >= least


def is_spun(a: str, b: str, order: Order | None = None) -> bool:
    """Tell whether one of two texts is a spun copy of the other; the order of their anchors may be known already."""
    found = order or order_of(anchors(a), anchors(b))
    return is_anchored(found) and _keeps_word_order(a, b, of_both=found.shared < MIN_ANCHORS)


def _keeps_word_order(a: str, b: str, *, of_both: bool) -> bool:
    """Tell whether enough words of the shorter text, or of both, come in the order of the other one."""
    found = order_of(words(a)[:MAX_WORDS], words(b)[:MAX_WORDS])
    return (found.of_longer if of_both else found.of_shorter) >= MIN_WORD_ORDER


def _common_subsequence(a: Sequence[str], b: Sequence[str]) -> int:
    """Return the length of the longest common subsequence of two lists, a row of the table at a time (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for column, y in enumerate(b):
        places[y] = places.get(y, 0) | 1 << column
    row = everything = (1 << len(b)) - 1
    for x in a:
        met = row & places.get(x, 0)
        row = (row + met | row - met) & everything
    return len(b) - row.bit_count()
