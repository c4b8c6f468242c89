"""What `monitor story` and `monitor explain` print."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from monitor.cli.plain import console, harmless, moment, print_json, styled
from monitor.cli.show import table
from monitor.model import Edition, ReprintKind, Story, StoryItem

if TYPE_CHECKING:
    from monitor.explaining import ItemExplanation, PairExplanation

_FACTS = ("outlet", "url", "author", "lang", "external_id", "sources", "revision", "page_problem")


def story(found: Story, history: Sequence[Mapping[str, object]], *, asked: int, as_json: bool) -> None:
    """Print one story: reports in order, copies under their originals, series, history."""
    if as_json:
        print_json({"story": found, "history": history})
        return
    out = console()
    lead = next(item for item in found.items if item.item_id == found.lead_item_id)
    out.print(styled(lead.title or lead.url, "bold"))
    if asked != found.story_id:
        out.print(f"story {asked} was merged into story {found.story_id}")
    families = {item.outlet_family for item in found.items}
    out.print(f"story {found.story_id}: {len(found.items)} items, {len(families)} outlets", style="dim")
    if found.edition:
        out.print(_edition(found.edition))
    _reports(out, found)
    out.print("history", style="bold")
    for row in history:
        out.print(f"  {moment(row['at'])}  {row['change']}  {harmless(row['reason'])}")


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
        out.print(_report(item, "  "))
        for copy in ordered:
            if copy.original_item_id == item.item_id:
                out.print(_report(copy, "    └ "))


def _report(item: StoryItem, indent: str) -> Text:
    """Return one line for an item."""
    at = moment(item.published_at) if item.published_at else f"undated, seen {moment(item.first_seen_at)}"
    how = item.role.value
    if item.containment is not None:
        how += f" ({item.containment:.0%} contained, Jaccard {item.jaccard:.2f})"
    elif item.probability is not None:
        how += f" ({item.probability:.2f})"
    return Text.assemble(
        indent, (f"item {item.item_id}  ", "dim"), f"{at}  ", (harmless(item.outlet_name), "cyan"), "  ",
        harmless(item.title or item.url, width=90), (f"  {how}", "dim"),
    )  # fmt: skip


def item_explanation(found: ItemExplanation, *, as_json: bool) -> None:
    """Print why an item is where it is."""
    if as_json:
        print_json(found)
        return
    out = console()
    item = found.item
    out.print(styled(item["title"] or item["url"], "bold"))
    out.print(f"item {item['item_id']}", style="dim")
    for name in _FACTS:
        if item[name] is not None:
            out.print(f"{name.replace('_', ' '):11} {harmless(item[name])}")
    evidence = f": {harmless(item['published_evidence'], width=80)}" if item["published_evidence"] else ""
    dated = "unknown" if item["published_at"] is None else f"{moment(item['published_at'])} UTC"
    out.print(
        f"published   {dated} (from: {item['published_origin']}{evidence}); first seen {moment(item['first_seen_at'])}"
    )
    if item["relevance_reason"]:
        terms = ", ".join(json.loads(str(item["relevance_terms"])))
        out.print(
            f"relevance   {item['relevance']:.1f}, {harmless(item['relevance_reason'])}"
            + (f" ({harmless(terms)})" if terms else "")
        )
    for mark in found.marks:
        out.print(
            f"mark        {harmless(mark.kind)} {harmless(mark.label)}, from the {mark.where}: {harmless(mark.quote)!r}"
        )
    if found.removed:
        out.print(f"furniture   {len(found.removed)} blocks that the outlet repeats were removed")
    _place(out, found)


def _place(out: Console, found: ItemExplanation) -> None:
    """Print the story of an item, why it is there, and why not in the next best one."""
    m, r = found.membership, found.reprint
    if m is None:
        out.print("story       none yet: it is grouped at the end of the run")
        return
    out.print(f"story       {m.story_id}, as {m.role.value}: {harmless(m.reason)}")
    if r:
        kind = "reprint" if r.kind is ReprintKind.REPRINT else "spun copy"
        out.print(f"{kind:11} of item {r.original_item_id}: {harmless(r.reason)}")
    if found.nearest:
        out.print(Text("\nwhy here", style="bold"))
        _pair(out, found.nearest)
    if m.runner_up_story_id is not None:
        out.print(Text("\nwhy not elsewhere", style="bold"))
        out.print(f"story {m.runner_up_story_id} was the next best: {harmless(m.runner_up_reason)}")
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
    out.print(
        f"with item {found.other_item_id} ({harmless(found.other_outlet)}: {harmless(found.other_title, width=80)}): "
        f"probability {c.probability:.2f} of one event, operating point {found.operating_point:.2f}"
    )
    grid = table("view", "#likeness", "#adds", "shared terms that count most")
    for share in c.shares:
        value = "" if share.view == "base" else f"{share.value:.2f}"
        grid.add_row(share.view, value, f"{share.adds:+.2f}", harmless(", ".join(share.terms)))
    out.print(grid)
    if found.veto:
        out.print(Text(f"never one story: {harmless(found.veto)}", style="yellow"))
    alike = found.likeness
    if alike.shared:
        out.print(
            f"wording: {alike.shared} word triples in common, {alike.containment:.0%} of the shorter text, "
            f"Jaccard {alike.jaccard:.2f}: {'a copy' if found.is_copy else 'no copy'}"
        )
