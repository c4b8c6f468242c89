"""One template filled in twice: the same title for another day, the same lead with other figures.

No vocabulary of events: what is regular (rates, auctions, bulletins) is the last one written anew, in any language.
A copy keeps the figures of its original, and two reports of one event share their figures or not their wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.stories.mark_base import prepare
from monitor.stories.mark_lookup import fold_word, fold_words, senses
from monitor.text import squeeze

_WORD = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+")
SITE = re.compile(r"\s(?:\||[-\u00b7])\s[^|]{1,40}$")
#: the lead and what fills it in, in words
_LEAD_WORDS = 120
#: word triples in common: 0.5 and more between fillings of one template, under 0.2 between two reports of one event
TEMPLATE_JACCARD = 0.35
_SHINGLE = 3
_SAME_FIGURES = 0.5
#: triples with other figures: a correction or an update changes one figure, which stands in three of them
_FEWEST_FIGURES = 4
_FIGURES_SHOWN = 3
#: words that two titles have in common besides their dates
_EQUAL_WORDS = 3
#: what a number beside it is the day, year or number of
_OF_TIME = ("month", "part", "months", "fiscal")
_HAN_TIME = ("年", "月", "日", "周", "季度", "期")
_VIETNAMESE_DAY = "ngày"
_YEAR = re.compile(r"(?:19|20)\d\d")
#: "11/5", "11.05.2026", "2026-05-11" and the like; 1.1 is a figure
_NUMERIC_DATE = re.compile(
    r"\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d\d))?|\d{1,2}\.\d{1,2}\.(?:\d{4}|\d\d)|(?:19|20)\d\d([./])\d{1,2}\1\d{1,2}"
)
#: words of both titles that stand in both; reports of one event that copy figures wrongly have titles of their own
_SAME_TITLE = 0.4
#: how a title or text opens that sets an earlier one right, or a title ends
_RIGHTED = re.compile(
    r"^\W*(?:correct(?:s|ed|ion)|corrigend|errat|rectif|fe de errat|correcci|correç|korrekt|berichtig|уточн|исправ"
    r"|поправк|düzəliş|düzelt|đính chính|تصحيح|تصويب|更正|勘误|update|actualiza|atualiza|mise à jour|aktualisier|обновл"
    r"|cập nhật|yenilən|güncelle|تحديث|更新)\w*(?:[\s\d]{0,4}[:：)\]|–—-]|\s|$)"
    r"|[(\[](?:corrected|updated|corrigé|corregid\w|corrigid\w|обновлено|исправлено)[)\]]$"
)
#: what speaks of a toll: its figures grow from hour to hour
_TOLL = re.compile(
    r"\b(?:toll|dead|killed|kills|killing|deaths|casualt|injur|wounded|bilan|morts|blessés|muertos|heridos|mortos|feridos"
    r"|todesopfer|tote|verletzt|погиб|пострада|ранен|həlak|yaralan|yaralı|hayatını kaybet|thiệt mạng|bị thương"
    r"|قتيل|قتلى|جرحى|مصرع)|死亡|遇难|受伤"
)
_OPENING, _TOLD = 40, 300
_TEXTS_KEPT = 1000
_TITLES_KEPT = 5000


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, as written and folded, figures as #."""

    written: list[str]
    folded: list[str]


def other_day(title_a: str, title_b: str) -> str | None:
    """Name the days, months, years or weeks in which two titles differ that are otherwise the same, None if in none.

    A date that only one side gives more exactly is no difference.
    """
    (rest, when), (other_rest, other_when) = _dated(title_a), _dated(title_b)
    if not when or not other_when or rest != other_rest or len(rest) < _EQUAL_WORDS:
        return None
    mine, theirs = frozenset(when), frozenset(other_when)
    if mine <= theirs or theirs <= mine:
        return None
    return f"the same title for {' '.join(when)} / {' '.join(other_when)}"


def other_figures(title_a: str, title_b: str, text_a: str, text_b: str) -> str | None:
    """Name the figures in which two leads of one wording differ, None when they share them or their wording differs."""
    (rest, _), (other_rest, _) = _dated(title_a), _dated(title_b)
    if len({*rest} & {*other_rest}) < _SAME_TITLE * len({*rest, *other_rest}):
        return None
    if _opening(text_a) == _opening(text_b) or _sets_right(title_a, text_a) or _sets_right(title_b, text_b):
        return None
    one, other = _figures(text_a), _figures(text_b)
    both = one.keys() & other.keys()
    differing = [triple for triple in both if one[triple] != other[triple]]
    if len(differing) < _FEWEST_FIGURES or len(differing) <= _SAME_FIGURES * len(both):
        return None
    left, right = triples(lead(text_a)), triples(lead(text_b))
    if len(left & right) < TEMPLATE_JACCARD * len(left | right):
        return None
    mine, theirs = (sorted({f for t in differing for f in side[t]})[:_FIGURES_SHOWN] for side in (one, other))
    return f"the same wording with other figures: {', '.join(mine)} / {', '.join(theirs)}"


@lru_cache(maxsize=_TEXTS_KEPT)
def _sets_right(title: str, text: str) -> bool:
    """Tell whether a piece changes the figures of an earlier one: it says that it corrects it, or tells of a toll."""
    return tells_of_toll(title, text) or any(
        _RIGHTED.search(part.strip().casefold()) for part in (title, text[:_OPENING])
    )


def tells_of_toll(title: str, text: str) -> bool:
    """Tell whether a piece opens with the dead or injured of a disaster."""
    return _TOLL.search(f"{title}\n{text[:_TOLD]}".casefold()) is not None


@lru_cache(maxsize=_TITLES_KEPT)
def _dated(title: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of a title without its dates, other figures as #, and the words of its dates."""
    words = [fold_word(w) for w in _WORD.findall(SITE.sub("", prepare(title)))]
    when = [n for n in range(len(words)) if _is_of_time(words, n)]
    rest = tuple("#" if w[0].isdigit() else w for n, w in enumerate(words) if n not in when)
    return rest, tuple(words[n] for n in when)


def _is_of_time(words: Sequence[str], n: int) -> bool:
    """Tell whether a word of a title is a month, or a number that says which day, year or week it is for."""
    word = words[n]
    if not word[0].isdigit():
        return "month" in senses(word) and _beside_number_or_alone(words, n)
    if _YEAR.fullmatch(word) or _NUMERIC_DATE.fullmatch(word):
        return True
    near = [*words[max(n - 1, 0) : n], *words[n + 1 : n + 2]]
    if words[n + 1 : n + 2] and words[n + 1].startswith(_HAN_TIME):
        return True
    return word.isdecimal() and any(w == _VIETNAMESE_DAY or any(c in senses(w) for c in _OF_TIME) for w in near)


def _beside_number_or_alone(words: Sequence[str], n: int) -> bool:
    """Tell whether a word that may be a month is one: a word that has other senses needs a number beside it."""
    if len(senses(words[n])) == 1:
        return True
    return any(w[0].isdigit() for w in [*words[max(n - 1, 0) : n], *words[n + 1 : n + 2]])


@lru_cache(maxsize=_TEXTS_KEPT)
def _figures(text: str) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """Return the word triples of a lead that hold figures, each with the figures that stand there."""
    words = _WORD.findall(_opening(text))
    places = [n for n, word in enumerate(words) if word[0].isdigit()]
    dated = [n for n in places if _is_dated(words[n])]
    starts = {*_starts(places, len(words))}.difference(_starts(dated, len(words)))
    spans = (words[i : i + _SHINGLE] for i in sorted(starts))
    return {tuple(map(_folded, span)): tuple(w for w in span if w[0].isdigit()) for span in spans}


def _starts(places: Iterable[int], words: int) -> Iterator[int]:
    """Yield where the triples begin that hold some places of a text of so many words."""
    for n in places:
        yield from range(max(0, n - _SHINGLE + 1), min(n, words - _SHINGLE) + 1)


def _is_dated(word: str) -> bool:
    """Tell whether a figure ends with a year, as datelines do: "28,2004"."""
    return _YEAR.fullmatch(word[-4:]) is not None


@lru_cache(maxsize=_TEXTS_KEPT)
def lead(text: str) -> Words:
    """Return the first words of a text."""
    return cut(_opening(text))


@lru_cache(maxsize=_TEXTS_KEPT)
def _opening(text: str) -> str:
    """Return the first words of a text, not cut yet."""
    return " ".join(prepare(text[: 12 * _LEAD_WORDS]).split()[:_LEAD_WORDS])


def cut(text: str) -> Words:
    """Cut a prepared text into words."""
    written = _WORD.findall(text)
    return Words(written, ["#" if word[0].isdigit() else word for word in fold_words(written)])


def _folded(word: str) -> str:
    """Return a word as it is compared: a figure as #."""
    return "#" if word[0].isdigit() else fold_word(word)


def triples(words: Words) -> frozenset[tuple[str, ...]]:
    """Return the word triples of a lead."""
    folded = words.folded
    return frozenset(tuple(folded[i : i + _SHINGLE]) for i in range(len(folded) - _SHINGLE + 1))


@lru_cache(maxsize=_TEXTS_KEPT)
def plain(text: str) -> str:
    """Return a text as names are looked for in it."""
    return squeeze(prepare(text))
