"""Settling: re-cluster what changed by average linkage, then give the clusters the identities of the stories they were.

Average linkage (Sokal and Michener 1958) over 1 - probability, cut at the operating point, does not depend on the order
in which the items arrived. Vetoed pairs are set so far apart that no average can bridge them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

from monitor.stories.score import Probabilities

#: all certain pairs lie this much closer than all others, so that nothing comes between a copy and its original
CERTAIN = 2.0
#: distance of a vetoed pair: no average over fewer than a million million pairs comes below 1
APART = 1e12


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
        together: pairs of rows that are one for certain (a copy and its original); what they connect is one cluster,
            or where vetoes divide it, several of the closest rows.

    """
    count = len(probabilities)
    if count < 2:  # noqa: PLR2004 - there is no pair
        return [[row] for row in range(count)]
    groups = connected(count, together)
    distances = 1.0 - probabilities + CERTAIN * (groups[:, None] != groups)
    for i, j in vetoes:
        distances[i, j] = distances[j, i] = APART
    np.fill_diagonal(distances, 0.0)
    # rounding keeps rows that are alike in the last bit from being merged in the order of their arrival
    tree = linkage(squareform(np.round(distances, 9), checks=False), method="average")
    labels = fcluster(tree, t=CERTAIN + 1.0 - operating_point + 1e-9, criterion="distance")
    clusters: dict[int, list[int]] = {}
    for row, label in enumerate(labels.tolist()):
        clusters.setdefault(label, []).append(row)
    return sorted(clusters.values())


def connected(count: int, pairs: Iterable[tuple[int, int]]) -> npt.NDArray[np.int32]:
    """Return for each row the number of the group that pairs connect it to."""
    rows = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    graph = csr_matrix((np.ones(len(rows)), (rows[:, 0], rows[:, 1])), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int32)


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


def runner_up(means: Mapping[int, float], vetoes: Mapping[int, str], operating_point: float) -> RunnerUp | None:
    """Return the runner-up among other stories.

    Args:
        means: mean probability of the item to the items of each other story, by story id.
        vetoes: why the item cannot be in some of these stories, in words.
        operating_point: least mean probability of a story.

    """
    if not means:
        return None
    best = min(means, key=lambda story_id: (-means[story_id], story_id))
    probability = means[best]
    if best in vetoes:
        reason = vetoes[best]
    elif probability < operating_point:
        reason = f"mean probability {probability:.2f} is below the operating point {operating_point:.2f}"
    else:
        reason = "its own story is closer"
    return RunnerUp(best, round(probability, 4), reason)
