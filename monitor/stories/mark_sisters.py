"""Sister bodies that fill in one template: two branches of an office report the same month in the same words.

No list of bodies: the titles are equal but for one run of capitalised words, each run stands in its own text only, and
the two leads say the same with other figures. Two reports of one event share their figures or not their wording.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from monitor.stories.mark_base import prepare
from monitor.stories.mark_lookup import fold_word, plain_word, senses
from monitor.text import squeeze

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_SITE = re.compile(r"\s(?:\||[-\u00b7])\s[^|]{1,40}$")
#: the lead and what fills it in, in words
_LEAD_WORDS = 120
_SHORTEST_LEAD = 25
_LONGEST_NAME = 5
_LENGTH_DIFFERENCE = 4
_EQUAL_WORDS = 3
_EQUAL_SHARE = 0.5
#: word triples in common: 0.5 and more between sisters, under 0.2 between two reports of one event
_TEMPLATE_JACCARD = 0.35
_SAME_FIGURES = 0.5
_FEWEST_FIGURES = 2
_SHINGLE = 3
_FREE = ("change", "month", "part", "year", "first", "number")


#: titles that are kept cut: a component compares each with many others
_TITLES_KEPT = 5000
_TEXTS_KEPT = 1000


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text, as written and folded, figures as #."""

    written: list[str]
    folded: list[str]


@dataclass(frozen=True, slots=True)
class _Title:
    """A title without the name of its site."""

    words: _Words
    vocabulary: frozenset[str]
    #: words that every filling of the template has: they are no name and do not change with the month
    fixed: frozenset[str]


def sister_conflict(title_a: str, title_b: str, text_a: str, text_b: str) -> str | None:
    """Return the two bodies that fill in one template, None when the pieces are not two such reports."""
    one, other = _title(title_a), _title(title_b)
    # aligning words is slow, and few pairs get this far
    if not (one.fixed <= other.vocabulary and other.fixed <= one.vocabulary):
        return None
    runs = _differing_runs(one.words, other.words)
    if runs is None:
        return None
    name_a, name_b = runs
    if _much_the_same(name_a, name_b):
        return None
    lead_a, lead_b = (_lead(text) for text in (text_a, text_b))
    if min(len(lead_a.folded), len(lead_b.folded)) < _SHORTEST_LEAD:
        return None
    apart = (
        _stands(name_a, text_a) and _stands(name_b, text_b) and not (_stands(name_a, text_b) or _stands(name_b, text_a))
    )
    return f"{name_a} / {name_b}" if apart and _is_template(lead_a, lead_b) else None


@lru_cache(maxsize=_TITLES_KEPT)
def _title(title: str) -> _Title:
    """Cut a title into words."""
    words = _words(_SITE.sub("", prepare(title)))
    pairs = zip(words.written, words.folded, strict=True)
    fixed = frozenset(folded for written, folded in pairs if not (written[0].isupper() or _is_free(folded)))
    return _Title(words, frozenset(words.folded), fixed)


def _words(text: str) -> _Words:
    """Cut a prepared text into words."""
    written = _WORD.findall(text)
    return _Words(written, ["#" if w[0].isdigit() else fold_word(w) for w in written])


@lru_cache(maxsize=_TEXTS_KEPT)
def _lead(text: str) -> _Words:
    """Return the first words of a text."""
    return _words(" ".join(prepare(text[: 12 * _LEAD_WORDS]).split()[:_LEAD_WORDS]))


def _differing_runs(a: _Words, b: _Words) -> tuple[str, str] | None:
    """Return the one run of capitalised words in which two titles differ; figures, months and rise or fall are free."""
    if abs(len(a.folded) - len(b.folded)) > _LENGTH_DIFFERENCE or a.folded == b.folded:
        return None
    runs: list[tuple[str, str]] = []
    equal = 0
    for tag, i, j, k, m in SequenceMatcher(None, a.folded, b.folded, autojunk=False).get_opcodes():
        if tag == "equal":
            equal += sum(word != "#" for word in a.folded[i:j])
        elif not all(_is_free(word) for word in [*a.folded[i:j], *b.folded[k:m]]):
            if tag != "replace" or not (_is_name(a.written[i:j]) and _is_name(b.written[k:m])):
                return None
            runs.append((" ".join(a.written[i:j]), " ".join(b.written[k:m])))
    enough = equal >= _EQUAL_WORDS and equal >= _EQUAL_SHARE * min(len(a.folded), len(b.folded)) - 1
    return runs[0] if len(runs) == 1 and enough else None


def _is_free(word: str) -> bool:
    """Tell whether a word may differ between two fillings of one template."""
    return word == "#" or any(category in senses(word) for category in _FREE)


def _is_name(written: list[str]) -> bool:
    """Tell whether a run of words is a name: short, every word capitalised, no figure."""
    return 0 < len(written) <= _LONGEST_NAME and all(word[0].isupper() for word in written)


def _much_the_same(one: str, other: str) -> bool:
    """Tell whether two names are spellings of one: "Hai Phong" and "Haiphong", or a name and its initials."""
    left, right = (plain_word("".join(map(fold_word, name.split()))) for name in (one, other))
    if left in right or right in left or SequenceMatcher(None, left, right).ratio() > 0.75:  # noqa: PLR2004 - spellings
        return True
    initials = {"".join(word[0] for word in name.split()).casefold() for name in (one, other)}
    return bool(initials & {left, right})


def _stands(name: str, text: str) -> bool:
    """Tell whether a name stands in a text, as it is written."""
    return re.search(rf"\b{re.escape(name)}\b", _plain(text)) is not None


@lru_cache(maxsize=_TEXTS_KEPT)
def _plain(text: str) -> str:
    """Return a text as names are looked for in it."""
    return squeeze(prepare(text))


def _is_template(a: _Words, b: _Words) -> bool:
    """Tell whether two leads have the wording in common, but not the figures."""
    left, right = (_shingles(words.folded) for words in (a, b))
    if len(left & right) < _TEMPLATE_JACCARD * len(left | right):
        return False
    figures_a, figures_b = ({w for w in words.written if w[0].isdigit()} for words in (a, b))
    fewest = min(len(figures_a), len(figures_b))
    return fewest >= _FEWEST_FIGURES and len(figures_a & figures_b) < _SAME_FIGURES * fewest


def _shingles(folded: list[str]) -> set[tuple[str, ...]]:
    """Return the word triples of a lead."""
    return {tuple(folded[i : i + _SHINGLE]) for i in range(len(folded) - _SHINGLE + 1)}
