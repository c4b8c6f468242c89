"""Exact likeness, what counts as a copy, and the original of each copy."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.dedup.shingle import compared_text, shingles
from monitor.dedup.verify import Likeness, is_copy, may_be_copies, regroup, reprint
from monitor.dedup.verify import likeness as likeness_of_hashes
from monitor.model import Reprint, ReprintKind

SETS = st.frozensets(st.integers(2**64 - 8, 2**64 - 1), max_size=8)


def span(start: int, stop: int) -> frozenset[int]:
    """Return the shingles of the numbers from start up to, not including, stop."""
    return frozenset(number % 2**64 for number in range(start, stop))


def likeness(a: frozenset[int], b: frozenset[int]) -> Likeness:
    """Return the likeness of two sets of hashes."""
    return likeness_of_hashes(*(np.array(sorted(one), dtype=np.uint64) for one in (a, b)))


@dataclass
class World:
    """A few texts with their times; two are candidates of each other when they share anything."""

    texts: dict[int, frozenset[int]]
    hours: dict[int, int] = field(default_factory=dict)
    forbidden: Collection[tuple[int, int]] = ()
    #: what was chosen so far
    originals: dict[int, int] = field(default_factory=dict)

    def key(self, item_id: int, /) -> tuple[str, int]:
        """Return the hour and the id."""
        return f"{self.hours.get(item_id, 0):03}", item_id

    def near(self, item_id: int, /) -> set[int]:
        """Return the texts that share a shingle with one."""
        return {i for i, text in self.texts.items() if i != item_id and text & self.texts[item_id]}

    def original_of(self, item_id: int, /) -> int | None:
        """Return the original that was chosen before."""
        return self.originals.get(item_id)

    def copies_of(self, item_id: int, /) -> set[int]:
        """Return the copies that were chosen before."""
        return {copy for copy, original in self.originals.items() if original == item_id}

    def closest_first(self, item_id: int, others: Sequence[int], /) -> list[int]:
        """Return some texts by their Jaccard with one."""
        return sorted(others, key=lambda o: -likeness(self.texts[item_id], self.texts[o]).jaccard)

    def likeness(self, item_id: int, other_id: int, /) -> Likeness:
        """Return how much two texts share."""
        return likeness(self.texts[item_id], self.texts[other_id])

    def verified(self, item_id: int, others: Sequence[int], /) -> Iterator[int]:
        """Yield the copies that nothing forbids."""
        for other in others:
            allowed = not {(item_id, other), (other, item_id)} & set(self.forbidden)
            if allowed and is_copy(likeness(self.texts[item_id], self.texts[other])):
                yield other

    def take(self, *changed: int) -> dict[int, int]:
        """Regroup what changed and return the original of each copy there is now."""
        for copy, original in regroup(changed, self).items():
            self.originals.pop(copy, None)
            if original is not None:
                self.originals[copy] = original
        return self.originals


# ---------------------------------------------------------------- likeness


@settings(max_examples=200)
@given(SETS, SETS)
def test_likeness_is_exact_and_has_no_direction(a: frozenset[int], b: frozenset[int]) -> None:
    """Jaccard and containment are those of the definition, bounded, and the same both ways."""
    alike = likeness(a, b)
    assert alike == likeness(b, a)
    union, smaller = len(a | b), min(len(a), len(b))
    assert alike.shared == sum(x in b for x in a)
    assert alike.jaccard == (float(Fraction(alike.shared, union)) if alike.shared else 0.0)
    assert alike.containment == (float(Fraction(alike.shared, smaller)) if alike.shared else 0.0)
    assert 0 <= alike.jaccard <= alike.containment <= 1
    assert (alike.jaccard == 1) == (a == b and bool(a))


def test_empty_texts_are_not_alike() -> None:
    """Two texts without a word are no copies of each other."""
    assert likeness(frozenset(), frozenset()) == likeness(span(0, 1), frozenset()) == Likeness(0, 0.0, 0.0)
    assert regroup([1, 2], World({1: frozenset(), 2: frozenset()})) == {1: None, 2: None}


@pytest.mark.parametrize(
    ("a", "b", "copy"),
    [
        (span(0, 100), span(0, 100), True),
        (span(0, 8), span(0, 8), True),
        (span(0, 7), span(0, 7), False),  # a common phrase
        (span(0, 100), span(0, 25), True),  # trimmed to a quarter
        (span(0, 100), span(0, 24), False),  # a piece that quotes another one
        (span(0, 100), span(20, 120), True),  # four fifths of the shorter one
        (span(0, 100), span(21, 121), False),
        (span(0, 1000), span(500, 1500), False),
        (frozenset(), span(0, 50), False),
    ],
)
def test_what_is_a_copy(a: frozenset[int], b: frozenset[int], copy: bool) -> None:
    """A copy shares a sentence at least, most of the shorter text and a quarter of both."""
    assert is_copy(likeness(a, b)) is copy
    assert is_copy(likeness(b, a)) is copy


SEIZURE = (
    "Officers of the Velmora Customs Service found eleven kilograms of gold in the spare wheel of a lorry on Tuesday. "
    "The driver, a man of forty, had told them that he carried nothing but garden furniture and two crates of oranges. "
    "An x-ray image showed dark bars between rim and tyre, and a dog confirmed what the image had suggested.\n"
    "The service values the gold at three quarters of a million crowns. It is the largest find at the northern "
    "crossing since the scanner was installed. A court in Port Maren will hear the case in May.\n"
    "The ministry said that checks of spare wheels will now be made at every crossing of the country."
)
OTHER = (
    "The Velmora Customs Service will charge importers of garden furniture a new handling fee from the first of June. "
    "The fee replaces four older ones and is meant to pay for scanners at the northern crossing and in Port Maren. "
    "Importers had asked for a longer period of transition, but the ministry said that the old fees cost too much."
)
CHINESE = (
    "维尔莫拉海关星期二在一辆卡车的备用轮胎中查获十一公斤黄金。司机四十岁，声称车上只有花园家具和两箱橙子。"
    "扫描图像显示轮胎内有深色金条，缉毒犬随后确认了这一发现。海关估计黄金价值七十五万克朗。"
)
RUSSIAN = (
    "Сотрудники таможни Велморы во вторник нашли одиннадцать килограммов золота в запасном колесе грузовика. "
    "Водитель сорока лет утверждал, что везёт только садовую мебель и два ящика апельсинов. "
    "На снимке были видны тёмные слитки, а служебная собака подтвердила находку у северного перехода."
)


@pytest.mark.parametrize(
    ("original", "other", "copy"),
    [
        (SEIZURE, SEIZURE.upper(), True),
        (SEIZURE, SEIZURE.split("\n", maxsplit=1)[0], True),
        (SEIZURE, SEIZURE.replace("eleven", "11").replace("crowns", "Velmora crowns"), True),
        (SEIZURE, f"Harbour Wire – {SEIZURE} Read more about customs on our page.", True),
        (SEIZURE, OTHER, False),
        (SEIZURE, OTHER + " " + SEIZURE.split("\n")[2], False),
        (CHINESE, CHINESE.replace("，", ", ").replace("十一", "11"), True),
        (CHINESE, CHINESE[: len(CHINESE) // 2], True),
        (CHINESE, RUSSIAN, False),
        (RUSSIAN, RUSSIAN.replace("ё", "е") + " Следите за нашими новостями.", True),
    ],
)
def test_copies_of_texts(original: str, other: str, copy: bool) -> None:
    """Edited, trimmed and framed copies are recognised in several scripts, another report of the outlet is not."""
    sets = [shingles(compared_text("A title", text)) for text in (original, other)]
    assert is_copy(likeness_of_hashes(*sets)) is copy


# ---------------------------------------------------------------- pruning


@settings(max_examples=200)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(-60, 60))
def test_pruning_loses_no_copy(size: int, other: int, start: int) -> None:
    """Whatever is a copy passes, even when its Jaccard is estimated four standard deviations too low."""
    a, b = span(0, size), span(start, start + other)
    alike = likeness(a, b)
    low = alike.jaccard - 4 * (alike.jaccard * (1 - alike.jaccard) / 128) ** 0.5
    worth = may_be_copies(len(a), np.array([len(b)]), np.array([low]))
    assert worth.shape == (1,)
    assert worth[0] or not is_copy(alike)


def test_pruning_tells_sizes_and_estimates() -> None:
    """Too small, too different in size, too unlike; the rest is worth a look."""
    sizes, estimates = np.array([7, 30, 100, 100, 30]), np.array([1.0, 1.0, 0.3, 0.4, 0.05])
    assert may_be_copies(130, sizes, estimates).tolist() == [False, False, False, True, False]


# ---------------------------------------------------------------- regrouping


def test_earliest_piece_is_the_original() -> None:
    """Copies point to the piece that was published first, to the lower id where two appeared at once."""
    world = World(dict.fromkeys((1, 2, 3, 4), span(0, 40)), {1: 5, 2: 1, 3: 1, 4: 9})
    assert world.take(1, 2, 3, 4) == {1: 2, 3: 2, 4: 2}


def test_copies_form_no_chain() -> None:
    """A copy of a copy that is not alike enough to the original is an original itself."""
    world = World({1: span(0, 100), 2: span(15, 115), 3: span(30, 130)})
    assert is_copy(likeness(world.texts[2], world.texts[3]))
    assert world.take(1, 2, 3) == {2: 1}
    world.texts[4] = span(35, 135)
    assert world.take(4) == {2: 1, 4: 3}


def test_veto_keeps_editions_apart() -> None:
    """A piece that may not be a copy of the first original is compared with the next one."""
    texts = dict.fromkeys((1, 2, 3, 4), span(0, 40))
    assert World(texts, forbidden=[(1, 2), (1, 3)]).take(1, 2, 3, 4) == {3: 2, 4: 1}
    everything = [(a, b) for a in texts for b in texts]
    assert World(texts, forbidden=everything).take(1, 2, 3, 4) == {}


def test_closest_of_several_originals_is_chosen() -> None:
    """A piece that matches two editions is a copy of the one that it is closer to, not of the earlier one."""
    texts = {1: span(0, 100), 2: span(8, 108), 3: span(10, 108)}
    assert World(texts, forbidden=[(1, 2)]).take(1, 2, 3) == {3: 2}


def test_settled_pairs_are_not_looked_at_again() -> None:
    """Ten originals that may not be copies of each other: the eleventh is compared with each once, nothing else is."""
    texts = dict.fromkeys(range(11), span(0, 40))
    asked: list[tuple[int, int]] = []

    class Watched(World):
        def verified(self, item_id: int, others: Sequence[int], /) -> Iterator[int]:
            asked.extend((item_id, other) for other in others)
            return super().verified(item_id, others)

    world = Watched({}, forbidden=[(a, b) for a in texts for b in texts])
    for item_id in texts:
        asked.clear()
        world.texts[item_id] = texts[item_id]
        assert world.take(item_id) == {}
    assert sorted(asked) == [(10, other) for other in range(10)]


def test_reprint_says_its_figures() -> None:
    """The reason of a reprint names containment and Jaccard."""
    alike = likeness(span(0, 40), span(0, 50))
    assert reprint(3, 2, alike) == Reprint(
        3, 2, ReprintKind.REPRINT, 0.8, 1.0,
        "100% of the shorter text's word triples stand in the other one (Jaccard 0.80), and it was published later",
    )  # fmt: skip


GROUPS = st.lists(st.tuples(st.integers(0, 12), st.integers(10, 30), st.integers(0, 3)), min_size=1, max_size=9)


@settings(max_examples=250)
@given(
    rows=GROUPS,
    forbidden=st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=8),
    shuffler=st.randoms(use_true_random=False),
    chunk=st.integers(1, 4),
)
def test_order_of_arrival_does_not_matter(
    rows: list[tuple[int, int, int]], forbidden: set[tuple[int, int]], shuffler: random.Random, chunk: int
) -> None:
    """Taken in one by one, in groups or at once, in any order and after a revision, the same copies are found."""
    texts = {n: span(start, start + length) for n, (start, length, _) in enumerate(rows)}
    hours = {n: hour for n, (_, _, hour) in enumerate(rows)}
    at_once = dict(World(texts, hours, forbidden).take(*texts))
    assert not set(at_once) & set(at_once.values())
    order = list(texts)
    shuffler.shuffle(order)
    world = World({}, hours, forbidden)
    for n in range(0, len(order), chunk):
        world.texts |= {i: texts[i] for i in order[n : n + chunk]}
        world.take(*order[n : n + chunk])
    assert world.originals == at_once
    revised = order[0]
    for text, expected in ((span(5, 25), None), (texts[revised], at_once)):
        tied = {revised, world.originals.get(revised)}
        world.texts[revised] = text
        world.take(revised, *(copy for copy, original in world.originals.items() if original in tied))
        assert world.originals == (expected or World(dict(world.texts), hours, forbidden).take(*texts))
