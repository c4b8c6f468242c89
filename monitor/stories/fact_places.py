"""Where something happened: the countries, blocs and cities that a text names, each city with its country.

The names are data (`places.tsv.gz`, see benchmarks/make_places.py). A capital or an adjective stands for its country:
"Tashkent tightens the sieve" and "Uzbek officials" name one place.
"""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from monitor.stories.fact_words import plain
from monitor.text import WORDS_KEPT, ByWord, canonical, cut_words

_LONGEST = 5
#: endings of case and adjective that these languages add to a name, and the shortest part of a name that is left
_INFLECTED = frozenset(["az", "be", "hy", "ka", "kk", "ky", "mn", "ru", "tg", "tk", "tr", "uk", "uz"])
_ENDING, _STEM = 5, 4
_VOWELS = "аеиіоуыэюяйьaeiouəıöüy"


def key_of(name: str) -> str:
    """Return a name as the table spells it."""
    return " ".join(plain(word) for word in cut_words(canonical(name)))


@cache
def names() -> Mapping[str, tuple[str, str]]:
    """Return the shipped names, each with its country and, for a city, the name that its other names go by."""
    table = gzip.decompress(files("monitor.stories").joinpath("places.tsv.gz").read_bytes()).decode()
    rows = (line.split("\t") for line in table.splitlines()[1:])
    return {name: (country, name if city == "=" else city) for name, country, city in rows}


@cache
def _stems() -> Mapping[str, tuple[str, str]]:
    """Return the places by the part of a one-word name that endings leave."""
    found: dict[str, tuple[str, str]] = {}
    for name, place in names().items():
        stem = name.rstrip(_VOWELS)
        if " " not in name and len(stem) >= _STEM:
            found.setdefault(stem, place)
    return found


@cache
def _lengths() -> Mapping[str, int]:
    """Return for each word that may begin a name the words of the longest one."""
    found: dict[str, int] = {}
    for name in names():
        words = name.split(" ")
        found[words[0]] = min(_LONGEST, max(found.get(words[0], 0), len(words)))
    return found


def read_places(written: Sequence[str], lang: str | None) -> Counter[str]:
    """Count the places among the words of a canonical text: `in:VN` for a country, `at:hai phong` for a city."""
    found: Counter[str] = Counter()
    opens = _OPENS_INFLECTED if lang in _INFLECTED else _OPENS
    at = 0
    for start in [n for n, word in enumerate(written) if not word[0].islower() and opens[word]]:
        if start < at:
            continue
        length, place = _place_at(written, start, lang)
        at = start + length
        if place:
            found[f"in:{place[0]}"] += 1
            if place[1]:
                found[f"at:{place[1]}"] += 1
    return found


def read_countries(written: Sequence[str], lang: str | None) -> frozenset[str]:
    """Return the countries and blocs that a canonical text names, not those of cities: there are several Valencias."""
    found = (_place_at(written, n, lang)[1] for n, word in enumerate(written) if not word[0].islower())
    return frozenset(f"in:{place[0]}" for place in found if place and not place[1])


def _opens(word: str) -> bool:
    """Tell whether a written word is the first of a name in the table."""
    return plain(word) in _lengths()


def _opens_inflected(word: str) -> bool:
    """Tell whether a written word is the first of a name in the table, or a name with an ending."""
    return _opens(word) or _inflected(plain(word)) is not None


#: of the words that are not written small, three in ten open a name
_OPENS = ByWord(_opens)
_OPENS_INFLECTED = ByWord(_opens_inflected)


def _may_be_name(word: str) -> bool:
    """Tell whether a word is written as a name, as far as its script can tell."""
    return not word[0].islower()


def _place_at(written: Sequence[str], at: int, lang: str | None) -> tuple[int, tuple[str, str] | None]:
    """Return how many words the longest name at a position has, and its country and city."""
    known = names()
    first = plain(written[at])
    longest = _lengths().get(first, 0)
    words = [plain(word) for word in written[at : at + longest]] if longest else []
    for length in range(len(words), 0, -1):
        place = known.get(" ".join(words[:length]))
        if place and _is_name(written, at, length):
            return length, place
    return 1, _inflected(first) if lang in _INFLECTED else None


def _is_name(written: Sequence[str], at: int, length: int) -> bool:
    """Tell whether words that spell a name are written like one: "US" is a country, "us" and "Us" are not."""
    if length == 1 and len(written[at]) <= 2:  # noqa: PLR2004 - abbreviations
        return written[at].isupper() or not written[at].isascii()
    return _may_be_name(written[at + length - 1])


@lru_cache(maxsize=WORDS_KEPT)
def _inflected(word: str) -> tuple[str, str] | None:
    """Return the place whose name is left when an ending is taken off."""
    stems = _stems()
    ends = range(len(word), max(_STEM, len(word) - _ENDING) - 1, -1)
    return next((stems[word[:end]] for end in ends if word[:end] in stems), None)
