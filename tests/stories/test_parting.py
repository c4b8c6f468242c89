"""A component that is too large is settled in parts: what is certain stays together, the strongest links come first."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.parting import Link, parted

ITEMS = st.integers(1, 12)
CHANCES = st.sampled_from([0.4, 0.5, 0.9])
PAIRS = st.lists(st.tuples(ITEMS, ITEMS), max_size=4)
LINKS = st.lists(st.tuples(ITEMS, ITEMS, CHANCES), max_size=25)


def test_strongest_links_come_first_and_a_part_is_bounded() -> None:
    """Of a chain the weakest link is cut, and a link that would make a part too large joins nothing."""
    links = [(1, 2, 0.9), (2, 3, 0.5), (3, 4, 0.8), (4, 5, 0.7)]
    assert parted([1, 2, 3, 4, 5], [], links, 3) == [[1, 2], [3, 4, 5]]
    assert parted([1, 2, 3, 4, 5], [], links, 2) == [[1, 2], [3, 4], [5]]
    assert parted([1, 2, 3, 4, 5], [], links, 5) == [[1, 2, 3, 4, 5]]


def test_what_is_certain_is_never_parted() -> None:
    """Copies stay with their original even where they are too many; nothing else joins them then."""
    assert parted([1, 2, 3, 4], [(1, 3), (3, 2)], [(1, 4, 1.0)], 2) == [[1, 2, 3], [4]]


def test_items_from_elsewhere_are_passed_over() -> None:
    """A copy whose original is out of reach, or a link to such an item, joins nothing."""
    assert parted([1, 2], [(1, 9), (9, 2)], [(2, 8, 1.0)], 5) == [[1], [2]]


@settings(max_examples=60)
@given(PAIRS, LINKS, st.integers(1, 12), st.randoms(use_true_random=False))
def test_parts_are_whole_bounded_and_the_same_in_any_order(
    certain: list[tuple[int, int]], links: list[Link], most: int, shuffled: object
) -> None:
    """Each item is in one part; only what is certain makes one larger than allowed; no order of links matters."""
    ids = list(range(1, 13))
    found = parted(ids, certain, links, most)
    assert sorted(i for part in found for i in part) == ids
    part_of = {i: n for n, part in enumerate(found) for i in part}
    assert all(part_of[a] == part_of[b] for a, b in certain)
    alone = parted(ids, certain, [], most)
    assert all(len(part) <= most or part in alone for part in found)
    mixed = list(links)
    shuffled.shuffle(mixed)  # type: ignore[attr-defined] # a random.Random, which Hypothesis does not tell
    assert parted(ids, certain, mixed, most) == found
