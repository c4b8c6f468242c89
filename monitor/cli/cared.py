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
