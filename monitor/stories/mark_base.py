"""What an edition mark is, and the two places it is read from: the title and the first sentences, cut into words.

Page furniture stands above or between: slogans, crawl dates, captions and teasers are no sentences and are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from monitor.stories.mark_lookup import Senses, all_senses, fold_words, phrases
from monitor.text import canonical, squeeze

#: the lead: so many sentences, and no more characters than an agency puts into its first two paragraphs
LEAD_SENTENCES = 3
LEAD_CHARACTERS = 700
#: a page's furniture ends within its first lines
_LINES = 12
_SCANNED_CHARACTERS = 4000
#: a line of fewer characters that no full stop ends is a heading, a caption or a teaser
_HEADING_CHARACTERS = 160

_NUMBER_SIGN = re.compile(r"№|\b[nN]\.?[\u00b0\u00ba]")
_ARABIC_MARKS = re.compile("[\u0640\u064b-\u0652]")
_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")
_ENDS = tuple(".!?\u3002\uff01\uff1f\u061f\u06d4\u2026:;")
_CLOSING = "\"')]}\u00bb\u201d\u2019\u300d"
#: what an ordinal, a name or an act does not reach across
BREAKS = frozenset(",.;:!?\u060c\u061b")
#: a full stop behind a word of two letters and more or behind a figure, before what may begin a sentence
_SENTENCE_END = re.compile(
    r"(?<=[^\W\d_]{2}[.!?\u061f\u06d4])[\"')\]]*\s+(?=[^\Wa-zа-яё_])"
    r"|(?<=[\d%)\"'][.!?])\s+(?=[^\W\da-z_])"
    r"|(?<=[\u3002\uff01\uff1f!])"
)
#: every end of a sentence stands right behind one of these
_STOP = re.compile("[.!?\u061f\u06d4\u3002\uff01\uff1f]")
_ABBREVIATED = re.compile(
    r"\b(?:[A-Z]|Nos?|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Dr|Mrs?|Ms|St|Co|Ltd|Inc|ст|ул|гг|Gen|Nr|núm|art|vs)\.$"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What sets one edition of a recurring event apart from the others, with the words it was read from."""

    #: session, operation, act, period or place_dates
    kind: str
    #: what is counted: "session", "session:council", "operation silver net", "decision", "period:month"
    head: str
    #: normal forms, several for double numbers: {"88"}, {"141", "142"}, {"2026-01"}, {"2026-Q1"}; never with a slash,
    #: which joins them in the state
    values: frozenset[str]
    #: as people write it: "88th", "January 2026"
    label: str
    #: "title" or "lead"
    where: str
    #: the words it was read from
    quote: str
    #: the words that name the series beside the head, folded; empty when they cannot be read
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A title or a sentence, cut into words; word i stands at `spans[i]` of `raw`."""

    where: str
    #: number of the sentence within the lead, 0 for the title
    index: int
    raw: str
    lang: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    senses: tuple[Senses, ...]
    categories: frozenset[str] = field(default_factory=frozenset)

    def gap(self, i: int) -> str:
        """Return what stands between word i and the next one, nothing at either end."""
        if not 0 <= i < len(self.spans) - 1:
            return ""
        return self.raw[self.spans[i][1] : self.spans[i + 1][0]]

    def written(self, i: int) -> str:
        """Return word i as it is written."""
        return self.raw[slice(*self.spans[i])]

    def quote(self, start: int, stop: int) -> str:
        """Return the words from start up to, not including, stop as they are written."""
        return squeeze(self.raw[self.spans[start][0] : self.spans[stop - 1][1]])

    def has(self, i: int, category: str) -> bool:
        """Tell whether there is a word i and it may stand for the category."""
        return 0 <= i < len(self.words) and category in self.senses[i]


def read_segments(title: str, text: str, lang: str | None) -> list[Segment]:
    """Return the title, when there is one, and the first sentences of a text, in order."""
    language = (lang or "")[:2].lower()
    head = squeeze(prepare(title[:_SCANNED_CHARACTERS]))
    sentences = lead_sentences(head, text)
    found = [_segment("title", 0, head, lang=language)] if head else []
    return found + [_segment("lead", i, sentence, lang=language) for i, sentence in sentences]


def prepare(text: str) -> str:
    """Return a text in canonical form, digits of all scripts as ASCII, without Arabic vowel signs."""
    if text.isascii():
        return canonical(text)
    plain = canonical(_NUMBER_SIGN.sub(" No. ", text))
    if plain.isascii():
        return plain
    plain = _ARABIC_MARKS.sub("", plain)
    return "".join(str(int(c)) if c.isdecimal() and not c.isascii() else c for c in plain)


def lead_sentences(title: str, text: str) -> list[tuple[int, str]]:
    """Return the first sentences of a text below its furniture, prepared and numbered from 0.

    The title must be prepared already. A slogan stands alone on the first line and must not use up the sentences: a
    short first line and the sentence below it are both number 0.
    """
    lines = _below_title(title, [line for line in text[:_SCANNED_CHARACTERS].splitlines() if line.strip()])
    prose = [line for line in lines if _is_prose(line)] or lines
    found: list[tuple[int, str]] = []
    number = length = 0
    for line in prose:
        parts = list(split_sentences(squeeze(prepare(line[: 2 * LEAD_CHARACTERS]))))
        is_slogan = not found and len(parts) == 1 and len(line) < _HEADING_CHARACTERS
        for sentence in parts:
            if number >= LEAD_SENTENCES or length >= LEAD_CHARACTERS:
                return found
            found.append((number, sentence[: LEAD_CHARACTERS - length]))
            length += len(sentence)
            number += not is_slogan
    return found


def _below_title(title: str, lines: list[str]) -> list[str]:
    """Return the lines below the last repetition of the title near the top, all lines without one."""
    wanted = _letters(title)
    repeats = [i for i, line in enumerate(lines[:_LINES]) if wanted and _repeats(line, title, wanted)]
    return lines[repeats[-1] + 1 :] if repeats else lines


def _repeats(line: str, title: str, wanted: str) -> bool:
    """Tell whether a line is the title, whose letters are given."""
    return len(line) < 2 * len(title) + _LINES and _letters(prepare(line)) == wanted


def _letters(text: str) -> str:
    """Return the folded letters of a text, for comparing titles."""
    return "".join(_LETTERS.findall(text.casefold()))


def _is_prose(line: str) -> bool:
    """Tell whether a line is a sentence and not a heading, a caption, a date line or a teaser."""
    return line.rstrip().rstrip(_CLOSING).endswith(_ENDS) or len(line) >= _HEADING_CHARACTERS


def split_sentences(line: str) -> Iterator[str]:
    """Yield the sentences of a line; the abbreviations that stand in datelines and beside numbers end none."""
    start = 0
    for stop in _STOP.finditer(line):
        # trying the pattern at every letter takes ten times as long
        match = _SENTENCE_END.match(line, stop.end())
        if match and not _ABBREVIATED.search(line, max(start, match.start() - 6), match.start()):
            if part := line[start : match.end()].strip():
                yield part
            start = match.end()
    if rest := line[start:].strip():
        yield rest


def _segment(where: str, index: int, raw: str, *, lang: str) -> Segment:
    """Cut a prepared title or sentence into words and look each of them up."""
    joined = (
        _phrase_pattern().sub(lambda m: m[0].replace(" ", "_"), raw) if not raw.isascii() or "eneral" in raw else raw
    )
    matches = list(_WORD.finditer(joined))
    words = tuple(fold_words([m[0] for m in matches]))
    looked_up = all_senses(words)
    return Segment(
        where=where,
        index=index,
        raw=raw,
        lang=lang,
        words=words,
        spans=tuple(map(re.Match.span, matches)),
        senses=looked_up,
        categories=frozenset().union(*filter(None, looked_up)),
    )


@cache
def _phrase_pattern() -> re.Pattern[str]:
    """Return the pattern of all phrases of the tables."""
    return re.compile(r"\b(?:" + "|".join(map(re.escape, phrases())) + r")\b", re.IGNORECASE)
