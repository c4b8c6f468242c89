"""`monitor export`: the state for other programs, as JSON lines, CSV or, for who copied whom, GraphML."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from sqlite_utils import Database

from monitor.errors import UsageError
from monitor.model import Exported, ExportFormat
from monitor.store import exports
from monitor.store.exports import Row
from monitor.text import escaped_unseen, visible

#: cells that begin with these, or with their wide forms, are formulas to spreadsheets (OWASP, CSV injection)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: what the nodes and edges of a graph carry: containment is the mean of the pieces of an edge
_GRAPH_KEYS = {"outlet": ("node", "string"), "pieces": ("edge", "int"), "containment": ("edge", "double")}


def format_of(path: Path | None) -> ExportFormat:
    """Return the format that a file name asks for, JSON lines where there is no name.

    Raises:
        UsageError: the name ends in none that is known.

    """
    if path is None:
        return ExportFormat.JSONL
    name = path.name.removesuffix(".gz").rpartition(".")[2]
    if name not in set(ExportFormat):
        raise UsageError(f"{path}: the name must end in .jsonl, .csv or .graphml (or with .gz behind it)")
    return ExportFormat(name)


def export(
    db: Database,
    path: Path | None,
    what: Exported,
    chosen: ExportFormat,
    *,
    advance: Callable[[int], None] = lambda _: None,
) -> int:
    """Write the items, stories or reprints of a state to a file, or to standard output; return how many rows.

    Raises:
        UsageError: a graph of anything but reprints is asked for.

    """
    if chosen is ExportFormat.GRAPHML:
        if what is not Exported.REPRINTS:
            raise UsageError("a graph shows who copied whom: export --what reprints as .graphml")
        copied = exports.copying(db)
        with _opened(path) as stream:
            write_graph(stream, copied)
        return len(copied)
    write = write_lines if chosen is ExportFormat.JSONL else write_table
    with _opened(path) as stream:
        return write(stream, _watched(exports.rows(db, what), advance))


def _watched(rows: Iterable[Row], advance: Callable[[int], None]) -> Iterator[Row]:
    """Yield rows and tell of each."""
    for row in rows:
        yield row
        advance(1)


def write_lines(stream: TextIO, rows: Iterable[Row]) -> int:
    """Write rows as JSON lines; return how many."""
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
        stream.write(escaped_unseen(json.dumps(row, ensure_ascii=False)) + "\n")
    return count


def write_table(stream: TextIO, rows: Iterable[Row]) -> int:
    """Write rows as CSV with a head line (RFC 4180); return how many."""
    writer, count = csv.writer(stream), 0
    for count, row in enumerate(rows, 1):
        if count == 1:
            writer.writerow(row)
        writer.writerow([inert(value) for value in row.values()])
    return count


def inert(value: object) -> object:
    """Return a value as a cell that no spreadsheet runs, without control and invisible characters."""
    if not isinstance(value, str):
        return value
    text = visible(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_graph(stream: TextIO, copied: Iterable[tuple[str, str, int, float]]) -> None:
    """Write who copied whom as GraphML: outlets as nodes, an edge from the original to the copier with its pieces."""
    edges = list(copied)
    nodes = {name: f"n{n}" for n, name in enumerate(sorted({name for edge in edges for name in edge[:2]}))}
    root = Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for key, (owner, kind) in _GRAPH_KEYS.items():
        SubElement(root, "key", {"id": key, "for": owner, "attr.name": key, "attr.type": kind})
    graph = SubElement(root, "graph", id="copying", edgedefault="directed")
    for name, node in nodes.items():
        _carry(SubElement(graph, "node", id=node), outlet=visible(name))
    for copier, original, pieces, containment in edges:
        edge = SubElement(graph, "edge", source=nodes[original], target=nodes[copier])
        _carry(edge, pieces=str(pieces), containment=f"{containment:.4f}")
    indent(root)
    stream.write(tostring(root, encoding="unicode", xml_declaration=True) + "\n")


def _carry(element: Element, **data: str) -> None:
    """Give data to a node or an edge."""
    for key, value in data.items():
        SubElement(element, "data", key=key).text = value


@contextmanager
def _opened(path: Path | None) -> Iterator[TextIO]:
    """Open a file that appears under its name only when it is whole, or standard output.

    Raises:
        UsageError: the file cannot be written.

    """
    if path is None:
        yield sys.stdout
        return
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}): name a folder that exists") from error
    try:
        with os.fdopen(handle, "wb") as raw:
            packed = gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) if path.suffix == ".gz" else raw
            with packed, io.TextIOWrapper(packed, encoding="utf-8", newline="") as stream:
                yield stream
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
