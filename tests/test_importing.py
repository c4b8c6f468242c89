"""`monitor import` at function level: what is readable comes in, oldest first; what is not is named; twice is once."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pieces import (
    GROUPING,
    NOW,
    SEIZURE,
    SEIZURE_AGAIN,
    SEIZURE_AGAIN_TITLE,
    SEIZURE_TITLE,
    TARIFF,
    TARIFF_TITLE,
    clock,
    partition,
    piece,
    reprints,
    session,
    sets,
    take,
    write,
)

from monitor import importfile, importing
from monitor.errors import ImportFileError
from monitor.importfile import parse_line, read_file
from monitor.importing import ImportReport
from monitor.ingest.relevance import judge_with
from monitor.linking import GroupingSettings
from monitor.model import Dated, DateOrigin, Verdict
from monitor.reading import Reader
from monitor.store import stories
from monitor.store.storage import Storage

GARDEN = piece(
    "garden", "Tulips open early", "The town garden shows its tulips two weeks early this year, says Ina Roth."
)

PIECES = [
    piece("first", SEIZURE_TITLE, SEIZURE, "19 08:00"),
    piece("again", SEIZURE_AGAIN_TITLE, SEIZURE_AGAIN, "19 09:00"),
    piece("copy", SEIZURE_TITLE, SEIZURE, "19 10:00"),
    piece("tiles", TARIFF_TITLE, TARIFF, "18 10:00"),
    session("88th", "Monday", "s88", "02 10:00"),
    session("89th", "Monday", "s89", "16 10:00"),
    piece("undated", "Ferry office moves", "The ferry office moves to the old fish hall behind the station.", None),
]
STORIES = sets("first again copy", "tiles", "s88", "s89", "undated")


def run(folder: Path, path: Path, judge: Callable[[str, str], Verdict] | None = None) -> ImportReport:
    """Import a file into a state as the command does."""
    found = read_file(path, now=NOW)
    with Storage(folder) as storage:
        return importing.import_file(storage, found, grouping=GROUPING, judge=judge, clock=clock)


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """Return what a query finds in a state."""
    with closing(sqlite3.connect(f"file:{folder / 'monitor.db'}?mode=ro", uri=True)) as reader:
        return reader.execute(query).fetchall()


def content(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything that an import leaves in a state, but for the log of its runs."""
    tables = ("items", "item_keys", "dropped", "revisions", "blocks", "removed_blocks", "signatures", "bands", "terms")
    tables += ("features", "index_terms", "marks", "links", "reprints", "stories", "story_items", "story_history")
    return {name: rows(folder, f"select * from {name}") for name in (*tables, "settle_queue")}


CITED = "The Herald reports, citing the port."

# ---------------------------------------------------------------- order and fields


def test_pieces_come_in_oldest_first(tmp_path: Path) -> None:
    """Dated lines are taken by time, equal times and undated lines by their place in the file."""
    published = {"c": "20 10:00", "x": None, "a": "18 10:00", "d": "20 10:00", "w": None, "b": "19 10:00"}
    path = write(tmp_path / "f.jsonl", [piece(name, name, "Text.", when) for name, when in published.items()])
    assert [r.external_id for r in read_file(path, now=NOW).records] == ["a", "b", "c", "d", "x", "w"]
    run(tmp_path, path)
    assert [name for (name,) in rows(tmp_path, "select external_id from items order by id")] == list("abcdxw")


def test_every_field_arrives(tmp_path: Path) -> None:
    """What a line says is in the state; it is listed in digests where it was published."""
    line = {
        "id": 7,
        "outlet": " Quay \n Courier ",
        "url": "https://quay.example/7",
        "title": "Two\nlines",
        "text": "First.\n\nSecond.",
        "published": "2026-11-19T10:00:00+04:00",
        "lang": "AZ-Latn",
    }
    run(tmp_path, write(tmp_path / "f.jsonl", [line]))
    query = (
        "select external_id, outlet, url, title, text, published_at, published_origin, listed_at, first_seen_at, lang"
    )
    assert rows(tmp_path, f"{query}, text_origin from v_items") == [
        ("7", "Quay Courier", "https://quay.example/7", "Two lines", "First.\nSecond.", "2026-11-19T06:00:00Z", "import",
         "2026-11-19T06:00:00Z", "2026-11-22T12:00:00Z", "az", "import"),
    ]  # fmt: skip


def test_everything_but_id_and_text_may_be_null(tmp_path: Path) -> None:
    """A line with an id and a title or a text is a piece; what is unknown is told from what is empty."""
    nulls = dict.fromkeys(("outlet", "url", "published", "lang"))
    lines = [
        {"id": "a", "title": "Duty rises", "text": None} | nulls,
        {"id": "b", "text": "Der Zoll meldet einen Fund."},
    ]
    assert run(tmp_path, write(tmp_path / "f.jsonl", lines)).new == 2
    query = "select outlet, url, title, text, text_origin, published_at, published_origin, listed_at, lang from v_items"
    assert rows(tmp_path, query) == [
        ("unnamed", None, "Duty rises", "", "none", None, "unknown", "2026-11-22T12:00:00Z", None),
        ("unnamed", None, "", "Der Zoll meldet einen Fund.", "import", None, "unknown", "2026-11-22T12:00:00Z", "de"),
    ]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x.example/", "//x.example", "http://[", "quay.example"])
def test_only_web_addresses_are_kept(url: str) -> None:
    """An address that a digest could not link to safely is left out, the piece is not."""
    line = json.dumps({"id": "a", "title": "T", "url": url}).encode()
    assert parse_line(1, line, now=NOW).url is None


@pytest.mark.parametrize(
    ("tag", "lang"), [("en_US", "en"), ("EN", "en"), ("nb", "no"), ("English", None), ("../x", None)]
)
def test_language_tags_are_understood_or_ignored(tag: str, lang: str | None) -> None:
    """A language is a code that the other stages know, never any text."""
    assert parse_line(1, json.dumps({"id": "a", "title": "T", "lang": tag}).encode(), now=NOW).lang == lang


def test_texts_are_freed_from_what_cannot_be_shown() -> None:
    """Control characters and halves of characters do not reach the state."""
    found = parse_line(1, b'{"id": "a\\u0000", "title": "A\\u001b[31m \\ud800 B", "text": "x\\r\\ny"}', now=NOW)
    assert (found.external_id, found.title, found.text.split()) == ("a", "A[31m \ufffd B", ["x", "y"])


@given(st.dictionaries(st.sampled_from(["id", "outlet", "url", "title", "text", "published", "lang", "more"]),
                       st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())))  # fmt: skip
def test_any_object_is_a_record_or_has_a_reason(row: dict[str, Any]) -> None:
    """Whatever stands on a line, it is read or refused with a reason of one line."""
    try:
        found = parse_line(3, json.dumps(row).encode(), now=NOW)
    except ValueError as error:
        reason = str(error)
        assert reason.splitlines() == [reason]
    else:
        assert found.external_id
        assert found.title or found.text
        assert found.published.at is None or found.published.at.tzinfo is not None


@given(st.binary(max_size=60))
def test_any_bytes_are_a_record_or_have_a_reason(raw: bytes) -> None:
    """No line makes the import fall over."""
    with pytest.raises(ValueError, match=r"."):
        parse_line(1, raw, now=NOW)


# ---------------------------------------------------------------- bad lines

BAD = [
    (b"{", "not JSON (Expecting property name enclosed in double quotes at column 1)"),
    (b"[1, 2]", "not a JSON object"),
    (b'"text"', "not a JSON object"),
    (b'{"title": "T"}', "no id"),
    (b'{"id": " ", "title": "T"}', "no id"),
    (b'{"id": null, "title": "T"}', "no id"),
    (b'{"id": "x", "title": null, "text": " \\n"}', "neither title nor text"),
    (b'{"id": "x"}', "neither title nor text"),
    (b'{"id": "good", "title": "Another"}', "the id 'good' stands on line 1 already"),
    (b'{"id": "x", "title": "Z\xfcrich"}', "not UTF-8 text (byte 23)"),
    (b'{"id": "x", "title": "T", "published": "soon"}', "published is not a date of the past: 'soon'"),
    (b'{"id": "x", "title": "T", "published": "2031-01-01"}', "published is not a date of the past: '2031-01-01'"),
    (b'{"id": "x", "title": "T", "published": 20261119}', "published is a int, not a text"),
    (b'{"id": true, "title": "T"}', "id is a bool, not a text"),
    (b'{"id": "x", "title": {"en": "T"}}', "title is a dict, not a text"),
    (b"[" * 100_000, "nested too deeply"),
    (b'{"id": ' + b"9" * 5000 + b', "title": "T"}', None),
]


@pytest.mark.parametrize(("bad", "reason"), BAD, ids=[str(reason) for _, reason in BAD])
def test_bad_line_is_named_and_the_good_ones_are_in(tmp_path: Path, bad: bytes, reason: str | None) -> None:
    """A line that cannot be read costs only itself; its number and the reason are told and written down."""
    path = write(tmp_path / "f.jsonl", [{"id": "good", "title": "Good"}, b"  ", bad, {"id": "last", "title": "Last"}])
    report = run(tmp_path, path)
    assert (report.new, [line.what for line in report.bad]) == (2, ["f.jsonl:3"])
    assert reason in (None, report.bad[0].reason)
    assert rows(tmp_path, "select what, reason from left_out") == [("f.jsonl:3", report.bad[0].reason)]
    assert rows(tmp_path, "select external_id from items order by id") == [("good",), ("last",)]


def test_all_bad_lines_are_counted(tmp_path: Path) -> None:
    """None of many bad lines is dropped in silence, and the run says how many there were."""
    report = run(tmp_path, write(tmp_path / "f.jsonl", [b"{}"] * 500 + [{"id": "good", "title": "Good"}]))
    assert (len(report.bad), report.new) == (500, 1)
    assert rows(tmp_path, "select kind, note from runs") == [("import", "1 new, 0 dropped, 500 bad")]
    assert rows(tmp_path, "select count(*) from left_out") == [(500,)]


def test_overlong_line_is_refused_and_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line over the cap is refused as one line, one of just the cap is read, later lines keep their numbers."""
    monkeypatch.setattr(importfile, "MAX_LINE_BYTES", 100)
    exact = json.dumps({"id": "exact", "title": "x" * 71}).encode()
    assert len(exact) == 99
    longest = b'{"id": "long", "title": "' + b"x" * 1000 + b'"}'
    path = write(tmp_path / "f.jsonl", [exact, longest, {"id": "good", "title": "Good"}, b"{", longest])
    found = read_file(path, now=NOW)
    assert [r.external_id for r in found.records] == ["exact", "good"]
    assert [(bad.what, bad.reason) for bad in found.bad] == [
        ("f.jsonl:2", "longer than 100 bytes"),
        ("f.jsonl:4", "not JSON (Expecting property name enclosed in double quotes at column 1)"),
        ("f.jsonl:5", "longer than 100 bytes"),
    ]


# ---------------------------------------------------------------- files


def test_compressed_file_is_the_same(tmp_path: Path) -> None:
    """A gzipped file brings what the plain one does."""
    plain = write(tmp_path / "f.jsonl", PIECES)
    packed = tmp_path / "g.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert list(read_file(packed, now=NOW).records) == list(read_file(plain, now=NOW).records)


def test_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    """A file as some Windows programs write it loses no line."""
    path = write(tmp_path / "f.jsonl", [b'\xef\xbb\xbf{"id": "a", "title": "A"}\r', b'{"id": "b", "title": "B"}\r'])
    assert [r.external_id for r in read_file(path, now=NOW).records] == ["a", "b"]


def test_last_line_needs_no_end(tmp_path: Path) -> None:
    """A file without a line break at its end loses no line."""
    path = tmp_path / "f.jsonl"
    path.write_bytes(b'{"id": "a", "title": "A"}')
    assert len(read_file(path, now=NOW).records) == 1


@pytest.mark.parametrize("cut", [5, 60, -4])
def test_truncated_archive_is_refused_before_anything_is_stored(tmp_path: Path, cut: int) -> None:
    """A download that broke off is an error of the file: half an archive would pass for the whole of it."""
    whole = gzip.compress(write(tmp_path / "f.jsonl", PIECES).read_bytes())
    (tmp_path / "f.jsonl.gz").write_bytes(whole[:cut])
    with pytest.raises(ImportFileError, match=r"f\.jsonl\.gz: cannot be read.*whole"):
        run(tmp_path / "state", tmp_path / "f.jsonl.gz")
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("f.jsonl", bytes(range(256)) * 40),
        ("f.jsonl", gzip.compress(b'{"id": "a", "title": "A"}\n', mtime=0)),
        ("f.jsonl", '{"id": "a", "title": "A"}\n'.encode("utf-16")),
        ("f.jsonl", b"id,title\n1,Duty rises\n"),
        ("f.jsonl.gz", b'{"id": "a", "title": "A"}\n'),
        ("f.jsonl.gz", b"\x1f\x8b" + b"\x00" * 50),
    ],
    ids=["binary", "compressed", "UTF-16", "CSV", "not compressed", "nonsense"],
)
def test_other_kinds_of_files_are_refused(tmp_path: Path, name: str, body: bytes) -> None:
    """A file of which no line can be read is named in one line, with what was expected."""
    (tmp_path / name).write_bytes(body)
    with pytest.raises(ImportFileError, match=name) as raised:
        read_file(tmp_path / name, now=NOW)
    assert "\n" not in str(raised.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there, or a folder in its place, is named with what to check."""
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(ImportFileError, match="check the path"):
            read_file(path, now=NOW)


def test_empty_file_brings_nothing(tmp_path: Path) -> None:
    """An archive of a quiet day is no error."""
    (tmp_path / "f.jsonl").write_bytes(b"\n\n")
    assert run(tmp_path, tmp_path / "f.jsonl") == ImportReport(0, 0, 0, 0, (), 0)


# ---------------------------------------------------------------- again, changed, interrupted


def test_pieces_are_grouped(tmp_path: Path) -> None:
    """One import reports, finds copies and makes stories."""
    report = run(tmp_path, write(tmp_path / "f.jsonl", PIECES))
    assert report == ImportReport(7, 0, 0, 0, (), 7)
    with Storage(tmp_path) as storage:
        assert partition(storage.db) == STORIES
        assert reprints(storage.db) == {"copy": "first"}


def test_running_twice_doubles_nothing(tmp_path: Path) -> None:
    """What is known is passed over: the state stays as it is, but for the log of the run."""
    path = write(tmp_path / "f.jsonl", [*PIECES, GARDEN])
    first = run(tmp_path, path, judge_with())
    before = content(tmp_path)
    assert run(tmp_path, path, judge_with()) == ImportReport(0, 0, first.new + first.dropped, 0, (), 0)
    assert content(tmp_path) == before


def test_changed_text_is_a_revision(tmp_path: Path) -> None:
    """A line of a known id with another text replaces the text and keeps the earlier one."""
    run(tmp_path, write(tmp_path / "f.jsonl", PIECES))
    edited = [PIECES[0], PIECES[1], PIECES[2] | {"title": TARIFF_TITLE, "text": TARIFF}]
    report = run(tmp_path, write(tmp_path / "g.jsonl", edited))
    assert (report.new, report.revised, report.known) == (0, 1, 2)
    assert rows(tmp_path, "select revision, title from v_items where external_id = 'copy'") == [(2, TARIFF_TITLE)]
    assert rows(tmp_path, "select revision, text from revisions") == [(1, SEIZURE)]
    with Storage(tmp_path) as storage:
        assert partition(storage.db) == sets("first again", "copy tiles", "s88", "s89", "undated")
        assert reprints(storage.db) == {"copy": "tiles"}


def test_text_that_is_edited_again_and_again_loses_nothing(tmp_path: Path) -> None:
    """The paragraphs that stay through the revisions of one piece are not taken for furniture of its outlet."""
    for number in range(6):
        live = piece("live", SEIZURE_TITLE, f"{SEIZURE}\nUpdate {number}: the hearing is set for day {number}.")
        run(tmp_path, write(tmp_path / "f.jsonl", [live]))
    assert rows(tmp_path, "select text from items") == [(live["text"],)]
    assert rows(tmp_path, "select count(*) from revisions") == [(5,)]


#: texts of different kinds: what editions of one notice share is no furniture
MATTERS = (
    "Officers found forty kilos of cocaine behind bananas in a reefer from the south.",
    "A new scanner for lorries was handed over at the northern crossing on Monday.",
    "Exporters of walnuts may now send declarations by telephone, the operator announced.",
    "The appeal court set the fine for undervalued tiles aside yesterday afternoon.",
)


def test_what_an_outlet_repeats_is_taken_out(tmp_path: Path) -> None:
    """A block that stands on every piece of an outlet is kept apart from the texts; unnamed outlets keep everything."""
    slogan = "Read the Quay Courier, the paper of the harbour since 1888."
    lines = [
        piece(f"{outlet}{n}", f"Report {n}", f"{matter}\n{slogan}", outlet=outlet)
        for outlet in ("Quay", None)
        for n, matter in enumerate(MATTERS)
    ]
    run(tmp_path, write(tmp_path / "f.jsonl", lines))
    query = f"select external_id from items where text like '%{slogan}%' order by id"
    assert [name for (name,) in rows(tmp_path, query)] == ["None0", "None1", "None2", "None3"]
    assert rows(tmp_path, "select distinct block from removed_blocks") == [(slogan,)]


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("chunks", [1, 2, 3, 4])
def test_killed_import_ends_like_one_in_one_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunks: int) -> None:
    """Killed after any transaction and run again, an import leaves the same state as one that nobody disturbed."""
    monkeypatch.setattr(importing, "CHUNK", 2)
    path = write(tmp_path / "f.jsonl", PIECES)
    found = read_file(path, now=NOW)
    done: list[int] = []

    def advance(count: int) -> None:
        done.append(count)
        if len(done) == chunks:
            raise Killed

    with Storage(tmp_path / "killed") as storage, pytest.raises(Killed):
        importing.import_file(storage, found, grouping=GROUPING, judge=None, clock=clock, advance=advance)
    assert rows(tmp_path / "killed", "select count(*) from items") == [(sum(done),)]
    assert rows(tmp_path / "killed", "select count(*) from story_items") == [(0,)]
    report = run(tmp_path / "killed", path)
    run(tmp_path / "whole", path)
    assert (report.known, report.new, report.settled) == (sum(done), len(PIECES) - sum(done), len(PIECES))
    assert content(tmp_path / "killed") == content(tmp_path / "whole")
    assert rows(tmp_path / "killed", "select ended_at is null from runs order by id") == [(1,), (0,)]


def test_import_killed_inside_a_transaction_leaves_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chunk is stored whole or not at all."""
    monkeypatch.setattr(importing, "CHUNK", 3)
    path = write(tmp_path / "f.jsonl", PIECES)

    def judge(title: str, _text: str) -> Verdict:
        if title == PIECES[2]["title"]:
            raise Killed
        return Verdict(keep=True, score=9.0, terms=(), reason="all are kept")

    with pytest.raises(Killed):
        run(tmp_path, path, judge)
    assert rows(tmp_path, "select external_id from items order by id") == [("s88",), ("s89",), ("tiles",)]
    run(tmp_path, path)
    with Storage(tmp_path) as storage:
        assert partition(storage.db) == STORIES


def test_import_killed_while_it_settles_is_settled_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pieces are in, the stories are not: running again makes them, as if nothing had happened."""
    path = write(tmp_path / "f.jsonl", PIECES)

    def killed(*_arguments: object) -> int:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("monitor.settling.carry_over", killed)
        with pytest.raises(Killed):
            run(tmp_path / "killed", path)
    assert rows(tmp_path / "killed", "select count(*) from story_items") == [(0,)]
    assert run(tmp_path / "killed", path) == ImportReport(0, 0, 7, 0, (), 7)
    run(tmp_path / "whole", path)
    assert content(tmp_path / "killed") == content(tmp_path / "whole")


def test_progress_covers_every_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A progress bar reaches its end, whether the records are new or known."""
    monkeypatch.setattr(importing, "CHUNK", 3)
    found = read_file(write(tmp_path / "f.jsonl", PIECES), now=NOW)
    for _ in range(2):
        steps: list[int] = []
        with Storage(tmp_path) as storage:
            importing.import_file(storage, found, grouping=GROUPING, judge=None, clock=clock, advance=steps.append)
        assert steps == [3, 3, 1]


def test_later_import_joins_the_stories_of_an_earlier_one(tmp_path: Path) -> None:
    """Files that follow each other become one set of stories."""
    run(tmp_path, write(tmp_path / "f.jsonl", PIECES[:1]))
    run(tmp_path, write(tmp_path / "g.jsonl", PIECES[1:]))
    with Storage(tmp_path) as storage:
        assert partition(storage.db) == STORIES


def test_undated_pieces_are_listed_when_they_come(tmp_path: Path) -> None:
    """An undated piece stands in the digest of the day of its import, and keeps that day when it is revised."""
    with Storage(tmp_path) as storage:
        take(storage, [piece("a", "Title", "Text one.", None)])
        take(storage, [piece("a", "Title", "Text two.", None)], clock=lambda: NOW + timedelta(days=3))
    assert rows(tmp_path, "select listed_at, revision from v_items") == [("2026-11-22T12:00:00Z", 2)]


# ---------------------------------------------------------------- relevance


def test_relevance_keeps_customs_and_drops_gardens(tmp_path: Path) -> None:
    """What is not about customs is left out with its reason, under its id and address, and is not judged again."""
    path = write(tmp_path / "f.jsonl", [PIECES[0], GARDEN | {"url": "https://garden.example/1"}])
    report = run(tmp_path, path, judge_with())
    assert (report.new, report.dropped) == (1, 1)
    assert rows(tmp_path, "select external_id, relevance > 2, relevance_terms like '%customs%' from v_items") == [
        ("first", 1, 1)
    ]
    (dropped,) = rows(tmp_path, "select external_id, url, title, reason from dropped")
    assert dropped == ("garden", "https://garden.example/1", "Tulips open early", "no term of customs in it")


def test_without_relevance_everything_is_kept(tmp_path: Path) -> None:
    """Who wants everything gets everything, unjudged."""
    assert run(tmp_path, write(tmp_path / "f.jsonl", [PIECES[0], GARDEN])).new == 2
    assert rows(tmp_path, "select count(*), count(relevance) from v_items") == [(2, 0)]


def test_settled_runs_know_their_note(tmp_path: Path) -> None:
    """The log of the runs says what an import came to."""
    run(tmp_path, write(tmp_path / "f.jsonl", [PIECES[0], GARDEN]), judge_with())
    assert rows(tmp_path, "select kind, note, ended_at from runs") == [
        ("import", "1 new, 1 dropped, 0 bad", "2026-11-22T12:00:00Z")
    ]


def test_day_without_time_is_midnight() -> None:
    """A line that names only a day is known to have no time."""
    found = parse_line(1, b'{"id": "a", "title": "T", "published": "2026-11-19"}', now=NOW).published
    assert (found.at, found.has_time, found.origin) == (datetime(2026, 11, 19, tzinfo=UTC), False, DateOrigin.IMPORT)


def test_content_hash_tells_changed_lines() -> None:
    """Another title, text, address, language or time is another content; the number of the line is not."""
    one = parse_line(1, b'{"id": "a", "title": "T", "text": "x"}', now=NOW)
    assert replace(one, line=9).content_hash == one.content_hash
    changes = (
        {"title": "U"},
        {"text": "y"},
        {"url": "https://quay.example/"},
        {"lang": "az"},
        {"published": Dated(NOW)},
    )
    assert len({replace(one, **change).content_hash for change in changes} | {one.content_hash}) == 6


def test_a_corrected_date_is_taken_over(tmp_path: Path) -> None:
    """A line whose date was corrected changes its item without making a revision of the text."""
    with Storage(tmp_path) as storage:
        take(storage, [piece("a", "Scanner opens", "A scanner opened at the quay.", "19 10:00")])
        assert take(storage, [piece("a", "Scanner opens", "A scanner opened at the quay.", "18 10:00")]).revised == 1
    assert rows(tmp_path, "select published_at, revision from v_items") == [("2026-11-18T10:00:00Z", 1)]


def test_two_archives_may_both_count_from_one(tmp_path: Path) -> None:
    """The same id of another outlet is another piece, and neither takes the other's place."""
    with Storage(tmp_path) as storage:
        take(storage, [piece("1", "Scanner opens", "A scanner opened.", outlet="Quay News")])
        assert take(storage, [piece("1", "Ferry moves", "The ferry moved.", outlet="Pier Post")]).new == 1
    assert rows(tmp_path, "select external_id, outlet, title from v_items order by item_id") == [
        ("1", "Quay News", "Scanner opens"),
        ("1", "Pier Post", "Ferry moves"),
    ]


def test_who_wants_everything_gets_what_was_dropped_before(tmp_path: Path) -> None:
    """A piece that the relevance stage dropped comes in when the file is imported again without it."""
    path = write(tmp_path / "f.jsonl", [PIECES[0], GARDEN])
    assert run(tmp_path, path, judge_with()).dropped == 1
    again = run(tmp_path, path)
    assert (again.new, again.known) == (1, 1)
    assert rows(tmp_path, "select count(*) from dropped") == [(0,)]
    assert rows(tmp_path, "select count(*) from v_story_items") == [(2,)]


def test_state_is_whole_after_an_import(tmp_path: Path) -> None:
    """No row names a missing one."""
    run(tmp_path, write(tmp_path / "f.jsonl", PIECES))
    assert rows(tmp_path, "pragma foreign_key_check") == []


def test_long_file_is_settled_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held at one time is bounded: the queue is settled before more than so many records wait in it."""
    waiting: list[int] = []
    settle = importing._settle

    def watched(storage: Storage, grouping: GroupingSettings, now: datetime, reader: Reader) -> int:
        waiting.append(len(stories.queued(storage.db)))
        return settle(storage, grouping, now, reader)

    monkeypatch.setattr(importing, "_settle", watched)
    monkeypatch.setattr(importing, "CHUNK", 2)
    monkeypatch.setattr(importing, "SETTLED_TOGETHER", 4)
    pieces = [{"id": str(n), "title": f"Piece {n}", "text": f"Text number {n}."} for n in range(9)]
    assert run(tmp_path / "state", write(tmp_path / "f.jsonl", pieces)).new == 9
    assert waiting == [4, 4, 1]


def test_source_that_a_text_names_is_kept_even_where_it_is_furniture(tmp_path: Path) -> None:
    """What an outlet writes under all that it passes on is taken out of the texts, and still names their source."""
    kinds = ["Guards found tobacco under a load of tiles at the border bridge, the port office told the paper.",
             "Ministers of nine countries agreed on common forms for the transit of goods by rail and river.",
             "A court let the brokers keep their licences, as the rules on deposits had not been published.",
             "Snow closed the mountain pass, and four hundred lorries wait for clearance in the valley below."]  # fmt: skip
    pieces = [
        piece(str(n), f"Report {n}", f"{text}\n{CITED}", f"1{n} 08:00", outlet="Quay") for n, text in enumerate(kinds)
    ]
    run(tmp_path, write(tmp_path / "f.jsonl", [*pieces, piece("none", "Another", kinds[0] * 2, "16 08:00")]))
    found = rows(tmp_path, "select text like '%Herald%', attribution from items order by id")
    assert found == [*[(0, CITED)] * len(kinds), (0, None)]


def test_records_come_back_as_they_were_read(tmp_path: Path) -> None:
    """What the file between reading and storing hands back is the very record: dates, scripts, nulls and all."""
    rows = [
        piece("a", "漢字 \u2028 ü", "Zoll \U0001f6c3", "19 08:00", lang="zh-TW"),
        piece("b", 'quotes " and \\', "", None, url=None, lang=None),
        piece("c", "day only", "x") | {"published": "2026-11-18"},
    ]
    lines = [json.dumps(row).encode() for row in rows]
    path = tmp_path / "f.jsonl"
    path.write_bytes(b"\n".join(lines))
    parsed = [parse_line(n, line, now=NOW) for n, line in enumerate(lines, start=1)]
    assert sorted(read_file(path, now=NOW).records, key=lambda r: r.line) == parsed
