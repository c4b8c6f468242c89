"""What `monitor series` and `monitor export` print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from rich.text import Text

from monitor.cli.layout import Column, Row, table, wrapped
from monitor.cli.options import program, shown
from monitor.cli.plain import console, counted, harmless, moment, print_json

Rows = Sequence[Mapping[str, object]]


def all_series(rows: Rows, *, as_json: bool) -> None:
    """Print the series with how many editions each has and which came last."""
    if as_json:
        print_json(rows)
        return
    out = console()
    if not rows:
        out.print("no series yet: editions of recurring events make one, such as the sessions of a commission")
        return
    columns = (Column("series", flexible=True), Column("editions", right=True), Column("newest"), Column("at (UTC)"))
    cells = [
        (harmless(r["series"]), str(r["editions"]), harmless(r["newest"]), moment(r["newest_at"])[:10]) for r in rows
    ]
    table(out, columns, [Row(row) for row in cells])
    out.print(Text(f"\n{program()} series NAME shows the editions", style="dim"))


def editions(rows: Rows, *, as_json: bool) -> None:
    """Print the editions of some series in their order."""
    if as_json:
        print_json(rows)
        return
    out = console()
    columns = (Column("edition"), Column("story", right=True), Column("from (UTC)"), Column("headline", flexible=True))
    for name, members in groupby(rows, key=lambda row: row["series"]):
        wrapped(out, Text(harmless(name), style="bold"))
        cells = [
            (f"  {harmless(r['edition'])}", str(r["story_id"]), moment(r["first_at"])[:10], harmless(r["headline"]))
            for r in members
        ]
        table(out, columns, [Row(row) for row in cells])


def exported(path: Path, count: int, what: str) -> None:
    """Print what was written where."""
    one = {"stories": "story"}.get(what, what.removesuffix("s"))
    print(f"{shown(path)}: {counted(count, one, what)}")
