"""Where the marks of the digest's drawings stand: the spread of a story, and how much each outlet brought in a week.

Only places and words are decided here; the templates draw them as inline SVG.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from monitor.digest.composed import Copy, DigestEntry, OutletLine, OutletVolume

#: units of the drawings' own coordinates
WIDTH = 640.0
_MARGIN = 12.0
#: a line of fewer pieces, or of pieces within an hour, tells nothing that the list does not
_LEAST_PIECES = 3
_LEAST_SPAN = timedelta(hours=1)
#: steps of the scale, the first that leaves at most so many ticks is taken
_STEPS_H = (1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 672)
_MOST_TICKS = 6
#: outlets that are drawn; the rest are summed up
MOST_OUTLETS = 12
#: pieces that are drawn; the largest stories have hundreds
_MOST_DOTS = 200


@dataclass(frozen=True, slots=True)
class Dot:
    """One piece on the line of time."""

    x: float
    #: 0 for the first at its place, and one more for each that would hide it
    level: int
    piece: OutletLine | Copy
    copied: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """When a story was reported: dots from the first to the last piece, and the ticks of the scale."""

    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, datetime], ...]
    levels: int
    #: dated pieces that are not drawn because there are too many
    hidden: int


def timeline(entry: DigestEntry, zone: tzinfo) -> Timeline | None:
    """Return the drawing of a story's spread, its scale in a zone; None where it would tell no more than the list."""
    pieces = [(line, False) for line in entry.reports] + [(c, True) for line in entry.reports for c in line.copies]
    dated = sorted(
        (
            (p.when.published_at, p.item_id, p, copied)
            for p, copied in pieces
            if p.when.published_at and p.when.has_time
        ),
        key=lambda row: row[:2],
    )
    if len(dated) < _LEAST_PIECES or dated[-1][0] - dated[0][0] < _LEAST_SPAN:
        return None
    shown = dated[:_MOST_DOTS]
    start, end = shown[0][0], shown[-1][0]
    dots = _stacked([(_place(at, start, end), piece, copied) for at, _id, piece, copied in shown])
    ticks = tuple((_place(at, start, end), at) for at in _ticks(start.astimezone(zone), end))
    return Timeline(dots, ticks, 1 + max(dot.level for dot in dots), len(dated) - len(shown))


def _place(at: datetime, start: datetime, end: datetime) -> float:
    """Return where a moment stands on the line, in units of the drawing."""
    span = (end - start).total_seconds() or 1.0
    return round(_MARGIN + (WIDTH - 2 * _MARGIN) * (at - start).total_seconds() / span, 1)


def _stacked(placed: Sequence[tuple[float, OutletLine | Copy, bool]]) -> tuple[Dot, ...]:
    """Put dots that would hide each other above one another."""
    dots: list[Dot] = []
    last_at: dict[int, float] = {}
    for x, piece, copied in placed:
        level = next(n for n in range(len(dots) + 1) if x - last_at.get(n, -WIDTH) >= 9)  # noqa: PLR2004 - a dot's width
        last_at[level] = x
        dots.append(Dot(x, level, piece, copied))
    return tuple(dots)


def _ticks(start: datetime, end: datetime) -> list[datetime]:
    """Return round moments of the scale between two times: whole hours, or midnights of the first's zone."""
    hours = (end - start).total_seconds() / 3600
    step = next((h for h in _STEPS_H if hours / h < _MOST_TICKS), int(hours / _MOST_TICKS) + 1)
    unit = timedelta(hours=step)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + unit * -(-(start - midnight) // unit)
    return [first + unit * n for n in range(_MOST_TICKS + 1) if first + unit * n <= end]


def volume_rows(volumes: Sequence[OutletVolume]) -> tuple[tuple[OutletVolume, ...], int]:
    """Return the outlets to draw, those that brought most first, and the most pieces that any brought in one day."""
    shown = tuple(volumes[:MOST_OUTLETS])
    return shown, max((max(v.days, default=0) for v in shown), default=0)
