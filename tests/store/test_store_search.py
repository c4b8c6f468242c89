"""Searching and looking over the state: any query is harmless, what is asked for is found, damage is noticed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from store_builders import NOW, add, at, piece, poll, refuse, story, watch

from monitor.errors import UsageError
from monitor.model import DigestInput, Role, Skipped, Window
from monitor.store import digests, search, sources, spaceless, stories
from monitor.store.query import Query, Term, fts, parse
from monitor.store.search import Hit
from monitor.store.storage import Storage
from monitor.text import fold

TODAY = NOW.date()


@pytest.fixture(scope="module")
def index() -> Database:
    """Make a full-text index like that of the state, to be searched only."""
    made = Database(memory=True)
    made.execute("create virtual table t using fts5(title, text, tokenize='unicode61 remove_diacritics 2')")
    made.execute("insert into t values ('Duty on steel', 'a b c')")
    return made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Open a state that is searched only."""
    with Storage(tmp_path_factory.mktemp("shared")) as opened:
        yield opened.db


def fts_query(query: str) -> str:
    """Return the words and phrases of a query as FTS5 gets them."""
    return fts(parse(query, today=TODAY).terms)


def find(db: Database, query: str, *, limit: int) -> tuple[list[Hit], int]:
    """Search for what somebody types."""
    return search.search(db, parse(query, today=TODAY), limit=limit)


def hits(db: Database, query: str) -> list[int]:
    """Return the ids of the items that a query finds, the best first."""
    found, total = find(db, query, limit=50)
    assert total == len(found)
    return [hit.item_id for hit in found]


# ---------------------------------------------------------------- queries


@settings(max_examples=400)
@given(query=st.text() | st.text(st.sampled_from('ab"*()-+:^{}.\\,\x00 \tANDORT\u200b\ud800é中')))
@example(query='"')
@example(query='a"b*')
@example(query="NEAR(a b, 3)")
@example(query="title:steel")
@example(query="a \udcff")
@example(query="*")
@example(query="\U000e0100 \U0001fae8 \u1c80")
def test_no_query_fails(index: Database, query: str) -> None:
    """Whatever somebody types is a query that FTS5 can run, or nothing to search for."""
    match = fts_query(query)
    if match:
        index.execute("select rowid from t where t match ?", [match]).fetchall()


@given(st.lists(st.sampled_from(["duty", "Steel", '"duty on"', "ste*", "a", "c", "(", "AND", '"', "*", "-"])))
def test_query_finds_what_holds_all_its_words(index: Database, parts: list[str]) -> None:
    """A text is found by any of its words in any case, order and number; AND is a word that it lacks."""
    match = fts_query(" ".join(part for part in parts if part != '"'))
    expected = bool(match) and "AND" not in parts
    assert bool(match and index.execute("select 1 from t where t match ?", [match]).fetchone()) is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("anti-dumping", '"anti-dumping"'),
        ('"rules of origin" HS-code', '"rules of origin" "HS-code"'),
        ("seiz*", '"seiz"*'),
        ("AND OR", '"AND" "OR"'),
        ('say "so', '"say" "so"'),
        ("5' 6\"", '"5\'" "6"'),
        ("  -- !! ", ""),
        ("", ""),
        ('""', ""),
        ("**", ""),
    ],
)
def test_written_form_of_queries(query: str, expected: str) -> None:
    """Words and phrases are quoted, a star at the end of a word is kept, signs alone are nothing."""
    assert fts_query(query) == expected


def test_long_query_runs(index: Database) -> None:
    """Somebody who pastes a whole article gets an answer."""
    index.execute("select 1 from t where t match ?", [fts_query("word* " * 5000)]).fetchall()


# ---------------------------------------------------------------- search


def test_trade_terms_are_found(db: Database) -> None:
    """Terms with hyphens, figures, phrases, beginnings and words without accents are found."""
    duty = add(db, "a", title="Anti-dumping duty on steel", text="HS-code 7208.51 applies. Rules of origin follow.")
    seizure = add(db, "b", title="Gömrük seizes cocaine", text="Origin of the rules unknown; dumping is not alleged.")
    assert hits(db, "anti-dumping") == hits(db, "HS-code") == hits(db, "7208.51") == [duty]
    assert hits(db, '"rules of origin"') == [duty]
    assert sorted(hits(db, "rules origin")) == [duty, seizure]
    assert hits(db, "seiz*") == hits(db, "gomruk COCAINE") == [seizure]
    assert hits(db, "cocaine steel") == []


def test_title_counts_more_than_text(db: Database) -> None:
    """A piece that names the word in its title comes before one that only mentions it."""
    mention = add(db, "a", title="Ferries are late", text="The strike at customs goes on.")
    headline = add(db, "b", title="Customs strike goes on", text="Ferries are late.")
    assert hits(db, "customs") == [headline, mention]


def test_hit_shows_where_it_matches(db: Database) -> None:
    """A hit names its story and outlet and shows the passage, with the words marked."""
    item_id = add(db, "a", text="Before that nothing. Officers found cocaine in a crate.", url="https://quay.example/a")
    story_id = story(db, item_id)
    undated = add(db, "b", text="More cocaine.", published_at=None)
    (first, second), total = find(db, "cocaine", limit=2)
    hit = first if first.item_id == item_id else second
    snippet = "Before that nothing. Officers found [cocaine] in a crate."
    expected = (story_id, "Quay Courier", "Title of a", "https://quay.example/a", "2026-11-20T10:00:00Z", snippet)
    assert hit == Hit(item_id, *expected)
    other = second if hit is first else first
    assert (other.item_id, other.story_id, other.at, total) == (undated, None, "2026-11-20T12:00:00Z", 2)


def test_limit_bounds_the_hits_not_the_count(db: Database) -> None:
    """Who sees the best matches only learns how many there are."""
    for number in range(5):
        add(db, f"k{number}", text="cocaine")
    found, total = find(db, "cocaine", limit=2)
    assert (len(found), total) == (2, 5)
    assert find(db, "--", limit=2) == ([], 0)


# ---------------------------------------------------------------- filters


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("duty lang:RU", Query((Term("duty"),), langs=("ru",))),
        ('outlet:"Quay Courier" OUTLET:pier', Query(outlets=("Quay Courier", "pier"))),
        ("series:council seiz*", Query((Term("seiz", prefix=True),), series=("council",))),
        ("since:2026-11-21 until:2026-11-21", Query(since=date(2026, 11, 21), until=date(2026, 11, 22))),
        ("since:2026-11 until:2026-12", Query(since=date(2026, 11, 1), until=date(2027, 1, 1))),
        ("since:2025 until:2025", Query(since=date(2025, 1, 1), until=date(2026, 1, 1))),
        ("since:7d since:2d", Query(since=date(2026, 11, 15))),
        ("HS:8471 NOTsince:7d", Query((Term("HS:8471"), Term("NOTsince:7d")))),
        ("lang:ru,lang:az", Query(langs=("ru,lang:az",))),
    ],
)
def test_filters_are_understood(typed: str, expected: Query) -> None:
    """Filters are told from words; those of one name add up, periods are taken whole."""
    assert parse(typed, today=TODAY) == expected


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("since:yesterday", "since:yesterday names no day"),
        ("until:2026-13", "until:2026-13 names no day"),
        ("since:2026-02-30", "since:2026-02-30 names no day"),
        ("since:9999d", "since:9999d names no day"),
        ("until:9999", "until:9999 names no day"),
        ("lang:", "lang: has no value"),
        ('outlet: "Quay"', "outlet: has no value"),
        ('series:""', "series: has no value"),
    ],
)
def test_filter_that_cannot_be_meant_is_refused(typed: str, named: str) -> None:
    """A wrong value is named in one line that says what is allowed."""
    with pytest.raises(UsageError, match=named) as raised:
        parse(typed, today=TODAY)
    assert "write" in str(raised.value)


@given(st.text() | st.from_regex(r"(since|until|lang|outlet|series|SINCE):[\w\-\" :*]*", fullmatch=True))
def test_everything_typed_is_a_query_or_refused(typed: str) -> None:
    """Whatever is typed becomes a query or a message to the one who typed it."""
    try:
        query = parse(typed, today=TODAY)
    except UsageError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right
    else:
        assert fts(query.terms).count('"') % 2 == 0


def test_filters_narrow_a_search(db: Database) -> None:
    """Outlets are found by any part of their names, with and without accents; languages, days and series exactly."""
    first = add(db, "a", text="cocaine", lang="az", outlet_id="Gömrük Xəbər", published_at=at("18 23:59"))
    second = add(db, "b", text="cocaine", lang="ru", published_at=at("19 00:00"))
    third = add(db, "c", text="cocaine", lang="ru", published_at=at("21 10:00"))
    stories.set_edition(db, story(db, second), ("k", "Policy Commission", "88th", "088"))
    assert hits(db, "cocaine outlet:gomruk") == hits(db, "outlet:xəbər lang:az") == [first]
    assert hits(db, "cocaine lang:ru") == hits(db, "lang:ru") == [third, second]
    assert hits(db, "since:2026-11-19 until:2026-11-19") == hits(db, "series:policy") == [second]
    assert hits(db, "since:1d") == [third]
    assert hits(db, "outlet:nobody") == hits(db, "series:council cocaine") == hits(db, "cocaine until:2025") == []


def test_search_without_words_shows_the_newest_first(db: Database) -> None:
    """Filters alone list items by time, with how each begins."""
    old, new = add(db, "a", text="Old text."), add(db, "b", text="New text.", published_at=at("20 11:00"))
    found, total = find(db, "since:2026", limit=1)
    assert ([(hit.item_id, hit.snippet) for hit in found], total) == ([(new, "New text.")], 2)
    assert hits(db, "outlet:quay") == [new, old]


# ---------------------------------------------------------------- scripts without spaces


def add_spaceless(db: Database, key: str, **changes: str) -> int:
    """Store a piece and index its letters."""
    item_id = add(db, key, **changes)
    data = piece(key, **changes)
    spaceless.index(db, item_id, data.title, data.text)
    return item_id


def test_words_within_a_run_of_letters_are_found(db: Database) -> None:
    """Words of one letter and more are found wherever they stand; letters in another order are another word."""
    chinese = add_spaceless(db, "a", title="海关查获走私香烟", text="货物来自境外，已征收关税。")
    japanese = add_spaceless(db, "b", title="税関、覚醒剤を押収", text="WTOは関税率を公表した。")
    thai = add_spaceless(db, "c", title="ศุลกากรยึดบุหรี่", text="ภาษีนำเข้า")
    english = add_spaceless(db, "d", title="Customs seize cigarettes", text="WTO members met.")
    assert hits(db, "走私") == hits(db, "查获 香烟") == hits(db, '"走私香烟"') == hits(db, "走私*") == [chinese]
    assert sorted(hits(db, "税")) == [chinese, japanese]
    assert hits(db, "烟") == hits(db, "征收关税") == [chinese]
    assert hits(db, "関税") == hits(db, "wto 関税率") == [japanese]
    assert hits(db, "บุหรี่") == hits(db, "ยึด") == [thai]
    assert sorted(hits(db, "WTO")) == [japanese, english]
    assert hits(db, "私走") == hits(db, "走私 会议") == hits(db, "烟货") == []


def test_spaceless_hit_shows_where_it_matches(db: Database) -> None:
    """The passage around a word within a run is shown with the word marked; both ends tell what was cut."""
    add_spaceless(db, "a", title="海关", text="前" * 50 + "走私" + "后" * 50)
    (hit,), _ = find(db, "走私", limit=5)
    assert hit.snippet == "… " + "前" * 40 + "[走私]" + "后" * 40 + " …"


def test_passage_of_a_word_that_stands_nowhere_is_the_beginning() -> None:
    """A word that matches in another form, such as in wide letters, shows how the last text begins."""
    assert spaceless.passage(("text", "ＷＴＯは"), ["wto"]) == "ＷＴＯは"


def test_items_of_one_transaction_are_indexed_together(storage: Storage) -> None:
    """What is stored in one transaction makes one segment of the index, which each statement would otherwise make."""
    with storage.transaction() as db:
        for n in range(5):
            add(db, f"quay {n}", text=f"Officers of quay {n} 扣留 tea.")
    for table in ("items_fts_idx", "items_spaceless_fts_idx"):
        assert storage.db.execute(f"select count(distinct segid) from {table}").fetchone() == (1,)
    assert [i for (i,) in storage.db.execute("select rowid from items_fts where items_fts match 'officers'")] == [
        1,
        2,
        3,
        4,
        5,
    ]


def test_only_other_words_are_indexed_anew(storage: Storage) -> None:
    """An item whose title and text stay as they are is left alone by the index of words."""
    with storage.transaction() as db:
        add(db, "quay")
    segments = "select id, block from items_fts_data"
    before = storage.db.execute(segments).fetchall()
    with storage.transaction() as db:
        db.execute("update items set author = 'Ada Moor', page_attempts = 3")
    assert storage.db.execute(segments).fetchall() == before
    with storage.transaction() as db:
        db.execute("update items set text = 'Tulips.'")
    assert storage.db.execute("select rowid from items_fts where items_fts match 'tulips'").fetchall() == [(1,)]
    assert storage.db.execute("select rowid from items_fts where items_fts match 'text'").fetchall() == []


def test_item_is_indexed_by_its_newest_letters_only(db: Database) -> None:
    """Indexing anew replaces what was there, and a text without such letters is forgotten, as is a deleted item."""
    item_id = add_spaceless(db, "a", title="走私", text="")
    spaceless.index(db, item_id, "查获", "")
    assert (hits(db, "获"), hits(db, "私")) == ([item_id], [])
    spaceless.index(db, item_id, "seized", "")
    count = "select count(*) from items_spaceless_fts"
    assert db.execute(count).fetchone() == (0,)
    spaceless.index(db, item_id, "查获", "")
    db.execute("delete from item_keys")
    db.execute("delete from items")
    assert db.execute(count).fetchone() == (0,)


@pytest.mark.parametrize(
    "text", ["Customs", "Gömrük xidməti", "таможня", "सीमा शुल्क", "الجمارك", "세관", "£ 5 – 🛃", ""]
)
def test_scripts_with_spaces_stay_out_of_the_index_of_letters(db: Database, text: str) -> None:
    """What the index of words finds is not held twice."""
    spaceless.index(db, add(db, "a"), text, text)
    assert db.execute("select count(*) from items_spaceless_fts").fetchone() == (0,)


@given(st.text(st.sampled_from('走私関税カーรั่บWa 1.\u0301\u3099。"*')))
def test_setting_apart_adds_nothing_but_blanks(text: str) -> None:
    """Letters are only set apart: without its blanks the text is the folded one, and no two letters touch."""
    apart = spaceless.apart(text)
    assert apart.replace(" ", "") == fold(text).replace(" ", "")
    assert not re.search("[走私関税][走私関税Wwa1]|a[走私関税]", apart)


@settings(max_examples=50)
@given(query=st.text(st.sampled_from('a走私รั"*()-:^ \u0301\u200b\ud800')))
def test_no_query_of_letters_fails(shared: Database, query: str) -> None:
    """Whatever mixture is typed is a query that both indexes can run."""
    find(shared, query, limit=5)


# ---------------------------------------------------------------- overviews


def test_overview_of_a_state(db: Database) -> None:
    """The overview counts what there is, without what was merged, and shows the newest run of each kind."""
    front, _ = watch(db, "front", "trade")
    poll(db, front, at("20 12:00"))
    poll(db, front, at("21 12:00"))
    kept, gone = story(db, add(db, "a")), stories.create(db, add(db, "b"), NOW)
    stories.merge(db, gone, kept)
    refuse(db, "c")
    stories.queue(db, [1])
    overview = search.overview(db)
    assert overview.totals == {
        "items": 2, "stories": 1, "copies": 0, "series": 0, "dropped": 1, "left_out": 0, "digests": 0,
        "waiting_to_settle": 1,
    }  # fmt: skip
    assert [run["started_at"] for run in overview.last_runs] == ["2026-11-21T12:00:00Z"]
    assert [row["source_id"] for row in overview.sources] == ["front", "trade"]
    assert overview.last_digest is None


def test_overview_names_the_last_digest(db: Database) -> None:
    """The digest of the latest day is shown, whichever was written last."""
    for day in (at("21 00:00"), at("20 00:00")):
        source = DigestInput(day.date(), "UTC", Window(day, at("22 00:00")), (), (), 0)
        digests.record(db, source, [], sha256="x", final=True, now=NOW)
    last = search.overview(db).last_digest
    assert last is not None
    assert last["digest_date"] == "2026-11-21"


def test_left_out_lists_drops_and_bad_lines_together(db: Database) -> None:
    """Whatever is missing is listed newest first, up to a limit."""
    watch(db, "front")
    refuse(db, "a", source_id="front")
    refuse(db, "b", title="", url="https://quay.example/b", dropped_at=at("21 12:00"))
    run_id = sources.start_run(db, "import", NOW)
    sources.leave_out(db, run_id, None, [Skipped("old.jsonl:3", "no id")])
    rows = search.left_out(db, limit=10)
    assert [row["what"] for row in rows] == ["old.jsonl:3", "https://quay.example/b", "Title of a"]
    assert rows[0]["reason"] == "no id"
    assert len(search.left_out(db, limit=1)) == 1


def test_newest_moment_is_that_of_the_runs(db: Database) -> None:
    """The clock check compares with the last thing a run wrote."""
    assert search.newest_moment(db) is None
    run_id = sources.start_run(db, "pass", at("20 12:00"))
    assert search.newest_moment(db) == at("20 12:00")
    sources.end_run(db, run_id, at("20 12:05"))
    assert search.newest_moment(db) == at("20 12:05")


def test_sources_and_their_polls_are_listed(db: Database) -> None:
    """A source shows what it brought; its polls come newest first, up to a limit."""
    front, _ = watch(db, "front", "trade")
    add(db, "a", source_id="front")
    refuse(db, "b", source_id="front")
    for hour in (10, 11, 12):
        poll(db, front, at(f"20 {hour}:00"), new=hour)
    assert [(row["source_id"], row["items"], row["dropped"]) for row in search.source_rows(db)] == [
        ("front", 1, 1),
        ("trade", 0, 0),
    ]
    assert [row["new"] for row in search.poll_history(db, "front", limit=2)] == [12, 11]
    assert search.poll_history(db, "trade", limit=2) == []


def test_history_of_a_story_is_listed(db: Database) -> None:
    """The changes of a story come in their order, those of others are left out."""
    item_id = add(db, "a")
    one, two = story(db, item_id), story(db, add(db, "b"))
    stories.note(db, one, at("20 12:00"), "created", "alone", item_id=item_id)
    stories.note(db, two, at("20 12:00"), "created", "alone")
    stories.note(db, one, at("21 12:00"), "lead", "earlier", item_id=item_id)
    assert [row["change"] for row in search.history_of(db, one)] == ["created", "lead"]


# ---------------------------------------------------------------- finding one item


def test_item_is_found_by_id_external_id_or_address(db: Database) -> None:
    """A person may name an item by whatever is at hand; its number in the state comes first."""
    first = add(db, "a", external_id="2")
    second = add(db, "b", external_id="doc-7", url="https://quay.example/b")
    assert search.find_item(db, str(first)) == first
    assert search.find_item(db, "2") == second
    assert search.find_item(db, "doc-7") == search.find_item(db, "https://quay.example/b") == second


@pytest.mark.parametrize("name", ["", "nobody", "99", "-1", "9" * 40, "１", "\x00", "a\udcff"])
def test_unknown_names_find_nothing(db: Database, name: str) -> None:
    """A name that no item has is no error."""
    add(db, "a")
    assert search.find_item(db, name) is None


def test_details_of_an_item(db: Database) -> None:
    """What is known of an item comes without its text, with the sources that brought it."""
    watch(db, "front")
    item_id = add(db, "a", source_id="front", removed=("Follow us",))
    details = search.item_details(db, item_id)
    assert "text" not in details
    assert (details["item_id"], details["outlet"], details["sources"]) == (item_id, "Quay Courier", "front")
    assert search.removed_blocks(db, item_id) == ["Follow us"]


def test_showpiece_is_the_story_of_most_outlets(db: Database) -> None:
    """The demo points at the story that most outlets report and at one of its items."""
    story(db, add(db, "a"), add(db, "b"), add(db, "c"))
    lead, other = add(db, "d"), add(db, "e", outlet_id="Pier")
    best = story(db, lead, other)
    assert search.showpieces(db) == (best, lead)


# ---------------------------------------------------------------- checks


def test_sound_state_passes_every_check(db: Database) -> None:
    """A state as the monitor leaves it has no problems."""
    story(db, add(db, "a"), add(db, "b"), roles=(Role.REPRINT,))
    stories.queue(db, [add(db, "c")])
    assert {check for check, problems in search.check(db).items() if problems} == set()
    assert search.check(db)["foreign keys"] == []


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("delete from story_items where item_id = 2", "items without a story"),
        ("delete from story_items", "stories without items"),
        ("update stories set lead_item_id = 3", "stories whose lead is elsewhere"),
        ("insert into bands (band, item_id) values (1, 1)", "bands without a signature"),
        ("delete from items_fts where rowid = 1", "full-text index"),
        ("insert into items_fts (rowid, title, text) values (1, 'more', 'words')", "full-text index"),
        ("update items_spaceless_fts_content set c0 = 'x'", "full-text index"),
        ("insert into settle_queue (item_id) values (77)", "foreign keys"),
    ],
)
def test_damage_is_noticed(storage: Storage, damage: str, check: str) -> None:
    """Each check finds what it is for."""
    with storage.transaction() as db:
        story(db, add(db, "a"), add(db, "b"))
        story(db, add_spaceless(db, "c", title="走私"))
    storage.db.execute("pragma foreign_keys = off")
    with storage.transaction() as db:
        db.execute(damage)
    assert search.check(storage.db)[check]
    assert not storage.db.conn.in_transaction


def test_damage_that_stops_a_check_is_its_problem(tmp_path: Path) -> None:
    """Overwritten pages of items keep several checks from running: each says so, and the others run."""
    with Storage(tmp_path) as storage:
        with storage.transaction() as db:
            story(db, add(db, "a", text="Officers found it. " * 3000), add(db, "b"))
        query = "select rootpage from sqlite_master where tbl_name = 'items' and rootpage > 0"
        pages = [page for (page,) in storage.db.execute(query)]
    with storage.path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * 4096)
            file.write(b"\xff" * 4096)
    with Storage(tmp_path) as storage:
        found = search.check(storage.db)
    assert "cannot be checked: database disk image is malformed" in found["items without a story"]
    assert found["database integrity"]
    assert found["bands without a signature"] == []


def test_bug_in_a_check_is_no_damage(storage: Storage) -> None:
    """A wrong statement crashes as what it is."""
    storage.db.execute("drop table bands")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        search.check(storage.db)
