"""The phrases by which page furniture is known, in many languages (`phrases.yaml`), and the form that is matched."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

import regex
import yaml

from monitor.text import fold, squeeze

_MARKS = regex.compile(r"\p{Mn}+")
#: digits of all scripts lie below it (tests/ingest/test_phrases.py)
_DIGITS_END = 0x20000
_NO_LETTER = regex.compile(r"[^\p{L}\p{N}]+")
#: characters up to which a text is taken for one line
_SHORT = 2000


def plain(text: str) -> str:
    """Return a text for matching: folded, on one line, without accents, with ASCII digits."""
    return _plain_short(text) if len(text) <= _SHORT else _plain(text)


def compact(text: str) -> str:
    """Return only the letters and digits of a text, in matching form."""
    return _compact_short(text) if len(text) <= _SHORT else _compact(text)


@cache
def _same() -> dict[int, str]:
    """Return one kind of i, and the ASCII digit for a digit of any script."""
    digits = {code: str(unicodedata.decimal(chr(code))) for code in range(_DIGITS_END) if chr(code).isdecimal()}
    return {ord("ı"): "i", **digits}


def _plain(text: str) -> str:
    """Return the matching form."""
    if text.isascii():
        return squeeze(fold(text))
    return squeeze(_MARKS.sub("", unicodedata.normalize("NFKD", fold(text))).translate(_same()))


def _compact(text: str) -> str:
    """Return the letters and digits of the matching form."""
    return str(_NO_LETTER.sub("", plain(text)))


#: a line is asked about many times while its page is cleaned, and the next pages of its outlet have it as well
_plain_short = lru_cache(maxsize=8192)(_plain)
_compact_short = lru_cache(maxsize=8192)(_compact)


@cache
def _listed() -> Mapping[str, Sequence[str]]:
    """Return the phrases as written, by kind."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(files(__package__).joinpath("phrases.yaml").read_text(encoding="utf-8"), loader))  # noqa: S506 - a safe loader


@cache
def phrases(kind: str) -> tuple[str, ...]:
    """Return the phrases of one kind in their matching form, the longest first."""
    return tuple(sorted({plain(phrase) for phrase in _listed()[kind]}, key=lambda phrase: (-len(phrase), phrase)))


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the given words, the longest first, as whole words where the script has any."""
    spaced = sorted(words, key=lambda word: (-len(word), word))
    return r"(?<!\p{L})(?:" + "|".join(map(regex.escape, spaced)) + r")(?!\p{Latin}|\p{Cyrillic}|\p{Arabic})"


@cache
def starts_with(kind: str) -> regex.Pattern[str]:
    """Return a pattern that matches the matching form of a text which begins with a phrase of a kind."""
    return regex.compile(rf"\W*(?P<phrase>{any_of(phrases(kind))})")


def after_phrase(text: str, kind: str) -> str | None:
    """Return what follows a phrase of a kind that a text begins with, or None when it begins otherwise."""
    found = starts_with(kind).match(plain(text))
    return text[place(text, found.end()) :].lstrip(" :：|-–—") if found else None


def place(text: str, index: int) -> int:
    """Return the place in a text that an index into its matching form stands for, for short texts."""
    return next((end for end in range(len(text) + 1) if len(plain(text[:end])) >= index), len(text))
