"""What `monitor story` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text

from monitor.cli.layout import wrapped
from monitor.cli.plain import console, counted, harmless, moment, print_json, styled
from monitor.model import Edition, FollowUp, Role, Story, StoryItem

ROLES = {
    Role.LEAD: "stands for the story",
    Role.COVERAGE: "coverage of its own",
    Role.REPRINT: "reprint",
    Role.SPUN: "spun copy",
    Role.TRANSLATION: "translation",
}
#: sentences of one edit that are printed
_SHOWN_CHANGES = 8
#: how wide a moment is
_AT = 16


def story(
    found: Story,
    history: Sequence[Mapping[str, object]],
    related: Sequence[FollowUp],
    *,
    asked: int,
    as_json: bool,
) -> None:
    """Print one story: reports in order, copies under their originals, series, what it follows, history."""
    if as_json:
        print_json({"story": found, "history": history, "follow_ups": related})
        return
    out = console()
    lead = next(item for item in found.items if item.item_id == found.lead_item_id)
    wrapped(out, styled(lead.title or lead.url, "bold"))
    if asked != found.story_id:
        out.print(f"story {asked} was merged into story {found.story_id}")
    outlets = counted(len({item.outlet_family for item in found.items}), "independent outlet")
    out.print(f"story {found.story_id}: {counted(len(found.items), 'item')}, {outlets}; times in UTC", style="dim")
    if found.edition:
        wrapped(out, edition_in_words(found.edition))
    for relation in related:
        wrapped(out, follow_up(relation, found.story_id))
    out.print()
    _reports(out, found)
    out.print(Text("\nhistory", style="bold"))
    for row in history:
        of = f"item {row['item_id']}: " if row["item_id"] else ""
        wrapped(out, of + harmless(row["reason"]), f"  {moment(row['at'])}  {row['change']!s:8} ")


def follow_up(relation: FollowUp, story_id: int) -> str:
    """Return what a story follows, or what follows it, in words."""
    reason = harmless(relation.reason)
    if relation.story_id == story_id:
        return f"follows story {relation.follows_story_id}: {reason}"
    return f"followed by story {relation.story_id}: {reason}"


def edition_in_words(edition: Edition) -> str:
    """Return a story's place in its series in words."""
    neighbours = (
        ("previous", edition.previous_label, edition.previous_story_id),
        ("next", edition.next_label, edition.next_story_id),
    )
    near = [f"{word} {harmless(label)}: story {story_id}" for word, label, story_id in neighbours if story_id]
    place = f"edition {harmless(edition.label)} of {harmless(edition.series_name)}"
    return f"{place} ({', '.join(near)})" if near else place


def _reports(out: Console, found: Story) -> None:
    """Print the items of a story, the copies below the piece they copy."""
    ids = {item.item_id for item in found.items}
    ordered = sorted(found.items, key=lambda i: (i.published_at or i.first_seen_at, i.item_id))
    for item in ordered:
        if item.original_item_id in ids:
            continue
        _report(out, item, "")
        for copy in ordered:
            if copy.original_item_id == item.item_id:
                _report(out, copy, "└ ")


def _report(out: Console, item: StoryItem, branch: str) -> None:
    """Print one item: when and where, its title, what it is to the story."""
    at = moment(item.published_at) if item.published_at else "undated"
    start = Text(f"  {at:{_AT}}  {branch}")
    title = Text.assemble((harmless(item.outlet_name), "cyan"), "  ", harmless(item.title or item.url))
    details = f"item {item.item_id}, {ROLES[item.role]}{_evidence(item)}"
    if not item.published_at:
        details += f", first seen {moment(item.first_seen_at)}"
    if out.is_terminal:
        wrapped(out, title, start)
        wrapped(out, Text(details, style="dim"), " " * len(start))
    else:
        out.print(Text.assemble(start, title, f"  ({details})"))


def _evidence(item: StoryItem) -> str:
    """Return the figures that put an item where it is."""
    if item.containment is not None:
        return f": {item.containment:.0%} contained, Jaccard {item.jaccard:.2f}"
    return "" if item.probability is None else f": probability {item.probability:.2f}"
