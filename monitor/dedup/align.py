"""Two texts side by side: the longest passage they share word for word, and what stands around it in each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from monitor.text import canonical, squeeze

#: words of each text that are compared; longer texts are compared at their beginning, and that is said
COMPARED_WORDS = 4000
#: words around the passage that are shown
CONTEXT_WORDS = 8
#: what is shown of a passage: its beginning and its end
_SHOWN_WORDS = 24
#: fewer words in common are a phrase that anybody may use
FEWEST_WORDS = 6
#: a passage that makes a text with words of its own a copy: so long, so near the beginning of the original, and so much
#: of the text itself
_EMBEDDED_WORDS, _EMBEDDED_FROM, _EMBEDDED_SHARE = 40, 10, 0.5
_SPACELESS = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_SPACELESS}]|(?:(?![{_SPACELESS}])\w)+")


@dataclass(frozen=True, slots=True)
class Side:
    """What stands around a shared passage in one text."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The longest passage that two texts share."""

    #: number of words; characters where a script has no blanks
    words: int
    #: as the first text writes it, its middle left out when it is long
    passage: str
    sides: tuple[Side, Side]
    #: False when a text is so long that only its beginning was compared
    whole: bool


def longest_shared(one: str, other: str) -> Excerpt | None:
    """Return the longest passage of words that two texts share, None when it is too short to say anything."""
    texts = [squeeze(canonical(text)) for text in (one, other)]
    spans = [[m.span() for m in _WORD.finditer(text)] for text in texts]
    left, right = (
        [text[a:b].casefold() for a, b in found[:COMPARED_WORDS]] for text, found in zip(texts, spans, strict=True)
    )
    match = SequenceMatcher(None, left, right, autojunk=False).find_longest_match()
    if match.size < FEWEST_WORDS:
        return None
    whole = all(len(found) <= COMPARED_WORDS for found in spans)
    sides = (
        _side(texts[0], spans[0], match.a, match.a + match.size),
        _side(texts[1], spans[1], match.b, match.b + match.size),
    )
    return Excerpt(match.size, _passage(texts[0], spans[0][match.a : match.a + match.size]), sides, whole)


def embeds(copy: str, original: str) -> bool:
    """Tell whether half of a text is one passage with which another one begins."""
    mine, theirs = (_WORD.findall(canonical(text).casefold())[:COMPARED_WORDS] for text in (copy, original))
    match = SequenceMatcher(None, mine, theirs, autojunk=False).find_longest_match()
    return match.b <= _EMBEDDED_FROM and match.size >= max(_EMBEDDED_WORDS, _EMBEDDED_SHARE * len(mine))


def _side(text: str, spans: list[tuple[int, int]], start: int, stop: int) -> Side:
    """Return the words before and behind a passage; an ellipsis stands where the text goes on."""
    first, last = max(0, start - CONTEXT_WORDS), min(len(spans), stop + CONTEXT_WORDS)
    before = text[spans[first][0] : spans[start][0]] if first < start else ""
    after = text[spans[stop - 1][1] : spans[last - 1][1] if last < len(spans) else len(text)] if stop < last else ""
    return Side("…" * (first > 0) + before.rstrip(), after.strip() + "…" * (last < len(spans)))


def _passage(text: str, spans: list[tuple[int, int]]) -> str:
    """Return a passage, of a long one its beginning and end."""
    if len(spans) <= _SHOWN_WORDS:
        return text[spans[0][0] : spans[-1][1]]
    half = _SHOWN_WORDS // 2
    return f"{text[spans[0][0] : spans[half - 1][1]]} […] {text[spans[-half][0] : spans[-1][1]]}"
