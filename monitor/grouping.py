"""The shell around dedup/ and stories/: for items just stored, find their reprints and stories; settle once a run.

marks | sketch -> candidates -> verify | views -> candidates -> score -> assign      inside the items' transaction
queue | components -> average linkage -> identity -> history                         once a run
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlite_utils import Database

from monitor.dedup import sketch, verify
from monitor.dedup.shingle import compared_text, shingles
from monitor.model import Reprint, Role
from monitor.store import items, sketches, stories, vectors
from monitor.store.items import ItemText
from monitor.store.stories import Membership
from monitor.stories import assign, features, score, settle, views
from monitor.stories.marks import Mark, conflict, read_marks, sister_conflict

SECONDS_A_DAY = 86_400
#: candidates of an item that are scored, the most alike first; benchmarks/quality.py shows no gain beyond
CANDIDATES = 80


@dataclass(frozen=True, slots=True)
class GroupingSettings:
    """How pieces are grouped: the pair score and the number of days over which an event is looked for."""

    model: score.PairModel
    window_days: int = 14


Veto = Callable[[int, int], str | None]


def group(db: Database, item_ids: Sequence[int], settings: GroupingSettings, now: datetime) -> None:
    """Find the reprints and the stories of items that were just stored or revised; call it in their transaction."""
    texts = items.texts(db, item_ids)
    for text in texts.values():
        stories.save_marks(db, text.item_id, [_mark_row(m) for m in _marks(text)])
    _find_reprints(db, texts)
    _place(db, texts, settings, now)
    stories.queue(db, item_ids)


def _marks(text: ItemText) -> Sequence[Mark]:
    """Read an item's edition marks."""
    return read_marks(text.title, text.text, lang=text.lang, published_at=text.published_at)


def _mark_row(mark: Mark) -> dict[str, str]:
    """Return a mark as the state keeps it."""
    return {
        "kind": mark.kind, "head": mark.head, "value": "/".join(sorted(mark.values)), "label": mark.label,
        "place": mark.where, "quote": mark.quote, "subject": mark.subject,
    }  # fmt: skip


def load_marks(db: Database, ids: Collection[int]) -> dict[int, tuple[Mark, ...]]:
    """Return the stored edition marks of some items, by id; items without any are missing."""
    return {
        item_id: tuple(
            Mark(
                r["kind"], r["head"], frozenset(r["value"].split("/")), r["label"], r["place"], r["quote"], r["subject"]
            )
            for r in rows
        )
        for item_id, rows in stories.marks_of(db, ids).items()
    }


def vetoes_between(texts: Mapping[int, ItemText], marks: Mapping[int, tuple[Mark, ...]]) -> Veto:
    """Return the function that names why two items cannot be one event or copy, None when nothing speaks against it."""

    def veto(a: int, b: int) -> str | None:
        if a in marks and b in marks and (reason := conflict(marks[a], marks[b])):
            return reason
        if a in texts and b in texts:
            return sister_conflict(texts[a].title, texts[b].title, texts[a].text, texts[b].text)
        return None

    return veto


# ---------------------------------------------------------------- reprints


def _find_reprints(db: Database, texts: Mapping[int, ItemText]) -> None:
    """Sketch new items and regroup the copies among them and everything like them.

    Each item is indexed before the next one is looked up: querying a whole batch first loses the copies inside it.
    """
    sets = {i: shingles(compared_text(t.title, t.text)) for i, t in texts.items()}
    kept = [i for i in sorted(sets) if sets[i]]
    for item_id, signature in zip(kept, sketch.signatures([sets[i] for i in kept]), strict=True):
        if (old := sketches.signature_of(db, item_id)) is not None:
            sketches.forget_signature(db, item_id, sketch.bands(sketch.from_bytes(old)))
        keys = sketch.bands(signature)
        sketches.save_signature(db, item_id, sketch.RECIPE, len(sets[item_id]), sketch.to_bytes(signature), keys)
        _regroup(db, item_id, sketches.candidates(db, keys, item_id))


def _regroup(db: Database, item_id: int, candidates: set[int]) -> None:
    """Choose the originals anew among an item, its candidates and what these are copies or originals of."""
    group_ids = sketches.copies_and_originals(db, candidates | {item_id})
    if group_ids == {item_id}:
        return
    texts = items.texts(db, group_ids)
    copyable = [verify.Copyable(i, shingles(compared_text(t.title, t.text)), t.at) for i, t in texts.items()]
    found = verify.regroup(copyable, vetoes_between(texts, load_marks(db, group_ids)))
    sketches.replace_reprints(db, group_ids, found)


# ---------------------------------------------------------------- stories, on arrival


@dataclass(frozen=True, slots=True)
class Prepared:
    """A new item with its vectors and the items that could report the same event."""

    vector: vectors.Vector
    features: features.Features
    candidates: tuple[int, ...]


def _place(db: Database, texts: Mapping[int, ItemText], settings: GroupingSettings, now: datetime) -> None:
    """Put each new item, in order of time, into the story it belongs to."""
    order = sorted(texts, key=lambda i: (texts[i].at, i))
    prepared = _prepare(db, texts, order, settings)
    reprints = sketches.reprints_of(db, order)
    old = stories.memberships(db, order)
    for item_id in order:
        chances = _chances(db, prepared[item_id], settings)
        if item_id not in old:  # a revised item stays where it is until the run settles
            choice = _choose(db, prepared[item_id], chances, reprints.get(item_id), settings)
            _join(db, item_id, choice, reprints.get(item_id), now)


def _prepare(
    db: Database, texts: Mapping[int, ItemText], order: Sequence[int], settings: GroupingSettings
) -> dict[int, Prepared]:
    """Weigh and index the new items, then look up the candidates of each (among each other, too)."""
    bags = {i: views.read_views(texts[i].title, texts[i].text, texts[i].lang) for i in order}
    ids = {i: features.vocabulary(bag) for i, bag in bags.items()}
    known = vectors.load(db, order)
    for old in known.values():
        vectors.forget(db, old, features.index_terms(features.unpack(old.packed)))
    for item_id in order:
        if item_id not in known:
            vectors.count_terms(db, set(ids[item_id].values()))
    total = vectors.counted_items(db) + len(order)
    idf = features.rarity(vectors.term_counts(db, {t for v in ids.values() for t in v.values()}), total)
    weighed: dict[int, tuple[vectors.Vector, features.Features]] = {}
    for item_id in order:
        found = features.weigh(bags[item_id], ids[item_id], idf)
        vector = vectors.Vector(item_id, features.pack(found), _day(texts[item_id].published_at))
        vectors.save(db, vector, features.index_terms(found))
        weighed[item_id] = (vector, found)
    return {
        i: Prepared(vector, found, tuple(_candidates(db, vector, found, settings)))
        for i, (vector, found) in weighed.items()
    }


def _day(at: datetime | None) -> float | None:
    """Return a moment as days since 1970."""
    return at.timestamp() / SECONDS_A_DAY if at else None


def _candidates(
    db: Database, vector: vectors.Vector, found: features.Features, settings: GroupingSettings
) -> list[int]:
    """Return the items of the window that share most rare terms with one."""
    terms = features.index_terms(found)
    if not terms:
        return []
    return vectors.candidates(db, vector, terms, window_days=settings.window_days, limit=CANDIDATES)


def _chances(db: Database, item: Prepared, settings: GroupingSettings) -> dict[int, float]:
    """Score an item against its candidates and all items of their stories, and keep the links; by item id."""
    near = stories.memberships(db, item.candidates)
    members = stories.items_of(db, {m.story_id for m in near.values()})
    others = {i for ids in members.values() for i in ids} | set(item.candidates)
    loaded = vectors.load(db, others - {item.vector.item_id})
    if not loaded:
        return {}
    sims = features.similarities([item.features], [features.unpack(v.packed) for v in loaded.values()])
    gaps = score.gap_feature(days_of([item.vector]), days_of(list(loaded.values())))
    chances = dict(zip(loaded, settings.model.probabilities(sims, gaps)[0].tolist(), strict=True))
    close = [(item.vector.item_id, i, p) for i, p in chances.items() if p >= settings.model.operating_point]
    vectors.save_links(db, close)
    return chances


def _choose(
    db: Database,
    item: Prepared,
    chances: Mapping[int, float],
    reprint: Reprint | None,
    settings: GroupingSettings,
) -> assign.Choice:
    """Choose among the stories of an item's candidates; a copy goes where its original is."""
    if reprint and (home := stories.memberships(db, [reprint.original_item_id])):
        return assign.Choice(home[reprint.original_item_id].story_id, 1.0, reprint.reason)
    near = stories.memberships(db, list(chances))
    members = stories.items_of(db, {m.story_id for m in near.values()})
    ranked = assign.options(members, chances, _vetoes(db, item.vector.item_id, sorted(chances)))
    return assign.choose(ranked, settings.model.operating_point)


def days_of(found: Sequence[vectors.Vector]) -> score.Probabilities:
    """Return the days of some items, NaN for undated ones."""
    return np.array([np.nan if v.day is None else v.day for v in found], dtype=np.float64)


def _vetoes(db: Database, item_id: int, others: Sequence[int]) -> dict[int, str]:
    """Return why an item cannot be in one story with some others, by their ids."""
    ids = [item_id, *others]
    veto = vetoes_between(items.texts(db, ids), load_marks(db, ids))
    return {other: reason for other in others if (reason := veto(item_id, other))}


def _join(db: Database, item_id: int, choice: assign.Choice, reprint: Reprint | None, now: datetime) -> None:
    """Write where an item went."""
    if choice.story_id is None:
        story_id = stories.create(db, item_id, now)
        stories.note(db, story_id, now, settle.Change.CREATED, choice.reason, item_id=item_id)
        role = Role.LEAD
    else:
        story_id = choice.story_id
        role = Role(reprint.kind.value) if reprint else Role.COVERAGE
        stories.note(db, story_id, now, settle.Change.JOINED, choice.reason, item_id=item_id)
    stories.place(
        db,
        Membership(
            item_id, story_id, role, choice.probability, choice.reason, choice.runner_up_story_id,
            choice.runner_up_probability, choice.runner_up_reason,
        ),
    )  # fmt: skip
