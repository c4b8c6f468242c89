"""Choose the title that tells a story best: what the others say too, said calmly. Nothing is reworded."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from monitor.digest.sentences import base_lang, opening, stems
from monitor.digest.wordlists import ANNOUNCERS, LABELS, TEASERS
from monitor.model import StoryItem
from monitor.text import canonical, fold, squeeze, word_count

_MIN_WORDS, _MAX_WORDS = 4, 16
_MAX_LENGTH = 120
#: share of capitals among the cased letters from which a title shouts; short ones are names ("WCO")
_SHOUT, _SHOUT_LETTERS = 0.6, 12
#: no title needs more characters than these, and cutting labels off endless ones would take for ever
_LOOK = 2000
_FULL = 8
_LEAD_BONUS = 0.25

_PENALTIES = tuple(
    (re.compile(pattern, re.IGNORECASE), penalty)
    for pattern, penalty in (
        (r"[!！]", 0.4),
        (r"[?？؟]", 0.4),
        (r"\.\.\.|…", 0.4),
        (ANNOUNCERS, 0.4),
        (TEASERS, 0.5),
    )
)
_LABEL = re.compile(rf"^\s*[\[(](?:{LABELS})[\])]\s*|\s*[\[(](?:{LABELS})[\])]\s*$", re.IGNORECASE)
_LAST_DASH = re.compile(r"\s+[-–—|•·]\s+(?=[^-–—|•·]*$)")


def choose(items: Sequence[StoryItem], lead_item_id: int) -> tuple[str, StoryItem]:
    """Return the best title, without its outlet's label and name, and the item that bears it.

    `items` are the pieces with a text of their own, in order of publication; ties go to the lead, then the earliest.
    """
    titles = {item.item_id: bare_title(item) for item in items}
    telling = {item.item_id: stems(" ".join((item.title, *opening(item)[:3])), base_lang(item.lang)) for item in items}

    def score(item: StoryItem) -> float:
        """Return how good a title is; rounded, so that the order of summing cannot decide."""
        others = [words for item_id, words in telling.items() if item_id != item.item_id]
        title = titles[item.item_id]
        shared = _shared(stems(title, base_lang(item.lang)), others)
        return round(shared - loudness(title) + _LEAD_BONUS * (item.item_id == lead_item_id), 6)

    best = max(items, key=score)
    return titles[best.item_id], best


def bare_title(item: StoryItem) -> str:
    """Return a title without a trailing outlet name and without labels such as "[PHOTO]"."""
    title = squeeze(item.title[:_LOOK])
    while (bare := _without_label(_without_outlet(title, item.outlet_name))) != title and bare:
        title = bare
    return title


def loudness(title: str) -> float:
    """Return how much a title shouts, teases or misses a sane length: 0 for a calm one, 1 and more for a bad one."""
    plain, count = canonical(title), word_count(title)
    penalty = sum(points for pattern, points in _PENALTIES if pattern.search(plain))
    penalty += 0.5 * _shouts(plain)
    penalty += 0.2 * max(0, _MIN_WORDS - count) + 0.05 * max(0, count - _MAX_WORDS)
    return penalty + 0.2 * (len(title) > _MAX_LENGTH)


def _shared(title: frozenset[str], others: Sequence[frozenset[str]]) -> float:
    """Return how much of a title the other pieces say in their title and first sentences.

    1 is eight words that all others use; the root favours neither a few sure words nor many doubtful ones.
    """
    if not title or not others:
        return 0.0
    return sum(len(title & other) for other in others) / len(others) / math.sqrt(len(title) * _FULL)


def _shouts(title: str) -> bool:
    """Tell whether a title is set in capitals."""
    capitals = sum(map(str.isupper, title))
    cased = capitals + sum(map(str.islower, title))
    return cased >= _SHOUT_LETTERS and capitals > _SHOUT * cased


def _without_outlet(title: str, outlet: str) -> str:
    """Cut " - Outlet" off the end of a title."""
    head, *tail = _LAST_DASH.split(title, maxsplit=1)
    return str(head) if tail and fold(tail[0]).strip() == fold(outlet).strip() else title


def _without_label(title: str) -> str:
    """Cut one bracketed label off either end of a title."""
    return str(_LABEL.sub("", title, count=1))
