"""The shell around stories/follow: link the stories that answer earlier ones, once they are settled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from monitor.grouping import load_marks, vetoes_between
from monitor.linking import GroupingSettings, candidates, index_row, load, pair_probabilities
from monitor.model import FollowUp
from monitor.store import items, relations, stories, vectors
from monitor.store.items import ItemText
from monitor.store.vectors import Vector
from monitor.stories import follow, views
from monitor.stories.features import term_id, unpack
from monitor.stories.marks import Mark

#: earlier items that are looked at for one story
_CANDIDATES = 40


def link_follow_ups(db: Database, item_ids: Collection[int], settings: GroupingSettings, now: datetime) -> None:
    """Find what the stories of some items follow; links of other stories stay as they are."""
    touched = stories.of_items(db, item_ids)
    leads = stories.leads(db, touched)
    texts = items.texts(db, leads.values())
    answering = [lead for lead, t in texts.items() if follow.acts(t.title, "")]
    dated = {lead: v for lead, v in vectors.load(db, answering).items() if v.day is not None}
    asked = [index_row(v) for v in dated.values()]
    near = candidates(db, asked, window_days=follow.REACH_DAYS, limit=_CANDIDATES)
    found = [
        link
        for story_id, lead in sorted(leads.items())
        if near.get(lead) and (link := _followed(db, story_id, texts[lead], near[lead], settings))
    ]
    relations.replace_of(db, touched, found, now)


def _followed(
    db: Database, story_id: int, lead: ItemText, others: Sequence[int], settings: GroupingSettings
) -> FollowUp | None:
    """Return the story that a story answers: the one whose piece would most likely be one event with its lead."""
    loaded = load(db, [*others, lead.item_id], settings)
    vector = loaded.pop(lead.item_id)
    places, texts = stories.memberships(db, others), items.texts(db, others)
    marks = load_marks(db, [lead.item_id, *others])
    veto = vetoes_between({**texts, lead.item_id: lead}, marks)
    ties: list[tuple[float, int]] = []
    for other, v in loaded.items():
        if v.day is None or vector.day is None or other not in places or places[other].story_id == story_id:
            continue
        new = follow.new_acts(lead.title, (texts[other].title, texts[other].text))
        chance = _chance_on_one_day(vector, v, settings) if new else 0.0
        answers = follow.follows(new, chance, vector.day - v.day)
        if answers and not _one_edition(marks, lead.item_id, other) and veto(lead.item_id, other) is None:
            ties.append((chance, other))
    if not ties or vector.day is None:
        return None
    chance, other = max(ties, key=lambda t: (t[0], -t[1]))
    days = vector.day - (loaded[other].day or vector.day)
    reason = _reason((lead, texts[other]), (vector, loaded[other]), chance, days)
    return FollowUp(story_id, places[other].story_id, lead.item_id, other, round(chance, 4), reason)


def _chance_on_one_day(later: Vector, earlier: Vector, settings: GroupingSettings) -> float:
    """Return the probability that two items tell of one event, as if they were of one day."""
    both = {earlier.item_id: earlier, later.item_id: replace(later, day=earlier.day)}
    return float(pair_probabilities(both, [later.item_id], [earlier.item_id], settings.model)[0, 0])


def _one_edition(marks: Mapping[int, Sequence[Mark]], one: int, other: int) -> bool:
    """Tell whether two pieces carry the same edition mark: what reports one session or act answers nothing."""
    mine, theirs = ({(m.kind, value) for m in marks.get(i, ()) for value in m.values} for i in (one, other))
    return bool(mine & theirs)


def _reason(texts: tuple[ItemText, ItemText], vectors: tuple[Vector, Vector], chance: float, days: float) -> str:
    """Say in words why a story is held to follow another one."""
    lead, other = texts
    named = dict(views.read_views(lead.title, lead.text, lead.lang).items())["named"]
    spelled = views.spellings(f"{lead.title}\n{lead.text}", lead.lang)
    terms = {term_id(term): " ".join(spelled.get(stem, stem) for stem in term.split(" ")) for term in named}
    names = follow.telling_names(unpack(vectors[0].packed), unpack(vectors[1].packed), terms)
    acts = " and ".join(sorted(follow.new_acts(lead.title, (other.title, other.text))))
    likely = f"told on one day the two would be one event with probability {chance:.2f}"
    return f"a new act ({acts}) {days:.0f} days later; {likely}" + (f"; both name {', '.join(names)}" if names else "")
