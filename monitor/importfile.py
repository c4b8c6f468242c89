"""The file of `monitor import`: JSON lines, gzipped or not, as records, the oldest first; bad lines with the reason."""

from __future__ import annotations

import gzip
import json
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import overload
from urllib.parse import urlsplit
from weakref import finalize

from monitor.errors import ImportFileError
from monitor.ingest.dates import parse_date
from monitor.ingest.language import language_code
from monitor.intake import NO_OUTLET
from monitor.model import Dated, DateOrigin, Skipped
from monitor.text import clean, text_hash

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
    """Records in an order of their own, kept as JSON lines in a nameless file, so that texts need not all be held."""

    def __init__(self, records: Iterable[Record]) -> None:
        """Keep records; they come back in the order of publication."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the spool
        finalize(self, self._file.close)
        places: list[tuple[tuple[bool, float, int], int]] = []
        for record in records:
            places.append((_order(record), self._file.tell()))
            self._file.write(_to_line(record))
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
        return _from_line(self._file.readline())


def _to_line(record: Record) -> bytes:
    """Return a record as a line of JSON, which holds data only, whatever becomes of the file."""
    dated = record.published
    return json.dumps(
        [
            record.line, record.external_id, record.outlet, record.url, record.title, record.text, record.lang,
            dated.at.isoformat() if dated.at else None, dated.origin, dated.has_time, dated.evidence,
        ],
        ensure_ascii=False,
    ).encode() + b"\n"  # fmt: skip


def _from_line(line: bytes) -> Record:
    """Return the record of a line of `_to_line`."""
    number, external_id, outlet, url, title, text, lang, at, origin, has_time, evidence = json.loads(line)
    dated = Dated(datetime.fromisoformat(at) if at else None, DateOrigin(origin), has_time, evidence)
    return Record(number, external_id, outlet, url, title, text, dated, lang)


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
