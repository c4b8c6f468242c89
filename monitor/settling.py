"""The shell around stories/settle: once a run, cluster what is new with what it touches; stories keep their ids.

queue | weigh, index, link | components -> average linkage -> identity -> history
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np
from sqlite_utils import Database

from monitor.components import Component, components
from monitor.linking import GroupingSettings, link
from monitor.model import Role
from monitor.spinning import find_spun
from monitor.store import stories
from monitor.store.stories import Membership
from monitor.stories import editions, settle


def settle_queue(db: Database, settings: GroupingSettings, now: datetime) -> int:
    """Settle everything that was stored since the last time; return how many items were looked at."""
    queued = stories.queued(db)
    link(db, queued, settings)
    find_spun(db, queued)
    looked_at = 0
    for part in components(db, queued, settings):
        looked_at += len(part.ids)
        _settle(db, part, settings, now)
    stories.clear_queue(db)
    return looked_at


def _settle(db: Database, part: Component, settings: GroupingSettings, now: datetime) -> None:
    """Cluster one component and carry the outcome over into the stories."""
    position = {item_id: n for n, item_id in enumerate(part.ids)}
    together = [(position[a], position[b]) for a, b in _copies_together(part)]
    linked = settle.average_linkage(part.probabilities, part.vetoes, settings.model.operating_point, together)
    clusters = [kept for rows in linked for kept in _within_window(part, rows, settings.window_days)]
    settled = settle.reconcile(
        _members(part),
        [[part.ids[n] for n in cluster] for cluster in clusters],
        stories.leads(db, {m.story_id for m in part.old.values()}),
    )
    by_id = {_identify(db, s, now): s for s in settled}
    for story_id, s in by_id.items():
        for absorbed in s.absorbed:
            stories.merge(db, absorbed, story_id)
    _write(db, part, by_id, settings, now)


def _copies_together(part: Component) -> Iterator[tuple[int, int]]:
    """Yield the pairs that are one for certain: a copy and its original, or two copies of one that is out of reach."""
    stands_for = {i: i for i in part.ids}
    for r in sorted(part.reprints.values(), key=lambda r: r.item_id):
        yield r.item_id, stands_for.setdefault(r.original_item_id, r.item_id)


def _within_window(part: Component, rows: Sequence[int], window_days: int) -> Iterator[list[int]]:
    """Cut a cluster wherever a piece would join a story that had none for more than the window.

    Links and reach respect the window, but an average over what they connect, or a copy of long ago, does not. What is
    all new makes a story of its own, and what is one story stays one. An undated piece stays with its closest stretch.
    """
    stretches = _stretches(part, rows, window_days)
    if len(stretches) < 2:  # noqa: PLR2004 - nothing to cut
        yield list(rows)
        return
    means = [part.probabilities[:, stretch].mean(axis=1) for stretch in stretches]
    for row in sorted(set(rows).difference(*stretches)):
        stretches[int(np.argmax([mean[row] for mean in means]))].append(row)
    yield from stretches


def _stretches(part: Component, rows: Sequence[int], window_days: int) -> list[list[int]]:
    """Return the dated rows of a cluster in order, cut at the gaps that no story bridges."""
    story_of = {row: part.old[part.ids[row]].story_id for row in rows if part.ids[row] in part.old}
    dated = sorted((int(part.days[row]), row) for row in rows if not np.isnan(part.days[row]))
    stretches: list[list[int]] = []
    for n, (day, row) in enumerate(dated):
        if n == 0 or (story_of and day - dated[n - 1][0] > window_days and not _bridged(dated, n, story_of)):
            stretches.append([])
        stretches[-1].append(row)
    return stretches


def _bridged(dated: Sequence[tuple[int, int]], place: int, story_of: Mapping[int, int]) -> bool:
    """Tell whether one story has rows on both sides of a place in a cluster."""
    before, after = ({story_of[r] for _, r in side if r in story_of} for side in (dated[:place], dated[place:]))
    return bool(before & after)


def _members(part: Component) -> list[settle.Member]:
    """Return the items of a component as `reconcile` takes them."""
    return [
        settle.Member(
            item_id=i,
            story_id=part.old[i].story_id if i in part.old else None,
            at=part.at[i],
            original_item_id=part.reprints[i].original_item_id if i in part.reprints else None,
        )
        for i in part.ids
    ]


def _identify(db: Database, settled: settle.Settled, now: datetime) -> int:
    """Return the id of a settled story; what is new about the story itself goes into its history."""
    story_id, lead = settled.story_id, settled.lead_item_id
    if story_id is None:
        story_id = stories.create(db, lead, now, split_from=settled.split_from)
        if settled.split_from is None:
            reason = "no story of the window is close enough"
            stories.note(db, story_id, now, settle.Change.CREATED, reason, item_id=lead)
        else:
            reason = f"split from story {settled.split_from}: its items are closer to each other than to the rest"
            stories.note(db, story_id, now, settle.Change.SPLIT, reason, other_story_id=settled.split_from)
    elif stories.leads(db, [story_id])[story_id] != lead:
        stories.set_lead(db, story_id, lead)
        reason = "the earliest piece that is no copy stands for the story"
        stories.note(db, story_id, now, settle.Change.LEAD, reason, item_id=lead)
    for absorbed in settled.absorbed:
        reason = f"story {absorbed} reports the same event; the older id stays"
        stories.note(db, story_id, now, settle.Change.MERGED, reason, other_story_id=absorbed)
        stories.note(db, absorbed, now, settle.Change.MERGED, f"merged into story {story_id}", other_story_id=story_id)
    return story_id


def _write(
    db: Database,
    part: Component,
    settled: Mapping[int, settle.Settled],
    settings: GroupingSettings,
    now: datetime,
) -> None:
    """Write every item's place, the moves into the history, and the editions of the stories."""
    renamed = {absorbed: story_id for story_id, s in settled.items() for absorbed in s.absorbed}
    for membership in _memberships(part, settled, settings):
        before = part.old.get(membership.item_id)
        if membership != before:
            stories.place(db, membership)
        _note_move(db, membership, before, renamed, now)
    for story_id, s in settled.items():
        marks = [part.marks[i] for i in s.item_ids if i in part.marks]
        stories.set_edition(db, story_id, editions.edition_of(marks))


def _note_move(
    db: Database, now_in: Membership, before: Membership | None, renamed: Mapping[int, int], now: datetime
) -> None:
    """Write into the history that an item joined or left a story, unless it stood for it from the beginning."""
    story_id, item_id = now_in.story_id, now_in.item_id
    if before is None and now_in.role is not Role.LEAD:
        stories.note(db, story_id, now, settle.Change.JOINED, now_in.reason, item_id=item_id)
    elif before is not None and renamed.get(before.story_id, before.story_id) != story_id:
        reason = f"came from story {before.story_id}: {now_in.reason}"
        stories.note(db, story_id, now, settle.Change.JOINED, reason, item_id=item_id, other_story_id=before.story_id)
        reason = f"went to story {story_id}: {now_in.reason}"
        stories.note(db, before.story_id, now, settle.Change.LEFT, reason, item_id=item_id, other_story_id=story_id)


def _memberships(
    part: Component, settled: Mapping[int, settle.Settled], settings: GroupingSettings
) -> Iterator[Membership]:
    """Yield each item's place, with its mean probability to the rest of its story and the best other story."""
    position = {item_id: n for n, item_id in enumerate(part.ids)}
    story_of = {position[i]: story_id for story_id, s in settled.items() for i in s.item_ids}
    vetoes: dict[int, dict[int, str]] = {}
    for (a, b), reason in part.vetoes.items():
        vetoes.setdefault(a, {}).setdefault(story_of[b], reason)
        vetoes.setdefault(b, {}).setdefault(story_of[a], reason)
    sums = {story_id: _sums(part, [position[i] for i in s.item_ids]) for story_id, s in settled.items()}
    for story_id, s in settled.items():
        for item_id in s.item_ids:
            row = position[item_id]
            others = len(s.item_ids) - 1
            own = (sums[story_id][row] - part.probabilities[row, row]) / others if others else None
            means = {o: sums[o][row] / len(settled[o].item_ids) for o in settled if o != story_id}
            rival = settle.runner_up(means, vetoes.get(row, {}), settings.model.operating_point)
            yield _membership(part, s, story_id, item_id, own, rival)


def _sums(part: Component, rows: Sequence[int]) -> list[float]:
    """Return for each item of a component the sum of its probabilities to some of its items."""
    sums: list[float] = part.probabilities[:, rows].sum(axis=1).tolist()
    return sums


def _membership(
    part: Component,
    story: settle.Settled,
    story_id: int,
    item_id: int,
    own: float | None,
    rival: settle.RunnerUp | None,
) -> Membership:
    """Say in words why an item is where it is."""
    reprint = part.reprints.get(item_id)
    others = len(story.item_ids) - 1
    if item_id == story.lead_item_id:
        role = Role.LEAD
        reason = "the earliest piece that is no copy" if others else "no other piece is close enough"
        if reprint:
            reason = f"the earliest piece here; it copies item {reprint.original_item_id} of a story outside the window"
    elif reprint:
        role, reason = Role(reprint.kind.value), reprint.reason
    else:
        role = Role.COVERAGE
        reason = f"mean probability {own:.2f} of one event with the other {others} of the story"
    return Membership(
        item_id, story_id, role, None if own is None else round(float(own), 4), reason,
        rival.story_id if rival else None, rival.probability if rival else None, rival.reason if rival else None,
    )  # fmt: skip
