"""The shell around stories/follow: link the stories that answer earlier ones, once they are settled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import numpy as np
from sqlite_utils import Database

from monitor.grouping import load_marks, vetoes_between
from monitor.linking import GroupingSettings, candidates, load, pair_probabilities
from monitor.model import FollowUp
from monitor.store import items, relations, stories, vectors
from monitor.store.items import ItemText
from monitor.stories import follow, views
from monitor.stories.candidates import pack_terms
from monitor.stories.features import index_terms, unpack
from monitor.stories.marks import Mark

#: earlier items that are looked at for one story
_CANDIDATES = 40
_NAMES_SHOWN = 4


def link_follow_ups(db: Database, item_ids: Collection[int], settings: GroupingSettings, now: datetime) -> None:
    """Find what the stories of some items follow; links of other stories stay as they are."""
    touched = stories.of_items(db, item_ids)
    leads = stories.leads(db, touched)
    texts = items.texts(db, leads.values())
    answering = {lead: new for lead, t in texts.items() if (new := follow.acts(t.title, t.text))}
    dated = {lead: v for lead, v in vectors.load(db, answering).items() if v.day is not None}
    asked = [(lead, v.day, pack_terms(index_terms(unpack(v.packed)))) for lead, v in dated.items()]
    near = candidates(db, asked, window_days=follow.REACH_DAYS, limit=_CANDIDATES)
    found = [
        link
        for story_id, lead in sorted(leads.items())
        if near.get(lead) and (link := _followed(db, story_id, texts[lead], answering[lead], near[lead], settings))
    ]
    relations.replace_of(db, touched, found, now)


def _followed(
    db: Database, story_id: int, lead: ItemText, new: frozenset[str], others: Sequence[int], settings: GroupingSettings
) -> FollowUp | None:
    """Return the story that a story answers: the one whose piece has most names in common with its lead."""
    loaded = load(db, [*others, lead.item_id], settings)
    vector = loaded.pop(lead.item_id)
    features = unpack(vector.packed)
    places = stories.memberships(db, others)
    texts = items.texts(db, others)
    marks = load_marks(db, [lead.item_id, *others])
    veto = vetoes_between({**texts, lead.item_id: lead}, marks)
    ties: list[tuple[float, int]] = []
    for other, v in loaded.items():
        if v.day is None or vector.day is None or other not in places or places[other].story_id == story_id:
            continue
        shared = follow.tie(features, unpack(v.packed))
        before = follow.acts(texts[other].title, texts[other].text)
        answers = follow.follows(new, before, shared, vector.day - v.day)
        if answers and not _one_edition(marks, lead.item_id, other) and veto(lead.item_id, other) is None:
            ties.append((shared.cosines["named"], other))
    if not ties or vector.day is None:
        return None
    other = max(ties, key=lambda t: (t[0], -t[1]))[1]
    chance = float(pair_probabilities({**loaded, lead.item_id: vector}, [lead.item_id], [other], settings.model)[0, 0])
    days = vector.day - (loaded[other].day or np.nan)
    reason = _reason(lead, texts[other], new, days)
    return FollowUp(story_id, places[other].story_id, lead.item_id, other, round(chance, 4), reason)


def _one_edition(marks: Mapping[int, Sequence[Mark]], one: int, other: int) -> bool:
    """Tell whether two pieces carry the same edition mark: what reports one session or act answers nothing."""
    mine, theirs = ({(m.kind, value) for m in marks.get(i, ()) for value in m.values} for i in (one, other))
    return bool(mine & theirs)


def _reason(lead: ItemText, other: ItemText, new: frozenset[str], days: float) -> str:
    """Say in words why a story is held to follow another one."""
    mine, theirs = (dict(views.read_views(t.title, t.text, t.lang).items())["named"] for t in (lead, other))
    spelled = views.spellings(f"{lead.title}\n{lead.text}", lead.lang)
    shared = sorted(mine.keys() & theirs.keys(), key=lambda term: (-len(term), term))[:_NAMES_SHOWN]
    names = ", ".join(" ".join(spelled.get(stem, stem) for stem in term.split(" ")) for term in shared)
    acts = " and ".join(sorted(new - follow.acts(other.title, other.text)))
    return f"a new act ({acts}) {days:.0f} days later that names the same: {names}"
