"""The figures of a piece with their units made comparable: 1.7 t is 1,700 kg, 58,500 packs are 1,170,000 sticks.

Outlets disagree about the figures of one event, so figures that differ say nothing against a pair; an unusual one that
both pieces give speaks for it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby, islice
from operator import itemgetter

import regex

from monitor.stories.fact_terms import concepts_of, find_concepts
from monitor.stories.fact_units import COUNTED, CURRENCIES, MAGNITUDES, TENS, UNITS, WORDS_FOR_NUMBERS
from monitor.stories.fact_words import plain
from monitor.stories.views import plain_figure
from monitor.text import SPACELESS, WORDS_KEPT, canonical, cut_words, squeeze

#: a long read gives its own figures first, and quotes those of other events further down
READ_CHARACTERS = 4000
#: more figures than this stand in tables only
MOST_FIGURES = 60
LONGEST_SENTENCE = 400
_YEARS = range(1900, 2100)
#: how many of the words behind a figure can say what it counts, with a unit and without one
_COUNTED_WITHIN, _BARE_WITHIN = 6, 3
#: goods that only say what kind the goods are
QUALIFIERS = frozenset(["counterfeit", "wildlife", "drugs"])

_TOKEN = regex.compile(
    r"\d{1,3}(?:[ \u00a0]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*|[$€£¥₹₽₫₺₦₴₸₾₼%]"
    rf"|[{SPACELESS}]+|(?V1)[\p{{L}}--[{SPACELESS}]][\p{{L}}\p{{M}}]*"
)
#: the same for a folded text of ASCII, at a fifth of the time
_ASCII_TOKEN = re.compile(r"[a-z]+|[0-9]{1,3}(?: [0-9]{3})+(?![0-9])(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)*|[$%]")
_ASCII_END = re.compile(r"[.!?\n](?:(?<=\n)|(?=[\t-\r ]))")
_END = regex.compile(r"[.!?](?=\s)|[\n。！？]")
_SPACELESS = regex.compile(rf"[{SPACELESS}]")
#: where a figure may begin: a token of digits, whole, or a number in words; each begins with a set of characters, for
#: which `re` looks at four times the speed
_DIGITS = re.compile(r"\d(?:\d{0,2}(?:[ \u00a0]\d{3})+(?!\d)(?:[.,]\d+)?|\d*(?:[.,]\d+)*)")
#: among the digits of all scripts one is found in nearly twice the time
_ASCII_DIGITS = re.compile(_DIGITS.pattern, re.ASCII)
_NUMBERS = sorted((WORDS_FOR_NUMBERS.keys() | TENS.keys()) - {"zero", "one"})
_BY_INITIAL = {first: "|".join(word[1:] for word in words) for first, words in groupby(_NUMBERS, itemgetter(0))}
_RESTS = "|".join(f"(?<={first})(?:{rests})" for first, rests in _BY_INITIAL.items())
_INITIALS = "".join(_BY_INITIAL)
_IN_WORDS = re.compile(rf"[{_INITIALS}{_INITIALS.upper()}](?<![^\W\d_].)(?i:{_RESTS})(?![^\W\d_])")
#: a number in words of a folded text of ASCII behind the character before it, which is the rarer one: half of the time
_ASCII_IN_WORDS = re.compile(
    rf"[^a-z](?:{'|'.join(f'{first}(?:{rests})' for first, rests in _BY_INITIAL.items())})(?![a-z])"
)
#: tokens from a figure on that can say what it is: a number, magnitudes, a unit and what is counted
_BEHIND = 14
#: characters, many more than `_COUNTED_WITHIN` words: a "sentence" of figures without an end would be cut into words
#: once for each of them (benchmarks/hostile_texts.py: 5.1 s, now 0.5 s); on 1,622 pieces of the labelled corpora all
#: 6,805 figures are the same, also with half as many
_LONGEST_BEFORE = 160


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as a piece gives it."""

    quantity: float
    #: kg, litre, m, stick, %, a currency code, or `count`
    unit: str
    #: the goods it counts, as a concept or the word that follows; empty when the text does not say
    what: str
    sentence: str

    def is_telling(self) -> bool:
        """Tell whether outlets could be compared by it: it has a unit, or counts goods."""
        return self.unit not in {"count", "hour", "day"} or self.what in _counted()


@dataclass(frozen=True, slots=True)
class _Tokens:
    """The words, numbers and signs around a place where a figure may begin, folded, and where each begins."""

    texts: list[str]
    starts: list[int]
    #: which of them is that place
    at: int


def read_figures(title: str, text: str, lang: str | None) -> tuple[Figure, ...]:
    """Return the figures of a piece in their order, each once."""
    content = canonical(f"{title}\n{text}")[:READ_CHARACTERS]
    ends = [match.end() for match in (_ASCII_END if content.isascii() else _END).finditer(content)]
    found: dict[tuple[float, str, str], Figure] = {}
    # tokens are compared folded, and folding ASCII all at once moves nothing
    folded = content.lower() if content.isascii() else content
    for tokens, quantity, unit, after in _quantities(folded, ends):
        first, last = _bounds(ends, tokens.starts[tokens.at], len(content))
        what = _what(tokens, after, (first, last), bare=unit == "count", lang=lang)
        if unit != "count" or what:
            sentence = squeeze(content[first:last])[:LONGEST_SENTENCE]
            found.setdefault((quantity, unit, what), Figure(quantity, unit, what, sentence))
        if len(found) == MOST_FIGURES:
            break
    return tuple(found.values())


def figure_terms(figures: Iterable[Figure]) -> Counter[str]:
    """Count figures as terms: the exact value, and for large ones the value in two digits, as "about" would give it."""
    found: Counter[str] = Counter()
    for figure in figures:
        if figure.unit != "count" or figure.quantity > 2:  # noqa: PLR2004 - two of anything is no figure
            found[f"{figure.unit}={figure.quantity:.6g}"] += 1
        if figure.quantity >= 100:  # noqa: PLR2004 - where people begin to round
            found[f"{figure.unit}~{figure.quantity:.2g}"] += 1
    return found


def _around(content: str, ends: Sequence[int], start: int) -> _Tokens:
    """Return the tokens before a place, at least one and those near it of its sentence, and `_BEHIND` from it on."""
    number = bisect_right(ends, start)
    first = max(ends[number - 1] if number else 0, start - _LONGEST_BEFORE)
    before, starts = _tokens(content, first, start)
    while not before and number:
        number -= 1
        first = ends[number - 1] if number else 0
        before, starts = _tokens(content, first, start)
    behind, more_starts = _tokens(content, start, len(content), _BEHIND)
    return _Tokens(before + behind, starts + more_starts, len(before))


def _tokens(content: str, first: int, stop: int, most: int | None = None) -> tuple[list[str], list[int]]:
    """Return the tokens of a part of a text, at most so many, and where each begins; ASCII must be folded already.

    A run of a spaceless script is cut behind what is a magnitude or unit.
    """
    if content.isascii():
        matches = list(islice(_ASCII_TOKEN.finditer(content, first, stop), most))
        return [match[0] for match in matches], [match.start() for match in matches]
    found = (part for match in _TOKEN.finditer(content, first, stop) for part in _parts(match[0], match.start()))
    parts = list(islice(found, most))
    return [text for text, _ in parts], [start for _, start in parts]


def _parts(word: str, start: int) -> Iterator[tuple[str, int]]:
    """Yield the tokens of a run of characters, and where each begins."""
    if not word.isascii() and _SPACELESS.match(word):
        for length in (2, 1, 2, 1):
            if word[:length] in MAGNITUDES or word[:length] in UNITS or word[:length] in CURRENCIES:
                yield word[:length], start
                word, start = word[length:], start + length
    if word:
        yield _spelled(word), start


@lru_cache(maxsize=WORDS_KEPT)
def _spelled(word: str) -> str:
    """Return a token as the tables of units spell it."""
    return word if word[0].isdigit() else plain(word)


def _quantities(content: str, ends: Sequence[int]) -> Iterator[tuple[_Tokens, float, str, int]]:
    """Yield each figure of a text: the tokens around it, its value in the base unit, the unit, the token behind it."""
    behind = 0
    for start in _starts(content):
        if start < behind:
            continue
        tokens = _around(content, ends, start)
        value, after = _number(tokens.texts, tokens.at)
        if value is None:
            continue
        scaled, after = _scaled(tokens.texts, value, after)
        unit, factor, after = _unit(tokens.texts, tokens.at, after)
        behind = tokens.starts[after] if after < len(tokens.starts) else len(content)
        if unit != "count" or scaled != value or not _is_year(tokens.texts[tokens.at], value):
            yield tokens, round(scaled * factor, 6), unit, after


def _starts(content: str) -> list[int]:
    """Return where figures may begin, in order; ASCII must be folded already."""
    if content.isascii():
        # the blank before the text offsets that a match begins one character before its number
        found = (*_ASCII_DIGITS.finditer(content), *_ASCII_IN_WORDS.finditer(f" {content}"))
    else:
        found = (*_DIGITS.finditer(content), *_IN_WORDS.finditer(content))
    return sorted(match.start() for match in found)


def _number(texts: Sequence[str], at: int) -> tuple[float | None, int]:
    """Return the number that begins at a token, in digits or English words, and the token behind it."""
    word = texts[at]
    if word[0].isdigit():
        digits = plain_figure(word.replace("\u00a0", " "))
        return (float(digits) if digits.replace(".", "", 1).isdecimal() else None), at + 1
    if word in TENS:
        unit = WORDS_FOR_NUMBERS.get(_text(texts, at + 1), 0)
        return (float(TENS[word] + unit), at + 2) if 0 < unit < 10 else (float(TENS[word]), at + 1)  # noqa: PLR2004 - forty-one
    value = WORDS_FOR_NUMBERS.get(word)
    return (float(value), at + 1) if value is not None and value > 1 else (None, at + 1)


def _scaled(texts: Sequence[str], value: float, after: int) -> tuple[float, int]:
    """Return a number times the magnitudes behind it: "1.2 million", "24 crore", "2 lakh crore"."""
    while (magnitude := MAGNITUDES.get(_text(texts, after))) is not None:
        value, after = value * magnitude, after + 1
    return value, after


def _unit(texts: Sequence[str], at: int, after: int) -> tuple[str, float, int]:
    """Return the unit of a figure, what one of it is in the base unit, and the token behind both."""
    if before := CURRENCIES.get(_text(texts, at - 1)):
        return before, 1.0, after
    word, following = _text(texts, after), f"{_text(texts, after)} {_text(texts, after + 1)}"
    for written, length in ((following, 2), (word, 1)):
        if written in UNITS:
            return *UNITS[written], after + length
        if written in CURRENCIES:
            return CURRENCIES[written], 1.0, after + length
    return "count", 1.0, after


def _text(texts: Sequence[str], at: int) -> str:
    """Return a token's text, nothing beyond either end."""
    return texts[at] if 0 <= at < len(texts) else ""


def _is_year(written: str, value: float) -> bool:
    """Tell whether a bare number is a year."""
    return len(written) == 4 and value in _YEARS  # noqa: PLR2004 - digits of a year


def _bounds(ends: Sequence[int], start: int, length: int) -> tuple[int, int]:
    """Return where the sentence that holds a position begins and ends."""
    number = bisect_right(ends, start)
    return ends[number - 1] if number else 0, ends[number] if number < len(ends) else length


def _what(tokens: _Tokens, after: int, sentence: tuple[int, int], *, bare: bool, lang: str | None) -> str:
    """Return what a figure counts: goods behind it in its sentence, with a unit also before it, else the next word."""
    at, texts, starts = tokens.at, tokens.texts, tokens.starts
    first, stop = (after, after + _BARE_WITHIN) if bare else (after - 1, after + _COUNTED_WITHIN)
    behind = _goods(texts[first : min(stop, bisect_left(starts, sentence[1]))], lang)
    if behind or bare:
        return next(iter(behind), _next_word(texts, after))
    before = _goods(texts[max(0, at - _COUNTED_WITHIN, bisect_left(starts, sentence[0])) : at], lang)
    return next(reversed(before), "")


def _goods(words: Iterable[str], lang: str | None) -> list[str]:
    """Return the goods that words name, and what else is counted, those first that say more than "fake"."""
    counted = _counted()
    found = [concept for _at, concept in find_concepts(_cut(words), lang) if concept in counted]
    return sorted(found, key=lambda concept: concept in QUALIFIERS)


@cache
def _counted() -> frozenset[str]:
    """Return the concepts that a figure can count."""
    return concepts_of("goods") | COUNTED


def _next_word(texts: Sequence[str], at: int) -> str:
    """Return the word at a position when it can be a noun."""
    word = _text(texts, at)
    return word if len(word) > 2 and word.isalpha() else ""  # noqa: PLR2004 - a noun


def _cut(words: Iterable[str]) -> list[str]:
    """Cut tokens as the vocabulary is cut: runs of a spaceless script into pairs."""
    return [part for word in words for part in ((word,) if word.isascii() and word.isalpha() else cut_words(word))]
