"""What the commands print: demo, update, digest, import, and the lists of search, status and doctor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from monitor.cli import wellness
from monitor.cli.layout import Column, Row, fact, table, wrapped
from monitor.cli.options import program, shown
from monitor.cli.plain import console, counted, harmless, moment, print_json, span, styled
from monitor.cli.watched import COUNT_COLUMNS, COUNTS, state_text
from monitor.publish import Outcome, Published
from monitor.store.search import Hit, Overview

if TYPE_CHECKING:
    from monitor.cli.demo import DemoReport
    from monitor.encoding import Encoded
    from monitor.health.outside import Look
    from monitor.importing import ImportReport
    from monitor.pipeline import PassReport

Rows = Sequence[Mapping[str, object]]


def demo(report: DemoReport, *, as_json: bool) -> None:
    """Print what the demo did and where to look."""
    if as_json:
        print_json(report)
        return
    out = console()
    table(
        out, (Column(""), Column("", right=True)), [Row((name, f"{value:,}")) for name, value in report.figures.items()]
    )
    folder = shown(report.database.parent)
    out.print()
    fact(out, "digest", f"{shown(report.digest.paths[0])}  (also .html and .json)")
    fact(out, "database", shown(report.database))
    out.print()
    hints = ("status", f"story {report.story_id}", f"explain {report.item_id}")
    for label, hint in zip(("next", "", ""), hints, strict=True):
        fact(out, label, f"{program()} {hint} --state {folder}")


def update(report: PassReport, *, as_json: bool) -> None:
    """Print what a pass came to, source by source."""
    if as_json:
        print_json({"counts": report.counts(), "polls": report.polls})
        return
    out = console()
    if not report.polls:
        out.print(f"nothing is due: `{program()} sources` tells when each source is asked next")
        return
    rows = [
        Row(
            (
                harmless(poll.record.source.id),
                Text(poll.result.value, style="red" if poll.result.value in ("failed", "blocked", "gone") else ""),
                *(str(getattr(poll, name)) for name in COUNTS),
            ),
            harmless(poll.reason),
        )
        for poll in report.polls
    ]
    table(out, (Column("source", flexible=True), Column("result"), *COUNT_COLUMNS), rows)
    counts = report.counts().items()
    wrapped(out, ", ".join(f"{value:,} {name.replace('_', ' ')}" for name, value in counts if value or name == "new"))


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
    stories = counted(written.stories, "story", "stories")
    wrapped(out, f"digest of {written.digest_date}{day}: {stories}, {words[written.outcome]}")
    for path in written.paths:
        out.print(f"  {shown(path)}")


def imported(report: ImportReport, *, as_json: bool) -> None:
    """Print what an import came to, with every line that could not be read."""
    if as_json:
        print_json(report)
        return
    out = console()
    for line in report.bad:
        wrapped(out, f"{harmless(line.what)}: not imported: {harmless(line.reason)}", indent=2)
    figures = f"{report.new:,} new, {report.revised:,} revised, {report.known:,} known already"
    wrapped(out, f"{figures}, {report.dropped:,} not about customs, {counted(len(report.bad), 'bad line')}")


def hits(found: Sequence[Hit], total: int, *, as_json: bool) -> None:
    """Print the matches of a search."""
    if as_json:
        print_json({"total": total, "hits": found})
        return
    out = console()
    for hit in found:
        story = "no story yet" if hit.story_id is None else f"story {hit.story_id}"
        wrapped(out, styled(hit.title or hit.url, "bold"))
        where = f"item {hit.item_id}, {story}, {harmless(hit.outlet)}, {moment(hit.at)} UTC"
        wrapped(out, Text(where, style="dim"), "  ")
        wrapped(out, harmless(hit.snippet), "  ")
    out.print(f"{len(found):,} of {counted(total, 'match', 'matches')}" if total else "nothing matches")


def left_out(rows: Rows, *, as_json: bool) -> None:
    """Print what was dropped or could not be read, and why."""
    if as_json:
        print_json(rows)
        return
    out = console()
    if not rows:
        out.print("nothing was left out")
        return
    columns = (Column("at (UTC)"), Column("source"), Column("what", flexible=True))
    lines = [
        Row((moment(r["at"]), harmless(r["source_id"]) or "-", harmless(r["what"])), harmless(r["reason"]))
        for r in rows
    ]
    table(out, columns, lines)


def dropped(rows: Rows, *, as_json: bool) -> None:
    """Print what the relevance stage refused, and why."""
    if as_json:
        print_json(rows)
        return
    out = console()
    if not rows:
        out.print("nothing was dropped")
        return
    columns = (Column("id", right=True), Column("at (UTC)"), Column("outlet"), Column("title", flexible=True))
    lines = [
        Row(
            (
                str(r["dropped_id"]),
                moment(r["dropped_at"]),
                harmless(r["outlet_id"]),
                harmless(r["title"]) or harmless(r["url"]),
            ),
            harmless(r["reason"]),
        )
        for r in rows
    ]
    table(out, columns, lines)


def kept(number: int, item_id: int, *, as_json: bool) -> None:
    """Print under which id a piece was brought back."""
    if as_json:
        print_json({"dropped_id": number, "item_id": item_id})
        return
    console().print(f"kept as item {item_id}: `{program()} explain {item_id}` shows it")


def status(folder: Path, overview: Overview, look: Look, meaning: Encoded | None, *, as_json: bool) -> None:
    """Print whether the monitor is well, and what is not."""
    if as_json:
        print_json(wellness.as_data(look) | asdict(overview) | {"sentence_encoder": meaning})
        return
    out = console()
    wellness.verdict(out, look)
    _trouble(out, overview.sources)
    totals = overview.totals
    fact(out, "state", shown(folder))
    stories, copies, series = (
        counted(totals["stories"], "story", "stories"),
        counted(totals["copies"], "copy", "copies"),
        f"{totals['series']:,} series of editions",
    )
    held = f"{counted(totals['items'], 'item')} in {stories}, {copies}, {series}"
    fact(out, "holds", held if totals["items"] else f"nothing yet: run `{program()} update`")
    if totals["waiting_to_settle"]:
        fact(out, "waiting", f"{counted(totals['waiting_to_settle'], 'item')} to be put into stories by the next pass")
    if totals["dropped"] or totals["left_out"]:
        counts = {"not about customs": totals["dropped"], "could not be read": totals["left_out"]}
        figures = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
        fact(out, "left out", f"{figures} (--left-out lists them)")
    if meaning:
        fact(out, "encoder", _encoder(meaning))
    for run in overview.last_runs:
        at = moment(run["started_at"]) + " UTC, not ended: interrupted, or still running"
        note = f": {harmless(run['note'])}" if run["note"] else ""
        fact(out, f"last {run['kind']}", (span(run["started_at"], run["ended_at"]) if run["ended_at"] else at) + note)
    if overview.last_digest:
        stories = counted(int(str(overview.last_digest["stories"])), "story", "stories")
        fact(out, "digest", f"{overview.last_digest['digest_date']}, {stories}")
    for target, unsent in overview.unsent.items():
        fact(out, "unsent", _unsent(target, unsent))


def _unsent(target: str, unsent: Mapping[str, object]) -> str:
    """Return what waits for a target, since when, and why."""
    waits = f"{counted(int(str(unsent['waiting'])), 'notice')} for {harmless(target)}"
    why = f": {harmless(unsent['problem'])}" if unsent["problem"] else ""
    return f"{waits} since {moment(unsent['since_at'])} UTC{why} (next try {moment(unsent['next_try_at'])} UTC)"


def _encoder(meaning: Encoded) -> str:
    """Return which sentence encoder is in use and how far it has come."""
    left = ", ".join(
        f"{count:,} {harmless(lang) or 'of no known language'}" for lang, count in meaning.left_to_default.items()
    )
    rest = f"; left to facts and names: {left}" if left else ""
    waiting = f", {meaning.waiting:,} not yet" if meaning.waiting else ""
    name = f"{harmless(meaning.encoder)} {harmless(meaning.version)}"
    return f"{name}: {counted(meaning.encoded, 'item')} encoded{waiting}{rest}"


def _trouble(out: Console, rows: Rows) -> None:
    """Print the sources that are not well."""
    trouble = [row for row in rows if row["state"] not in ("ok", "new")]
    if not trouble:
        out.print(
            Text(f"all {counted(len(rows), 'source')} are well" if rows else "no sources yet", style="bold green")
        )
        return
    out.print(Text(f"{len(trouble)} of {counted(len(rows), 'source')} have trouble", style="bold yellow"))
    lines = [
        Row(
            (f"  {harmless(r['source_id'])}", state_text(r["state"]), f"since {moment(r['since_at'])} UTC"),
            harmless(r["reason"]),
        )
        for r in trouble
    ]
    table(out, (Column("", flexible=True), Column(""), Column("")), lines)
