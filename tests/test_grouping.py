"""From pieces to reprints and stories in a real state: copies, editions, late originals, merges, splits, any order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pieces import (
    BODY_ONLY,
    BOTH,
    COURT,
    GROUPING,
    NOW,
    SEIZURE,
    SEIZURE_AGAIN,
    SEIZURE_AGAIN_TITLE,
    SEIZURE_TITLE,
    SEIZURE_TRIMMED,
    TARIFF,
    TARIFF_TITLE,
    at,
    history,
    partition,
    piece,
    reprints,
    roles,
    session,
    sets,
    stories,
    take,
)
from sqlite_utils import Database

from monitor import importing, settling
from monitor.components import Batch, Component
from monitor.dedup import sketch
from monitor.dedup.shingle import shingles
from monitor.dedup.verify import is_copy, likeness
from monitor.linking import GroupingSettings
from monitor.store import search, sketches
from monitor.store import stories as stored
from monitor.store.storage import Storage
from monitor.stories.score import PairModel

FIRST = piece("first", SEIZURE_TITLE, SEIZURE, "19 08:00")
COPY = piece("copy", "Cocaine behind bananas in Port Veldt", SEIZURE, "19 10:00")
TRIMMED = piece("trimmed", SEIZURE_TITLE, SEIZURE_TRIMMED, "19 12:00")
AGAIN = piece("again", SEIZURE_AGAIN_TITLE, SEIZURE_AGAIN, "19 09:00")
TILES = piece("tiles", TARIFF_TITLE, TARIFF, "18 10:00")

OFFICE = """The customs office of {name} took {sum} million crowns in duties and taxes in {month} 2026, its head said. \
That is {more} percent more than in the same month of the year before.
Most of it came from fuel, cars and machines, as in the months before. The office expects that the growth goes on and \
thanks the traders of {name} for their honest declarations."""


def revenue(name: str, month: str, money: str, more: str, published: str) -> dict[str, Any]:
    """Return the monthly report of a customs office."""
    text = OFFICE.format(name=name, month=month, sum=money, more=more)
    return piece(f"{name}-{month}", f"{name} customs revenue rises in {month} 2026", text, published)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """Open an empty state."""
    with Storage(tmp_path / "state") as opened:
        yield opened


def places(db: Database, *columns: str) -> dict[str, tuple[Any, ...]]:
    """Return some columns of each piece's place."""
    rows = db.execute(f"select external_id, {', '.join(columns)} from v_story_items")
    return {name: tuple(values) for name, *values in rows}


# ---------------------------------------------------------------- reprints


def test_verbatim_and_trimmed_copies_point_at_the_original(storage: Storage) -> None:
    """A copy under another title and one of the first paragraphs only are reprints, independent coverage is not."""
    take(storage, [FIRST, COPY, TRIMMED, AGAIN, TILES])
    assert reprints(storage.db) == {"copy": "first", "trimmed": "first"}
    figures = storage.db.execute("select external_id, kind, jaccard, containment from v_reprints order by 1").fetchall()
    assert figures[0] == ("copy", "reprint", 1.0, 1.0)
    assert figures[1][:2] == ("trimmed", "reprint")
    assert 0.25 < figures[1][2] < 0.7 < figures[1][3] <= 1.0
    assert partition(storage.db) == sets("first copy trimmed again", "tiles")
    assert roles(storage.db) == {
        "first": "lead", "copy": "reprint", "trimmed": "reprint", "again": "coverage", "tiles": "lead",
    }  # fmt: skip


def test_copy_of_a_copy_points_at_the_original(storage: Storage) -> None:
    """There are no chains: whoever copied whom, all copies name the earliest text."""
    for n, name in enumerate("abcd"):
        take(storage, [piece(name, f"Title {name}", SEIZURE, f"19 {10 + n}:00")])
    assert reprints(storage.db) == dict.fromkeys("bcd", "a")


def test_short_notes_are_compared_with_their_titles(storage: Storage) -> None:
    """Two short notes with one sentence in common are no copies; with the title in common they are."""
    same = "The port stays closed to lorries until noon, the customs office said in a short note today."
    take(
        storage,
        [
            piece("a", "Storm closes terminal two in Lorne to all lorries from abroad", same, "19 10:00"),
            piece("b", "Storm closes terminal two in Lorne to all lorries from abroad", same, "19 11:00"),
            piece("c", "Strike of the weighing crews in Merrow goes into its third and last week", same, "19 12:00"),
        ],
    )
    assert reprints(storage.db) == {"b": "a"}


def test_pieces_without_words_stand_alone(storage: Storage) -> None:
    """Titles of signs only are neither copies of each other nor one event, and disturb nothing."""
    take(storage, [piece("a", "!!!", ""), piece("b", "!!!", ""), piece("c", "---", "???"), TILES])
    assert reprints(storage.db) == {}
    assert partition(storage.db) == sets("a", "b", "c", "tiles")


def test_copies_are_found_inside_one_batch_and_across_runs(storage: Storage) -> None:
    """It does not matter whether the original is stored already or comes in the same batch."""
    take(storage, [FIRST, COPY])
    take(storage, [piece("late", "Once more", SEIZURE, "21 10:00"), TRIMMED])
    assert reprints(storage.db) == {"copy": "first", "late": "first", "trimmed": "first"}


def test_signatures_of_another_recipe_are_made_anew(storage: Storage) -> None:
    """A state that another version signed is signed again before anything is compared, and its old bands are gone."""
    db = storage.db
    take(storage, [FIRST, TILES])
    bands = "select band, item_id from bands order by band, item_id"
    before = [list(db.execute(query)) for query in ("select * from signatures", bands)]
    ids = [item_id for (item_id,) in db.execute("select item_id from signatures")]
    with storage.transaction():
        db.execute("delete from bands")
        for number, item_id in enumerate(ids):
            old = bytes([number]) * 4 * sketch.PERMUTATIONS
            db.execute("delete from signatures where item_id = ?", [item_id])
            recipe = "A recipe" if number else "of the zenith"
            sketches.save_signatures(db, recipe, [sketches.NewSignature(item_id, 9, old, sketch.bands(old))])
    assert sorted(sketches.signed_otherwise(db, sketch.RECIPE)) == ids
    take(storage, [COPY])
    assert reprints(db) == {"copy": "first"}
    assert sketches.signed_otherwise(db, sketch.RECIPE) == []
    with storage.transaction():
        (copy,) = {item_id for (item_id,) in db.execute("select item_id from signatures")} - set(ids)
        sketches.forget_signature(
            db, copy, [band for (band,) in db.execute("select band from bands where item_id = ?", [copy])]
        )
    assert [list(db.execute(query)) for query in ("select * from signatures", bands)] == before


def test_copy_of_years_ago_is_still_a_copy(storage: Storage) -> None:
    """Reprints know no window, stories do: an old text that is printed again is a copy with a story of its own."""
    old = piece("old", SEIZURE_TITLE, SEIZURE) | {"published": "2019-03-01T10:00:00+00:00"}
    take(storage, [old])
    take(storage, [COPY])
    assert reprints(storage.db) == {"copy": "old"}
    assert partition(storage.db) == sets("old", "copy")
    again = piece("again", "Once more", SEIZURE, "20 12:00")
    take(storage, [again])
    assert reprints(storage.db) == {"copy": "old", "again": "old"}
    assert partition(storage.db) == sets("old", "copy again")
    assert roles(storage.db) == {"old": "lead", "copy": "lead", "again": "reprint"}
    assert "copies item" in str(places(storage.db, "reason")["copy"])


# ---------------------------------------------------------------- editions


def test_editions_are_neither_copies_nor_one_story(storage: Storage) -> None:
    """Two sessions in one wording are two stories of one series, and each knows the other as the closest one refused."""
    pieces = [session("88th", "Monday", "s88", "02 10:00"), session("89th", "Monday", "s89", "08 10:00")]
    assert is_copy(likeness(*(shingles(p["text"]) for p in pieces)))
    take(storage, pieces)
    assert reprints(storage.db) == {}
    assert partition(storage.db) == sets("s88", "s89")
    ids = stories(storage.db)
    assert places(storage.db, "runner_up_story_id")["s89"] == (ids["s88"],)
    assert "another edition: 88th" in str(places(storage.db, "runner_up_reason")["s89"])
    rows = storage.db.execute("select story_id, edition, previous_story_id, next_story_id from v_series").fetchall()
    assert rows == [(ids["s88"], "88th", None, ids["s89"]), (ids["s89"], "89th", ids["s88"], None)]


def test_copy_of_an_edition_joins_its_own_edition(storage: Storage) -> None:
    """A reprint of the second session belongs to it, though it is nearly a copy of the first one as well."""
    take(
        storage,
        [
            session("88th", "Monday", "s88", "10 10:00"),
            session("89th", "Tuesday", "s89", "16 10:00"),
            session("89th", "Tuesday", "s89-again", "16 12:00"),
            session("88th", "Monday", "s88-again", "17 12:00"),
        ],
    )
    assert reprints(storage.db) == {"s89-again": "s89", "s88-again": "s88"}
    assert partition(storage.db) == sets("s88 s88-again", "s89 s89-again")


def test_months_and_sister_offices_are_kept_apart(storage: Storage) -> None:
    """One template filled in for two months, or by two offices, is three pieces of news."""
    pieces = [
        revenue("Lorne", "September", "412", "4", "05 10:00"),
        revenue("Lorne", "October", "437", "6", "12 10:00"),
        revenue("Merrow", "October", "95", "2", "12 11:00"),
    ]
    assert is_copy(likeness(*(shingles(p["text"]) for p in pieces[:2])))
    take(storage, pieces)
    assert reprints(storage.db) == {}
    assert len(partition(storage.db)) == 3


def test_later_piece_cannot_bridge_two_editions(storage: Storage) -> None:
    """A report that is close to both editions joins at most one of them."""
    take(storage, [session("88th", "Monday", "s88", "14 10:00"), session("89th", "Monday", "s89", "16 10:00")])
    take(storage, [session("89th", "Monday", "x", "16 12:00") | {"title": "Harbour Tariff Committee opens session"}])
    ids = stories(storage.db)
    assert ids["s88"] != ids["s89"]


# ---------------------------------------------------------------- later runs


def test_earlier_original_that_comes_late_becomes_the_original(storage: Storage) -> None:
    """The copy was seen first; when the earlier text arrives, the copy points at it and the story keeps its id."""
    take(storage, [COPY, TRIMMED])
    (story_id,) = set(stories(storage.db).values())
    assert reprints(storage.db) == {"trimmed": "copy"}
    take(storage, [FIRST])
    assert reprints(storage.db) == {"copy": "first", "trimmed": "first"}
    assert set(stories(storage.db).values()) == {story_id}
    assert roles(storage.db) == {"first": "lead", "copy": "reprint", "trimmed": "reprint"}
    assert history(storage.db, story_id) == ["created", "joined", "lead"]


def test_stories_keep_their_ids_over_runs(storage: Storage) -> None:
    """What comes later joins the story that is there; what is there keeps its number and its history."""
    take(storage, [FIRST, TILES])
    before = stories(storage.db)
    take(storage, [AGAIN, COPY])
    take(storage, [session("88th", "Monday", "s88", "20 10:00")])
    after = stories(storage.db)
    assert {name: after[name] for name in before} == before
    assert after["again"] == after["copy"] == before["first"]
    assert after["s88"] not in before.values()
    assert history(storage.db, before["first"]) == ["created", "joined", "joined"]
    assert history(storage.db, before["tiles"]) == ["created"]


def test_settling_again_changes_nothing(storage: Storage) -> None:
    """A run that brings nothing looks at nothing; one that brings something else leaves the other stories alone."""
    take(storage, [FIRST, COPY, AGAIN])
    before = places(storage.db, "*"), history(storage.db, 1)
    with storage.transaction() as db:
        assert settling.settle_queue(db, GROUPING, NOW) == 0
    assert take(storage, [TILES]).settled == 1
    assert (places(storage.db, "*")["first"], history(storage.db, 1)) == (before[0]["first"], before[1])


def test_merge_leaves_a_redirect_and_its_history(storage: Storage) -> None:
    """A report that tells both sides makes two stories one: the older id stays, the other one leads to it."""
    take(storage, [FIRST, COURT], grouping=BODY_ONLY)
    kept, gone = stories(storage.db)["first"], stories(storage.db)["court"]
    assert kept < gone
    take(storage, [BOTH], grouping=BODY_ONLY)
    assert partition(storage.db) == sets("first court both")
    assert set(stories(storage.db).values()) == {kept}
    assert storage.db.execute("select id, merged_into from stories order by id").fetchall() == [
        (kept, None),
        (gone, kept),
    ]
    assert stored.resolve(storage.db, gone) == kept
    assert history(storage.db, kept) == ["created", "merged", "joined"]
    assert history(storage.db, gone) == ["created", "merged"]
    assert [row["story_id"] for row in storage.db.query("select story_id from v_stories")] == [kept]


def test_split_gives_the_rest_a_new_id(storage: Storage) -> None:
    """When what held a story together is retracted, the part with the lead keeps the id and the history tells where the rest went."""
    take(storage, [FIRST, COURT, BOTH], grouping=BODY_ONLY)
    (old,) = set(stories(storage.db).values())
    take(storage, [BOTH | {"title": TARIFF_TITLE, "text": TARIFF}], grouping=BODY_ONLY)
    after = stories(storage.db)
    assert partition(storage.db) == sets("first", "court", "both")
    assert after["first"] == old
    assert dict(storage.db.execute("select id, split_from from stories")) == {
        old: None,
        after["court"]: old,
        after["both"]: old,
    }
    assert history(storage.db, after["court"]) == ["split", "joined"]
    assert history(storage.db, old) == ["created", "joined", "joined", "left", "left"]
    went = storage.db.execute(
        "select item_id, other_story_id from v_story_history where story_id = ? and change = 'left'", [old]
    )
    names = dict(storage.db.execute("select item_id, external_id from v_items"))
    assert {names[item]: other for item, other in went} == {"court": after["court"], "both": after["both"]}


def test_merged_and_split_again_keeps_every_id_resolving(storage: Storage) -> None:
    """An id that was merged away is never used again, even when its pieces part once more."""
    take(storage, [FIRST, COURT], grouping=BODY_ONLY)
    first, court = stories(storage.db)["first"], stories(storage.db)["court"]
    take(storage, [BOTH], grouping=BODY_ONLY)
    take(storage, [BOTH | {"title": TARIFF_TITLE, "text": TARIFF}], grouping=BODY_ONLY)
    assert stored.resolve(storage.db, court) == first
    assert stories(storage.db)["court"] not in (first, court)
    assert search.check(storage.db)["stories without items"] == []


def test_revised_piece_is_grouped_anew(storage: Storage) -> None:
    """A copy that is rewritten leaves its original and joins what it reports now, and the other way round."""
    take(storage, [FIRST, COPY, TILES])
    rewritten = COPY | {"title": TARIFF_TITLE, "text": TARIFF}
    take(storage, [rewritten])
    assert reprints(storage.db) == {"copy": "tiles"}
    assert partition(storage.db) == sets("first", "tiles copy")
    take(storage, [COPY])
    assert reprints(storage.db) == {"copy": "first"}
    assert partition(storage.db) == sets("first copy", "tiles")


def test_rewritten_original_hands_over_to_its_earliest_copy(storage: Storage) -> None:
    """When an original becomes another text, its copies are copies of the earliest of them."""
    take(storage, [FIRST, COPY, piece("third", "Once more", SEIZURE, "19 14:00")])
    take(storage, [FIRST | {"title": TARIFF_TITLE, "text": TARIFF}])
    assert reprints(storage.db) == {"third": "copy"}
    assert partition(storage.db) == sets("first", "copy third")


def test_corrected_edition_changes_its_marks(storage: Storage) -> None:
    """A number that was wrong at first is corrected, and the piece moves to its edition."""
    take(storage, [session("88th", "Monday", "a", "14 10:00"), session("89th", "Monday", "b", "16 10:00")])
    corrected = session("88th", "Monday", "b", "16 10:00")
    take(storage, [corrected])
    assert partition(storage.db) == sets("a b")
    assert storage.db.execute("select edition from v_series").fetchall() == [("88th",)]


# ---------------------------------------------------------------- the window


def test_coverage_outside_the_window_is_another_story(storage: Storage) -> None:
    """The same kind of event three weeks later is not the same event; an undated report may be."""
    early = FIRST | {"published": (at("19 08:00") - timedelta(days=21)).isoformat()}
    take(storage, [early, AGAIN])
    assert partition(storage.db) == sets("first", "again")
    take(storage, [AGAIN | {"id": "undated", "published": None, "text": SEIZURE_AGAIN.replace("turned out", "proved")}])
    assert stories(storage.db)["undated"] in (stories(storage.db)["first"], stories(storage.db)["again"])


def on_day(name: str, day: float, title: str, text: str) -> dict[str, Any]:
    """Return a piece published so many days after the first of June."""
    start = at("01 08:00").replace(month=6)
    return piece(name, title, text) | {"published": (start + timedelta(days=day)).isoformat()}


def test_topic_that_goes_on_is_settled_window_by_window(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces on one topic over 120 days: a new one is settled with what is near it only."""
    sizes: list[int] = []
    scored = settling.scored

    def watched(db: Database, batch: Batch, grouping: GroupingSettings) -> Iterator[Component]:
        for part in scored(db, batch, grouping):
            sizes.append(len(part.ids))
            yield part

    monkeypatch.setattr(settling, "YOUNG_ITEMS", 0)
    monkeypatch.setattr(settling, "scored", watched)
    # every piece is linked to those of its window, none is close enough on average to join their story
    linked_only = GroupingSettings(
        PairModel((6.0, 0.0, 0.0, 0.0, 0.0, 0.0), gap=-0.2, intercept=-4.0, operating_point=0.4)
    )
    days = range(0, 120, 2)
    for day in days:
        drifting = " ".join(SENTENCES[(day // 2 + n) % 24] for n in range(8))
        take(storage, [on_day(f"d{day}", day, f"Talks, day {day}", f"{TARIFF} {drifting}")], grouping=linked_only)
    assert max(sizes) <= 1 + 14 // 2 + max(len(group) for group in partition(storage.db))
    assert max(sizes) < len(days) / 2
    assert {check: problems for check, problems in search.check(storage.db).items() if problems} == {}
    assert len(stories(storage.db)) == len(days)


@pytest.mark.parametrize(("last", "joins"), [(14, True), (15, False)])
def test_story_takes_no_piece_after_the_window(storage: Storage, last: int, joins: bool) -> None:
    """A piece joins a story on the last day of the window but not a day later; an undated piece close to both ties them."""
    loose = GroupingSettings(PairModel((10.0, 0.0, 0.0, 0.0, 0.0, 0.0), gap=0.0, intercept=-2.0, operating_point=0.3))
    take(storage, [on_day("first", 0, SEIZURE_TITLE, SEIZURE)], grouping=loose)
    take(storage, [on_day("new", last, SEIZURE_AGAIN_TITLE, SEIZURE_AGAIN)], grouping=loose)
    together = stories(storage.db)["first"] == stories(storage.db)["new"]
    assert together is joins
    undated = BOTH | {"published": None}
    take(storage, [undated], grouping=loose)
    assert partition(storage.db) == sets("first new both")


def test_gap_is_cut_alike_in_one_import_and_in_many_passes(storage: Storage, tmp_path: Path) -> None:
    """Pieces that lie further apart than the window and have only each other are two stories, however they arrive."""
    loose = GroupingSettings(PairModel((10.0, 0.0, 0.0, 0.0, 0.0, 0.0), gap=0.0, intercept=-2.0, operating_point=0.3))
    pieces = [
        on_day("first", 0, SEIZURE_TITLE, SEIZURE),
        on_day("again", 20, SEIZURE_AGAIN_TITLE, SEIZURE_AGAIN),
        on_day("copy", 40, SEIZURE_TITLE, SEIZURE),
    ]
    take(storage, pieces, grouping=loose)
    with Storage(tmp_path / "passes") as other:
        for one in pieces:
            take(other, [one], grouping=loose)
        assert partition(other.db) == partition(storage.db) == sets("first", "again", "copy")
        assert reprints(other.db) == reprints(storage.db) == {"copy": "first"}


def test_operating_point_decides_what_is_one_story(storage: Storage, tmp_path: Path) -> None:
    """A stricter operating point keeps independent reports apart, but never a copy from its original."""
    strict = GroupingSettings(
        PairModel((10.0, 0.0, 0.0, 0.0, 0.0, 0.0), gap=0.0, intercept=-5.0, operating_point=0.995)
    )
    take(storage, [FIRST, COPY, AGAIN, BOTH], grouping=strict)
    assert partition(storage.db) == sets("first copy", "again", "both")
    loose = GroupingSettings(PairModel((10.0, 0.0, 0.0, 0.0, 0.0, 0.0), gap=0.0, intercept=-5.0, operating_point=0.01))
    with Storage(tmp_path / "loose") as other:
        take(other, [FIRST, COPY, AGAIN, BOTH], grouping=loose)
        assert len(partition(other.db)) == 1


# ---------------------------------------------------------------- any order

CORPUS = [
    FIRST, COPY, TRIMMED, AGAIN, TILES, COURT, BOTH, session("88th", "Monday", "s88", "10 10:00"),
    session("89th", "Tuesday", "s89", "16 10:00"), session("89th", "Tuesday", "s89-again", "16 12:00"),
    revenue("Lorne", "October", "437", "6", "12 10:00"), piece("undated", SEIZURE_AGAIN_TITLE, SEIZURE_AGAIN, None),
]  # fmt: skip


def outcome(folder: Path, rows: list[dict[str, Any]]) -> tuple[object, ...]:
    """Group pieces as one run; return stories, copies, roles and probabilities by the names of the pieces."""
    with Storage(folder) as storage:
        take(storage, rows)
        leads = dict(
            storage.db.execute(
                "select x.external_id, l.external_id from v_story_items x join v_stories s using (story_id) "
                "join items l on l.id = s.lead_item_id"
            )
        )
        chances = {name: p and round(p, 3) for name, (p,) in places(storage.db, "probability").items()}
        return partition(storage.db), reprints(storage.db), roles(storage.db), leads, chances


@pytest.fixture(scope="module")
def in_file_order(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, ...]:
    """Group the corpus in the order in which it stands above."""
    return outcome(tmp_path_factory.mktemp("file"), CORPUS)


@settings(max_examples=10)
@given(order=st.permutations(CORPUS), chunk=st.sampled_from([2, 5, 200]))
def test_order_of_arrival_within_a_run_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, in_file_order: tuple[object, ...], order: list[dict[str, Any]], chunk: int
) -> None:
    """The same pieces as one run, in any order and in transactions of any size, give the same stories and copies."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(importing, "CHUNK", chunk)
        assert outcome(tmp_path_factory.mktemp("any"), order) == in_file_order


SENTENCES = [f"{' '.join(f'word{n}x{i}' for i in range(12))}." for n in range(24)]


@settings(max_examples=10)
@given(order=st.permutations(range(7)))
@example(order=[1, 2, 3, 4, 5, 6, 0])
def test_copies_of_a_text_that_drifts_do_not_depend_on_the_order(
    tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    """Where each text is a copy of its neighbours only, every second one is an original, whatever came first."""
    rows = [piece(f"p{n}", f"Title {n}", " ".join(SENTENCES[2 * n : 2 * n + 12]), f"19 {10 + n}:00") for n in range(7)]
    with Storage(tmp_path_factory.mktemp("drift")) as storage:
        take(storage, [rows[n] for n in order])
        assert reprints(storage.db) == {"p1": "p0", "p3": "p2", "p5": "p4"}


def test_state_stays_sound(storage: Storage) -> None:
    """After all kinds of changes every check of the state passes."""
    take(storage, CORPUS)
    take(storage, [FIRST | {"title": TARIFF_TITLE, "text": TARIFF}, BOTH | {"text": COURT["text"]}])
    take(storage, [piece(f"more{n}", SEIZURE_AGAIN_TITLE, SEIZURE, f"{19 - n} 07:00") for n in range(3)])
    assert {check: problems for check, problems in search.check(storage.db).items() if problems} == {}


def test_young_state_is_weighed_anew_as_it_grows(storage: Storage, tmp_path: Path) -> None:
    """When the counts have grown by half, everything is weighed again: passes end with the weights of one import."""
    pieces = [FIRST, TILES, AGAIN, COURT, BOTH, session("88th", "Monday", "s88", "14 10:00")]
    take(storage, pieces[:5])
    vectors = "select i.external_id, f.vectors from features f join items i on i.id = f.item_id order by 1"
    with Storage(tmp_path / "passes") as other:
        for one in pieces[:4]:
            take(other, [one])
        assert other.db.execute("select items from weighings").fetchone() == (3,)
        assert dict(other.db.execute(vectors)) != dict(storage.db.execute(vectors))
        take(other, pieces[4:5])
        assert other.db.execute("select items from weighings").fetchone() == (5,)
        assert dict(other.db.execute(vectors)) == dict(storage.db.execute(vectors))
        assert partition(other.db) == partition(storage.db)
