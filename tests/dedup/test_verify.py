"""Exact likeness, what counts as a copy, and the original of each copy."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.dedup.shingle import compared_text, shingles
from monitor.dedup.verify import Copyable, Likeness, is_copy, likeness, regroup
from monitor.model import Reprint, ReprintKind

START = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
SETS = st.frozensets(st.sampled_from("abcdefgh"), max_size=8)


def span(start: int, stop: int) -> frozenset[str]:
    """Return the shingles that stand for the numbers from start up to, not including, stop."""
    return frozenset(map(str, range(start, stop)))


def piece(item_id: int, shingle_set: frozenset[str], hours: float = 0) -> Copyable:
    """Return a piece that was published so many hours after the start."""
    return Copyable(item_id, shingle_set, START + timedelta(hours=hours))


def never(_a: int, _b: int) -> str | None:
    """Forbid no pair."""
    return None


def forbid(*pairs: tuple[int, int]) -> Callable[[int, int], str | None]:
    """Return a veto on some pairs of ids, whichever comes first."""
    return lambda a, b: "other edition" if (a, b) in pairs or (b, a) in pairs else None


def links(found: list[Reprint]) -> dict[int, int]:
    """Return the original of each copy."""
    return {r.item_id: r.original_item_id for r in found}


# ---------------------------------------------------------------- likeness


@settings(max_examples=200, deadline=None)
@given(SETS, SETS)
def test_likeness_is_exact_and_has_no_direction(a: frozenset[str], b: frozenset[str]) -> None:
    """Jaccard and containment are those of the definition, bounded, and the same both ways."""
    alike = likeness(a, b)
    assert alike == likeness(b, a) == likeness(sorted(a) * 2, sorted(b))
    union, smaller = len(a | b), min(len(a), len(b))
    assert alike.shared == sum(x in b for x in a)
    assert alike.jaccard == (float(Fraction(alike.shared, union)) if alike.shared else 0.0)
    assert alike.containment == (float(Fraction(alike.shared, smaller)) if alike.shared else 0.0)
    assert 0 <= alike.jaccard <= alike.containment <= 1
    assert (alike.jaccard == 1) == (a == b and bool(a))


def test_empty_texts_are_not_alike() -> None:
    """Two texts without a word are no copies of each other."""
    assert likeness(frozenset(), frozenset()) == likeness(["a"], []) == Likeness(0, 0.0, 0.0)
    assert regroup([piece(1, frozenset()), piece(2, frozenset())], never) == []


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
def test_what_is_a_copy(a: frozenset[str], b: frozenset[str], copy: bool) -> None:
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
    assert is_copy(likeness(*sets)) is copy


# ---------------------------------------------------------------- regrouping


def test_earliest_piece_is_the_original() -> None:
    """Copies point to the piece that was published first, to the lower id where two appeared at once."""
    text = span(0, 40)
    found = regroup([piece(1, text, 5), piece(2, text, 1), piece(3, text, 1), piece(4, text, 9)], never)
    assert links(found) == {1: 2, 3: 2, 4: 2}
    assert found[0] == Reprint(
        3, 2, ReprintKind.REPRINT, 1.0, 1.0,
        "100% of the shorter text's word triples stand in the other one (Jaccard 1.00), and it was published later",
    )  # fmt: skip


def test_copies_form_no_chain() -> None:
    """A copy of a copy that is not alike enough to the original is an original itself."""
    a, b, c = piece(1, span(0, 100)), piece(2, span(15, 115), 1), piece(3, span(30, 130), 2)
    assert is_copy(likeness(b.shingles, c.shingles))
    assert links(regroup([a, b, c], never)) == {2: 1}
    d = piece(4, span(35, 135), 3)
    assert links(regroup([a, b, c, d], never)) == {2: 1, 4: 3}


def test_veto_keeps_editions_apart() -> None:
    """A piece that may not be a copy of the first original is compared with the next one."""
    text = span(0, 40)
    group = [piece(1, text), piece(2, text, 1), piece(3, text, 2), piece(4, text, 3)]
    assert links(regroup(group, forbid((1, 2), (1, 3)))) == {3: 2, 4: 1}
    assert links(regroup(group, lambda _a, _b: "other edition")) == {}


GROUPS = st.lists(st.tuples(st.integers(0, 12), st.integers(10, 30), st.integers(0, 3)), min_size=1, max_size=8).map(
    lambda rows: [piece(n, span(start, start + length), hours) for n, (start, length, hours) in enumerate(rows)]
)


@settings(max_examples=200, deadline=None)
@given(GROUPS, st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=8), st.randoms(use_true_random=False))
def test_regrouping_rules(group: list[Copyable], pairs: set[tuple[int, int]], shuffler: random.Random) -> None:
    """In any order of arrival, a copy has the earliest original that it matches and may match, an original has none."""
    veto = forbid(*pairs)
    found = regroup(group, veto)
    shuffled = list(group)
    shuffler.shuffle(shuffled)
    assert regroup(shuffled, veto) == found
    by_id = {c.item_id: c for c in group}
    original_of = links(found)
    assert len(original_of) == len(found)
    assert not set(original_of) & set(original_of.values())

    def before(c: Copyable) -> list[Copyable]:
        earlier = sorted(group, key=lambda o: (o.published_at, o.item_id))
        return [o for o in earlier[: earlier.index(c)] if o.item_id not in original_of]

    for c in group:
        eligible = [
            o.item_id
            for o in before(c)
            if is_copy(likeness(c.shingles, o.shingles)) and veto(c.item_id, o.item_id) is None
        ]
        assert original_of.get(c.item_id) == (eligible[0] if eligible else None)
    for r in found:
        alike = likeness(by_id[r.item_id].shingles, by_id[r.original_item_id].shingles)
        assert (r.jaccard, r.containment) == (alike.jaccard, alike.containment)
