"""Words as facts are looked up by: folded, one kind of i, without the articles and particles that Arabic joins on."""

from __future__ import annotations

from functools import lru_cache

import regex

from monitor.text import WORDS_KEPT

#: and, so, with, like, for, the: written as one word with what follows
_ARABIC_PREFIX = regex.compile(r"[وف]?[بكل]?(?:ال|لل)?(?=\p{Arabic}{3})")
_DOTLESS = str.maketrans("ı", "i")


@lru_cache(maxsize=WORDS_KEPT)
def plain(word: str) -> str:
    """Return a canonical word as the tables of facts spell it."""
    low = word.casefold().replace("i\u0307", "i").translate(_DOTLESS)
    return low if low.isascii() else _ARABIC_PREFIX.sub("", low, count=1)
