"""Mends the references of a feed, so that one that XML does not know costs neither the feed nor a letter; pure."""

from __future__ import annotations

import sys
from html.entities import html5

import regex

_REFERENCE = regex.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:#(?:[xX]0*+(?P<hex>[0-9a-fA-F]+)|0*+(?P<number>[0-9]+))|(?P<name>[A-Za-z]\w{1,31});)?",
    regex.DOTALL,
)
_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_MAX_DIGITS = 7
_DOCTYPE = 4000


def mended(text: str) -> str:
    """Return XML whose references all mean something, outside of CDATA sections.

    HTML's names become numbers, an ampersand that begins no reference becomes one, and the number of what is no
    character becomes U+FFFD: one such makes feedparser's reader of broken feeds raise, and all entries would be lost
    (measured). Without this, feeds of that kind go to that reader, which makes `AT&T;` of `AT&T`. A document that
    defines its own names keeps them.
    """
    defines = "<!ENTITY" in text[:_DOCTYPE]
    return str(_REFERENCE.sub(lambda found: _mended(found, defines=defines), text)) if "&" in text else text


def _mended(found: regex.Match[str], *, defines: bool) -> str:
    """Return what stands for one reference."""
    whole: str = found[0]
    if whole[0] == "<" or (name := found["name"]) in _XML or (name and defines):
        return whole
    if digits := found["hex"] or found["number"]:
        return whole if _exists(digits, 16 if found["hex"] else 10) else "&#xFFFD"
    letters = html5.get(f"{name};") if name else None
    return "".join(f"&#{ord(letter)};" for letter in letters) if letters else f"&amp;{whole[1:]}"


def _exists(digits: str, base: int) -> bool:
    """Tell whether a number is that of a character."""
    number = int(digits, base) if len(digits) <= _MAX_DIGITS else sys.maxunicode + 1
    return number <= sys.maxunicode and not 0xD800 <= number <= 0xDFFF  # noqa: PLR2004  the surrogates
