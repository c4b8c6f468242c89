"""The shell around dedup/: for items just stored, read their edition marks and terms and find their reprints.

marks | sketch -> candidates -> verify | terms        in the items' own transaction; stories wait for `settling`
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from sqlite_utils import Database

from monitor.dedup import sketch, verify
from monitor.dedup.shingle import compared_text, shingles
from monitor.model import Reprint, ReprintKind
from monitor.store import items, sketches, stories, vectors
from monitor.store.items import ItemText
from monitor.stories.features import pack, read_features, terms_of
from monitor.stories.marks import Mark, conflict, read_marks, sister_conflict
from monitor.stories.views import read_views

SECONDS_A_DAY = 86_400

Veto = Callable[[int, int], str | None]


def group(db: Database, item_ids: Sequence[int]) -> None:
    """Read marks and terms of items that were just stored or revised, find their reprints, queue them for settling."""
    texts = items.texts(db, item_ids)
    for text in texts.values():
        marks = read_marks(text.title, text.text, lang=text.lang, published_at=text.published_at)
        stories.save_marks(db, text.item_id, [_mark_row(mark) for mark in marks])
        _save_terms(db, text)
    _find_reprints(db, texts)
    stories.queue(db, item_ids)


def _mark_row(mark: Mark) -> dict[str, str]:
    """Return a mark as the state keeps it."""
    return {
        "kind": mark.kind, "head": mark.head, "value": "/".join(sorted(mark.values)), "label": mark.label,
        "place": mark.where, "quote": mark.quote, "subject": mark.subject,
    }  # fmt: skip


def _save_terms(db: Database, text: ItemText) -> None:
    """Store an item's terms and count it for each of them, once."""
    read = read_features(read_views(text.title, text.text, text.lang))
    day = text.published_at.timestamp() / SECONDS_A_DAY if text.published_at else None
    if vectors.save_read(db, vectors.Vector(text.item_id, pack(read), day)):
        vectors.count_terms(db, sorted(terms_of(read)))


def load_marks(db: Database, ids: Collection[int]) -> dict[int, tuple[Mark, ...]]:
    """Return the stored edition marks of some items, by id; items without any are missing."""
    return {
        item_id: tuple(
            Mark(
                r["kind"], r["head"], frozenset(r["value"].split("/")), r["label"], r["place"], r["quote"], r["subject"]
            )
            for r in rows
        )
        for item_id, rows in stories.marks_of(db, ids).items()
    }


def vetoes_between(texts: Mapping[int, ItemText], marks: Mapping[int, tuple[Mark, ...]]) -> Veto:
    """Return the function that names why two items cannot be one event or copy, None when nothing speaks against it."""

    def veto(a: int, b: int) -> str | None:
        if a in marks and b in marks and (reason := conflict(marks[a], marks[b])):
            return reason
        if a in texts and b in texts:
            return sister_conflict(texts[a].title, texts[b].title, texts[a].text, texts[b].text)
        return None

    return veto


def _find_reprints(db: Database, texts: Mapping[int, ItemText]) -> None:
    """Sketch new items and regroup the copies among them and everything like them.

    Each item is indexed before the next one is looked up: querying a whole batch first loses the copies inside it.
    """
    sets = {i: shingles(compared_text(t.title, t.text)) for i, t in texts.items()}
    for item_id in sets:
        if (old := sketches.signature_of(db, item_id)) is not None:
            sketches.forget_signature(db, item_id, sketch.bands(sketch.from_bytes(old)))
    kept = [i for i in sorted(sets) if sets[i]]
    for item_id, signature in zip(kept, sketch.signatures([sets[i] for i in kept]), strict=True):
        keys = sketch.bands(signature)
        sketches.save_signature(db, item_id, sketch.RECIPE, len(sets[item_id]), sketch.to_bytes(signature), keys)
        _regroup(db, item_id, sketches.candidates(db, keys, item_id))
    for item_id in sets.keys() - set(kept):
        _regroup(db, item_id, set())


def _regroup(db: Database, item_id: int, candidates: set[int]) -> None:
    """Choose the originals anew among an item, its candidates and what these are copies or originals of.

    An item that turns out to be no copy may have copies of its own that were none while it was one: they join the group
    until nothing changes, so that the outcome does not depend on the order of arrival.
    """
    group_ids = sketches.copies_and_originals(db, candidates | {item_id})
    if group_ids == {item_id}:
        return
    found = _copies_among(db, group_ids)
    while freed := _reprints(db, group_ids) - {reprint.item_id for reprint in found}:
        wider = sketches.copies_and_originals(db, group_ids.union(*(_candidates(db, i) for i in sorted(freed))))
        if wider == group_ids:
            break
        group_ids, found = wider, _copies_among(db, wider)
    sketches.replace_reprints(db, group_ids, found)


def _reprints(db: Database, item_ids: set[int]) -> set[int]:
    """Return which of some items are known as reprints; spun copies are told by other means."""
    found = sketches.reprints_of(db, item_ids)
    return {i for i, reprint in found.items() if reprint.kind is ReprintKind.REPRINT}


def _candidates(db: Database, item_id: int) -> set[int]:
    """Return the candidates of a stored item."""
    signature = sketches.signature_of(db, item_id)
    return sketches.candidates(db, sketch.bands(sketch.from_bytes(signature)), item_id) if signature else set()


def _copies_among(db: Database, group_ids: set[int]) -> list[Reprint]:
    """Return the verified copies among some items."""
    texts = items.texts(db, group_ids)
    copyable = [verify.Copyable(i, shingles(compared_text(t.title, t.text)), t.at) for i, t in texts.items()]
    return verify.regroup(copyable, vetoes_between(texts, load_marks(db, group_ids)))
