"""What fetched and imported pieces have in common: strip furniture, store, group. Called inside one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType

from sqlite_utils import Database

from monitor import furniture
from monitor.grouping import group
from monitor.ingest import boilerplate, changes, mirrors
from monitor.ingest.attribution import attribution_of
from monitor.model import ItemData
from monitor.reading import Known, Text
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


def take_in(db: Database, pieces: Sequence[Piece], now: datetime, known: Known = MappingProxyType({})) -> list[int]:
    """Store pieces, find their reprints, and return the ids of the items that are new or changed.

    Texts that were read ahead, as `expected` foresees them, may be `known`.
    """
    if not pieces:
        return []
    for piece in pieces:
        items.count_blocks(db, piece.data.outlet_id, _uncounted(db, piece))
    touched = [item_id for piece in pieces if (item_id := _store(db, piece, now, known)) is not None]
    blocks: defaultdict[str, set[int]] = defaultdict(set)
    for piece in pieces:
        blocks[piece.data.outlet_id].update(boilerplate.hashes(piece.data.text))
    for outlet_id in sorted(blocks.keys() - {NO_OUTLET}):
        furniture.learn(db, outlet_id, blocks[outlet_id])
    group(db, sorted({*touched, *furniture.sweep(db)}), known)
    return touched


def expected(db: Database, pieces: Sequence[Piece]) -> list[Text]:
    """Return the texts that pieces will be stored with, if no furniture is learnt until then."""
    furniture_of = {outlet_id: learnt(db, outlet_id) for outlet_id in {piece.data.outlet_id for piece in pieces}}
    return [_expected(piece.data, furniture_of[piece.data.outlet_id]) for piece in pieces]


def _expected(data: ItemData, known: Collection[int]) -> Text:
    """Return the text that an item will be stored with."""
    text, _removed = boilerplate.strip(data.text, known, data.title)
    return _as_read(data, text)


def _as_read(data: ItemData, text: str) -> Text:
    """Return an item as it is read once it is stored with a text."""
    published_at = data.published.at.astimezone(UTC) if data.published.at else None
    return Text(data.title, text, data.lang, published_at, data.relevance.score if data.relevance else None)


def tidy(db: Database) -> None:
    """Go on with taking late-learnt furniture out of stored items, and group those that changed."""
    if changed := furniture.sweep(db):
        group(db, changed)


def _uncounted(db: Database, piece: Piece) -> set[int]:
    """Return the hashes of the blocks that a piece adds to its item: what stays through its revisions counts once."""
    found = set(boilerplate.hashes(piece.data.text))
    if piece.item_id is not None:
        before = items.texts(db, [piece.item_id])[piece.item_id].text
        found -= set(boilerplate.hashes("\n".join([before, *search.removed_blocks(db, piece.item_id)])))
    return found


def _store(db: Database, piece: Piece, now: datetime, known: Known) -> int | None:
    """Store one piece without the furniture of its outlet; None when its text is what the state has already.

    Pieces of unnamed outlets keep everything: what they repeat is no outlet's furniture. Furniture may name the source
    of all that an outlet passes on.
    """
    data = piece.data
    text, removed = boilerplate.strip(data.text, learnt(db, data.outlet_id), data.title)
    read = None if removed else known.get(_as_read(data, text))
    data = replace(
        data,
        text=text,
        removed=(*data.removed, *removed),
        piece_key=mirrors.piece_key(data.url),
        attribution=read.attribution if read else attribution_of(boilerplate.blocks(data.text)),
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
