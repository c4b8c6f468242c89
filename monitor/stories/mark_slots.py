"""One wording filled in twice: where two texts run alike, other names and figures stand at the same places.

No vocabulary of events and no likeness of titles: two finds, two matches or two quakes that one desk reports in the
same sentences. A copy keeps the names and figures of its original, and who reports one event in words of his own shares
no wording. Texts are aligned word by word; a slot is a place where both sides have a name or figure that the other text
does not hold anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import compress, groupby
from operator import eq

from monitor.stories.mark_base import prepare
from monitor.stories.mark_lookup import fold_word, senses
from monitor.stories.mark_templates import tells_of_toll

#: word triples in common; reports of one event share fewer, or the names in them
_LEAST_JACCARD = 0.08
#: slots with another filling: more than what stays, or as many and at least three. Of 12,230 pairs of one event in the
#: four corpora and the adversarial cases this parts none (docs/design.md)
_FEWEST_SLOTS, _MANY_SLOTS = 2, 3
#: word triples in common of two texts that differ in a day alone; from the second figure on it is a copy, which may say
#: when it was updated (one pair of ecbplus, 0.67)
_LEAST_OF_DAYS, _MOST_OF_DAYS = 0.2, 0.5
_LAST_DAY, _DIGITS = 31, 2
#: words among which a piece names the day of what it tells; further down stand the days of other things
_OPENING = 60
#: title and lead, in words or Chinese characters
_WORDS = 150
#: share of the words of two texts of one length that stand at the same places: one template, filled in word for word
_IN_PLACE = 0.5
#: words of one slot: what is longer is another sentence
_LONGEST = 6
#: fewer words are a title with a line: what stays is too little, what differs may be a dateline (benchmarks/titles.py)
_FEWEST_WORDS = 25
_LETTERS_A_WORD = 11
_SLOTS_SHOWN = 3
#: components are looked at one after the other, and a cut text takes 40 kB
_TEXTS_KEPT = 250
_ENDS = frozenset(".!?\n:。！？")
#: words, figures, Chinese numerals of two characters and more, Chinese characters one by one
_TOKEN = re.compile(
    r"[^\W\d_\u2e80-\u9fff]+|\d+(?:[.,:/]\d+)*|[一二两三四五六七八九十百千万亿]{2,}|[\u2e80-\u9fff]|[.!?\n:。！？]"
)
#: the same of a text in ASCII, and its words and figures in small letters
_ASCII_TOKEN = re.compile(r"[A-Za-z]+|\d+(?:[.,:/]\d+)*|[.!?\n:]")
_ASCII_WORD = re.compile(r"[a-z]+|\d+(?:[.,:/]\d+)*")
_NUMERALS = frozenset("二两三四五六七八九十百千万亿")


@dataclass(frozen=True)
class _Cut:
    """A title with the top of its text, in words."""

    #: title and text, prepared
    content: str
    words: tuple[str, ...]
    #: hashes of the word triples, with # for figures: a tenth of the memory of the words
    triples: frozenset[int]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Return the words; asked of texts of one wording only, as is which of them are telling."""
        return frozenset(self.words)

    @cached_property
    def telling(self) -> tuple[bool, ...]:
        """Tell of each word whether it is a name or a figure."""
        found, opening = list[bool](), True
        words = iter(self.words)
        for token in (_ASCII_TOKEN if self.content.isascii() else _TOKEN).findall(self.content):
            if token in _ENDS:
                opening = True
            elif (word := next(words, None)) is None:
                break
            else:
                found.append(not token.islower() and _is_telling(word, token, opening))
                opening = False
        return tuple(found)

    @cached_property
    def told(self) -> tuple[str, ...]:
        """Return the names and figures."""
        return tuple(compress(self.words, self.telling))


@dataclass(frozen=True, slots=True)
class _Slot:
    """What two texts have at one place: their names and figures."""

    one: tuple[str, ...]
    other: tuple[str, ...]


def share_wording(title_a: str, title_b: str, text_a: str, text_b: str) -> bool:
    """Tell whether two pieces have some wording in common, without which they are no fillings of one template."""
    return _jaccard(_cut(title_a, text_a), _cut(title_b, text_b)) >= _LEAST_JACCARD


def other_slots(title_a: str, title_b: str, text_a: str, text_b: str) -> str | None:
    """Name the slots that two texts of one wording fill in otherwise, None when these are few or what stays is more."""
    if not title_a or not title_b:
        # an extract: what stays may be in the part that is missing
        return None
    # texts are not aligned alike from both sides: which of them came first must not decide
    a, b = sorted((_cut(title_a, text_a), _cut(title_b, text_b)), key=lambda cut: cut.words)
    # aligning is slow, and most pairs have nothing that could fill a slot otherwise
    if min(len(a.words), len(b.words)) < _FEWEST_WORDS or not _may_be_told_apart(a, b):
        return None
    aligned = _aligned(a.words, b.words)
    kept = {word for tag, i, j, _k, _m in aligned if tag == "equal" for word in _telling(a, i, j)}
    places = [
        (i, j, k, m) for tag, i, j, k, m in aligned if tag == "replace" and max(j - i, m - k) <= _LONGEST
    ]  # fmt: skip
    found = (_Slot(tuple(_telling(a, i, j)), tuple(_telling(b, k, m))) for i, j, k, m in places)
    slots = list(dict.fromkeys(slot for slot in found if _is_filled_otherwise(slot, a, b)))
    enough = len(slots) >= _FEWEST_SLOTS and len(slots) >= len(kept) + (len(slots) < _MANY_SLOTS)
    named, stay = sum(map(_is_name, slots)), sum(word[0].isalpha() for word in kept - _NUMERALS)
    # where all names stay, other figures are those of an update; of a disaster, which places are told, not who counts
    toll = tells_of_toll(title_a, text_a) and tells_of_toll(title_b, text_b)
    if enough and (named > stay if toll and named else named or not stay):
        return f"the same wording with {_said(s.one for s in slots)} / {_said(s.other for s in slots)}"
    return _other_day(a, b, places) if _LEAST_OF_DAYS <= _jaccard(a, b) < _MOST_OF_DAYS else None


def _is_name(slot: _Slot) -> bool:
    """Tell whether a slot has names or days on both sides."""
    return all(any(word[0].isalpha() and word[0] not in _NUMERALS for word in side) for side in (slot.one, slot.other))


def _may_be_told_apart(a: _Cut, b: _Cut) -> bool:
    """Tell whether two texts have enough names and figures of their own for some slots, or both name days."""
    return _own_words(a, b) >= _FEWEST_SLOTS <= _own_words(b, a) or (_has_days(a) and _has_days(b))


def _own_words(cut: _Cut, other: _Cut) -> int:
    """Count the names and figures of one text that the other one does not hold."""
    return len(cut.told) - sum(map(other.vocabulary.__contains__, cut.told))


def _has_days(cut: _Cut) -> bool:
    """Tell whether a text names a day near its beginning."""
    return next(_days(cut, 0, len(cut.words)), None) is not None


def _other_day(a: _Cut, b: _Cut, places: Iterable[tuple[int, int, int, int]]) -> str | None:
    """Name two days of one month that stand at one place of two texts, None when there are none."""
    for i, j, k, m in places:
        mine, theirs = set(_days(a, i, j)), set(_days(b, k, m))
        if mine and theirs and not mine & theirs:
            return f"the same wording for {_said(sorted(mine))} / {_said(sorted(theirs))}"
    return None


def _days(cut: _Cut, start: int, stop: int) -> Iterator[tuple[str, str]]:
    """Yield the days among some words, each with the month that stands beside it."""
    for n in range(start, min(stop, _OPENING)):
        if len(cut.words[n]) <= _DIGITS and cut.words[n].isdecimal() and 0 < int(cut.words[n]) <= _LAST_DAY:
            near = [*cut.words[n + 1 : n + 3], *cut.words[max(n - 1, 0) : n]]
            yield from (
                (str(int(cut.words[n])), word) for word in near if not word.isdecimal() and "month" in senses(word)
            )


def _jaccard(a: _Cut, b: _Cut) -> float:
    """Return the share of word triples that two texts have in common."""
    both = len(a.triples & b.triples)
    return both / max(len(a.triples) + len(b.triples) - both, 1)


def _aligned(one: tuple[str, ...], other: tuple[str, ...]) -> Sequence[tuple[str, int, int, int, int]]:
    """Align two lists of words: place by place where that fits most of them, in a third of the time."""
    if len(one) == len(other) and sum(map(eq, one, other)) >= _IN_PLACE * len(one):
        return list(_in_place(one, other))
    return SequenceMatcher(None, one, other, autojunk=False).get_opcodes()


def _in_place(one: tuple[str, ...], other: tuple[str, ...]) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield the runs of equal and of different words of two lists of one length."""
    start = 0
    for same, run in groupby(map(eq, one, other)):
        stop = start + sum(1 for _ in run)
        yield "equal" if same else "replace", start, stop, start, stop
        start = stop


def _is_filled_otherwise(slot: _Slot, a: _Cut, b: _Cut) -> bool:
    """Tell whether both sides have something at a place that the other text does not hold anywhere."""
    if not slot.one or not slot.other:
        return False
    if not (b.vocabulary.isdisjoint(slot.one) and a.vocabulary.isdisjoint(slot.other)):
        return False
    return not any(_is_more_exact(x, y) or _is_more_exact(y, x) for x in slot.one for y in slot.other)


def _is_more_exact(one: str, other: str) -> bool:
    """Tell whether a figure is another one given more exactly: 4 and 4:00, 1 and 1.4."""
    return other[0].isdigit() and one.startswith(other) and one[len(other) : len(other) + 1] in tuple(".,:/")


def _telling(cut: _Cut, start: int, stop: int) -> Iterator[str]:
    """Yield the names and figures among some words."""
    return compress(cut.words[start:stop], cut.telling[start:stop])


@lru_cache(maxsize=_TEXTS_KEPT)
def _cut(title: str, text: str) -> _Cut:
    """Cut a title and the top of a text into words."""
    content = f"{prepare(title)}\n{prepare(text[: _LETTERS_A_WORD * _WORDS])}"
    if content.isascii():
        words = _ASCII_WORD.findall(content.lower())[:_WORDS]
    else:
        words = [fold_word(token) for token in _TOKEN.findall(content) if token not in _ENDS][:_WORDS]
    plain = ["#" if word[0].isdigit() else word for word in words]
    return _Cut(content, tuple(words), frozenset(map(hash, zip(plain, plain[1:], plain[2:], strict=False))))


def _is_telling(folded: str, token: str, opening: bool) -> bool:  # noqa: FBT001 - a row of three columns
    """Tell whether a word is a figure, or a name by its capital where no sentence opens; months are none."""
    first = token[0]
    if first.isupper():
        return not opening and "month" not in senses(folded)
    return first.isdigit() or first in _NUMERALS or (first == "一" and len(token) > 1)


def _said(sides: Iterable[tuple[str, ...]]) -> str:
    """Return the fillings of one text as a reader would name them."""
    return ", ".join(list(dict.fromkeys(map(" ".join, sides)))[:_SLOTS_SHOWN])
