"""Numbers as editions are counted: 88th, 88-ci, eighty-eighth, LXXXVIII, lần thứ 90, الثامنة والثمانون.

The word forms of 1 to 199 are made by rule from the parts in `mark_number_words`; Roman numerals go up to 399.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from monitor.stories.mark_base import Segment
from monitor.stories.mark_lookup import fold_word
from monitor.stories.mark_number_words import ordinal_words

_SUFFIXES = frozenset([
    "st", "nd", "rd", "th", "e", "er", "re", "ere", "ère", "ème", "eme", "nde", "ieme", "ième", "è", "a", "o", "ra",
    "ro", "da", "do", "ta", "to", "va", "vo", "ma", "mo", "na", "no", "й", "я", "е", "го", "му", "м", "ю", "ой",
    "ый", "ая", "ую", "ое", "ого", "ым", "ых", "ші", "шы", "ci", "cu", "cü", "nci", "ncu", "ncü", "inci", "uncu",
    "üncü", "ünci",
])  # fmt: skip
_DIGITS = re.compile(r"(\d{1,3})([^\W\d_]*)")
_SUFFIX_GAPS = frozenset(["-", ".", "'", "- ", " -"])
#: languages that write an ordinal as a number with a full stop
_DOTTED = frozenset(["de", "tr", "az", "pl", "cs", "sk", "da", "no", "fi", "et", "lv", "hu", "hr", "sr", "sl", ""])
_ROMAN = re.compile(r"(C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
#: Cyrillic letters that stand for Roman ones in Russian texts
_CYRILLIC_ROMAN = str.maketrans("ХІСМ", "XICM")
_PAIR_GAPS = frozenset(["/", " / ", "-", " - ", " "])
_AND = frozenset(["and", "и", "và", "et", "y", "e", "ve", "və", "und", "و"])
_LONGEST = 6
ROMAN_NUMERAL_LIMIT = 399


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was read: its values, the word after it, and how it was written."""

    values: tuple[int, ...]
    stop: int
    #: ordinal (digits with a suffix), word, roman, dotted or plain
    form: str


def read_number(segment: Segment, i: int) -> Number | None:
    """Read the number that starts at word i, double ones such as 141st/142nd included."""
    first = _single(segment, i)
    if first is None:
        return None
    start = _second_start(segment, first.stop)
    second = _single(segment, start) if start is not None else None
    if second is None or second.values[0] - first.values[0] != 1 or second.form == "plain" != first.form:
        return first
    return Number((*first.values, *second.values), second.stop, second.form)


def _second_start(segment: Segment, stop: int) -> int | None:
    """Return where the second half of a double number would start."""
    if stop >= len(segment.words):
        return None
    gap = segment.gap(stop - 1)
    if gap == " " and segment.words[stop] in _AND:
        return stop + 1 if stop + 1 < len(segment.words) else None
    return stop if gap in _PAIR_GAPS and gap != " " else None


def _single(segment: Segment, i: int) -> Number | None:
    """Read one number at word i."""
    word = segment.words[i]
    if word[0].isdigit():
        return _digits(segment, i)
    if (value := roman_value(segment.written(i))) is not None:
        return Number((value,), i + 1, "roman")
    return word_number(segment.words, i) if may_start_ordinal(word) else None


def _digits(segment: Segment, i: int) -> Number | None:
    """Read digits with or without an ordinal suffix."""
    match = _DIGITS.fullmatch(segment.words[i])
    if match is None or not (value := int(match[1])):
        return None
    if match[2]:
        return Number((value,), i + 1, "ordinal") if match[2] in _SUFFIXES else None
    if i + 1 < len(segment.words):
        gap = segment.gap(i)
        if gap in _SUFFIX_GAPS and segment.words[i + 1] in _SUFFIXES:
            return Number((value,), i + 2, "ordinal")
        if gap == ". " and segment.lang in _DOTTED:
            return Number((value,), i + 1, "dotted")
    return Number((value,), i + 1, "plain")


@lru_cache(maxsize=4096)
def roman_value(written: str) -> int | None:
    """Return the value of a Roman numeral in capitals, 1 to 399; None for anything else."""
    match = _ROMAN.fullmatch(written.translate(_CYRILLIC_ROMAN)) if written.isupper() else None
    if match is None or not match[0]:
        return None
    digits = [_ROMAN_VALUES[letter] for letter in match[0]]
    return sum(-d if d < max(digits[i:]) else d for i, d in enumerate(digits))


def word_number(words: Sequence[str], i: int) -> Number | None:
    """Read an ordinal in words at word i, the longest that fits."""
    table = _ordinals()
    for length in range(min(_LONGEST, len(words) - i), 0, -1):
        value = table.get(" ".join(words[i : i + length]))
        if value is not None:
            return Number((value,), i + length, "word")
    return None


@cache
def _ordinals() -> dict[str, int]:
    """Return every ordinal in words, folded, with its value."""
    return {" ".join(map(fold_word, form.split())): value for form, value in ordinal_words()}


def may_start_ordinal(word: str) -> bool:
    """Tell whether a folded word may begin an ordinal in words."""
    return word in _first_words()


@cache
def _first_words() -> frozenset[str]:
    """Return the words an ordinal may start with."""
    return frozenset(form.partition(" ")[0] for form in _ordinals())


def english_ordinal(number: int) -> str:
    """Return 88th, 141st, 112th for a number."""
    teens = number % 100 in range(11, 14)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
