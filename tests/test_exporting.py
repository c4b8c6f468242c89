"""Exports: whole, importable, inert in spreadsheets and graphs, and never half-written."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pieces import BODY_ONLY, COURT, NOW, SEIZURE, SEIZURE_TITLE, SEIZURE_TRIMMED, piece, take

from monitor import exporting, importfile
from monitor.errors import UsageError
from monitor.model import Exported, ExportFormat
from monitor.store import exports
from monitor.store.storage import Storage

HOSTILE = '=cmd|"/c calc"!A1 <script>\x00\u202e'


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    """Make a state with a copy, a piece of its own, and one whose names are hostile."""
    with Storage(tmp_path_factory.mktemp("state")) as opened:
        pieces = [
            piece("first", SEIZURE_TITLE, SEIZURE, "19 08:00"),
            piece("copy", SEIZURE_TITLE, SEIZURE_TRIMMED, "19 11:00", outlet=HOSTILE),
            COURT,
        ]
        take(opened, pieces, grouping=BODY_ONLY)
        yield opened


def export(storage: Storage, path: Path, what: Exported = Exported.ITEMS) -> str:
    """Export to a file and return what is in it."""
    exporting.export(storage.db, path, what, exporting.format_of(path))
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()


def test_exported_items_can_be_imported(storage: Storage, tmp_path: Path) -> None:
    """What is exported as JSON lines comes out of an import as the same pieces, with the same outlets and times."""
    path = tmp_path / "items.jsonl.gz"
    rows = [json.loads(line) for line in export(storage, path).splitlines()]
    read = importfile.read_file(path, now=NOW)
    assert (len(rows), len(read.records), read.bad) == (3, 3, ())
    stored = storage.db.query("select external_id, title, text, published_at from items order by published_at, id")
    assert [
        (record.external_id, record.title, record.text, record.published.at.strftime("%Y-%m-%dT%H:%M:%SZ"))  # type: ignore[union-attr]
        for record in read.records
    ] == [tuple(row.values()) for row in stored]
    assert {row["role"] for row in rows} == {"lead", "reprint"}


def test_table_is_inert(storage: Storage, tmp_path: Path) -> None:
    """No cell of a CSV is a formula, and it reads back with one row an item."""
    rows = list(csv.reader(io.StringIO(export(storage, tmp_path / "items.csv"))))
    assert (len(rows), rows[0][:3]) == (4, ["id", "outlet", "url"])
    outlets = {row[1] for row in rows[1:]}
    assert any(name.startswith("'=cmd|") for name in outlets)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) or "\x00" in cell for row in rows for cell in row)


@given(st.text(max_size=40) | st.integers() | st.none() | st.floats(allow_nan=False))
def test_cells_are_inert(value: object) -> None:
    """Whatever a cell holds, it begins with no sign that makes it a formula; figures stay figures."""
    cell = exporting.inert(value)
    if isinstance(value, str):
        assert not str(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    else:
        assert cell is value


def test_graph_shows_who_copied_whom(storage: Storage, tmp_path: Path) -> None:
    """An edge leads from the original's outlet to the copier's, and any name is well-formed XML."""
    root = ET.fromstring(export(storage, tmp_path / "who.graphml", Exported.REPRINTS))  # noqa: S314 - our own
    name = {"g": "http://graphml.graphdrawing.org/xmlns"}
    nodes = {node.get("id"): node[0].text for node in root.iterfind(".//g:node", name)}
    (edge,) = root.iterfind(".//g:edge", name)
    assert str(nodes[edge.get("target")]).startswith("=cmd")
    assert nodes[edge.get("source")] == "The first Herald"
    assert [data.text for data in edge] == ["1", "1.0000"]


@pytest.mark.parametrize("what", Exported)
def test_everything_is_exported_in_blocks(
    storage: Storage, tmp_path: Path, what: Exported, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However small the blocks are, each row comes once, in order, and is counted."""
    whole = export(storage, tmp_path / "whole.jsonl", what)
    monkeypatch.setattr(exports, "BLOCK", 1)
    assert export(storage, tmp_path / "blocks.jsonl", what) == whole
    assert len(whole.splitlines()) == exports.count(storage.db, what) > 0


def test_standard_output_gets_lines(storage: Storage, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a file, JSON lines go where a pipe can take them."""
    assert exporting.export(storage.db, None, Exported.STORIES, exporting.format_of(None)) == 2
    assert len([json.loads(line) for line in capsys.readouterr().out.splitlines()]) == 2


def test_file_is_whole_or_as_it_was(storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export that fails leaves the earlier file, and nothing beside it."""
    path = tmp_path / "items.jsonl"
    path.write_text("earlier")

    def broken(*_: object) -> Iterator[exports.Row]:
        yield {"id": "1"}
        raise OSError("disk")

    monkeypatch.setattr(exports, "rows", broken)
    with pytest.raises(OSError, match="disk"):
        exporting.export(storage.db, path, Exported.ITEMS, ExportFormat.JSONL)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("items.jsonl", "earlier")]


def test_wrong_wishes_are_named(storage: Storage, tmp_path: Path) -> None:
    """A name of no known format, a graph of items and a missing folder are one line each."""
    with pytest.raises(UsageError, match=r"must end in \.jsonl"):
        exporting.format_of(tmp_path / "items.xlsx")
    with pytest.raises(UsageError, match="--what reprints"):
        exporting.export(storage.db, None, Exported.ITEMS, ExportFormat.GRAPHML)
    with pytest.raises(UsageError, match="name a folder that exists"):
        exporting.export(storage.db, tmp_path / "none" / "a.csv", Exported.ITEMS, ExportFormat.CSV)
