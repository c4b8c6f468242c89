"""The shell around stories/settle that carries clusters over into the stories: identity, places, reasons, history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlite_utils import Database

from monitor.components import Component
from monitor.linking import GroupingSettings
from monitor.model import Correction, Role, Said
from monitor.store import stories
from monitor.store.stories import Membership
from monitor.stories import corrections, editions, linkage, settle

#: a probability that is shown with so many decimals
_DECIMALS = 4


def carry_over(
    db: Database, part: Component, clusters: Sequence[Sequence[int]], settings: GroupingSettings, now: datetime
) -> None:
    """Make the clusters of a component (of positions in its ids) the stories they continue."""
    settled = settle.reconcile(
        _members(part),
        [[part.ids[n] for n in cluster] for cluster in clusters],
        stories.leads(db, {m.story_id for m in part.old.values()}),
    )
    by_id = {_identify(db, part, s, now): s for s in settled}
    for story_id, s in by_id.items():
        for absorbed in s.absorbed:
            stories.merge(db, absorbed, story_id)
    _write(db, part, by_id, settings, now)


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


def _identify(db: Database, part: Component, settled: settle.Settled, now: datetime) -> int:
    """Return the id of a settled story; what is new about the story itself goes into its history."""
    story_id, lead = settled.story_id, settled.lead_item_id
    said = corrections.links(part.said, {i: m.story_id for i, m in part.old.items()})
    if story_id is None:
        story_id = stories.create(db, lead, now, split_from=settled.split_from)
        if settled.split_from is None:
            reason = "no story of the window is close enough"
            stories.note(db, story_id, now, settle.Change.CREATED, reason, item_id=lead)
        else:
            reason = f"split from story {settled.split_from}: {_why_split(part, settled)}"
            stories.note(db, story_id, now, settle.Change.SPLIT, reason, other_story_id=settled.split_from)
    elif stories.leads(db, [story_id])[story_id] != lead:
        stories.set_lead(db, story_id, lead)
        reason = "the earliest piece that is no copy stands for the story"
        stories.note(db, story_id, now, settle.Change.LEAD, reason, item_id=lead)
    for absorbed in settled.absorbed:
        word = said.get(frozenset([absorbed, story_id]))
        by_word = f": {corrections.why(word)}" if word and word.said is Said.TOGETHER else ""
        reason = f"story {absorbed} reports the same event{by_word}; the older id stays"
        stories.note(db, story_id, now, settle.Change.MERGED, reason, other_story_id=absorbed)
        stories.note(db, absorbed, now, settle.Change.MERGED, f"merged into story {story_id}", other_story_id=story_id)
    return story_id


def _why_split(part: Component, settled: settle.Settled) -> str:
    """Say why a story became two: a person's word, or else the score."""
    here = set(settled.item_ids)
    left = {i for i, m in part.old.items() if m.story_id == settled.split_from} - here
    for pair, word in corrections.divided(part.said).items():
        if here & set(pair) and left & set(pair):
            return corrections.why(word)
    return "its items are closer to each other than to the rest"


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
        stories.set_edition(db, story_id, editions.edition_of([part.marks[i] for i in s.item_ids if i in part.marks]))


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
    point = settings.model.operating_point
    for story_id, s in settled.items():
        least = {o: linkage.least_mean(len(s.item_ids), len(settled[o].item_ids), point) for o in settled}
        for item_id in s.item_ids:
            row = position[item_id]
            others = len(s.item_ids) - 1
            own = (sums[story_id][row] - part.probabilities[row, row]) / others if others else None
            means = {o: sums[o][row] / len(settled[o].item_ids) for o in settled if o != story_id}
            rival = settle.runner_up(means, vetoes.get(row, {}), least, own)
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
    role, reason = _role(part, story, item_id, own)
    if word := _put_here(part, story, item_id):
        reason = f"{corrections.why(word)}; {reason}"
    return Membership(
        item_id, story_id, role, None if own is None else round(float(own), _DECIMALS), reason,
        rival.story_id if rival else None, rival.probability if rival else None, rival.reason if rival else None,
    )  # fmt: skip


def _role(part: Component, story: settle.Settled, item_id: int, own: float | None) -> tuple[Role, str]:
    """Return what an item is to its story, and why as far as the score decides."""
    reprint = part.reprints.get(item_id)
    others = len(story.item_ids) - 1
    if item_id == story.lead_item_id:
        if reprint:
            apart = _parting(part, item_id, reprint.original_item_id)
            where = f"which is elsewhere: {apart}" if apart else "of a story outside the window"
            return Role.LEAD, f"the earliest piece here; it copies item {reprint.original_item_id} {where}"
        return Role.LEAD, "the earliest piece that is no copy" if others else "no other piece is close enough"
    if reprint:
        return Role(reprint.kind.value), reprint.reason
    if (other := _speaks_for(part, story, item_id)) != item_id:
        return Role.TRANSLATION, f"the same piece as item {other}, in another language"
    return Role.COVERAGE, f"mean probability {own:.2f} of one event with the other {others} of the story"


def _speaks_for(part: Component, story: settle.Settled, item_id: int) -> int:
    """Return the version of an item's piece that counts for all of them: the lead of the story, or the earliest."""
    piece = part.pieces.get(item_id)
    if piece is None:
        return item_id
    versions = [i for i in story.item_ids if part.pieces.get(i) == piece and i not in part.reprints]
    if story.lead_item_id in versions:
        return story.lead_item_id
    return min(versions, key=lambda i: (part.at[i], i), default=item_id)


def _parting(part: Component, item_id: int, other_id: int) -> str | None:
    """Return why two items are kept apart, None when nothing does that or one of them is not here."""
    if other_id not in part.ids:
        return None
    a, b = sorted((part.ids.index(item_id), part.ids.index(other_id)))
    return part.vetoes.get((a, b))


def _put_here(part: Component, story: settle.Settled, item_id: int) -> Correction | None:
    """Return the person's word that ties an item to another one of its story, None without any."""
    here = set(story.item_ids)
    named = (c for c in part.said if c.said is Said.TOGETHER and item_id in (c.item_id, c.other_item_id))
    return next((c for c in named if {c.item_id, c.other_item_id} <= here), None)
