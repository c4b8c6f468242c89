"""What follows from a person's word on pairs of items: who is one with whom, who can never be, what contradicts it.

"Together" is an equivalence: A with B and B with C puts A with C. "Apart" divides whole groups: A with B and B apart
from C keeps A apart from C. A word that contradicts what follows from earlier ones is refused (constrained clustering
with closed must-link and cannot-link sets; Wagstaff et al. 2001).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from monitor.model import Correction, Said
from monitor.stories.score import Probabilities
from monitor.stories.settle import average_linkage, connected

Pair = tuple[int, int]


def groups(standing: Iterable[Correction]) -> dict[int, frozenset[int]]:
    """Return the items that are one with each named item, itself included, by item id."""
    found: dict[int, frozenset[int]] = {}
    for c in standing:
        mine, theirs = (found.get(i, frozenset([i])) for i in (c.item_id, c.other_item_id))
        if c.said is Said.TOGETHER:
            mine = theirs = mine | theirs
        found.update(dict.fromkeys(mine, mine) | dict.fromkeys(theirs, theirs))
    return found


def divided(standing: Sequence[Correction]) -> dict[Pair, Correction]:
    """Return every pair of items that is apart by a person's word or by what follows from it, the smaller id first."""
    group_of = groups(standing)
    found: dict[Pair, Correction] = {}
    for c in standing:
        if c.said is Said.APART:
            for one in group_of[c.item_id]:
                for other in group_of[c.other_item_id]:
                    found.setdefault((min(one, other), max(one, other)), c)
    return found


def against(standing: Sequence[Correction], said: Said, pair: Pair) -> list[Correction]:
    """Return the earlier corrections that together say the opposite of a new one; none when it can be taken."""
    if said is Said.APART:
        return _path(standing, *pair)
    group_of = groups(standing)
    mine, theirs = (group_of.get(i, frozenset([i])) for i in pair)
    for c in standing:
        if c.said is Said.APART and _joins(c, mine, theirs):
            mine_end, their_end = (c.item_id, c.other_item_id) if c.item_id in mine else (c.other_item_id, c.item_id)
            return [c, *_path(standing, pair[0], mine_end), *_path(standing, pair[1], their_end)]
    return []


def _joins(c: Correction, one: frozenset[int], other: frozenset[int]) -> bool:
    """Tell whether a correction names an item of each of two groups."""
    return (c.item_id in one and c.other_item_id in other) or (c.item_id in other and c.other_item_id in one)


def _path(standing: Iterable[Correction], start: int, end: int) -> list[Correction]:
    """Return the fewest corrections that make two items one, none when nothing does."""
    edges: dict[int, list[tuple[int, Correction]]] = {}
    for c in standing:
        if c.said is Said.TOGETHER:
            edges.setdefault(c.item_id, []).append((c.other_item_id, c))
            edges.setdefault(c.other_item_id, []).append((c.item_id, c))
    came: dict[int, list[Correction]] = {start: []}
    waiting = deque([start])
    while waiting and end not in came:
        item_id = waiting.popleft()
        for other, c in edges.get(item_id, ()):
            if other not in came:
                came[other] = [*came[item_id], c]
                waiting.append(other)
    return came.get(end, [])


def corrected(
    clusters: Sequence[Sequence[int]],
    probabilities: Probabilities,
    together: Iterable[Pair],
    apart: Iterable[Pair],
) -> list[list[int]]:
    """Join the clusters that a person's word ties to each other, whatever the score and the vetoes say.

    To say that two items are one event says it of their stories. Where another word divides what would be joined, the
    items go with the side to which they are closer.

    Args:
        clusters: a partition of row numbers that keeps every pair of `apart` apart.
        probabilities: symmetric matrix, shape (n, n).
        together: pairs of rows that are one.
        apart: pairs of rows that can never be, closed over `together` (`divided`).

    """
    tied, never = list(together), list(apart)
    if not tied:
        return [list(rows) for rows in clusters]
    chains = [(rows[n], rows[n + 1]) for rows in clusters for n in range(len(rows) - 1)]
    labels = connected(len(probabilities), [*chains, *tied]).tolist()
    joined: dict[int, list[int]] = {}
    for row, label in enumerate(labels):
        joined.setdefault(label, []).append(row)
    return sorted(part for rows in joined.values() for part in _parted(rows, probabilities, tied, never))


def _parted(rows: list[int], probabilities: Probabilities, tied: list[Pair], never: list[Pair]) -> Iterator[list[int]]:
    """Yield what is left of a joined cluster where a person's word divides it."""
    place = {row: n for n, row in enumerate(rows)}
    inside = [(place[a], place[b]) for a, b in never if a in place and b in place]
    if not inside:
        yield rows
        return
    bound = [(place[a], place[b]) for a, b in tied if a in place and b in place]
    for part in average_linkage(probabilities[np.ix_(rows, rows)], inside, 0.0, bound):
        yield [rows[n] for n in part]


def why(correction: Correction) -> str:
    """Say in words what a person said, for vetoes and reasons."""
    because = f": {correction.because}" if correction.because else ""
    return f"a person said so (correction {correction.correction_id}, {correction.said_at:%Y-%m-%d}){because}"


def links(standing: Iterable[Correction], story_of: Mapping[int, int]) -> dict[frozenset[int], Correction]:
    """Return the first word that ties or divides each two stories, for naming it in a history."""
    found: dict[frozenset[int], Correction] = {}
    for c in standing:
        ends = [story_of[i] for i in (c.item_id, c.other_item_id) if i in story_of]
        found.setdefault(frozenset(ends), c)
    return found
