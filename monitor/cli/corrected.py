"""What `monitor together`, `apart`, `corrections` and `replay` print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from monitor.cli.layout import fact, wrapped
from monitor.cli.options import program
from monitor.cli.plain import console, counted, harmless, moment, print_json

if TYPE_CHECKING:
    from monitor.correcting import Outcome
    from monitor.replaying import Replayed


def outcome(found: Outcome, *, as_json: bool) -> None:
    """Print what a new correction came to."""
    if as_json:
        print_json(found)
        return
    out = console()
    c = found.correction
    if not found.is_new:
        wrapped(out, f"correction {c.correction_id} of {moment(c.said_at)} UTC says so already; nothing was changed")
        return
    fact(out, "correction", f"{c.correction_id}: items {c.item_id} and {c.other_item_id} {c.said}, for ever")
    _stories(out, found)
    fact(out, "take back", f"{program()} corrections --undo {c.correction_id}")


def undone(found: Outcome, *, as_json: bool) -> None:
    """Print what taking a correction back came to."""
    if as_json:
        print_json(found)
        return
    out = console()
    c = found.correction
    fact(out, "taken back", f"correction {c.correction_id}: items {c.item_id} and {c.other_item_id} {c.said}")
    _stories(out, found)


def _stories(out: Console, found: Outcome) -> None:
    """Print where the items of a correction were and are."""
    c = found.correction
    for item_id, before, after in zip((c.item_id, c.other_item_id), found.before, found.after, strict=True):
        moved = f"story {after}" if before == after else f"story {after}, before in story {before}"
        fact(out, f"item {item_id}", moved)


def listing(rows: Sequence[Mapping[str, object]], *, as_json: bool) -> None:
    """Print corrections, each with the titles of its items."""
    if as_json:
        print_json(list(rows))
        return
    out = console()
    if not rows:
        out.print(f"no corrections: `{program()} together A B` and `{program()} apart A B` make them")
        return
    for row in rows:
        undone_at = f", taken back {moment(row['undone_at'])}" if row["undone_at"] else ""
        head = Text.assemble(
            (f"{row['correction_id']:>4}  {row['said']!s:8} ", "bold"),
            (f"{moment(row['said_at'])} UTC{undone_at}", "dim"),
        )
        out.print(head)
        for item, title in (("item_id", "title"), ("other_item_id", "other_title")):
            wrapped(out, harmless(row[title]), f"      item {row[item]}  ")
        if row["because"]:
            wrapped(out, harmless(row["because"]), "      because ")
    out.print(Text(counted(len(rows), "correction"), style="dim"))


def replayed(found: Replayed, *, limit: int, as_json: bool) -> None:
    """Print what grouping anew changes, or would change."""
    if as_json:
        print_json(found)
        return
    out = console()
    fact(out, "items", f"{found.items:,}")
    fact(
        out, "stories", f"{found.stories_before:,} before, {found.stories_after:,} after, {found.unchanged:,} the same"
    )
    lines = _changes(found)
    for name, count in (("joined", len(found.joined)), ("split", len(found.split)), ("moved", len(found.moved))):
        fact(out, name, f"{count:,}")
    for line in lines[:limit]:
        wrapped(out, line, "  ")
    if len(lines) > limit:
        out.print(f"  and {len(lines) - limit:,} more: --limit {len(lines)} lists all, --json too")
    if found.applied:
        out.print("written; `story_history` tells of every change")
    elif lines:
        wrapped(out, f"nothing was written: `{program()} replay --apply` does it")


def _changes(found: Replayed) -> list[str]:
    """Return one line for each change."""
    joined = [f"story {j.story_id} becomes part of story {j.into_story_id}" for j in found.joined]
    split = [
        f"{counted(len(p.item_ids), 'item')} of story {p.story_id} {'becomes' if len(p.item_ids) == 1 else 'become'} "
        f"{'a story apart' if p.new_story_id is None else f'story {p.new_story_id}'}: "
        f"{', '.join(map(str, p.item_ids))}"
        for p in found.split
    ]
    moved = [f"item {m.item_id} goes from story {m.story_id} to story {m.into_story_id}" for m in found.moved]
    return [*joined, *split, *moved]
