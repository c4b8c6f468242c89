from __future__ import annotations

import dataclasses
import random
from datetime import date

import pytest
from digest_builders import WINDOW, at, copy, digest_input, health, item, story
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.digest.composed import SectionKind
from monitor.digest.render import html, json_text, markdown
from monitor.digest.select import compose
from monitor.model import DigestInput, SourceState
from monitor.text import squeeze

TEXT = "The port of Alat opened a second rail scanner on Thursday. The scanner reads forty wagons in an hour."


def section(digest, kind):
    """Return one section of a digest."""
    return next(section for section in digest.sections if section.kind is kind)


def ids(digest, kind):
    """Return the story ids of a section, those in full and those in brief."""
    found = section(digest, kind)
    return [entry.story_id for entry in found.entries], [entry.story_id for entry in found.brief]


def test_stories_fall_into_sections_by_families_and_by_earlier_digests():
    """Two outlets of one family are one; a story that a digest carried before is developing."""
    sisters = story(1, item(1, outlet_family="group"), item(2, "Hazar Wire", outlet_family="group"))
    pair = story(2, item(3), item(4, "Hazar Wire"))
    again = story(3, item(5), item(6, "Hazar Wire"), last_digest_date=date(2026, 11, 17))
    digest = compose(digest_input([sisters, pair, again]))
    assert [ids(digest, kind)[0] for kind in SectionKind] == [[2], [3], [1]]


def test_rank_is_families_then_relevance_then_recency_then_id():
    """Each rule decides only among stories that the one before left equal."""
    stories = [
        story(1, item(1, relevance=9.0)),
        story(2, item(2, relevance=1.0, published_at=at("19 12:00"))),
        story(3, item(3, relevance=1.0, published_at=at("19 13:00"))),
        story(4, item(4, relevance=1.0, published_at=at("19 12:00"))),
        story(5, item(5), item(6, relevance=0.5)),
    ]
    assert ids(compose(digest_input(stories)), SectionKind.SINGLE)[0] == [1, 3, 2, 4, 5]
    three = story(6, item(7), item(8, "Hazar Wire"), item(9, "Port Gazette"))
    two = story(7, item(10, relevance=9.0), item(11, "Hazar Wire"))
    assert ids(compose(digest_input([two, three])), SectionKind.TOP)[0] == [6, 7]


def test_beyond_the_limit_stories_become_one_liners():
    """Nothing is dropped: what is not told in full is listed, without sentences but with its reports."""
    digest = compose(digest_input([story(n, item(n, text=TEXT)) for n in range(1, 6)]), top=2)
    full, brief = ids(digest, SectionKind.SINGLE)
    assert (len(full), sorted(full + brief)) == (2, [1, 2, 3, 4, 5])
    assert all(not entry.sentences and entry.reports for entry in section(digest, SectionKind.SINGLE).brief)


def test_an_entry_counts_families_own_texts_and_copies():
    """A reprint adds an outlet but no text of its own; an official source is named."""
    entry = (
        compose(digest_input([story(1, item(1), item(2, "Hazar Wire", official=True), copy(3, 1, "Port Gazette"))]))
        .sections[0]
        .entries[0]
    )
    assert (entry.outlets, entry.own_texts, entry.pieces, entry.copies, entry.official) == (3, 2, 3, 1, True)


def test_sentences_are_never_taken_from_copies():
    """A text that five outlets reprint is quoted from its original only."""
    copies = [copy(n, 1, f"Outlet {n}", text=TEXT) for n in range(2, 6)]
    entry = compose(digest_input([story(1, item(1, text=TEXT), *copies)])).sections[0].entries[0]
    assert {(s.item_id, s.number) for s in entry.sentences} == {(1, 1)}
    assert len({s.text for s in entry.sentences}) == len(entry.sentences) == 2


def test_sentences_follow_the_telling_the_lead_first():
    """The lead's sentences come first although another piece was published before it."""
    early = item(
        1, "Hazar Wire", published_at=at("19 06:00"), text="Brokers at Poti expect longer queues for nuts and fruit."
    )
    lead = item(2, published_at=at("19 09:00"), text=TEXT)
    entry = compose(digest_input([story(1, early, lead, lead_item_id=2)])).sections[0].entries[0]
    assert [(s.item_id, s.number) for s in entry.sentences] == [(2, 2), (2, 2), (1, 1)]


def test_a_developing_story_tells_what_is_new_and_from_whom():
    """Old pieces are not quoted again, and only outlets that had not reported count as new."""
    old = item(1, published_at=at("16 08:00"), text=TEXT)
    new = item(2, "Hazar Wire", text="A court in Baku stopped the purchase of a third rail scanner.")
    more = [item(3, text="Caspian ferries will carry spare parts for the scanner."), copy(4, 2, "Port Gazette")]
    carried = story(1, old, new, *more, last_digest_date=date(2026, 11, 17))
    entry = section(compose(digest_input([carried])), SectionKind.DEVELOPING).entries[0]
    assert {s.item_id for s in entry.sentences} == {2, 3}
    assert (entry.news.pieces, entry.news.copies, entry.news.outlets) == (2, 1, ("Hazar Wire", "Port Gazette"))


def test_a_developing_story_whose_new_pieces_say_nothing_is_told_from_the_old_ones():
    """Without a quotable new sentence the reader is reminded of the story."""
    carried = story(1, item(1, published_at=at("16 08:00"), text=TEXT), item(2), last_digest_date=date(2026, 11, 17))
    entry = section(compose(digest_input([carried])), SectionKind.DEVELOPING).entries[0]
    assert {s.item_id for s in entry.sentences} == {1}


def test_a_story_is_told_in_the_language_its_readers_prefer():
    """Headline and sentences come from the piece that its readers can read."""
    russian = item(
        1, lang="ru", title="В Аляте открыли сканер", text="В порту Алят в четверг открыли второй сканер вагонов."
    )
    english = item(2, "Hazar Wire", title="Second rail scanner opens at Alat", text=TEXT)
    pair = story(1, russian, english)
    assert compose(digest_input([pair])).sections[0].entries[0].headline_item_id == 2
    assert compose(digest_input([pair]), languages=("ru",)).sections[0].entries[0].headline_item_id == 1


def test_counts_are_those_of_the_window():
    """Pieces of earlier windows do not swell the figures of the day."""
    carried = story(
        1,
        item(1, published_at=at("16 08:00")),
        copy(2, 1, "Hazar Wire", published_at=at("16 09:00")),
        copy(3, 1, "Port Gazette"),
        last_digest_date=date(2026, 11, 17),
    )
    counts = compose(digest_input([carried, story(2, item(4))], left_out={"too old": 3, "twice": 2, "none": 0})).counts
    assert (counts.items, counts.stories, counts.outlets, counts.copies, counts.left_out) == (7, 2, 2, 1, 5)


def test_reasons_for_leaving_out_are_listed_the_most_frequent_first():
    """Ties go by the alphabet, and a reason that hit nothing is not named."""
    digest = compose(digest_input(left_out={"b": 2, "a": 2, "c": 5, "d": 0}))
    assert [(reason.reason, reason.items) for reason in digest.left_out] == [("c", 5), ("a", 2), ("b", 2)]


def test_sources_with_problems_come_first():
    """Health is sorted by condition, then by name, and no source is lost."""
    sources = [health(f"{name} {state}", state) for state in SourceState for name in ("B", "A")]
    found = compose(digest_input(sources=sources)).health
    assert [(s.outlet_name[0], s.state.value) for s in found.problems] == [
        (name, state) for state in ("failing", "blocked", "empty", "undated", "silent") for name in "AB"
    ]
    assert [s.state for s in found.idle] == [SourceState.NEW, SourceState.NEW, SourceState.RETIRED, SourceState.RETIRED]
    assert [s.outlet_name for s in found.well] == ["A ok", "B ok"]


SENTENCES = [
    "Customs officers at the port of Alat found 380 kilograms of heroin on Thursday.",
    "At the port of Alat, customs officers on Thursday found 380 kilograms of heroin.",
    "The container had crossed the Caspian by ferry from Turkmenbashi.",
    "Two citizens of Georgia were detained at a warehouse in Poti.",
    "He gave no details of the search.",
    "Сотрудники таможни в порту Алят изъяли 382 килограмма героина.",
    "海关在阿拉特港查获了三百八十公斤毒品，两人被拘留。",
    "Follow us for more news about the customs service.",
    "A title without an end",
]
texts = st.lists(st.sampled_from(SENTENCES), max_size=6).map("\n".join)
titles = st.sampled_from(["Heroin at Alat", "HEROIN AT ALAT!", "Officers find heroin in a container at Alat", ""])


@st.composite
def inputs(draw: st.DrawFn) -> DigestInput:
    """Draw a small digest input with ties, copies, undated pieces and stories of earlier digests."""
    stories = []
    for story_id in range(1, draw(st.integers(1, 4)) + 1):
        items = []
        for n in range(draw(st.integers(1, 4))):
            item_id, outlet = story_id * 10 + n, draw(st.sampled_from(["Hazar Wire", "Port Gazette", "Polski Puls"]))
            shared = {
                "text": draw(texts),
                "title": draw(titles),
                "published_at": draw(st.sampled_from([None, at("19 08:00"), at("19 08:00"), at("17 08:00")])),
                "published_has_time": draw(st.booleans()),
                "lang": draw(st.sampled_from(["en", "ru", None])),
            }
            copied = n and draw(st.booleans())
            items.append(copy(item_id, story_id * 10, outlet, **shared) if copied else item(item_id, outlet, **shared))
        carried = draw(st.sampled_from([None, date(2026, 11, 17)]))
        stories.append(story(story_id, *items, last_digest_date=carried))
    return digest_input(stories, [health(name) for name in ("Hazar Wire", "Port Gazette")], left_out={"a": 1, "b": 1})


def shuffled(given_input: DigestInput, seed: int) -> DigestInput:
    """Return the same input in another order."""
    chance = random.Random(seed)

    def mixed(things):
        return tuple(chance.sample(list(things), len(things)))

    return DigestInput(
        digest_date=given_input.digest_date,
        timezone=given_input.timezone,
        window=given_input.window,
        stories=mixed([dataclasses.replace(one, items=mixed(one.items)) for one in given_input.stories]),
        health=mixed(given_input.health),
        items=given_input.items,
        left_out=dict(mixed(given_input.left_out.items())),
    )


@settings(max_examples=40)
@given(inputs(), st.integers(0, 1000))
def test_the_order_of_the_input_changes_no_byte(given_input, seed):
    """Any permutation of stories, items, sources and reasons gives the same three files."""
    one, other = compose(given_input, top=2), compose(shuffled(given_input, seed), top=2)
    assert one == other
    for write in (markdown, html, json_text):
        assert write(one).encode() == write(other).encode()


@settings(max_examples=60)
@given(inputs())
def test_every_sentence_is_in_the_piece_it_cites(given_input):
    """A citation leads to an original of the same story whose text holds the sentence, each sentence once."""
    digest = compose(given_input)
    originals = {piece.item_id: piece for one in given_input.stories for piece in one.items}
    for entry in (entry for found in digest.sections for entry in (*found.entries, *found.brief)):
        numbers = {line.number: line.item_id for line in entry.reports}
        assert len({s.text for s in entry.sentences}) == len(entry.sentences) <= 4
        for sentence in entry.sentences:
            assert numbers[sentence.number] == sentence.item_id
            assert sentence.text in squeeze(originals[sentence.item_id].text)
        shown = [line.item_id for line in entry.reports] + [c.item_id for line in entry.reports for c in line.copies]
        told = next(one for one in given_input.stories if one.story_id == entry.story_id)
        assert sorted(shown) == sorted(piece.item_id for piece in told.items)


def test_an_empty_day_composes():
    """No stories is a digest, too."""
    digest = compose(digest_input())
    assert [section.entries for section in digest.sections] == [(), (), ()]
    assert digest.window == WINDOW


@pytest.mark.parametrize("top", [0, 1])
def test_a_limit_of_nothing_lists_everything_in_brief(top):
    """Even a limit of zero drops nothing."""
    full, brief = ids(compose(digest_input([story(1, item(1)), story(2, item(2))]), top=top), SectionKind.SINGLE)
    assert (len(full), len(brief)) == (top, 2 - top)
