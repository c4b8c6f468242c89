"""Figures on which outlets differ: shown where they contradict each other, not where one rounds the other."""

from __future__ import annotations

import pytest
from digest_builders import WINDOW, copy, item
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.digest.compare import agree, differing, digits
from monitor.digest.reports import report_list
from monitor.model import StatedFigure, StoryItem

figures = st.floats(1e-3, 1e12)


def kilos(quantity: float, what: str = "cocaine", unit: str = "kg") -> StatedFigure:
    """Return a figure in a sentence of its own."""
    return StatedFigure(quantity, unit, what, f"Officers counted {quantity:g} {unit} of {what}.")


def compared(*items: StoryItem) -> list[tuple[str, str, list[float]]]:
    """Return what differs between pieces: the thing, its unit and the figures."""
    found = differing(items, report_list(items, WINDOW))
    return [(d.what, d.unit, [said.quantity for said in d.stated]) for d in found]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (2304, 2300),
        (2304, 2000),
        (1_170_000, 1_200_000),
        (602, 600),
        (850, 860),
        (31_000, 30_000),
        (2900, 2000),
        (5, 5),
    ],
)
def test_rounding_is_no_difference(one: float, other: float) -> None:
    """A figure agrees with itself rounded, with itself cut off, and with one that is within two per cent."""
    assert agree(one, other)
    assert agree(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [(2300, 2400), (2304, 2400), (4.1e6, 3.8e6), (18, 7.4), (0.25, 0.5), (24, 23)]
)
def test_contradiction_is_a_difference(one: float, other: float) -> None:
    """Figures that no rounding turns into each other differ."""
    assert not agree(one, other)
    assert not agree(other, one)


@pytest.mark.parametrize(("quantity", "count"), [(2300, 2), (2304, 4), (0.25, 2), (1e15, 1), (7.4, 2), (1_170_000, 3)])
def test_digits(quantity: float, count: int) -> None:
    """Zeros at either end tell no exactness."""
    assert digits(quantity) == count


@settings(max_examples=200)
@given(figures, figures)
def test_agreement_is_mutual(one: float, other: float) -> None:
    """Who is asked first makes no difference, and every figure agrees with itself."""
    assert agree(one, other) == agree(other, one)
    assert agree(one, one)


def test_each_figure_stands_beside_its_first_sentence() -> None:
    """The smallest first, with the place of its piece, and of the others that say the same."""
    pieces = [
        item(1, "A", figures=(kilos(2400),)),
        item(2, "B", figures=(kilos(2300),)),
        item(3, "C", figures=(kilos(2400),)),
    ]
    (found,) = differing(pieces, report_list(pieces, WINDOW))
    assert [(s.quantity, s.outlet, s.number, s.also) for s in found.stated] == [
        (2300, "B", 2, ()),
        (2400, "A", 1, (3,)),
    ]
    assert found.stated[0].text == "Officers counted 2300 kg of cocaine."
    assert (found.what, found.unit) == ("cocaine", "kg")


def test_a_piece_is_taken_at_its_most_exact() -> None:
    """Where the title says "more than two tonnes" it is 2,304 kg further down, which contradicts 2.4 tonnes."""
    pieces = [item(1, "A", figures=(kilos(2000), kilos(2304), kilos(9700))), item(2, "B", figures=(kilos(2400),))]
    assert compared(*pieces) == [("cocaine", "kg", [2304, 2400])]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (kilos(100), kilos(2300)),  # too far apart to be the same thing
        (kilos(300), kilos(500, unit="litre")),
        (kilos(300), kilos(500, "heroin")),
        (kilos(300, ""), kilos(500, "")),
        (kilos(30, unit="%"), kilos(50, unit="%")),
        (kilos(30, "container", "count"), kilos(50, "container", "count")),
        (kilos(52, "pangolin", "count"), kilos(8, "pangolin", "count")),
    ],
)
def test_other_things_are_not_compared(one: StatedFigure, other: StatedFigure) -> None:
    """Another unit, other goods, what carries them, shares, or figures far apart say nothing about each other."""
    assert compared(item(1, "A", figures=(one,)), item(2, "B", figures=(other,))) == []


def test_one_family_does_not_differ_with_itself() -> None:
    """Outlets of a family are one voice, and a family that gives the other's figure too does not contradict it."""
    first = item(1, "A", figures=(kilos(300),))
    assert compared(first, item(2, "B", outlet_family="a", figures=(kilos(500),))) == []
    both = [item(2, "B", figures=(kilos(500),)), item(3, "C", outlet_family="b", figures=(kilos(300),))]
    assert compared(first, *both) == []


def test_copies_have_no_figures_of_their_own() -> None:
    """A copy is not asked, be its original in the story or elsewhere."""
    pieces = [item(1, "A", figures=(kilos(300),)), copy(2, 1, "B", figures=(kilos(500),))]
    assert compared(*pieces) == []
    assert compared(pieces[0], copy(3, 99, "C", figures=(kilos(500),))) == []


numbers = st.lists(st.tuples(st.sampled_from("ABC"), st.lists(figures, max_size=3)), min_size=1, max_size=6)


@settings(max_examples=150)
@given(numbers)
def test_whatever_differs_can_be_looked_up(told: list[tuple[str, list[float]]]) -> None:
    """Every figure shown is one of the piece it names, there are two at least, and they come in order."""
    pieces = [item(n, outlet, figures=tuple(map(kilos, given))) for n, (outlet, given) in enumerate(told, 1)]
    by_id = {piece.item_id: piece for piece in pieces}
    for found in differing(pieces, report_list(pieces, WINDOW)):
        quantities = [said.quantity for said in found.stated]
        assert quantities == sorted(set(quantities))
        assert len(quantities) > 1
        assert all(said.quantity in {f.quantity for f in by_id[said.item_id].figures} for said in found.stated)
