"""What fetched and imported pieces have in common: strip furniture, store, group. Called inside one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType

from sqlite_utils import Database

from monitor import furniture
from monitor.grouping import group
from monitor.ingest import boilerplate, changes, mirrors
from monitor.model import ItemData
from monitor.reading import Ahead, Fresh, Stripped, Text, strip
from monitor.store import items, search
from monitor.store.furniture import learnt

#: stands for the outlet of imported pieces that name none
NO_OUTLET = "unnamed"


@dataclass(frozen=True, slots=True)
class Piece:
    """An item that is about to be stored, with every key it will be known under; `item_id` when it replaces a text."""

    data: ItemData
    keys: tuple[str, ...]
    item_id: int | None = None
    #: keys that its page gave it, which are weaker evidence: pages name wrong addresses
    page_keys: tuple[str, ...] = ()
    #: keys of the addresses where its page says that its versions in other languages are
    version_keys: tuple[str, ...] = ()


def take_in(db: Database, pieces: Sequence[Piece], now: datetime, ahead: Ahead = MappingProxyType({})) -> list[int]:
    """Store pieces, find their reprints, and return the ids of the items that are new or changed.

    Texts that `fresh` has returned may have been prepared `ahead`; if furniture was learnt since, they are stripped
    again, and read again when that leaves another text.
    """
    if not pieces:
        return []
    came = fresh(db, pieces)
    stripped = [found.stripped if (found := ahead.get(text)) else strip(text) for text in came]
    arriving = list(zip(pieces, stripped, strict=True))
    for piece, text in arriving:
        items.count_blocks(db, piece.data.outlet_id, _uncounted(db, piece, text))
    touched = [item_id for piece, text in arriving if (item_id := _store(db, piece, text, now)) is not None]
    blocks: defaultdict[str, set[int]] = defaultdict(set)
    for piece, text in arriving:
        blocks[piece.data.outlet_id].update(text.blocks)
    for outlet_id in sorted(blocks.keys() - {NO_OUTLET}):
        furniture.learn(db, outlet_id, blocks[outlet_id])
    known = {replace(text.text, text=found.stripped.text): found.read for text, found in ahead.items()}
    group(db, sorted({*touched, *furniture.sweep(db)}), known)
    return touched


def fresh(db: Database, pieces: Sequence[Piece]) -> list[Fresh]:
    """Return the texts of pieces as they came, each with what is known now for furniture of its outlet.

    Pieces of unnamed outlets keep everything: what they repeat is no outlet's furniture.
    """
    known = {outlet_id: frozenset(learnt(db, outlet_id)) for outlet_id in {piece.data.outlet_id for piece in pieces}}
    return [Fresh(_as_read(piece.data), known[piece.data.outlet_id]) for piece in pieces]


def _as_read(data: ItemData) -> Text:
    """Return an item as it is read once it is stored."""
    published_at = data.published.at.astimezone(UTC) if data.published.at else None
    return Text(data.title, data.text, data.lang, published_at, data.relevance.score if data.relevance else None)


def tidy(db: Database) -> None:
    """Go on with taking late-learnt furniture out of stored items, and group those that changed."""
    if changed := furniture.sweep(db):
        group(db, changed)


def _uncounted(db: Database, piece: Piece, stripped: Stripped) -> set[int]:
    """Return the hashes of the blocks that a piece adds to its item: what stays through its revisions counts once."""
    found = set(stripped.blocks)
    if piece.item_id is not None:
        before = items.texts(db, [piece.item_id])[piece.item_id].text
        found -= set(boilerplate.hashes("\n".join([before, *search.removed_blocks(db, piece.item_id)])))
    return found


def _store(db: Database, piece: Piece, stripped: Stripped, now: datetime) -> int | None:
    """Store one piece without the furniture of its outlet; None when its text is what the state has already."""
    data = replace(
        piece.data,
        text=stripped.text,
        removed=(*piece.data.removed, *stripped.removed),
        piece_key=mirrors.piece_key(piece.data.url),
        attribution=stripped.attribution,
    )
    if piece.item_id is None:
        item_id = items.insert(db, data, (*piece.keys, *piece.page_keys))
        _join_versions(db, item_id, data, piece.version_keys)
        return item_id
    items.add_keys(db, piece.item_id, piece.keys)
    before = items.texts(db, [piece.item_id])[piece.item_id]
    changed = changes.described(before.title, before.text, data.title, data.text, data.lang)
    return piece.item_id if items.revise(db, piece.item_id, data, now, changed=changed) else None


def _join_versions(db: Database, item_id: int, data: ItemData, version_keys: Sequence[str]) -> None:
    """Put a new item together with the versions of its piece in other languages, if there are any."""
    linked = [item.item_id for item in items.known(db, version_keys).values() if item.item_id]
    others = items.versions(db, data.outlet_id, data.piece_key, linked)
    found = [
        other
        for other in others
        if other.item_id != item_id
        and mirrors.are_versions((data.lang, other.lang), (data.published.at, other.published_at))
    ]
    if found:
        items.set_version(db, item_id, min(other.version_of or other.item_id for other in found))
