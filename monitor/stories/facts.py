"""The facts of a piece: what it is about (goods, acts, things), where, and its figures, whatever words or language it uses.

A piece says what it is about at the top: facts are read from the title, which counts twice, and the first words of the
text, so that the teasers of other stories at the end of a page do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from monitor.stories.fact_places import read_places
from monitor.stories.fact_terms import concepts_of, read_concepts
from monitor.stories.fact_words import plain
from monitor.stories.features import Features, counted
from monitor.stories.figures import Figure, figure_terms
from monitor.text import canonical, cut_words

#: the views of the facts; those of the lead see the title and the first words only
FACTS = ("subject", "lead subject", "place", "lead place", "figures")

#: set by benchmarks/fit_customs_score.py: 100 to 220 words score alike, whole texts lower
READ_WORDS = 150
LEAD_WORDS = 60
TITLE_COUNTS = 2
#: combinations of a country and a subject that find candidates, the most frequent ones first
INDEX_HAPPENINGS = 12


@dataclass(frozen=True, slots=True)
class Facts:
    """Counts of the facts of one piece, one mapping a view."""

    bags: tuple[Mapping[str, int], ...]

    def items(self) -> Iterator[tuple[str, Mapping[str, int]]]:
        """Yield each view's name and bag, in the fixed order of `FACTS`."""
        return zip(FACTS, self.bags, strict=True)


def read_facts(title: str, text: str, lang: str | None, figures: Iterable[Figure] = ()) -> Facts:
    """Read the facts of a piece; its figures are read once, by `read_figures`."""
    head = cut_words(canonical(title))
    body = cut_words(canonical(text[: READ_WORDS * 20]))[:READ_WORDS]
    lead = body[:LEAD_WORDS]
    return Facts(
        (
            read_concepts(_plain(head * TITLE_COUNTS + body), lang),
            read_concepts(_plain(head * TITLE_COUNTS + lead), lang),
            read_places(head + body, lang),
            read_places(head + lead, lang),
            figure_terms(figures),
        )
    )


def _plain(written: Sequence[str]) -> list[str]:
    """Return words as the vocabulary spells them."""
    return [word for raw in written if (word := plain(raw))]


def fact_features(facts: Facts) -> Features:
    """Return the vectors of a piece's facts before they are weighed; their terms are no words of any text."""
    return counted({f"fact {term}": count for term, count in bag.items()} for _view, bag in facts.items())


def no_facts() -> Features:
    """Return the vectors of a piece whose facts were never read."""
    empty = np.array([], dtype=np.uint32), np.array([], dtype=np.float32)
    return Features(tuple(empty[0] for _ in FACTS), tuple(empty[1] for _ in FACTS))


def happenings(facts: Facts) -> list[str]:
    """Return what a piece may be found by besides rare words: goods or acts together with a country, from its top."""
    bags = dict(facts.items())
    subjects = concepts_of("goods") | concepts_of("acts")
    pairs = Counter(
        {
            f"fact {place} {subject}": places * count
            for place, places in bags["lead place"].items()
            for subject, count in bags["lead subject"].items()
            if place.startswith("in:") and subject in subjects
        }
    )
    return [pair for pair, _count in islice(sorted(pairs.items(), key=lambda p: (-p[1], p[0])), INDEX_HAPPENINGS)]
