"""The shell around stories/settle: once a run, cluster what is new with what it touches; stories keep their ids.

queue | weigh, index | link | components -> linkage -> what persons said -> `placing` | what they follow

The service settles a queue in steps, each a transaction of its own, so that others can write meanwhile.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import chain

import numpy as np
from sqlite_utils import Database

from monitor.components import Batch, Component, connected, scored
from monitor.following import link_follow_ups
from monitor.grouping import read_again
from monitor.linking import SCORED_TOGETHER, GroupingSettings, count, link, weigh
from monitor.model import Said
from monitor.placing import carry_over
from monitor.sharing import Hands
from monitor.spinning import find_spun
from monitor.store import stories, vectors
from monitor.store.storage import Storage, version
from monitor.store.stories import Stage
from monitor.stories import linkage
from monitor.stories.corrections import corrected

#: a state with fewer items weighs all of them anew each time it has grown by this factor: what was weighed with the
#: counts of a handful of pieces costs allsides_2021 in 250 passes 0.0095 of its F1 (benchmarks/order.py)
YOUNG_ITEMS = 2000
GROWTH = 1.5
#: items that are weighed, or linked, in one transaction: half a second, which is as long as others wait to write
TOGETHER = 500


def settle_queue(db: Database, settings: GroupingSettings, now: datetime) -> int:
    """Settle what was stored since the last time, in one transaction; return how many items were looked at."""
    return sum(_steps(db, settings, now, SCORED_TOGETHER, Hands()))


def settle_in_steps(
    storage: Storage, settings: GroupingSettings, now: datetime, *, together: int | None = None,
    hands: Hands | None = None,
) -> int:  # fmt: skip
    """Do the same in many transactions; the stories are those of one, and a killed process goes on where it was.

    Args:
        storage: the open state.
        settings: how pieces are grouped.
        now: the present moment.
        together: items of a step, `TOGETHER` if not given.
        hands: who scores components with this process.

    """
    hands = hands or Hands()
    steps, looked_at = _steps(storage.db, settings, now, together or TOGETHER, hands), 0
    while True:
        with storage.transaction():
            step = next(steps, None)
        if step is None:
            hands.no_more()
            return looked_at
        looked_at += step


def _steps(db: Database, settings: GroupingSettings, now: datetime, together: int, hands: Hands) -> Iterator[int]:
    """Do one step after the other, with so many items each; yield after each how many items in stories were looked at.

    Each stage is done with the whole queue before the next one begins, so that the size of steps changes nothing. What
    is left to do is asked of the state each time: somebody else may settle between two steps.
    """
    waiting = stories.queued(db, Stage.READ)
    for part in (waiting[n : n + together] for n in range(0, len(waiting), together)):
        count(db, part)
        yield 0
    _queue_outgrown(db)
    while part := stories.queued(db, Stage.READ)[:together]:
        # of somebody else, who has stored them between two steps
        count(db, part)
        weigh(db, part)
        stories.advance(db, part, Stage.WEIGHED)
        yield 0
    while part := stories.queued(db, Stage.WEIGHED)[:together]:
        hands.soon()
        link(db, part, settings)
        stories.advance(db, part, Stage.LINKED)
        yield 0
    if stories.queued(db, Stage.LINKED):
        find_spun(db, stories.queued(db))
        yield 0
        yield from _place(db, settings, now, together, hands)
    if placed := stories.queued(db, Stage.PLACED):
        link_follow_ups(db, placed, settings, now)
        stories.clear_queue(db)
        yield 0


def _queue_outgrown(db: Database) -> None:
    """Queue every item of a young state whose counts have grown too much since it was weighed, to be weighed anew."""
    items_now, items_then = vectors.counted_items(db), vectors.weighed_at(db)
    if not stories.queued(db) or items_now < GROWTH * items_then or items_then >= YOUNG_ITEMS:
        return
    vectors.set_weighed_at(db, items_now)
    outgrown = sorted(set(vectors.every_item(db)).difference(stories.queued(db, Stage.READ)))
    read_again(db, outgrown)
    stories.queue(db, outgrown)


def _place(db: Database, settings: GroupingSettings, now: datetime, together: int, hands: Hands) -> Iterator[int]:
    """Cluster what is linked, some components a step; they are looked up anew when somebody else has written."""
    batches: deque[Batch] = deque()
    seen = None
    while waiting := stories.queued(db, Stage.LINKED):
        if seen != (seen := version(db)):
            batches = deque(connected(db, waiting, stories.queued(db), settings))
        taken = [batches.popleft()]
        while batches and sum(len(ids) for batch in (*taken, batches[0]) for ids in batch) <= together:
            taken.append(batches.popleft())
        for part, clusters in chain.from_iterable(hands.each(db, clustered, taken, settings)):
            carry_over(db, part, clusters, settings, now)
        ids = {i for batch in taken for ids in batch for i in ids}
        stories.advance(db, ids.intersection(waiting), Stage.PLACED)
        yield len(ids)


def settle_items(db: Database, item_ids: Collection[int], settings: GroupingSettings, now: datetime) -> int:
    """Cluster items that are linked already, with all they touch; return how many items were looked at."""
    looked_at = 0
    ids = sorted(item_ids)
    for batch in connected(db, ids, ids, settings):
        for part, clusters in clustered(db, batch, settings):
            looked_at += len(part.ids)
            carry_over(db, part, clusters, settings, now)
    link_follow_ups(db, item_ids, settings, now)
    return looked_at


def clustered(db: Database, batch: Batch, settings: GroupingSettings) -> list[tuple[Component, list[list[int]]]]:
    """Return some components, each with its clusters of positions in its ids; nothing is written."""
    return [(part, _clusters(part, settings)) for part in scored(db, batch, settings)]


def _clusters(part: Component, settings: GroupingSettings) -> list[list[int]]:
    """Return the clusters of a component."""
    position = {item_id: n for n, item_id in enumerate(part.ids)}
    copies = [(position[a], position[b]) for a, b in _copies_together(part)]
    linked = linkage.cluster(part.probabilities, part.vetoes, settings.model.operating_point, copies)
    clusters = [kept for rows in linked for kept in _within_window(part, rows, settings)]
    together = [(position[c.item_id], position[c.other_item_id]) for c in part.said if c.said is Said.TOGETHER]
    return corrected(clusters, part.probabilities, together, part.apart)


def _copies_together(part: Component) -> Iterator[tuple[int, int]]:
    """Yield pairs that are one for certain: a copy and its original, two copies of one out of reach, translations."""
    stands_for = {i: i for i in part.ids}
    for r in sorted(part.reprints.values(), key=lambda r: r.item_id):
        yield r.item_id, stands_for.setdefault(r.original_item_id, r.item_id)
    speaks_for: dict[int, int] = {}
    for item_id, piece in sorted(part.pieces.items()):
        if (other := speaks_for.setdefault(piece, item_id)) != item_id:
            yield item_id, other


def _within_window(part: Component, rows: Sequence[int], settings: GroupingSettings) -> Iterator[list[int]]:
    """Cut a cluster wherever nothing was reported for more than the window and nothing bridges the gap.

    Links respect the window, but an average over what they connect, or a copy of long ago, does not. A story that has
    grown over a gap keeps it, and an undated piece bridges what it is close to on both sides: so one import and many
    passes part alike (benchmarks/order.py). Any other undated piece stays with its closest stretch.
    """
    stretches = _stretches(part, rows, settings)
    if len(stretches) < 2:  # noqa: PLR2004 - nothing to cut
        yield list(rows)
        return
    means = [part.probabilities[:, stretch].mean(axis=1) for stretch in stretches]
    for row in sorted(set(rows).difference(*stretches)):
        stretches[int(np.argmax([mean[row] for mean in means]))].append(row)
    yield from stretches


def _stretches(part: Component, rows: Sequence[int], settings: GroupingSettings) -> list[list[int]]:
    """Return the dated rows of a cluster in order, cut at the gaps that nothing bridges."""
    dated = sorted((int(part.days[row]), row) for row in rows if not np.isnan(part.days[row]))
    ordered = [row for _, row in dated]
    undated = sorted(set(rows).difference(ordered))
    stretches: list[list[int]] = []
    for n, (day, row) in enumerate(dated):
        far = n == 0 or day - dated[n - 1][0] > settings.window_days
        if n == 0 or (far and not _bridged(part, (ordered[:n], ordered[n:]), undated, settings.model.operating_point)):
            stretches.append([])
        stretches[-1].append(row)
    return stretches


def _bridged(part: Component, sides: tuple[list[int], list[int]], undated: Sequence[int], point: float) -> bool:
    """Tell whether one story has rows on both sides of a gap, or an undated row is close to both."""
    before, after = ({part.old[part.ids[r]].story_id for r in side if part.ids[r] in part.old} for side in sides)
    if before & after:
        return True
    means = [part.probabilities[np.ix_(undated, side)].mean(axis=1) for side in sides]
    return bool((np.minimum(*means) >= point).any()) if undated else False
