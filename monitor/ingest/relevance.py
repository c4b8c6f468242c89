"""Judges whether a piece is about customs, by weighted terms in eleven languages; pure once the terms are loaded.

The terms are data (`relevance_terms.yaml`), by concept, so that the same fact in two words or languages counts once.
Texts and terms are cut into words alike (pairs of characters in Chinese), and at each place the longest term wins, so
that "customs and traditions" hides the "customs" in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import regex
import yaml

from monitor.model import Verdict
from monitor.text import ByWord, cut_words, fold

#: the news is at the top; long texts would otherwise collect words until everything is about customs
_READ = 2500
#: how many mentions one in the title is worth
_TITLE_MENTIONS = 2
_SHOWN_TERMS = 8
_MASK = "(something else)"
#: and, so, with, like, for, the: written as one word with what follows
_ARABIC_PREFIX = regex.compile(r"[وف]?[بكل]?(?:ال|لل)?(?=\p{Arabic}{3})")

#: the words of a term, each with whether further letters may follow
Pieces = tuple[tuple[str, bool], ...]
#: the words of a term that follow its first one, its concept and its letters
Candidate = tuple[Pieces, str, int]


@dataclass(frozen=True, slots=True)
class Terms:
    """A vocabulary, as the weights of its concepts and the terms that a word may open."""

    threshold: float
    weights: Mapping[str, float]
    opened_by: Callable[[str], Sequence[Candidate]]


def load_terms(extra: Mapping[str, Mapping[str, float]] | None = None) -> Terms:
    """Return the shipped vocabulary with terms of one's own: language to term to weight, below 0 takes away."""
    own = {term: weight for terms in (extra or {}).values() for term, weight in terms.items()}
    return _indexed(own) if own else _shipped()


def judge_with(
    extra: Mapping[str, Mapping[str, float]] | None = None, threshold: float | None = None
) -> Callable[[str, str], Verdict]:
    """Return the relevance stage as a function of title and text; no threshold means the shipped one."""
    terms = load_terms(extra)
    return lambda title, text: judge(title, text, terms=terms, threshold=threshold)


def judge(title: str, text: str, *, terms: Terms, threshold: float | None = None) -> Verdict:
    """Return whether a piece is kept, its score (3 and more for news about customs) and the terms that decided it."""
    needed = terms.threshold if threshold is None else threshold
    mentions: Counter[str] = Counter()
    heard: dict[str, str] = {}
    for count, part in ((_TITLE_MENTIONS, title), (1, text[:_READ])):
        for concept, words in _found(_cut(part), terms):
            mentions[concept] += count
            heard.setdefault(concept, words)
    worth = {concept: _worth(terms.weights[concept], count) for concept, count in mentions.items()}
    score = round(sum(worth.values()), 3)
    leading = sorted(worth, key=lambda concept: (-abs(worth[concept]), concept))
    names = tuple(heard[concept] for concept in leading)[:_SHOWN_TERMS]
    return Verdict(score >= needed, score, names, _reason(score, needed, names))


def _worth(weight: float, mentions: int) -> float:
    """Return what a concept adds: its weight for one mention, at most twice that for many."""
    return weight * (2 - 2.0 ** (1 - mentions))


def _reason(score: float, needed: float, names: tuple[str, ...]) -> str:
    """Say why a piece is kept or dropped."""
    if not names:
        return "no term of customs in it"
    return f"score {score:g} of {needed:g} needed: {', '.join(names)}"


# ---------------------------------------------------------------- finding terms


def _cut(text: str) -> list[str]:
    """Return the words of a text in the form that is matched: folded, one kind of i."""
    return cut_words(fold(text).replace("ı", "i"))


def _found(words: Sequence[str], terms: Terms) -> Iterator[tuple[str, str]]:
    """Yield the concepts a text mentions, each with the words that do; no word is used twice."""
    free = 0
    for number, candidates in [(n, found) for n, found in enumerate(map(terms.opened_by, words)) if found]:
        if number < free:
            continue
        if best := max(_hits(candidates, words, number), key=lambda hit: hit[::2], default=None):
            free = number + best[0]
            if best[1] != _MASK:
                yield best[1], " ".join(words[number:free])


def _forms(word: str) -> Iterator[str]:
    """Yield a word, and an Arabic one also without the particles written together with it."""
    yield word
    found = None if word.isascii() else _ARABIC_PREFIX.match(word)
    if found and found[0]:
        yield word[found.end() :]


def _hits(candidates: Iterable[Candidate], words: Sequence[str], number: int) -> Iterator[tuple[int, str, int]]:
    """Yield the number of words, the concept and the number of letters of each term that stands at a place."""
    for pieces, concept, letters in candidates:
        rest = words[number + 1 : number + 1 + len(pieces)]
        if len(rest) == len(pieces) and all(map(_fits, rest, pieces)):
            yield len(pieces) + 1, concept, letters


def _fits(word: str, piece: tuple[str, bool]) -> bool:
    """Tell whether a word is a piece of a term, or begins with it where that is allowed."""
    return word == piece[0] or (piece[1] and word.startswith(piece[0]))


# ---------------------------------------------------------------- the vocabulary


@cache
def _shipped() -> Terms:
    """Return the shipped vocabulary."""
    return _indexed({})


def _indexed(own: Mapping[str, float]) -> Terms:
    """Return the shipped vocabulary and further terms, which stand first and so win where both fit."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    terms_file = files(__package__).joinpath("relevance_terms.yaml")
    listed: dict[str, Any] = yaml.load(terms_file.read_text("utf-8"), loader)  # noqa: S506 - a safe loader
    weights = {name: float(concept.pop("weight")) for name, concept in listed["concepts"].items()}
    meaning: dict[Pieces, str] = {pieces: term for term in own if (pieces := _pieces(term))}
    for name, terms_of in ((_MASK, listed["masks"]), *listed["concepts"].items()):
        for pieces in _all_pieces(terms_of):
            meaning.setdefault(pieces, name)
    return Terms(float(listed["threshold"]), {**weights, **own}, _openings(meaning))


def _openings(meaning: Mapping[Pieces, str]) -> Callable[[str], Sequence[Candidate]]:
    """Return the function from a word to the terms it may open: those of whole words first, then by length."""
    whole: dict[str, list[Candidate]] = {}
    begun: dict[str, list[Candidate]] = {}
    for pieces, name in meaning.items():
        first, may_go_on = pieces[0]
        candidate = (pieces[1:], name, sum(len(word) for word, _ in pieces))
        (begun if may_go_on else whole).setdefault(first, []).append(candidate)
    lengths = sorted({len(first) for first in begun})
    shortest = min(lengths, default=1)
    heads = frozenset(first[:shortest] for first in begun)

    def opened_by(word: str) -> tuple[Candidate, ...]:
        found: list[Candidate] = []
        for form in _forms(word):
            found += whole.get(form, ())
            for length in lengths if form[:shortest] in heads else ():
                found += begun.get(form[:length], ()) if length <= len(form) else ()
        return tuple(found)

    return ByWord(opened_by).__getitem__


def _all_pieces(terms_of: Mapping[str, Iterable[str]]) -> Iterator[Pieces]:
    """Yield the words of each term of a concept, over all languages."""
    for terms in terms_of.values():
        for term in terms:
            yield _pieces(str(term))


def _pieces(term: str) -> Pieces:
    """Return the words of a term; a star behind a word lets further letters follow."""
    return tuple(
        (word, part.endswith("*") and number == len(cut))
        for part in regex.split(r"[\s-]+", term)
        for cut in [_cut(part)]
        for number, word in enumerate(cut, 1)
    )
