"""The shell around ingest/boilerplate: learns what an outlet repeats and takes it out of what is stored already.

Called inside one transaction. A block can be known for furniture only when it has stood on several items, so those are
cleaned afterwards: a bounded number at a time, the newest first, the rest by the next passes.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlite_utils import Database

from monitor.ingest import boilerplate
from monitor.store import furniture, items

#: the newest items of an outlet, by which a repeated block is judged; hashing their blocks takes 60 ms
_LOOKED_AT = 200
#: stored items that are cleaned in one transaction
SWEPT_AT_ONCE = 500


def learn(db: Database, outlet_id: str, blocks: Collection[int], *, limit: int = _LOOKED_AT) -> None:
    """Judge those of some blocks that an outlet repeats; what is furniture is to be swept out of all its items."""
    counts = items.block_counts(db, outlet_id, blocks)
    pages = items.count_of_outlet(db, outlet_id, limit=boilerplate.PAGES_COUNTED)
    repeated = boilerplate.candidates(counts, pages)
    fresh = repeated - furniture.learnt(db, outlet_id)
    if not fresh:
        return
    texts = furniture.newest(db, outlet_id, limit=limit)
    all_blocks = {number for item in texts for number in boilerplate.hashes(item.text)}
    everywhere = boilerplate.candidates(items.block_counts(db, outlet_id, all_blocks), pages)
    found = boilerplate.furniture(everywhere, [item.text for item in texts])
    if new := {number: block for number, block in found.items() if number in fresh}:
        furniture.learn(db, outlet_id, new)


def sweep(db: Database, *, limit: int = SWEPT_AT_ONCE) -> list[int]:
    """Take what was learnt late out of stored items, at most so many are looked at; return the ids of the changed."""
    changed = []
    for outlet_id, below in furniture.unswept(db):
        if limit <= 0:
            break
        learnt = furniture.learnt(db, outlet_id)
        looked_at = furniture.newest(db, outlet_id, limit=limit, below=below)
        for item in looked_at:
            text, removed = boilerplate.strip(item.text, learnt, item.title)
            if removed:
                furniture.take_out(db, item.item_id, item.title, text, removed)
                changed.append(item.item_id)
        furniture.swept(db, outlet_id, looked_at[-1].item_id if len(looked_at) == limit else None)
        limit -= len(looked_at)
    return changed
