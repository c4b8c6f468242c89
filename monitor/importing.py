"""`monitor import`: pieces from elsewhere as JSON lines, through the stages from relevance on, the oldest first."""

from __future__ import annotations

import gzip
import json
import pickle
import tempfile
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import overload
from urllib.parse import urlsplit
from weakref import finalize

from sqlite_utils import Database

from monitor.errors import ImportFileError
from monitor.ingest.attribution import attribution_of
from monitor.ingest.dates import parse_date
from monitor.ingest.language import language_code, language_of
from monitor.intake import NO_OUTLET, Piece, expected, take_in
from monitor.linking import GroupingSettings
from monitor.model import Dated, DateOrigin, DroppedData, ItemData, Skipped, TextOrigin, Verdict
from monitor.reading import Known, Reader, Task
from monitor.settling import settle_queue
from monitor.store import items, sources
from monitor.store.storage import Storage
from monitor.text import clean, text_hash

#: records a transaction; a killed import repeats at most that many
CHUNK = 200
#: records that are weighed and settled together: the queue and its transaction stay small whatever the file
SETTLED_TOGETHER = 2_000
#: with fewer records, starting a worker takes longer than it saves (benchmarks/throughput.py)
READ_AHEAD_FROM = 600

#: one line; the longest article of a newspaper is a hundredth of it
MAX_LINE_BYTES = 10_000_000
_FIELDS = ("id", "outlet", "url", "title", "text", "published", "lang")


@dataclass(frozen=True, slots=True)
class Record:
    """One readable line of an import file."""

    line: int
    external_id: str
    outlet: str
    url: str | None
    title: str
    text: str
    published: Dated
    lang: str | None

    @property
    def content_hash(self) -> str:
        """Return the hash by which a changed line of the same id is told."""
        return text_hash(self.title, self.text, self.url or "", str(self.published.at), self.lang or "")


class Spool(Sequence[Record]):
    """Records in an order of their own, kept in a nameless file, so that texts need not all be held."""

    def __init__(self, records: Iterable[Record]) -> None:
        """Keep records; they come back in the order of publication."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the spool
        finalize(self, self._file.close)
        places: list[tuple[tuple[bool, float, int], int]] = []
        for record in records:
            places.append((_order(record), self._file.tell()))
            pickle.dump(record, self._file)
        self._places = [place for _, place in sorted(places)]

    def __len__(self) -> int:
        """Count the records."""
        return len(self._places)

    @overload
    def __getitem__(self, number: int) -> Record: ...

    @overload
    def __getitem__(self, number: slice) -> list[Record]: ...

    def __getitem__(self, number: int | slice) -> Record | list[Record]:
        """Read one record or some."""
        if isinstance(number, slice):
            return [self._read(place) for place in self._places[number]]
        return self._read(self._places[number])

    def _read(self, place: int) -> Record:
        """Read the record at a place of the file."""
        self._file.seek(place)
        record: Record = pickle.load(self._file)  # noqa: S301 - written by this process into a file without a name
        return record


@dataclass(frozen=True, slots=True)
class ImportFile:
    """The readable lines of a file, the oldest first, undated ones last in file order; and the lines that are not."""

    records: Sequence[Record]
    bad: tuple[Skipped, ...]


def read_file(path: Path, *, now: datetime) -> ImportFile:
    """Read a file of JSON lines, gzipped or not.

    Raises:
        ImportFileError: it is missing, unreadable, or holds lines but none that can be imported.

    """
    bad: list[Skipped] = []
    records = Spool(_readable(path, now, bad))
    if bad and not records:
        raise ImportFileError(f"{path}: no line can be imported ({bad[0].what}: {bad[0].reason}); expected JSON lines")
    return ImportFile(records, tuple(bad))


def _readable(path: Path, now: datetime, bad: list[Skipped]) -> Iterator[Record]:
    """Yield the records of a file; the lines that hold none, or one whose id came before, are added to `bad`."""
    seen: dict[str, int] = {}
    for number, raw in _lines(path):
        if not raw.strip():
            continue
        try:
            record = parse_line(number, raw, now=now)
        except ValueError as error:
            bad.append(Skipped(f"{path.name}:{number}", str(error)))
            continue
        if record.external_id in seen:
            reason = f"the id {record.external_id!r} stands on line {seen[record.external_id]} already"
            bad.append(Skipped(f"{path.name}:{number}", reason))
            continue
        seen[record.external_id] = number
        yield record


def _order(record: Record) -> tuple[bool, float, int]:
    """Sort dated records by time, then undated ones by line."""
    at = record.published.at
    return at is None, at.timestamp() if at else 0.0, record.line


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the numbered lines of a file; a line over the cap comes cut, so that it is refused and not held."""
    opener: Callable[..., gzip.GzipFile] = gzip.open if path.suffix == ".gz" else open  # type: ignore[assignment]
    try:
        with opener(path, "rb") as stream:
            number = 0
            while raw := stream.readline(MAX_LINE_BYTES + 1):
                number += 1
                yield number, raw
                while len(raw) > MAX_LINE_BYTES and not raw.endswith(b"\n"):
                    raw = stream.readline(MAX_LINE_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"{path}: cannot be read ({reason}): check the path, and that a .gz file is whole"
        raise ImportFileError(message) from error


def parse_line(number: int, raw: bytes, *, now: datetime) -> Record:
    """Read one line; raise ValueError with the reason when it cannot be imported."""
    if len(raw) > MAX_LINE_BYTES:
        raise ValueError(f"longer than {MAX_LINE_BYTES:,} bytes")
    try:
        row = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text (byte {error.start})") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg} at column {error.colno})") from None
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - all reasons travel as one kind
    return _record(number, {name: _string(name, row.get(name)) for name in _FIELDS}, now)


def _string(name: str, value: object) -> str:
    """Return a field as clean text, an empty one for null."""
    if value is None:
        return ""
    if name == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise ValueError(f"{name} is a {type(value).__name__}, not a text")  # noqa: TRY004 - see above
    return clean(value).strip()


def _record(number: int, row: dict[str, str], now: datetime) -> Record:
    """Build the record of a line whose fields are texts."""
    if not row["id"]:
        raise ValueError("no id")
    if not (row["title"] or row["text"]):
        raise ValueError("neither title nor text")
    return Record(
        line=number,
        external_id=row["id"],
        outlet=" ".join(row["outlet"].split()) or NO_OUTLET,
        url=row["url"] if urlsplit_scheme(row["url"]) in ("http", "https") else None,
        title=" ".join(row["title"].split()),
        text=row["text"],
        published=_published(row["published"], now),
        lang=language_code(row["lang"]),
    )


def urlsplit_scheme(url: str) -> str:
    """Return the scheme of an address, an empty text for what is none."""
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""


def _published(text: str, now: datetime) -> Dated:
    """Read a publication time; an empty one is unknown."""
    if not text:
        return Dated()
    dated = parse_date(text, now=now, origin=DateOrigin.IMPORT)
    if dated is None:
        raise ValueError(f"published is not a date of the past: {text[:60]!r}")
    return dated


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
    workers: int = 0,
) -> ImportReport:
    """Take the records of a file into the state, `CHUNK` of them a transaction; what is known already is passed over.

    While one chunk is stored, worker processes read the texts of the next one.

    Args:
        storage: the open state.
        found: what `read_file` returned.
        grouping: how pieces are grouped.
        judge: the relevance stage, None to keep everything.
        clock: gives the present moment.
        advance: told how many records were dealt with, for a progress bar.
        workers: processes that read texts ahead; a file of fewer than `READ_AHEAD_FROM` records is read without.

    """
    with storage.transaction() as db:
        run_id = sources.start_run(db, "import", clock())
        sources.leave_out(db, run_id, None, found.bad)
    totals: Counter[str] = Counter()
    settled = 0
    with Reader(workers if len(found.records) >= READ_AHEAD_FROM else 0) as reader:
        sorted_out = (_sort_out(storage.db, chunk, judge, clock()) for chunk in chunks(found.records, CHUNK))
        for taken, (chunk, known) in enumerate(_read_ahead(storage.db, sorted_out, reader)):
            if taken and taken * CHUNK % SETTLED_TOGETHER == 0:
                with storage.transaction() as db:
                    settled += settle_queue(db, grouping, clock())
            with storage.transaction() as db:
                totals.update(_take_chunk(db, chunk, clock(), known()))
            advance(chunk.records)
    with storage.transaction() as db:
        settled += settle_queue(db, grouping, clock())
        sources.end_run(db, run_id, clock(), f"{totals['new']} new, {totals['dropped']} dropped, {len(found.bad)} bad")
    return ImportReport(totals["new"], totals["revised"], totals["known"], totals["dropped"], found.bad, settled)


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
) -> Iterator[tuple[_Chunk, Callable[[], Known]]]:
    """Yield chunks, each with what waits for its texts; those of the next one are handed to the workers before."""
    waiting: deque[tuple[_Chunk, list[Task]]] = deque()
    for chunk in sorted_out:
        waiting.append((chunk, reader.submit(expected(db, chunk.pieces)) if reader.reads_ahead else []))
        while len(waiting) > reader.reads_ahead:
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


def _take_chunk(db: Database, chunk: _Chunk, now: datetime, known: Known = MappingProxyType({})) -> dict[str, int]:
    """Store one chunk; return how many records were new, revised, known and dropped."""
    sources.add_unknown_outlets(db, chunk.outlets)
    for dropped, key in chunk.dropped:
        items.drop(db, dropped, [key])
    take_in(db, chunk.pieces, now, known)
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
        attribution=attribution_of(record.text.splitlines()),
    )


def _dropped(record: Record, verdict: Verdict, now: datetime) -> DroppedData:
    """Return a record that the relevance stage refused."""
    return DroppedData(
        source_id=None, outlet_id=record.outlet, external_id=record.external_id, url=record.url,
        title=record.title, verdict=verdict, dropped_at=now, text=record.text,
    )  # fmt: skip
