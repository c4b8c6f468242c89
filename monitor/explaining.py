"""The shell of `monitor explain`: everything the state knows about why an item is where it is, and about a pair."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

from monitor.abroad import Abroad
from monitor.crosslingual.encoder import base_language
from monitor.dedup.align import Excerpt, longest_shared
from monitor.dedup.attribution import attribution, names
from monitor.dedup.shingle import compared_shingles
from monitor.dedup.verify import Likeness, is_copy, likeness
from monitor.errors import NotFound
from monitor.grouping import load_marks, new_act_between, vetoes_between
from monitor.ingest.changes import Change, changes, described
from monitor.linking import (
    GroupingSettings,
    candidates,
    compared,
    customs_columns,
    customs_shares,
    days_of,
    facts_of,
    index_row,
    load,
    pair_probabilities,
)
from monitor.model import Correction, Edition, FollowUp, Reprint, Said
from monitor.store import corrections, digests, items, relations, search, sketches, stories, vectors, versions
from monitor.store.items import ItemText
from monitor.store.stories import Membership
from monitor.stories import features, linkage, score, views
from monitor.stories.cases import Pairs, general_shares, shipped_cases
from monitor.stories.compare import Comparison, FactPair, MeaningPair, compare
from monitor.stories.corrections import against
from monitor.stories.customs_score import shipped_customs
from monitor.stories.facts import read_facts
from monitor.stories.figures import read_figures
from monitor.stories.marks import Mark
from monitor.stories.meaning import shipped_across

#: items of the window that are looked at for the best other story of an item that settling met alone
_NEAREST = 40


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """Why two items are, or are not, one event or copies of each other."""

    item_id: int
    other_item_id: int
    other_title: str
    other_outlet: str
    same_story: bool
    comparison: Comparison
    operating_point: float
    #: days between the two, None when one of them has no date
    days_apart: float | None
    #: the languages of both sides where they differ, and why meanings do not count then; None where they do
    languages: tuple[str, str] | None
    without_meaning: str | None
    #: mean probability that joins groups
    least_mean: float
    veto: str | None
    #: the edition marks of both sides, the item's first
    marks: tuple[tuple[Mark, ...], tuple[Mark, ...]]
    #: what persons said that puts the two together or apart; several words when it follows from them
    said: tuple[Correction, ...]
    likeness: Likeness
    is_copy: bool
    #: the longest passage that both texts share
    excerpt: Excerpt | None
    #: in which of the two, if any, the other one's outlet is named as the origin of the text
    attributions: tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Revision:
    """One edit of an item: when it was found, what it changed, and the sentences that went and came."""

    revision: int
    found_at: str
    title_before: str
    changed: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ItemExplanation:
    """Where an item is and why."""

    item: dict[str, object]
    membership: Membership | None
    #: how many items its story has
    story_items: int
    reprint: Reprint | None
    marks: tuple[Mark, ...]
    removed: tuple[str, ...]
    #: its earlier texts, with what each edit changed, and the same piece in other languages
    revisions: tuple[Revision, ...]
    versions: tuple[dict[str, object], ...]
    #: what persons said about this item
    said: tuple[Correction, ...]
    edition: Edition | None
    #: the stories that its story follows, and those that follow it
    follows: tuple[FollowUp, ...]
    followed_by: tuple[FollowUp, ...]
    #: what it copies; the closest other item of its story; the closest item of the best story it did not join
    original: PairExplanation | None
    nearest: PairExplanation | None
    runner_up: PairExplanation | None


def find_item(db: Database, name: str) -> int:
    """Return the id of the item that a user means: an item id, an external id or an address.

    Raises:
        NotFound: there is no such item.

    """
    found = search.find_item(db, name)
    if found is None:
        raise NotFound(f"no item is called {name!r}: give an item id, an imported id or an address (`monitor search`)")
    return found


def explain_item(db: Database, item_id: int, settings: GroupingSettings) -> ItemExplanation:
    """Explain one item."""
    membership = stories.memberships(db, [item_id]).get(item_id)
    reprint = sketches.reprints_of(db, [item_id]).get(item_id)
    own: list[int] = []
    other: list[int] = []
    if membership:
        own = [i for i in stories.items_of(db, [membership.story_id])[membership.story_id] if i != item_id]
        if membership.runner_up_story_id is not None:
            rival = stories.resolve(db, membership.runner_up_story_id) or membership.runner_up_story_id
            other = [] if rival == membership.story_id else stories.items_of(db, [rival])[rival]
        else:
            membership, other = _with_runner_up(db, membership, {item_id, *own}, settings)
    story_id = membership.story_id if membership else 0
    related = relations.of_story(db, story_id)
    return ItemExplanation(
        item=search.item_details(db, item_id),
        membership=membership,
        story_items=len(own) + 1,
        reprint=reprint,
        marks=load_marks(db, [item_id]).get(item_id, ()),
        removed=tuple(search.removed_blocks(db, item_id)),
        revisions=_revisions(db, item_id),
        versions=tuple(versions.versions_of(db, item_id)),
        said=tuple(corrections.of_items(db, [item_id])),
        edition=digests.stories(db, [story_id])[0].edition if membership else None,
        follows=tuple(r for r in related if r.story_id == story_id),
        followed_by=tuple(r for r in related if r.follows_story_id == story_id),
        original=explain_pair(db, item_id, reprint.original_item_id, settings) if reprint else None,
        nearest=_closest(db, item_id, own, settings),
        runner_up=_closest(db, item_id, other, settings),
    )


def _with_runner_up(
    db: Database, membership: Membership, own: Collection[int], settings: GroupingSettings
) -> tuple[Membership, list[int]]:
    """Return an item's place with the best other story and the items of that, where settling met none.

    Nothing else reached the operating point, so nothing was written down: what is closest is looked for now.
    """
    item_id = membership.item_id
    asked = index_row(vectors.load(db, [item_id])[item_id])
    near = candidates(db, [asked], window_days=settings.window_days, limit=_NEAREST)[item_id]
    near = sorted(set(near).difference(own))
    if not near:
        return membership, []
    chances = pair_probabilities(load(db, [item_id, *near], settings), [item_id], near, settings.model)[0]
    closest, chance = near[int(chances.argmax())], float(chances.max())
    story_id = stories.story_of(db, [closest])[closest]
    point, chance = settings.model.operating_point, round(chance, 4)
    rest = f", below the {point:.2f} it takes" if chance < point else "; its own story is closer"
    reason = f"probability {chance:.2f} of one event with its closest item{rest}"
    return replace(
        membership, runner_up_story_id=story_id, runner_up_probability=chance, runner_up_reason=reason
    ), [closest]  # fmt: skip


def _revisions(db: Database, item_id: int) -> tuple[Revision, ...]:
    """Return the edits of an item, the first ones first."""
    now = items.texts(db, [item_id])[item_id]
    rows = versions.revisions_of(db, item_id)
    texts = [*(str(row["text"]) for row in rows), now.text]
    titles = [*(str(row["title"]) for row in rows), now.title]
    return tuple(
        Revision(
            int(str(row["revision"])) + 1, str(row["replaced_at"]), titles[n],
            described(titles[n], texts[n], titles[n + 1], texts[n + 1], now.lang),
            changes(texts[n], texts[n + 1], now.lang),
        )
        for n, row in enumerate(rows)
    )  # fmt: skip


def _closest(db: Database, item_id: int, others: list[int], settings: GroupingSettings) -> PairExplanation | None:
    """Explain the pair of an item and the one among some others that is most likely the same event."""
    if not others:
        return None
    chances = pair_probabilities(load(db, [item_id, *others], settings), [item_id], others, settings.model)[0]
    return explain_pair(db, item_id, others[int(chances.argmax())], settings)


def explain_pair(db: Database, item_id: int, other_id: int, settings: GroupingSettings) -> PairExplanation:
    """Explain one pair of items."""
    texts = items.texts(db, [item_id, other_id])
    a, b = texts[item_id], texts[other_id]
    loaded = load(db, [item_id, other_id], settings)
    pair = (_features(loaded[item_id]), _features(loaded[other_id]))
    cosines = features.similarities([pair[0]], [pair[1]])
    gaps = score.gap_feature(days_of([loaded[item_id]]), days_of([loaded[other_id]]))
    columns = customs_columns(cosines, [loaded[item_id]], [loaded[other_id]], gaps)
    seen = compared(columns, [loaded[item_id]], [loaded[other_id]])
    one = Pairs(seen.columns[0, 0], (seen.days[0][0, 0], seen.days[1][0, 0]), seen.titles[0, 0], seen.across[0, 0])
    comparison = compare(
        (_views(a), _views(b)),
        pair,
        model=settings.model,
        cosines=tuple(cosines[0, 0].tolist()),
        gap=float(gaps[0, 0]),
        probability=float(pair_probabilities(loaded, [item_id], [other_id], settings.model)[0, 0]),
        facts=_facts((a, b), (loaded[item_id], loaded[other_id]), columns[0, 0], across=bool(one.across)),
        general=general_shares(one, settings.model, shipped_cases()),
        meaning=_meaning((loaded[item_id], loaded[other_id]), settings),
        spelled=views.spellings(f"{b.title}\n{b.text}", b.lang) | views.spellings(f"{a.title}\n{a.text}", a.lang),
    )
    places = stories.memberships(db, [item_id, other_id])
    marks = load_marks(db, [item_id, other_id])
    veto = vetoes_between(texts, marks)(item_id, other_id)
    apart = veto or new_act_between(a, b)
    alike = likeness(compared_shingles(a.title, a.text), compared_shingles(b.title, b.text))
    days = abs(days_of([loaded[item_id]])[0] - days_of([loaded[other_id]])[0])
    return PairExplanation(
        item_id=item_id,
        other_item_id=other_id,
        other_title=b.title,
        other_outlet=b.outlet_id,
        same_story=len({m.story_id for m in places.values()}) == 1 and len(places) > 1,
        comparison=comparison,
        operating_point=settings.model.operating_point,
        days_apart=None if np.isnan(days) else round(float(days), 2),
        languages=_languages(a, b),
        without_meaning=_without_meaning((a, b), (loaded[item_id], loaded[other_id]), settings),
        least_mean=linkage.least_mean(2, 2, settings.model.operating_point),
        veto=apart,
        marks=(marks.get(item_id, ()), marks.get(other_id, ())),
        said=_said(db, item_id, other_id),
        likeness=alike,
        is_copy=is_copy(alike) and veto is None,
        excerpt=longest_shared(a.text, b.text),
        attributions=(_names(a, b), _names(b, a)),
    )


def _said(db: Database, item_id: int, other_id: int) -> tuple[Correction, ...]:
    """Return what persons said that puts two items together or apart: what a word to the contrary would contradict."""
    standing = corrections.standing(db)
    return tuple(
        against(standing, Said.APART, (item_id, other_id)) or against(standing, Said.TOGETHER, (item_id, other_id))
    )


def _names(one: ItemText, other: ItemText) -> str | None:
    """Return the words in which one piece names the outlet of the other as the origin of its text."""
    found = attribution(one.text, [other.outlet_id])
    return found if found and names(found, [other.outlet_id]) else None


def _features(vector: vectors.Vector) -> features.Features:
    """Return the vectors of an item."""
    return features.unpack(vector.packed)


def _facts(
    texts: tuple[ItemText, ItemText],
    stored: tuple[vectors.Vector, vectors.Vector],
    columns: npt.NDArray[np.float32],
    *,
    across: bool,
) -> FactPair | None:
    """Return the facts of a pair on customs or in two languages, None for others; they are read again for the words."""
    share = float(customs_shares([stored[0]], [stored[1]])[0, 0])
    if not share and not across:
        return None
    one, other = (read_facts(t.title, t.text, t.lang, read_figures(t.title, t.text, t.lang)) for t in texts)
    pair = (facts_of(stored[0]), facts_of(stored[1]))
    return FactPair((one, other), pair, tuple(columns.tolist()[len(views.VIEWS) :]), share, shipped_customs())


def _meaning(pair: tuple[vectors.Vector, vectors.Vector], settings: GroupingSettings) -> MeaningPair | None:
    """Return the likeness of the meanings of a pair, None where it does not count."""
    found = Abroad.among(pair[:1], np.array([0]), pair[1:], np.array([0]))
    if settings.encoder is None or not len(found.cosines):
        return None
    return MeaningPair(float(found.cosines[0]), settings.encoder.name, shipped_across())


def _languages(a: ItemText, b: ItemText) -> tuple[str, str] | None:
    """Return the languages of two items where they are known and differ."""
    one, other = base_language(a.lang), base_language(b.lang)
    return (one, other) if one and other and one != other else None


def _without_meaning(
    texts: tuple[ItemText, ItemText], pair: tuple[vectors.Vector, vectors.Vector], settings: GroupingSettings
) -> str | None:
    """Return why the meanings of a pair in two languages do not count, None where they do."""
    if _languages(*texts) is None or all(v.meaning for v in pair):
        return None
    if settings.encoder is None:
        return "no sentence encoder is configured (`crosslingual.model`)"
    silent = sorted({text.lang or "" for text in texts if not settings.encoder.knows(text.lang)})
    if silent:
        return f"{settings.encoder.name} does not know {', '.join(silent)}"
    return f"not yet encoded by {settings.encoder.name}"


def _views(text: ItemText) -> views.Views:
    """Read the views of an item again, for the words behind the terms."""
    return views.read_views(text.title, text.text, text.lang)
