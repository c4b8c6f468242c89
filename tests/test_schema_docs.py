"""docs/schema.md and the state say the same: every view and column is described, and what is described is so."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum
from pathlib import Path

import pytest
from pieces import (
    BODY_ONLY,
    BOTH,
    COURT,
    GROUPING,
    NOW,
    SEIZURE,
    SEIZURE_TITLE,
    SEIZURE_TRIMMED,
    TARIFF,
    clock,
    piece,
    session,
    take,
    write,
)

from monitor import importfile, importing
from monitor.correcting import say, take_back
from monitor.intake import Piece, take_in
from monitor.model import (
    Dated,
    DateOrigin,
    DroppedData,
    ItemData,
    Notice,
    NoticeKind,
    NoticeState,
    Outlet,
    Poll,
    PollResult,
    ReprintKind,
    Role,
    Said,
    Source,
    SourceKind,
    SourceRecord,
    SourceState,
    TextOrigin,
    Verdict,
)
from monitor.publish import DigestSettings, publish
from monitor.settling import settle_queue
from monitor.store import alerts, issued, items, outbox, retention, sources
from monitor.store.described import views
from monitor.store.storage import Storage
from monitor.stories.settle import Change

PAGE = Path(__file__).resolve().parents[1] / "docs" / "schema.md"

REFUSED = Verdict(False, 0.5, ("choir",), "score 0.5 of 3 needed: choir")
_ROW = re.compile(r"\| `(\w+)` \| (.+) \| ([^|]+) \|")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the page describes it."""

    meaning: str
    format: str

    @property
    def words(self) -> list[str]:
        """Return the words that are allowed in it, none where it is free."""
        return re.findall(r"`(\w+)`", self.format)


def described() -> dict[str, dict[str, Column]]:
    """Return the columns that the page describes, by view, in its order."""
    sections = re.split(r"(?m)^### `(\w+)`$", PAGE.read_text(encoding="utf-8").split("## Examples")[0])[1:]
    return {
        view: {row[1]: Column(row[2], row[3].strip()) for row in _ROW.finditer(body)}
        for view, body in zip(sections[::2], sections[1::2], strict=True)
    }


def examples() -> list[str]:
    """Return the queries of the page."""
    return re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


DESCRIBED = described()
COLUMNS = [(view, name) for view, columns in DESCRIBED.items() for name in columns]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small state in which something of everything has happened."""
    folder = tmp_path_factory.mktemp("state")
    with Storage(folder) as storage:
        take(storage, [piece("first", SEIZURE_TITLE, SEIZURE, "19 08:00"), COURT], grouping=BODY_ONLY)
        take(storage, [BOTH], grouping=BODY_ONLY)
        _import(storage, folder)
        _fetch(storage, SEIZURE, TARIFF, TARIFF)
        take(storage, [COURT | {"title": "Corrected", "text": "The hearing was put off."}], grouping=BODY_ONLY)
        _correct(storage)
        _poll(storage)
        settings = DigestSettings(time=time(6), timezone="UTC", max_sentences=2, max_age_days=30)
        publish(storage, date(2026, 11, 19), settings, now=NOW)
        with storage.transaction() as db:
            spelled = {
                1: [[("Thomas Brandl", 1, "They met Thomas Brandl."), ("Tomas Brandl", 2, "He met Tomas Brandl.")]]
            }
            issued.keep_spellings(db, date(2026, 11, 19), spelled)
        with storage.transaction() as db:
            (last,) = take_in(db, [_fetched("not settled")], NOW)
            items.purge(db, [last], NOW, "asked for by the publisher")
            items.set_version(db, last, 1)
            retention.note(db, retention.Gone("texts", 1, NOW, NOW, "retention: older than 60 days"), NOW)
        _tell(storage)
    return folder


def _import(storage: Storage, folder: Path) -> None:
    """Import a file in which there is something of everything."""
    lines = [
        piece("copy", SEIZURE_TITLE, SEIZURE, "19 10:00", url="https://quay.example/2"),
        piece("trimmed", SEIZURE_TITLE, SEIZURE_TRIMMED, "19 11:00", outlet="The copy Herald"),
        piece("duty", "Anti-dumping duties on tiles", "The ministry imposes anti-dumping duties on tiles.", "19 12:00"),
        session("88th", "Monday", "s88", "02 10:00"),
        session("89th", "Monday", "s89", "16 10:00"),
        piece("garden", "Tulips open early", "The town garden shows its tulips.", "18 10:00"),
        {"id": "bare", "title": "Tariff"},
        b"not JSON",
    ]

    def judge(title: str, _text: str) -> Verdict:
        return Verdict("Tulips" not in title, 3.5, ("customs", "duty"), "score 3.5 of 3 needed: customs, duty")

    found = importfile.read_file(write(folder / "f.jsonl", lines), now=NOW)
    importing.import_file(storage, found, grouping=GROUPING, judge=judge, clock=clock)


def _correct(storage: Storage) -> None:
    """Let a person say two things and take one back; arrests follow a find."""
    amber = piece(
        "amber",
        "Hearse with 90 kg of amber stopped at Pilgrim Gate",
        "Customs officers of the Sambia Revenue Office stopped a hearse with 90 kg of raw amber at Pilgrim Gate. The hearse "
        "of undertaker Egon Marwitz was on its way from Sambia to Kurland.",
        "01 08:00",
    )
    charges = piece(
        "charges",
        "Undertaker charged over amber in hearse at Pilgrim Gate",
        "The prosecutor in Kurland has charged undertaker Egon Marwitz, whose hearse with amber the Sambia Revenue Office "
        "had stopped at Pilgrim Gate. Marwitz was denied bail and a trial is to begin in the spring.",
        "20 08:00",
    )
    cited = piece("cited", SEIZURE_TITLE, f"{SEIZURE}\nSource: The first Herald", "20 08:00")
    take(storage, [amber, charges, cited])
    with storage.transaction() as db:
        say(db, Said.APART, ("first", "duty"), "one is about tiles", settings=GROUPING, now=NOW)
        said = say(db, Said.TOGETHER, ("first", "s88"), None, settings=GROUPING, now=NOW)
        take_back(db, said.correction.correction_id, settings=GROUPING, now=NOW)


def _tell(storage: Storage) -> None:
    """Raise two alerts; one notice is sent, one given up, one cannot be sent."""
    notices = [
        Notice(
            key=target, target=target, kind=NoticeKind.TEST, about="quay", subject="A", brief="A", text="A", html="A"
        )
        for target in ("sent", "dropped", "failing")
    ]
    with storage.transaction() as db:
        outbox.put(db, notices, NOW)
        for waiting in outbox.due(db, NOW):
            outbox.claim(db, waiting, NOW)
        outbox.sent(db, 1, NOW)
        outbox.drop(db, 2, NOW)
        outbox.failed(db, 3, "no route", NOW)
        alerts.raise_(db, "Wide", [(1, 2)], NOW)
        alerts.told(db, "Wide", NOW)
        alerts.raise_(db, "Wide", [(2, 3)], NOW)


def _fetched(text: str, number: int = 0) -> Piece:
    """Return a piece as a poll brings it."""
    data = ItemData(
        key=f"fetched {text} {number}", outlet_id="Quay Courier", title="From the web", text=text, published=Dated(),
        first_seen_at=NOW, listed_at=NOW, text_origin=TextOrigin.FEED, author="Ina Roth", page_problem="HTTP 410",
        removed=("Follow us",),
    )  # fmt: skip
    return Piece(data, ())


def _fetch(storage: Storage, *texts: str) -> None:
    """Store pieces as a poll brings them."""
    with storage.transaction() as db:
        sources.add_unknown_outlets(db, ["Quay Courier"])
        cited = "The Herald reports, citing the port."
        take_in(db, [_fetched(f"{text}\n{cited}", number) for number, text in enumerate(texts)], NOW)
        items.drop(db, DroppedData("quay", "quay", None, "https://quay.example/9", "Choir", REFUSED, NOW), ["choir"])
        settle_queue(db, GROUPING, NOW)


def _poll(storage: Storage) -> None:
    """Poll two sources, one of which is in trouble; a third was never polled, and a pass was killed."""
    names = ("veldt", "quay", "pier")
    watched = [Source(name, "quay", f"https://quay.example/{name}", official=name == "quay") for name in names]
    watched[0] = replace(watched[0], max_interval_s=86_400)
    veldt, quay, _pier = watched
    early = NOW - timedelta(days=9)
    good = SourceRecord(
        veldt,
        SourceState.OK,
        since_at=early,
        next_check_at=NOW,
        last_polled_at=NOW,
        last_ok_at=NOW,
        last_new_at=NOW,
        moved_to="https://quay.example/moved",
        move_target="https://quay.example/next",
        move_sightings=1,
        wait_s=3600.0,
        wait_reason="always every hour, as configured",
    )
    bad = replace(
        good,
        source=quay,
        state=SourceState.FAILING,
        reason="HTTP 503",
        failures=2,
        last_new_at=early,
        moved_to=None,
        move_target=None,
    )
    with storage.transaction() as db:
        sources.sync(db, [Outlet("quay", "Quay Courier", "quay")], watched)
        run_id = sources.start_run(db, "pass", NOW)
        sources.save_poll(db, run_id, Poll(good, PollResult.OK, NOW, NOW, http_status=200, entries=4, new=1))
        sources.save_poll(db, run_id, Poll(bad, PollResult.FAILED, NOW, NOW, reason="HTTP 503"))
        sources.end_run(db, run_id, NOW, "2 polled")
        sources.start_run(db, "pass", NOW)


@pytest.fixture
def reader(state: Path) -> Iterator[sqlite3.Connection]:
    """Open the state as the page says."""
    with closing(sqlite3.connect(f"file:{state / 'monitor.db'}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def values(reader: sqlite3.Connection, view: str, column: str) -> list[object]:
    """Return the values of a column."""
    return [value for (value,) in reader.execute(f"select {column} from {view}")]


# ---------------------------------------------------------------- views and columns


def test_every_view_and_column_is_described(reader: sqlite3.Connection) -> None:
    """The page has exactly the views of the state, with exactly their columns in their order."""
    views = [name for (name,) in reader.execute("select name from sqlite_master where type = 'view'")]
    actual = {view: [row["name"] for row in reader.execute(f"pragma table_xinfo({view})")] for view in views}
    assert {view: list(columns) for view, columns in DESCRIBED.items()} == actual
    assert all(view.startswith("v_") for view in actual)


def test_the_served_meanings_are_those_of_the_page() -> None:
    """What `monitor serve` shows of each column is what the page says."""
    served = {view: {name: (c.means, c.format) for name, c in told.columns.items()} for view, told in views().items()}
    assert served == {
        view: {name: (c.meaning, c.format) for name, c in told.items()} for view, told in DESCRIBED.items()
    }


def test_every_described_column_stands_in_a_whole_row() -> None:
    """No row of a table has lost its meaning or format."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if re.match(r"\| `[a-z_0-9]+` \|", line)]
    assert len(rows) == len(COLUMNS) > 100
    assert [line for line in rows if not _ROW.fullmatch(line)] == []


FORMATS = {
    "number": lambda value: type(value) is int,
    "0 or 1": lambda value: value in (0, 1),
    "0 to 1": lambda value: type(value) is float and 0 <= value <= 1,
    "real": lambda value: type(value) is float,
    "text": lambda value: type(value) is str,
    "time": lambda value: bool(_TIME.fullmatch(value)),
    "day": lambda value: date.fromisoformat(value).isoformat() == value,
    "JSON list": lambda value: all(type(term) is str for term in json.loads(value)),
}


@pytest.mark.parametrize(("view", "column"), COLUMNS)
def test_values_have_their_format(reader: sqlite3.Connection, view: str, column: str) -> None:
    """What a column holds is what the page says, and it is null only where the page says when."""
    told = DESCRIBED[view][column]
    found = values(reader, view, column)
    fits = (lambda value: value in told.words) if told.words else FORMATS[told.format]
    assert [value for value in found if value is not None and not fits(value)] == []
    assert (None not in found) or "null:" in told.meaning


def test_small_state_has_something_of_everything(reader: sqlite3.Connection) -> None:
    """The small state fills every column, and leaves empty what can be empty: otherwise the test above says little."""
    never = [f"{view}.{name}" for view, name in COLUMNS if not any(v is not None for v in values(reader, view, name))]
    assert never == []
    promised = [(view, name) for view, name in COLUMNS if "null:" in DESCRIBED[view][name].meaning]
    full = [f"{view}.{name}" for view, name in promised if None not in values(reader, view, name)]
    assert full == []


WORDS: dict[tuple[str, str], type[StrEnum]] = {
    ("v_items", "published_origin"): DateOrigin,
    ("v_items", "text_origin"): TextOrigin,
    ("v_items", "role"): Role,
    ("v_story_items", "role"): Role,
    ("v_reprints", "kind"): ReprintKind,
    ("v_story_history", "change"): Change,
    ("v_sources", "kind"): SourceKind,
    ("v_corrections", "said"): Said,
    ("v_sources", "state"): SourceState,
    ("v_runs", "result"): PollResult,
    ("v_notices", "kind"): NoticeKind,
    ("v_notices", "state"): NoticeState,
    ("v_runs", "state"): SourceState,
}


@pytest.mark.parametrize(("view", "column"), WORDS)
def test_words_are_those_of_the_program(view: str, column: str) -> None:
    """A column that takes certain words lists all of them, in the order of the program."""
    assert DESCRIBED[view][column].words == [word.value for word in WORDS[view, column]]


def test_columns_of_certain_words_are_known() -> None:
    """Every column with a list of words is held to the program, but for the two that have no list there."""
    free = {("v_runs", "kind")}
    assert {(view, name) for view, name in COLUMNS if DESCRIBED[view][name].words} == {*WORDS, *free}


def test_every_format_is_explained() -> None:
    """The formats that the tables use are those that the page explains."""
    head = PAGE.read_text(encoding="utf-8").split("## Formats")[1].split("## How to open it")[0]
    explained = set(re.findall(r"(?m)^\| ([^|]+) \| ", head)) - {"format", "words in code style"}
    used = {DESCRIBED[view][name].format for view, name in COLUMNS if not DESCRIBED[view][name].words}
    assert used == explained == set(FORMATS)


def test_tables_that_the_page_names_exist(reader: sqlite3.Connection) -> None:
    """The tables that are named as having no view of their own are there."""
    text = PAGE.read_text(encoding="utf-8").split("## Formats")[0]
    named = set(re.findall(r"`(\w+)`\s\(", text))
    tables = {name for (name,) in reader.execute("select name from sqlite_master where type = 'table'")}
    assert len(named) >= 7
    assert named <= tables


# ---------------------------------------------------------------- the diagram


def test_diagram_draws_what_the_views_hold() -> None:
    """Every view and column of the diagram is there, a line joins columns that both ends have, and none is forgotten."""
    drawing = PAGE.read_text(encoding="utf-8").split("```mermaid\n")[1].split("```")[0]
    boxes = dict(re.findall(r"(?ms)^  (v_\w+) \{\n(.*?)\n  \}", drawing))
    drawn = {view: re.findall(r"(?m)^    \w+ (\w+)", body) for view, body in boxes.items()}
    assert all(set(columns) <= set(DESCRIBED[view]) for view, columns in drawn.items())
    lines = re.findall(r"(?m)^  (v_\w+) \S+ (v_\w+) : (\w+)", drawing)
    assert len(lines) >= 12
    for one, other, column in lines:
        assert column in DESCRIBED[one] or column in DESCRIBED[other]
        assert column in drawn[one] or column in drawn[other]
    joined = {view for line in lines for view in line[:2]}
    assert set(drawn) == set(DESCRIBED) == joined | {"v_notices", "v_pruned"}


# ---------------------------------------------------------------- examples and opening


def test_there_are_ten_examples() -> None:
    """The page shows ten questions, each with its query."""
    assert len(examples()) == 10


@pytest.mark.parametrize("query", examples())
def test_example_runs_and_finds_something(reader: sqlite3.Connection, query: str) -> None:
    """Every query of the page runs on a small state and, whatever day it is, has an answer."""
    rows = reader.execute(query.replace("'now'", f"'{NOW:%Y-%m-%d %H:%M:%S}'")).fetchall()
    assert rows


def test_examples_keep_to_the_views() -> None:
    """The examples show the stable interface: views, and the full-text index."""
    sources_of = {name for query in examples() for name in re.findall(r"(?:from|join) (\w+)", query)}
    assert sources_of - set(DESCRIBED) == {"items_fts", "trail"}


def test_merged_story_is_followed(reader: sqlite3.Connection) -> None:
    """The example that follows a merged story ends at the story that stands for it now."""
    (query,) = [query for query in examples() if "recursive" in query]
    assert [row["story_id"] for row in reader.execute(query)] == [1]


def test_reading_beside_a_writer(state: Path, reader: sqlite3.Connection) -> None:
    """Opened as the page says, the state can be read while the monitor writes, and cannot be changed."""
    with closing(sqlite3.connect(state / "monitor.db")) as writer:
        writer.execute("begin immediate")
        writer.execute("delete from left_out")
        assert reader.execute("select count(*) from left_out").fetchone()[0] == 1
        writer.rollback()
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("delete from items")


def test_copy_as_the_page_says_is_whole(reader: sqlite3.Connection, tmp_path: Path) -> None:
    """VACUUM INTO makes a whole copy through a read-only connection."""
    reader.execute("vacuum into ?", [str(tmp_path / "copy.db")])
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("pragma integrity_check").fetchone() == ("ok",)
        assert copy.execute("select count(*) from v_items").fetchone() == tuple(
            reader.execute("select count(*) from v_items").fetchone()
        )


def test_times_compare_as_the_page_says(reader: sqlite3.Connection) -> None:
    """The format that the page gives for comparisons is that of the stored times."""
    (now,) = reader.execute("select strftime('%Y-%m-%dT%H:%M:%SZ', '2026-11-22 12:00:00')").fetchone()
    assert now == max(str(value) for value in values(reader, "v_items", "first_seen_at"))
