"""What a part of a benchmark hands back, and how it gets into a page: between `<!-- NAME -->` and `<!-- /NAME -->`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figures:
    """What a part came to."""

    #: Markdown, as it stands in the page
    text: str
    #: SVG by the name of its file in docs/, without the ending
    plots: Mapping[str, str] = field(default_factory=dict)
    #: what was not as it should be, one line each
    problems: tuple[str, ...] = ()


def written_into(page: str, name: str, text: str) -> str:
    """Return a page with a text between the marks of a name; raise ValueError when the page lacks them."""
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, found, rest = page.partition(opening)
    _, ended, after = rest.partition(closing)
    if not (found and ended):
        raise ValueError(f"the page has no {opening} … {closing}")
    return f"{before}{opening}\n{text.strip()}\n{closing}{after}"


def table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """Return a table in Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
