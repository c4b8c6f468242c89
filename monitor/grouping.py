"""The shell around dedup/: for items just stored, read their edition marks and terms and find their reprints.

marks | sketch -> candidates -> verify | terms        in the items' own transaction; stories wait for `settling`
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

from monitor.dedup import sketch, verify
from monitor.dedup.align import embeds
from monitor.dedup.attribution import attribution
from monitor.dedup.shingle import Shingles, compared_shingles
from monitor.model import Reprint
from monitor.reading import Known, Read, Signed, Text, read_all, sign
from monitor.store import figures, items, sketches, stories, vectors
from monitor.store.items import ItemText
from monitor.store.sketches import Sketched
from monitor.stories.editions import title_again
from monitor.stories.follow import another_event
from monitor.stories.marks import Mark, conflict, template_conflict
from monitor.stories.roundups import other_kind
from monitor.stories.twins import twins

SECONDS_A_DAY = 86_400
#: texts and shingle sets kept for one batch: about 50 MB of ordinary pieces
TEXTS_KEPT = 1000

Veto = Callable[[int, int], str | None]


def group(db: Database, item_ids: Sequence[int], known: Known = MappingProxyType({})) -> None:
    """Keep what items say that were just stored or revised, find their reprints, queue them for settling.

    Texts that are not `known` are read here.
    """
    texts = items.texts(db, item_ids)
    found = _read(texts, known)
    stories.save_marks(db, {i: read.marks for i, read in found.items()})
    _save_terms(db, texts, found)
    _find_reprints(db, texts, found)
    stories.queue(db, item_ids)


def read_again(db: Database, item_ids: Sequence[int]) -> None:
    """Read the terms of items anew, to be weighed with the counts of today."""
    for batch in (item_ids[n : n + TEXTS_KEPT] for n in range(0, len(item_ids), TEXTS_KEPT)):
        texts = items.texts(db, batch)
        _save_terms(db, texts, _read(texts, {}))


def _read(texts: Mapping[int, ItemText], known: Known) -> dict[int, Read]:
    """Return what items say, read ahead or now."""
    asked = {i: _asked(text) for i, text in texts.items()}
    missing = [text for text in asked.values() if text not in known]
    now = dict(zip(missing, read_all(missing), strict=True))
    return {i: known.get(text) or now[text] for i, text in asked.items()}


def _asked(text: ItemText) -> Text:
    """Return a stored text as it is read."""
    return Text(text.title, text.text, text.lang, text.published_at, text.relevance)


def _save_terms(db: Database, texts: Mapping[int, ItemText], found: Mapping[int, Read]) -> None:
    """Store the terms, facts and figures of items."""
    figures.save_figures(db, {i: read.figures for i, read in found.items()})
    days = {i: t.published_at.timestamp() / SECONDS_A_DAY if t.published_at else None for i, t in texts.items()}
    read = [vectors.Vector(i, r.packed, days[i], r.facts, r.relevance) for i, r in found.items()]
    vectors.save_read(db, read)


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
            return f"another edition: {reason}"
        if a not in texts or b not in texts:
            return None
        one, other = texts[a], texts[b]
        return _other_filling(one, other) or _twins(one, other)

    return veto


def new_act_between(a: ItemText, b: ItemText) -> str | None:
    """Name the new act by which the later of two items is another event than the earlier one, None without any."""
    if a.published_at is None or b.published_at is None:
        return None
    earlier, later = sorted((a, b), key=lambda t: t.at)
    days = abs(a.published_at - b.published_at).total_seconds() / SECONDS_A_DAY
    reason = another_event(later.title, (earlier.title, earlier.text), days)
    return f"a new act: {reason}" if reason else None


def _other_filling(a: ItemText, b: ItemText) -> str | None:
    """Name in what two items differ that fill in one template, or of which one gathers news; None when in nothing."""
    if reason := other_kind((a.title, a.text, a.lang), (b.title, b.text, b.lang)):
        return reason
    reason = _title_again(a, b) or template_conflict(a.title, b.title, a.text, b.text)
    return f"another filling of one template: {reason}" if reason else None


def _embeds(a: ItemText, b: ItemText) -> bool:
    """Tell whether the later of two items has the beginning of the earlier one among words of its own."""
    original, copy = sorted((a, b), key=lambda t: (t.at, t.item_id))
    return embeds(copy.text, original.text)


def _twins(a: ItemText, b: ItemText) -> str | None:
    """Name what makes two items two events that are alike, None when nothing does."""
    reason = twins((a.title, a.text, a.lang), (b.title, b.text, b.lang))
    return f"another event of the kind: {reason}" if reason else None


def _title_again(a: ItemText, b: ItemText) -> str | None:
    """Name the sign that two items without a text are two editions under one title, None when they are not."""
    if a.text.strip() or b.text.strip() or a.published_at is None or b.published_at is None:
        return None
    return title_again(a.title, b.title, abs(a.published_at - b.published_at))


def _find_reprints(db: Database, texts: Mapping[int, ItemText], found: Mapping[int, Read]) -> None:
    """Sketch new and revised items, then choose the originals of these and of all that depends on them."""
    before = {i: s.original_item_id for i, s in sketches.sketched(db, texts).items()}
    _sign_outdated(db)
    _sign(db, {i: r.signed for i, r in found.items()})
    # what an item was a copy or an original of may have been found through its old text
    roots = {root for i, original in before.items() for root in (i, original) if root is not None}
    corpus = _Corpus(db)
    corpus.expect(texts)
    chosen = verify.regroup({*texts, *sketches.reprints_from(db, roots)}, corpus)
    copies = [corpus.reprint(i, o) for i, o in sorted(chosen.items()) if o is not None]
    sketches.replace_reprints(db, chosen, copies)


def _sign_outdated(db: Database) -> None:
    """Make the signatures of another recipe anew: unlike ones must not be compared."""
    outdated = sketches.signed_otherwise(db, sketch.RECIPE)
    for batch in (outdated[n : n + TEXTS_KEPT] for n in range(0, len(outdated), TEXTS_KEPT)):
        texts = items.texts(db, batch)
        _sign(db, dict(zip(texts, sign([_asked(text) for text in texts.values()]), strict=True)))


def _sign(db: Database, signed: Mapping[int, Signed]) -> None:
    """Store signatures and bands of items in place of those they had; a text without words has none."""
    for item_id, s in sketches.sketched(db, signed).items():
        if s.signature is not None:
            sketches.forget_signature(db, item_id, sketch.bands(s.signature))
    found = [
        sketches.NewSignature(item_id, new.shingles, new.signature, sketch.bands(new.signature))
        for item_id, new in sorted(signed.items())
        if new.signature
    ]
    sketches.save_signatures(db, sketch.RECIPE, found)


class _Corpus:
    """What the state knows of the items that a batch meets, each read once (`verify.Corpus`)."""

    def __init__(self, db: Database) -> None:
        """Know nothing yet."""
        self._db = db
        self._sketched: dict[int, Sketched] = {}
        self._looked_up: set[int] = set()
        self._shared: dict[int, set[int]] = {}
        self._near: dict[int, set[int]] = {}
        self._marks: dict[int, tuple[Mark, ...]] = {}
        #: the texts of a batch and of what it may copy; the bound holds memory when a batch meets very many
        self._read = lru_cache(maxsize=TEXTS_KEPT)(self._read_one)

    def expect(self, ids: Collection[int]) -> None:
        """Read at once what a batch of items will be asked for."""
        self._sketch(ids)
        self._mark(ids)
        self._look_up({band for i in ids if (s := self._sketched[i].signature) is not None for band in sketch.bands(s)})
        self._sketch(set[int]().union(*self._shared.values()))

    def key(self, item_id: int, /) -> tuple[str, int]:
        """Return what sorts items by publication."""
        return self._one(item_id).at, item_id

    def near(self, item_id: int, /) -> set[int]:
        """Return the items that share a band with one."""
        if (known := self._near.get(item_id)) is not None:
            return known
        signature = self._one(item_id).signature
        bands = sketch.bands(signature) if signature is not None else ()
        self._look_up(bands)
        shared = (self._shared[band] for band in self._shared.keys() & bands)
        found = self._near[item_id] = set[int]().union(*shared) - {item_id}
        self._sketch(found)
        return found

    def original_of(self, item_id: int, /) -> int | None:
        """Return the original of a copy as the state has it."""
        return self._one(item_id).original_item_id

    def copies_of(self, item_id: int, /) -> set[int]:
        """Return the copies of an original as the state has them."""
        return sketches.reprints_from(self._db, [item_id])

    def closest_first(self, item_id: int, others: Sequence[int], /) -> list[int]:
        """Return some items by how much their signatures share with that of one, equal ones in the order given."""
        if len(others) < 2:  # noqa: PLR2004 - nothing to order
            return list(others)
        signed, estimates = self._estimated(item_id, others)
        return [signed[n] for n in np.argsort(-estimates, kind="stable").tolist()]

    def verified(self, item_id: int, others: Sequence[int], /) -> Iterator[int]:
        """Yield those of some items that are copies or originals of one: the cheapest tests come first."""
        if not (worth := self._worth_verifying(item_id, others)):
            return
        self._mark([item_id, *worth])
        for other in worth:
            if conflict(self._marks[item_id], self._marks[other]) is None and self._is_copy(item_id, other):
                yield other

    def _is_copy(self, item_id: int, other_id: int) -> bool:
        """Tell whether two items have their words in common and are not of two sister offices."""
        alike = self.likeness(item_id, other_id)
        a, b = self._read(item_id)[0], self._read(other_id)[0]
        if not (verify.is_copy(alike) or (verify.may_be_embedded(alike) and _embeds(a, b))):
            return False
        return _other_filling(a, b) is None

    def likeness(self, item_id: int, other_id: int, /) -> verify.Likeness:
        """Return how much two items share."""
        return verify.likeness(self._read(item_id)[1], self._read(other_id)[1])

    def reprint(self, item_id: int, original_id: int) -> Reprint:
        """Return a copy with its figures, and with whom it names as the origin of its text."""
        origin = attribution(self._read(item_id)[0].text, [self._read(original_id)[0].outlet_id])
        return replace(verify.reprint(item_id, original_id, self.likeness(item_id, original_id)), attribution=origin)

    def _worth_verifying(self, item_id: int, others: Sequence[int]) -> list[int]:
        """Return those of some items that neither their sizes nor their signatures rule out."""
        if not others:
            return []
        signed, estimates = self._estimated(item_id, others)
        sizes = np.array([self._sketched[i].shingles for i in signed])
        worth = verify.may_be_copies(self._one(item_id).shingles, sizes, estimates)
        return [signed[n] for n in np.flatnonzero(worth).tolist()]

    def _estimated(self, item_id: int, others: Sequence[int]) -> tuple[list[int], npt.NDArray[np.float64]]:
        """Return those of some items that are signed, with how much each shares with one by their signatures."""
        known = self._sketch([item_id, *others])
        own = known[item_id].signature
        signed = [(i, s) for i in others if (s := known[i].signature) is not None]
        if own is None or not signed:
            return [], np.zeros(0)
        return [i for i, _ in signed], sketch.estimates(own, [s for _, s in signed])

    def _look_up(self, bands: Iterable[int]) -> None:
        """Read which items share some bands, if that was not done yet."""
        if missing := set(bands) - self._looked_up:
            self._looked_up |= missing
            self._shared.update(sketches.shared(self._db, missing))

    def _one(self, item_id: int) -> Sketched:
        """Return what is known of one item."""
        return self._sketched.get(item_id) or self._sketch([item_id])[item_id]

    def _sketch(self, ids: Collection[int]) -> Mapping[int, Sketched]:
        """Read what is known of some items, if that was not done yet; return all that was read."""
        if missing := [i for i in ids if i not in self._sketched]:
            self._sketched.update(sketches.sketched(self._db, missing))
        return self._sketched

    def _mark(self, ids: Collection[int]) -> None:
        """Read the marks of some items, if that was not done yet."""
        if missing := [i for i in ids if i not in self._marks]:
            self._marks.update(dict.fromkeys(missing, ()) | load_marks(self._db, missing))

    def _read_one(self, item_id: int) -> tuple[ItemText, Shingles]:
        """Return the text of an item and its shingles."""
        text = items.texts(self._db, [item_id])[item_id]
        return text, compared_shingles(text.title, text.text)
