"""Twins: two seizures, or two agreements, that are alike in all but goods, place or parties.

What sets a piece apart stands in its title: goods, countries or cities of which the other piece, whose title names some
as well, says nothing in its first words. Reports of one event that name its place in different ways name those of the
others further down, or share a figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from monitor.stories.fact_places import read_places
from monitor.stories.fact_terms import concepts_of, find_concepts
from monitor.stories.fact_words import plain
from monitor.stories.facts import LEAD_WORDS, READ_WORDS
from monitor.stories.figures import QUALIFIERS, figure_terms, read_figures
from monitor.text import canonical, cut_words

#: acts that are one event only at one place, with one load or among the same parties
_SEIZURE, _AGREEMENT = "seizure", "agreement"
#: what is done in many places at once, and told by each for itself
_SPREAD = frozenset(["jointop", "destruction", "ranking", "revenue", "reaction"])
#: goods that are the load of another one, or a word for many
_LOADS = frozenset(["parcels", "waste"]) | QUALIFIERS
#: the seat of what does not belong to its country
_SEATS = {"at:brussels": "in:BE", "at:geneva": "in:CH"}
_COUNTRY = len("in:XX")
_UNIONS = frozenset(["in:EU", "in:UN"])
#: those who agree; a title that names one country may be the word of one that stayed outside
_PARTIES = 2
_SCENES_KEPT = 4000


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a piece plays, and with what; of the title, and of its first words with the title."""

    acts: frozenset[str]
    title_goods: frozenset[str]
    goods: frozenset[str]
    title_places: frozenset[str]
    places: frozenset[str]


@lru_cache(maxsize=_SCENES_KEPT)
def read_scene(title: str, text: str, lang: str | None) -> Scene:
    """Read the scene of a piece from its title and the first words of its text."""
    head = cut_words(canonical(title))
    body = cut_words(canonical(text[: READ_WORDS * 20]))[:READ_WORDS]
    named, told = (_concepts(words, lang) for words in (head, head + body))
    title_places, places = (_places(words, lang) for words in (head, head + body))
    acts = _concepts(head + body[:LEAD_WORDS], lang) & concepts_of("acts")
    goods = concepts_of("goods") - _LOADS
    return Scene(acts, named & goods, told & goods, title_places, places)


def twins(one: tuple[str, str, str | None], other: tuple[str, str, str | None]) -> str | None:
    """Name what makes two pieces, each title, text and language, two events that are alike; None when nothing does."""
    a, b = read_scene(*one), read_scene(*other)
    acts = a.acts & b.acts
    if not acts & {_SEIZURE, _AGREEMENT} or acts & _SPREAD:
        return None
    mine, theirs = _countries(a.title_places), _countries(b.title_places)
    found = _exclusive(mine, theirs, a.places, b.places)
    if _SEIZURE not in acts:
        return found if min(len(mine), len(theirs)) >= _PARTIES else None
    found = found or _other_goods(a, b) or _other_cities(a, b)
    return None if found is None or _share_a_figure(one, other) else found


def _other_goods(a: Scene, b: Scene) -> str | None:
    """Name the goods of two titles of which neither piece names those of the other."""
    if not a.title_goods or not b.title_goods or a.title_goods & b.goods or b.title_goods & a.goods:
        return None
    return _said(a.title_goods, b.title_goods)


def _other_cities(a: Scene, b: Scene) -> str | None:
    """Name the cities of two titles of which neither piece names those of the other, where the goods are the same."""
    mine, theirs = (frozenset(p for p in s.title_places if p.startswith("at:")) for s in (a, b))
    if not a.goods & b.goods or not mine or not theirs or mine & b.places or theirs & a.places:
        return None
    return _said(mine, theirs)


def _exclusive(
    mine: frozenset[str], theirs: frozenset[str], places: frozenset[str], other_places: frozenset[str]
) -> str | None:
    """Name the countries of two titles that the other piece does not name, None unless both sides have some."""
    own, other = mine - other_places, theirs - places
    return _said(own, other) if own and other else None


def _share_a_figure(one: tuple[str, str, str | None], other: tuple[str, str, str | None]) -> bool:
    """Tell whether two pieces give a figure in common that has a unit or is no small count."""
    return bool(_figures(*one) & _figures(*other))


@lru_cache(maxsize=_SCENES_KEPT)
def _figures(title: str, text: str, lang: str | None) -> frozenset[str]:
    """Return the telling figures of a piece, large ones also as "about" would give them."""
    return frozenset(figure_terms(f for f in read_figures(title, text, lang) if f.is_telling()))


def _countries(places: Iterable[str]) -> frozenset[str]:
    """Return the countries among places, without unions and without those that a seat stands for."""
    seats = {_SEATS[place] for place in places if place in _SEATS}
    return frozenset(p for p in places if p.startswith("in:") and len(p) == _COUNTRY and p not in _UNIONS | seats)


def _concepts(words: list[str], lang: str | None) -> frozenset[str]:
    """Return what words name, of goods, acts and things."""
    return frozenset(concept for _, concept in find_concepts(list(filter(None, map(plain, words))), lang))


def _places(words: list[str], lang: str | None) -> frozenset[str]:
    """Return the places that words name."""
    return frozenset(read_places(words, lang))


def _said(mine: Iterable[str], theirs: Iterable[str]) -> str:
    """Return two sides as a reader would name them."""
    return " / ".join(", ".join(sorted(_name(found) for found in side)) for side in (mine, theirs))


def _name(found: str) -> str:
    """Return goods as they are, a country by its code, a city with a capital."""
    kind, _, name = found.rpartition(":")
    return name.title() if kind == "at" else name
