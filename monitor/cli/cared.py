"""What the commands print that keep the state well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.text import Text

from monitor.backing import Backup, Made, Restored
from monitor.checks import Finding
from monitor.cli.layout import Column, Row, fact, table, wrapped
from monitor.cli.options import program, shown
from monitor.cli.plain import console, counted, harmless, moment, print_json
from monitor.pruning import Pruned


def megabytes(size_bytes: int) -> str:
    """Return a size as people read it."""
    return f"{size_bytes / 1e6:,.1f} MB"


def backup(made: Made, *, as_json: bool) -> None:
    """Print where the copy is and which ones went."""
    if as_json:
        print_json(made)
        return
    out = console()
    fact(out, "backup", f"{shown(made.backup.path)}, {megabytes(made.backup.size_bytes)}, verified")
    if made.removed:
        fact(out, "removed", f"{counted(len(made.removed), 'older copy', 'older copies')}: {_names(made.removed)}")


def backups(found: Sequence[Backup], *, as_json: bool) -> None:
    """Print the copies there are, the newest first."""
    if as_json:
        print_json(found)
        return
    out = console()
    if not found:
        out.print(f"no backups yet: run `{program()} backup`")
        return
    lines = [Row((harmless(shown(b.path)), megabytes(b.size_bytes), moment(b.made_at))) for b in found]
    table(out, (Column("backup", flexible=True), Column("size", right=True), Column("made (UTC)")), lines)


def restored(found: Restored, totals: Mapping[str, int], files: Sequence[str], *, as_json: bool) -> None:
    """Print what was put in place, and where that is which was there before."""
    if as_json:
        print_json({"source": found.source, "before": found.before, "files": list(files), "totals": dict(totals)})
        return
    out = console()
    fact(out, "restored", f"{shown(found.source)}: {counted(totals['items'], 'item')}")
    if found.before:
        fact(out, "before", f"what was there is kept as {shown(found.before)}")
    if files:
        fact(out, "digests", f"{counted(len(files), 'file')} written as they were issued")
    fact(out, "next", f"{program()} doctor")


def _names(paths: Sequence[Path]) -> str:
    """Return the names of files."""
    return ", ".join(path.name for path in paths)


def doctor(folder: Path, findings: Sequence[Finding], mended: Sequence[str] | None, *, as_json: bool) -> None:
    """Print what was mended, None if nobody asked for it, and what each check found, with the remedy."""
    if as_json:
        print_json({"mended": list(mended), "findings": list(findings)} if mended is not None else findings)
        return
    out = console()
    out.print(f"state {shown(folder)}")
    for told in mended or ():
        wrapped(out, harmless(told), Text("mended ", style="yellow"))
    if mended is not None and not mended:
        out.print("nothing to mend")
    for finding in findings:
        mark = Text("bad " if finding.problems else "ok  ", style="red" if finding.problems else "green")
        wrapped(out, finding.check, mark)
        for problem in finding.problems:
            wrapped(out, harmless(problem), "      ")
        if finding.problems and finding.remedy:
            wrapped(out, finding.remedy, "      remedy: ")


def pruned(found: Pruned, *, dry_run: bool, as_json: bool) -> None:
    """Print what went or would go, with what issued digests cite, and how large the state is."""
    if as_json:
        print_json(found)
        return
    out = console()
    name = "would go" if dry_run else "went"
    for gone in found.gone:
        told = f"{gone.count:,} {gone.what}, {moment(gone.oldest_at)} to {moment(gone.newest_at)} UTC ({gone.reason})"
        fact(out, name, told)
    if not found.gone:
        fact(out, name, "nothing")
    if found.cited:
        cited = counted(found.cited, "of these texts is", "of these texts are")
        fact(out, "digests", f"{cited} of stories that issued digests tell; these digests stay as they are")
    fact(out, "state", f"{megabytes(found.size_bytes)} in use, {megabytes(found.given_back_bytes)} given back")


def went(rows: Sequence[Mapping[str, object]], *, as_json: bool) -> None:
    """Print what retention took away so far."""
    if as_json:
        print_json(rows)
        return
    out = console()
    if not rows:
        out.print("nothing was taken away so far")
        return
    columns = (
        Column("at (UTC)"),
        Column("what", flexible=True),
        Column("count", right=True),
        Column("from"),
        Column("to"),
    )
    lines = [
        Row((moment(r["at"]), harmless(r["what"]), str(r["count"]), moment(r["oldest_at"]), moment(r["newest_at"])),
            harmless(r["reason"]))
        for r in rows
    ]  # fmt: skip
    table(out, columns, lines)
