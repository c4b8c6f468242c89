"""What the working commands print: demo, update, digest, import; and the lists of the asking ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from monitor.cli.options import shown
from monitor.cli.plain import console, harmless, moment, print_json, styled
from monitor.publish import Outcome, Published
from monitor.store.search import Hit, Overview

if TYPE_CHECKING:
    from monitor.checks import Finding
    from monitor.cli.demo import DemoReport
    from monitor.importing import ImportReport
    from monitor.pipeline import PassReport

Rows = Sequence[Mapping[str, object]]

STATE_STYLES = {"ok": "green", "new": "dim", "failing": "red", "blocked": "red", "retired": "dim"}


def table(*columns: str) -> Table:
    """Return an empty table in the house style."""
    made = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        made.add_column(column.lstrip("#"), justify="right" if column.startswith("#") else "left", overflow="fold")
    return made


def demo(report: DemoReport, *, as_json: bool) -> None:
    """Print what the demo did and where to look."""
    if as_json:
        print_json(report)
        return
    out = console()
    grid = table("", "#")
    for name, value in report.figures.items():
        grid.add_row(name, str(value))
    out.print(grid)
    out.print()
    out.print(f"digest    {shown(report.digest.paths[0])}  (also .html and .json)")
    out.print(f"database  {shown(report.database)}")
    out.print()
    out.print(f"next      monitor status, monitor story {report.story_id}, monitor explain {report.item_id}")


def update(report: PassReport, *, as_json: bool) -> None:
    """Print what a pass came to, source by source where something happened."""
    if as_json:
        print_json({"counts": report.counts(), "polls": report.polls})
        return
    out = console()
    grid = table("source", "result", "#entries", "#new", "#revised", "#dropped", "")
    for poll in report.polls:
        result = Text(poll.result.value, style="red" if poll.result.value in ("failed", "blocked", "gone") else "")
        grid.add_row(
            harmless(poll.record.source.id), result, str(poll.entries), str(poll.new), str(poll.revised),
            str(poll.dropped), harmless(poll.reason, width=90),
        )  # fmt: skip
    if report.polls:
        out.print(grid)
    out.print(", ".join(f"{value} {name.replace('_', ' ')}" for name, value in report.counts().items()))


def digest(written: Published, *, as_json: bool) -> None:
    """Print where a digest is, and whether it changed."""
    if as_json:
        print_json(written)
        return
    words = {
        Outcome.WRITTEN: "written",
        Outcome.UNCHANGED: "unchanged",
        Outcome.KEPT: "kept as issued, though the state has changed since (--rewrite replaces it)",
    }
    day = "" if written.final else " so far"
    out = console()
    out.print(f"digest of {written.digest_date}{day}: {written.stories} stories, {words[written.outcome]}")
    for path in written.paths:
        out.print(f"  {shown(path)}")


def imported(report: ImportReport, *, as_json: bool) -> None:
    """Print what an import came to, with every line that could not be read."""
    if as_json:
        print_json(report)
        return
    out = console()
    for line in report.bad:
        out.print(f"{harmless(line.what)}: not imported: {harmless(line.reason)}")
    out.print(
        f"{report.new} new, {report.revised} revised, {report.known} known already, "
        f"{report.dropped} not about customs, {len(report.bad)} bad lines"
    )


def hits(found: Sequence[Hit], total: int, *, as_json: bool) -> None:
    """Print the matches of a search."""
    if as_json:
        print_json({"total": total, "hits": found})
        return
    out = console()
    for hit in found:
        story = "" if hit.story_id is None else f"story {hit.story_id}"
        out.print(styled(hit.title or hit.url, "bold"))
        out.print(f"  item {hit.item_id}, {story}, {harmless(hit.outlet)}, {moment(hit.at)}", style="dim")
        out.print(f"  {harmless(hit.snippet)}")
    out.print(f"{len(found)} of {total} matches" if total else "nothing matches")


def sources(rows: Rows, *, as_json: bool) -> None:
    """Print the sources with how they are doing."""
    if as_json:
        print_json(rows)
        return
    grid = table("source", "outlet", "state", "#items", "last new", "next check", "")
    for row in rows:
        grid.add_row(
            harmless(row["source_id"]), harmless(row["outlet"], width=32), state_text(row["state"]), str(row["items"]),
            moment(row["last_new_at"]), moment(row["next_check_at"]), harmless(row["reason"], width=80),
        )  # fmt: skip
    console().print(grid if rows else "no sources yet: run `monitor update`")


def state_text(state: object) -> Text:
    """Return a source's state in its colour; what is neither well nor broken is yellow."""
    return Text(str(state), style=STATE_STYLES.get(str(state), "yellow"))


def polls(source_id: str, rows: Rows, *, as_json: bool) -> None:
    """Print the history of one source."""
    if as_json:
        print_json(rows)
        return
    grid = table("at", "result", "#http", "#entries", "#new", "#revised", "#dropped", "")
    for row in rows:
        grid.add_row(
            moment(row["started_at"]), harmless(row["result"]), harmless(row["http_status"]),
            *(str(row[name]) for name in ("entries", "new", "revised", "dropped")), harmless(row["reason"], width=90),
        )  # fmt: skip
    console().print(grid if rows else f"{source_id} was never polled")


def left_out(rows: Rows, *, as_json: bool) -> None:
    """Print what was dropped or could not be read."""
    if as_json:
        print_json(rows)
        return
    grid = table("at", "source", "what", "why")
    for row in rows:
        grid.add_row(
            moment(row["at"]),
            harmless(row["source_id"]),
            harmless(row["what"], width=70),
            harmless(row["reason"], width=90),
        )
    console().print(grid if rows else "nothing was left out")


def status(folder: Path, overview: Overview, *, as_json: bool) -> None:
    """Print whether the monitor is well, and what is not."""
    if as_json:
        print_json(overview)
        return
    out = console()
    trouble = [row for row in overview.sources if row["state"] not in ("ok", "new")]
    headline = f"{len(trouble)} of {len(overview.sources)} sources have trouble" if trouble else "well"
    out.print(Text(headline, style="bold yellow" if trouble else "bold green"))
    for row in trouble:
        since = f" since {moment(row['since_at'])}: " if row["since_at"] else ": "
        out.print(
            Text.assemble(
                "  ", (str(row["source_id"]), "bold"), " ", state_text(row["state"]), since, harmless(row["reason"])
            )
        )
    held = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in overview.totals.items() if count)
    out.print(f"state    {shown(folder)}: {held or 'nothing yet, run `monitor update`'}")
    for run in overview.last_runs:
        ended = f"to {moment(run['ended_at'])}" if run["ended_at"] else "not ended (interrupted, or still running)"
        out.print(f"{run['kind']!s:8} {moment(run['started_at'])} {ended}  {harmless(run['note'])}")
    if overview.last_digest:
        out.print(f"digest   {overview.last_digest['digest_date']}, {overview.last_digest['stories']} stories")
    if overview.totals["dropped"] or overview.totals["left_out"]:
        out.print("what was left out, and why: monitor status --left-out")


def doctor(folder: Path, findings: Sequence[Finding], *, as_json: bool) -> None:
    """Print what each check found, with the remedy."""
    if as_json:
        print_json(findings)
        return
    out = console()
    out.print(f"state {shown(folder)}")
    for finding in findings:
        mark = Text("bad " if finding.problems else "ok  ", style="red" if finding.problems else "green")
        out.print(Text.assemble(mark, finding.check))
        for problem in finding.problems:
            out.print(f"      {harmless(problem)}")
        if finding.problems and finding.remedy:
            out.print(f"      remedy: {finding.remedy}")
