"""How values are printed: JSON for programs, harmless text for the terminal."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path

from rich.console import Console
from rich.text import Text

from monitor.text import escaped_unseen, squeeze, visible

#: tables that go to a file or a pipe are not squeezed into a terminal
PIPE_WIDTH = 200
#: characters of a title, name or sentence that a person is shown; `--json` has all
LONGEST = 1000


def console() -> Console:
    """Return the terminal; markup in texts from outside is never obeyed."""
    terminal = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)
    if not terminal.is_terminal:
        terminal.width = PIPE_WIDTH
    return terminal


def print_json(value: object) -> None:
    """Print any of the application's values as JSON."""
    print(escaped_unseen(json.dumps(to_plain(value), ensure_ascii=False, indent=2)))


def to_plain(value: object) -> object:  # noqa: PLR0911 - one line for each kind of value
    """Return a value as what JSON knows: nouns by field, times as ISO 8601, paths as text."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, dict):
        return {str(key): to_plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(part) for part in value]
    if isinstance(value, set | frozenset):
        return sorted(str(part) for part in value)
    return value


def harmless(value: object, *, width: int = LONGEST) -> str:
    """Return a text from outside on one line without what a terminal obeys, cut to a width with an ellipsis."""
    text = squeeze(visible("" if value is None else str(value)))
    return text if len(text) <= width else text[: width - 1] + "…"


def styled(value: object, style: str, *, width: int = LONGEST) -> Text:
    """Return a harmless text in a style."""
    return Text(harmless(value, width=width), style=style)


def moment(value: object) -> str:
    """Return a time of the state as people read it, in UTC; an unknown one is a dash."""
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return str(value)[:16].replace("T", " ")


def counted(count: int, one: str, many: str = "") -> str:
    """Return a number with its noun, for example `1 story` or `1,204 stories`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def span(start: object, end: object) -> str:
    """Return two times of the state as people read them, the day only once."""
    first, last = moment(start), moment(end)
    if first == last:
        return f"{first} UTC"
    return f"{first} to {last[11:] if last[:10] == first[:10] else last} UTC"
