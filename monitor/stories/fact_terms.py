"""What customs news speaks of: goods, acts and things, named in the words of eleven languages (`fact_terms.yaml`).

Reports of one event in other words, or another language, name the same concepts: a walkout is a strike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib.resources import files

import yaml

from monitor.stories.fact_words import plain
from monitor.text import ByWord, canonical, cut_words

#: pieces whose language is unknown, or not in the vocabulary, are read as if they were in this one
_DEFAULT = "en"

#: the words that follow the first one, each with whether further letters may follow, and the concept
Pattern = tuple[tuple[tuple[str, bool], ...], str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The patterns of one language by their first word: whole words, and beginnings of words."""

    whole: Mapping[str, Sequence[Pattern]]
    begun: Mapping[str, Sequence[Pattern]]
    #: the letters of the shortest beginning, and so many of all of them: nine in ten words have none of these
    shortest: int
    heads: frozenset[str]


@cache
def _table() -> Mapping[str, Mapping[str, Mapping[str, Sequence[object]]]]:
    """Return the vocabulary as written: kind, concept, language, patterns."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(files("monitor.stories").joinpath("fact_terms.yaml").read_text(encoding="utf-8"), loader))  # noqa: S506 - a safe loader


@cache
def concepts_of(kind: str) -> frozenset[str]:
    """Return the names of the goods, acts or things."""
    return frozenset(_table()[kind])


@cache
def vocabulary(lang: str | None) -> Vocabulary:
    """Return the patterns of a language."""
    whole: dict[str, list[Pattern]] = {}
    begun: dict[str, list[Pattern]] = {}
    for concepts in _table().values():
        for concept, listed in concepts.items():
            for written in listed.get(lang or _DEFAULT, ()):
                (first, open_end), *rest = _pieces(str(written))
                (begun if open_end else whole).setdefault(first, []).append((tuple(rest), concept))
    if not whole:
        return vocabulary(_DEFAULT)
    shortest = min(map(len, begun), default=1)
    return Vocabulary(whole, begun, shortest, frozenset(first[:shortest] for first in begun))


def _pieces(pattern: str) -> list[tuple[str, bool]]:
    """Return the words of a pattern, each with whether further letters may follow."""
    return [
        (plain(word), raw.endswith("*") and n == len(parts) - 1)
        for raw in pattern.split()
        for parts in [cut_words(canonical(raw.replace("*", "")))]
        for n, word in enumerate(parts)
    ]


@lru_cache(maxsize=16)
def _opened(lang: str | None) -> ByWord[tuple[Pattern, ...]]:
    """Return the patterns of a language by the words that may open them."""
    return ByWord(partial(_patterns, lang=lang))


def _patterns(word: str, lang: str | None) -> tuple[Pattern, ...]:
    """Return the patterns that a word may open."""
    known = vocabulary(lang)
    whole = known.whole.get(word, ())
    if word[: known.shortest] not in known.heads:
        return tuple(whole)
    begun = (pattern for end in range(1, len(word) + 1) for pattern in known.begun.get(word[:end], ()))
    return (*whole, *begun)


def find_concepts(words: Sequence[str], lang: str | None) -> Iterable[tuple[int, str]]:
    """Yield the position and name of each concept among plain words."""
    for at, _length, concept in spans_of_concepts(words, lang):
        yield at, concept


def spans_of_concepts(words: Sequence[str], lang: str | None) -> Iterator[tuple[int, int, str]]:
    """Yield the position, the number of words and the name of each concept among plain words."""
    opened = map(_opened(lang).__getitem__, words)
    for at, patterns in [(at, patterns) for at, patterns in enumerate(opened) if patterns]:
        for rest, concept in patterns:
            if not rest or _follows(rest, words[at + 1 : at + 1 + len(rest)]):
                yield at, 1 + len(rest), concept


def _follows(rest: Sequence[tuple[str, bool]], words: Sequence[str]) -> bool:
    """Tell whether words are those of the rest of a pattern."""
    return len(words) == len(rest) and all(
        word.startswith(part) if open_end else word == part for word, (part, open_end) in zip(words, rest, strict=True)
    )
