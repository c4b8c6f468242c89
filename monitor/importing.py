"""`monitor import`: pieces from elsewhere as JSON lines, through the stages from relevance on, the oldest first."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType

from sqlite_utils import Database

from monitor.encoding import encode_waiting
from monitor.importfile import ImportFile, Record
from monitor.ingest.language import language_of
from monitor.intake import Piece, fresh, take_in
from monitor.linking import GroupingSettings
from monitor.model import DroppedData, ItemData, Skipped, TextOrigin, Verdict
from monitor.reading import Ahead, Reader, Task
from monitor.settling import settle_in_steps
from monitor.sharing import Hands
from monitor.store import items, sources
from monitor.store.storage import Storage

#: records a transaction; a killed import repeats at most that many
CHUNK = 200
#: records that are weighed and settled together: the queue and its transaction stay small whatever the file
SETTLED_TOGETHER = 2_000
#: chunks whose texts are read before their turn: a settle takes about as long as reading them, and nobody idles
READ_AHEAD = 8
#: one further chunk is read ahead each time that so many were begun: from the first ones furniture is learnt, and what
#: was read ahead with it is read again (of 5,000 invented texts 230, before 620)
READ_FURTHER_AFTER = 3
#: with fewer records, starting a worker takes longer than it saves (benchmarks/throughput.py)
READ_AHEAD_FROM = 600


def chunks(records: Sequence[Record], size: int) -> Iterator[Sequence[Record]]:
    """Cut records into lists of at most `size`, each of which is stored in one transaction."""
    return (records[i : i + size] for i in range(0, len(records), size))


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import came to; `bad` lines are also written down in the state."""

    new: int
    revised: int
    known: int
    dropped: int
    bad: tuple[Skipped, ...]
    #: items in stories that were looked at when the run settled
    settled: int


Judge = Callable[[str, str], Verdict]


def import_file(
    storage: Storage,
    found: ImportFile,
    *,
    grouping: GroupingSettings,
    judge: Judge | None,
    clock: Callable[[], datetime],
    advance: Callable[[int], None] = lambda _count: None,
    reader: Reader | None = None,
) -> ImportReport:
    """Take the records of a file into the state, `CHUNK` of them a transaction; what is known already is passed over.

    While one chunk is stored, or a queue settled, worker processes read the texts of the next ones.

    Args:
        storage: the open state.
        found: what `read_file` returned.
        grouping: how pieces are grouped.
        judge: the relevance stage, None to keep everything.
        clock: gives the present moment.
        advance: told how many records were dealt with, for a progress bar.
        reader: reads texts ahead, helps to settle, and ends with the import; with fewer than `READ_AHEAD_FROM` records
            it is not used.

    """
    storage.write_in_bulk()
    with storage.transaction() as db:
        run_id = sources.start_run(db, "import", clock())
        sources.leave_out(db, run_id, None, found.bad)
    totals: Counter[str] = Counter()
    settled = 0
    with reader if reader and len(found.records) >= READ_AHEAD_FROM else Reader(0) as ahead:
        sorted_out = (_sort_out(storage.db, chunk, judge, clock()) for chunk in chunks(found.records, CHUNK))
        for taken, (chunk, prepared) in enumerate(_read_ahead(storage.db, sorted_out, ahead)):
            if taken and taken * CHUNK % SETTLED_TOGETHER == 0:
                settled += _settle(storage, grouping, clock(), ahead)
            with storage.transaction() as db:
                totals.update(_take_chunk(db, chunk, clock(), prepared()))
            advance(chunk.records)
        settled += _settle(storage, grouping, clock(), ahead)
    with storage.transaction() as db:
        sources.end_run(db, run_id, clock(), f"{totals['new']} new, {totals['dropped']} dropped, {len(found.bad)} bad")
    return ImportReport(totals["new"], totals["revised"], totals["known"], totals["dropped"], found.bad, settled)


def _settle(storage: Storage, grouping: GroupingSettings, now: datetime, reader: Reader) -> int:
    """Settle what was stored since the last time, with the workers of a reader; return how many were looked at."""
    encode_waiting(storage, grouping.encoder, grouping.window_days)
    # each worker would load the model that encodes texts
    hands = Hands(storage.path, None if grouping.encoder else reader.pool)
    return settle_in_steps(storage, grouping, now, together=SETTLED_TOGETHER, hands=hands)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """What is to be done about the records of one transaction."""

    records: int
    outlets: frozenset[str]
    pieces: tuple[Piece, ...]
    dropped: tuple[tuple[DroppedData, str], ...]
    known: int

    def counts(self) -> dict[str, int]:
        """Return how many records are new, revised, known and dropped."""
        revised = sum(piece.item_id is not None for piece in self.pieces)
        return {
            "new": len(self.pieces) - revised, "revised": revised, "known": self.known, "dropped": len(self.dropped),
        }  # fmt: skip


def _read_ahead(
    db: Database, sorted_out: Iterator[_Chunk], reader: Reader
) -> Iterator[tuple[_Chunk, Callable[[], Ahead]]]:
    """Yield chunks, each with what waits for its texts; those of the next ones are handed to the workers before."""
    waiting: deque[tuple[_Chunk, list[Task]]] = deque()
    for begun, chunk in enumerate(sorted_out):
        waiting.append((chunk, reader.submit(fresh(db, chunk.pieces)) if reader.reads_ahead else []))
        further = min(READ_AHEAD, 1 + begun // READ_FURTHER_AFTER) if reader.reads_ahead else 0
        while len(waiting) > further:
            ready, tasks = waiting.popleft()
            yield ready, partial(reader.result, tasks)
    for ready, tasks in waiting:
        yield ready, partial(reader.result, tasks)


def _sort_out(db: Database, chunk: Sequence[Record], judge: Judge | None, now: datetime) -> _Chunk:
    """Decide on one chunk of records; the ids of a file differ, so that chunks before it change nothing."""
    known = items.known(db, [_own_key(record) for record in chunk])
    pieces: list[Piece] = []
    dropped: list[tuple[DroppedData, str]] = []
    for record in chunk:
        before = known.get(_own_key(record))
        verdict = judge(record.title, record.text) if judge else None
        if before and before.dropped and judge is None:
            before = None
        if before and (before.dropped or before.tombstone or before.entry_hash == record.content_hash):
            continue
        if verdict and not verdict.keep:
            dropped.append((_dropped(record, verdict, now), _own_key(record)))
        else:
            pieces.append(Piece(_item(record, verdict, now), (_own_key(record),), before.item_id if before else None))
    outlets = frozenset(record.outlet for record in chunk)
    return _Chunk(len(chunk), outlets, tuple(pieces), tuple(dropped), len(chunk) - len(pieces) - len(dropped))


def _take_chunk(db: Database, chunk: _Chunk, now: datetime, ahead: Ahead = MappingProxyType({})) -> dict[str, int]:
    """Store one chunk; return how many records were new, revised, known and dropped."""
    sources.add_unknown_outlets(db, chunk.outlets)
    for dropped, key in chunk.dropped:
        items.drop(db, dropped, [key])
    take_in(db, chunk.pieces, now, ahead)
    return chunk.counts()


def _own_key(record: Record) -> str:
    """Return the key of a record: its id, with the outlet, because two archives may both count from 1."""
    return f"import:{record.outlet}:{record.external_id}"


def _item(record: Record, verdict: Verdict | None, now: datetime) -> ItemData:
    """Return a record as an item; in digests it stands where it was published."""
    return ItemData(
        key=_own_key(record),
        outlet_id=record.outlet,
        external_id=record.external_id,
        url=record.url,
        title=record.title,
        text=record.text,
        published=record.published,
        first_seen_at=now,
        listed_at=record.published.at or now,
        text_origin=TextOrigin.IMPORT if record.text else TextOrigin.NONE,
        lang=record.lang or language_of(f"{record.title}\n{record.text}"),
        entry_hash=record.content_hash,
        relevance=verdict,
    )


def _dropped(record: Record, verdict: Verdict, now: datetime) -> DroppedData:
    """Return a record that the relevance stage refused."""
    return DroppedData(
        source_id=None, outlet_id=record.outlet, external_id=record.external_id, url=record.url,
        title=record.title, verdict=verdict, dropped_at=now, text=record.text,
    )  # fmt: skip
