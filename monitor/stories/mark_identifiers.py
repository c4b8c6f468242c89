"""Marks of numbers that no act names in words: "CSMS # 64680374", "SRO 345(I)/2026", "CMO 05-2026", in titles only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.stories.mark_base import Mark, Segment
from monitor.stories.mark_lookup import fold_word, senses

#: a word with a capital, then what only an identifier is written like: a number sign and three figures or more, letters
#: and five, or a number with its year. Nothing in it can be read two ways: it takes no more than the title is long
_IDENTIFIER = re.compile(
    r"(?<!\w)(?P<name>[^\W\d_][\w.]*)\s{0,2}(?P<union>\([A-Z]{2,4}\)\s)?"
    r"(?:(?P<coded>[A-Z]{1,3}-?\d{5,9})(?!\w)|\#\s?(?P<plain>\d{3,12})(?![\d/])"
    r"|(?:No\.?\s)?(?P<number>\d{1,5})(?:\([IVX]{1,4}\))?[/-](?P<year>(?:19|20)\d\d)(?![\d/.-])"
    r"|(?:No\.?\s)?(?P<first>(?:19|20)\d\d)/(?P<last>\d{1,5})(?![\d/.-]))"
)
#: begins the head of a mark that no word for an act stands beside
NUMBER_OF = "number of"
_DIGIT = re.compile(r"\d")
#: what stands before a month or quarter with its year, or a season
_OF_TIME = ("month", "months", "part", "year", "fiscal", "first", "function", "than")


def identifier_marks(segment: Segment) -> Iterator[Mark]:
    """Yield the identifiers of a title; the word before a number is what it counts."""
    if segment.where != "title" or _DIGIT.search(segment.raw) is None:
        return
    for match in _IDENTIFIER.finditer(segment.raw):
        word = fold_word(match["name"].rstrip("."))
        if (match["name"][0].islower() and not match["union"]) or any(
            category in senses(word) for category in _OF_TIME
        ):
            continue
        value = (
            match["plain"]
            or match["coded"]
            or f"{int(match['number'] or match['last'])}-{match['year'] or match['first']}"
        )
        label = match[0][len(match["name"]) :].strip()
        yield Mark("act", f"{NUMBER_OF} {word}", frozenset([value]), label, "title", match[0], subject=match["name"])
