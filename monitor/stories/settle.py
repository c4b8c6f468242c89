"""Settling: re-cluster what changed by average linkage, then give the clusters the identities of the stories they were.

Average linkage (Sokal and Michener 1958) over 1 - probability, cut at the operating point, does not depend on the order
in which the items arrived. Vetoed pairs are set so far apart that no average can bridge them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from monitor.stories.score import Probabilities

#: distance of a vetoed pair: no average over fewer than a million pairs comes below 1
APART = 1e6


class Change(StrEnum):
    """What happened to a story."""

    CREATED = "created"
    JOINED = "joined"
    LEFT = "left"
    MERGED = "merged"
    SPLIT = "split"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Member:
    """An item as settling sees it."""

    item_id: int
    #: the story it is in now
    story_id: int
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
    #: the story that its items were split from
    split_from: int | None = None


def average_linkage(
    probabilities: Probabilities,
    vetoes: Iterable[tuple[int, int]],
    operating_point: float,
    together: Iterable[tuple[int, int]] = (),
) -> list[list[int]]:
    """Return clusters of row numbers whose average pair probability is at least the operating point.

    Args:
        probabilities: symmetric matrix, shape (n, n).
        vetoes: pairs of rows that must never be in one cluster; they outrank `together`.
        operating_point: least average probability of a cluster's pairs.
        together: pairs of rows that are one for certain (a copy and its original).

    """
    count = len(probabilities)
    if count == 1:
        return [[0]]
    distances = 1.0 - probabilities
    for pairs, value in ((together, 0.0), (vetoes, APART)):
        for i, j in pairs:
            distances[i, j] = distances[j, i] = value
    np.fill_diagonal(distances, 0.0)
    # rounding keeps rows that are alike in the last bit from being merged in the order of their arrival
    tree = linkage(squareform(np.round(distances, 9), checks=False), method="average")
    labels = fcluster(tree, t=1.0 - operating_point + 1e-9, criterion="distance")
    clusters: dict[int, list[int]] = {}
    for row, label in enumerate(labels.tolist()):
        clusters.setdefault(label, []).append(row)
    return sorted(clusters.values())


def reconcile(members: Sequence[Member], clusters: Iterable[Sequence[int]], leads: Mapping[int, int]) -> list[Settled]:
    """Give each cluster (of item ids) the identity of the story it continues.

    A cluster that holds the lead of a story continues it; with several, the oldest id stays and the others are absorbed.
    A cluster without any lead was split off and needs a new id.

    Args:
        members: all items concerned, with the story each is in now.
        clusters: the new partition of exactly these items.
        leads: the lead of each story concerned, by story id.

    """
    by_id = {member.item_id: member for member in members}
    story_of_lead = {item: story for story, item in leads.items()}
    settled = []
    for cluster in clusters:
        items = sorted((by_id[i] for i in cluster), key=lambda m: (m.at, m.item_id))
        claimed = sorted(story_of_lead[m.item_id] for m in items if m.item_id in story_of_lead)
        story_id = claimed[0] if claimed else None
        settled.append(
            Settled(
                story_id=story_id,
                lead_item_id=choose_lead(items, leads[story_id] if story_id is not None else None),
                item_ids=tuple(m.item_id for m in items),
                absorbed=tuple(claimed[1:]),
                split_from=None if claimed else min(m.story_id for m in items),
            )
        )
    return sorted(settled, key=lambda s: (s.story_id is None, s.story_id or 0, s.item_ids))


def choose_lead(items: Sequence[Member], current: int | None) -> int:
    """Return the item that stands for a story: the present lead while it is no copy, else the earliest that is none."""
    within = {m.item_id for m in items}
    originals = [m.item_id for m in items if m.original_item_id not in within]
    if current is not None and current in originals:
        return current
    return (originals or [m.item_id for m in items])[0]
