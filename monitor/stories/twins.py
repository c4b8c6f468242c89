"""Twins: two seizures, or two agreements, that are alike in all but goods, place or parties.

What sets a piece apart stands in its title: goods, countries or cities of which the other piece, whose title names some
as well, says nothing in its first words. Reports of one event that name its place in different ways name those of the
others further down, or share a figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from monitor.stories.fact_places import read_countries, read_places
from monitor.stories.fact_terms import concepts_of, find_concepts, spans_of_concepts
from monitor.stories.fact_words import all_plain
from monitor.stories.facts import LEAD_WORDS, READ_WORDS
from monitor.stories.figures import QUALIFIERS, figure_terms, read_figures
from monitor.text import canonical, cut_words

#: acts that are one event only at one place, with one load or among the same parties
_SEIZURE, _AGREEMENT = "seizure", "agreement"
#: the same for what has no load
_LOCAL = frozenset(["strike", "training", "queue", "appointment", "auction"])
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
_SCENES_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a piece plays, and with what; of the title, and of its first words with the title."""

    acts: frozenset[str]
    title_goods: frozenset[str]
    goods: frozenset[str]
    #: countries that the title names, or a city of the title that the piece says to be there
    title_countries: frozenset[str]
    title_cities: frozenset[str]
    places: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Headline:
    """What a title names: goods that can be a load, and places."""

    words: tuple[str, ...]
    goods: frozenset[str]
    places: frozenset[str]


@lru_cache(maxsize=_SCENES_KEPT)
def _headline(title: str, lang: str | None) -> _Headline:
    """Read a title."""
    words = cut_words(canonical(title))
    goods = frozenset(concept for _, concept in find_concepts(all_plain(words), lang)) & _load()
    return _Headline(tuple(words), goods, frozenset(read_places(words, lang)))


@cache
def _load() -> frozenset[str]:
    """Return the goods that can be the load of a seizure."""
    return concepts_of("goods") - _LOADS


@lru_cache(maxsize=_SCENES_KEPT)
def read_scene(title: str, text: str, lang: str | None) -> Scene:
    """Read the scene of a piece from its title and the first words of its text."""
    head = _headline(title, lang)
    words = [*head.words, *cut_words(canonical(text[: READ_WORDS * 20]))[:READ_WORDS]]
    spans = list(spans_of_concepts(all_plain(words), lang))
    lead = len(all_plain(words[: len(head.words) + LEAD_WORDS]))
    acts = frozenset(concept for at, length, concept in spans if at + length <= lead) & concepts_of("acts")
    goods = frozenset(concept for _at, _length, concept in spans) & _load()
    countries = _without_seats(head.places & read_countries(words, lang), head.places)
    cities = frozenset(place for place in head.places if place.startswith("at:"))
    return Scene(acts, head.goods, goods, countries, cities, frozenset(read_places(words, lang)))


def twins(one: tuple[str, str, str | None], other: tuple[str, str, str | None]) -> str | None:
    """Name what makes two pieces, each title, text and language, two events that are alike; None when nothing does."""
    if not (one[1].strip() and other[1].strip()):
        # a title alone does not say of what a piece says nothing
        return None
    # most pairs are told by their titles: texts are read of those only whose goods differ, or which both name places
    mine, theirs = _headline(one[0], one[2]), _headline(other[0], other[2])
    if not ((mine.goods and theirs.goods and not mine.goods & theirs.goods) or (mine.places and theirs.places)):
        return None
    a, b = read_scene(*one), read_scene(*other)
    acts = a.acts & b.acts
    if acts & _SPREAD:
        return None
    found = _other_goods(a, b)
    # without a load it is no find but an arrest, say of pirates, and outlets name who acted in place of where
    if found is None and _SEIZURE in acts and a.goods | b.goods:
        found = _other_countries(a, b) or _other_cities(a, b, one, other)
    if found is not None:
        return None if _share_a_figure(one, other) else found
    parties = min(len(a.title_countries), len(b.title_countries)) >= _PARTIES
    return _other_countries(a, b) if acts & _LOCAL or (_AGREEMENT in acts and parties) else None


def _other_goods(a: Scene, b: Scene) -> str | None:
    """Name the goods of two titles of which neither piece names those of the other."""
    if not a.title_goods or not b.title_goods or a.title_goods & b.goods or b.title_goods & a.goods:
        return None
    return _said(a.title_goods, b.title_goods)


def _other_cities(
    a: Scene, b: Scene, one: tuple[str, str, str | None], other: tuple[str, str, str | None]
) -> str | None:
    """Name the cities of two titles of which neither piece names those of the other, where both give figures.

    Without them nothing would tell a port from the city that it belongs to.
    """
    if not a.title_cities or not b.title_cities or a.title_cities & b.places or b.title_cities & a.places:
        return None
    return _said(a.title_cities, b.title_cities) if _figures(*one) and _figures(*other) else None


def _other_countries(a: Scene, b: Scene) -> str | None:
    """Name the countries of two titles that the other piece does not name, None unless both sides have some."""
    mine, theirs = a.title_countries - b.places, b.title_countries - a.places
    return _said(mine, theirs) if mine and theirs else None


def _share_a_figure(one: tuple[str, str, str | None], other: tuple[str, str, str | None]) -> bool:
    """Tell whether two pieces give a figure in common that has a unit or is no small count."""
    return bool(_figures(*one) & _figures(*other))


@lru_cache(maxsize=_SCENES_KEPT)
def _figures(title: str, text: str, lang: str | None) -> frozenset[str]:
    """Return the telling figures of a piece, large ones also as "about" would give them."""
    return frozenset(figure_terms(f for f in read_figures(title, text, lang) if f.is_telling()))


def _without_seats(countries: frozenset[str], places: Iterable[str]) -> frozenset[str]:
    """Return countries among places, without unions and without those that a seat stands for."""
    seats = {_SEATS[place] for place in places if place in _SEATS}
    return frozenset(p for p in countries if len(p) == _COUNTRY and p not in _UNIONS | seats)


def _said(mine: Iterable[str], theirs: Iterable[str]) -> str:
    """Return two sides as a reader would name them."""
    return " / ".join(", ".join(sorted(_name(found) for found in side)) for side in (mine, theirs))


def _name(found: str) -> str:
    """Return goods as they are, a country by its code, a city with a capital."""
    kind, _, name = found.rpartition(":")
    return name.title() if kind == "at" else name
