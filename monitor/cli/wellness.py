"""What `monitor status` prints on top: whether the monitor is well, what to do if not, and who works on the state."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.text import Text

from monitor.cli.layout import fact, wrapped
from monitor.cli.plain import harmless, moment
from monitor.health.outside import Look
from monitor.health.verdict import Level, Problem
from monitor.redaction import redacted

_WORDS = {
    Level.WELL: ("the monitor is well", "bold green"),
    Level.ATTENTION: ("the monitor works; some of it wants attention", "bold yellow"),
    Level.TROUBLE: ("the monitor does not do its job", "bold red"),
}
_MARKS = {Level.ATTENTION: ("look  ", "yellow"), Level.TROUBLE: ("bad   ", "red")}
#: told source by source below
_LISTED = frozenset({"sources"})


def verdict(out: Console, look: Look) -> None:
    """Print the verdict, each problem with its remedy, and who works on the state."""
    words, style = _WORDS[look.verdict.level]
    out.print(Text(words, style=style))
    for problem in look.verdict.problems:
        if problem.kind not in _LISTED:
            _problem(out, problem)
    fact(out, "service", _service(look))
    fact(out, "next digest", f"{moment(look.next_digest_at.isoformat())} UTC")


def _problem(out: Console, problem: Problem) -> None:
    """Print one problem and what to do."""
    mark, style = _MARKS[problem.level]
    wrapped(out, harmless(redacted(problem.what)), Text(mark, style=style))
    wrapped(out, problem.remedy, "      remedy: ")


def _service(look: Look) -> str:
    """Say who works on the state, or when the service was there last."""
    if look.holder:
        since = f", since {moment(look.started_at.isoformat())} UTC" if look.started_at else ""
        return f"{harmless(look.holder)}{since if 'run' in look.holder else ''}"
    if look.seen_at:
        return f"not running; it was there last at {moment(look.seen_at.isoformat())} UTC"
    return "not running"


def trouble(look: Look) -> None:
    """Print what keeps the monitor from doing its job, one line each, for whoever is woken by it."""
    for problem in look.verdict.problems:
        if problem.level is Level.TROUBLE:
            print(f"monitor: {harmless(redacted(problem.what))}: {problem.remedy}", file=sys.stderr)


def as_data(look: Look) -> dict[str, object]:
    """Return the verdict for programs."""
    return {
        "level": look.verdict.level,
        "problems": look.verdict.problems,
        "service": look.holder,
        "started_at": look.started_at,
        "seen_at": look.seen_at,
        "next_digest_at": look.next_digest_at,
        "digests_due": look.vitals.digests_due,
        "database_bytes": look.vitals.database_bytes,
        "wal_bytes": look.vitals.wal_bytes,
    }
