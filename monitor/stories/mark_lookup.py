"""What a word of a title or sentence may stand for, looked up in the tables of `mark_words`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType

from monitor.stories.mark_words import TABLES
from monitor.text import WORDS_KEPT, ByWord

Senses = Mapping[str, str]

_ARABIC = re.compile(r"[\u0621-\u064a]")
_ARABIC_ARTICLE = re.compile(r"^(?:[وفبك]?ال|و?لل)(?=.{2})")
_ARABIC_LETTERS = {**dict.fromkeys(map(ord, "أإآٱ"), "ا"), ord("ى"): "ي", ord("ة"): "ه"}


@lru_cache(maxsize=WORDS_KEPT)
def fold_word(word: str) -> str:
    """Return a word as the tables hold it: folded, dotless i as i, Arabic without article and hamza."""
    folded = word.casefold().replace("i\u0307", "i").replace("ı", "i").replace("ё", "е")
    if _ARABIC.search(folded):
        return _ARABIC_ARTICLE.sub("", folded.translate(_ARABIC_LETTERS))
    return folded


def fold_words(words: Sequence[str]) -> list[str]:
    """Fold some words as `fold_word` does, those of a text in ASCII at once."""
    joined = " ".join(words)
    return joined.lower().split(" ") if words and joined.isascii() else list(map(fold_word, words))


def plain_word(word: str) -> str:
    """Return a folded word without its accents, as capitals and hasty writers leave them out."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def senses(word: str) -> Senses:
    """Return what a folded word may stand for: category to value, empty for most words."""
    return _SENSES[word]


def all_senses(words: Iterable[str]) -> tuple[Senses, ...]:
    """Return what each of some folded words may stand for."""
    return tuple(map(_SENSES.__getitem__, words))


def _looked_up(word: str) -> Senses:
    """Look a word up in the tables."""
    exact, stems = _tables()
    found = dict(exact.get(word, ()))
    for length in range(len(word), 2, -1):
        for category, value in stems.get(word[:length], ()):
            found.setdefault(category, value)
    return MappingProxyType(found) if found else _NOTHING


#: most words stand for nothing, and share it
_NOTHING: Senses = MappingProxyType({})
_SENSES = ByWord(_looked_up)


@cache
def phrases() -> tuple[str, ...]:
    """Return the phrases of all tables, longest first, with blanks between their words."""
    found = {entry.rstrip("*").replace("_", " ") for _, _, entry in _entries() if "_" in entry.rstrip("_*")}
    return tuple(sorted((p for p in found if "*" not in p), key=len, reverse=True))


_Table = dict[str, list[tuple[str, str]]]


@cache
def _tables() -> tuple[_Table, _Table]:
    """Return the exact words and the stems, each with its category and value."""
    exact: _Table = {}
    stems: _Table = {}
    for category, value, entry in _entries():
        table, word = (stems, entry[:-1]) if entry.endswith("*") else (exact, entry)
        for form in {fold_word(word), plain_word(fold_word(word)) if _drops_accents(word) else fold_word(word)}:
            table.setdefault(form, []).append((category, value))
    return exact, stems


def _drops_accents(word: str) -> bool:
    """Tell whether a word may be looked up without its accents: Latin script, but not Vietnamese tones."""
    decomposed = unicodedata.normalize("NFKD", word)
    return decomposed[0].isascii() and "_" not in word and not set(decomposed) & set("\u0309\u031b\u0323đ")


def _entries() -> Iterator[tuple[str, str, str]]:
    """Yield category, value and table entry of every table."""
    for category, table in TABLES:
        for value, words in table.items():
            yield from ((category, value, word) for word in words.split())
