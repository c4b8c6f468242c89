"""Searching and looking over the state: any query is harmless, what is asked for is found, damage is noticed."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from store_builders import NOW, add, at, poll, refuse, story, watch

from monitor.model import DigestInput, Role, Skipped, Window
from monitor.store import digests, search, sources, stories
from monitor.store.search import Hit, fts_query
from monitor.store.storage import Storage


@pytest.fixture(scope="module")
def index() -> Database:
    """Make a full-text index like that of the state, to be searched only."""
    made = Database(memory=True)
    made.execute("create virtual table t using fts5(title, text, tokenize='unicode61 remove_diacritics 2')")
    made.execute("insert into t values ('Duty on steel', 'a b c')")
    return made


def hits(db: Database, query: str) -> list[int]:
    """Return the ids of the items that a query finds, the best first."""
    found, total = search.search(db, query, limit=50)
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
    (first, second), total = search.search(db, "cocaine", limit=2)
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
    found, total = search.search(db, "cocaine", limit=2)
    assert (len(found), total) == (2, 5)
    assert search.search(db, "--", limit=2) == ([], 0)


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
        ("insert into settle_queue values (77)", "foreign keys"),
    ],
)
def test_damage_is_noticed(storage: Storage, damage: str, check: str) -> None:
    """Each check finds what it is for."""
    with storage.transaction() as db:
        story(db, add(db, "a"), add(db, "b"))
        story(db, add(db, "c"))
    storage.db.execute("pragma foreign_keys = off")
    with storage.transaction() as db:
        db.execute(damage)
    assert search.check(storage.db)[check]
