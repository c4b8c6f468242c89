"""What `monitor explain` prints: where an item is, why there, and why not elsewhere, in words and figures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from monitor.cli.detail import ROLES, edition_in_words, follow_up
from monitor.cli.layout import fact, wrapped
from monitor.cli.plain import console, counted, harmless, moment, print_json, styled
from monitor.model import Correction, Reprint, ReprintKind, Said

if TYPE_CHECKING:
    from monitor.dedup.align import Excerpt
    from monitor.explaining import ItemExplanation, PairExplanation, Revision
    from monitor.stories.marks import Mark

_FACTS = ("outlet", "url", "author", "attribution", "lang", "external_id", "sources", "page_problem")
#: what is no likeness is not missed where it is absent
_SIGNS = ("other place", "lasting measure")
#: what the views are to a reader; one that is missing here goes by its own name
_VIEWS = {
    "body": "words",
    "named": "names",
    "numbers": "figures",
    "lead": "opening",
    "title": "headline",
    "time gap": "time between",
    "base": "to begin with",
    "subject": "goods and acts",
    "lead subject": "main subject",
    "lead place": "main place",
    "figures": "amounts",
    "meaning": "meaning",
    "lasting measure": "same measure",
}
_MARK_KINDS = {"place_dates": "place and dates"}
#: from this likeness on a view is worth a line
_WORTH_SHOWING = 0.005
_NAME_WIDTH = 14
#: sentences of one edit that are printed
_SHOWN_CHANGES = 8
#: words of a shared passage that tell something about two pieces of which none is a copy
_TELLING_PASSAGE = 10


def item(found: ItemExplanation, *, as_json: bool) -> None:
    """Print why an item is where it is."""
    if as_json:
        print_json(found)
        return
    out = console()
    row = found.item
    wrapped(out, styled(row["title"] or row["url"], "bold"))
    fact(out, "item", str(row["item_id"]))
    for name in _FACTS:
        if row[name] is not None:
            fact(out, name.replace("_", " "), harmless(row[name]))
    _history(out, found)
    fact(out, "published", _dated(row))
    fact(out, "first seen", f"{moment(row['first_seen_at'])} UTC")
    if row["relevance_reason"]:
        fact(out, "relevance", _relevance(row))
    for mark in found.marks:
        fact(out, "mark", _mark(mark))
    if found.removed:
        fact(out, "furniture", f"{counted(len(found.removed), 'block')} of text that the outlet repeats left out:")
        for block in found.removed:
            fact(out, "", harmless(block, width=100))
    _place(out, found)
    _why_here(out, found)
    _why_not_elsewhere(out, found)


def pair(found: PairExplanation, *, as_json: bool) -> None:
    """Print why two items are together or apart."""
    if as_json:
        print_json(found)
        return
    out = console()
    out.print(Text("in one story" if found.same_story else "in different stories", style="bold"))
    _pair(out, found)


def _history(out: Console, found: ItemExplanation) -> None:
    """Print what became of an item since it was first seen, and its versions in other languages."""
    if found.item["purged_at"]:
        fact(out, "purged", f"{moment(found.item['purged_at'])} UTC: {harmless(found.item['purge_reason'])}")
    for edit in found.revisions:
        _edit(out, edit)
    for version in found.versions:
        lang = harmless(version["lang"]) or "another language"
        fact(out, "version", f"item {version['item_id']}, the same piece in {lang}: {harmless(version['title'])}")


def _edit(out: Console, edit: Revision) -> None:
    """Print what an edit changed: in a line, then sentence by sentence."""
    fact(out, "revision", f"{edit.revision}, found {moment(edit.found_at)} UTC: {harmless(edit.changed)}")
    for change in edit.changes[:_SHOWN_CHANGES]:
        sign = Text(f"    {change.sign} ", style="red" if change.sign == "-" else "green")
        wrapped(out, harmless(change.sentence), sign)
    if len(edit.changes) > _SHOWN_CHANGES:
        wrapped(out, f"    and {len(edit.changes) - _SHOWN_CHANGES} more (--json has all)")


def _dated(row: Mapping[str, object]) -> str:
    """Return when an item was published, and how that is known."""
    if row["published_at"] is None:
        return "unknown"
    evidence = f": {harmless(row['published_evidence'], width=80)}" if row["published_evidence"] else ""
    return f"{moment(row['published_at'])} UTC, from {row['published_origin']}{evidence}"


def _relevance(row: Mapping[str, object]) -> str:
    """Return why an item was kept."""
    reason = harmless(row["relevance_reason"])
    terms = [harmless(term) for term in json.loads(str(row["relevance_terms"]))]
    rest = ", ".join(term for term in terms if term not in reason)
    return f"{reason} (score {row['relevance']:.1f}: {rest})" if rest else reason


def _mark(mark: Mark) -> str:
    """Return an edition mark with the words it was read from."""
    kind = _MARK_KINDS.get(mark.kind, mark.kind)
    return f"{harmless(kind)} {harmless(mark.label)}, from the {mark.where}: “{harmless(mark.quote)}”"


def _place(out: Console, found: ItemExplanation) -> None:
    """Print the story of an item and what is known of that story."""
    m = found.membership
    if m is None:
        fact(out, "story", "none yet: it is grouped at the end of the run")
        return
    fact(out, "story", f"{m.story_id}, of {counted(found.story_items, 'item')}; this one {_role(found)}")
    if found.edition:
        fact(out, "series", edition_in_words(found.edition))
    for relation in (*found.follows, *found.followed_by):
        fact(out, "relation", follow_up(relation, m.story_id))
    for word in found.said:
        fact(out, "correction", _word(word))


def _role(found: ItemExplanation) -> str:
    """Return what an item is to its story, with the reason."""
    m = found.membership
    if m is None:
        return ""
    role = ROLES[m.role] if m.role.value == "lead" else f"is {_article(ROLES[m.role])}"
    return role if found.reprint and m.role.value != "lead" else f"{role}: {harmless(m.reason)}"


def _article(role: str) -> str:
    """Return a role as part of a sentence."""
    return role if role.startswith("coverage") else f"a {role}"


def _word(word: Correction) -> str:
    """Return what a person said."""
    what = "are one event" if word.said is Said.TOGETHER else "are not one event"
    because = f": {harmless(word.because)}" if word.because else ""
    said = f"a person said on {word.said_at:%Y-%m-%d} that items {word.item_id} and {word.other_item_id} {what}"
    return f"{said} (correction {word.correction_id}){because}"


def _why_here(out: Console, found: ItemExplanation) -> None:
    """Print what an item copies, and the item of its story that is closest to it."""
    r, original = found.reprint, found.original
    if r and original:
        out.print(
            Text(f"\n{'copied' if r.kind is ReprintKind.REPRINT else 'copied in other words'} from", style="bold")
        )
        _copy(out, r, original)
    if found.nearest and not (original and original.other_item_id == found.nearest.other_item_id):
        out.print(Text("\nwhy here: the closest item of its story", style="bold"))
        _pair(out, found.nearest)


def _why_not_elsewhere(out: Console, found: ItemExplanation) -> None:
    """Print the best story that an item did not join, and the item of it that is closest."""
    m = found.membership
    if m is None or m.runner_up_story_id is None:
        return
    out.print(Text("\nwhy not elsewhere", style="bold"))
    wrapped(out, f"  the next best is story {m.runner_up_story_id}: {harmless(m.runner_up_reason)}", indent=2)
    if found.runner_up:
        _pair(out, found.runner_up)


def _copy(out: Console, r: Reprint, found: PairExplanation) -> None:
    """Print what an item copies, with the figures, the origin it names, and the two texts side by side."""
    _other(out, found)
    wrapped(out, f"  {harmless(r.reason)}", indent=2)
    _attributions(out, found, r.attribution)
    _excerpt(out, found.excerpt, (found.item_id, found.other_item_id))


def _attributions(out: Console, found: PairExplanation, said: str | None) -> None:
    """Print whom a copy names as the origin of its text, and when the original names the copy instead."""
    mine, theirs = found.attributions
    if mine or said:
        named = "" if mine else " (another outlet than that of the original here)"
        wrapped(out, f"  it names the origin of its text: “{harmless(mine or said)}”{named}", indent=2)
    if theirs:
        text = f"  but item {found.other_item_id}, which was published earlier, names this one: “{harmless(theirs)}”"
        wrapped(out, Text(text, style="yellow"), indent=2)


def _other(out: Console, found: PairExplanation) -> None:
    """Print the other item of a pair."""
    head = Text.assemble(
        f"  item {found.other_item_id}, ", (harmless(found.other_outlet), "cyan"), "  ", harmless(found.other_title)
    )
    wrapped(out, head, indent=4)


def _pair(out: Console, found: PairExplanation) -> None:
    """Print the score of a pair, view by view, and everything that outranks it."""
    _other(out, found)
    for word in found.said:
        wrapped(out, Text(f"  {_word(word)}", style="yellow"), indent=2)
    if found.veto:
        _veto(out, found)
    chance = found.comparison.probability
    needed = f"two pieces alone need {found.operating_point:.2f}, groups a mean of {found.least_mean:.2f}"
    wrapped(out, f"  probability {chance:.2f} that both report one event; {needed}", indent=2)
    for line in _shares(found):
        wrapped(out, line[1], line[0])
    if found.languages and found.without_meaning:
        languages = " and ".join(found.languages)
        wrapped(out, f"  in {languages}, compared by facts and names only: {harmless(found.without_meaning)}", indent=2)
    for difference in found.comparison.differing:
        wrapped(out, f"  differs in {harmless(difference)}", indent=2)
    alike = found.likeness
    if alike.shared:
        common = f"{counted(alike.shared, 'word triple')} in common, {alike.containment:.0%} of the shorter text"
        verdict = "a copy" if found.is_copy else "no copy"
        wrapped(out, f"  wording: {common}, Jaccard {alike.jaccard:.2f}: {verdict}", indent=2)
    if any(found.attributions):
        _attributions(out, found, None)
    if found.excerpt and (found.is_copy or found.excerpt.words >= _TELLING_PASSAGE):
        _excerpt(out, found.excerpt, (found.item_id, found.other_item_id))


def _veto(out: Console, found: PairExplanation) -> None:
    """Print why two items can never be one story by themselves, with the marks on both sides."""
    wrapped(out, Text(f"  kept apart for certain: {harmless(found.veto)}", style="yellow"), indent=2)
    for item_id, marks in zip((found.item_id, found.other_item_id), found.marks, strict=True):
        for mark in marks:
            wrapped(out, _mark(mark), f"    item {item_id}: ")


def _shares(found: PairExplanation) -> Iterator[tuple[Text, str]]:
    """Yield a line for each view that adds to the score of a pair: what it adds, and the terms that count most."""
    shares = found.comparison.shares
    shown = [s for s in shares if s.view in ("time gap", "base") or s.value >= _WORTH_SHOWING]
    yield Text(f"    {'':{_NAME_WIDTH}} {'alike':>6} {'adds':>6}  ", style="dim"), "shared terms that count most"
    for share in shown:
        alike = "" if share.view in ("time gap", "base") else f"{share.value:.2f}"
        text = harmless(", ".join(share.terms))
        if share.view == "lasting measure":
            alike, text = "", "a duty, ban or procedure stays in the news for weeks: time counts less"
        if share.view == "time gap":
            text = "one has no date" if found.days_apart is None else _days(found.days_apart)
        name = f"{_VIEWS.get(share.view, share.view):{_NAME_WIDTH}}"
        yield Text(f"    {name} {alike:>6} {share.adds:>+6.2f}{'  ' if text else ''}"), text
    if silent := [_VIEWS.get(s.view, s.view) for s in shares if s not in shown and s.view not in _SIGNS]:
        yield Text("    "), f"nothing in common: {', '.join(silent)}"


def _days(days: float) -> str:
    """Return a time in words."""
    return counted(round(days * 24), "hour") if days < 2 else counted(round(days), "day")  # noqa: PLR2004 - two days


def _excerpt(out: Console, found: Excerpt | None, ids: tuple[int, int]) -> None:
    """Print the longest passage that two texts share, and what stands around it in each."""
    if found is None:
        return
    cut = "" if found.whole else " (only the beginning of these very long texts was compared)"
    wrapped(out, f"  the longest passage in both texts, {counted(found.words, 'word')}{cut}:", indent=2)
    passage = Text(harmless(found.passage), style="bold")
    width = max(len(f"item {i}") for i in ids)
    label = f"    {'both':{width}}  "
    starts = [f"    {f'item {i}':{width}}  " for i in ids]
    wrapped(out, Text.assemble("« ", passage, " »"), label)
    for start, side in zip(starts, found.sides, strict=True):
        before, after = harmless(side.before) or "(begins here)", harmless(side.after) or "(ends here)"
        wrapped(out, Text.assemble(before, (" « … » ", "bold"), after), start)
