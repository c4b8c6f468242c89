"""Sister bodies that fill in one template: two branches of an office report the same month in the same words.

No list of bodies: the titles are equal but for runs of capitalised words, which stand in their own text only, and the
two leads have the same wording, with other figures unless the runs are two known places. Two reports of one event share
their figures or not their wording.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from monitor.stories.fact_places import read_places
from monitor.stories.mark_base import prepare
from monitor.stories.mark_lookup import fold_word, plain_word, senses
from monitor.stories.mark_slots import other_slots, share_wording
from monitor.stories.mark_templates import (
    SITE,
    TEMPLATE_JACCARD,
    Words,
    cut,
    lead,
    other_day,
    other_figures,
    plain,
    triples,
)

_SHORTEST_LEAD = 25
_LONGEST_NAME = 5
_LENGTH_DIFFERENCE = 4
_EQUAL_WORDS = 3
_EQUAL_SHARE = 0.5
_SAME_FIGURES = 0.5
#: letters of a case, and of what is left of a name without it
_CASE_ENDING, _SHORTEST_STEM = 3, 4
_FREE = ("change", "month", "part", "year", "first", "number", "function")


#: titles that are kept cut: a component compares each with many others
_TITLES_KEPT = 5000


@dataclass(frozen=True, slots=True)
class _Title:
    """A title without the name of its site."""

    words: Words
    vocabulary: frozenset[str]
    #: words that every filling of the template has: they are no name and do not change with the month
    fixed: frozenset[str]


def template_conflict(title_a: str, title_b: str, text_a: str, text_b: str) -> str | None:
    """Return in what two fillings of one template differ that makes them two events; None when the pieces are none."""
    pieces = title_a, title_b, text_a, text_b
    found = other_day(title_a, title_b)
    if found or not share_wording(*pieces):
        return found
    return sister_conflict(*pieces) or other_figures(*pieces) or other_slots(*pieces)


def sister_conflict(title_a: str, title_b: str, text_a: str, text_b: str) -> str | None:
    """Return the two bodies that fill in one template, None when the pieces are not two such reports."""
    one, other = _title(title_a), _title(title_b)
    # aligning words is slow, and few pairs get this far
    if not (one.fixed <= other.vocabulary and other.fixed <= one.vocabulary):
        return None
    runs = _differing_runs(one.words, other.words)
    if not runs or any(not _other_places(*run) and _much_the_same(*run) for run in runs):
        return None
    lead_a, lead_b = lead(text_a), lead(text_b)
    if min(len(lead_a.folded), len(lead_b.folded)) < _SHORTEST_LEAD:
        return None
    if not all(_stand_apart(*run, text_a, text_b) for run in runs):
        return None
    known = any(_other_places(*run) for run in runs)
    name_a, name_b = (", ".join(names) for names in zip(*runs, strict=True))
    return f"{name_a} / {name_b}" if _is_template(lead_a, lead_b, known=known) else None


def _stand_apart(name_a: str, name_b: str, text_a: str, text_b: str) -> bool:
    """Tell whether each of two names stands in its own text only."""
    own = _stands(name_a, text_a) and _stands(name_b, text_b)
    return own and not (_stands(name_a, text_b) or _stands(name_b, text_a))


def _other_places(one: str, other: str) -> bool:
    """Tell whether two names are known places of which neither lies in the other."""
    mine, theirs = (read_places(name.split(), None).keys() for name in (one, other))
    if not mine or not theirs:
        return False
    cities = [{place for place in places if place.startswith("at:")} for places in (mine, theirs)]
    return not mine & theirs or bool(all(cities) and not cities[0] & cities[1])


@lru_cache(maxsize=_TITLES_KEPT)
def _title(title: str) -> _Title:
    """Cut a title into words."""
    words = cut(SITE.sub("", prepare(title)))
    pairs = zip(words.written, words.folded, strict=True)
    fixed = frozenset(folded for written, folded in pairs if not (written[0].isupper() or _is_free(folded)))
    return _Title(words, frozenset(words.folded), fixed)


def _differing_runs(a: Words, b: Words) -> list[tuple[str, str]]:
    """Return the runs of capitalised words in which two titles differ, none when they differ in other words as well.

    Figures, months, small words and rise or fall are free.
    """
    if abs(len(a.folded) - len(b.folded)) > _LENGTH_DIFFERENCE or a.folded == b.folded:
        return []
    runs: list[tuple[str, str]] = []
    equal = 0
    for tag, i, j, k, m in SequenceMatcher(None, a.folded, b.folded, autojunk=False).get_opcodes():
        if tag == "equal":
            equal += sum(word != "#" for word in a.folded[i:j])
        elif not all(_is_free(word) for word in [*a.folded[i:j], *b.folded[k:m]]):
            names = _without_small(a.written[i:j]), _without_small(b.written[k:m])
            if tag != "replace" or not all(map(_is_name, names)):
                return []
            runs.append((" ".join(names[0]), " ".join(names[1])))
    enough = equal >= _EQUAL_WORDS and equal >= _EQUAL_SHARE * min(len(a.folded), len(b.folded)) - 1
    return runs if enough else []


def _without_small(written: list[str]) -> list[str]:
    """Return a run of words without the small ones at its ends: "the Gambia" is Gambia."""
    large = [n for n, word in enumerate(written) if not (word[0].islower() or word[0].isdigit())]
    return written[large[0] : large[-1] + 1] if large else []


def _is_free(word: str) -> bool:
    """Tell whether a word may differ between two fillings of one template."""
    return word == "#" or any(category in senses(word) for category in _FREE)


def _is_name(written: list[str]) -> bool:
    """Tell whether a run of words is a name: short, every word capitalised, no figure."""
    return 0 < len(written) <= _LONGEST_NAME and all(word[0].isupper() for word in written)


def _much_the_same(one: str, other: str) -> bool:
    """Tell whether two names are spellings of one: "Hai Phong" and "Haiphong", or a name and its initials."""
    left, right = (plain_word("".join(map(fold_word, name.split()))) for name in (one, other))
    if left in right or right in left or SequenceMatcher(None, left, right).ratio() > 0.75:  # noqa: PLR2004 - spellings
        return True
    initials = {"".join(word[0] for word in name.split()).casefold() for name in (one, other)}
    return bool(initials & {left, right})


def _stands(name: str, text: str) -> bool:
    """Tell whether a name stands in a text, one of a single word in whatever case it is: Брестские, Брестской."""
    stem = name[: max(len(name) - _CASE_ENDING, _SHORTEST_STEM)] if " " not in name and not name.isascii() else name
    return _holds_word(plain(text), stem, inflected=stem != name)


def _holds_word(text: str, word: str, *, inflected: bool) -> bool:
    """Tell whether a text holds a word as a whole one, or followed by whatever ending."""
    at = text.find(word)
    while at >= 0:
        after = at + len(word)
        if not _is_letter(text[at - 1 : at]) and (inflected or not _is_letter(text[after : after + 1])):
            return True
        at = text.find(word, at + 1)
    return False


def _is_letter(character: str) -> bool:
    """Tell whether a character, if there is one, is part of a word."""
    return character.isalnum() or character == "_"


def _is_template(a: Words, b: Words, *, known: bool) -> bool:
    """Tell whether two leads have the wording in common, but not the figures; these may be alike in `known` places."""
    left, right = triples(a), triples(b)
    if len(left & right) < TEMPLATE_JACCARD * len(left | right):
        return False
    figures_a, figures_b = ({w for w in words.written if w[0].isdigit()} for words in (a, b))
    fewest = min(len(figures_a), len(figures_b))
    return known or (fewest > 0 and len(figures_a & figures_b) < _SAME_FIGURES * fewest)
