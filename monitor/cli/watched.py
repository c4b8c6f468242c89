"""What `monitor sources` prints: how the sources are doing, where and how often each is asked, and its polls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text

from monitor.cli.layout import Column, Row, fact, table
from monitor.cli.options import program
from monitor.cli.plain import console, counted, harmless, moment, print_json

Rows = Sequence[Mapping[str, object]]

STATE_STYLES = {"ok": "green", "new": "dim", "failing": "red", "blocked": "red", "retired": "dim"}
COUNTS = ("entries", "new", "revised", "dropped")
COUNT_COLUMNS = tuple(Column(name, right=True) for name in COUNTS)
#: from this width on there is room for the outlet's name
_WIDE = 110
_MINUTE_S = 60


def sources(rows: Rows, *, as_json: bool) -> None:
    """Print the sources with how they are doing."""
    if as_json:
        print_json(rows)
        return
    out = console()
    if not rows:
        out.print(f"no sources yet: run `{program()} update`")
        return
    columns = (
        Column("source", flexible=True), Column("outlet", from_width=_WIDE), Column("state"),
        Column("items", right=True), Column("last new (UTC)"), Column("next check (UTC)"),
        Column("every", from_width=_WIDE),
    )  # fmt: skip
    table(out, columns, [_source_row(row) for row in rows])


def _source_row(row: Mapping[str, object]) -> Row:
    """Return one source as a row."""
    cells = (
        harmless(row["source_id"]), harmless(row["outlet"], width=36), state_text(row["state"]), str(row["items"]),
        moment(row["last_new_at"]), moment(row["next_check_at"]), _every(row["wait_s"]),
    )  # fmt: skip
    notes = (row["reason"], f"moved for good to {row['moved_to']}: put it in the config" if row["moved_to"] else None)
    return Row(cells, harmless("; ".join(str(note) for note in notes if note)))


def _every(wait_s: object) -> str:
    """Return how often a source is asked at present."""
    return f"{float(str(wait_s)) / _MINUTE_S:,.0f} min" if wait_s is not None else "-"


def state_text(state: object) -> Text:
    """Return a source's state in its colour; what is neither well nor broken is yellow."""
    return Text(str(state), style=STATE_STYLES.get(str(state), "yellow"))


def polls(source: Mapping[str, object], rows: Rows, *, as_json: bool) -> None:
    """Print how one source is doing and asked, then its history."""
    if as_json:
        print_json(rows)
        return
    out = console()
    source_id = harmless(source["source_id"])
    _asked(out, source)
    if not rows:
        out.print(f"{source_id} was never polled")
        return
    lines = [
        Row(
            (
                moment(row["started_at"]),
                harmless(row["result"]),
                harmless(row["http_status"]) or "-",
                *(str(row[name]) for name in COUNTS),
            ),
            harmless(row["reason"]),
        )
        for row in rows
    ]
    table(out, (Column("at (UTC)"), Column("result"), Column("http", right=True), *COUNT_COLUMNS), lines)


def _asked(out: Console, source: Mapping[str, object]) -> None:
    """Print the state of a source, where and how often it is asked, and why so often."""
    since = f" since {moment(source['since_at'])} UTC" if source["since_at"] else ""
    reason = f": {harmless(source['reason'])}" if source["reason"] else ""
    fact(out, "state", f"{source['state']}{since}{reason}")
    fact(out, "address", harmless(source["url"]))
    if source["moved_to"]:
        fact(out, "moved to", f"{harmless(source['moved_to'])}, which is asked instead: put it in the config")
    if source["move_target"]:
        times = counted(int(str(source["move_sightings"])), "time")
        fact(out, "redirects", f"for good to {harmless(source['move_target'])}, seen {times} in a row so far")
    if source["wait_reason"]:
        fact(out, "interval", harmless(source["wait_reason"]))
    if not source["obeys_robots"]:
        fact(out, "robots", "robots.txt is left out, as configured")
