"""The shell around stories/settle: once a run, re-cluster what changed, and write down what that did to the stories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

import numpy as np
from sqlite_utils import Database

from monitor.grouping import GroupingSettings, days_of, load_marks, vetoes_between
from monitor.model import Reprint, Role
from monitor.store import items, sketches, stories, vectors
from monitor.store.stories import Membership
from monitor.stories import assign, editions, features, score, settle


@dataclass(frozen=True, slots=True)
class Component:
    """Items that links or stories connect, with the probability of each pair."""

    ids: tuple[int, ...]
    probabilities: score.Probabilities
    #: reasons by pair of positions in `ids`, the smaller first
    vetoes: Mapping[tuple[int, int], str]
    reprints: Mapping[int, Reprint]


def settle_queue(db: Database, settings: GroupingSettings, now: datetime) -> int:
    """Settle everything that was stored since the last time; return how many items were looked at."""
    waiting = set(stories.queued(db))
    looked_at = 0
    while waiting:
        ids = _connected(db, min(waiting))
        waiting -= ids
        looked_at += len(ids)
        _settle(db, _component(db, sorted(ids), settings), settings, now)
    stories.clear_queue(db)
    return looked_at


def _connected(db: Database, start: int) -> set[int]:
    """Return the items that links and stories connect with one, itself included."""
    found, frontier = {start}, {start}
    while frontier:
        frontier = vectors.linked(db, frontier) - found
        found |= frontier
    return found


def _component(db: Database, ids: Sequence[int], settings: GroupingSettings) -> Component:
    """Score all pairs of connected items."""
    loaded = vectors.load(db, ids)
    vectors_in_order = [loaded[i] for i in ids]
    unpacked = [features.unpack(v.packed) for v in vectors_in_order]
    days = days_of(vectors_in_order)
    sims = features.similarities(unpacked, unpacked)
    probabilities = settings.model.probabilities(sims, score.gap_feature(days, days))
    vetoes = dict(_vetoed(db, ids, probabilities, settings.model.operating_point))
    return Component(tuple(ids), probabilities, vetoes, sketches.reprints_of(db, ids))


def _vetoed(
    db: Database, ids: Sequence[int], probabilities: score.Probabilities, point: float
) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the pairs that can never be one story: conflicting marks anywhere, sister templates among close pairs."""
    marks = load_marks(db, ids)
    marked = [n for n, i in enumerate(ids) if i in marks]
    close = zip(*np.nonzero(np.triu(probabilities >= point, 1)), strict=True)
    pairs = {*combinations(marked, 2), *((int(a), int(b)) for a, b in close)}
    veto = vetoes_between(items.texts(db, ids), marks)
    for a, b in sorted(pairs):
        if reason := veto(ids[a], ids[b]):
            yield (a, b), reason


def _settle(db: Database, part: Component, settings: GroupingSettings, now: datetime) -> None:
    """Re-cluster one component and carry the outcome over into the stories."""
    position = {item_id: n for n, item_id in enumerate(part.ids)}
    together = [
        (position[r.item_id], position[r.original_item_id])
        for r in part.reprints.values()
        if r.original_item_id in position
    ]
    clusters = settle.average_linkage(part.probabilities, part.vetoes, settings.model.operating_point, together)
    old = stories.memberships(db, part.ids)
    settled = settle.reconcile(
        _members(db, part, old),
        [[part.ids[n] for n in cluster] for cluster in clusters],
        stories.leads(db, {m.story_id for m in old.values()}),
    )
    story_ids = [_identify(db, s, now) for s in settled]
    for story_id, s in zip(story_ids, settled, strict=True):
        for absorbed in s.absorbed:
            stories.merge(db, absorbed, story_id)
    _write(db, part, old, dict(zip(story_ids, settled, strict=True)), settings, now)


def _members(db: Database, part: Component, old: Mapping[int, Membership]) -> list[settle.Member]:
    """Return the items of a component as `reconcile` takes them."""
    texts = items.texts(db, part.ids)
    return [
        settle.Member(
            i,
            old[i].story_id,
            texts[i].at.isoformat(),
            part.reprints[i].original_item_id if i in part.reprints else None,
        )
        for i in part.ids
    ]


def _identify(db: Database, settled: settle.Settled, now: datetime) -> int:
    """Return the id of a settled story, made and noted when it is new, changed or absorbs others."""
    story_id = settled.story_id
    if story_id is None:
        story_id = stories.create(db, settled.lead_item_id, now, split_from=settled.split_from)
        reason = f"split from story {settled.split_from}: its items are closer to each other than to the rest"
        stories.note(db, story_id, now, settle.Change.SPLIT, reason, other_story_id=settled.split_from)
    elif stories.leads(db, [story_id])[story_id] != settled.lead_item_id:
        stories.set_lead(db, story_id, settled.lead_item_id)
        reason = "the earliest piece that is no copy stands for the story"
        stories.note(db, story_id, now, settle.Change.LEAD, reason, item_id=settled.lead_item_id)
    for absorbed in settled.absorbed:
        reason = f"story {absorbed} reports the same event; the older id stays"
        stories.note(db, story_id, now, settle.Change.MERGED, reason, other_story_id=absorbed)
        stories.note(db, absorbed, now, settle.Change.MERGED, f"merged into story {story_id}", other_story_id=story_id)
    return story_id


def _write(
    db: Database,
    part: Component,
    old: Mapping[int, Membership],
    settled: Mapping[int, settle.Settled],
    settings: GroupingSettings,
    now: datetime,
) -> None:
    """Write every item's place, the moves into the history, and the editions of the stories."""
    moved_within = {absorbed: story_id for story_id, s in settled.items() for absorbed in s.absorbed}
    for membership in _memberships(part, settled, settings):
        before = old[membership.item_id]
        if membership != before:
            stories.place(db, membership)
        if moved_within.get(before.story_id, before.story_id) != membership.story_id:
            reason = f"came from story {before.story_id}: {membership.reason}"
            stories.note(
                db, membership.story_id, now, settle.Change.JOINED, reason, item_id=membership.item_id,
                other_story_id=before.story_id,
            )  # fmt: skip
    marks = load_marks(db, part.ids)
    for story_id, s in settled.items():
        stories.set_edition(db, story_id, editions.edition_of([marks[i] for i in s.item_ids if i in marks]))


def _memberships(
    part: Component, settled: Mapping[int, settle.Settled], settings: GroupingSettings
) -> Iterator[Membership]:
    """Yield each item's place, with its mean probability to the rest of its story and the best other story."""
    position = {item_id: n for n, item_id in enumerate(part.ids)}
    ids = list(settled)
    groups = np.zeros((len(part.ids), len(ids)))
    for column, story_id in enumerate(ids):
        groups[[position[i] for i in settled[story_id].item_ids], column] = 1.0
    sizes = groups.sum(axis=0)
    sums = part.probabilities @ groups
    for column, story_id in enumerate(ids):
        for item_id in settled[story_id].item_ids:
            row = position[item_id]
            own = (
                (sums[row, column] - part.probabilities[row, row]) / (sizes[column] - 1) if sizes[column] > 1 else None
            )
            others = {o: float(sums[row, c] / sizes[c]) for c, o in enumerate(ids) if c != column}
            yield _membership(
                part, settled[story_id], story_id, item_id, own, _runner_up(part, row, others, settled, settings)
            )


def _runner_up(
    part: Component,
    row: int,
    others: Mapping[int, float],
    settled: Mapping[int, settle.Settled],
    settings: GroupingSettings,
) -> tuple[int, float, str] | None:
    """Return the best story an item did not join, how close it is and why it did not join."""
    if not others:
        return None
    best = min(others, key=lambda story_id: (-others[story_id], story_id))
    rows = (part.ids.index(i) for i in settled[best].item_ids)
    pairs = ((min(row, other), max(row, other)) for other in rows)
    veto = next((part.vetoes[pair] for pair in pairs if pair in part.vetoes), None)
    option = assign.Option(best, others[best], veto)
    return best, round(option.probability, 4), assign.why_not(option, settings.model.operating_point, chosen=True)


def _membership(
    part: Component,
    story: settle.Settled,
    story_id: int,
    item_id: int,
    own: float | None,
    runner_up: tuple[int, float, str] | None,
) -> Membership:
    """Say in words why an item is where it is."""
    reprint = part.reprints.get(item_id)
    others = len(story.item_ids) - 1
    if item_id == story.lead_item_id:
        role = Role.LEAD
        reason = (
            "the earliest piece that is no copy stands for the story" if others else "no other piece is close enough"
        )
    elif reprint:
        role, reason = Role(reprint.kind.value), reprint.reason
    else:
        role, reason = (
            Role.COVERAGE,
            f"mean probability {own:.2f} of one event with the {others} other items of the story",
        )
    probability = None if own is None else round(float(own), 4)
    return Membership(item_id, story_id, role, probability, reason, *(runner_up or (None, None, None)))
