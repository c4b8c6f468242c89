"""Says what an edited piece changed: in a line for lists, and sentence by sentence; pure."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import NamedTuple

import regex

from monitor.text import fold, sentences, squeeze

_FIGURE = regex.compile(r"\p{N}+(?:[.,:]\p{N}+)*%?")
_SHOWN_FIGURES = 4
_SHOWN_TITLE = 80


class Change(NamedTuple):
    """A sentence that was taken out (`-`) or put in (`+`)."""

    sign: str
    sentence: str


def changes(before: str, after: str, lang: str | None = None) -> tuple[Change, ...]:
    """Return the sentences that differ between two texts, in order, those taken out before those put in their place."""
    old, new = sentences(before, lang), sentences(after, lang)
    found: list[Change] = []
    for kind, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            found += [Change("-", sentence) for sentence in old[start:end]]
            found += [Change("+", sentence) for sentence in new[first:last]]
    return tuple(found)


def described(old_title: str, old_text: str, title: str, text: str, lang: str | None = None) -> str:
    """Return in one line what a revision changed, for example `2 sentences changed; figures 300 -> 350`."""
    parts = []
    if fold(squeeze(old_title)) != fold(squeeze(title)):
        parts.append(f"title was “{squeeze(old_title)[:_SHOWN_TITLE]}”")
    found = changes(old_text, text, lang)
    out, put = sum(c.sign == "-" for c in found), sum(c.sign == "+" for c in found)
    both = min(out, put)
    counts = ((both, "changed"), (put - both, "added"), (out - both, "removed"))
    parts += [f"{n} sentence{'' if n == 1 else 's'} {word}" for n, word in counts if n]
    gone, come = _figures(found, "-"), _figures(found, "+")
    old, new = ([f for f in these if f not in those][:_SHOWN_FIGURES] for these, those in ((gone, come), (come, gone)))
    if old and new:
        parts.append(f"figures {', '.join(old)} -> {', '.join(new)}")
    return "; ".join(parts) or "spacing or marks only"


def _figures(found: tuple[Change, ...], sign: str) -> list[str]:
    """Return the figures of the sentences with a sign, each once, in order."""
    return list(dict.fromkeys(f for c in found if c.sign == sign for f in _FIGURE.findall(c.sentence)))
