"""What fetched and imported pieces have in common: strip furniture, store, group. Called inside one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from monitor.grouping import group
from monitor.ingest import boilerplate
from monitor.model import ItemData
from monitor.store import items, search

#: stands for the outlet of imported pieces that name none
NO_OUTLET = "unnamed"


@dataclass(frozen=True, slots=True)
class Piece:
    """An item that is about to be stored, with every key it will be known under; `item_id` when it replaces a text."""

    data: ItemData
    keys: tuple[str, ...]
    item_id: int | None = None


def take_in(db: Database, pieces: Sequence[Piece], now: datetime) -> list[int]:
    """Store pieces, find their reprints, and return the ids of the items that are new or changed."""
    if not pieces:
        return []
    pages = Counter(piece.data.outlet_id for piece in pieces if piece.item_id is None)
    for outlet_id in {piece.data.outlet_id for piece in pieces}:
        pages[outlet_id] += items.count_of_outlet(db, outlet_id)
    for piece in pieces:
        items.count_blocks(db, piece.data.outlet_id, _uncounted(db, piece))
    touched = [item_id for piece in pieces if (item_id := _store(db, piece, pages, now)) is not None]
    group(db, touched)
    return touched


def _uncounted(db: Database, piece: Piece) -> set[int]:
    """Return the hashes of the blocks that a piece adds to its item: what stays through its revisions counts once."""
    found = set(_hashes(piece.data.text))
    if piece.item_id is not None:
        before = items.texts(db, [piece.item_id])[piece.item_id].text
        found -= set(_hashes("\n".join([before, *search.removed_blocks(db, piece.item_id)])))
    return found


def _hashes(text: str) -> list[int]:
    """Return the hashes of the blocks of a text."""
    return [boilerplate.block_hash(block) for block in boilerplate.blocks(text)]


def _store(db: Database, piece: Piece, pages: Counter[str], now: datetime) -> int | None:
    """Store one piece without the furniture of its outlet; None when its text is what the state has already.

    Pieces of unnamed outlets keep everything: what they repeat is no outlet's furniture.
    """
    outlet_id = piece.data.outlet_id
    data = piece.data
    if outlet_id != NO_OUTLET:
        counts = items.block_counts(db, outlet_id, _hashes(data.text))
        text, removed = boilerplate.strip(data.text, boilerplate.furniture(counts, pages[outlet_id]))
        data = replace(data, text=text, removed=(*data.removed, *removed))
    if piece.item_id is None:
        return items.insert(db, data, piece.keys)
    return piece.item_id if items.revise(db, piece.item_id, data, now) else None
