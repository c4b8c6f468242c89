"""What the views of the state mean, row by row and column by column, from `views.yaml`.

docs/schema.md is generated from it and `monitor serve` shows it, so that what people read is one text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Column:
    """What a column means, and the format of its values: a word of docs/schema.md, or the only values there can be."""

    means: str
    format: str


@dataclass(frozen=True, slots=True)
class View:
    """What a row of a view stands for, what else is to be known, and its columns in their order."""

    rows: str
    columns: Mapping[str, Column]
    note: str = ""


@cache
def views() -> Mapping[str, View]:
    """Return the views of the state by name, in the order in which they are explained."""
    told = yaml.safe_load(files("monitor.store").joinpath("views.yaml").read_text(encoding="utf-8"))
    return {
        name: View(view["rows"], {c: Column(**column) for c, column in view["columns"].items()}, view.get("note", ""))
        for name, view in told.items()
    }
