"""Line plots as SVG, readable on light and dark ground, made without a plotting library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 44, 52
COLOURS = ("#2f7ed8", "#d9730d", "#3f9c5a", "#a155b9")
Points = Sequence[tuple[float, float]]


def line_plot(title: str, x_label: str, y_label: str, lines: Mapping[str, Points]) -> str:
    """Return a plot of some named lines; both axes begin at zero, every point carries its figures as a tooltip."""
    right = max(x for points in lines.values() for x, _ in points) or 1.0
    top = 1.1 * (max(y for points in lines.values() for _, y in points) or 1.0)
    parts = [_text(LEFT, 24, title, size=15), *_axes(right, top, x_label, y_label)]
    for (name, points), colour in zip(lines.items(), COLOURS, strict=False):
        parts += _line(name, [(_x(x, right), _y(y, top), f"{x:,.0f}: {y:,.3g}") for x, y in points], colour)
    body = "\n".join(parts)
    style = "text{font:12px system-ui,sans-serif;fill:#444}@media(prefers-color-scheme:dark){text{fill:#ccc}}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n{body}\n</svg>\n"
    )


def _x(value: float, right: float) -> float:
    """Return where a value stands on the horizontal axis."""
    return LEFT + (WIDTH - LEFT - RIGHT) * value / right


def _y(value: float, top: float) -> float:
    """Return where a value stands on the vertical axis."""
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top


def _axes(right: float, top: float, x_label: str, y_label: str) -> list[str]:
    """Return both axes with their names, and a line and figure at each quarter."""
    parts = []
    for quarter in range(5):
        x, y = right * quarter / 4, top * quarter / 4
        parts.append(_rule(LEFT, _y(y, top), WIDTH - RIGHT, _y(y, top), faint=quarter > 0))
        parts.append(_text(LEFT - 8, _y(y, top) + 4, f"{y:,.3g}", anchor="end"))
        parts.append(_text(_x(x, right), HEIGHT - BOTTOM + 18, f"{x:,.0f}", anchor="middle"))
    parts.append(_rule(LEFT, TOP, LEFT, HEIGHT - BOTTOM, faint=False))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, x_label, anchor="middle"))
    parts.append(_text(LEFT, TOP - 6, y_label))
    return parts


def _line(name: str, points: Sequence[tuple[float, float, str]], colour: str) -> list[str]:
    """Return one line with its points and its name at the end."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"><title>{tip}</title></circle>'
            for x, y, tip in points]  # fmt: skip
    x, y, _ = points[-1]
    return [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>', *dots,
            _text(x + 8, y + 4, name)]  # fmt: skip


def _rule(x: float, y: float, to_x: float, to_y: float, *, faint: bool) -> str:
    """Return a straight grey line."""
    opacity = 0.25 if faint else 0.9
    return f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="#888" stroke-opacity="{opacity}"/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 12) -> str:
    """Return a piece of text."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" style="font-size:{size}px">{escape(text)}</text>'
