"""Reading texts ahead in worker processes: what an import leaves is the same with workers, without, and with dead ones."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from harness import content
from pieces import GROUPING, NOW, clock, piece, write

from monitor import grouping, importfile, importing, reading
from monitor.cli import main, work
from monitor.importfile import ImportFile
from monitor.ingest import boilerplate
from monitor.model import Verdict
from monitor.reading import Fresh, Reader, Task, Text, prepare_all, read_all
from monitor.store.storage import Storage
from monitor.workers import started

SLOGAN = "The paper of the harbour and of all who live by it, since the first crane stood"
PROSE = (
    "Customs officers at Port Maren found 300 kg of cocaine in a container of bananas on Monday, the port said.",
    "The 88th session of the Policy Commission opened in Lissholm on 19 June; 41 members took the floor on tariffs.",
    "Таможенники порта Лисхольм изъяли 1,2 тонны табака в январе 2026 года, сообщает пресс-служба.",
    "海关查获走私香烟1.2万支,案件正在调查中。第88届会议在利斯霍尔姆举行。",
    "A strike of brokers closes the border crossing at Ostravel for a third day, the Courier reports, citing 120 drivers.",
)
TEXTS = [
    Text(f"Report {n}", text, lang, NOW, None)
    for n, (text, lang) in enumerate(zip(PROSE, ("en", "en", "ru", "zh", "en"), strict=True))
]
FRESH = [Fresh(text, frozenset()) for text in TEXTS]
ROWS = [
    piece(f"{n}-{k}", f"Report {n} of day {k}", f"{SLOGAN}\n{text} It was day {k}.", f"{10 + k} 08:00", outlet=f"Quay {n % 2}")
    for k in range(4)
    for n, text in enumerate(PROSE)
]  # fmt: skip


class DyingReader(Reader):
    """A reader whose workers are killed as soon as they have something to do."""

    def submit(self, fresh: Sequence[Fresh]) -> list[Task]:
        """Hand texts over and kill the workers."""
        tasks = super().submit(fresh)
        for process in list(self.pool._executor._processes.values()) if self.pool else ():
            process.kill()
        return tasks


def found_in(tmp_path: Path) -> ImportFile:
    """Return the file that these tests import."""
    return importfile.read_file(write(tmp_path / "f.jsonl", ROWS), now=NOW)


def state_after(folder: Path, found: ImportFile, workers: int, kind: Callable[[int], Reader] = Reader) -> object:
    """Import into a new state and return what it holds."""
    with Storage(folder, create=True) as storage:
        importing.import_file(storage, found, grouping=GROUPING, judge=None, clock=clock, reader=kind(workers))
        return content(storage.db)


def test_workers_read_what_this_process_reads() -> None:
    """Texts of four scripts come back from a worker as they are read here, and no worker is left."""
    with Reader(1) as reader:
        assert reader.result(reader.submit(FRESH)) == dict(zip(FRESH, prepare_all(FRESH), strict=True))
    assert not multiprocessing.active_children()


def test_without_workers_nothing_is_begun() -> None:
    """No process is started and nothing is known."""
    with Reader(0) as reader:
        assert reader.result(reader.submit(FRESH)) == {}
        assert not reader.reads_ahead
    assert not multiprocessing.active_children()


def test_a_score_that_was_given_is_kept() -> None:
    """Only a text that nobody judged is judged; everything else is read alike."""
    judged, given = read_all([TEXTS[0], replace(TEXTS[0], relevance=0.5)])
    assert judged.relevance > given.relevance == 0.5
    assert replace(judged, relevance=0.5) == given


def test_a_text_is_read_without_the_furniture_of_its_outlet() -> None:
    """What an outlet repeats is taken out before reading; whom it names as the source counts all the same."""
    credit = "The Herald reports, citing the port."
    came = replace(TEXTS[0], text=f"{credit}\n{PROSE[0]}")
    (plain,) = prepare_all([Fresh(came, frozenset())])
    (bare,) = prepare_all([Fresh(came, frozenset({boilerplate.block_hash(credit)}))])
    assert (plain.stripped.text, plain.stripped.removed) == (came.text, ())
    assert (bare.stripped.text, bare.stripped.removed) == (PROSE[0], (credit,))
    assert bare.stripped.attribution == plain.stripped.attribution == credit
    assert bare.stripped.blocks == plain.stripped.blocks
    assert [bare.read] == read_all([TEXTS[0]])


def test_an_import_reads_nothing_itself_that_workers_have_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With workers, the state is the same and the main process reads only what it had foreseen otherwise."""
    monkeypatch.setattr(importing, "CHUNK", 7)
    found = found_in(tmp_path)
    alone = state_after(tmp_path / "alone", found, 0)
    here: list[Text] = []
    monkeypatch.setattr(importing, "READ_AHEAD_FROM", len(ROWS))
    monkeypatch.setattr(grouping, "read_all", lambda texts: here.extend(texts) or read_all(texts))
    assert state_after(tmp_path / "ahead", found, 1) == alone
    # the slogan was learnt meanwhile, and swept out of what was stored before
    assert 0 < len(here) < len(ROWS)


def test_an_import_does_without_workers_that_die(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When its workers are killed, an import reads everything itself, to the same end."""
    monkeypatch.setattr(importing, "CHUNK", 7)
    found = found_in(tmp_path)
    alone = state_after(tmp_path / "alone", found, 0)
    monkeypatch.setattr(importing, "READ_AHEAD_FROM", 1)
    assert state_after(tmp_path / "dying", found, 1, DyingReader) == alone
    assert not multiprocessing.active_children()


def test_a_small_file_starts_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below `READ_AHEAD_FROM` records no worker is started."""
    monkeypatch.setattr(reading, "Pool", lambda _workers: pytest.fail("a worker was started"))
    state_after(tmp_path / "small", found_in(tmp_path), 1)


def test_an_import_that_is_broken_off_leaves_no_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends the workers with the import; what it had stored stays, and running again brings the rest."""
    monkeypatch.setattr(importing, "CHUNK", 7)
    monkeypatch.setattr(importing, "READ_AHEAD_FROM", 1)
    found = found_in(tmp_path)

    def interrupt(_count: int) -> None:
        raise KeyboardInterrupt

    def judge(_title: str, _text: str) -> Verdict:
        return Verdict(keep=True, score=9.0, terms=(), reason="all are kept")

    with Storage(tmp_path / "state", create=True) as storage:
        with pytest.raises(KeyboardInterrupt):
            importing.import_file(
                storage, found, grouping=GROUPING, judge=judge, clock=clock, advance=interrupt, reader=Reader(1)
            )
        assert not multiprocessing.active_children()
        report = importing.import_file(storage, found, grouping=GROUPING, judge=judge, clock=clock, reader=Reader(1))
    assert (report.known, report.new) == (7, len(ROWS) - 7)


def test_workers_that_are_started_early_read_the_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pool may be at work before the import knows what to read; it is ended with the block at the latest."""
    monkeypatch.setattr(importing, "READ_AHEAD_FROM", 1)
    alone = state_after(tmp_path / "alone", found_in(tmp_path), 0)
    with started(1, "monitor.reading") as pool:
        assert multiprocessing.active_children()
        assert state_after(tmp_path / "early", found_in(tmp_path), 1, partial(Reader, pool=pool)) == alone
    assert not multiprocessing.active_children()
    with started(0, "monitor.reading") as pool:
        assert pool is None


def test_a_long_file_that_cannot_be_imported_leaves_no_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The workers that a large file brought up are ended, whatever is wrong with it."""
    monkeypatch.setattr(work, "_LONG_BYTES", 1)
    monkeypatch.setattr("monitor.workers.os.cpu_count", lambda: 2)
    bad = tmp_path / "bad.jsonl.gz"
    bad.write_bytes(b"no gzip at all")
    monkeypatch.setattr("sys.argv", ["monitor", "import", str(bad), "--state", str(tmp_path / "state")])
    with pytest.raises(SystemExit):
        main()
    assert "bad.jsonl.gz" in capsys.readouterr().err
    assert not multiprocessing.active_children()
