"""Finds the sentence in which a text says whose report it passes on: "the Herald reports, citing the port"; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import regex

from monitor.ingest.phrases import any_of, phrases, plain
from monitor.text import squeeze

#: where such a sentence stands: in the lead, or under the text
_FIRST_LINES, _LAST_LINES = 3, 2
_LONGEST_LINE = 2000
_LONGEST = 300
_RUN = re.compile("[a-z]+")
#: makes every character of folded ASCII that is no letter a blank, so that `split` finds the runs
_BLANKS = {code: " " for code in range(128) if not chr(code).islower()}
_SENTENCE = regex.compile(r"(?<=[.!?。！？؟…][\"'»”’)\]]{0,2})\s+|(?<=[。！？])")


def attribution_of(lines: Sequence[str]) -> str | None:
    """Return the first sentence at the edges of a text that names its source, at most 300 characters of it."""
    edges = [
        line[:_LONGEST_LINE] for line in (*lines[:_FIRST_LINES], *lines[max(_FIRST_LINES, len(lines) - _LAST_LINES) :])
    ]
    if not _may_cite(plain(" ".join(edges))):
        return None
    for line in edges:
        if not _cites(plain(line)):
            continue
        for sentence in _SENTENCE.split(line):
            if _cites(plain(sentence)):
                return squeeze(sentence)[:_LONGEST]
    return None


def _cites(line: str) -> bool:
    """Tell whether a line in matching form holds a phrase before or after the name of a source."""
    return _may_cite(line) and _pattern().search(line) is not None


def _may_cite(text: str) -> bool:
    """Tell whether a text in matching form has a word without which it cites nobody.

    The pattern itself takes ten times as long to find that there is no phrase.
    """
    if text.isascii():
        return not _telling_runs().isdisjoint(text.translate(_BLANKS).split())
    return any(word in text for word in _telling())


@cache
def _telling() -> tuple[str, ...]:
    """Return words one of which stands in every text with a phrase: the longest word of each."""
    return tuple(sorted({max(phrase.split(), key=len) for phrase in phrases("citing")}))


@cache
def _telling_runs() -> frozenset[str]:
    """Return runs of letters one of which stands in every ASCII text with a phrase: the longest run of each."""
    return frozenset(max(_RUN.findall(phrase), key=len) for phrase in phrases("citing") if phrase.isascii())


@cache
def _pattern() -> regex.Pattern[str]:
    """Return the pattern of phrases before or after the name of a source."""
    return regex.compile(any_of(phrases("citing")))
