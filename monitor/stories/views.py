"""The lexical views of a piece: body, named terms, numbers, lead and title, each a bag of terms.

Each view is blind to what another one sees: two reports of one event may share nothing but a name, or nothing but a
figure. Terms are folded, stripped of stop words and stemmed where the language has a Snowball stemmer.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import pairwise

import regex
import snowballstemmer
import stopwordsiso

from monitor.stories.sounds import sounds
from monitor.text import SPACELESS, WORDS_KEPT, ByWord, canonical, casefold, cut_words, fold, has_uncommon

#: the sounds stand last: they are no words, and find candidates apart from them
VIEWS = ("body", "named", "numbers", "lead", "title", "sounds")
WORD_VIEWS = len(VIEWS) - 1

#: the lead is what a reader sees first; 60 words are about two sentences of agency copy
LEAD_WORDS = 60
#: so many characters of a text are about as many words
SOUNDED_CHARACTERS = 360
#: the longest words of any language end before it; the stemmers need a second for a word of 100,000 letters
LONGEST_WORD = 80
#: beyond this many words a long read says little more about the event, and costs as much again
BODY_WORDS = 1200

_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali",
    "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip

#: what the last pattern finds where letters are Latin, Greek and Cyrillic, three to five times as fast
_COMMON_WORD_OR_BREAK = re.compile(r"[^\W_]+|[.!?:;\n]")
_CAPITALISED = regex.compile(r"\p{Lu}[\p{L}\p{M}\p{N}]*|\p{L}+\p{Lu}[\p{L}\p{M}\p{N}]*")
#: Arabic has separators of its own
_SEPARATOR = regex.compile("[ .,'\u066b\u066c]")
#: a number with its thousands and decimal separators, or a run of digits; a blank separates whole groups of three only
_NUMBER = re.compile(r"\d(?:\d{0,2}(?: \d{3})+(?!\d)(?:[.,\u066b]\d+)?|\d*(?:[.,'\u066b\u066c]\d+)*)")
_ASCII_NUMBER = re.compile(_NUMBER.pattern, re.ASCII)
_BREAKS = ".!?:;\n\u3002\u0589"
#: makes a full stop of what ends a sentence, and a blank of all else that is no letter or digit
_ASCII_STOPS = {code: "." if chr(code) in _BREAKS else " " for code in range(128) if not chr(code).isalnum()}
_WORD_OR_BREAK = regex.compile(
    rf"(?V1)[{SPACELESS}]+|[\p{{L}}\p{{N}}--[{SPACELESS}]][\p{{L}}\p{{M}}\p{{N}}--[{SPACELESS}]]*|[{_BREAKS}]"
)


@dataclass(frozen=True, slots=True)
class Views:
    """Term counts of one piece, one mapping a view."""

    body: Mapping[str, int]
    named: Mapping[str, int]
    numbers: Mapping[str, int]
    lead: Mapping[str, int]
    title: Mapping[str, int]
    sounds: Mapping[str, int]

    def items(self) -> Iterable[tuple[str, Mapping[str, int]]]:
        """Yield each view's name and bag, in the fixed order of `VIEWS`."""
        return ((name, getattr(self, name)) for name in VIEWS)


def read_views(title: str, text: str, lang: str | None) -> Views:
    """Read all views of a piece; without a title the first line of the text stands for it in all but that view.

    A paragraph that stood there would make a title without a text of a short piece.
    """
    head = title.strip() or text.lstrip().partition("\n")[0]
    plain_head, plain_text = canonical(head), canonical(text)
    body_words = cut_words(casefold(plain_text))[:BODY_WORDS]
    title_words = cut_words(casefold(plain_head))
    content = f"{plain_head}\n{plain_text}"
    terms = list(map(_terms(lang).__getitem__, title_words + body_words))
    return Views(
        body=_counted(terms),
        named=_named(content, lang),
        numbers=_numbers(content),
        lead=_counted(terms[: len(title_words) + LEAD_WORDS]),
        title=_counted(terms[: len(title_words)] if title.strip() else ()),
        sounds=sounds(canonical(f"{head}\n{text[:SOUNDED_CHARACTERS]}"), lang),
    )


def spellings(content: str, lang: str | None) -> dict[str, str]:
    """Return for each term of a text the word it is most often written as there, for explanations."""
    counts: Counter[tuple[str, str]] = Counter()
    for word in cut_words(canonical(content)):
        if stem := term(fold(word), lang):
            counts[stem, word] += 1
    return {stem: word for (stem, word), _count in sorted(counts.items(), key=lambda pair: (pair[1], pair[0]))}


@cache
def stop_words(lang: str | None) -> frozenset[str]:
    """Return the folded stop words of a language (stopwords-iso); none where the list has no such language."""
    return frozenset(fold(word) for word in stopwordsiso.stopwords(lang)) if lang and _listed(lang) else frozenset()


def _listed(lang: str) -> bool:
    """Tell whether stopwords-iso knows the language."""
    return bool(stopwordsiso.has_lang(lang))


@cache
def _stemmer(lang: str | None) -> snowballstemmer.BaseStemmer | None:
    """Return the Snowball stemmer of a language, None where there is none."""
    return snowballstemmer.stemmer(_STEMMERS[lang]) if lang in _STEMMERS else None


@lru_cache(maxsize=16)
def _terms(lang: str | None) -> ByWord[str | None]:
    """Return the terms of a language by word."""
    return ByWord(partial(term, lang=lang))


def term(word: str, lang: str | None) -> str | None:
    """Return the term a folded word stands for: its stem, or None for a stop word, a single letter or a number."""
    if not 2 <= len(word) <= LONGEST_WORD or word.isdigit() or word in stop_words(lang):  # noqa: PLR2004 - one letter names nothing
        return None
    stemmer = _stemmer(lang)
    return str(stemmer.stemWord(word)) if stemmer else word


def _counted(terms: Iterable[str | None]) -> Counter[str]:
    """Count terms, without what stands for none."""
    return Counter(filter(None, terms))


def _named(content: str, lang: str | None) -> Counter[str]:
    """Count the capitalised words of a canonical text, and the pairs of neighbours among them.

    A word that opens a sentence counts only when it is capitalised elsewhere too, or when the next word is.
    """
    runs, opening = _capitalised_runs(content)
    certain = {word for run in runs for word in run[1:]} | {
        run[0] for run, first in zip(runs, opening, strict=True) if not first
    }
    terms = _named_terms(lang)
    found: list[str] = []
    for run, first in zip(runs, opening, strict=True):
        if first and len(run) == 1 and run[0] not in certain:
            continue
        stems = list(filter(None, map(terms.__getitem__, run)))
        found += stems
        found += map(" ".join, pairwise(stems))
    return Counter(found)


@lru_cache(maxsize=16)
def _named_terms(lang: str | None) -> ByWord[str | None]:
    """Return the terms of a language by word as it is written."""
    return ByWord(lambda word: term(fold(word), lang), WORDS_KEPT)


def _capitalised_runs(content: str) -> tuple[list[list[str]], list[bool]]:
    """Return the runs of neighbouring capitalised words, and for each whether it opens a sentence."""
    tokens = _words_and_breaks(content)
    runs: list[list[str]] = []
    opening: list[bool] = []
    behind = -1
    for at in [n for n, token in enumerate(tokens) if not token.islower() and _is_capitalised(token)]:
        if at == behind:
            runs[-1].append(tokens[at])
        else:
            runs.append([tokens[at]])
            opening.append(at == 0 or tokens[at - 1] in _BREAKS)
        behind = at + 1
    return runs, opening


def _words_and_breaks(content: str) -> list[str]:
    """Return the words of a canonical text and, between them, what ends a sentence."""
    if content.isascii():
        # a third of the time of the pattern
        return content.translate(_ASCII_STOPS).replace(".", " . ").split()
    return list((_WORD_OR_BREAK if has_uncommon(content) else _COMMON_WORD_OR_BREAK).findall(content))


@lru_cache(maxsize=WORDS_KEPT)
def _is_capitalised(word: str) -> bool:
    """Tell whether a word is written as a name is."""
    return _CAPITALISED.fullmatch(word) is not None


def _numbers(content: str) -> Counter[str]:
    """Count the figures of a canonical text, in one way of writing so that 1,184 and 1 184 and 1184 agree."""
    # among the digits of all scripts one is found in twice the time
    written = (_ASCII_NUMBER if content.isascii() else _NUMBER).findall(content)
    return Counter(figure for raw in written if len(figure := plain_figure(raw)) > 1)


@lru_cache(maxsize=10_000)
def plain_figure(raw: str) -> str:
    """Return a figure in ASCII, without thousands separators, with a point for decimals ("1.184,5" gives "1184.5")."""
    *groups, last = _SEPARATOR.split("".join(str(unicodedata.decimal(c, c)) for c in raw))
    if not groups:
        return str(last)
    tail_is_thousands = len(last) == 3 >= len(groups[0]) and groups[0] != "0"  # noqa: PLR2004 - digits in a thousands group
    return "".join([*groups, last]) if tail_is_thousands else f"{''.join(groups)}.{last}"
