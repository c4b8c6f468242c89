"""What `monitor story` and `monitor explain` print."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.cli.layout import fact, wrapped
from monitor.cli.plain import console, counted, harmless, moment, print_json, styled
from monitor.model import Edition, ReprintKind, Role, Story, StoryItem

if TYPE_CHECKING:
    from monitor.explaining import ItemExplanation, PairExplanation, Revision

_FACTS = ("outlet", "url", "author", "lang", "external_id", "sources", "page_problem")
_ROLES = {
    Role.LEAD: "stands for the story",
    Role.COVERAGE: "coverage of its own",
    Role.REPRINT: "reprint",
    Role.SPUN: "spun copy",
}
#: sentences of one edit that are printed
_SHOWN_CHANGES = 8
#: how wide a moment is
_AT = 16


def story(found: Story, history: Sequence[Mapping[str, object]], *, asked: int, as_json: bool) -> None:
    """Print one story: reports in order, copies under their originals, series, history."""
    if as_json:
        print_json({"story": found, "history": history})
        return
    out = console()
    lead = next(item for item in found.items if item.item_id == found.lead_item_id)
    wrapped(out, styled(lead.title or lead.url, "bold"))
    if asked != found.story_id:
        out.print(f"story {asked} was merged into story {found.story_id}")
    outlets = counted(len({item.outlet_family for item in found.items}), "independent outlet")
    out.print(f"story {found.story_id}: {counted(len(found.items), 'item')}, {outlets}; times in UTC", style="dim")
    if found.edition:
        wrapped(out, _edition(found.edition))
    out.print()
    _reports(out, found)
    out.print(Text("\nhistory", style="bold"))
    for row in history:
        of = f"item {row['item_id']}: " if row["item_id"] else ""
        wrapped(out, of + harmless(row["reason"]), f"  {moment(row['at'])}  {row['change']!s:8} ")


def _edition(edition: Edition) -> str:
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
    details = f"item {item.item_id}, {_ROLES[item.role]}{_evidence(item)}"
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


def item_explanation(found: ItemExplanation, *, as_json: bool) -> None:
    """Print why an item is where it is."""
    if as_json:
        print_json(found)
        return
    out = console()
    item = found.item
    wrapped(out, styled(item["title"] or item["url"], "bold"))
    fact(out, "item", str(item["item_id"]))
    for name in _FACTS:
        if item[name] is not None:
            fact(out, name.replace("_", " "), harmless(item[name]))
    if item["purged_at"]:
        fact(out, "purged", f"{moment(item['purged_at'])} UTC: {harmless(item['purge_reason'])}")
    for edit in found.revisions:
        _edit(out, edit)
    for version in found.versions:
        lang = harmless(version["lang"]) or "another language"
        fact(out, "version", f"item {version['item_id']}, the same piece in {lang}: {harmless(version['title'])}")
    fact(out, "published", _dated(item))
    fact(out, "first seen", f"{moment(item['first_seen_at'])} UTC")
    if item["relevance_reason"]:
        fact(out, "relevance", _relevance(item))
    for mark in found.marks:
        quote = harmless(mark.quote)
        fact(out, "mark", f"{harmless(mark.kind)} {harmless(mark.label)}, from the {mark.where}: “{quote}”")
    if found.removed:
        fact(out, "furniture", f"{counted(len(found.removed), 'block')} of text that the outlet repeats left out")
    _place(out, found)


def _edit(out: Console, edit: Revision) -> None:
    """Print what an edit changed: in a line, then sentence by sentence."""
    fact(out, "revision", f"{edit.revision}, found {moment(edit.found_at)} UTC: {harmless(edit.changed)}")
    for change in edit.changes[:_SHOWN_CHANGES]:
        wrapped(
            out, harmless(change.sentence), Text(f"    {change.sign} ", style="red" if change.sign == "-" else "green")
        )
    if len(edit.changes) > _SHOWN_CHANGES:
        wrapped(out, f"    and {len(edit.changes) - _SHOWN_CHANGES} more (--json has all)")


def _dated(item: Mapping[str, object]) -> str:
    """Return when an item was published, and how that is known."""
    if item["published_at"] is None:
        return "unknown"
    evidence = f": {harmless(item['published_evidence'], width=80)}" if item["published_evidence"] else ""
    return f"{moment(item['published_at'])} UTC, from {item['published_origin']}{evidence}"


def _relevance(item: Mapping[str, object]) -> str:
    """Return why an item was kept."""
    reason = harmless(item["relevance_reason"])
    terms = [harmless(term) for term in json.loads(str(item["relevance_terms"]))]
    rest = ", ".join(term for term in terms if term not in reason)
    return f"{reason} (score {item['relevance']:.1f}: {rest})" if rest else reason


def _place(out: Console, found: ItemExplanation) -> None:
    """Print the story of an item, why it is there, and why not in the next best one."""
    m, r = found.membership, found.reprint
    if m is None:
        fact(out, "story", "none yet: it is grouped at the end of the run")
        return
    fact(out, "story", f"{m.story_id}, {_ROLES[m.role]}" + ("" if r else f": {harmless(m.reason)}"))
    if r:
        kind = "reprint" if r.kind is ReprintKind.REPRINT else "spun copy"
        fact(out, kind, f"of item {r.original_item_id}: {harmless(r.reason)}")
    if found.nearest:
        out.print(Text("\nwhy here", style="bold"))
        _pair(out, found.nearest)
    if m.runner_up_story_id is not None:
        out.print(Text("\nwhy not elsewhere", style="bold"))
        wrapped(out, f"story {m.runner_up_story_id} was the next best: {harmless(m.runner_up_reason)}")
        if found.runner_up:
            _pair(out, found.runner_up)


def pair_explanation(found: PairExplanation, *, as_json: bool) -> None:
    """Print why two items are together or apart."""
    if as_json:
        print_json(found)
        return
    out = console()
    out.print(Text("in one story" if found.same_story else "in different stories", style="bold"))
    _pair(out, found)


def _pair(out: Console, found: PairExplanation) -> None:
    """Print the score of a pair, view by view."""
    c = found.comparison
    other = Text.assemble(
        f"with item {found.other_item_id}, ", (harmless(found.other_outlet), "cyan"), "  ", harmless(found.other_title)
    )
    wrapped(out, other, indent=2)
    needed = f"the mean between the items of a story is {found.operating_point:.2f} or more"
    wrapped(out, f"probability {c.probability:.2f} of one event; {needed}", indent=2)
    out.print(_shares(found))
    if found.veto:
        wrapped(out, Text(f"never one story: {harmless(found.veto)}", style="yellow"), indent=2)
    alike = found.likeness
    if alike.shared:
        common = f"{alike.shared} word triples in common, {alike.containment:.0%} of the shorter text"
        wrapped(
            out, f"wording: {common}, Jaccard {alike.jaccard:.2f}: {'a copy' if found.is_copy else 'no copy'}", indent=2
        )


def _shares(found: PairExplanation) -> Table:
    """Return what each view adds to the score of a pair."""
    grid = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("view", "likeness", "adds", "shared terms that count most"):
        grid.add_column(name, justify="right" if name in ("likeness", "adds") else "left")
    for share in found.comparison.shares:
        value = "" if share.view == "base" else f"{share.value:.2f}"
        grid.add_row(share.view, value, f"{share.adds:+.2f}", harmless(", ".join(share.terms)))
    return grid
