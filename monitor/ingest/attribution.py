"""Finds the sentence in which a text says whose report it passes on: "the Herald reports, citing the port"; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

import regex

from monitor.ingest.phrases import any_of, phrases, plain
from monitor.text import squeeze

#: where such a sentence stands: in the lead, or under the text
_FIRST_LINES, _LAST_LINES = 3, 2
_LONGEST_LINE = 2000
_LONGEST = 300
_LETTERS = re.compile(r"[^\W\d_]+")
#: beyond Latin, Greek, Cyrillic, Hebrew, and the signs between texts: words of other scripts may stand without blanks
_OTHER_SCRIPT = re.compile("[^\u0000-\u05ff\u2000-\u20cf]")
_SENTENCE = regex.compile(r"(?<=[.!?。！？؟…][\"'»”’)\]]{0,2})\s+|(?<=[。！？])")


def attribution_of(lines: Sequence[str]) -> str | None:
    """Return the first sentence at the edges of a text that names its source, at most 300 characters of it."""
    edges = [
        line[:_LONGEST_LINE] for line in (*lines[:_FIRST_LINES], *lines[max(_FIRST_LINES, len(lines) - _LAST_LINES) :])
    ]
    for line in edges:
        if not _cites(plain(line)):
            continue
        for sentence in _SENTENCE.split(line):
            if _cites(plain(sentence)):
                return squeeze(sentence)[:_LONGEST]
    return None


def _cites(line: str) -> bool:
    """Tell whether a line in matching form holds a phrase before or after the name of a source."""
    # a phrase is made of whole words: the pattern itself takes ten times as long to find that there is none
    if not _OTHER_SCRIPT.search(line):
        found, words_of = set(_LETTERS.findall(line)), _words_of_phrases()
        if not any(words <= found for first in found & words_of.keys() for words in words_of[first]):
            return False
    return _pattern().search(line) is not None


@cache
def _words_of_phrases() -> Mapping[str, Sequence[frozenset[str]]]:
    """Return the words of each phrase, by its first one."""
    found: dict[str, list[frozenset[str]]] = {}
    for phrase in phrases("citing"):
        if listed := _LETTERS.findall(phrase):
            found.setdefault(listed[0], []).append(frozenset(listed))
    return found


@cache
def _pattern() -> regex.Pattern[str]:
    """Return the pattern of phrases before or after the name of a source."""
    return regex.compile(any_of(phrases("citing")))
