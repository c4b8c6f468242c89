"""The facts of a piece: what it is about (goods, acts, things), where, and its figures, in any words or language.

A piece says what it is about at the top: facts are read from the title, which counts twice, and the first words of the
text, so that the teasers of other stories at the end of a page do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from monitor.stories.fact_places import read_places
from monitor.stories.fact_terms import concepts_of, spans_of_concepts
from monitor.stories.fact_words import all_plain
from monitor.stories.features import Features, counted, term_id
from monitor.stories.figures import Figure, figure_terms
from monitor.text import canonical, cut_words

#: the views of the facts; those of the lead see the title and the first words only, and a happening is goods or an act
#: together with a country: rare enough to find candidates by
FACTS = ("subject", "lead subject", "place", "lead place", "figures", "happening")

#: set by benchmarks/fit_customs_score.py: 100 to 220 words score alike, whole texts lower
READ_WORDS = 150
LEAD_WORDS = 60
TITLE_COUNTS = 2
#: happenings that find candidates, the weightiest ones first
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
    subject, lead_subject = _subjects(
        all_plain(head) * TITLE_COUNTS, all_plain(lead), all_plain(body[LEAD_WORDS:]), lang
    )
    place, lead_place = (read_places(head + words, lang) for words in (body, lead))
    return Facts(
        (subject, lead_subject, place, lead_place, figure_terms(figures), _happenings(lead_place, lead_subject))
    )


def _subjects(head: list[str], lead: list[str], rest: list[str], lang: str | None) -> tuple[Counter[str], Counter[str]]:
    """Count what title and body, which is lead and rest, speak of, and apart from it what title and lead alone do."""
    found = list(spans_of_concepts(head + lead + rest, lang))
    end = len(head) + len(lead)
    return (
        Counter(concept for _at, _length, concept in found),
        Counter(concept for at, length, concept in found if at + length <= end),
    )


def fact_features(facts: Facts) -> Features:
    """Return the vectors of a piece's facts before they are weighed; their terms are no words of any text."""
    return counted({_spelling(fact): count for fact, count in bag.items()} for _view, bag in facts.items())


def fact_id(fact: str) -> int:
    """Return the id of a fact in the vectors."""
    return term_id(_spelling(fact))


def _spelling(fact: str) -> str:
    """Return a fact as a term that no word of a text is."""
    return f"fact {fact}"


def no_facts() -> Features:
    """Return the vectors of a piece whose facts were never read."""
    empty = np.array([], dtype=np.uint32), np.array([], dtype=np.float32)
    return Features(tuple(empty[0] for _ in FACTS), tuple(empty[1] for _ in FACTS))


def _happenings(places: Mapping[str, int], subjects: Mapping[str, int]) -> Counter[str]:
    """Count goods and acts together with the countries they are named with."""
    telling = [(subject, count) for subject, count in subjects.items() if subject in _telling()]
    return Counter(
        {
            f"{place} {subject}": min(times, count)
            for place, times in places.items()
            if place.startswith("in:")
            for subject, count in telling
        }
    )


@cache
def _telling() -> frozenset[str]:
    """Return the concepts that make a happening together with a country."""
    return concepts_of("goods") | concepts_of("acts")


def happening_ids(facts: Features) -> list[int]:
    """Return the ids of the weightiest happenings of a piece, by which it is found besides its rare words."""
    ids, weights = facts.ids[-1].tolist(), facts.weights[-1].tolist()
    return [term for _weight, term in sorted(zip(weights, ids, strict=True), reverse=True)[:INDEX_HAPPENINGS]]
