"""The shell around sentence encoders: encode what waits to be settled, load meanings, find the nearest abroad.

Vectors are of one encoder only: where the configuration names another one, all are made anew as items are needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

from monitor.crosslingual.encoder import Encoder, base_language
from monitor.store import items, meanings, stories, vectors
from monitor.store.items import ItemText
from monitor.store.meanings import Meaning, StoredEncoder
from monitor.store.storage import Storage
from monitor.store.vectors import Vector
from monitor.stories.candidates import periods
from monitor.stories.meaning import Located, centred, encoded_text, nearest_meanings
from monitor.text import text_hash

#: texts that are encoded and stored together; a pass that is killed repeats at most these
BATCH = 200
#: items of the window that were stored before the encoder was chosen, encoded in one settle at most
BACKLOG = 2_000
#: nearest pieces in other languages whose pairs are scored
NEIGHBOURS = 20


def encode_waiting(storage: Storage, encoder: Encoder | None, window_days: int) -> int:
    """Encode what waits to be settled and, newest first, what lies near it in time; return how many were encoded.

    Raises:
        ConfigError: the model, or what runs it, is not there.

    """
    if encoder is None or not (queued := stories.queued(storage.db)):
        return 0
    with storage.transaction() as db:
        meanings.use_encoder(db, encoder.name, encoder.version)
    return _encode(storage, encoder, queued) + _encode(storage, encoder, _backlog(storage.db, encoder, window_days))


def _backlog(db: Database, encoder: Encoder, window_days: int) -> list[int]:
    """Return the newest items without a meaning that the queue may be compared with."""
    found = vectors.load(db, stories.queued(db)).values()
    near = meanings.without(db, periods([v.day for v in found], window_days), BACKLOG)
    return [item_id for item_id, lang in near if encoder.knows(lang)][:BACKLOG]


def encode_all(storage: Storage, encoder: Encoder | None) -> int:
    """Encode every item that has no meaning yet; return how many were encoded."""
    if encoder is None:
        return 0
    with storage.transaction() as db:
        meanings.use_encoder(db, encoder.name, encoder.version)
    return _encode(storage, encoder, vectors.every_item(storage.db))


def _encode(storage: Storage, encoder: Encoder, ids: Sequence[int]) -> int:
    """Encode those of some items whose texts are in a language that the encoder knows, and are new or have changed."""
    encoded = 0
    for batch in (ids[n : n + BATCH] for n in range(0, len(ids), BATCH)):
        before = meanings.of_items(storage.db, batch)
        texts = {t.item_id: t for t in items.texts(storage.db, batch).values() if encoder.knows(t.lang)}
        given = {item_id: told for item_id, text in texts.items() if (told := _text(text))}
        hashes = {item_id: text_hash(told) for item_id, told in given.items()}
        changed = [i for i, found in hashes.items() if i not in before or before[i].text_hash != found]
        if changed:
            made = encoder.encode([given[i] for i in changed]).astype("<f2")
            rows = zip(changed, made, strict=True)
            with storage.transaction() as db:
                _save(db, [Meaning(i, hashes[i], v.tobytes(), texts[i].lang) for i, v in rows], before)
            encoded += len(changed)
    return encoded


def _text(text: ItemText) -> str:
    """Return what the encoder is given of an item."""
    return encoded_text(text.title, text.text)


def _save(db: Database, found: Sequence[Meaning], before: Mapping[int, Meaning]) -> None:
    """Store meanings, and add them to the sum of all in place of those before them.

    The sum is exact, and so the same in whatever order items come: 16-bit floats leave 29 bits of a 64-bit one.
    """
    stored = meanings.encoder(db)
    if stored is None:
        raise AssertionError("an encoder is chosen before anything is encoded")
    gone = [before[m.item_id].vector for m in found if m.item_id in before]
    total = _wide(stored.total) if stored.total else np.zeros(_unpacked(found).shape[1])
    for sign, packed in ((1.0, [m.vector for m in found]), (-1.0, gone)):
        for one in packed:
            total += sign * np.frombuffer(one, dtype="<f2").astype(np.float64)
    meanings.save(db, stored, found, stored.items + len(found) - len(gone), total.astype("<f8").tobytes())


def _wide(packed: bytes) -> npt.NDArray[np.float64]:
    """Return a stored sum."""
    return np.frombuffer(packed, dtype="<f8").astype(np.float64)


def _unpacked(found: Sequence[Meaning]) -> npt.NDArray[np.float32]:
    """Return stored vectors as one matrix."""
    flat = np.frombuffer(b"".join(m.vector for m in found), dtype="<f2").astype(np.float32)
    return flat.reshape(len(found), -1)


@dataclass(frozen=True, slots=True)
class Encoded:
    """How far the items of a state are encoded by an encoder."""

    encoder: str
    version: str
    encoded: int
    #: items in languages that the encoder knows which it has not encoded
    waiting: int
    #: by language, empty where it is not known, the items that are left to the default way
    left_to_default: Mapping[str, int]


def encoded(db: Database, encoder: Encoder) -> Encoded:
    """Return how far the items are encoded; what another encoder made does not count."""
    stored = meanings.encoder(db)
    ours = stored is not None and (stored.name, stored.version) == (encoder.name, encoder.version)
    done, without = meanings.counts(db)
    waiting = sum(items for lang, items in without.items() if encoder.knows(lang or None))
    left = {lang: items for lang, items in sorted(without.items()) if not encoder.knows(lang or None)}
    return Encoded(encoder.name, encoder.version, done if ours else 0, waiting + (0 if ours else done), left)


def in_use(db: Database, encoder: Encoder | None) -> StoredEncoder | None:
    """Return the encoder of the state if it is the configured one and has made anything."""
    stored = meanings.encoder(db) if encoder else None
    if encoder is None or stored is None or (stored.name, stored.version) != (encoder.name, encoder.version):
        return None
    return stored if stored.items else None


def load(db: Database, ids: Collection[int], encoder: Encoder | None) -> dict[int, Vector]:
    """Return the vectors of some items, by id, with their languages and meanings if an encoder is in use."""
    loaded = vectors.load(db, ids)
    if (stored := in_use(db, encoder)) is None:
        return loaded
    found = list(meanings.of_items(db, loaded).values())
    for m, row in zip(found, _centred(stored, found), strict=True):
        loaded[m.item_id] = replace(loaded[m.item_id], lang=base_language(m.lang), meaning=row.tobytes())
    return loaded


def _centred(stored: StoredEncoder, found: Sequence[Meaning]) -> npt.NDArray[np.float32]:
    """Return stored vectors without what all have in common."""
    if not found:
        return np.zeros((0, 0), dtype=np.float32)
    return centred(_unpacked(found), _wide(stored.total), stored.items)


def nearest_abroad(
    db: Database, asked: Sequence[vectors.IndexRow], encoder: Encoder | None, window_days: int
) -> Iterator[tuple[int, list[int]]]:
    """Yield some items that have a meaning, each with the closest ones of the window in other languages."""
    if not asked or (stored := in_use(db, encoder)) is None:
        return
    days = [day for _, day, _ in asked]
    held = meanings.of_periods(db, None if None in days else periods(days, window_days))
    languages: dict[str | None, int] = {}
    numbers = np.array([languages.setdefault(base_language(m.lang), len(languages)) for m in held], dtype=np.int64)
    everything = Located(
        np.array([m.item_id for m in held], dtype=np.int64),
        np.array([np.nan if m.day is None else m.day for m in held], dtype=np.float64),
        numbers,
        _centred(stored, held),
    )
    wanted = np.isin(everything.ids, [item_id for item_id, _, _ in asked])
    some = Located(everything.ids[wanted], everything.days[wanted], numbers[wanted], everything.meanings[wanted])
    yield from nearest_meanings(some, everything, window_days=window_days, limit=NEIGHBOURS)
