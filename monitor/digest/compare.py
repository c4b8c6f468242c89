"""Find the figures on which the outlets of one story differ: few and right ones, each beside its sentence.

Two figures speak of one thing when unit and goods are the same; they differ when neither is the other one rounded.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from monitor.digest.composed import Differing, OutletLine, Stated
from monitor.model import StatedFigure, StoryItem

#: closer figures are the same for a reader; further apart they hardly count the same thing
_LEAST_RATIO, _MOST_RATIO = 1.02, 10.0
#: what a bare number counts is read from the words behind it only: 52 sacks of scales, 8 species
_MOST_COUNT_RATIO = 2.0
_NOT_SUMS = frozenset(["%", "hour", "day", "m"])
#: what goods are carried in and who carries them: a piece speaks of several groups of each
_CARRIERS = frozenset(
    ["container", "truck", "parcels", "passenger", "ship", "train", "flight", "luggage", "firm", "counterfeit"]
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What one piece says of one thing: its main figure first."""

    line: OutletLine
    figures: tuple[StatedFigure, ...]


def differing(items: Iterable[StoryItem], reports: Sequence[OutletLine]) -> tuple[Differing, ...]:
    """Return the things of which outlets of different families give different figures, by thing and unit."""
    figures = {item.item_id: item.figures for item in items}
    said: dict[tuple[str, str], list[_Said]] = {}
    for line in reports:
        # a copy whose original is elsewhere has no text of its own
        of_piece: dict[tuple[str, str], list[StatedFigure]] = {}
        for figure in figures[line.item_id] if line.copied_item_id is None else ():
            if is_comparable(figure):
                of_piece.setdefault((figure.what, figure.unit), []).append(figure)
        for thing, told in of_piece.items():
            said.setdefault(thing, []).append(_Said(line, _main_first(told)))
    found = (_compared(what, unit, told) for (what, unit), told in sorted(said.items()))
    return tuple(one for one in found if one)


def is_comparable(figure: StatedFigure) -> bool:
    """Tell whether a figure says how much there was of some goods."""
    return (
        figure.what != ""
        and figure.what not in _CARRIERS
        and figure.unit not in _NOT_SUMS
        and figure.quantity > 1
        and math.isfinite(figure.quantity)
    )


def agree(one: float, other: float) -> bool:
    """Tell whether two figures are the same, or one is the other rounded, or cut off ("more than two tonnes")."""
    small, large = sorted((one, other))
    return large < small * _LEAST_RATIO or _rounds_to(one, other) or _rounds_to(other, one)


def digits(quantity: float) -> int:
    """Return how many significant digits a figure has, zeros at its end not counted."""
    return len(f"{quantity:.15g}".partition("e")[0].replace(".", "").strip("0")) or 1


def _rounds_to(exact: float, rough: float) -> bool:
    """Tell whether a figure becomes the other one when it is rounded or cut off to that one's digits."""
    unit = 10.0 ** (math.floor(math.log10(rough)) + 1 - digits(rough))
    near = 1e-6 * unit
    return abs(round(exact / unit) * unit - rough) < near or abs(math.floor(exact / unit + 1e-9) * unit - rough) < near


def _main_first(told: Sequence[StatedFigure]) -> tuple[StatedFigure, ...]:
    """Return a piece's figures of one thing: the one it gives first, as exactly as anywhere, then the others."""
    main = max((f for f in told if agree(f.quantity, told[0].quantity)), key=lambda f: digits(f.quantity))
    return main, *(figure for figure in told if not agree(figure.quantity, main.quantity))


def _compared(what: str, unit: str, said: Sequence[_Said]) -> Differing | None:
    """Return what the pieces say of a thing, None unless two families of outlets differ."""
    of_family: dict[str, set[float]] = {}
    for piece in said:
        of_family.setdefault(piece.line.family, set()).update(figure.quantity for figure in piece.figures)
    pairs = [(one, other) for one, other in combinations(_by_quantity(said), 2) if _differ(one, other, unit, of_family)]
    if not pairs:
        return None
    shown = {piece.figures[0].quantity for pair in pairs for piece in pair}
    stated: dict[float, list[_Said]] = {}
    for piece in said:
        if (quantity := piece.figures[0].quantity) in shown:
            stated.setdefault(quantity, []).append(piece)
    return Differing(what, unit, tuple(_stated(stated[quantity]) for quantity in sorted(stated)))


def _by_quantity(said: Sequence[_Said]) -> list[_Said]:
    """Return one piece for each main figure and family: a story of hundreds of pieces has few of them."""
    return list({(piece.figures[0].quantity, piece.line.family): piece for piece in reversed(said)}.values())


def _differ(one: _Said, other: _Said, unit: str, of_family: Mapping[str, Collection[float]]) -> bool:
    """Tell whether two pieces contradict each other.

    A family that gives the other's figure as well, anywhere, tells of two things.
    """
    small, large = sorted((one.figures[0].quantity, other.figures[0].quantity))
    most = _MOST_COUNT_RATIO if unit == "count" else _MOST_RATIO
    return (
        one.line.family != other.line.family
        and large <= small * most
        and not any(agree(a, b) for a in of_family[one.line.family] for b in of_family[other.line.family])
    )


def _stated(pieces: Sequence[_Said]) -> Stated:
    """Return a figure with the sentence of the first piece that gives it, and the numbers of the others."""
    first, *others = pieces
    figure = first.figures[0]
    numbers = tuple(piece.line.number for piece in others)
    return Stated(figure.quantity, figure.sentence, first.line.item_id, first.line.number, first.line.outlet, numbers)
