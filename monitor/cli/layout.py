"""Facts and tables on the terminal: wrapped at words to its width; in a file or pipe each thing is one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

#: where the value of a fact begins
FACT_INDENT = 12
_GAP = 2
#: a column that gives way keeps this much
_LEAST = 12


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    right: bool = False
    #: gives way when the terminal is narrow
    flexible: bool = False
    #: left out on terminals that are narrower
    from_width: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; the note stands below it on a terminal, at its end elsewhere."""

    cells: Sequence[Text | str]
    note: str = ""


def text_of(value: Text | str) -> Text:
    """Return a value as text with styles, of which it has none if it is a string."""
    return value if isinstance(value, Text) else Text(value)


def wrapped(out: Console, value: Text | str, first: Text | str = "", indent: int | None = None) -> None:
    """Print a text behind what begins its first line; further lines are indented as far as that reaches, or as told."""
    start, content = text_of(first), text_of(value)
    if not out.is_terminal:
        out.print(start + content)
        return
    hang = cell_len(start.plain) if indent is None else indent
    lines = content.wrap(out, max(out.width - max(hang, cell_len(start.plain)), _LEAST)) or [content]
    for number, line in enumerate(lines):
        line.rstrip()
        out.print((Text(" " * hang) if number else start) + line)


def fact(out: Console, name: str, value: Text | str) -> None:
    """Print one named value."""
    wrapped(out, value, Text(f"{name:{FACT_INDENT - 1}} ", style="dim" if out.is_terminal else ""))


def table(out: Console, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Print a table that is never wider than the terminal while its flexible column can give way."""
    chosen = [n for n, column in enumerate(columns) if out.width >= column.from_width]
    shown = [columns[n] for n in chosen]
    lines = [([text_of(row.cells[n]) for n in chosen], row.note) for row in rows]
    widths = _widths(out, shown, [cells for cells, _ in lines])
    if any(column.name for column in shown):
        out.print(_line([Text(column.name, style="bold") for column in shown], shown, widths))
    for cells, note in lines:
        line = _line(cells, shown, widths)
        if note and not out.is_terminal:
            line += Text(" " * _GAP + note)
        out.print(line)
        if note and out.is_terminal:
            wrapped(out, Text(note, style="dim"), "    ")


def _widths(out: Console, columns: Sequence[Column], lines: Sequence[Sequence[Text]]) -> list[int]:
    """Return how wide each column is."""
    widths = [
        max([cell_len(column.name), *(cell_len(cells[n].plain) for cells in lines)]) for n, column in enumerate(columns)
    ]
    for n, column in enumerate(columns):
        excess = sum(widths) + _GAP * (len(widths) - 1) - out.width
        if column.flexible and excess > 0 and out.is_terminal:
            widths[n] = max(_LEAST, widths[n] - excess)
    return widths


def _line(cells: Sequence[Text], columns: Sequence[Column], widths: Sequence[int]) -> Text:
    """Return one line of a table, each cell cut or filled up to its width."""
    parts = []
    for cell, column, width in zip(cells, columns, widths, strict=True):
        part = cell.copy()
        part.truncate(width, overflow="ellipsis")
        part.align("right" if column.right else "left", width)
        parts.append(part)
    line = Text(" " * _GAP).join(parts)
    line.rstrip()
    return line
