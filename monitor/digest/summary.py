"""Tell a story in a few sentences of its own pieces: greedy maximum coverage of weighted words.

After Lin and Bilmes, A Class of Submodular Functions for Document Summarization (ACL 2011): the gain of a sentence is
the weight of the words it adds, so that repetition earns nothing, divided by a power of its cost; being monotone and
submodular, the greedy choice is near the best one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from monitor.digest.reports import own_texts
from monitor.digest.sentences import Candidate, base_lang, candidates, furniture_of, opening, stems
from monitor.model import Story, StoryItem

_MIN_SENTENCES = 2
#: the first sentence is taken from this many at the head of the lead, where news says who did what
_HEAD = 3
#: a further sentence must bring this share of what the first one brought
_WORTH = 0.25
#: power of the length that a gain is divided by; 0 favours long sentences, 1 short ones (benchmarks/digest.py)
_COST = 0.35
#: how much more the first sentence of a piece counts; it falls off with the position
_OPENING_BONUS = 0.6
#: weight left to words that earlier pieces of a developing story have told already
_TOLD = 0.3
#: share of words in common from which two sentences, or a sentence and the title, say the same
_SAME, _INSIDE, _TITLE = 0.5, 0.8, 0.75

#: the sentences of each item that may be quoted, by item id
Quotable: TypeAlias = Mapping[int, Sequence[Candidate]]


@dataclass(frozen=True, slots=True)
class Background:
    """What is ordinary in a digest's pieces, against which a story stands out."""

    #: number of pieces that use a word, and of pieces
    uses: Mapping[str, int]
    pieces: int
    #: folded sentences that several stories share
    furniture: frozenset[str]


@dataclass(frozen=True, slots=True)
class Telling:
    """What choosing the sentences of one story goes by."""

    quotable: Quotable
    lead_item_id: int
    #: is not said again
    headline: str
    ordinary: Background
    #: most sentences
    limit: int


def quotable_sentences(items: Iterable[StoryItem], ordinary: Background) -> Quotable:
    """Return the sentences of each item that may be quoted, by item id."""
    return {item.item_id: candidates(item, ordinary.furniture) for item in items}


def background(stories: Sequence[Story]) -> Background:
    """Count the words of all pieces of a digest and find the furniture of their pages."""
    pieces = [item for story in stories for item in own_texts(story.items)]
    uses = Counter(stem for item in pieces for stem in stems(" ".join(opening(item)), base_lang(item.lang)))
    return Background(uses, len(pieces), furniture_of(stories))


def reading_language(
    items: Sequence[StoryItem], lead_item_id: int, preferred: Sequence[str], quotable: Quotable
) -> str | None:
    """Return the language to tell a story in: a preferred one if it can be quoted, else that of most pieces."""
    langs = [base_lang(item.lang) for item in items if quotable[item.item_id]] or [base_lang(i.lang) for i in items]
    for lang in preferred:
        if lang in langs:
            return lang
    counts = Counter(langs)
    lead = next((base_lang(item.lang) for item in items if item.item_id == lead_item_id), None)
    return max(counts, key=lambda lang: (counts[lang], lang == lead, lang or ""))


def pick(items: Sequence[StoryItem], told: Iterable[StoryItem], telling: Telling) -> list[Candidate]:
    """Return the sentences of `items` that cover best what these say, in the order they were chosen.

    `told` are pieces whose content the reader had before.
    """
    title = stems(telling.headline, base_lang(items[0].lang)) if items else frozenset()
    pool = [c for item in items for c in telling.quotable[item.item_id] if not _says_title(c.stems, title)]
    old = {stem for item in told for stem in stems(" ".join(opening(item)), base_lang(item.lang))}
    head = [c for c in pool if c.item_id == telling.lead_item_id and c.position < _HEAD]
    return _cover(pool, head, _weights(pool, old, telling.ordinary), telling.limit)


def _cover(
    pool: Sequence[Candidate], head: Sequence[Candidate], weights: Mapping[str, float], limit: int
) -> list[Candidate]:
    """Choose greedily by gain, the first from `head`; stop at the limit, or when the next would bring little."""
    chosen: list[Candidate] = []
    covered: set[str] = set()
    first_gain = 0.0
    while len(chosen) < limit:
        rest = [c for c in pool if not any(_same(c.stems, other.stems) for other in chosen)]
        if not chosen and head:
            rest = list(head)
        best = max(rest, key=lambda c: (_gain(c, covered, weights), -c.position, -c.item_id), default=None)
        if best is None:
            break
        gain = _gain(best, covered, weights)
        first_gain = first_gain or gain
        if len(chosen) >= _MIN_SENTENCES and gain < _WORTH * first_gain:
            break
        chosen.append(best)
        covered |= best.stems
    return chosen


def _gain(candidate: Candidate, covered: set[str], weights: Mapping[str, float]) -> float:
    """Return what a sentence adds to those chosen; rounded, so that the order of summing cannot decide."""
    added = math.fsum(weights[stem] for stem in candidate.stems - covered)
    bonus = 1 + _OPENING_BONUS / (1 + candidate.position)
    return round(added * bonus / math.pow(candidate.length, _COST), 9)


def _weights(pool: Sequence[Candidate], old: set[str], ordinary: Background) -> dict[str, float]:
    """Return the weight of each word: said by many pieces of the story and few of others, not told before."""
    saying = Counter(stem for _, stem in {(c.item_id, stem) for c in pool for stem in c.stems})
    return {
        stem: pieces
        # the story's own pieces do not make a word ordinary: it would be the less worth the more of them say it; the
        # root keeps names that one piece drops from outweighing what all say (benchmarks/digest.py)
        * math.sqrt(math.log(1 + ordinary.pieces / (1 + max(0, ordinary.uses.get(stem, 0) - pieces))))
        * (_TOLD if stem in old else 1.0)
        for stem, pieces in saying.items()
    }


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two sentences say the same, or one is inside the other."""
    shared = len(one & other)
    return shared >= _SAME * len(one | other) or shared >= _INSIDE * min(len(one), len(other))


def _says_title(sentence: frozenset[str], title: frozenset[str]) -> bool:
    """Tell whether a sentence says hardly more than the headline."""
    return not sentence or len(sentence & title) >= _TITLE * len(sentence)
