"""Which items of a very large component are settled together: the strongest links first, as many as bound it.

What links connect is unbounded: among 8,000 pieces of one hour that all tell of seizures nearly all hang together by
chains of weak links, and a matrix of all their pairs takes memory and time by the square of their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

#: an item, another one, the probability that both report one event
Link = tuple[int, int, float]


def parted(ids: Sequence[int], certain: Iterable[tuple[int, int]], links: Iterable[Link], most: int) -> list[list[int]]:
    """Return items in parts, each sorted; the result depends on no order but that of the ids.

    Args:
        ids: the items of a component.
        certain: pairs that must not be parted, whatever comes of it: copies, what is in one story, a person's word.
        links: all others; the strongest ones join parts first, and none joins more than `most` items (Kruskal 1956,
            with a bound).
        most: items of a part that only links hold together.

    """
    parts = _Parts(ids)
    for a, b in certain:
        parts.join(a, b)
    for a, b, _ in sorted(links, key=lambda link: (-link[2], link[0], link[1])):
        parts.join(a, b, most)
    return parts.lists()


class _Parts:
    """Disjoint parts of some items; a part goes by one of them."""

    def __init__(self, ids: Sequence[int]) -> None:
        """Begin with every item by itself."""
        self._above = {item_id: item_id for item_id in ids}
        self._sizes = dict.fromkeys(ids, 1)

    def _top(self, item_id: int) -> int:
        """Return the item by which a part goes."""
        above = self._above
        while above[item_id] != item_id:
            above[item_id] = item_id = above[above[item_id]]
        return item_id

    def join(self, a: int, b: int, most: int | None = None) -> None:
        """Make one part of those of two items, unless it had more than `most` items; others are none of ours."""
        if a not in self._above or b not in self._above:
            return
        one, other = self._top(a), self._top(b)
        size = self._sizes[one] + self._sizes[other]
        if one != other and (most is None or size <= most):
            self._above[other] = one
            self._sizes[one] = size

    def lists(self) -> list[list[int]]:
        """Return the parts in order of their first items."""
        found: dict[int, list[int]] = {}
        for item_id in sorted(self._above):
            found.setdefault(self._top(item_id), []).append(item_id)
        return list(found.values())
