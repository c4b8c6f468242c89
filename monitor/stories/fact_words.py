"""Words as facts are looked up by: folded, one kind of i, without the articles and particles that Arabic joins on."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from monitor.text import ByWord

#: and, so, with, like, for, the: written as one word with what follows
_ARABIC_PREFIX = regex.compile(r"[وف]?[بكل]?(?:ال|لل)?(?=[\p{Arabic}\u0651]{3})")
#: short vowels; a doubled consonant stays: it tells Amman from Oman
_ARABIC_VOWELS = dict.fromkeys((*range(0x64B, 0x651), 0x652))
_DOTLESS = str.maketrans("ı", "i")


def plain(word: str) -> str:
    """Return a canonical word as the tables of facts spell it."""
    return _PLAIN[word]


def all_plain(words: Sequence[str]) -> list[str]:
    """Return canonical words as the tables of facts spell them; what is nothing but a particle is left out."""
    joined = " ".join(words)
    if joined.isascii():
        return joined.lower().split()
    return list(filter(None, map(_PLAIN.__getitem__, words)))


def _spelled(word: str) -> str:
    """Fold one word."""
    low = word.casefold().replace("i\u0307", "i").translate(_DOTLESS)
    return low if low.isascii() else _ARABIC_PREFIX.sub("", low.translate(_ARABIC_VOWELS), count=1)


_PLAIN = ByWord(_spelled)
