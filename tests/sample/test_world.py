"""What the sample world holds: enough of everything that the monitor should show."""

import gzip
import json
import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.sample.data import load_pieces
from monitor.sample.site import render_web
from monitor.sample.world import NUMBERS_PER_DAY, Piece, World, build_world, slugify, split_paragraphs
from monitor.text import word_count, words

TODAY = date(2026, 11, 22)
SHARED = Path(__file__).resolve().parents[3] / "shared"
#: a run of words this long that stands elsewhere too was copied
RUN_WORDS = 8


@pytest.fixture(scope="module")
def world() -> World:
    """Return the whole world of one day."""
    return build_world(TODAY)


def by_id(world: World) -> dict[str, Piece]:
    """Return the pieces by id."""
    return {piece.id: piece for piece in world.pieces}


def by_event(world: World) -> dict[str, list[Piece]]:
    """Return the pieces on customs by event."""
    events = defaultdict(list)
    for piece in world.pieces:
        if piece.event:
            events[piece.event].append(piece)
    return events


def runs(text: str, length: int = RUN_WORDS) -> set[tuple[str, ...]]:
    """Return all runs of so many words of a text."""
    found = words(text)
    return {tuple(found[i : i + length]) for i in range(len(found) - length + 1)}


def likeness(first: Piece, second: Piece) -> float:
    """Return the Jaccard coefficient of the runs of three words."""
    ours, theirs = (runs(" ".join(piece.paragraphs), 3) for piece in (first, second))
    return len(ours & theirs) / len(ours | theirs)


def test_there_is_enough_of_everything(world: World) -> None:
    """The world has the outlets, pieces, events and languages that a demonstration needs."""
    assert len({piece.site.outlet.id for piece in world.pieces}) >= 8
    assert 55 <= len(world.pieces) <= 70
    assert len(by_event(world)) >= 20
    assert sum(piece.event is None for piece in world.pieces) >= 3
    assert {site.data.feed.format for site in world.sites} == {"rss", "atom", "rdf"}
    assert {piece.site.data.lang for piece in world.pieces} == {"en", "fr", "es", "ru"}
    assert sum(site.source.official for site in world.sites) == 2
    assert {fault.fault for fault in world.faults} == {"down", "page", "empty"}


def test_ids_addresses_and_sources_are_unique(world: World) -> None:
    """Nothing in the world is there twice."""
    for values in (
        [piece.id for piece in world.pieces],
        [piece.url for piece in world.pieces],
        [outlet.id for outlet in world.outlets],
        [source.id for source in world.sources],
        [source.url for source in world.sources],
    ):
        assert max(Counter(values).values()) == 1
    assert len(world.pieces) <= NUMBERS_PER_DAY


def test_two_outlets_share_a_publisher_and_cover_the_same_events(world: World) -> None:
    """One publisher family stands behind two outlets, so that counting outlets and counting families differ."""
    families = Counter(outlet.family for outlet in world.outlets)
    assert [family for family, outlets in families.items() if outlets > 1] == ["seaboard-media"]
    shared = [
        event
        for event, pieces in by_event(world).items()
        if {"harbour-wire", "maren-evening-post"} <= {piece.site.outlet.id for piece in pieces}
    ]
    assert len(shared) >= 3


def test_several_events_have_three_independent_reports(world: World) -> None:
    """Enough events are told by three and more publishers in their own words."""
    families = {
        event: {piece.site.outlet.family for piece in pieces if piece.copy_of is None}
        for event, pieces in by_event(world).items()
    }
    assert sum(len(found) >= 3 for found in families.values()) >= 6
    assert sum(len(found) == 1 for found in families.values()) >= 3


def test_every_copy_has_an_earlier_original_on_the_same_event(world: World) -> None:
    """Reprints of each kind exist, point to an original that is no copy, and appear after it."""
    pieces = by_id(world)
    copies = [piece for piece in world.pieces if piece.copy_of]
    assert {copy.how for copy in copies} == {"verbatim", "trimmed", "reheaded", "spun"}
    for copy in copies:
        original = pieces[copy.copy_of or ""]
        assert original.copy_of is None
        assert original.event == copy.event
        assert original.published_at < copy.published_at
        assert original.site.outlet != copy.site.outlet
    assert all(not piece.how for piece in world.pieces if not piece.copy_of)


def test_copies_keep_what_their_kind_says(world: World) -> None:
    """A verbatim copy is the same text, a trimmed one its beginning, a reheaded one has it in the middle."""
    pieces = by_id(world)
    for copy in (piece for piece in world.pieces if piece.copy_of):
        original = pieces[copy.copy_of or ""].paragraphs
        match copy.how:
            case "verbatim":
                assert copy.paragraphs == original
            case "trimmed":
                assert copy.paragraphs == original[:3] != original
            case "reheaded":
                assert copy.paragraphs[1:-1] == original
                assert copy.title != pieces[copy.copy_of or ""].title


def test_the_spun_copy_keeps_order_and_figures_but_not_the_words(world: World) -> None:
    """The spun copy has the figures of each paragraph of its original in order, and shares few runs of words."""
    pieces = by_id(world)
    (spun,) = [piece for piece in world.pieces if piece.how == "spun"]
    original = pieces[spun.copy_of or ""]
    figures = re.compile(r"\d[\d,.]*\b")
    assert len(spun.paragraphs) == len(original.paragraphs)
    for ours, theirs in zip(spun.paragraphs, original.paragraphs, strict=True):
        assert figures.findall(ours) == figures.findall(theirs)
    assert not runs(" ".join(spun.paragraphs)) & runs(" ".join(original.paragraphs))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("tr-palm-oil-first", "tr-palm-oil-second"),
        ("vc-revenue-before", "vc-revenue-last"),
        ("io-nomenclature-74", "io-nomenclature-75"),
    ],
)
def test_editions_of_a_series_are_closer_than_coverage(world: World, first: str, second: str) -> None:
    """Two editions, which are two events, share more of their wording than any two reports of one event do."""
    pieces = by_id(world)
    coverage = [
        likeness(ours, theirs)
        for event in by_event(world).values()
        for ours, theirs in combinations([piece for piece in event if not piece.copy_of], 2)
    ]
    assert pieces[first].event != pieces[second].event
    assert likeness(pieces[first], pieces[second]) > 2 * max(coverage)


def test_outlets_disagree_on_figures(world: World) -> None:
    """One event is reported with 2.3 and with 2.4 tonnes, another with 47,000 and 45,000 declarations."""
    texts = {
        event: " ".join(p for piece in pieces for p in piece.paragraphs) for event, pieces in by_event(world).items()
    }
    assert {"2.3 tonnes", "2.4 tonnes", "2,4 toneladas"} <= set(
        re.findall(r"2[.,][34] (?:tonnes|toneladas)", texts["maren-cocaine-bananas"])
    )
    assert {"45,000", "47,000"} <= set(re.findall(r"4[57],000", texts["sarrance-outage"]))


def test_pieces_have_the_length_of_news(world: World) -> None:
    """No piece is shorter than 80 or longer than 300 words; a trimmed one may be."""
    lengths = {piece.id: word_count(" ".join(piece.paragraphs)) for piece in world.pieces if piece.how != "trimmed"}
    assert {name: length for name, length in lengths.items() if not 80 <= length <= 300} == {}


def test_independent_texts_share_no_long_run_of_words(world: World) -> None:
    """Pieces of different outlets that are no copies were written independently."""
    written = [piece for piece in world.pieces if piece.copy_of is None]
    seen: dict[tuple[str, ...], Piece] = {}
    for piece in written:
        for run in runs(" ".join(piece.paragraphs)):
            other = seen.setdefault(run, piece)
            assert other.site.outlet == piece.site.outlet, (other.id, piece.id, " ".join(run))


@given(st.dates(min_value=date(2001, 1, 1), max_value=date(2099, 12, 1)))
@settings(max_examples=20)
def test_the_world_is_always_fresh(today: date) -> None:
    """On any day everything appeared within the last four days, and no placeholder is left."""
    world = build_world(today)
    end_at = datetime.combine(today, time(), UTC)
    for piece in world.pieces:
        assert end_at - timedelta(days=4) <= piece.published_at <= piece.updated_at < end_at
        assert not re.search(r"\{\w+:", " ".join([piece.title, *piece.paragraphs]))
    assert all(earlier.published_at <= later.published_at for earlier, later in pairwise(world.pieces))


def test_series_titles_differ_on_any_day() -> None:
    """The two editions of a series never carry the same title, not even around the turn of a month or year."""
    for today in (date(2026, 11, 1), date(2026, 11, 15), date(2027, 1, 3), date(2028, 3, 1)):
        pieces = by_id(build_world(today))
        assert pieces["tr-palm-oil-first"].title != pieces["tr-palm-oil-second"].title
        assert pieces["vc-revenue-before"].title != pieces["vc-revenue-last"].title


def test_addresses_of_two_days_do_not_meet(world: World) -> None:
    """A state that saw the world of one day finds only new addresses on the next."""
    assert not {piece.url for piece in world.pieces} & {piece.url for piece in build_world(date(2026, 11, 23)).pieces}


def test_rendering_is_a_pure_function_of_today() -> None:
    """The same day gives the same bytes, another day other ones."""
    first, again = (render_web(build_world(TODAY)) for _ in range(2))
    assert first == again
    other = render_web(build_world(date(2026, 11, 23)))
    feed = ("harbour-wire.example", "/feed.xml")
    assert other[feed].body != first[feed].body


def test_with_now_only_what_has_appeared_is_there(world: World) -> None:
    """Two days before the end some pieces have appeared and the others have not."""
    now = datetime(2026, 11, 20, tzinfo=UTC)
    early = build_world(TODAY, now=now)
    assert {piece.id for piece in early.pieces} == {piece.id for piece in world.pieces if piece.published_at <= now}
    assert 0 < len(early.pieces) < len(world.pieces)


def test_a_piece_is_revised_at_its_address(world: World) -> None:
    """The report on the outage gets a new title and one more paragraph at the same address."""
    before = by_id(build_world(TODAY, now=datetime(2026, 11, 18, 20, tzinfo=UTC)))["hw-outage"]
    after = by_id(world)["hw-outage"]
    assert before.url == after.url
    assert before.title != after.title
    assert after.paragraphs[:-1] == before.paragraphs
    assert before.updated_at == before.published_at == after.published_at < after.updated_at


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Panne d’HERMINE : 47 000", "panne-d-hermine-47-000"),
        ("Bitácora, ¿qué?", "bitacora-que"),
        ("Сигареты", ""),
        ("a" * 60 + " bbbbbbbbb cc", "a" * 60 + "-bbbbbbbbb"),
        ("word " * 20, "-".join(["word"] * 14)),
    ],
)
def test_slugs_are_short_ascii(title: str, slug: str) -> None:
    """An address takes the letters of a title that ASCII has, cut at a word."""
    assert slugify(title) == slug


def test_paragraphs_are_parted_by_blank_lines() -> None:
    """Line ends inside a paragraph are blanks."""
    assert split_paragraphs("one\n two\n\n  \nthree\n") == ("one two", "three")


def shared_texts() -> list[str]:
    """Return the texts of the labelled corpora and pages beside the project, or skip the test."""
    corpora, pages = sorted(SHARED.glob("data/*.jsonl.gz")), sorted(SHARED.glob("seeds/*.txt"))
    if not corpora or not pages:
        pytest.skip("needs the labelled corpora in ../shared/data and the pages in ../shared/seeds")
    texts = [path.read_text("utf-8", errors="replace") for path in pages]
    for path in corpora:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            texts += [json.loads(line)["text"] for line in lines if line.strip()]
    return texts


def test_no_text_is_taken_from_the_corpora() -> None:
    """No run of eight words of the pieces, as written and as served with their furniture, stands in the corpora."""
    ours = {run: piece.id for piece in load_pieces() for run in runs(f"{piece.title}\n{piece.text}")}
    for (host, path), reply in render_web(build_world(TODAY)).items():
        page = reply.body.decode(reply.content_type.partition("charset=")[2])
        ours |= dict.fromkeys(runs(unescape(re.sub(r"<[^>]+>", " ", page))), host + path)
    found = {(ours[run], " ".join(run)) for text in shared_texts() for run in runs(text) if run in ours}
    assert found == set()
