"""Settling: give the clusters of what changed (`linkage`) the identities of the stories they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Change(StrEnum):
    """What happened to a story."""

    CREATED = "created"
    JOINED = "joined"
    LEFT = "left"
    MERGED = "merged"
    SPLIT = "split"
    LEAD = "lead"
    TOGETHER = "together"
    APART = "apart"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Member:
    """An item as settling sees it."""

    item_id: int
    #: the story it is in now, None for a new item
    story_id: int | None
    #: sorts the items of a story: publication, else first seen
    at: str
    #: the item it copies, if any
    original_item_id: int | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A story after settling; `story_id` is None for one that needs a new id."""

    story_id: int | None
    lead_item_id: int
    item_ids: tuple[int, ...]
    #: other stories that are part of it from now on
    absorbed: tuple[int, ...] = ()
    #: for a story that needs a new id: the one that some of its items were split from
    split_from: int | None = None


def reconcile(members: Sequence[Member], clusters: Iterable[Sequence[int]], leads: Mapping[int, int]) -> list[Settled]:
    """Give each cluster (of item ids) the identity of the story it continues.

    A cluster that holds the lead of a story continues it; with several, the oldest id stays, the others are absorbed.
    A cluster without any lead needs a new id: its items are new, or were split from the rest of their story.

    Args:
        members: all items concerned, with the story each is in now.
        clusters: the new partition of exactly these items.
        leads: the lead of each story concerned, by story id.

    """
    by_id = {member.item_id: member for member in members}
    story_of_lead = {item: story for story, item in leads.items()}
    settled = [_settled([by_id[i] for i in cluster], story_of_lead) for cluster in clusters]
    return sorted(settled, key=lambda s: (s.story_id is None, s.story_id or 0, s.item_ids))


def _settled(cluster: Sequence[Member], story_of_lead: Mapping[int, int]) -> Settled:
    """Return one cluster as the story it is from now on."""
    items = sorted(cluster, key=lambda m: (m.at, m.item_id))
    claimed = sorted(story_of_lead[m.item_id] for m in items if m.item_id in story_of_lead)
    left = [m.story_id for m in items if m.story_id is not None]
    return Settled(
        story_id=claimed[0] if claimed else None,
        lead_item_id=choose_lead(items),
        item_ids=tuple(m.item_id for m in items),
        absorbed=tuple(claimed[1:]),
        split_from=min(left) if left and not claimed else None,
    )


def choose_lead(items: Sequence[Member]) -> int:
    """Return the item that stands for a story: the earliest that is no copy of another one in it."""
    within = {m.item_id for m in items}
    earliest = sorted(items, key=lambda m: (m.at, m.item_id))
    return next((m.item_id for m in earliest if m.original_item_id not in within), earliest[0].item_id)


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The best story that an item did not join, and why."""

    story_id: int
    probability: float
    reason: str


def runner_up(
    means: Mapping[int, float], vetoes: Mapping[int, str], least: Mapping[int, float], own: float | None
) -> RunnerUp | None:
    """Return the runner-up among other stories.

    Args:
        means: mean probability of the item to the items of each other story, by story id.
        vetoes: why the item cannot be in some of these stories, in words.
        least: mean probability that it takes to join each story, by story id.
        own: mean probability of the item to the others of its own story, None when it is alone there.

    """
    if not means:
        return None
    best = min(means, key=lambda story_id: (-means[story_id], story_id))
    probability = means[best]
    if best in vetoes:
        reason = vetoes[best]
    elif probability < least[best]:
        reason = f"mean probability {probability:.2f} is below the {least[best]:.2f} that it takes"
    elif own is not None and own >= probability:
        reason = "its own story is closer"
    else:
        reason = "as groups the two stories are set apart: most of their pieces are much closer to their own"
    return RunnerUp(best, round(probability, 4), reason)
