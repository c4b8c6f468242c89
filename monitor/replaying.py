"""The shell of `monitor replay`: group the stored items anew in a scratch state, compare, and on demand write it over.

copy | count terms of all | in order of time: marks, reprints, weigh, link, settle | compare -> identity -> history
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor.encoding import encode_all
from monitor.grouping import group, read_again
from monitor.linking import GroupingSettings, count
from monitor.settling import settle_queue
from monitor.store import replays, stories, vectors
from monitor.store.storage import Storage
from monitor.stories.settle import Change, Member, Settled, reconcile

#: items that are grouped and settled at a time; what is held in memory is theirs and that of their window
SLICE = 500


@dataclass(frozen=True, slots=True)
class Joined:
    """A story that becomes part of an older one."""

    story_id: int
    into_story_id: int


@dataclass(frozen=True, slots=True)
class Parted:
    """Items that leave a story to be one of their own; `new_story_id` is known once it is written."""

    story_id: int
    item_ids: tuple[int, ...]
    new_story_id: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """An item that goes from one story to another one that is there already."""

    item_id: int
    story_id: int
    into_story_id: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """What grouping all items anew comes to."""

    items: int
    stories_before: int
    stories_after: int
    unchanged: int
    joined: tuple[Joined, ...]
    split: tuple[Parted, ...]
    moved: tuple[Moved, ...]
    applied: bool


def group_anew(
    scratch: Storage,
    live: Storage,
    settings: GroupingSettings,
    now: datetime,
    advance: Callable[[int, int | None], None],
) -> None:
    """Copy the items of a live state into an empty scratch state and group them in order of time.

    Terms are counted over all items first, so that every item is weighed with the counts of today.
    """
    ids = replays.copy_items(scratch.db, live.path)
    advance(0, 2 * len(ids))
    slices = [ids[n : n + SLICE] for n in range(0, len(ids), SLICE)]
    for part in slices:
        with scratch.transaction() as db:
            read_again(db, part)
            count(db, part)
        advance(len(part), None)
    encode_all(scratch, settings.encoder)
    with scratch.transaction() as db:
        vectors.set_weighed_at(db, len(ids))
    for part in slices:
        with scratch.transaction() as db:
            group(db, part)
            settle_queue(db, settings, now)
        advance(len(part), None)


def compare(scratch: Storage) -> tuple[Replayed, list[Settled]]:
    """Return what differs from the stories before, and the stories that are not the same any more."""
    db = scratch.db
    with scratch.transaction():
        replays.keep_same(db, {after: before for before, after, same in replays.edges(db) if same})
    places = list(replays.places(db))
    clusters: dict[int, list[int]] = {}
    for place in places:
        clusters.setdefault(place.after_id, []).append(place.item_id)
    members = [Member(p.item_id, p.before_id, p.at, p.original_item_id) for p in places]
    settled = reconcile(members, clusters.values(), replays.leads_before(db))
    before = {p.item_id: p.before_id for p in places}
    (items,) = db.execute("select count(*) from story_items").fetchone()
    (stories_before,) = db.execute("select count(distinct story_id) from stories_before").fetchone()
    (unchanged,) = db.execute("select count(*) from same_stories").fetchone()
    renamed = {absorbed: s.story_id for s in settled for absorbed in s.absorbed}
    report = Replayed(
        items=int(items),
        stories_before=int(stories_before),
        stories_after=int(unchanged) + len(settled),
        unchanged=int(unchanged),
        joined=tuple(sorted((Joined(a, b) for a, b in renamed.items() if b), key=lambda j: j.story_id)),
        split=tuple(Parted(s.split_from, s.item_ids) for s in settled if s.split_from is not None),
        moved=tuple(_moved(settled, before, renamed)),
        applied=False,
    )
    return report, settled


def _moved(
    settled: Sequence[Settled], before: dict[int, int | None], renamed: dict[int, int | None]
) -> Iterator[Moved]:
    """Yield the items that go to a story that is there already."""
    for s in settled:
        for item_id in s.item_ids if s.story_id is not None else ():
            old = before[item_id]
            if old is not None and s.story_id is not None and renamed.get(old, old) != s.story_id:
                yield Moved(item_id, old, s.story_id)


def apply(
    live: Storage, scratch: Storage, report: Replayed, settled: Sequence[Settled], reason: str, now: datetime
) -> Replayed:
    """Write what a replay found over the live state, in one transaction; new stories have their ids in the report."""
    db, split = live.db, []
    story_of = dict(scratch.db.execute("select item_id, story_id from story_items"))
    with replays.attached(db, scratch.path, "replayed"), live.transaction():
        replays.write_over(db)
        live_ids = {}
        for s in settled:
            story_id = _identify(db, s, reason, now)
            live_ids[story_of[s.lead_item_id]] = story_id
            if s.split_from is not None:
                split.append(Parted(s.split_from, s.item_ids, story_id))
        db.conn.executemany("insert into replayed.same_stories values (?, ?)", live_ids.items())
        _note_moves(db, report, split, reason, now)
        replays.write_stories(db)
        for joined in report.joined:
            stories.merge(db, joined.story_id, joined.into_story_id)
    return Replayed(
        report.items, report.stories_before, report.stories_after, report.unchanged, report.joined, tuple(split),
        report.moved, applied=True,
    )  # fmt: skip


def _identify(db: Database, s: Settled, reason: str, now: datetime) -> int:
    """Return the id of a story after the replay; what is new about the story goes into its history."""
    if s.story_id is None:
        story_id = stories.create(db, s.lead_item_id, now, split_from=s.split_from)
        if s.split_from is None:
            stories.note(db, story_id, now, Change.CREATED, reason, item_id=s.lead_item_id)
        else:
            why = f"split from story {s.split_from}: {reason}"
            stories.note(db, story_id, now, Change.SPLIT, why, other_story_id=s.split_from)
        return story_id
    if stories.leads(db, [s.story_id])[s.story_id] != s.lead_item_id:
        stories.note(db, s.story_id, now, Change.LEAD, reason, item_id=s.lead_item_id)
    for absorbed in s.absorbed:
        why = f"story {absorbed} reports the same event; the older id stays: {reason}"
        stories.note(db, s.story_id, now, Change.MERGED, why, other_story_id=absorbed)
        why = f"merged into story {s.story_id}: {reason}"
        stories.note(db, absorbed, now, Change.MERGED, why, other_story_id=s.story_id)
    return s.story_id


def _note_moves(db: Database, report: Replayed, split: Sequence[Parted], reason: str, now: datetime) -> None:
    """Write into the history which items went where."""
    gone = [(i, p.story_id, p.new_story_id) for p in split for i in p.item_ids]
    for item_id, old, new in [*gone, *((m.item_id, m.story_id, m.into_story_id) for m in report.moved)]:
        if new is not None:
            why = f"came from story {old}: {reason}"
            stories.note(db, new, now, Change.JOINED, why, item_id=item_id, other_story_id=old)
            why = f"went to story {new}: {reason}"
            stories.note(db, old, now, Change.LEFT, why, item_id=item_id, other_story_id=new)
