"""Verifying candidates exactly, and choosing the original of a group of copies. No chains: a copy matches its original.

Containment (the share of the smaller text's shingles that the larger one has; Broder 1997) decides, because it finds
the trimmed copy that Jaccard misses. Other editions of a series reach 0.92: their marks refuse them, not a threshold.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from monitor.model import Reprint, ReprintKind

#: reprints of the labelled customs corpus start at 0.81, shared page furniture and sister templates end at 0.78
MIN_CONTAINMENT = 0.8
#: below it the larger text is another piece that happens to quote the smaller one
MIN_JACCARD = 0.25
#: fewer shared shingles than in one sentence are a common phrase, not a copy
MIN_SHARED = 8


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two shingle sets share."""

    shared: int
    jaccard: float
    containment: float


@dataclass(frozen=True, slots=True)
class Copyable:
    """What choosing an original needs to know of an item."""

    item_id: int
    shingles: AbstractSet[str]
    published_at: datetime


def likeness(a: Collection[str], b: Collection[str]) -> Likeness:
    """Return the exact Jaccard and containment of two shingle sets; two empty texts are not alike."""
    a, b = frozenset(a), frozenset(b)
    shared = len(a & b)
    if not shared:
        return Likeness(0, 0.0, 0.0)
    return Likeness(shared, shared / (len(a) + len(b) - shared), shared / min(len(a), len(b)))


def is_copy(alike: Likeness) -> bool:
    """Tell whether the likeness of two texts is that of a copy."""
    return alike.containment >= MIN_CONTAINMENT and alike.jaccard >= MIN_JACCARD and alike.shared >= MIN_SHARED


def regroup(group: Sequence[Copyable], veto: Callable[[int, int], str | None]) -> list[Reprint]:
    """Return the copies among the items of a group, each with its original: the earliest item it is verified against.

    Items are taken in order of publication. One that is a copy of an earlier original becomes its reprint; any other is
    an original itself. `veto` names a reason why two items (by id) can never be copies, such as other edition marks.
    """
    originals: list[Copyable] = []
    found: list[Reprint] = []
    for item in sorted(group, key=lambda c: (c.published_at, c.item_id)):
        matches = [(o, alike) for o in originals if is_copy(alike := likeness(item.shingles, o.shingles))]
        allowed = [(o, alike) for o, alike in matches if veto(item.item_id, o.item_id) is None]
        if allowed:
            found.append(_reprint(item, *allowed[0]))
        else:
            originals.append(item)
    return found


def _reprint(item: Copyable, original: Copyable, alike: Likeness) -> Reprint:
    """Return the verified copy with its figures in words."""
    reason = (
        f"{alike.containment:.0%} of the shorter text's word triples stand in the other one "
        f"(Jaccard {alike.jaccard:.2f}), and it was published later"
    )
    return Reprint(item.item_id, original.item_id, ReprintKind.REPRINT, alike.jaccard, alike.containment, reason)
