"""The shell around dedup/spun: among items that may report one event, find copies whose words a machine replaced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlite_utils import Database

from monitor.dedup import spun
from monitor.dedup.attribution import attribution
from monitor.dedup.shingle import compared_shingles
from monitor.dedup.verify import likeness
from monitor.grouping import load_marks, vetoes_between
from monitor.model import Reprint, ReprintKind
from monitor.store import items, sketches, vectors
from monitor.store.items import ItemText


@dataclass(frozen=True, slots=True)
class _Match:
    """A later item whose anchors run like those of an earlier one."""

    copy: ItemText
    original: ItemText
    order: spun.Order


def find_spun(db: Database, item_ids: Sequence[int]) -> None:
    """Write down which items are spun copies, among the linked pairs that some items are part of.

    A spun copy points at the earlier piece it is closest to in order; neither may be a reprint of something else.
    """
    pairs = vectors.links_of(db, item_ids)
    ids = {i for pair in pairs for i in pair}
    sketches.forget_spun(db, set(item_ids))
    copies = set(sketches.reprints_of(db, ids))
    texts = items.texts(db, ids - copies)
    veto = vetoes_between(texts, load_marks(db, ids - copies))
    matches = [m for m in _matches(sorted(pairs), texts) if veto(m.copy.item_id, m.original.item_id) is None]
    closest: dict[int, _Match] = {}
    for match in sorted(matches, key=lambda m: (m.copy.at, m.copy.item_id, -m.order.of_shorter, m.original.item_id)):
        if match.original.item_id not in closest:
            closest.setdefault(match.copy.item_id, match)
    sketches.save_copies(db, [_spun(match) for match in closest.values()])


def _matches(pairs: Sequence[tuple[int, int]], texts: dict[int, ItemText]) -> Iterator[_Match]:
    """Yield the pairs of one language whose anchors run in the same order."""
    anchors_of = lru_cache(maxsize=None)(lambda item_id: spun.anchors(texts[item_id].text))
    for a, b in pairs:
        if a in texts and b in texts and texts[a].lang == texts[b].lang:
            order = spun.order_of(anchors_of(a), anchors_of(b))
            if spun.is_spun(texts[a].text, texts[b].text, order):
                original, copy = sorted((texts[a], texts[b]), key=lambda t: (t.at, t.item_id))
                yield _Match(copy, original, order)


def _spun(match: _Match) -> Reprint:
    """Return a spun copy with its figures in words."""
    a, b = match.copy, match.original
    alike = likeness(compared_shingles(a.title, a.text), compared_shingles(b.title, b.text))
    reason = (
        f"{match.order.shared} figures and names stand in the same order ({match.order.of_shorter:.0%} of the shorter "
        f"text's), but only {alike.containment:.0%} of its word triples: the words were replaced"
    )
    origin = attribution(a.text, [b.outlet_id])
    return Reprint(a.item_id, b.item_id, ReprintKind.SPUN, alike.jaccard, alike.containment, reason, origin)
