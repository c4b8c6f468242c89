"""Parts the pieces that are new from those that the state has already under another name. Called inside a transaction.

A key of the feed is proof. An address that a page calls its own, and one that differs in its language only, are hints:
title or text must agree as well, because some sites call one address the canonical one of all their pages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlite_utils import Database

from monitor.ingest import mirrors
from monitor.ingest.decide import own_key, same_title, url_key
from monitor.intake import Piece
from monitor.model import KnownItem
from monitor.store import items
from monitor.text import squeeze


@dataclass(slots=True)
class Arrivals:
    """What is to be stored, and what was only seen again."""

    fresh: list[Piece] = field(default_factory=list)
    #: hash of the entry, by item
    again: dict[int, str] = field(default_factory=dict)
    #: names under which items were not known yet
    more_keys: dict[int, tuple[str, ...]] = field(default_factory=dict)


def arrivals(db: Database, pieces: Sequence[Piece]) -> Arrivals:
    """Return which pieces are new or revised, and which another source, address or page has brought already."""
    keys = [key for piece in pieces for key in (*piece.keys, *piece.page_keys) if piece.item_id is None]
    known = {key: item for key, item in items.known(db, keys).items() if not item.dropped}
    taken = {key for piece in pieces for key in piece.keys}
    found = Arrivals()
    for piece in pieces:
        if piece.item_id is not None:
            found.fresh.append(piece)
            continue
        twin = _twin(db, piece, known)
        if twin is None:
            _merge(found.fresh, _with_free_keys(piece, known, taken))
        elif twin:
            found.again[twin] = piece.data.entry_hash
            found.more_keys[twin] = (*found.more_keys.get(twin, ()), *piece.keys, *piece.page_keys)
    return found


def _twin(db: Database, piece: Piece, known: Mapping[str, KnownItem]) -> int | None:
    """Return the item that a piece is, None if it is new; 0 stands for one that was removed with all it had."""
    for key in piece.keys:
        if key in known and not _is_misnamed(piece, known[key]):
            return known[key].item_id
    hints = [known[key] for key in piece.page_keys if key in known]
    if any(item.tombstone and not item.item_id for item in hints):
        return 0
    named = {item.item_id for item in hints}
    piece_key = mirrors.piece_key(piece.data.url)
    for other in items.versions(db, piece.data.outlet_id, piece_key, sorted(named)):
        same_text = bool(other.text) and squeeze(other.text) == squeeze(piece.data.text)
        # translations may keep a title that is all names
        alike = other.item_id in named or other.lang == piece.data.lang
        if same_text or (alike and piece.data.title and same_title(other.title, piece.data.title)):
            return other.item_id
    return None


def _is_misnamed(piece: Piece, item: KnownItem) -> bool:
    """Tell whether an item only has the address of a piece because its page called that its own."""
    url, title = piece.data.url, piece.data.title
    if not (url and item.url and item.title):
        return False
    return url_key(url) != url_key(item.url) and not same_title(title, item.title)


def _with_free_keys(piece: Piece, known: Mapping[str, KnownItem], taken: Collection[str]) -> Piece:
    """Return a new piece with the keys that are its alone; no page may take the address of another piece."""
    keys = tuple(key for key in piece.keys if key not in known)
    keys = keys or (own_key(piece.data.url or "", piece.data.title),)
    page_keys = tuple(key for key in piece.page_keys if key in piece.keys or key not in taken)
    return replace(piece, data=replace(piece.data, key=keys[0]), keys=keys, page_keys=page_keys)


def _merge(fresh: list[Piece], piece: Piece) -> None:
    """Add a piece, or its names to one of this batch that calls the same address its own."""
    for number, other in enumerate(fresh):
        if other.item_id is None and _is_one_page(other, piece) and same_title(other.data.title, piece.data.title):
            fresh[number] = replace(other, page_keys=_joined(other.page_keys, piece.keys, piece.page_keys))
            return
    fresh.append(piece)


def _is_one_page(one: Piece, other: Piece) -> bool:
    """Tell whether the page of one of two pieces names an address of the other, or they differ in the locale only."""
    first, second = {*one.keys, *one.page_keys}, {*other.keys, *other.page_keys}
    key, lang = mirrors.piece_key(one.data.url), one.data.lang
    is_mirror = key is not None and (key, lang) == (mirrors.piece_key(other.data.url), other.data.lang)
    return (bool(first & second) or is_mirror) and one.data.outlet_id == other.data.outlet_id


def _joined(*groups: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of several groups, each once."""
    return tuple(dict.fromkeys(key for group in groups for key in group))
